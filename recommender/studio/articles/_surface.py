"""Small surface kit for shoes and bags: grids, sweeps, and sheets laid on a charted surface.

Everything here is numpy only and in metres; :meth:`Shape.mesh` makes the Blender mesh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
Real = float | Array  # one number or many
Vector = Sequence[float] | Array  # one point or direction
Curve = Callable[[Real], Array]  # a value for every position
UP = np.array([0.0, 0.0, 1.0])


@dataclass
class Shape:
    """Vertices (n, 3) in metres, faces as index arrays, and UVs (n, 2) in metres of cloth."""

    vertices: Array
    faces: list[Array]
    uv: Array
    printed: Array | None = None

    def __add__(self, other: Shape) -> Shape:
        shift = len(self.vertices)
        return Shape(
            np.vstack([self.vertices, other.vertices]),
            self.faces + [face + shift for face in other.faces],
            np.vstack([self.uv, other.uv]),
        )

    def moved(self, by: Vector) -> Shape:
        """The same shape shifted by a vector (metres)."""
        return Shape(self.vertices + np.asarray(by), self.faces, self.uv, self.printed)

    def mesh(self, name: str = "part") -> Any:
        """Return a Blender mesh with the layer ``UVMap`` (and ``PrintMap`` where there is a print)."""
        import bpy

        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(self.vertices.tolist(), [], [face.tolist() for quads in self.faces for face in quads])
        corner = np.empty(len(mesh.loops), dtype=np.int32)
        mesh.loops.foreach_get("vertex_index", corner)
        for layer, values in (("UVMap", self.uv), ("PrintMap", self.printed)):
            if values is not None:
                flat = np.ascontiguousarray(values[corner], dtype=np.float32).ravel()
                mesh.uv_layers.new(name=layer).data.foreach_set("uv", flat)
        mesh.update()
        return mesh


def joined(shapes: Sequence[Shape]) -> Shape:
    """All shapes as one."""
    total = shapes[0]
    for shape in shapes[1:]:
        total = total + shape
    return total


def spline(keys: Vector, values: Sequence | Array) -> Curve:
    """Monotone cubic curve through ``values`` (n,) or (n, d) at ``keys``; constant outside."""
    x, y = np.asarray(keys, float), np.asarray(values, float)
    flat = y.ndim == 1
    y = y[:, None] if flat else y
    h = np.diff(x)[:, None]
    slope = np.diff(y, axis=0) / h
    left, right = slope[:-1], slope[1:]
    same = left * right > 0
    mean = np.where(same, 2 * left * right / np.where(same, left + right, 1.0), 0.0)
    tangent = np.vstack([slope[:1], mean, slope[-1:]])

    def curve(t: Real) -> Array:
        t = np.clip(np.asarray(t, float), x[0], x[-1])
        i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
        width = h[i, 0]
        s = ((t - x[i]) / width)[..., None]
        width = width[..., None]
        out = (
            (2 * s**3 - 3 * s**2 + 1) * y[i]
            + (s**3 - 2 * s**2 + s) * width * tangent[i]
            + (3 * s**2 - 2 * s**3) * y[i + 1]
            + (s**3 - s**2) * width * tangent[i + 1]
        )
        return out[..., 0] if flat else out

    return curve


def smoothstep(x: Real, low: float = 0.0, high: float = 1.0) -> Array:
    """0 below ``low``, 1 above ``high``, a smooth ramp between."""
    t = np.clip((np.asarray(x, float) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def unit(vectors: Array) -> Array:
    """Vectors of length one."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def lengths(path: Array) -> Array:
    """Arc length (metres) from the start at every point of a path (n, d)."""
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])


def resampled(path: Array, count: int) -> Array:
    """``count`` points at even arc length along a path (n, d)."""
    s = lengths(path)
    at = np.linspace(0, s[-1], count)
    return np.stack([np.interp(at, s, path[:, k]) for k in range(path.shape[1])], axis=1)


def smooth_path(points: Sequence[Vector] | Array, count: int = 40, closed: bool = False) -> Array:
    """A Catmull-Rom curve through ``points`` (m, d), ``count`` points of it."""
    p = np.asarray(points, float)
    p = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    spans = len(p) - 3
    t = np.linspace(0, spans, count, endpoint=not closed)
    i = np.minimum(t.astype(int), spans - 1)
    s = (t - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * b + (c - a) * s + (2 * a - 5 * b + 4 * c - d) * s**2 + (3 * b - a - 3 * c + d) * s**3)


