"""Dresses and skirts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice, flutes, lopsided
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    add_cloth,
    body_size,
    darker,
    edge_bands,
    inner_neck,
    soft_cloth,
    stitched,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import Legs, belt_loops, scoop_pockets, waistband, wash, washed
from recommender.studio.articles._outline import Edge, Points, curve, mirrored, symmetric
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


def dress_size(design: Design, rng: np.random.Generator, cut: str) -> Bodice:
    """Pattern of a dress of a cut: sheath, flare, shift or empire."""
    base = body_size(design, rng)
    girl = design.gender == "Girls"
    s = base.length / (0.49 if girl else 0.635)
    length = (rng.uniform(0.56, 0.64) if girl else rng.uniform(0.84, 0.96)) * s
    top = length - base.drop - base.armhole
    below = {"sheath": 0.155, "flare": 0.145, "shift": 0.20, "empire": 0.055}[cut] * (0.62 if girl else 1.0)
    hem = {
        "sheath": rng.uniform(0.185, 0.205),
        "flare": rng.uniform(0.27, 0.36),
        "shift": rng.uniform(0.225, 0.26),
        "empire": rng.uniform(0.24, 0.31),
    }[cut]
    waist = {"sheath": 0.146, "flare": 0.144, "shift": 0.192, "empire": 0.165}[cut] * (1.0 if not girl else 0.92)
    hem *= 0.88 if girl else 1.0
    level = (top - below) / top
    return replace(
        base,
        length=length,
        hem=hem,
        waist=waist,
        waist_at=level,
        hold=(top - below) if cut != "shift" else 0.0,
        neck_depth=base.neck_depth * rng.uniform(0.9, 1.25),
    )


@article(
    "Dresses",
    "Dress",
    "Apparel",
    genders={"Women": 35, "Girls": 6},
    colours={
        "Black": 9,
        "Blue": 6,
        "Pink": 5,
        "White": 3,
        "Purple": 2,
        "Navy Blue": 2,
        "Red": 2,
        "Grey": 2,
        "Cream": 2,
        "Green": 1,
        "Peach": 1,
        "Orange": 1,
    },
    patterns={"plain": 5, "spotted": 2, "striped": 1},
    usages={"Casual": 9, "Party": 1},
    seasons={"Summer": 7, "Fall": 3},
    price=(25, 95),
    nouns=("Dress",),
)
def dress(design: Design, studio: Studio) -> None:
    """Sheath, fit-and-flare, shift or empire; sleeveless, straps, caps or longer sleeves; belts and waist seams."""
    rng = studio.rng
    girl = design.gender == "Girls"
    cut = str(
        rng.choice(["sheath", "flare", "shift", "empire"], p=[0.0, 0.6, 0.1, 0.3] if girl else [0.3, 0.4, 0.12, 0.18])
    )
    size = dress_size(design, rng, cut)
    sleeve = rng.choice(["none", "strap", "cap", "three"], p=[0.42, 0.18, 0.28, 0.12])
    size = replace(
        size,
        neck=str(rng.choice(["round", "v", "square"], p=[0.55, 0.3, 0.15])),
        collar=rng.uniform(0.52, 0.62) * size.shoulder,
    )
    small = 0.72 if girl else 1.0
    if sleeve == "none":
        size = replace(size, sleeve=0.0, scoop=0.014)
    elif sleeve == "strap":
        size = replace(
            size,
            sleeve=0.0,
            collar=0.55 * size.shoulder,
            shoulder=0.55 * size.shoulder + rng.uniform(0.018, 0.03),
            chest=0.94 * size.chest,
            scoop=0.003,
            drop=0.008,
            neck_depth=0.14 * small,
            back_depth=0.08 * small,
        )
    elif sleeve == "cap":
        size = replace(size, sleeve=0.085 * small, cuff=0.135 * small, droop=0.6)
    else:
        size = replace(size, sleeve=0.38 * small, cuff=0.098 * small, droop=1.08)
    waist_z = size.waist_at * size.armpit[1]
    full = cut in ("flare", "empire")
    shape = flutes(
        waist_z, rng.uniform(0.014, 0.026) * (0.7 if girl else 1) if full else 0.004, rng.uniform(3.5, 6), rng
    )
    ease = (lambda x, z: np.where(z < waist_z, 1.0, 0.15)) if full else None
    drape = Drape(across=0.05 if full else 0.03, along=0.0, pressure=0.3, bending=0.3, frames=12)
    g = size.sew(
        rng,
        drape,
        bust=0.0 if girl else 0.03,
        shape=shape,
        ease=ease,
        spacing=0.0135 * (0.72 if girl else 1),
        folds=1.5,
    )
    cloth, plain = soft_cloth(studio, rng, p=(0.35, 0.35, 0.15, 0.15))
    add_cloth(studio, g, cloth)
    thread = studio.material("cotton", darker(design.colour, 0.62))
    edge_bands(studio, g, "neck", rng.uniform(0.006, 0.012), plain, sides=(0,))
    inner_neck(studio, g, plain, 0.009)
    if size.sleeve:
        stitched(studio, g, "cuff", 0.014, thread)
        for line in (size.arm_curve(), mirrored(size.arm_curve())):
            studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    else:
        edge_bands(studio, g, "armhole", 0.007, plain)
    if cut != "shift":
        belt = rng.random()
        width = rng.uniform(0.018, 0.035) * small if belt < 0.45 else 0.0014
        other = (
            studio.material("satin" if rng.random() < 0.6 else "leather", design.accent, roughness=0.5)
            if belt < 0.3
            else plain
        )
        line = np.array([(-1.02 * size.waist, waist_z), (0, waist_z + 0.003), (1.02 * size.waist, waist_z)])
        for side in (0, 1):
            studio.add(trim.stitch(g, line, side, width, 0.0022), other if width > 0.01 else thread)
        if width > 0.01 and other is not plain and rng.random() < 0.6:
            studio.add(
                trim.patch(
                    g,
                    trim.rectangle(-0.02, waist_z - 0.6 * width, 0.02, waist_z + 0.6 * width),
                    0,
                    0.003,
                    0.006,
                    lift=0.002,
                ),
                studio.material("gold"),
            )
    stitched(studio, g, "hem", 0.02, thread)
    studio.view(azimuth=rng.uniform(-8, 8), elevation=rng.uniform(0, 5), fill=rng.uniform(0.84, 0.95), shadow=False)


@dataclass(frozen=True)
class Skirt:
    """Right half of a skirt in metres; hem at z = 0."""

    length: float = 0.45
    waist: float = 0.16
    hip: float = 0.195
    hem: float = 0.25
    dip: float = 0.012
    curve_hem: float = 0.015

    def half(self) -> list[Edge]:
        """Right half of the outline."""
        hem = curve([(0, -self.curve_hem), (0.55 * self.hem, -0.7 * self.curve_hem), (self.hem, 0)])
        hip_z = max(self.length - 0.17 * self.waist / 0.16, 0.35 * self.length)
        at_hip = max(self.hip, self.waist + (self.hem - self.waist) * (1 - hip_z / self.length))
        side = curve([(self.hem, 0), (at_hip, hip_z), (self.waist, self.length)])
        waist = curve(
            [(self.waist, self.length), (0.5 * self.waist, self.length - 0.75 * self.dip), (0, self.length - self.dip)]
        )
        return [Edge("hem", hem, True), Edge("side", side), Edge("waist", waist, True)]

    def back(self) -> dict[str, Points]:
        """The back of the waist is level."""
        return {
            "waist": curve(
                [(self.waist, self.length), (0.5 * self.waist, self.length + 0.004), (0, self.length + 0.006)]
            )
        }


@article(
    "Skirts",
    "Bottomwear",
    "Apparel",
    genders={"Women": 9, "Girls": 2},
    colours={
        "Blue": 25,
        "Black": 21,
        "Pink": 14,
        "Grey": 10,
        "Navy Blue": 8,
        "Red": 7,
        "White": 4,
        "Cream": 4,
        "Green": 3,
        "Brown": 3,
    },
    patterns={"plain": 7, "plaid": 1, "spotted": 1, "striped": 1},
    usages={"Casual": 9, "Formal": 1},
    seasons={"Summer": 8, "Fall": 3},
    price=(14, 55),
    nouns=("Skirt",),
)
def skirt(design: Design, studio: Studio) -> None:
    """Denim mini, pencil, flared or pleated."""
    rng = studio.rng
    s = 0.78 if design.gender == "Girls" else 1.0
    jean = design.baseColour in ("Blue", "Navy Blue") and design.pattern == "plain"
    kind = (
        "pencil"
        if design.usage == "Formal"
        else str(
            rng.choice(
                ["denim", "pencil", "flare", "pleat"], p=[0.6, 0.1, 0.2, 0.1] if jean else [0.0, 0.15, 0.45, 0.4]
            )
        )
    )
    u = rng.uniform
    shape = {
        "denim": (u(0.30, 0.36), u(0.205, 0.225)),
        "pencil": (u(0.54, 0.64), u(0.158, 0.176)),
        "flare": (u(0.44, 0.66), u(0.25, 0.33)),
        "pleat": (u(0.33, 0.45), u(0.24, 0.30)),
    }[kind]
    size = Skirt(
        length=s * shape[0],
        waist=s * u(0.145, 0.16),
        hip=s * (u(0.172, 0.182) if kind == "pencil" else u(0.182, 0.195)),
        hem=s * shape[1],
    )
    g = Garment(
        symmetric(size.half()), size.back(), depth=0.85, spacing=s * (0.0105 if kind in ("flare", "pleat") else 0.0125)
    )
    if kind in ("flare", "pleat"):
        flutes(
            size.length - 0.03,
            s * (u(0.022, 0.036) if kind == "flare" else 0.013),
            u(3.5, 5.5) if kind == "flare" else u(7, 10),
            rng,
            kind == "pleat",
        )(g)
    g.drape(
        Drape(across=0.03, along=0.0, pressure=0.4, bending=0.5 if kind == "flare" else 1.5, frames=10),
        lambda x, z: np.clip((z - size.length + 0.05) / 0.03, 0, 1),
        rng,
    )
    g.deepen(1.4)
    lopsided(g, rng, 0.6)
    g.refine()
    legs = Legs(length=size.length, rise=0.2 * s, waist=size.waist, hip=size.hip, dip=size.dip, high=0.004)
    thread = studio.material("cotton", darker(design.colour, 0.65))
    pattern = studio.pattern()
    weave = {"denim": "denim", "pencil": "wool", "flare": "cotton", "pleat": "cotton"}[kind]
    cloth = studio.material(weave, pattern=pattern, wrinkle=0.4)
    band = studio.material(weave, pattern=None if kind == "denim" else pattern, wrinkle=0.3)
    mesh = g.mesh()
    if kind == "denim":
        wash(g, mesh, rng, replace(legs, apart=0.05), u(0.15, 0.5))
        cloth, thread = washed(cloth, (0.50, 0.60, 0.74)), studio.material("cotton", (0.45, 0.24, 0.07))
    studio.add(mesh, cloth)
    waistband(studio, g, legs, band, 0.034, thread if kind == "denim" else None)
    if kind == "pencil":
        for sign in (1, -1):
            dart = np.array([(0.5 * size.waist, size.length - 0.036), (0.52 * size.waist, size.length - 0.12 * s)])
            studio.add(trim.stitch(g, dart * [sign, 1], 0, 0.0022), studio.material("wool", darker(design.colour, 0.5)))
    if kind == "denim":
        metal = studio.material("metal", (0.6, 0.6, 0.6))
        belt_loops(studio, g, legs, band, (0.52, -0.52))
        scoop_pockets(studio, g, legs, thread, metal=metal)
        studio.add(trim.disc(g, (0.004, size.length - size.dip - 0.018), 0.008, 0, 0.0025, 0.003), metal)
        studio.add(trim.stitch(g, np.array([(0, 0.02 - size.curve_hem), (0, size.length - 0.05)]), 0, 0.0016), thread)
    stitched(studio, g, "hem", 0.018, thread)
    studio.view(azimuth=rng.uniform(-10, 10), elevation=rng.uniform(0, 8), fill=rng.uniform(0.6, 0.84), shadow=False)
