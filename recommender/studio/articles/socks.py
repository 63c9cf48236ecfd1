"""Socks: a pair laid flat, one half behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import crease, lopsided
from recommender.studio.articles._finish import darker
from recommender.studio.articles._garment import Garment, Region
from recommender.studio.articles._outline import Edge, curve
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


def sock(rng: np.random.Generator, leg: float, scale: float) -> tuple[Garment, float]:
    """One sock, toe to the lower right, leg of ``leg`` metres above the heel; also the height of its upper end."""
    turn = rng.uniform(0.75, 1.0)
    way, up = np.array([np.cos(turn), -np.sin(turn)]), np.array([np.sin(turn), np.cos(turn)])
    w = rng.uniform(0.082, 0.092)
    heel = np.array([0.0, 0.0])
    foot = rng.uniform(0.19, 0.215)
    toe = heel + way * foot
    top = leg
    left = [
        (0.0, top),
        (0.002, 0.45 * top + 0.02),
        (-0.012, 0.035),
        tuple(heel - np.array([0.016, 0.004])),
        tuple(heel + way * 0.03 - up * 0.012),
    ]
    sole = [
        tuple(heel + way * 0.11 + up * 0.002),
        tuple(toe - way * 0.012 - up * 0.006),
        tuple(toe + way * 0.012 + up * 0.022),
    ]
    instep = [
        tuple(toe - way * 0.008 + up * 0.068),
        tuple(toe - way * 0.06 + up * 0.088),
        (w + 0.012, 0.025),
        (w, 0.09),
    ]
    right = [(w, 0.6 * top + 0.03), (w, top)] if top > 0.12 else [(w, top)]
    if top <= 0.12:
        instep = instep[:3]
    outline = curve([*left, *sole, *instep, *right], 10) * scale
    edges = [Edge("cuff", np.array([(w, top), (0.0, top)]) * scale, True), Edge("side", outline)]
    seams = [
        np.array([toe - way * 0.048 - up * 0.02, toe - way * 0.048 + up * 0.1]) * scale,
        np.array([(-0.022, 0.056), heel + way * 0.062 - up * 0.012]) * scale,
    ]
    g = Garment(edges, depth=0.42, spacing=0.0068 * scale, regions=[Region("toe", _none), Region("heel", _none)])
    for k, (a, b) in enumerate(seams, 1):
        _split(g, a, b, k)
    g.even(2)
    spots = np.c_[
        rng.uniform(0, w, 8) * scale,
        rng.uniform(0.0, top, 8) * scale,
        rng.normal(0.2, 0.5, 8),
        rng.uniform(0.015, 0.035, 8),
        rng.uniform(0.005, 0.009, 8),
    ]
    lopsided(g, rng, 0.5)
    g.refine()
    g.fold(spots, 0.0018)
    crease(g, seams, 0.0008, 0.003)
    return g, top * scale


def _none(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.zeros(len(x), bool)


def _split(g: Garment, a: np.ndarray, b: np.ndarray, region: int) -> None:
    """Give the cloth right of the line from ``a`` to ``b`` to ``region``, its edge drawn exactly along the line."""
    way = (b - a) / np.linalg.norm(b - a)
    normal = np.array([way[1], -way[0]])
    off = (g.flat - a) @ normal
    near = np.abs(off) < 0.5 * g.spacing
    g.flat[near] -= off[near, None] * normal
    g.co[near, 0], g.co[near, 2] = g.flat[near].T
    g.region[(g.flat[g.tris].mean(1) - a) @ normal > 0] = region


@article(
    "Socks",
    "Socks",
    "Accessories",
    genders={"Men": 48, "Women": 7, "Unisex": 6},
    colours={
        "Black": 17,
        "White": 15,
        "Grey": 7,
        "Navy Blue": 6,
        "Brown": 4,
        "Blue": 3,
        "Beige": 2,
        "Pink": 2,
        "Red": 1,
        "Cream": 1,
    },
    patterns={"plain": 6, "striped": 3, "spotted": 1},
    usages={"Casual": 8, "Sports": 2, "Formal": 1},
    seasons={"Summer": 8, "Fall": 2},
    price=(4, 15),
    nouns=("Socks",),
)
def socks(design: Design, studio: Studio) -> None:
    """Ankle, quarter or calf length; ribbed cuffs; toe and heel sometimes in the second colour."""
    rng = studio.rng
    leg = float(rng.choice([0.07, 0.13, 0.20, 0.25], p=[0.15, 0.3, 0.35, 0.2])) * rng.uniform(0.95, 1.08)
    scale = 0.9 if design.gender == "Women" else 1.0
    g, top = sock(rng, leg, scale)
    cloth = studio.material("jersey", pattern=studio.pattern(scale=0.45), scale=1.3, wrinkle=0.5)
    plain = studio.material("jersey", scale=1.3, wrinkle=0.5)
    tipped = rng.random() < (0.5 if design.pattern == "striped" else 0.25)
    tip = studio.material("jersey", design.accent) if tipped else plain
    rib = studio.material("jersey", scale=2.0)
    second = studio.material("jersey", design.accent)
    lined = rng.random() < 0.3
    width = rng.uniform(0.03, 0.055) if leg > 0.1 else 0.014
    thread = studio.material("cotton", darker(design.colour, 0.7))
    parts = [(g.mesh("sock", 0), cloth), (g.mesh("toe", 1), tip), (g.mesh("heel", 2), tip)]
    edge = g.edges[0][0].points
    parts.append((trim.band(g, edge, width, 0, 0.0012), rib))
    parts.append((trim.band(g, edge, width, 1, 0.0012), rib))
    if lined and leg > 0.1:
        for k in range(int(rng.integers(1, 4))):
            line = edge - np.array([0, 0.012 + 0.010 * k])
            parts.append((trim.stitch(g, line[::-1], 0, 0.005, 0.0018, inside=False), second))
    for x in np.linspace(0.004, 0.08 * scale, 12):
        parts.append((trim.stitch(g, np.array([(x, top - width), (x, top - 0.002)]), 0, 0.0008, 0.0015), thread))
    from mathutils import Matrix

    shift = rng.uniform(0.025, 0.05)
    for k, (dx, dy, dz, roll) in enumerate(
        [(0, 0, 0, 0), (shift, 0.03, rng.uniform(-0.006, 0.004), rng.uniform(-0.08, 0.05))]
    ):
        place = Matrix.Translation((dx, dy, dz)) @ Matrix.Rotation(roll, 4, "Y")
        for mesh, material in parts:
            studio.add(mesh if k == 0 else mesh.copy(), material, matrix=place)
    studio.view(
        azimuth=rng.uniform(-4, 4),
        elevation=rng.uniform(0, 4),
        fill=rng.uniform(0.72, 0.86),
        shadow=False,
        tilt=rng.uniform(-8, 8),
    )
