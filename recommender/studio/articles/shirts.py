"""Shirts: collar, placket, buttons, pockets, cuffs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
    inner_neck,
    long_sleeve,
    placket,
    stitched,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._outline import curve, mirrored
from recommender.studio.articles._worn import darks, dressed
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

UPRIGHT = ("candy", "pin", "vertical")  # shirtings are striped along the body


def chest_pocket(
    studio: Studio,
    g: Garment,
    size: Bodice,
    cloth: bpy.types.Material,
    thread: bpy.types.Material,
    side: float,
    flap: bool = False,
    width: float = 0.105,
) -> None:
    """Patch pocket with a pointed foot, optionally with a buttoned flap."""
    x = side * 0.5 * size.chest
    top = size.armpit[1] + 0.055
    w, h = width / 2, width * 1.12
    outline = np.array([(x - w, top), (x - w, top - 0.82 * h), (x, top - h), (x + w, top - 0.82 * h), (x + w, top)])
    studio.add(trim.patch(g, outline, 0, 0.0018, 0.009), cloth)
    loop = np.array(
        [
            (x - w + 0.004, top),
            (x - w + 0.004, top - 0.81 * h),
            (x, top - h + 0.005),
            (x + w - 0.004, top - 0.81 * h),
            (x + w - 0.004, top),
        ]
    )
    studio.add(trim.stitch(g, loop, 0, 0.001, 0.0026), thread)
    studio.add(trim.stitch(g, np.array([(x - w, top - 0.02), (x + w, top - 0.02)]), 0, 0.001, 0.0026), thread)
    if flap:
        lid = np.array(
            [
                (x - w - 0.003, top + 0.006),
                (x - w - 0.003, top - 0.028),
                (x, top - 0.045),
                (x + w + 0.003, top - 0.028),
                (x + w + 0.003, top + 0.006),
            ]
        )
        studio.add(trim.patch(g, lid, 0, 0.0022, 0.009, lift=0.002), cloth)
        studio.add(
            trim.disc(g, (x, top - 0.033), 0.005, 0, 0.0016, 0.005), studio.material("plastic", (0.6, 0.58, 0.54))
        )


@article(
    "Shirts",
    "Topwear",
    "Apparel",
    genders={"Men": 26, "Women": 3, "Boys": 1},
    colours={
        "Blue": 7,
        "White": 5,
        "Black": 3,
        "Red": 2,
        "Purple": 2,
        "Green": 2,
        "Navy Blue": 2,
        "Grey": 2,
        "Pink": 1,
        "Brown": 1,
        "Maroon": 1,
        "Yellow": 1,
        "Beige": 1,
    },
    patterns={"plain": 4, "striped": 3, "plaid": 4},
    usages={"Casual": 20, "Formal": 8},
    seasons={"Fall": 16, "Summer": 12, "Winter": 1},
    price=(15, 60),
    nouns=("Shirt",),
)
def shirt(design: Design, studio: Studio) -> None:
    """Long, rolled or short sleeves; one, two or no pockets; button-up placket, open or closed collar."""
    rng = studio.rng
    size = body_size(design, rng)
    size = replace(
        size,
        dip=rng.choice([0.0, rng.uniform(0.02, 0.045)]),
        neck="v",
        neck_depth=rng.uniform(0.085, 0.14),
        droop=rng.uniform(0.65, 0.85),
        armhole=size.armhole + 0.01,
    )
    formal = design.usage == "Formal"
    kind = rng.choice(["long", "rolled", "short"], p=[0.9, 0.1, 0.0] if formal else [0.5, 0.25, 0.25])
    if kind == "long":
        size = long_sleeve(size, rng)
        size = replace(size, droop=rng.uniform(1.24, 1.32))
    elif kind == "rolled":
        size = long_sleeve(size, rng, 0.62)
        size = replace(size, cuff=1.25 * size.cuff, droop=rng.uniform(1.1, 1.2))
    else:
        size = replace(size, droop=rng.uniform(0.95, 1.1))
    drape = Drape(
        across=rng.uniform(0.02, 0.05),
        along=rng.uniform(0.0, 0.02),
        pressure=rng.uniform(0.3, 0.7),
        bending=rng.uniform(0.6, 1.5),
        frames=12,
        stiffness=35,
    )
    g = size.sew(rng, drape, bust=0.018 if design.gender == "Women" else 0.0)
    g.fold(arm_creases(size, rng), depth=rng.uniform(0.002, 0.004))
    weave = "cotton" if formal or rng.random() < 0.75 else "linen"
    pattern = studio.pattern(only=UPRIGHT if design.pattern == "striped" else None)
    cloth = studio.material(weave, pattern=pattern, wrinkle=0.5)
    thread = studio.material("cotton", darker(design.colour, 0.7))
    add_cloth(studio, g, cloth)
    pale = rng.random() < 0.6
    buttons = studio.material("plastic", (0.72, 0.70, 0.66) if pale else darker(design.colour, 0.35))
    neck_low = size.length - size.neck_depth
    placket(
        studio, g, cloth, buttons, thread, neck_low + 0.004, -0.95 * size.dip + 0.002, count=int(rng.integers(6, 8))
    )
    for m in trim.fold_collar(
        g,
        stand=0.028,
        leaf=0.042,
        point=rng.uniform(0.07, 0.088),
        gap=rng.uniform(0.006, 0.024),
        spread=rng.uniform(0.5, 0.9),
    ):
        studio.add(m, cloth, solidify=0.0016)
    inner_neck(studio, g, cloth)
    if kind == "short":
        stitched(studio, g, "cuff", 0.025, thread)
    else:
        cuffs(studio, g, cloth, 0.06 if kind == "long" else 0.05, thread, 0.0022 if kind == "long" else 0.005)
    stitched(studio, g, "hem", 0.008, thread)
    pockets = rng.choice([0, 1, 2], p=[0.3, 0.5, 0.2])
    flap = rng.random() < (0.1 if formal else 0.4)
    for side in (1, -1)[: int(pockets)]:
        chest_pocket(studio, g, size, cloth, thread, side, flap or pockets == 2, 0.105 * size.length / 0.74)
    for line in (size.arm_curve(), mirrored(size.arm_curve())):
        studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    if rng.random() < 0.5:
        for sign in (1, -1):
            yoke = curve(
                [(0.98 * size.shoulder, size.length - size.drop - 0.03), (size.collar + 0.005, size.length - 0.035)], 4
            ) * [sign, 1]
            studio.add(trim.stitch(g, yoke, 0, 0.0012), thread)
    dressed(studio, g, size, rng, *(("cotton", (0.014, 0.014, 0.016)) if formal else darks(rng)))
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.62, 0.66) if kind == "short" else rng.uniform(0.70, 0.76),
        shadow=False,
        shift=(0.0, rng.uniform(-0.05, -0.03)),
    )
