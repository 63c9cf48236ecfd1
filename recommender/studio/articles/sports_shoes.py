"""Sports shoes."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._panels import (
    GUM,
    INK,
    WHITE,
    Look,
    bands,
    counter,
    eyestay,
    lace_tint,
    light,
    low_top,
    mudguard,
    seam,
    shade,
    size,
    stuff,
    swoop,
    toe_cap,
)
from recommender.studio.articles._soles import runner_sole
from recommender.studio.articles._surface import Chart, joined, line, smooth_path, sweep
from recommender.studio.articles._upper import laced
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

STEEL: RGB = (0.36, 0.37, 0.39)


@article(
    "Sports Shoes",
    "Shoes",
    "Footwear",
    genders={"Men": 16, "Women": 5, "Unisex": 1, "Boys": 1},
    colours={
        "White": 6,
        "Black": 5,
        "Grey": 3,
        "Blue": 3,
        "Silver": 1,
        "Navy Blue": 2,
        "Red": 2,
        "Purple": 1,
        "Pink": 1,
        "Orange": 1,
        "Yellow": 1,
        "Green": 1,
    },
    patterns={"plain": 1},
    usages={"Sports": 1},
    seasons={"Summer": 10, "Fall": 6, "Spring": 1},
    price=(35, 160),
    nouns=("Running shoes", "Training shoes", "Sports shoes"),
)
def sports_shoes(design: Design, studio: Studio) -> None:
    """Runners and trainers: mesh under overlays on a thick sculpted sole."""
    rng = studio.rng
    length = size(design.gender, rng)
    last = kit.Last(
        length,
        ball=rng.uniform(0.049, 0.053),
        heel=0.035,
        toe=rng.uniform(2.1, 2.5),
        sole=rng.uniform(0.020, 0.027),
        drop=rng.uniform(0.011, 0.018),
        toe_spring=rng.uniform(0.020, 0.028),
    )
    top = low_top(
        rng.uniform(0.074, 0.084),
        rng.uniform(0.052, 0.060),
        rng.uniform(0.086, 0.094),
        rng.uniform(0.67, 0.71),
        rng.uniform(0.017, 0.021),
    )
    pale = light(design.colour) > 0.35
    accent = design.accent
    mesh = rng.random() < 0.9
    second = (accent, STEEL, INK if pale else WHITE)[rng.choice(3, p=[0.4, 0.25, 0.35])]
    look = Look(
        last,
        top,
        (0.42, 0.70),
        "mesh" if mesh else "leather",
        "leather",
        sole_colour=WHITE if rng.random() < 0.75 or design.baseColour == "White" else shade(design.colour, 1.1),
        trim=accent,
        panel_colour=shade(design.colour, 0.85),
        lace_colour=accent if rng.random() < 0.25 else lace_tint(design, rng),
        lining=[shade(design.colour, 0.7), INK, accent, WHITE][rng.integers(4)],
        collar=rng.uniform(0.006, 0.0085),
        rows=int(rng.integers(6, 8)),
        extra={
            "cross": rng.random() < 0.8,
            "bow": rng.uniform(0.026, 0.038) if rng.random() < 0.8 else 0.0,
            "lace": rng.uniform(0.0065, 0.0085),
            "outsole": [INK, INK, accent, GUM][rng.integers(4)],
            "band": second if rng.random() < 0.4 else None,
            "tongue": 0.030,
            "wrinkle": 0.0008,
        },
    )
    look.extra["collar_material"] = stuff(studio, "jersey", shade(design.colour, 0.8) if rng.random() < 0.7 else second)
    chart = laced(design, studio, look)
    runner_sole(studio, look, rng)
    sports_panels(design, studio, look, chart, rng, second)
    studio.view(
        azimuth=rng.uniform(44, 54),
        elevation=rng.uniform(17, 23),
        fill=rng.uniform(0.86, 0.90),
        lens=62,
        base=0.69,
    )


def sports_panels(
    design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, second: RGB
) -> None:
    """Overlays of synthetic leather: eyestay, mudguard, counter, and the maker's stripes."""
    own = stuff(studio, "leather", shade(design.colour, rng.choice([0.85, 1.08])))
    other = stuff(studio, "leather", second)
    bright = look.trim if light(design.colour) > 0.35 or rng.random() < 0.5 else WHITE
    shine = stuff(studio, "plastic", bright, roughness=0.35)
    edges = []
    part, edge = eyestay(chart, look, rng.uniform(0.2, 0.32))
    studio.add(part.mesh("eyestay"), own if rng.random() < 0.4 else other)
    edges.append((edge, -0.03))
    part, edge = mudguard(chart, rng.uniform(0.16, 0.26), rng.uniform(0.26, 0.44), rng.uniform(0.2, 0.4))
    studio.add(part.mesh("mudguard"), own if rng.random() < 0.4 else other)
    edges.append((edge, 0.03))
    if rng.random() < 0.5:  # a second, smaller cap at the tip
        part, edge = toe_cap(chart, rng.uniform(0.06, 0.09), rng.uniform(0.2, 0.28), 0.0020)
        studio.add(
            part.mesh("toe tip"), shine if rng.random() < 0.5 else stuff(studio, "rubber", look.extra["outsole"])
        )
    part, edge = counter(chart, rng.uniform(0.11, 0.17), rng.uniform(0.55, 0.95), rng.uniform(1.5, 3.0))
    studio.add(part.mesh("counter"), other if rng.random() < 0.6 else own)
    edges.append((edge, 0.04))
    ribs = []
    if rng.random() < 0.6:  # struts from the eyelets down to the sole
        for at in np.linspace(0.46, 0.62, int(rng.integers(2, 4))):
            lean = rng.uniform(-0.05, 0.05)
            low = line((at + lean, 0.03), (at + lean * 0.3, 0.4), (at, 0.8), count=20)
            ribs += [
                chart.sheet(a, b, 0.0017, 4) for a, b in zip(kit.both(low), kit.both(low + [0.022, 0]), strict=True)
            ]
    if ribs:
        studio.add(joined(ribs).mesh("struts"), own)
    over = Chart(chart.points + 0.0014 * chart.normals)  # marks lie on all other panels
    marks = (
        bands(
            over,
            int(rng.integers(2, 5)),
            rng.uniform(0.34, 0.39),
            rng.uniform(0.06, 0.18),
            rng.uniform(0.020, 0.030),
            (0.06, 0.7),
        )
        if rng.random() < 0.45
        else swoop(over, rng)
    )
    if rng.random() < 0.6:  # fine lines that follow the mark
        low = line((0.62, 0.12), (0.5, 0.3), (0.36, 0.34), (0.2, rng.uniform(0.5, 0.8)))
        step = rng.uniform(0.05, 0.08)
        marks += [over.cord(c, 0.0011) for k in range(3) for c in kit.both(low + [0, step * k])]
    studio.add(joined(marks).mesh("marks"), shine)
    if rng.random() < 0.4:
        loop = np.array(
            [
                chart.at(0.0, 0.7, 0.001),
                chart.at(0.0, 0.9, 0.010),
                chart.at(0.0, 1.0, 0.008) + [0, 0, 0.012],
                chart.at(0.0, 1.0, -0.004) + [0, 0, 0.004],
            ]
        )

        studio.add(
            sweep(smooth_path(loop, 20), 0.012, 0.0016, np.array([1.0, 0, 0.2]), 8, 4.0).mesh("pull tab"),
            stuff(studio, "canvas", look.trim),
        )
    thread = stuff(studio, "cotton", shade(design.colour, 1.3))
    studio.add(joined([seam(chart, e, i) for e, i in edges]).mesh("seams"), thread)
