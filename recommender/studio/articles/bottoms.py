"""Jeans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import darker
from recommender.studio.articles._legs import belt_loops, fly, leg_size, lines, scoop_pockets, waistband, wash, washed
from recommender.studio.design import Design, article

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
    drape = Drape(
        across=rng.uniform(0.01, 0.04),
        along=rng.uniform(0.04, 0.08),
        pressure=rng.uniform(0.3, 1.0),
        bending=rng.uniform(0.8, 2.0),
        frames=14,
        stiffness=40,
    )
    g = size.sew(rng, drape)
    denim = studio.material("denim", scale=1.4)
    band = studio.material("denim", scale=1.4)
    mesh = g.mesh()
    strength = rng.choice([0.0, 0.35, 0.6], p=[0.18, 0.42, 0.4]) * (
        0.5 if design.baseColour in ("Black", "Grey") else 1.0
    )
    wash(g, mesh, rng, size, strength)
    pale = (0.50, 0.60, 0.74) if design.baseColour in ("Blue", "Navy Blue") else (0.42, 0.43, 0.44)
    studio.add(mesh, washed(denim, pale))
    thread = studio.material("cotton", (0.45, 0.22, 0.06) if rng.random() < 0.7 else darker(design.colour, 1.8))
    metal = studio.material(
        "gold" if rng.random() < 0.5 else "metal", (0.55, 0.35, 0.16) if rng.random() < 0.4 else (0.6, 0.6, 0.6)
    )
    waistband(studio, g, size, band, thread=thread)
    belt_loops(studio, g, size, band, (0.52, -0.52))
    fly(studio, g, size, thread)
    scoop_pockets(studio, g, size, thread, metal=metal)
    z = size.waist_at(0.0, 0.019)[1]
    studio.add(trim.disc(g, (0.006, z), 0.0085, 0, 0.003, 0.003), metal)
    lines(studio, g, "cuff", 0.012, thread)
    lines(studio, g, "inseam", 0.006, thread)
    studio.view(azimuth=rng.uniform(-8, 8), elevation=rng.uniform(0, 6), fill=rng.uniform(0.86, 0.95), shadow=False)
