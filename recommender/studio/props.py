"""Things of a home that no shop here sells: they stand beside the products of sample photos, or alone.

Lengths are metres; each is built around the origin, standing on z = 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
import numpy as np

from recommender.studio import geometry
from recommender.studio.palette import linear

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

Parts = list[bpy.types.Object]
Triple = tuple[float, float, float]


def potted_plant(studio: Studio) -> Parts:
    """A pot of clay with long leaves that hang over."""
    rng = studio.rng
    pot = geometry.lathe(
        [
            (0.0, 0.0),
            (0.062, 0.0),
            (0.07, 0.012),
            (0.088, 0.12),
            (0.096, 0.122),
            (0.097, 0.145),
            (0.088, 0.146),
            (0.084, 0.125),
            (0.0, 0.12),
        ],
        64,
    )
    parts = [studio.add(pot, studio.material("paper", linear("#b5623f"), mottle=0.12), subdivision=1)]
    green = studio.material("plastic", linear("#3f7a35"), roughness=0.45, mottle=0.25)
    for k in range(26):
        turn, lean, long = k * 2.4 + rng.uniform(-0.3, 0.3), rng.uniform(0.25, 1.25), rng.uniform(0.16, 0.30)
        t = np.linspace(0, 1, 10)
        out, up = np.sin(lean * t**0.8) * long * t, np.cos(lean * t * 1.25) * long * t
        path = np.stack([out * np.cos(turn), out * np.sin(turn), 0.12 + up], axis=1)
        side = np.array([-np.sin(turn), np.cos(turn), 0.0]) * 0.024
        wide = np.sin(np.pi * np.clip(t * 0.96 + 0.04, 0, 1))[:, None] ** 0.8
        leaf = geometry.loft(np.stack([path - side * wide, path, path + side * wide], axis=1), closed=False)
        parts.append(studio.add(leaf, green, solidify=0.0006, subdivision=1))
    return parts


def mug(studio: Studio, colour: str) -> Parts:
    """A mug of stoneware with coffee in it."""
    r, h = 0.041, 0.094
    cup = geometry.lathe(
        [(0, 0), (r * 0.86, 0), (r * 0.98, 0.008), (r, h), (r * 0.93, h), (r * 0.91, 0.012), (0, 0.01)], 64
    )
    clay = studio.material("plastic", linear(colour), roughness=0.22, mottle=0.06)
    ear = geometry.spline([(r, 0, h * 0.8), (r * 1.7, 0, h * 0.76), (r * 1.72, 0, h * 0.34), (r, 0, h * 0.2)], 24)
    coffee = geometry.lathe([(0, h * 0.8), (r * 0.92, h * 0.8)], 48)
    return [
        studio.add(cup, clay, subdivision=1),
        studio.add(geometry.sweep(ear, radii=0.0055), clay),
        studio.add(coffee, studio.material("plastic", linear("#2a160c"), roughness=0.08)),
    ]


def chair(studio: Studio, seat: float = 0.45, width: float = 0.46) -> Parts:
    """A kitchen chair of wood, its back at +Y; ``seat`` is the height of the seat."""
    wood = studio.material("wood", linear("#a9794a"))
    half = width / 2 - 0.03
    boards: list[tuple[Triple, Triple]] = [((0, 0, seat - 0.012), (width, width, 0.024))]
    boards += [((s * half, -half, seat / 2 - 0.012), (0.036, 0.036, seat - 0.024)) for s in (-1, 1)]
    boards += [((s * half, half + 0.02, 0.46), (0.034, 0.030, 0.92)) for s in (-1, 1)]
    boards += [((0, half + 0.02, z), (2 * half, 0.018, 0.06)) for z in (0.62, 0.74, 0.87)]
    return [studio.add(_board(middle, sides), wood, bevel=0.005, smooth=False) for middle, sides in boards]


def _board(middle: Triple, sides: Triple) -> bpy.types.Mesh:
    """A box around ``middle`` with lengths ``sides``."""
    corner = np.array([(x, y, z) for z in (-1, 1) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]) / 2
    faces = [(3, 2, 1, 0), (4, 5, 6, 7), *((k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k) for k in range(4))]
    return geometry.make_mesh((np.array(middle) + corner * sides).tolist(), faces, name="board")
