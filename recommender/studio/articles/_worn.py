"""The mannequin that clothes are shown on, and what it wears with them: shirt, belt.

Shops show tops with trousers under them and the arms beside them; a garment that floats
alone is read as another kind. Nothing here counts for the framing of the picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio import palette
from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice
from recommender.studio.articles._cloth import mesh_of
from recommender.studio.articles._finish import arm_creases
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import Legs, legs_below
from recommender.studio.articles._outline import contains, distance, symmetric
from recommender.studio.design import RGB

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

LACQUERS = ("#d8c3ae", "#cbb8a6", "#e0d2c2", "#bfae9f")


def skin(studio: Studio, rng: np.random.Generator) -> bpy.types.Material:
    """Matt lacquer of a mannequin."""
    return studio.material("rubber", palette.linear(str(rng.choice(LACQUERS))), roughness=0.55, mottle=0.0)


def bust(studio: Studio, g: Garment, size: Bodice, material: bpy.types.Material) -> None:
    """The neck, and what the neck and the armholes of ``g`` leave bare of chest and shoulders."""
    s = size.chest / 0.24
    inner = replace(
        size,
        neck="round",
        neck_depth=0.012,
        back_depth=0.004,
        collar=0.055 * s,
        sleeve=0.0,
        scoop=0.004,
        slit=0.0,
        dip=0.0,
        shoulder=max(size.shoulder, (0.97 if studio.design.gender == "Men" else 0.84) * size.chest),
        drop=max(size.drop, 0.058),
    )
    body = Garment(symmetric(inner.half()), inner.back(), depth=0.62, spacing=0.02)
    body.even(3)
    body.refine()
    body.co[:, 2] += -0.006 if size.sleeve else 0.006
    keep = _showing(body, g) & (body.flat[body.tris, 1] > size.armpit[1] - 0.02).all(1)
    if size.sleeve:
        keep &= (np.abs(body.flat[body.tris, 0]) < size.collar + 0.02).all(1)
    studio.add(mesh_of("bust", body.co, body.tris[keep]), material, frame=False)
    _neck(studio, size.length, s, material)


def _showing(inner: Garment, g: Garment) -> np.ndarray:
    """Which triangles of ``inner`` the cloth of ``g`` leaves to be seen, with 2 cm that tuck in under its edges.

    The rest would show where a fold of the cloth falls in.
    """
    outline = np.vstack([e.points for e in g.edges[0]])
    edges = [e.points for e in g.edges[0] if e.name in ("neck", "armhole")]
    away = np.min([distance(line, inner.flat) for line in edges], axis=0) * contains(outline, inner.flat)
    inner.co[:, 1] *= 1 - 0.5 * np.clip(away / 0.02, 0, 1)
    return (away[inner.tris] < 0.022).all(1)


def _neck(studio: Studio, top: float, s: float, material: bpy.types.Material) -> None:
    """A neck that ends flat, as that of a shop's mannequin does, over shoulders at height ``top``.

    ``s`` is their share of a man's.
    """
    from recommender.studio import geometry

    rings = []
    s = 0.35 + 0.65 * s  # necks vary less than shoulders
    for wide, deep, z, y in (
        (0.092, 0.050, -0.045, 0.006),
        (0.070, 0.050, -0.012, 0.004),
        (0.055, 0.052, 0.018, -0.002),
        (0.051, 0.053, 0.050, -0.010),
        (0.051, 0.055, 0.068, -0.014),
        (0.049, 0.053, 0.071, -0.014),
    ):
        ring = geometry.circle(1.0, 28) * [wide * s, deep * s]
        rings.append(np.c_[ring[:, 0], ring[:, 1] + y * s, np.full(len(ring), top + z * s)])
    studio.add(geometry.loft(rings, caps=(False, True), name="neck"), material, frame=False, subdivision=1)


def arms(studio: Studio, g: Garment, size: Bodice, material: bpy.types.Material, rng: np.random.Generator) -> None:
    """Arms that leave the sleeves (or armholes) of ``g`` and hang down, with hands."""
    from recommender.studio import geometry

    s = size.chest / 0.24
    forward = rng.uniform(0.02, 0.05)
    for sign in (1, -1):
        thick = 0.046 * s
        inside, room = _sleeve_axis(g, size, sign, studio.design.gender == "Men")
        if size.sleeve:
            way = inside[-1] - inside[-2]
            hang = way / np.linalg.norm(way) + [0.0, -0.15, -2.2 if size.sleeve < 0.5 * s else -0.6]
            thick = np.clip(0.85 * room, 0.6 * thick, thick)
            left = max(0.58 * s - size.sleeve, 0.015)
        else:
            hang = np.array([sign * 0.13, -0.06, -1.0])
            left = 0.50 * s
        hang = hang / np.linalg.norm(hang)
        path = np.vstack([inside, inside[-1] + 0.5 * left * hang, inside[-1] + left * (hang - [0, 1.5 * forward, 0])])
        path = geometry.spline(path, 28)
        gone = 1 - np.r_[0, np.cumsum(np.linalg.norm(np.diff(path[::-1], axis=0), axis=1))][::-1] / (0.58 * s)
        radii = np.interp(gone, [-0.2, 0.0, 0.1, 0.5, 0.7, 1], np.array([0.6, 0.92, 1.0, 0.82, 0.78, 0.52]) * thick)
        studio.add(geometry.sweep(path, radii=radii, name="arm"), material, frame=False)
        hand(studio, path[-1], sign, hang, s, material)


def _sleeve_axis(g: Garment, size: Bodice, sign: float, broad: bool) -> tuple[np.ndarray, float]:
    """Points (n, 3) on the middle line of a sleeve's end, or in a bare shoulder, and the room around it (metres)."""
    if not size.sleeve:
        s = size.chest / 0.24
        x, z = max(size.shoulder, (0.99 if broad else 0.86) * size.chest), size.length - max(size.drop, 0.05)
        return np.array(
            [(sign * (x - 0.05 * s), 0.0, z - 0.04 * s), (sign * (x - 0.032 * s), 0.0, z - 0.13 * s)]
        ), np.inf
    top, low = size.cuff_ends()
    start, end = (np.array(size.tip) + size.armpit) / 2, (top + low) / 2
    steps = np.linspace(1 - min(0.06 / size.sleeve, 0.5), 0.99, 3)[:, None]
    flat = (start + steps * (end - start)) * [sign, 1]
    front, back = g.at(flat, 0)[0], g.at(flat, 1)[0]
    return (front + back) / 2, float(np.linalg.norm(front - back, axis=1).min()) / 2


