"""Leggings and capris."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import darker
from recommender.studio.articles._legs import belt_loops, fly, leg_size, lines, scoop_pockets, waistband, wash, washed
from recommender.studio.articles._stance import stand, worn_folds
from recommender.studio.articles._standing import standing
from recommender.studio.articles.trousers import elastic, side_stripes
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Leggings",
    "Bottomwear",
    "Apparel",
    genders={"Women": 14, "Girls": 2},
    colours={
        "Black": 25,
        "Pink": 17,
        "Blue": 17,
        "Red": 12,
        "Green": 11,
        "White": 11,
        "Purple": 8,
        "Cream": 8,
        "Navy Blue": 8,
        "Brown": 8,
        "Grey": 6,
        "Maroon": 5,
    },
    patterns={"plain": 1},
    usages={"Casual": 8, "Ethnic": 2},
    seasons={"Summer": 6, "Fall": 4},
    price=(8, 25),
    nouns=("Leggings",),
)
def leggings(design: Design, studio: Studio) -> None:
    """Close-fitting jersey with an elastic waist, ankle or cropped length, gathered at the ankles."""
    rng = studio.rng
    size = leg_size(design, rng)
    size = replace(
        size,
        knee=0.84 * size.knee,
        hem=rng.uniform(0.055, 0.062) * size.length / 1.02,
        apart=0.014,
        high=0.012,
        hip=0.96 * size.hip,
        stance=rng.uniform(0.0, 0.02),
        length=size.length * rng.uniform(0.86, 1.0),
        dip=0.012,
    )
    g = size.sew(
        rng, Drape(across=0.01, along=rng.uniform(0.02, 0.06), pressure=0.8, bending=0.5, frames=12), crease_depth=0.002
    )
    g.fold(worn_folds(size, rng, int(rng.integers(2, 6))), 0.003)
    stand(g, size, rng, rng.uniform(0.03, 0.07))
    cloth = studio.material("jersey", wrinkle=0.4)
    studio.add(g.mesh(), cloth)
    elastic(studio, g, size, cloth, 0.03, rng)
    thread = studio.material("cotton", darker(design.colour, 0.65))
    lines(studio, g, "cuff", 0.018, thread)
    fork = size.length - size.rise
    studio.add(trim.stitch(g, np.array([(0, size.length - 0.045), (0, fork + 0.003)]), 0, 0.0014), thread)
    pale = rng.uniform(0.7, 0.85)
    standing(studio, g, size, rng, (pale, pale, pale), over=rng.uniform(0.8, 1.05) * size.rise, sleeves=True)
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.77, 0.80),
        shadow=False,
        shift=(0.0, rng.uniform(-0.055, -0.045)),
    )


@article(
    "Capris",
    "Bottomwear",
    "Apparel",
    genders={"Women": 11, "Girls": 3, "Boys": 1},
    colours={"Black": 45, "Blue": 39, "Pink": 16, "Grey": 15, "White": 11, "Purple": 6, "Navy Blue": 5, "Yellow": 5},
    patterns={"plain": 1},
    usages={"Casual": 7, "Sports": 3},
    seasons={"Summer": 9, "Fall": 1},
    price=(12, 40),
    nouns=("Capris",),
)
def capris(design: Design, studio: Studio) -> None:
    """Trousers to below the knee: sporty with elastic waist and drawstring, or cotton and denim with waistband."""
    rng = studio.rng
    size = leg_size(design, rng)
    sporty = rng.random() < (1.0 if design.usage == "Sports" else 0.4)
    wide = rng.uniform(1.15, 1.4)
    reach = rng.uniform(0.38, 0.46) * size.length / 1.02
    size = replace(
        size,
        length=size.rise + reach,
        knee=min(wide * size.knee, (0.9 * size.hip - 0.018) / 1.6),
        hem=min(wide * 0.083 * size.length / 1.02, (0.86 * size.hip - 0.03) / 1.55),
        apart=0.012,
        high=0.012,
    )
    g = size.sew(rng, Drape(across=0.03, along=0.03, pressure=0.5, bending=1.0, frames=12), crease_depth=0.002)
    thread = studio.material("cotton", darker(design.colour, 0.65))
    denim = not sporty and design.baseColour in ("Blue", "Navy Blue", "Grey")
    mesh = g.mesh()
    if sporty:
        cloth = studio.material("jersey", wrinkle=0.5)
        studio.add(mesh, cloth)
        cord = studio.material("cotton", (0.75, 0.75, 0.73) if np.mean(design.colour) < 0.3 else (0.05, 0.05, 0.05))
        elastic(studio, g, size, cloth, 0.05, rng, cord if rng.random() < 0.6 else None)
        if rng.random() < 0.4:
            side_stripes(studio, g, studio.material("jersey", design.accent), 1, rng.uniform(0.01, 0.03))
    else:
        cloth = studio.material("denim" if denim else "cotton", wrinkle=0.6)
        if denim:
            wash(g, mesh, rng, size, rng.uniform(0.2, 0.5))
            cloth, thread = washed(cloth, (0.50, 0.60, 0.74)), studio.material("cotton", (0.45, 0.24, 0.07))
        studio.add(mesh, cloth)
        band = studio.material("denim" if denim else "cotton")
        metal = studio.material("metal", (0.6, 0.6, 0.6))
        waistband(studio, g, size, band, thread=thread)
        belt_loops(studio, g, size, band, (0.5, -0.5))
        fly(studio, g, size, thread)
        scoop_pockets(studio, g, size, thread, metal=metal if denim else None)
        studio.add(trim.disc(g, tuple(size.waist_at(0.02, 0.019)), 0.008, 0, 0.0025, 0.003), metal)
    lines(studio, g, "cuff", 0.02, thread)
    studio.view(azimuth=rng.uniform(-9, 9), elevation=rng.uniform(0, 8), fill=rng.uniform(0.76, 0.9), shadow=False)
