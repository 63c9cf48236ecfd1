"""Kurtas: long shirts and tunics with side slits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice, flutes
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    add_cloth,
    arm_creases,
    body_size,
    darker,
    edge_bands,
    inner_neck,
    long_sleeve,
    placket,
    stitched,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import legs_below
from recommender.studio.articles._outline import Points, inset, mirrored
from recommender.studio.articles._worn import arms, bust, skin
from recommender.studio.articles.jackets import stand_collar
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


def kurta_size(design: Design, rng: np.random.Generator) -> Bodice:
    """Pattern of a kurta for the wearer."""
    base = body_size(design, rng)
    s = base.length / {"Women": 0.635, "Boys": 0.49}.get(design.gender, 0.74)
    if design.gender == "Women":
        length, slit = rng.uniform(0.84, 0.98), rng.uniform(0.18, 0.3)
    elif design.gender == "Boys":
        length, slit = rng.uniform(0.62, 0.68), rng.uniform(0.1, 0.16)
    else:
        length, slit = rng.uniform(0.94, 1.04), rng.uniform(0.18, 0.26)
    hem = base.chest * (rng.uniform(1.12, 1.35) if design.gender == "Women" else rng.uniform(1.02, 1.1))
    waist = base.waist * (1.02 if design.gender == "Women" else 1.0)
    return replace(
        base,
        length=length * s,
        slit=slit if rng.random() < 0.8 else 0.0,
        hem=hem,
        waist=waist,
        waist_at=0.72,
        collar=0.95 * base.collar,
    )


def motifs(g: Garment, line: Points, step: float, radius: float) -> list:
    """Small embroidered rounds along a line."""
    from recommender.studio.articles._outline import resample

    return [trim.disc(g, tuple(p), radius, 0, 0.0009, 0.0012) for p in resample(line, step)[1:-1]]


def yoke_panel(
    studio: Studio,
    g: Garment,
    size: Bodice,
    accent: bpy.types.Material,
    second: bpy.types.Material,
    rng: np.random.Generator,
) -> None:
    """Embroidered front: a bib, a long central panel or a border along the neck."""
    low = size.length - size.neck_depth
    kind = rng.choice(["bib", "panel", "border"])
    if kind == "border":
        edge_bands(studio, g, "neck", rng.uniform(0.016, 0.03), accent, sides=(0,))
        foot = low - rng.uniform(0.06, 0.12)
        studio.add(trim.patch(g, trim.rectangle(-0.013, foot, 0.013, low), 0, 0.0014, 0.007), accent)
        for m in motifs(g, np.array([(0, low), (0, foot)]), 0.024, 0.0045):
            studio.add(m, second)
        return
    if kind == "bib":
        w, foot = rng.uniform(0.06, 0.085), low - rng.uniform(0.09, 0.16)
        turn = np.linspace(0, np.pi, 12)
        round_foot = np.c_[-w * np.cos(turn), foot + 0.05 - 0.05 * np.sin(turn)]
        top = min(size.length - 0.42 * size.neck_depth, low + 0.07)
    else:
        w, foot, top = rng.uniform(0.035, 0.055), 0.004, low + 0.03
        round_foot = np.array([(-w, foot), (w, foot)])
    inner = size.neckline(size.neck_depth)
    rim = inner[(inner[:, 0] < w) & (inner[:, 1] < top)]
    half = (
        np.vstack([(w, min(top, np.interp(w, inner[::-1, 0], inner[::-1, 1]))), rim])
        if len(rim)
        else np.array([(w, low), (0, low)])
    )
    upper = np.vstack([half, mirrored(half)[1:]]) - [0, 0.002]
    outline = np.vstack([round_foot, upper])
    studio.add(trim.patch(g, outline, 0, 0.0014, 0.008), accent)
    edge = np.vstack([upper[-1], round_foot, upper[0]])
    studio.add(trim.stitch(g, edge, 0, 0.005, 0.0026), second)
    for m in motifs(g, np.array([(0, low - 0.012), (0, max(foot + 0.02, low - 0.16))]), 0.022, 0.005):
        studio.add(m, second)


@article(
    "Kurtas",
    "Topwear",
    "Apparel",
    genders={"Women": 16, "Men": 2},
    colours={
        "Blue": 20,
        "White": 20,
        "Green": 20,
        "Black": 14,
        "Pink": 11,
        "Red": 11,
        "Brown": 9,
        "Purple": 9,
        "Beige": 6,
        "Maroon": 6,
        "Cream": 5,
        "Orange": 4,
        "Grey": 4,
    },
    patterns={"plain": 5, "spotted": 4, "striped": 1},
    usages={"Ethnic": 1},
    seasons={"Summer": 10, "Fall": 6},
    price=(15, 60),
    nouns=("Kurta",),
)
def kurta(design: Design, studio: Studio) -> None:
    """Women's: caps, three-quarter sleeves, embroidered yokes, borders; men's: band collar and long sleeves."""
    rng = studio.rng
    size = kurta_size(design, rng)
    man = design.gender != "Women"
    small = 0.68 if design.gender == "Boys" else 1.0
    if man:
        size = long_sleeve(replace(size, neck_depth=0.06 * small), rng, 1.0)
        size = replace(size, sleeve=rng.uniform(0.50, 0.55) * small, cuff=0.105 * small, droop=rng.uniform(1.2, 1.28))
    elif rng.random() < 0.5:
        size = replace(
            size,
            sleeve=rng.uniform(0.32, 0.40),
            cuff=rng.uniform(0.105, 0.125),
            droop=rng.uniform(1.12, 1.22),
            neck_depth=rng.uniform(0.07, 0.12),
        )
    else:
        size = replace(
            size,
            sleeve=rng.uniform(0.12, 0.17),
            cuff=rng.uniform(0.125, 0.14),
            droop=rng.uniform(0.95, 1.15),
            neck_depth=rng.uniform(0.08, 0.14),
            neck=str(rng.choice(["round", "v", "square"], p=[0.5, 0.3, 0.2])),
        )
    shape = flutes(0.6 * size.length, rng.uniform(0.006, 0.014), rng.uniform(2.5, 4.5), rng)
    g = size.sew(
        rng,
        Drape(across=rng.uniform(0.03, 0.06), along=0.0, pressure=0.3, bending=0.5, frames=12),
        bust=0.0 if man else 0.022,
        shape=shape,
        spacing=0.0145 * (0.75 if small < 1 else 1),
    )
    g.fold(arm_creases(size, rng, 4), depth=rng.uniform(0.002, 0.0035))
    weave = str(rng.choice(["cotton", "linen", "silk"], p=[0.65, 0.2, 0.15]))
    cloth = studio.material(weave, pattern=studio.pattern(), wrinkle=0.5)
    plain = studio.material(weave, wrinkle=0.5)
    accent = studio.material("cotton", design.accent)
    red, green, blue = (0.5 * a + 0.35 * c for a, c in zip(design.accent, design.colour, strict=True))
    second = studio.material("gold") if rng.random() < 0.4 else studio.material("cotton", (red, green, blue))
    thread = studio.material("cotton", darker(design.colour, 0.65))
    add_cloth(studio, g, cloth)
    inner_neck(studio, g, plain)
    if man:
        stand_collar(studio, g, plain, 0.03 * small, gap=0.02)
        low = size.length - size.neck_depth
        placket(
            studio,
            g,
            plain,
            studio.material("plastic", (0.7, 0.66, 0.58)),
            thread,
            low,
            low - 0.27 * small,
            0.03 * small,
            4,
            0.005,
        )
    else:
        edge_bands(studio, g, "neck", 0.008, plain, sides=(0,))
        if rng.random() < 0.88:
            yoke_panel(studio, g, size, accent if rng.random() < 0.75 else plain, second, rng)
        if rng.random() < 0.5:
            width = rng.uniform(0.012, 0.04)
            edge_bands(studio, g, "cuff", 0.6 * width, accent)
            for away in (0.004, width):
                for e in g.edges[0]:
                    if e.name == "hem":
                        studio.add(trim.stitch(g, inset(e.points, away + 0.004), 0, 0.006, 0.001), accent)
    for name in ("cuff", "hem", "slit"):
        stitched(studio, g, name, 0.012, thread)
    for line in (size.arm_curve(), mirrored(size.arm_curve())):
        studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    light = np.mean(design.colour) > 0.3
    dull = (0.02, 0.02, 0.024) if light else (0.72, 0.70, 0.64)
    legs = design.accent if rng.random() < 0.4 else dull
    lacquer = skin(studio, rng)
    bust(studio, g, size, lacquer)
    arms(studio, g, size, lacquer, rng)
    legs_below(studio, rng, size.length - 0.72 * size.shoulder / 0.17, "jersey", legs, small)
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.68, 0.72),
        shadow=False,
        shift=(0.0, rng.uniform(-0.085, -0.065)),
    )
