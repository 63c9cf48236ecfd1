"""Jeans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import darker
from recommender.studio.articles._legs import belt_loops, fly, leg_size, lines, scoop_pockets, waistband, washed
from recommender.studio.articles._stance import faded, stand, worn_folds
from recommender.studio.articles._standing import standing
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Jeans",
    "Bottomwear",
    "Apparel",
    genders={"Men": 29, "Women": 21, "Boys": 3, "Girls": 1},
    colours={"Blue": 40, "Black": 7, "Navy Blue": 5, "Grey": 2},
    patterns={"plain": 1},
    usages={"Casual": 1},
    seasons={"Summer": 6, "Fall": 4},
    price=(25, 90),
    nouns=("Jeans",),
)
def jeans(design: Design, studio: Studio) -> None:
    """Skinny to bootcut, raw or washed, with the usual five pockets' stitching."""
    rng = studio.rng
    size = leg_size(design, rng)
    cut = rng.choice(
        ["skinny", "straight", "boot"],
        p=[0.45, 0.3, 0.25] if design.gender in ("Women", "Girls") else [0.2, 0.65, 0.15],
    )
    if cut == "skinny":
        size = replace(size, knee=0.86 * size.knee, hem=0.76 * size.hem)
    elif cut == "boot":
        size = replace(size, hem=1.16 * size.hem, knee=0.94 * size.knee)
    size = replace(size, apart=0.008, stance=rng.uniform(0.0, 0.015), waist=1.02 * size.waist)
    drape = Drape(
        across=rng.uniform(0.01, 0.03),
        along=rng.uniform(0.04, 0.08),
        pressure=rng.uniform(0.3, 0.8),
        bending=rng.uniform(0.8, 2.0),
        frames=14,
        stiffness=40,
    )
    g = size.sew(rng, drape, crease_depth=0.005)
    g.fold(worn_folds(size, rng, 2 if cut == "skinny" else 5), rng.uniform(0.005, 0.008))
    stand(g, size, rng, rng.uniform(0.02, 0.06) if design.gender in ("Women", "Girls") else rng.uniform(0.05, 0.09))
    blue = design.baseColour in ("Blue", "Navy Blue")
    dye = indigo(design.colour) if blue else design.colour
    denim, band = (studio.material("denim", dye, scale=1.4, mottle=0.25) for _ in range(2))
    mesh = g.mesh()
    faded(g, mesh, rng, size, rng.choice([0.25, 0.55, 0.85], p=[0.2, 0.4, 0.4]) * (1.0 if blue else 0.4))
    studio.add(mesh, washed(denim, (0.44, 0.54, 0.68) if blue else (0.36, 0.37, 0.38)))
    thread = studio.material("cotton", (0.50, 0.27, 0.09) if rng.random() < 0.7 else darker(dye, 2.2))
    metal = studio.material(
        "gold" if rng.random() < 0.5 else "metal", (0.55, 0.35, 0.16) if rng.random() < 0.4 else (0.6, 0.6, 0.6)
    )
    waistband(studio, g, size, band, thread=thread)
    belt_loops(studio, g, size, band, (0.52, -0.52))
    fly(studio, g, size, thread, thick=0.0018)
    scoop_pockets(studio, g, size, thread, metal=metal, thick=0.0018)
    z = size.waist_at(0.0, 0.019)[1]
    studio.add(trim.disc(g, (0.006, z), 0.0095, 0, 0.003, 0.003), metal)
    lines(studio, g, "cuff", 0.012, thread, 0.0018)
    lines(studio, g, "inseam", 0.006, thread)
    standing(studio, g, size, rng)
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.77, 0.80),
        shadow=False,
        shift=(0.0, rng.uniform(-0.055, -0.045)),
    )


def indigo(colour: RGB) -> RGB:
    """What a blue becomes on denim: warp threads in indigo before a grey weft, never quite as pure as on cotton."""
    grey = float(np.dot(colour, (0.25, 0.6, 0.15)))
    red, green, blue = (0.85 * (0.55 * c + 0.45 * grey * tint) for c, tint in zip(colour, (0.8, 1.0, 1.5), strict=True))
    return red, green, blue
