"""Small hard things in numpy: outlines, turned and swept bodies, terraces and cards.

Everything here works without Blender until :meth:`Solid.mesh` is called. Lengths
are metres, x points right, z up, and the front of a thing faces -y.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import bpy

Array = np.ndarray
TURN = 2 * np.pi


@dataclass
class Solid:
    """Points (n, 3) in metres, faces as index tuples and, if any, one UV (n, 2) a point."""

    points: Array
    faces: list[tuple[int, ...]]
    uv: Array | None = None

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Solid:
        """Return the solid shifted by ``x``, ``y``, ``z`` metres."""
        return Solid(self.points + np.array([x, y, z]), self.faces, self.uv)

    def scaled(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> Solid:
        """Return the solid stretched along the axes; a mirrored one keeps its faces outward."""
        turn = x * y * z < 0
        faces = [f[::-1] for f in self.faces] if turn else self.faces
        return Solid(self.points * (x, y, z), faces, self.uv)

    def turned(self, axis: str, degrees: float) -> Solid:
        """Return the solid rotated about ``axis`` ("x", "y" or "z") by ``degrees``, right-handed."""
        a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        points = self.points.copy()
        points[:, a] = c * self.points[:, a] - s * self.points[:, b]
        points[:, b] = s * self.points[:, a] + c * self.points[:, b]
        return Solid(points, self.faces, self.uv)

    def mesh(self, name: str = "solid", crease: float = 38.0) -> bpy.types.Mesh:
        """Make a Blender mesh whose edges sharper than ``crease`` degrees stay sharp."""
        import bpy

        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(self.points.tolist(), [], self.faces)
        mesh.update()
        if self.uv is not None:
            index = np.empty(len(mesh.loops), dtype=np.int32)
            mesh.loops.foreach_get("vertex_index", index)
            mesh.uv_layers.new(name="UVMap").uv.foreach_set("vector", self.uv[index].astype(np.float32).ravel())
        mesh.shade_smooth()
        mesh.set_sharp_from_angle(angle=float(np.radians(crease)))
        return mesh


def join(solids: Iterable[Solid]) -> Solid:
    """Put several solids into one; UVs are kept where given and zero elsewhere."""
    points, faces, uvs, start = [], [], [], 0
    for solid in solids:
        points.append(solid.points)
        uvs.append(np.zeros((len(solid.points), 2)) if solid.uv is None else solid.uv)
        faces += [tuple(i + start for i in f) for f in solid.faces]
        start += len(solid.points)
    return Solid(np.concatenate(points), faces, np.concatenate(uvs))


def superellipse(width: float, height: float, power: float = 2.0, count: int = 64) -> Array:
    """Outline (count, 2) of a superellipse, anticlockwise; power 2 is an ellipse, 5 nearly a box."""
    t = np.arange(count) / count * TURN
    c, s = np.cos(t), np.sin(t)
    r = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    return np.stack([width / 2 * r * c, height / 2 * r * s], axis=1)


def rounded(corners: Sequence[Sequence[float]], radius: float | Sequence[float], steps: int = 6) -> Array:
    """Outline of an anticlockwise polygon with its corners rounded to ``radius`` metres each."""
    p = np.asarray(corners, dtype=float)
    radii = np.broadcast_to(np.asarray(radius, dtype=float), len(p))
    out = []
    for i, corner in enumerate(p):
        to, on = p[i - 1] - corner, p[(i + 1) % len(p)] - corner
        reach = min(np.linalg.norm(to), np.linalg.norm(on)) * 0.49
        half = 0.5 * np.arccos(np.clip(to @ on / np.linalg.norm(to) / np.linalg.norm(on), -1, 1))
        cut = min(radii[i] / max(np.tan(half), 1e-3), reach)
        a, b = corner + to / np.linalg.norm(to) * cut, corner + on / np.linalg.norm(on) * cut
        t = np.linspace(0, 1, steps + 1)[:, None]
        out.append((1 - t) ** 2 * a + 2 * t * (1 - t) * corner + t**2 * b)
    return np.concatenate(out)


def box(width: float, height: float, radius: float, steps: int = 6) -> Array:
    """Outline of a rounded rectangle about the origin."""
    w, h = width / 2, height / 2
    return rounded([(w, -h), (w, h), (-w, h), (-w, -h)], radius, steps)


def inset(outline: Array, distance: float) -> Array:
    """Move an anticlockwise outline inward by ``distance`` metres (outward if negative)."""
    before, after = outline - np.roll(outline, 1, 0), np.roll(outline, -1, 0) - outline

    def inward(edge: Array) -> Array:
        length = np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-12)
        return np.stack([-edge[:, 1], edge[:, 0]], axis=1) / length

    a, b = inward(before), inward(after)
    both = a + b
    both /= np.maximum(np.sum(both * a, axis=1, keepdims=True), 0.5)
    return outline + both * distance


def terraces(outline: Array, steps: Sequence[tuple[float, float]], front: bool = False, back: bool = False) -> Solid:
    """Stack insets of a front outline: ``steps`` are (inset, y) in metres, from the back to the front.

    ``front`` and ``back`` close the ends by flat faces. UVs are the front's x and z in metres.
    """
    n = len(outline)
    rings = [np.column_stack([inset(outline, d), np.full(n, y)])[:, [0, 2, 1]] for d, y in steps]
    faces = _rows(len(rings), n, True)
    if front:
        # The flat end has points of its own, so that the rounded edge doesn't bend its shading.
        rings.append(rings[-1])
        faces.append(tuple(range((len(rings) - 1) * n, len(rings) * n)))
    if back:
        faces.append(tuple(range(n - 1, -1, -1)))
    points = np.concatenate(rings)
    return Solid(points, faces, points[:, [0, 2]])


def slab(outline: Array, depth: float, bevel: float = 0.0, dome: float = 0.0, rounds: int = 3) -> Solid:
    """Plate with a front outline, ``depth`` thick about y = 0, edges rounded by ``bevel``.

    ``dome`` lets the front bulge by as many metres towards the viewer.
    """
    t = np.linspace(0, np.pi / 2, rounds + 1)
    b = min(bevel, depth * 0.499)
    steps = [(b * (1 - np.sin(a)), depth / 2 - b * (1 - np.cos(a))) for a in t]
    steps += [(b * (1 - np.cos(a)), -depth / 2 + b * (1 - np.sin(a))) for a in t]
    steps = steps if b > 0 else [(0, depth / 2), (0, -depth / 2)]
    if not dome:
        return terraces(outline, steps, front=True, back=True)
    body = terraces(outline, steps, back=True)
    rim = inset(outline, b)
    centre = rim.mean(axis=0)
    s = np.linspace(1, 0.02, 8)
    rings = [
        np.column_stack([centre + (rim - centre) * k, np.full(len(rim), -depth / 2 - dome * (1 - k * k))]) for k in s
    ]
    points = np.concatenate(rings)[:, [0, 2, 1]]
    faces = [*_rows(len(s), len(rim), True), tuple(range((len(s) - 1) * len(rim), len(points)))]
    return join([body, Solid(points, faces, points[:, [0, 2]])])


def _rows(rows: int, n: int, closed: bool) -> list[tuple[int, ...]]:
    """Quads between consecutive rings of ``n`` points."""
    m = n if closed else n - 1
    return [
        (r * n + i, r * n + (i + 1) % n, (r + 1) * n + (i + 1) % n, (r + 1) * n + i)
        for r in range(rows - 1)
        for i in range(m)
    ]


def grid(points: Array, uv: Array | None = None, closed: bool = False, caps: bool = False) -> Solid:
    """Skin over rows (rows, n, 3); ``closed`` joins each row's ends, ``caps`` fills first and last row."""
    rows, n, _ = points.shape
    faces = _rows(rows, n, closed)
    if caps:
        faces += [tuple(range(n - 1, -1, -1)), tuple(range((rows - 1) * n, rows * n))]
    return Solid(points.reshape(-1, 3), faces, None if uv is None else uv.reshape(-1, 2))


