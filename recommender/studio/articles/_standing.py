"""The lower half of a mannequin for trousers: a plain top above the waist, arms at the sides, shoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio import palette
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import Legs
from recommender.studio.articles._worn import hand, skin
from recommender.studio.design import RGB

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

TOPS = ("#e9e9e8", "#1d6fb8", "#2c9a5c", "#1a1a1c", "#8c1f2b", "#d8b431", "#6d6f73")
SHOES = ("#15151a", "#20242f", "#3a2318")


def standing(
    studio: Studio,
    g: Garment,
    size: Legs,
    rng: np.random.Generator,
    colour: RGB | None = None,
    over: float = -0.03,
    sleeves: bool | None = None,
) -> None:
    """Dress the figure around trousers ``g``; the top of ``colour`` ends ``over`` metres under their waist.

    A negative ``over`` tucks it in; with a long top the feet are bare. ``sleeves`` are long (True),
    short (False) or either.
    """
    s = size.hip / 0.212
    wear = studio.material("jersey", colour or palette.linear(str(rng.choice(TOPS))), wrinkle=0.8)
    _top(studio, g, size, over, wear)
    lacquer = skin(studio, rng)
    covered = rng.random() < 0.5 if sleeves is None else sleeves
    _arms(studio, size, s, lacquer, wear if covered else None, rng)
    leather = studio.material("leather", palette.linear(str(rng.choice(SHOES)))) if over < 0 else lacquer
    sole = studio.material("rubber", (0.02, 0.02, 0.02) if rng.random() < 0.5 else (0.6, 0.58, 0.53))
    for e in g.edges[0]:
        if e.name == "cuff":
            middle = (g.at(e.points, 0)[0].mean(0) + g.at(e.points, 1)[0].mean(0)) / 2
            _shoe(studio, middle, 0.35 * s + 0.65, leather, sole)


def _top(studio: Studio, g: Garment, size: Legs, over: float, cloth: bpy.types.Material) -> None:
    """Body of a top from ``over`` metres under the waist up and out of the picture."""
    from recommender.studio import geometry

    waist = g.at(g.border("waist", 0), 0)[0]
    behind = g.at(g.border("waist", 1), 1)[0]
    wide, front, back = np.ptp(waist[:, 0]) / 2, -waist[:, 1].min(), max(behind[:, 1].max(), 0.03)
    hips = np.ptp(g.co[g.flat[:, 1] > size.length - size.rise, 0]) / 2
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    rings = []
    for z in np.r_[np.linspace(-max(over, 0.03), 0.06, 8), np.linspace(0.10, 0.5, 8)]:
        if over > 0:
            w = np.interp(z, [-over, -0.06, 0.05, 0.4], [1.12 * hips, 1.10 * hips, 1.03 * hips, 1.2 * hips])
            deep = 1.25 * max(front, 0.10)
        else:
            w = wide * np.interp(z, [-0.03, 0.0, 0.06, 0.4], [0.86, 0.93, 1.0, 1.16])
            deep = max(front, 0.07) * np.interp(z, [-0.03, 0.0, 0.06, 0.4], [0.8, 0.88, 1.05, 1.3])
        fold = 1 + 0.018 * np.sin(7 * t + 30 * z) * np.exp(-((z / 0.12) ** 2)) + 0.012 * np.sin(11 * t - 22 * z)
        y = np.where(np.sin(t) < 0, deep, max(back, 0.6 * deep)) * np.sin(t) * fold
        rings.append(np.c_[w * np.cos(t) * fold, y, np.full(72, size.length + z)])
    studio.add(geometry.loft(rings, caps=(True, True), name="top"), cloth, frame=False)


def _arms(
    studio: Studio,
    size: Legs,
    s: float,
    lacquer: bpy.types.Material,
    cloth: bpy.types.Material | None,
    rng: np.random.Generator,
) -> None:
    """Arms from above the picture to the hips, bare or in long sleeves."""
    from recommender.studio import geometry

    for sign in (1, -1):
        out = size.hip + rng.uniform(0.030, 0.055) * s
        low = size.length - rng.uniform(0.06, 0.11) * s
        path = geometry.spline(
            [
                (sign * (out - 0.015 * s), 0.02, size.length + 0.5 * s),
                (sign * (out + 0.035 * s), 0.03, size.length + 0.22 * s),
                (sign * (out + 0.025 * s), 0.0, size.length + 0.08 * s),
                (sign * out, -0.03, low),
            ],
            24,
        )
        bare = np.interp(np.arange(24), [0, 8, 16, 23], [0.052, 0.042, 0.037, 0.026]) * s
        studio.add(geometry.sweep(path, radii=bare, name="arm"), lacquer, frame=False)
        if cloth is not None:
            sleeve = 1.22 * bare * (1 + 0.06 * np.sin(np.arange(24) * 1.9 + sign))
            studio.add(geometry.sweep(path[:23], radii=sleeve[:23], name="sleeve"), cloth, frame=False)
        way = path[-1] - path[-4]
        hand(studio, path[-1], sign, way / np.linalg.norm(way), s, lacquer)


def _shoe(studio: Studio, at: np.ndarray, s: float, upper: bpy.types.Material, sole: bpy.types.Material) -> None:
    """Plain low shoe under the hem whose middle is ``at``, its toe towards the viewer and a little outwards."""
    from recommender.studio import geometry

    turn = np.sign(at[0]) * 0.16
    way = np.array([np.sin(turn), -np.cos(turn)])
    t = np.linspace(0, np.pi, 15)
    uppers, soles = [], []
    for along, wide, tall in (
        (-0.085, 0.020, 0.055),
        (-0.075, 0.032, 0.075),
        (-0.02, 0.036, 0.085),
        (0.05, 0.040, 0.078),
        (0.11, 0.046, 0.055),
        (0.155, 0.044, 0.042),
        (0.185, 0.033, 0.034),
        (0.200, 0.014, 0.022),
    ):
        x, y = at[0] + way[0] * along * s, at[1] + way[1] * along * s
        uppers.append(np.c_[x + wide * s * np.cos(t), np.full(15, y), -0.045 * s + tall * s * np.sin(t) ** 0.8])
        edge = 1.06 * wide * s * np.array([1, 1, -1, -1])
        soles.append(np.c_[x + edge, np.full(4, y), s * np.array([-0.064, -0.044, -0.044, -0.064])])
    studio.add(geometry.loft(uppers, caps=(True, True), name="shoe"), upper, frame=False, subdivision=1)
    studio.add(geometry.loft(soles, caps=(True, True), name="sole"), sole, frame=False)
