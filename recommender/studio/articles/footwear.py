"""Casual and formal shoes."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._panels import (
    CREAM,
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
    slip_top,
    stand,
    stuff,
    swoop,
    toe_cap,
)
from recommender.studio.articles._soles import cup_sole, welt_sole
from recommender.studio.articles._surface import Chart, joined, line
from recommender.studio.articles._upper import derby_panels, laced, slip_on
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Casual Shoes",
    "Shoes",
    "Footwear",
    genders={"Men": 20, "Women": 4, "Unisex": 3, "Boys": 1, "Girls": 1},
    colours={
        "Black": 8,
        "Brown": 5,
        "White": 4,
        "Grey": 3,
        "Blue": 3,
        "Red": 2,
        "Navy Blue": 2,
        "Green": 1,
        "Olive": 1,
        "Beige": 1,
        "Khaki": 1,
        "Purple": 1,
        "Tan": 1,
        "Maroon": 1,
        "Yellow": 1,
        "Pink": 1,
    },
    patterns={"plain": 10, "striped": 1, "plaid": 1, "spotted": 1},
    usages={"Casual": 30, "Smart Casual": 1},
    seasons={"Summer": 6, "Fall": 4, "Winter": 2, "Spring": 1},
    price=(25, 120),
    nouns=("Casual shoes", "Sneakers", "Trainers", "Lace-ups"),
)
def casual_shoes(design: Design, studio: Studio) -> None:
    """Court and skate sneakers, plimsolls and low boots."""
    rng = studio.rng
    if design.pattern == "plain" and rng.random() < (
        0.45 if design.baseColour in ("Brown", "Tan", "Black", "Khaki", "Maroon") else 0.15
    ):
        formal(design, studio, rng, casual=True)
    else:
        sneaker(design, studio, rng)
    stand(studio, rng)


def sneaker(design: Design, studio: Studio, rng: np.random.Generator) -> None:
    """A flat lace-up with a cup sole."""
    length = size(design.gender, rng)
    canvas = design.pattern != "plain" or rng.random() < 0.35
    last = kit.Last(
        length,
        ball=rng.uniform(0.046, 0.051),
        toe=rng.uniform(2.1, 2.8),
        sole=rng.uniform(0.013, 0.02),
        drop=rng.uniform(0.002, 0.008),
        toe_spring=rng.uniform(0.006, 0.012),
    )
    high = rng.random() < 0.18
    lift = rng.uniform(0.035, 0.05) if high else 0.0
    top = low_top(
        rng.uniform(0.056, 0.066) + lift,
        rng.uniform(0.042, 0.048) + lift,
        rng.uniform(0.072, 0.08) + lift * 0.9,
        rng.uniform(0.67, 0.72),
        rng.uniform(0.017, 0.022),
    )
    two = rng.random() < 0.6
    dark = light(design.colour) < 0.05
    panel_colour = design.accent if two and rng.random() < 0.5 else shade(design.colour, rng.choice([0.7, 1.0, 1.12]))
    look = Look(
        last,
        top,
        (0.42, 0.70),
        "canvas" if canvas else "leather",
        "canvas" if canvas else "leather",
        sole_colour=WHITE if rng.random() < 0.7 else [CREAM, INK if dark else GUM][rng.integers(2)],
        trim=design.accent if two else shade(design.colour, 0.9),
        panel_colour=panel_colour,
        lace_colour=lace_tint(design, rng),
        lining=[WHITE, shade(design.colour, 0.8), INK, CREAM][rng.integers(4)],
        collar=rng.uniform(0.0022, 0.005) * (0.7 if canvas else 1.1),
        rows=int(rng.integers(5, 8)) if not canvas else int(rng.integers(4, 6)),
        extra={
            "cross": rng.random() < 0.55,
            "bow": rng.uniform(0.022, 0.036) if rng.random() < 0.6 else 0.0,
            "lace": rng.uniform(0.006, 0.009),
            "bumper": canvas and rng.random() < 0.6,
        },
    )
    look.rows += 2 if high else 0
    if rng.random() < 0.35:
        look.extra["outsole"] = GUM if rng.random() < 0.5 else look.trim
    if canvas or rng.random() < 0.3:
        look.extra["eyelets"] = (0.6, 0.6, 0.6)
    if not high and rng.random() < 0.18:
        look.top = slip_top(
            rng.uniform(0.054, 0.060), rng.uniform(0.040, 0.045), rng.uniform(0.066, 0.074), rng.uniform(0.42, 0.47)
        )
        slip_on(design, studio, look, rng)
        cup_sole(studio, look, rng)
        return
    chart = laced(design, studio, look)
    cup_sole(studio, look, rng)
    sneaker_panels(design, studio, look, chart, rng, canvas, two)


def sneaker_panels(
    design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, canvas: bool, two: bool
) -> None:
    """Toe caps, heel counters, stripes and seams in the shoe's own or its second colour."""
    own = stuff(studio, look.skin, shade(design.colour, 0.92), pattern=None)
    second = stuff(studio, "canvas" if canvas else "leather", look.panel_colour)
    thread = stuff(
        studio, "cotton", shade(design.colour, 1.5) if light(design.colour) < 0.3 else shade(design.colour, 0.75)
    )
    edges = []
    stay, edge = eyestay(chart, look, rng.uniform(0.22, 0.34))
    studio.add(stay.mesh("eyestay"), own)
    edges.append((edge + [0, 0.03], 0.0))
    style = rng.integers(4)
    if style == 0:
        part, edge = toe_cap(chart, rng.uniform(0.10, 0.13), rng.uniform(0.5, 0.62))
        studio.add(part.mesh("toe cap"), stuff(studio, "rubber", look.sole_colour) if canvas else own)
        edges.append((edge, 0.03))
    elif style == 1:
        part, edge = mudguard(chart, rng.uniform(0.17, 0.24), rng.uniform(0.36, 0.5), rng.uniform(0.3, 0.42))
        studio.add(part.mesh("mudguard"), own)
        edges.append((edge, 0.03))
    elif style == 2:
        for at in (rng.uniform(0.5, 0.56),):
            curve = line((at - 0.03, 0.7), (at, 0.45), (at + 0.03, 0.02))
            edges += [(c, 0.0) for c in kit.both(curve)]
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.75, 0.97))
    studio.add(part.mesh("counter"), second if two else own)
    edges.append((edge, 0.04))
    mark = rng.integers(5)
    if design.pattern == "plain" and not (canvas and rng.random() < 0.6):
        accent = stuff(
            studio,
            "leather",
            design.accent if two else shade(design.colour, 0.6 if light(design.colour) > 0.05 else 1.25),
        )
        if mark <= 1:
            shapes = bands(
                chart,
                int(rng.integers(2, 5)),
                rng.uniform(0.34, 0.40),
                rng.uniform(0.05, 0.16),
                rng.uniform(0.018, 0.03),
                (0.08, 0.72),
            )
        elif mark <= 3:
            shapes = swoop(chart, rng)
        else:
            shapes = []
        if shapes:
            studio.add(joined(shapes).mesh("marks"), accent)
    studio.add(joined([seam(chart, e, i) for e, i in edges]).mesh("seams"), thread)