def grid(points: Array, closed: bool = False, uv: Array | None = None, flip: bool = False) -> Shape:
    """A quad mesh over points (nu, nv, 3), joined round in its first direction if ``closed``."""
    nu, nv = points.shape[:2]
    index = np.arange(nu * nv).reshape(nu, nv)
    if closed:
        index = np.vstack([index, index[:1]])
    faces = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    if uv is None:
        along, across = np.zeros((nu, nv)), np.zeros((nu, nv))
        along[1:] = np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=2), axis=0)
        across[:, 1:] = np.cumsum(np.linalg.norm(np.diff(points, axis=1), axis=2), axis=1)
        uv = np.stack([along, across], axis=-1)
    return Shape(points.reshape(-1, 3), [faces[:, ::-1] if flip else faces], uv.reshape(-1, 2))


def frame(path: Array, normal: Array | None = None, closed: bool = False) -> tuple[Array, Array]:
    """Directions across and away from a path (n, 3); ``normal`` is a rough wish for "away"."""
    tangent = unit(np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)) if closed else unit(np.gradient(path, axis=0))
    if normal is None:
        away = np.empty_like(path)
        start = UP if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0.0, 0.0])
        for i, t in enumerate(tangent):
            start = start - t * (start @ t)
            start = start / max(np.linalg.norm(start), 1e-9)
            away[i] = start
    else:
        away = np.broadcast_to(np.asarray(normal, float), path.shape)
        away = unit(away - tangent * np.sum(away * tangent, axis=1, keepdims=True))
    return np.cross(away, tangent), away


def sweep(
    path: Array,
    width: Real,
    thickness: Real,
    normal: Array | None = None,
    sides: int = 8,
    square: float = 2.0,
    closed: bool = False,
) -> Shape:
    """A strap or cord along a path (n, 3): full ``width`` across, full ``thickness`` away.

    ``square`` is the exponent of the section's superellipse: 2 a cord, 6 a strap with sharp edges.
    """
    across, away = frame(path, normal, closed)
    angle = np.arange(sides) * 2 * np.pi / sides + np.pi / sides
    c, s = np.cos(angle), np.sin(angle)
    c, s = np.sign(c) * np.abs(c) ** (2 / square), np.sign(s) * np.abs(s) ** (2 / square)
    w = np.broadcast_to(np.asarray(width, float) / 2, (len(path),))[:, None, None]
    t = np.broadcast_to(np.asarray(thickness, float) / 2, (len(path),))[:, None, None]
    rings = path[:, None] + across[:, None] * c[:, None] * w + away[:, None] * s[:, None] * t
    uv = np.stack(
        [
            np.broadcast_to(lengths(path)[:, None], (len(path), sides)),
            np.broadcast_to(c * w[:, :, 0], (len(path), sides)),
        ],
        axis=-1,
    )
    body = grid(np.concatenate([rings, rings[:, :1]], axis=1), closed, np.concatenate([uv, uv[:, :1]], axis=1))
    if not closed:
        ring = np.arange(sides)
        body.faces.append(np.array([ring]))
        body.faces.append(np.array([(len(path) - 1) * (sides + 1) + ring[::-1]]))
    return body


def tube(path: Array, radius: Real, sides: int = 8, closed: bool = False) -> Shape:
    """A round cord along a path (n, 3)."""
    return sweep(path, 2 * np.asarray(radius), 2 * np.asarray(radius), None, sides, 2.0, closed)


def ball(centre: Vector, radius: Vector | float, rings: int = 8, sides: int = 12) -> Shape:
    """An ellipsoid with radii along x, y and z."""
    polar, turn = np.meshgrid(np.linspace(0, np.pi, rings), np.linspace(0, 2 * np.pi, sides, endpoint=False))
    points = np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], axis=-1)
    return grid(points * np.asarray(radius) + np.asarray(centre), True, flip=True)


def ring(centre: Array, normal: Array, radius: float, wire: float, sides: int = 16) -> Shape:
    """A ring of wire (an eyelet, an O-ring) around ``normal``."""
    normal = unit(np.asarray(normal, float))
    hint = np.array([1.0, 0, 0]) if abs(normal[0]) < 0.8 else UP
    a = unit(np.cross(normal, hint))
    b = np.cross(normal, a)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    path = np.asarray(centre) + radius * (np.cos(turn) * a + np.sin(turn) * b)
    return tube(path, wire, 6, closed=True)


