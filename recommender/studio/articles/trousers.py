"""Trousers, track pants and shorts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import crease
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    darker,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import (
    Legs,
    belt_loops,
    fly,
    leg_size,
    lines,
    scoop_pockets,
    waistband,
    wash,
    washed,
)
from recommender.studio.articles._outline import curve, inset, mirrored, resample
from recommender.studio.articles._stance import stand, worn_folds
from recommender.studio.articles._standing import standing
from recommender.studio.articles._worn import belt
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


def slant_pockets(studio: Studio, g: Garment, size: Legs, thread: bpy.types.Material, width: float = 0.038) -> None:
    """Straight slanted side pockets: a dark slit and a row of stitches."""
    top = size.length - width - 0.004
    slit = studio.material("cotton", darker(studio.design.colour, 0.35))
    for sign in (1, -1):
        a, b = (0.74 * size.waist, top), (0.97 * size.hip, top - 0.14 * size.length / 1.04 - 0.02)
        line = np.array([a, b]) * [sign, 1]
        studio.add(trim.stitch(g, line, 0, 0.0026, 0.0006), slit)
        studio.add(trim.stitch(g, line - [sign * 0.008, 0.004], 0, 0.001), thread)


def cargo_pocket(
    studio: Studio, g: Garment, x: float, z: float, width: float, cloth: bpy.types.Material, thread: bpy.types.Material
) -> None:
    """Bellows pocket with a flap on the side of the leg."""
    w, h = width / 2, 1.15 * width
    studio.add(trim.patch(g, trim.rectangle(x - w, z - h, x + w, z), 0, 0.005, 0.01), cloth)
    studio.add(
        trim.patch(g, trim.rectangle(x - w - 0.003, z - 0.3 * h, x + w + 0.003, z + 0.012), 0, 0.004, 0.01, lift=0.004),
        cloth,
    )
    studio.add(trim.stitch(g, np.array([(x, z - h), (x, z - 0.3 * h)]), 0, 0.0016, 0.0056), thread)
    studio.add(
        trim.disc(g, (x, z - 0.2 * h), 0.006, 0, 0.002, 0.008),
        studio.material("plastic", darker(studio.design.colour, 0.4)),
    )


def elastic(
    studio: Studio,
    g: Garment,
    size: Legs,
    cloth: bpy.types.Material,
    width: float,
    rng: np.random.Generator,
    cord: bpy.types.Material | None = None,
) -> None:
    """Gathered elastic waistband, with a drawstring if ``cord`` is given."""
    studio.add(trim.band(g, g.border("waist", 0), width, 0, 0.003), cloth)
    studio.add(trim.band(g, g.border("waist", 1), width, 1, 0.002, inside=True), cloth)
    thread = studio.material("cotton", darker(studio.design.colour, 0.6))
    for k in (1, 2):
        away = width * k / 3
        line = g.border("waist", 0) - [0, away]
        studio.add(trim.stitch(g, line, 0, 0.0011, 0.0038), thread)
    if cord is not None:
        z = size.length - size.dip - 0.6 * width
        for sign in (1, -1):
            end = (sign * rng.uniform(0.015, 0.04), z - rng.uniform(0.07, 0.13))
            line = curve([(sign * 0.012, z), (sign * 0.026, (z + end[1]) / 2 + 0.01), end])
            studio.add(trim.stitch(g, line, 0, 0.006, 0.006), cord)
        loop = curve([(-0.012, z), (-0.032, z - 0.012), (0, z - 0.006), (0.032, z - 0.014), (0.012, z)])
        studio.add(trim.stitch(g, loop, 0, 0.005, 0.008), cord)


def gathers(size: Legs, rng: np.random.Generator, below: float) -> np.ndarray:
    """Small upright folds under an elastic waistband."""
    x = np.linspace(-0.9, 0.9, 17) * size.waist + rng.normal(0, 0.004, 17)
    z = size.length - below - rng.uniform(0.0, 0.02, 17)
    return np.c_[x, z, np.pi / 2 + rng.normal(0, 0.12, 17), rng.uniform(0.02, 0.045, 17), rng.uniform(0.005, 0.008, 17)]


def side_stripes(studio: Studio, g: Garment, material: bpy.types.Material, count: int, width: float) -> None:
    """Stripes down the outer seams, front and back."""
    for side in (0, 1):
        for e in g.edges[side]:
            if e.name == "outseam":
                line = e.points
                for k in range(count):
                    start = 0.001 + k * width * 1.9
                    at = inset(resample(line, 0.015), start + width / 2 + 0.002)
                    studio.add(trim.stitch(g, at, side, width, 0.0012), material)


def centre_crease(g: Garment, size: Legs) -> None:
    """Ironed crease down both legs."""
    fork = size.length - size.rise
    low = size.apart + size.stance + 0.78 * size.hem
    line = curve(
        [
            (0.52 * size.waist, size.length - 0.09),
            (0.55 * size.hip, fork),
            (0.5 * size.apart + 0.3 * size.stance + 0.8 * size.knee, 0.5 * fork),
            (low, 0.0),
        ]
    )
    crease(g, [line, mirrored(line)], -0.004, 0.007)


@article(
    "Trousers",
    "Bottomwear",
    "Apparel",
    genders={"Men": 38, "Women": 9, "Boys": 1},
    colours={
        "Black": 12,
        "Grey": 8,
        "Brown": 6,
        "Beige": 5,
        "Navy Blue": 4,
        "Charcoal": 3,
        "Khaki": 3,
        "Olive": 3,
        "Green": 1,
        "Cream": 1,
    },
    patterns={"plain": 9, "striped": 1},
    usages={"Casual": 5, "Formal": 4},
    seasons={"Summer": 5, "Fall": 4},
    price=(22, 75),
    nouns=("Trousers",),
)
def trousers(design: Design, studio: Studio) -> None:
    """Formal with an ironed crease, chinos or cargos."""
    rng = studio.rng
    size = leg_size(design, rng)
    size = replace(
        size, knee=1.12 * size.knee, hem=1.12 * size.hem, apart=0.4 * size.apart, stance=rng.uniform(0.0, 0.012)
    )
    formal = design.usage == "Formal"
    cargo = not formal and rng.random() < 0.3
    g = size.sew(
        rng,
        Drape(
            across=rng.uniform(0.02, 0.04),
            along=0.02 if formal else 0.05,
            pressure=0.4,
            bending=1.2,
            frames=13,
            stiffness=35,
        ),
        crease_depth=0.0022 if formal else 0.0038,
    )
    g.fold(worn_folds(size, rng, 3), rng.uniform(0.003, 0.005) if formal else rng.uniform(0.005, 0.008))
    if formal or rng.random() < 0.25:
        centre_crease(g, size)
    stand(g, size, rng, rng.uniform(0.05, 0.09) if design.gender != "Women" else rng.uniform(0.02, 0.05))
    kind = "wool" if formal else "cotton"
    pattern = studio.pattern(scale=0.5) if design.pattern != "plain" else None
    cloth = studio.material(kind, pattern=pattern, wrinkle=0.3 if formal else 0.6)
    plain = studio.material(kind, wrinkle=0.3)
    thread = studio.material("cotton", darker(design.colour, 0.7))
    studio.add(g.mesh(), cloth)
    waistband(studio, g, size, plain if design.pattern == "plain" else cloth)
    belt_loops(studio, g, size, plain, (0.45, -0.45, 0.86, -0.86))
    fly(studio, g, size, thread, rows=1)
    slant_pockets(studio, g, size, thread)
    if formal or rng.random() < 0.35:
        belt(studio, g, size, rng)
    z = size.waist_at(0.0, 0.019)[1]
    if not formal:
        studio.add(
            trim.disc(g, (0.004, z), 0.0075, 0, 0.002, 0.003), studio.material("plastic", darker(design.colour, 0.5))
        )
    lines(studio, g, "cuff", 0.03, thread, 0.001)
    if cargo:
        for sign in (1, -1):
            at = sign * (0.5 * size.apart + 0.4 * size.stance + 1.15 * size.knee)
            cargo_pocket(studio, g, at, 0.60 * (size.length - size.rise), 0.125 * size.length / 1.04, plain, thread)
    shirting = (0.62, 0.72, 0.85) if rng.random() < 0.6 else (0.8, 0.8, 0.8)
    standing(studio, g, size, rng, shirting if formal else None, sleeves=True if formal else None)
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.77, 0.80),
        shadow=False,
        shift=(0.0, rng.uniform(-0.055, -0.045)),
    )


@article(
    "Track Pants",
    "Bottomwear",
    "Apparel",
    genders={"Men": 20, "Women": 8},
    colours={"Black": 11, "Grey": 7, "Navy Blue": 4, "Blue": 2, "Charcoal": 1, "White": 1, "Grey Melange": 1},
    patterns={"plain": 1},
    usages={"Sports": 6, "Casual": 4},
    seasons={"Summer": 5, "Fall": 5},
    price=(15, 50),
    nouns=("Track Pants", "Joggers"),
)
def track_pants(design: Design, studio: Studio) -> None:
    """Elastic waist with drawstring; straight or cuffed, with or without side stripes."""
    rng = studio.rng
    size = leg_size(design, rng)
    cuffed = rng.random() < 0.35
    size = replace(
        size,
        knee=1.18 * size.knee,
        hem=(0.8 if cuffed else 1.15) * size.hem,
        waist=1.04 * size.waist,
        apart=0.012,
        dip=0.01,
    )
    g = size.sew(
        rng,
        Drape(across=rng.uniform(0.04, 0.08), along=rng.uniform(0.04, 0.07), pressure=0.4, bending=0.8, frames=13),
        crease_depth=0.004,
    )
    g.fold(gathers(size, rng, 0.055), 0.0025)
    shiny = rng.random() < 0.45
    cloth = studio.material("jersey", scale=1.3, wrinkle=0.5, roughness=0.55 if shiny else None)
    studio.add(g.mesh(), cloth)
    cord = studio.material("cotton", (0.75, 0.75, 0.73) if np.mean(design.colour) < 0.3 else (0.05, 0.05, 0.05))
    elastic(studio, g, size, cloth, 0.038, rng, cord if rng.random() < 0.8 else None)
    stripe = studio.material("jersey", design.accent)
    if rng.random() < 0.65:
        side_stripes(studio, g, stripe, int(rng.choice([1, 2, 3])), rng.uniform(0.006, 0.012))
    thread = studio.material("cotton", darker(design.colour, 0.55))
    slant_pockets(studio, g, size, thread)
    if cuffed:
        for side in (0, 1):
            for e in g.edges[side]:
                if e.name == "cuff":
                    studio.add(trim.band(g, e.points, 0.055, side, 0.002), cloth)
    else:
        lines(studio, g, "cuff", 0.022, thread)
    if rng.random() < 0.6:
        x, z = 0.62 * size.hip, size.length - 0.17
        studio.add(
            trim.patch(
                g,
                np.array([(x - 0.02, z), (x + 0.018, z + 0.012), (x + 0.022, z + 0.02), (x - 0.012, z + 0.012)]),
                0,
                0.0006,
                0.006,
            ),
            stripe,
        )
    studio.view(azimuth=rng.uniform(-8, 8), elevation=rng.uniform(0, 6), fill=rng.uniform(0.86, 0.95), shadow=False)


def short_legs(design: Design, rng: np.random.Generator, kind: str) -> Legs:
    """Pattern of shorts of a kind (sport, chino, cargo, denim)."""
    size = leg_size(design, rng)
    brief = design.gender in ("Women", "Girls")
    leg = rng.uniform(0.06, 0.13) if brief else rng.uniform(0.20, 0.30)
    leg *= size.length / 1.04
    wide = rng.uniform(1.02, 1.1) * (1.06 if kind == "sport" else 1.0)
    reach = (size.hip * wide - 0.035) / 1.6
    return replace(
        size, length=size.rise + leg, hem=reach, knee=0.99 * reach, apart=0.012, stance=0.014, hip=size.hip * 1.01
    )


@article(
    "Shorts",
    "Bottomwear",
    "Apparel",
    genders={"Men": 35, "Women": 6, "Boys": 5, "Girls": 3},
    colours={
        "Black": 12,
        "Blue": 8,
        "Navy Blue": 6,
        "Grey": 5,
        "White": 5,
        "Beige": 2,
        "Red": 2,
        "Pink": 2,
        "Brown": 2,
        "Green": 1,
        "Olive": 1,
        "Khaki": 1,
    },
    patterns={"plain": 5, "plaid": 1},
    usages={"Casual": 6, "Sports": 4},
    seasons={"Summer": 6, "Fall": 3},
    price=(10, 40),
    nouns=("Shorts",),
)
def shorts(design: Design, studio: Studio) -> None:
    """Sports shorts with elastic waist, chinos, cargos or denim."""
    rng = studio.rng
    jean = design.baseColour in ("Blue", "Navy Blue") and design.pattern == "plain"
    kind = (
        "sport"
        if design.usage == "Sports"
        else str(
            rng.choice(["chino", "cargo", "denim", "sport"], p=[0.4, 0.2, 0.3, 0.1] if jean else [0.55, 0.25, 0.0, 0.2])
        )
    )
    size = short_legs(design, rng, kind)
    g = size.sew(
        rng,
        Drape(across=rng.uniform(0.03, 0.06), along=rng.uniform(0.0, 0.03), pressure=0.5, bending=1.0, frames=13),
        crease_depth=0.003,
    )
    thread = studio.material("cotton", darker(design.colour, 0.65))
    pattern = studio.pattern()
    if kind == "sport":
        g.fold(gathers(size, rng, 0.06), 0.003)
        cloth = studio.material("jersey", pattern=pattern, roughness=0.55 if rng.random() < 0.6 else None, wrinkle=0.5)
        studio.add(g.mesh(), cloth)
        elastic(
            studio,
            g,
            size,
            cloth,
            0.04,
            rng,
            studio.material("cotton", (0.75, 0.75, 0.73)) if rng.random() < 0.6 else None,
        )
        if rng.random() < 0.6:
            side_stripes(
                studio,
                g,
                studio.material("jersey", design.accent),
                int(rng.choice([1, 2, 3])),
                rng.uniform(0.007, 0.016),
            )
        lines(studio, g, "cuff", 0.02, thread)
    else:
        cloth = studio.material("denim" if kind == "denim" else "cotton", pattern=pattern, wrinkle=0.6)
        mesh = g.mesh()
        if kind == "denim":
            wash(g, mesh, rng, replace(size, apart=0.03), rng.uniform(0.2, 0.55))
            cloth = washed(cloth, (0.50, 0.60, 0.74))
            thread = studio.material("cotton", (0.45, 0.24, 0.07))
        studio.add(mesh, cloth)
        band = studio.material("denim" if kind == "denim" else "cotton", pattern=pattern)
        waistband(studio, g, size, band, thread=thread if kind == "denim" else None)
        belt_loops(studio, g, size, band, (0.5, -0.5))
        fly(studio, g, size, thread, rows=2 if kind == "denim" else 1)
        metal = studio.material("metal", (0.6, 0.6, 0.6))
        if kind == "denim":
            scoop_pockets(studio, g, size, thread, metal=metal)
        else:
            slant_pockets(studio, g, size, thread)
        studio.add(trim.disc(g, tuple(size.waist_at(0.02, 0.019)), 0.008, 0, 0.0025, 0.003), metal)
        lines(studio, g, "cuff", 0.025, thread)
        if kind == "cargo":
            fork = size.length - size.rise
            for sign in (1, -1):
                cargo_pocket(
                    studio, g, sign * 0.72 * size.hip, max(0.75 * fork, 0.06), min(0.115, 0.5 * size.hip), cloth, thread
                )
    studio.view(azimuth=rng.uniform(-9, 9), elevation=rng.uniform(0, 8), fill=rng.uniform(0.68, 0.86), shadow=False)
