"""Sweatshirts and sweaters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice, lopsided
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    add_cloth,
    arm_creases,
    body_size,
    cuffs,
    darker,
    edge_bands,
    inner_neck,
    long_sleeve,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._outline import Edge, curve, mirrored, symmetric
from recommender.studio.articles._worn import dressed, shirt_under
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


def hood(
    studio: Studio,
    g: Garment,
    size: Bodice,
    cloth: bpy.types.Material,
    lining: bpy.types.Material,
    rng: np.random.Generator,
) -> None:
    """Hood that stands up as if worn: an arch around the face and its back."""
    scale = size.length / 0.70
    wide, tall = rng.uniform(0.120, 0.135) * scale, rng.uniform(0.27, 0.31) * scale
    face, low = 0.58 * wide, rng.uniform(0.62, 0.74) * tall
    base = -0.055 * scale
    inner = curve([(0, low), (0.75 * face, 0.82 * low), (face, 0.42 * low), (0.25 * face, base)])
    outer = curve(
        [
            (0.80 * wide, base + 0.02),
            (0.96 * wide, 0.3 * tall),
            (0.92 * wide, 0.66 * tall),
            (0.52 * wide, 0.95 * tall),
            (0, tall),
        ]
    )
    foot = np.array([(0.25 * face, base), (0.80 * wide, base + 0.02)])
    edges = symmetric([Edge("face", inner, True), Edge("foot", foot, True), Edge("crown", outer)])
    back = {"face": np.array([(0, base + 0.01), (0.25 * face, base)])}
    h = Garment(edges, back, depth=1.0, spacing=0.011 * scale)
    h.even(3)
    h.push(lambda x, z, f: np.stack([0 * x, 0.006 * np.sin(30 * z + 18 * x + rng.uniform(0, 6)), 0 * x], axis=1))
    h.fold(
        np.c_[
            rng.uniform(-0.8, 0.8, 7) * wide,
            rng.uniform(0.1, 0.9, 7) * tall,
            rng.uniform(-1.2, 1.2, 7),
            rng.uniform(0.03, 0.07, 7),
            rng.uniform(0.01, 0.02, 7),
        ],
        0.004,
    )
    lopsided(h, rng, 0.7)
    h.refine()
    h.co += [0, 0.012, size.length - 0.012 * scale]
    studio.add(h.mesh("hood"), cloth)
    studio.add(trim.band(h, h.border("face", 0), 0.016, 0, 0.002), cloth)


def drawcord(studio: Studio, g: Garment, size: Bodice, material: bpy.types.Material, rng: np.random.Generator) -> None:
    """Two cords hanging from the neck."""
    for sign in (1, -1):
        x = sign * rng.uniform(0.022, 0.032)
        z = size.length - 0.85 * size.neck_depth
        end = z - rng.uniform(0.10, 0.16) * size.length / 0.7
        line = curve([(x, z), (x + sign * 0.006, (z + end) / 2), (x + rng.normal(0, 0.008), end)])
        studio.add(trim.stitch(g, line, 0, 0.006, 0.005), material)


def zipper(
    studio: Studio,
    g: Garment,
    top: float,
    bottom: float,
    metal: bpy.types.Material,
    tape: bpy.types.Material,
    width: float = 0.018,
) -> None:
    """Closed zip down the front with its tape and puller."""
    studio.add(trim.patch(g, trim.rectangle(-width / 2, bottom, width / 2, top), 0, 0.0012, 0.009), tape)
    studio.add(trim.stitch(g, np.array([(0, bottom), (0, top)]), 0, 0.0052, 0.0030), metal)
    studio.add(
        trim.patch(g, trim.rectangle(-0.0045, top - 0.034, 0.0045, top - 0.004), 0, 0.003, 0.006, lift=0.004), metal
    )


def kangaroo(
    studio: Studio,
    g: Garment,
    size: Bodice,
    cloth: bpy.types.Material,
    thread: bpy.types.Material,
    rng: np.random.Generator,
) -> None:
    """The pouch pocket of a hooded sweatshirt."""
    w, low = 0.62 * size.waist, 0.07 * size.length / 0.7
    high = low + 0.17 * size.length / 0.7
    shape = np.array([(-w, low), (w, low), (w, low + 0.06), (0.62 * w, high), (-0.62 * w, high), (-w, low + 0.06)])
    studio.add(trim.patch(g, shape, 0, 0.003, 0.011, lift=0.001), cloth)
    for sign in (1, -1):
        studio.add(
            trim.stitch(
                g,
                np.array([(sign * (w - 0.008), low + 0.06), (sign * (0.62 * w - 0.006), high - 0.003)]),
                0,
                0.0014,
                0.0052,
            ),
            thread,
        )


@article(
    "Sweatshirts",
    "Topwear",
    "Apparel",
    genders={"Men": 20, "Women": 6, "Boys": 1},
    colours={
        "Black": 12,
        "Grey": 11,
        "Blue": 7,
        "Green": 4,
        "Navy Blue": 4,
        "Purple": 3,
        "White": 3,
        "Red": 3,
        "Pink": 2,
        "Olive": 1,
        "Maroon": 1,
        "Grey Melange": 2,
    },
    patterns={"plain": 4, "striped": 1, "graphic": 4},
    usages={"Casual": 9, "Sports": 1},
    seasons={"Fall": 9, "Winter": 1},
    price=(20, 60),
    nouns=("Sweatshirt",),
)
def sweatshirt(design: Design, studio: Studio) -> None:
    """Crew-neck or hooded, pullover or zipped, ribbed cuffs and hem."""
    rng = studio.rng
    size = long_sleeve(body_size(design, rng), rng)
    hooded = rng.random() < 0.5
    size = replace(
        size,
        neck_depth=0.085 * size.length / 0.7,
        hem=0.92 * size.waist,
        length=0.94 * size.length,
        waist=1.03 * size.waist,
        cuff=0.92 * size.cuff,
        neck="v" if hooded else "round",
    )
    g = size.sew(
        rng,
        Drape(
            across=rng.uniform(0.04, 0.07),
            along=rng.uniform(0.03, 0.06),
            pressure=rng.uniform(0.6, 1.2),
            bending=rng.uniform(1.5, 3),
            frames=12,
            stiffness=30,
        ),
        bust=0.016 if design.gender == "Women" else 0.0,
    )
    g.fold(arm_creases(size, rng, 6), depth=rng.uniform(0.004, 0.006))
    cloth = studio.material("jersey", pattern=studio.pattern(), scale=1.5, wrinkle=0.4)
    plain = studio.material("jersey", scale=1.5, wrinkle=0.4)
    rib = studio.material("jersey", design.accent if rng.random() < 0.15 else None, scale=2.2)
    thread = studio.material("cotton", darker(design.colour, 0.6))
    zipped = design.pattern != "graphic" and rng.random() < (0.5 if hooded else 0.15)
    box = (0.0, size.armpit[1] - 0.02, 1.2 * size.chest, 1.2 * size.chest) if design.pattern == "graphic" else None
    add_cloth(studio, g, cloth, print_box=box)
    edge_bands(studio, g, "hem", 0.055 * size.length / 0.7, rib)
    cuffs(studio, g, rib, 0.055 * size.length / 0.7)
    inner_neck(studio, g, plain)
    if zipped:
        zipper(
            studio,
            g,
            size.length - size.neck_depth,
            0.004,
            studio.material("metal"),
            studio.material("cotton", darker(design.colour, 0.5)),
        )
    if hooded:
        lining = studio.material("jersey", design.accent)
        hood(studio, g, size, plain, lining, rng)
        drawcord(
            studio,
            g,
            size,
            studio.material("cotton", (0.7, 0.7, 0.68) if rng.random() < 0.4 else darker(design.colour, 0.8)),
            rng,
        )
        if (not zipped and design.pattern != "graphic") or rng.random() < 0.4:
            kangaroo(studio, g, size, cloth if design.pattern != "graphic" else plain, thread, rng)
    else:
        edge_bands(studio, g, "neck", 0.022, rib, sides=(0,))
    for line in (size.arm_curve(), mirrored(size.arm_curve())):
        studio.add(trim.stitch(g, line, 0, 0.0014, 0.0006), thread)
    studio.view(azimuth=rng.uniform(-6, 6), elevation=rng.uniform(0, 5), fill=rng.uniform(0.84, 0.95), shadow=False)


ACROSS = ("breton", "wide", "grouped")  # pullovers are knitted from the hem up


@article(
    "Sweaters",
    "Topwear",
    "Apparel",
    genders={"Men": 17, "Women": 8},
    colours={
        "Grey": 10,
        "Black": 9,
        "Blue": 8,
        "Navy Blue": 5,
        "Red": 4,
        "Green": 3,
        "Purple": 3,
        "White": 2,
        "Pink": 1,
        "Charcoal": 1,
        "Maroon": 1,
        "Brown": 1,
    },
    patterns={"plain": 5, "striped": 3},
    usages={"Casual": 1},
    seasons={"Fall": 9, "Summer": 1, "Winter": 1},
    price=(22, 75),
    nouns=("Sweater", "Jumper", "Pullover"),
)
def sweater(design: Design, studio: Studio) -> None:
    """Knitted pullover or cardigan: V or crew neck, ribbed edges."""
    rng = studio.rng
    size = long_sleeve(body_size(design, rng), rng)
    neck = "v" if rng.random() < 0.75 else "round"
    scale = size.length / 0.7
    size = replace(
        size,
        neck=neck,
        neck_depth=(0.17 if neck == "v" else 0.085) * scale,
        chest=0.90 * size.chest,
        waist=0.85 * size.waist,
        hem=0.83 * size.waist,
        length=0.95 * size.length,
        droop=rng.uniform(1.24, 1.32),
        cuff=0.8 * size.cuff,
    )
    slipover = neck == "v" and design.gender == "Men" and rng.random() < 0.5
    if slipover:
        size = replace(size, sleeve=0.0, scoop=0.004, shoulder=0.94 * size.shoulder)
    g = size.sew(
        rng,
        Drape(
            across=rng.uniform(0.03, 0.06),
            along=rng.uniform(0.01, 0.03),
            pressure=rng.uniform(0.4, 0.9),
            bending=rng.uniform(1, 2),
            frames=12,
        ),
        bust=0.018 if design.gender == "Women" else 0.0,
    )
    g.fold(arm_creases(size, rng, 5), depth=rng.uniform(0.003, 0.005))
    scale_knit = rng.uniform(0.5, 0.9)
    cloth = studio.material(
        "knit",
        pattern=studio.pattern(only=ACROSS if design.pattern == "striped" else None),
        scale=scale_knit,
        wrinkle=0.4,
    )
    tipped = rng.random() < 0.4
    rib = studio.material("knit", design.accent if tipped else darker(design.colour, 0.85), scale=0.9 * scale_knit)
    hem_rib = studio.material("knit", darker(design.colour, 0.85), scale=0.9 * scale_knit)
    add_cloth(studio, g, cloth)
    edge_bands(studio, g, "hem", 0.06 * scale, hem_rib, height=0.003)
    if slipover:
        edge_bands(studio, g, "armhole", 0.022, rib, height=0.003)
    else:
        cuffs(studio, g, hem_rib, 0.06 * scale, height=0.003)
    edge_bands(studio, g, "neck", 0.024, rib, sides=(0,), height=0.003)
    inner_neck(studio, g, rib)
    if neck == "v" and not slipover and rng.random() < 0.35:
        low = size.length - size.neck_depth
        studio.add(trim.patch(g, trim.rectangle(-0.016, 0.002, 0.016, low), 0, 0.003, 0.009), rib)
        for z in np.linspace(low - 0.02, 0.04, 5):
            studio.add(
                trim.disc(g, (0, z), 0.008, 0, 0.002, 0.004), studio.material("plastic", darker(design.colour, 0.5))
            )
    body = (g, size)
    if slipover or (design.gender != "Women" and rng.random() < (0.8 if neck == "v" else 0.5)):
        pale = rng.uniform(0.55, 0.85)
        body = shirt_under(studio, g, size, (0.88 * pale, 0.95 * pale, pale), rng)
    dressed(studio, *body, rng, "denim", (0.06, 0.09, 0.16) if rng.random() < 0.5 else (0.03, 0.05, 0.11))
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.70, 0.76),
        shadow=False,
        shift=(0.0, rng.uniform(-0.05, -0.03)),
    )
