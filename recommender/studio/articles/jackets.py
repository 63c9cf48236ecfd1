"""Jackets: track tops, bombers, quilted and leather jackets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice
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
from recommender.studio.articles._outline import curve, mirrored
from recommender.studio.articles.knits import hood, zipper
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


def stand_collar(
    studio: Studio, g: Garment, cloth: bpy.types.Material, height: float, gap: float = 0.004, flare: float = 0.12
) -> None:
    """Upright collar around the neck, its front ends level with the zip."""
    base, out = trim.neck_ring(g, gap)
    t = np.abs(np.linspace(-1, 1, len(base)))[:, None]
    up = np.array([0.0, 0.0, 1.0])
    rise = height * (1 - 0.22 * t**3)
    rows = [base - up * 0.008 + out * 0.003]
    for k in np.linspace(0, 1, 6):
        rows.append(
            base + up * rise * k + out * (flare * height * k * t**1.5 + 0.006 * np.sin(np.pi * k) * (1 - 0.5 * t))
        )
    grid = np.stack(rows, axis=1)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(base, axis=0), axis=1))]
    uv = np.stack(np.meshgrid(along, np.linspace(0, height, grid.shape[1]), indexing="ij"), axis=-1)
    studio.add(trim.grid_mesh("collar", grid, uv), cloth, solidify=0.004)


def quilt(g: Garment, pitch: float, depth: float, slant: float = 0.0) -> None:
    """Puffed tubes of ``pitch`` metres between lines of stitches."""
    x, z = g.flat.T
    part = np.abs(np.sin(np.pi * (z + slant * np.abs(x)) / pitch))
    noise = 1 + 0.25 * np.sin(60 * x + 25 * z) * np.sin(41 * x - 33 * z)
    g.co = g.co + g.normals * (depth * (part**0.6 - 0.6) * noise)[:, None]


def zip_pocket(
    studio: Studio, g: Garment, size: Bodice, metal: bpy.types.Material, dark: bpy.types.Material, low: float
) -> None:
    """Slanted welt pockets with a zip on both sides."""
    for sign in (1, -1):
        line = np.array([(0.56 * size.waist, low + 0.15), (0.74 * size.waist, low)]) * [sign, 1] * 1.0
        studio.add(trim.stitch(g, line, 0, 0.011, 0.0012), dark)
        studio.add(trim.stitch(g, line, 0, 0.0032, 0.0024), metal)


def yoke(studio: Studio, g: Garment, size: Bodice, material: bpy.types.Material, rng: np.random.Generator) -> None:
    """Second colour over chest: a chevron or straight band from armhole to armhole."""
    z = size.armpit[1] + 0.035
    dip = rng.choice([0.0, 0.05])
    xa = 0.985 * np.interp(z, *size.arm_curve()[::-1].T[::-1])
    top = z + rng.uniform(0.035, 0.07)
    xb = 0.985 * np.interp(top, *size.arm_curve()[::-1].T[::-1])
    box = np.array([(0, z - dip), (xa, z), (xb, top), (0, top - dip), (-xb, top), (-xa, z)])
    studio.add(trim.patch(g, box, 0, 0.0012, 0.01), material)


@article(
    "Jackets",
    "Topwear",
    "Apparel",
    genders={"Men": 18, "Women": 5, "Boys": 1},
    colours={
        "Black": 9,
        "Blue": 3,
        "Navy Blue": 3,
        "Grey": 2,
        "Red": 2,
        "White": 1,
        "Olive": 1,
        "Pink": 1,
        "Purple": 1,
        "Green": 1,
        "Brown": 1,
        "Khaki": 1,
    },
    patterns={"plain": 1},
    usages={"Casual": 7, "Sports": 3},
    seasons={"Fall": 14, "Summer": 8, "Winter": 2},
    price=(35, 140),
    nouns=("Jacket",),
)
def jacket(design: Design, studio: Studio) -> None:
    """Zipped track, bomber, quilted or leather jacket; stand collar, shirt collar or hood."""
    rng = studio.rng
    sport = design.usage == "Sports"
    kinds = ["track", "bomber", "puffer", "leather"]
    leathery = design.baseColour in ("Black", "Brown")
    kind = str(
        rng.choice(
            kinds,
            p=[0.75, 0.15, 0.1, 0.0] if sport else ([0.2, 0.2, 0.25, 0.35] if leathery else [0.35, 0.3, 0.35, 0.0]),
        )
    )
    size = long_sleeve(body_size(design, rng), rng, 1.04)
    s = size.length / 0.74
    size = replace(
        size,
        length=0.92 * size.length,
        chest=1.05 * size.chest,
        waist=1.05 * size.waist,
        hem=(0.96 if kind != "puffer" else 1.04) * size.waist,
        cuff=(1.05 if kind != "puffer" else 1.35) * size.cuff,
        neck_depth=0.06 * s,
        collar=1.02 * size.collar,
        droop=rng.uniform(1.02, 1.14),
    )
    g = size.sew(
        rng,
        Drape(
            across=rng.uniform(0.02, 0.05),
            along=rng.uniform(0.02, 0.05),
            pressure=1.5 if kind == "puffer" else 0.8,
            bending=3.0,
            frames=11,
            stiffness=35,
        ),
        depth=0.9,
    )
    g.fold(arm_creases(size, rng, 6), depth=rng.uniform(0.003, 0.006))
    if kind == "puffer":
        quilt(g, rng.uniform(0.055, 0.09) * s, rng.uniform(0.010, 0.014), rng.choice([0.0, 0.35]))
    weaves: dict[str, tuple[str, dict[str, Any]]] = {
        "track": ("jersey", {"roughness": 0.6}),
        "bomber": ("cotton", {"roughness": 0.65}),
        "puffer": ("satin", {"roughness": 0.42, "wrinkle": 1.3}),
        "leather": ("leather", {}),
    }
    weave, look = weaves[kind]
    cloth = studio.material(weave, **look)
    second = rng.random() < (0.45 if kind in ("track", "puffer") else 0.08)
    accent = studio.material(weave, design.accent, **look)
    dark = studio.material(
        "cotton", darker(design.colour, 0.45) if np.mean(design.colour) > 0.02 else (0.03, 0.03, 0.032)
    )
    metal = studio.material("metal") if rng.random() < 0.6 else studio.material("plastic", darker(design.colour, 0.5))
    add_cloth(studio, g, cloth)
    low = 0.06 * s
    if kind in ("track", "bomber"):
        rib = studio.material("jersey", scale=2.2) if kind == "bomber" or rng.random() < 0.5 else cloth
        edge_bands(studio, g, "hem", 0.05 * s, rib, height=0.003)
        cuffs(studio, g, rib, 0.05 * s, height=0.003)
    else:
        edge_bands(studio, g, "hem", 0.03 * s, cloth, height=0.003)
        cuffs(studio, g, cloth, 0.04 * s, height=0.003)
    if second and kind in ("track", "puffer"):
        yoke(studio, g, size, accent, rng)
    if kind == "track" and rng.random() < 0.6:
        _arm_stripes(studio, g, size, accent, int(rng.choice([1, 2, 3])))
    zipper(studio, g, size.length - size.neck_depth + 0.002, 0.002, metal, dark, 0.022)
    inner_neck(studio, g, dark)
    if kind != "leather" and rng.random() < 0.22:
        hood(studio, g, size, cloth, dark, rng)
    elif kind == "leather" and rng.random() < 0.6:
        for m in trim.fold_collar(g, stand=0.025, leaf=0.05, point=0.085, gap=0.012, spread=0.8):
            studio.add(m, cloth, solidify=0.003)
    else:
        stand_collar(studio, g, cloth, rng.uniform(0.045, 0.065) * s)
    zip_pocket(studio, g, size, metal, dark, low + rng.uniform(0.03, 0.08))
    for line in (size.arm_curve(), mirrored(size.arm_curve())):
        studio.add(trim.stitch(g, line, 0, 0.0018, 0.0006), dark)
    if kind == "leather":
        for sign in (1, -1):
            seam = curve(
                [
                    (0.55 * size.shoulder, size.length - 0.05),
                    (0.5 * size.chest, size.armpit[1]),
                    (0.5 * size.waist, low),
                ],
                6,
            ) * [sign, 1]
            studio.add(trim.stitch(g, seam, 0, 0.002, 0.0008), dark)
    studio.view(azimuth=rng.uniform(-6, 6), elevation=rng.uniform(0, 5), fill=rng.uniform(0.84, 0.95), shadow=False)


def _arm_stripes(studio: Studio, g: Garment, size: Bodice, material: bpy.types.Material, count: int) -> None:
    """Stripes from the shoulder down the sleeve."""
    top, low = size.cuff_ends()
    across = (low - top) / np.linalg.norm(low - top)
    for k in range(count):
        shift = across * (0.022 + 0.016 * k)
        for sign in (1, -1):
            line = np.array(
                [np.array(size.tip) + [0.004, -0.004] + 0.8 * shift, top + shift + size.along() * -0.05]
            ) * [sign, 1]
            studio.add(trim.stitch(g, line, 0, 0.009, 0.0014), material)
