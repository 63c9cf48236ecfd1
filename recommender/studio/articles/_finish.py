"""Finishing that most garments share: sizes, cloth, necks, hems, plackets, cuffs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice
from recommender.studio.articles._garment import Garment, PrintBox
from recommender.studio.articles._outline import inset, mirrored
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


def darker(colour: RGB, by: float = 0.6) -> RGB:
    """Thread colour: the cloth's, darker."""
    red, green, blue = (by * c for c in colour)
    return red, green, blue


def body_size(design: Design, rng: np.random.Generator) -> Bodice:
    """Basic T-shirt pattern for the wearer."""
    u = rng.uniform
    if design.gender == "Women":
        return Bodice(
            length=u(0.60, 0.67),
            chest=u(0.188, 0.202),
            waist=u(0.166, 0.186),
            hem=u(0.190, 0.212),
            shoulder=u(0.165, 0.178),
            drop=u(0.040, 0.052),
            armhole=u(0.185, 0.20),
            collar=u(0.080, 0.098),
            neck_depth=u(0.09, 0.13),
            sleeve=u(0.10, 0.17),
            cuff=u(0.120, 0.14),
            droop=u(0.6, 0.85),
        )
    if design.gender in ("Boys", "Girls"):
        slim = 0.92 if design.gender == "Girls" else 1.0
        return Bodice(
            length=u(0.46, 0.52),
            chest=slim * u(0.170, 0.185),
            waist=slim * u(0.164, 0.182),
            hem=slim * u(0.172, 0.192),
            shoulder=slim * u(0.148, 0.160),
            drop=u(0.03, 0.036),
            armhole=u(0.155, 0.17),
            collar=u(0.068, 0.076),
            neck_depth=u(0.06, 0.08),
            sleeve=u(0.12, 0.15),
            cuff=u(0.115, 0.13),
            droop=u(0.5, 0.75),
            back_depth=0.014,
        )
    return Bodice(
        length=u(0.71, 0.77),
        chest=u(0.230, 0.248),
        waist=u(0.222, 0.242),
        hem=u(0.238, 0.258),
        shoulder=u(0.204, 0.218),
        drop=u(0.046, 0.06),
        armhole=u(0.225, 0.245),
        collar=u(0.080, 0.09),
        neck_depth=u(0.085, 0.11),
        sleeve=u(0.19, 0.23),
        cuff=u(0.150, 0.17),
        droop=u(0.65, 0.9),
    )


def add_cloth(
    studio: Studio,
    g: Garment,
    cloth: bpy.types.Material,
    sleeve: bpy.types.Material | None = None,
    print_box: PrintBox | None = None,
) -> None:
    """Add the garment; sleeves in another material if given."""
    if sleeve is None or not g.regions:
        studio.add(g.mesh(print_box=print_box), cloth)
        return
    studio.add(g.mesh(region=0, print_box=print_box), cloth)
    studio.add(g.mesh("sleeves", region=1, print_box=print_box), sleeve)


def inner_neck(studio: Studio, g: Garment, material: bpy.types.Material, width: float = 0.012) -> None:
    """Tape along the inside of the back neck and the maker's label."""
    line = g.border("neck", 1)
    studio.add(trim.band(g, mirrored(line)[:, :], -width, side=1, inside=True, rim=False), material)
    low = line[:, 1].min() - width
    label = trim.rectangle(-0.022, low - 0.026, 0.022, low)
    light = np.mean(studio.design.colour) > 0.35
    tag = studio.material("satin", (0.05, 0.05, 0.06) if light else (0.75, 0.75, 0.73))
    studio.add(trim.patch(g, label, side=1, height=0.001, inside=True), tag)


def edge_bands(
    studio: Studio,
    g: Garment,
    name: str,
    width: float,
    material: bpy.types.Material,
    sides: Sequence[int] = (0, 1),
    height: float = 0.0016,
) -> None:
    """Bands along every border called ``name``, front and back."""
    for side in sides:
        for e in g.edges[side]:
            if e.name == name:
                studio.add(trim.band(g, e.points, width, side, height), material)


def stitched(studio: Studio, g: Garment, name: str, away: float, material: bpy.types.Material, rows: int = 1) -> None:
    """Rows of stitches parallel to the borders called ``name``."""
    for side in (0, 1):
        for e in g.edges[side]:
            if e.name == name:
                for k in range(rows):
                    studio.add(trim.stitch(g, inset(e.points, away + 0.005 * k), side, 0.0012), material)