@article(
    "Formal Shoes",
    "Shoes",
    "Footwear",
    genders={"Men": 1},
    colours={"Black": 9, "Brown": 6, "Tan": 2, "Maroon": 1},
    patterns={"plain": 1},
    usages={"Formal": 20, "Smart Casual": 1, "Casual": 1},
    seasons={"Summer": 5, "Fall": 3, "Winter": 3},
    price=(45, 190),
    nouns=("Oxfords", "Derby shoes", "Formal shoes", "Dress shoes"),
)
def formal_shoes(design: Design, studio: Studio) -> None:
    """Derbies, slip-ons and monks on a welted leather sole."""
    formal(design, studio, studio.rng)
    stand(studio, studio.rng)


def formal(design: Design, studio: Studio, rng: np.random.Generator, casual: bool = False) -> None:
    """A leather shoe on a welt: laced or not."""
    length = size(design.gender, rng) * rng.uniform(1.0, 1.05)
    last = kit.Last(
        length,
        ball=rng.uniform(0.042, 0.046),
        waist=0.034,
        heel=0.0295,
        toe=rng.uniform(1.7, 2.1) if rng.random() < 0.6 else rng.uniform(2.2, 3.2),
        sole=rng.uniform(0.008, 0.012),
        drop=rng.uniform(0.016, 0.022),
        toe_spring=rng.uniform(0.008, 0.013),
    )
    kind = (
        ("suede" if rng.random() < 0.4 else "leather") if casual else ("patent" if rng.random() < 0.12 else "leather")
    )
    smooth = {"roughness": rng.uniform(0.24, 0.36), "bump": 0.5} if kind == "leather" and not casual else {}
    sole = shade(design.colour, 0.35) if rng.random() < 0.5 else INK
    if casual:
        sole = [sole, (0.2, 0.1, 0.05), CREAM][rng.integers(3)]
    look = Look(
        last,
        kit.Topline([]),
        (0.43, 0.64),
        kind,
        kind,
        sole_colour=sole,
        panel_colour=shade(design.colour, 0.85),
        lace_colour=shade(design.colour, 0.5),
        lining=[INK, (0.33, 0.17, 0.07), CREAM][rng.choice(3, p=[0.5, 0.35, 0.15])],
        collar=0.0022,
        rows=int(rng.integers(3, 6)),
        extra={
            "lace": 0.0035,
            "bow": rng.uniform(0.02, 0.03),
            "cross": False,
            "tongue": 0.012,
            "wrinkle": 0.0009,
            "heel_end": rng.uniform(0.25, 0.29),
            "sole": rng.uniform(0.005, 0.008),
        },
    )
    hide = stuff(studio, kind, **smooth)
    if rng.random() < 0.55:
        look.top = low_top(
            rng.uniform(0.054, 0.060),
            rng.uniform(0.040, 0.046),
            rng.uniform(0.070, 0.076),
            rng.uniform(0.56, 0.60),
            rng.uniform(0.011, 0.014),
            0.033,
        )
        if casual and rng.random() < 0.6:  # a chukka
            look.top = low_top(0.10, 0.086, 0.108, 0.58, 0.014, 0.036)
            look.rows = 3
        look.extra["tongue_material"] = hide
        chart = laced(design, studio, look)
        derby_panels(design, studio, look, chart, rng, casual)
    else:
        look.top = slip_top(
            rng.uniform(0.054, 0.060), rng.uniform(0.040, 0.045), rng.uniform(0.068, 0.076), rng.uniform(0.40, 0.47)
        )
        chart = slip_on(design, studio, look, rng)
    studio.objects[0].data.materials.clear()
    studio.objects[0].data.materials.append(hide)
    if casual and rng.random() < 0.5:
        cup_sole(studio, look, rng)
    else:
        welt_sole(studio, look, rng)
