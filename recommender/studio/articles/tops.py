"""T-shirts, tops, vests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import flutes
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    add_cloth,
    body_size,
    darker,
    edge_bands,
    inner_neck,
    long_sleeve,
    placket,
    soft_cloth,
    stitched,
)
from recommender.studio.articles._legs import legs_below
from recommender.studio.articles._outline import mirrored
from recommender.studio.articles._worn import arms, bust, skin
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Tshirts",
    "Topwear",
    "Apparel",
    genders={"Men": 47, "Women": 10, "Boys": 5, "Girls": 1},
    colours={
        "White": 10,
        "Black": 10,
        "Blue": 9,
        "Grey": 6,
        "Red": 5,
        "Green": 5,
        "Navy Blue": 4,
        "Yellow": 3,
        "Purple": 3,
        "Pink": 2,
        "Orange": 1,
        "Brown": 1,
        "Maroon": 1,
    },
    patterns={"plain": 4, "striped": 2, "graphic": 4},
    usages={"Casual": 9, "Sports": 1},
    seasons={"Summer": 6, "Fall": 4},
    price=(9, 35),
    nouns=("T-shirt", "Tee"),
)
def tshirt(design: Design, studio: Studio) -> None:
    """Crew, V-neck, polo or henley; short sleeves, some long, some sleeves in the second colour."""
    rng = studio.rng
    size = body_size(design, rng)
    plain_front = design.pattern == "graphic"
    style = str(
        rng.choice(["crew", "v", "polo", "henley"], p=[0.8, 0.2, 0, 0] if plain_front else [0.42, 0.16, 0.32, 0.1])
    )
    if style == "v":
        size = replace(size, neck="v", neck_depth=size.neck_depth + 0.05)
    elif style == "polo":
        size = replace(size, neck="v", neck_depth=0.075 * size.length / 0.74)
    if design.usage == "Casual" and rng.random() < 0.12:
        size = long_sleeve(size, rng)
    drape = Drape(
        across=rng.uniform(0.05, 0.10),
        along=0.0,
        pressure=rng.uniform(0.1, 0.35),
        bending=rng.uniform(0.3, 0.8),
        frames=14,
    )
    g = size.sew(rng, drape, bust=0.022 if design.gender == "Women" else 0.0)
    cloth = studio.material("jersey", pattern=studio.pattern(), wrinkle=0.35)
    plain = studio.material("jersey")
    accent = studio.material("jersey", design.accent)
    thread = studio.material("cotton", darker(design.colour, 0.62))
    box = None
    if design.pattern == "graphic":
        w = size.chest * rng.uniform(1.0, 1.25)
        box = (0.0, size.armpit[1] - rng.uniform(0.0, 0.05), w, w)
    add_cloth(studio, g, cloth, print_box=box)
    ringer = rng.random() < 0.2
    rib = accent if ringer else plain
    inner_neck(studio, g, rib)
    if style != "polo":
        edge_bands(studio, g, "neck", rng.uniform(0.014, 0.022), rib, sides=(0,))
    if style in ("polo", "henley"):
        low = size.length - size.neck_depth - (0.0 if style == "polo" else 0.012)
        reach = rng.uniform(0.10, 0.14) * size.length / 0.74
        buttons = studio.material("plastic", (0.72, 0.70, 0.66) if rng.random() < 0.6 else darker(design.colour, 0.5))
        placket(
            studio,
            g,
            rib if rng.random() < 0.3 else plain,
            buttons,
            thread,
            low,
            low - reach,
            0.03,
            3 if reach > 0.12 else 2,
        )
    if style == "polo":
        for m in trim.fold_collar(
            g, stand=0.022, leaf=0.04, point=0.062, gap=rng.uniform(0.006, 0.02), spread=rng.uniform(0.4, 0.7)
        ):
            studio.add(m, rib, solidify=0.0015)
    if ringer:
        edge_bands(studio, g, "cuff", 0.016, rib)
    else:
        stitched(studio, g, "cuff", 0.022, thread)
    stitched(studio, g, "hem", 0.022, thread)
    seam = size.arm_curve()
    for line in (seam, mirrored(seam)):
        studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    studio.view(azimuth=rng.uniform(-6, 6), elevation=rng.uniform(0, 5), fill=rng.uniform(0.82, 0.94), shadow=False)


@article(
    "Tops",
    "Topwear",
    "Apparel",
    genders={"Women": 14, "Girls": 2},
    colours={
        "White": 24,
        "Pink": 21,
        "Black": 21,
        "Blue": 16,
        "Purple": 11,
        "Green": 9,
        "Red": 8,
        "Grey": 8,
        "Yellow": 6,
        "Peach": 4,
        "Navy Blue": 4,
        "Brown": 3,
        "Magenta": 3,
        "Beige": 3,
    },
    patterns={"plain": 4, "striped": 2, "spotted": 2, "graphic": 2},
    usages={"Casual": 15, "Party": 1},
    seasons={"Summer": 7, "Fall": 3},
    price=(9, 40),
    nouns=("Top",),
)
def top(design: Design, studio: Studio) -> None:
    """Sleeveless, capped or three-quarter sleeves; scoop, V, boat or square neck; straight, flared or gathered."""
    rng = studio.rng
    size = body_size(design, rng)
    girl = design.gender == "Girls"
    style = rng.choice(["none", "strap", "cap", "short", "three"], p=[0.36, 0.26, 0.12, 0.08, 0.18])
    neck = str(rng.choice(["round", "v", "boat", "square"], p=[0.45, 0.25, 0.15, 0.15]))
    wide = 0.62 if style == "strap" else rng.uniform(0.52, 0.66)
    size = replace(
        size,
        neck=neck,
        collar=wide * size.shoulder,
        neck_depth=(0.05 if neck == "boat" else rng.uniform(0.10, 0.16)) * (0.7 if girl else 1),
        hem=size.chest * rng.uniform(0.98, 1.28),
        length=size.length * rng.uniform(0.88, 0.98),
    )
    if style == "none":
        size = replace(size, sleeve=0.0, scoop=rng.uniform(0.012, 0.022))
    elif style == "strap":
        size = replace(
            size,
            sleeve=0.0,
            shoulder=size.collar + 0.028,
            chest=0.95 * size.chest,
            scoop=0.004,
            neck_depth=0.13 if not girl else 0.09,
            back_depth=0.07,
            drop=0.012,
        )
    elif style == "cap":
        size = replace(size, sleeve=0.085 * size.length / 0.63, cuff=0.14 * size.length / 0.63, droop=0.55)
    elif style == "three":
        size = replace(
            size, sleeve=0.38 * size.length / 0.63, cuff=0.10 * size.length / 0.63, droop=rng.uniform(1.12, 1.22)
        )
    flare = size.hem > 1.1 * size.chest
    shape = (
        flutes(size.length * 0.75, rng.uniform(0.008, 0.016), rng.uniform(3, 5), rng)
        if flare or rng.random() < 0.4
        else None
    )
    drape = Drape(
        across=rng.uniform(0.05, 0.10),
        along=0.0,
        pressure=rng.uniform(0.2, 0.5),
        bending=rng.uniform(0.2, 0.6),
        frames=13,
    )
    g = size.sew(rng, drape, bust=0.0 if girl else 0.026, shape=shape)
    cloth, plain = soft_cloth(studio, rng)
    box = (0.0, size.armpit[1] - 0.04, 1.3 * size.chest, 1.3 * size.chest) if design.pattern == "graphic" else None
    add_cloth(studio, g, cloth, print_box=box)
    thread = studio.material("cotton", darker(design.colour, 0.65))
    trimming = studio.material("satin", design.accent, roughness=0.5) if rng.random() < 0.15 else plain
    edge_bands(studio, g, "neck", rng.uniform(0.007, 0.018), trimming, sides=(0,))
    inner_neck(studio, g, plain, 0.009)
    if size.sleeve:
        stitched(studio, g, "cuff", 0.015, thread)
        for line in (size.arm_curve(), mirrored(size.arm_curve())):
            studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    else:
        edge_bands(studio, g, "armhole", 0.008, trimming)
    if rng.random() < 0.3:
        z = size.armpit[1] - rng.uniform(0.07, 0.1) * size.length / 0.63
        line = np.array([(-0.93 * size.waist, z), (0, z + 0.004), (0.93 * size.waist, z)])
        studio.add(
            trim.stitch(g, line, 0, rng.choice([0.0018, 0.018]), 0.0016), trimming if trimming is not plain else thread
        )
    stitched(studio, g, "hem", 0.015, thread)
    denim = rng.random() < 0.65
    colour = (0.025, 0.045, 0.11) if denim else (0.018, 0.018, 0.02)
    fork = (-0.10 + 0.3 * (size.length - 0.6)) * size.chest / 0.19
    lacquer = skin(studio, rng)
    bust(studio, g, size, lacquer)
    arms(studio, g, size, lacquer, rng)
    legs_below(studio, rng, fork, "denim" if denim else "cotton", colour, 0.9 * size.chest / 0.19)
    studio.view(
        azimuth=rng.uniform(-7, 7),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.55, 0.60),
        shadow=False,
        shift=(0.0, rng.uniform(-0.075, -0.06)),
    )


@article(
    "Innerwear Vests",
    "Innerwear",
    "Apparel",
    genders={"Men": 1},
    colours={
        "White": 6,
        "Black": 4,
        "Grey": 3,
        "Red": 2,
        "Navy Blue": 2,
        "Green": 1,
        "Grey Melange": 1,
        "Blue": 1,
        "Maroon": 1,
    },
    patterns={"plain": 1},
    usages={"Casual": 1},
    seasons={"Summer": 10, "Winter": 1},
    price=(5, 15),
    nouns=("Vest", "Undershirt"),
)
def vest(design: Design, studio: Studio) -> None:
    """Sleeveless undershirt: broad or narrow straps, scoop neck, plain or contrasting binding."""
    rng = studio.rng
    size = body_size(design, rng)
    collar = rng.uniform(0.088, 0.104)
    size = replace(
        size,
        chest=size.chest * 0.97,
        waist=size.chest * rng.uniform(0.88, 0.94),
        hem=size.chest * rng.uniform(0.93, 1.0),
        collar=collar,
        shoulder=collar + rng.uniform(0.032, 0.06),
        drop=rng.uniform(0.012, 0.022),
        sleeve=0.0,
        scoop=0.002,
        armhole=rng.uniform(0.25, 0.275),
        neck_depth=rng.uniform(0.15, 0.2),
        back_depth=rng.uniform(0.05, 0.1),
        neck=str(rng.choice(["round", "square"], p=[0.8, 0.2])),
        length=rng.uniform(0.63, 0.70),
    )
    g = size.sew(rng, Drape(across=rng.uniform(0.03, 0.07), along=0.0, pressure=0.4, bending=0.4, frames=12))
    cloth = studio.material("jersey", wrinkle=0.35, scale=1.8)
    studio.add(g.mesh(), cloth)
    bound = (
        studio.material("jersey", design.accent)
        if rng.random() < 0.4 and design.baseColour != "White"
        else studio.material("jersey")
    )
    width = rng.uniform(0.009, 0.015)
    edge_bands(studio, g, "neck", width, bound)
    edge_bands(studio, g, "armhole", width, bound)
    inner_neck(studio, g, bound, 0.009)
    stitched(studio, g, "hem", 0.018, studio.material("cotton", darker(design.colour, 0.65)))
    studio.view(azimuth=rng.uniform(-6, 6), elevation=rng.uniform(0, 5), fill=rng.uniform(0.74, 0.9), shadow=False)