def lathe(profile: Sequence[tuple[float, float]], segments: int = 48) -> Solid:
    """Turn a profile of (radius, z), from the bottom up, about the z axis.

    UVs are metres round the widest part and metres of height.
    """
    p = np.maximum(np.asarray(profile, dtype=float), [1e-6, -np.inf])
    t = np.arange(segments + 1) / segments * TURN
    ring = np.stack([np.cos(t), np.sin(t)], axis=1)
    points = np.stack([np.column_stack([r * ring, np.full(segments + 1, z)]) for r, z in p])
    uv = np.stack([np.column_stack([t * p[:, 0].max(), np.full(segments + 1, z)]) for _, z in p])
    solid = grid(points, uv)
    # The seam's two edges meet at the same place: the last column folds onto the first.
    weld = np.arange(len(solid.points)).reshape(len(p), -1)
    weld[:, -1] = weld[:, 0]
    solid.faces = [tuple(weld.ravel()[list(f)]) for f in solid.faces]
    return solid


def smooth(points: Sequence[Sequence[float]] | Sequence[Array] | Array, count: int, closed: bool = False) -> Array:
    """Catmull-Rom curve of ``count`` points through the given ones (any dimension)."""
    p = np.asarray(points, dtype=float)
    ring = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    spans = len(p) if closed else len(p) - 1
    s = np.linspace(0, spans, count, endpoint=not closed)
    i = np.minimum(s.astype(int), spans - 1)
    t = (s - i)[:, None]
    a, b, c, d = ring[i], ring[i + 1], ring[i + 2], ring[i + 3]
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def frames(path: Array, closed: bool = False, up: Sequence[float] = (0, 0, 1)) -> tuple[Array, Array]:
    """Two unit vectors across a path at each point, carried along it without twist."""
    ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0) if closed else np.gradient(path, axis=0)
    ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    side = np.cross(ahead[0], up)
    if np.linalg.norm(side) < 0.1:
        side = np.cross(ahead[0], (0.3, 1, 0.2))
    sides = []
    for step in ahead:
        side = side - step * (side @ step)
        side = side / np.linalg.norm(side)
        sides.append(side)
    across = np.array(sides)
    return across, np.cross(across, ahead)


