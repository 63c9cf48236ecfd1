"""Women's heels: pumps, slingbacks, sandals, wedges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles import _straps as band
from recommender.studio.articles._court import (
    CORK,
    TAN,
    WOOD,
    court,
    front_of,
    heel_on,
    hide_of,
    pump_top,
    sole,
    toe_bands,
    trimming,
)
from recommender.studio.articles._panels import CREAM, INK, counter, light, seam, shade, stand, stuff, toe_cap
from recommender.studio.articles._surface import joined, sweep
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Heels",
    "Shoes",
    "Footwear",
    genders={"Women": 1},
    colours={
        "Black": 8,
        "Brown": 5,
        "Gold": 2,
        "Blue": 3,
        "Beige": 3,
        "White": 2,
        "Silver": 2,
        "Red": 4,
        "Grey": 1,
        "Pink": 2,
        "Bronze": 1,
        "Yellow": 1,
        "Green": 1,
        "Purple": 1,
        "Maroon": 1,
    },
    patterns={"plain": 12, "spotted": 1},
    usages={"Casual": 12, "Formal": 2, "Party": 2, "Ethnic": 1},
    seasons={"Winter": 6, "Summer": 3, "Fall": 1, "Spring": 1},
    price=(35, 150),
    nouns=("Heels", "Pumps", "Heeled sandals"),
)
def heels(design: Design, studio: Studio) -> None:
    """Pumps, slingbacks and Mary Janes, strappy sandals, wedges."""
    rng = studio.rng
    style = rng.choice(["stiletto", "kitten", "cone", "block", "wedge"], p=[0.36, 0.12, 0.2, 0.16, 0.16])
    tall = rng.uniform(0.045, 0.06) if style == "kitten" else rng.uniform(0.06, 0.105)
    platform = style != "kitten" and rng.random() < 0.3
    open_ = design.pattern == "plain" and rng.random() < 0.5
    length = 0.252 - tall * 0.35
    last = kit.Last(
        length,
        ball=rng.uniform(0.0385, 0.0415),
        waist=0.029,
        heel=0.0265,
        toe=rng.uniform(1.55, 1.9) if not open_ and rng.random() < 0.55 else rng.uniform(2.0, 2.5),
        heel_height=tall,
        sole=0.005 + (rng.uniform(0.012, 0.024) if platform else 0.0),
        drop=0.0,
        toe_spring=rng.uniform(0.004, 0.009),
    )
    kind = hide_of(design, rng)
    thick = 0.0042
    same = rng.random() < 0.6
    wood = [CORK, WOOD, TAN][rng.integers(3)]
    heel_colour, heel_kind = (
        (shade(design.colour, 0.92), kind)
        if same
        else ((wood, "wood" if wood == WOOD else "leather") if open_ or style == "wedge" else (INK, "leather"))
    )
    sole(
        studio,
        last,
        thick,
        platform,
        heel_colour if platform or same else TAN if light(design.colour) > 0.1 else INK,
        heel_kind if platform else "leather",
    )
    heel_on(studio, last, thick, str(style), rng, heel_colour, heel_kind)
    if open_:
        heeled_sandal(design, studio, last, kind, rng)
    else:
        pump(design, studio, last, kind, rng)
    stand(studio, rng, 0.8)


def pump(design: Design, studio: Studio, last: kit.Last, kind: str, rng: np.random.Generator) -> None:
    """A court shoe, plain or with an instep strap, a trimming or a second colour."""
    high = rng.uniform(0.033, 0.04)
    top = pump_top(rng.uniform(0.05, 0.058), rng.uniform(0.024, 0.032), rng.uniform(0.70, 0.79), high)
    lining = [CREAM, TAN, (0.25, 0.22, 0.2), INK][rng.integers(4)]
    chart = court(design, studio, last, top, kind, lining, rng)
    if rng.random() < 0.25:
        part, edge = toe_cap(chart, rng.uniform(0.08, 0.11), rng.uniform(0.4, 0.6), 0.0006)
        studio.add(
            part.mesh("toe cap"),
            stuff(studio, "patent", design.accent if rng.random() < 0.5 else shade(design.colour, 0.8)),
        )
    if rng.random() < 0.3:
        part, edge = counter(chart, rng.uniform(0.1, 0.16), 0.97)
        studio.add(
            part.mesh("counter"),
            stuff(studio, kind, design.accent if rng.random() < 0.4 else shade(design.colour, 0.88)),
        )
        studio.add(seam(chart, edge, 0.04).mesh("seams"), stuff(studio, "cotton", shade(design.colour, 1.2)))
    extra = rng.random()
    if extra < 0.28:
        at = rng.uniform(0.42, 0.5)
        strap, path, away = band.strap(
            last, at, at, rng.uniform(0.010, 0.016), start=0.32, end=np.pi - 0.32, lift=-0.001
        )
        studio.add(strap.mesh("strap"), stuff(studio, kind, shade(design.colour, 0.97)))
        k = 8
        metal = studio.material(["gold", "silver"][rng.integers(2)])
        studio.add(
            band.buckle(path[k] + away[k] * 0.002, path[k + 1] - path[k - 1], away[k], 0.015, 0.019, 0.0013).mesh(
                "buckle"
            ),
            metal,
        )
    elif extra < 0.45:
        ring, path, away = band.anklet(last, rng.uniform(0.066, 0.078), 0.009)
        studio.add(ring.mesh("ankle strap"), stuff(studio, kind))
        rise = np.array(
            [
                [0.012 * last.length, 0, last.top(0.0) + 0.045],
                [-0.001, 0, last.top(0.0) + 0.066],
                [0.002, 0, path[24, 2] + 0.004],
            ]
        )
        studio.add(sweep(rise, 0.016, 0.002, np.array([-1.0, 0, 0]), 8, 4.0).mesh("heel tab"), stuff(studio, kind))
        studio.add(
            band.buckle(path[40] + away[40] * 0.002, path[41] - path[39], away[40], 0.012, 0.014, 0.0012).mesh(
                "buckle"
            ),
            studio.material("gold"),
        )
    elif extra < 0.75:
        trimming(design, studio, *front_of(chart), rng)


def heeled_sandal(design: Design, studio: Studio, last: kit.Last, kind: str, rng: np.random.Generator) -> None:
    """Bands over the toes with an ankle strap, a sling, or nothing behind (a mule)."""
    bed = [shade(design.colour, 0.9), TAN, CREAM][rng.choice(3, p=[0.65, 0.2, 0.15])]
    studio.add(kit.insole(last, 0.0012, -0.0005).mesh("bed"), stuff(studio, "leather", bed))
    hide = stuff(studio, kind)
    parts, middle = toe_bands(last, rng)
    studio.add(joined(parts).mesh("bands"), hide)
    if rng.random() < 0.35:
        trimming(design, studio, middle[0] + middle[1] * 0.003, middle[1], rng, 1.0)
    back = rng.random()
    if back < 0.42:
        ring, path, away = band.anklet(
            last, rng.uniform(0.062, 0.078), rng.uniform(0.006, 0.010), tilt=rng.uniform(0.008, 0.022)
        )
        cup = band.counter_cup(last, rng.uniform(0.05, 0.062), rng.uniform(0.16, 0.24))
        tab = np.array(
            [[0.006, 0, last.top(0.0) + 0.04], [0.0, 0, last.top(0.0) + 0.055], [0.001, 0, path[24, 2] + 0.003]]
        )
        studio.add(
            joined([ring, cup, sweep(tab, 0.012, 0.002, np.array([-1.0, 0, 0]), 8, 4.0)]).mesh("ankle strap"), hide
        )
        studio.add(
            band.buckle(path[40] + away[40] * 0.002, path[41] - path[39], away[40], 0.013, 0.014, 0.0013).mesh(
                "buckle"
            ),
            studio.material(["gold", "silver"][rng.integers(2)]),
        )
    elif back < 0.75:
        sling, path = band.sling(last, rng.uniform(0.5, 0.6), rng.uniform(0.055, 0.07), rng.uniform(0.007, 0.012))
        studio.add(sling.mesh("sling"), hide)
        along = path[15] - path[13]
        studio.add(
            band.buckle(path[14] + [0, -0.002, 0], along, np.array([0, -1.0, 0.2]), 0.013, 0.015, 0.0013).mesh(
                "buckle"
            ),
            studio.material(["gold", "silver"][rng.integers(2)]),
        )