def hand(
    studio: Studio, wrist: np.ndarray, sign: float, hang: np.ndarray, s: float, material: bpy.types.Material
) -> None:
    """A relaxed hand: palm towards the thigh, fingers together, thumb before them."""
    from recommender.studio import geometry

    down = np.array([hang[0] - sign * 0.10, hang[1] - 0.12, hang[2]])
    down /= np.linalg.norm(down)
    across = np.array([0.0, 1.0, 0.0])
    wrist = wrist - 0.015 * s * down
    along = np.array([0.0, 0.02, 0.055, 0.09, 0.125, 0.155, 0.168]) * s
    wide = np.array([0.022, 0.027, 0.037, 0.038, 0.032, 0.022, 0.006]) * s
    flat = np.array([0.021, 0.019, 0.019, 0.018, 0.014, 0.010, 0.003]) * s
    path = wrist + along[:, None] * down - np.outer([0, 0, 0.1, 0.4, 1, 1.7, 2.2], [sign * 0.008 * s, 0.006 * s, 0])
    studio.add(
        geometry.sweep(path, radii=np.c_[flat, wide], up=tuple(across), name="hand"),
        material,
        frame=False,
        subdivision=1,
    )
    root = wrist + 0.03 * s * down - 0.022 * s * across
    thumb = geometry.spline(np.stack([root, root + 0.035 * s * down - 0.016 * s * across, root + 0.07 * s * down]), 8)
    studio.add(
        geometry.sweep(thumb, radii=np.interp(np.arange(8), [0, 5, 7], [0.013, 0.011, 0.004]) * s, name="thumb"),
        material,
        frame=False,
    )