def sweep(
    path: Array, section: Array, scale: Array | float = 1.0, closed: bool = False, up: Sequence[float] = (0, 0, 1)
) -> Solid:
    """Carry a closed section (n, 2) in metres along a path (m, 3); ``scale`` may vary along it.

    The section's first axis lies across the path sideways (to the right of ``up``), the second along up.
    """
    sides, ups = frames(path, closed, up)
    k = np.broadcast_to(np.asarray(scale, dtype=float), len(path))[:, None, None]
    points = path[:, None] + k * (section[None, :, :1] * sides[:, None] + section[None, :, 1:] * ups[:, None])
    if closed:
        points = np.concatenate([points, points[:1]])
    solid = grid(points, None, closed=True, caps=not closed)
    if closed:
        n, m = len(section), len(path)
        solid = Solid(solid.points[: n * m], [tuple(i % (n * m) for i in f) for f in solid.faces])
    solid.faces = [f[::-1] for f in solid.faces]
    return solid


def tube(path: Array, radius: Array | float, closed: bool = False, sides: int = 10) -> Solid:
    """Round wire along a path; ``radius`` in metres, one or one a point."""
    return sweep(np.asarray(path, float), superellipse(2, 2, 2, sides), radius, closed)


def ball(radius: float, segments: int = 20) -> Solid:
    """Sphere about the origin."""
    t = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    return lathe([(radius * np.cos(a), radius * np.sin(a)) for a in t], segments)


def card(width: float, height: float) -> Solid:
    """Flat picture card facing -y, with UVs from 0 to 1."""
    w, h = width / 2, height / 2
    points = np.array([(-w, 0, -h), (w, 0, -h), (w, 0, h), (-w, 0, h)], dtype=float)
    return Solid(points, [(0, 1, 2, 3)], np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=float))


def wrap(profile: Sequence[tuple[float, float]], angle: float = 160.0, columns: int = 32) -> Solid:
    """Picture card bent about the z axis, facing -y: profile (radius, z) upward, ``angle`` degrees wide."""
    p = np.asarray(profile, dtype=float)
    t = np.radians(np.linspace(-angle / 2, angle / 2, columns))
    points = np.stack([np.column_stack([r * np.sin(t), -r * np.cos(t), np.full(columns, z)]) for r, z in p])
    v = (p[:, 1] - p[0, 1]) / (p[-1, 1] - p[0, 1])
    uv = np.stack([np.column_stack([np.linspace(0, 1, columns), np.full(columns, k)]) for k in v])
    return grid(points, uv)