def soft_cloth(
    studio: Studio,
    rng: np.random.Generator,
    kinds: Sequence[str] = ("jersey", "cotton", "silk", "satin"),
    p: Sequence[float] = (0.5, 0.25, 0.15, 0.1),
) -> tuple[bpy.types.Material, bpy.types.Material]:
    """Patterned and plain material of a fabric drawn from ``kinds``."""
    kind = str(rng.choice(kinds, p=p))
    smooth = kind in ("silk", "satin")
    look: dict[str, Any] = {"wrinkle": 0.4, "roughness": 0.5 if smooth else None}
    return studio.material(kind, pattern=studio.pattern(), **look), studio.material(kind, **look)


def long_sleeve(size: Bodice, rng: np.random.Generator, reach: float = 1.0) -> Bodice:
    """The same pattern with long sleeves that hang at the sides."""
    scale = size.length / 0.74
    return replace(
        size,
        sleeve=reach * rng.uniform(0.57, 0.62) * scale,
        cuff=rng.uniform(0.085, 0.1) * scale,
        droop=rng.uniform(1.02, 1.18),
    )


def placket(
    studio: Studio,
    g: Garment,
    cloth: bpy.types.Material,
    buttons: bpy.types.Material,
    thread: bpy.types.Material,
    top: float,
    bottom: float,
    width: float = 0.032,
    count: int = 7,
    radius: float = 0.0055,
    side: float = 1.0,
) -> None:
    """Button band down the front between two heights, with its edge stitches and buttons."""
    box = trim.rectangle(-width / 2, bottom, width / 2, top)
    studio.add(trim.patch(g, box, 0, 0.0022, 0.009, lift=0.0006), cloth)
    for x in (-0.36 * width, 0.36 * width):
        studio.add(trim.stitch(g, np.array([(x, bottom + 0.004), (x, top - 0.002)]), 0, 0.001, 0.0036), thread)
    if count:
        for z in np.linspace(top - 0.012, bottom + 0.05 * min(1.0, (top - bottom) / 0.5), count):
            studio.add(trim.disc(g, (0.0, z), radius, 0, 0.0016, 0.0036), buttons)


def arm_creases(size: Bodice, rng: np.random.Generator, count: int = 5) -> np.ndarray:
    """Folds of long sleeves, at the armpits and where the torso bends."""
    spots = []
    top, low = size.cuff_ends()
    (xa, za), end = size.armpit, (top + low) / 2
    start = (np.array([xa, za]) + size.tip) / 2
    for sign in (1, -1):
        if size.sleeve > 0.3:
            for part in rng.uniform(0.15, 0.95, count):
                p = start + (end - start) * part + rng.normal(0, 0.012, 2)
                spots.append(
                    (
                        sign * p[0],
                        p[1],
                        sign * (0.45 + rng.normal(0, 0.35)),
                        rng.uniform(0.025, 0.05),
                        rng.uniform(0.010, 0.017),
                    )
                )
        for k in range(3):
            spots.append(
                (
                    sign * (xa - 0.05 - 0.01 * k),
                    za + 0.03 - 0.03 * k,
                    sign * (0.9 - 0.5 * k + rng.normal(0, 0.15)),
                    rng.uniform(0.03, 0.06),
                    rng.uniform(0.008, 0.014),
                )
            )
        for _ in range(count):
            x = sign * rng.uniform(0.25, 0.85) * size.waist
            spots.append(
                (
                    x,
                    rng.uniform(0.15, 0.75) * za,
                    sign * rng.normal(0.2, 0.5),
                    rng.uniform(0.04, 0.08),
                    rng.uniform(0.009, 0.016),
                )
            )
    return np.array(spots)


def cuffs(
    studio: Studio,
    g: Garment,
    cloth: bpy.types.Material,
    width: float,
    thread: bpy.types.Material | None = None,
    height: float = 0.0022,
) -> None:
    """Bands around the ends of the sleeves."""
    for side in (0, 1):
        for e in g.edges[side]:
            if e.name == "cuff":
                studio.add(trim.band(g, e.points, width, side, height), cloth)
                if thread is not None and side == 0:
                    studio.add(trim.stitch(g, inset(e.points, width - 0.004), side, 0.001, height + 0.0006), thread)