class Chart:
    """A surface that can be asked for points: grid (nu, nv, 3) over u, v in [0, 1], closed in u if so."""

    def __init__(self, points: Array, closed: bool = True):
        self.points, self.closed = points, closed
        ahead = np.concatenate([points[-1:], points, points[:1]]) if closed else points
        du = np.gradient(ahead, axis=0)
        du = du[1:-1] if closed else du
        self.normals = unit(np.cross(du, np.gradient(points, axis=1)))

    def _mix(self, table: Array, u: Real, v: Real) -> Array:
        nu, nv = table.shape[:2]
        x = (np.asarray(u) % 1.0) * nu if self.closed else np.clip(u, 0, 1) * (nu - 1)
        y = np.clip(v, 0, 1) * (nv - 1)
        i = np.floor(x).astype(int) if self.closed else np.minimum(x.astype(int), nu - 2)
        j = np.minimum(np.floor(y).astype(int), nv - 2)
        s, t = (x - i)[..., None], (y - j)[..., None]
        i, k = i % nu, (i + 1) % nu
        return (1 - s) * ((1 - t) * table[i, j] + t * table[i, j + 1]) + s * (
            (1 - t) * table[k, j] + t * table[k, j + 1]
        )

    def at(self, u: Real, v: Real, offset: Real = 0.0) -> Array:
        """Points (…, 3) at u, v raised by ``offset`` metres along the normal."""
        u, v = np.broadcast_arrays(np.asarray(u, float), np.asarray(v, float))
        raised = np.broadcast_to(np.asarray(offset, float), u.shape)[..., None]
        return self._mix(self.points, u, v) + raised * unit(self._mix(self.normals, u, v))

    def normal(self, u: Real, v: Real) -> Array:
        """Unit normals (…, 3) at u, v."""
        u, v = np.broadcast_arrays(np.asarray(u, float), np.asarray(v, float))
        return unit(self._mix(self.normals, u, v))

    def sheet(self, low: Array, high: Array, thickness: float = 0.0012, across: int = 7) -> Shape:
        """A panel sewn on: the strip of the chart between the curves ``low`` and ``high`` (n, 2)."""
        t = np.concatenate([[0, 0.004], np.linspace(0.03, 0.97, across), [0.996, 1]])[None, :, None]
        along = np.linspace(0, len(low) - 1, max(len(low), 3))
        along = np.concatenate([[0, 0.06], along[1:-1], [len(low) - 1.06, len(low) - 1]])
        low, high = (np.stack([np.interp(along, np.arange(len(c)), c[:, k]) for k in (0, 1)], 1) for c in (low, high))
        uv = low[:, None] * (1 - t) + high[:, None] * t
        rise = np.full(uv.shape[:2], thickness)
        rise[[0, -1]] = -0.0006
        rise[:, [0, -1]] = -0.0006
        points = self.at(uv[..., 0], uv[..., 1], rise)
        return grid(points)

    def cord(self, curve: Array, radius: float = 0.0006, offset: float = 0.001, sides: int = 5) -> Shape:
        """A fine cord (a seam, piping) along ``curve`` (n, 2) on the chart."""
        return tube(self.at(curve[:, 0], curve[:, 1], offset), radius, sides)

    def stitches(self, curve: Array, offset: float = 0.0014, step: float = 0.0042, radius: float = 0.0005) -> Shape:
        """A row of stitches along ``curve`` (n, 2) on the chart, ``step`` metres apart."""
        path = self.at(curve[:, 0], curve[:, 1], offset)
        return stitched(path, step, radius)


def stitched(path: Array, step: float = 0.0042, radius: float = 0.0005) -> Shape:
    """A row of short threads along a path (n, 3)."""
    count = max(4, int(lengths(path)[-1] / step))
    even = resampled(path, 3 * count + 1)
    return joined([tube(even[3 * k : 3 * k + 3], radius, 4) for k in range(count)])


def line(*points: tuple[float, float], count: int = 30) -> Array:
    """A smooth curve (count, 2) through chart points."""
    return smooth_path(points, count)
