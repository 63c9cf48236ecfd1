"""Women's flats: ballerinas, thongs and slides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles import _straps as band
from recommender.studio.articles._court import (
    TAN,
    court,
    front_of,
    hide_of,
    pump_top,
    sole,
    toe_bands,
    trimming,
)
from recommender.studio.articles._panels import CREAM, INK, shade, size, stuff
from recommender.studio.articles._soles import heel_block
from recommender.studio.articles._surface import Shape, joined
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Flats",
    "Shoes",
    "Footwear",
    genders={"Women": 12, "Girls": 1},
    colours={
        "Black": 6,
        "Brown": 4,
        "White": 2,
        "Gold": 2,
        "Silver": 1,
        "Beige": 2,
        "Blue": 2,
        "Pink": 2,
        "Red": 2,
        "Grey": 1,
        "Maroon": 1,
        "Green": 1,
        "Purple": 1,
        "Yellow": 1,
    },
    patterns={"plain": 9, "spotted": 1},
    usages={"Casual": 20, "Ethnic": 1},
    seasons={"Winter": 5, "Summer": 3, "Fall": 2, "Spring": 1},
    price=(20, 80),
    nouns=("Flats", "Ballerinas", "Flat sandals"),
)
def flats(design: Design, studio: Studio) -> None:
    """Ballerinas, thong sandals and slides on a flat sole."""
    rng = studio.rng
    ballerina = design.pattern != "plain" or rng.random() < 0.5
    last = kit.Last(
        size(design.gender, rng) * 0.94,
        ball=rng.uniform(0.039, 0.043),
        waist=0.030,
        heel=0.027,
        toe=rng.uniform(1.9, 2.4),
        heel_height=rng.uniform(0.0, 0.012),
        sole=0.007,
        drop=rng.uniform(0.003, 0.008),
        toe_spring=rng.uniform(0.004, 0.009),
    )
    kind = hide_of(design, rng)
    if ballerina:
        sole_colour = [INK, TAN, shade(design.colour, 0.6)][rng.integers(3)]
        sole(studio, last, 0.005, True, sole_colour, "rubber", 0.0012)
        studio.add(low_heel(last, 0.005, rng).mesh("heel"), stuff(studio, "rubber", sole_colour))
        top = pump_top(
            rng.uniform(0.046, 0.054),
            rng.uniform(0.026, 0.031),
            rng.uniform(0.70, 0.77),
            rng.uniform(0.033, 0.038),
            1.05,
        )
        chart = court(design, studio, last, top, kind, [CREAM, TAN, INK, design.accent][rng.integers(4)], rng)
        if rng.random() < 0.75:
            trimming(design, studio, *front_of(chart), rng)
    else:
        bed = [TAN, CREAM, shade(design.colour, 0.75), (0.10, 0.05, 0.03)][rng.choice(4, p=[0.22, 0.08, 0.6, 0.1])]
        sole(studio, last, 0.006, True, shade(bed, 0.5), "rubber", 0.003)
        studio.add(kit.insole(last, 0.0012, 0.002).mesh("bed"), stuff(studio, "leather", bed))
        studio.add(low_heel(last, 0.006, rng).mesh("heel"), stuff(studio, "rubber", shade(bed, 0.4)))
        hide = stuff(studio, kind)
        if rng.random() < 0.6:
            shape, knot, away = band.thong(
                last,
                rng.uniform(0.80, 0.84),
                rng.uniform(0.48, 0.56),
                rng.uniform(0.50, 0.58),
                rng.uniform(0.014, 0.026),
                0.0028,
            )
            studio.add(shape.mesh("thong"), hide)
            if rng.random() < 0.75:
                trimming(design, studio, knot + away * 0.004, away, rng, rng.uniform(0.8, 1.25))
        else:
            parts, middle = toe_bands(last, rng)
            studio.add(joined(parts).mesh("bands"), hide)
            if rng.random() < 0.4:
                trimming(design, studio, middle[0] + middle[1] * 0.003, middle[1], rng)
        if rng.random() < 0.5:
            studio.add(
                band.sling(last, rng.uniform(0.5, 0.56), rng.uniform(0.05, 0.065), rng.uniform(0.007, 0.013))[0].mesh(
                    "sling"
                ),
                hide,
            )
    studio.view(
        azimuth=rng.uniform(38, 50), elevation=rng.uniform(20, 27), fill=rng.uniform(0.72, 0.78), lens=70, base=0.72
    )


def low_heel(last: kit.Last, thick: float, rng: np.random.Generator) -> Shape:
    """A low lift under the heel."""
    return heel_block(last, rng.uniform(0.22, 0.26), lambda x: last.top(x) - thick + 0.001, rng)