def shirt_under(
    studio: Studio, g: Garment, size: Bodice, colour: RGB, rng: np.random.Generator
) -> tuple[Garment, Bodice]:
    """A shirt under the pullover ``g``: its collar, and its sleeves if the pullover has none.

    Returns whose sleeves the arms come out of, garment and pattern.
    """
    s = size.chest / 0.24
    inner = replace(
        size,
        neck="v",
        neck_depth=0.085 * s,
        back_depth=0.012,
        collar=0.92 * min(size.collar, 0.09 * s),
        shoulder=0.205 * s,
        drop=size.drop + 0.004,
        sleeve=0.58 * s,
        cuff=0.09 * s,
        droop=1.28,
    )
    if size.sleeve:
        inner = replace(inner, sleeve=0.0, shoulder=size.shoulder - 0.02, chest=0.93 * size.chest)
    shirt = Garment(symmetric(inner.half()), inner.back(), depth=0.72, spacing=0.017)
    shirt.even(3)
    shirt.refine()
    if inner.sleeve:
        shirt.fold(arm_creases(inner, rng, 6), 0.005)
    cloth = studio.material("cotton", colour, wrinkle=0.7)
    keep = _showing(shirt, g)
    studio.add(mesh_of("shirt", shirt.co, shirt.tris[keep]), cloth, frame=bool(inner.sleeve))
    for m in trim.fold_collar(shirt, stand=0.030, leaf=0.042, point=0.066, gap=0.012, spread=rng.uniform(0.5, 0.8)):
        studio.add(m, cloth, solidify=0.0016, frame=False)
    return (shirt, inner) if inner.sleeve else (g, size)


def belt(studio: Studio, g: Garment, size: Legs, rng: np.random.Generator, width: float = 0.034) -> None:
    """Leather belt over the waistband, with its buckle."""
    dark = rng.random() < 0.75
    leather = studio.material("leather", (0.012, 0.012, 0.013) if dark else (0.10, 0.045, 0.02))
    line = g.border("waist", 0) - [0, 0.003]
    studio.add(trim.band(g, line, width, 0, 0.0055), leather)
    x, z = size.waist_at(0.0, 0.003 + width / 2)
    half, tall, bar = 0.026, 0.5 * width + 0.004, 0.006
    steel = studio.material("steel" if rng.random() < 0.8 else "gold")
    for x0, z0, x1, z1 in (
        (x - half, z + tall - bar, x + half, z + tall),
        (x - half, z - tall, x + half, z - tall + bar),
        (x - half, z - tall, x - half + bar, z + tall),
        (x + half - bar, z - tall, x + half, z + tall),
        (x - 0.003, z - 0.003, x + half, z + 0.003),
    ):
        studio.add(trim.patch(g, trim.rectangle(x0, z0, x1, z1), 0, 0.0035, 0.006, lift=0.007), steel)


def dressed(
    studio: Studio,
    g: Garment,
    size: Bodice,
    rng: np.random.Generator,
    legs: str = "denim",
    colour: RGB = (0.025, 0.045, 0.11),
    below: float | None = None,
) -> None:
    """Everything around a garment of ``size`` at once: bust, arms and trousers of ``legs`` below its hem.

    ``below`` is the height of the crotch over the hem (metres); without it the garment's length says where.
    """
    s = size.chest / 0.24
    lacquer = skin(studio, rng)
    bust(studio, g, size, lacquer)
    arms(studio, g, size, lacquer, rng)
    fork = size.length - 0.76 * s if below is None else below
    legs_below(studio, rng, fork, legs, colour, 0.8 * min(size.hem, size.waist) / 0.17)


def darks(rng: np.random.Generator) -> tuple[str, RGB]:
    """Fabric and colour of plain trousers that leave the eye to what is worn above them."""
    options: list[tuple[str, RGB]] = [
        ("denim", (0.025, 0.045, 0.11)),
        ("denim", (0.06, 0.09, 0.16)),
        ("cotton", (0.014, 0.014, 0.016)),
        ("cotton", (0.03, 0.032, 0.036)),
    ]
    return options[int(rng.integers(len(options)))]
