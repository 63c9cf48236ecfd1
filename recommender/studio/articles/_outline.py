"""Flat pattern pieces: curves, outlines and the triangulated panels cut from them.

All coordinates are metres of cloth in the plane (x to the right, z up) of a
garment seen from the front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Points = np.ndarray


@dataclass(frozen=True)
class Edge:
    """One stretch of a panel's border; ``open`` borders (hem, neck) are not sewn to the other panel."""

    name: str
    points: Points
    open: bool = False


def curve(points: Sequence[tuple[float, float]], steps: int = 16) -> Points:
    """Smooth curve through ``points`` (Catmull-Rom), ``steps`` pieces a span."""
    p = np.asarray(points, float)
    q = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    spans = []
    for a, b, c, d in zip(q[:-3], q[1:-2], q[2:-1], q[3:], strict=True):
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*spans, p[-1:]])


def resample(points: Points, spacing: float) -> Points:
    """The same polyline with its points about ``spacing`` metres apart, ends kept."""
    p = np.asarray(points, float)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))]
    t = np.linspace(0, along[-1], max(1, round(along[-1] / spacing)) + 1)
    return np.stack([np.interp(t, along, p[:, k]) for k in range(p.shape[1])], axis=1)


def mirrored(points: Points) -> Points:
    """``points`` seen in a mirror at x = 0 and run backwards."""
    return (np.asarray(points, float) * [-1, 1])[::-1]


def symmetric(half: Sequence[Edge]) -> list[Edge]:
    """Closed counter-clockwise outline from its right half, given from the lower to the upper centre."""
    return list(half) + [Edge(e.name, mirrored(e.points), e.open) for e in reversed(half)]


def contains(outline: Points, points: Points) -> np.ndarray:
    """Which of ``points`` lie inside the closed ``outline`` (even-odd rule)."""
    x, z = points.T
    inside = np.zeros(len(points), bool)
    for (x0, z0), (x1, z1) in zip(outline, np.roll(outline, -1, 0), strict=True):
        if z0 != z1:
            inside ^= ((z0 > z) != (z1 > z)) & (x < (x1 - x0) * (z - z0) / (z1 - z0) + x0)
    return inside


def distance(line: Points, points: Points, closed: bool = False) -> np.ndarray:
    """Distance in metres of each of ``points`` from a polyline."""
    starts = line if closed else line[:-1]
    ends = np.roll(line, -1, 0) if closed else line[1:]
    nearest = np.full(len(points), np.inf)
    for a, b in zip(starts, ends, strict=True):
        d = b - a
        t = np.clip(((points - a) @ d) / max(d @ d, 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - a - t[:, None] * d, axis=1))
    return nearest


def inset(line: Points, width: float) -> Points:
    """``line`` moved ``width`` metres to its left (into a counter-clockwise outline)."""
    tangent = np.gradient(line, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    return line + width * np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


def _grid(outline: Points, spacing: float) -> Points:
    """Points of a triangular lattice over the bounding box of ``outline``."""
    lo, hi = outline.min(0), outline.max(0)
    rows = []
    for k, z in enumerate(np.arange(lo[1], hi[1], spacing * 0.866)):
        x = np.arange(lo[0] + spacing / 2 * (k % 2), hi[0], spacing)
        rows.append(np.stack([x, np.full(len(x), z)], axis=1))
    return np.vstack(rows)


def _second_row(outline: Points, spacing: float) -> Points:
    """Points that make even triangles along the outline, so that sewn seams don't zigzag."""
    after = np.roll(outline, -1, 0)
    way = after - outline
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    row = (outline + after) / 2 + 0.87 * spacing * np.stack([-way[:, 1], way[:, 0]], axis=1)
    row = row[contains(outline, row)]
    row = row[distance(outline, row, closed=True) > 0.72 * spacing]
    keep: list[np.ndarray] = []
    for p in row:
        if not keep or np.min(np.linalg.norm(np.array(keep) - p, axis=1)) > 0.6 * spacing:
            keep.append(p)
    return np.array(keep).reshape(-1, 2)


def triangulate(outline: Points, spacing: float, lines: Sequence[Points] = ()) -> tuple[Points, np.ndarray]:
    """Fill a closed outline with even triangles whose edges follow ``lines``.

    Returns
    -------
    vertices, triangles
        The first ``len(outline)`` vertices are the outline. Ends of ``lines``
        that lie on the outline share its vertices.
    """
    from mathutils import Vector
    from mathutils.geometry import delaunay_2d_cdt

    count = len(outline)
    edges = [(i, (i + 1) % count) for i in range(count)]
    vertices = [outline]
    total = count
    for line in lines:
        inner = resample(line, spacing)[1:-1]
        ends = [int(np.argmin(np.linalg.norm(outline - p, axis=1))) for p in (line[0], line[-1])]
        chain = [ends[0], *range(total, total + len(inner)), ends[1]]
        edges += list(pairwise(chain))
        vertices.append(inner)
        total += len(inner)
    row = _second_row(outline, spacing)
    fill = _grid(outline, spacing)
    fill = fill[contains(outline, fill)]
    fill = fill[distance(outline, fill, closed=True) > 1.35 * spacing]
    for line in lines:
        row = row[distance(np.asarray(line), row) > 0.55 * spacing]
        fill = fill[distance(np.asarray(line), fill) > 0.55 * spacing]
    points = np.vstack([*vertices, row, fill])
    found = delaunay_2d_cdt([Vector(p) for p in points], edges, [], 0, 1e-7)
    triangles = np.array(found[2])
    points = np.array([tuple(v) for v in found[0]])
    return points, triangles[contains(outline, points[triangles].mean(1))]


def edges_of(triangles: np.ndarray) -> np.ndarray:
    """Every edge of a triangle mesh once, as sorted vertex pairs."""
    pairs = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(pairs, axis=1), axis=0)


def loop_subdivide(
    triangles: np.ndarray, smooth: np.ndarray, linear: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One step of Loop subdivision; ``smooth`` is rounded, ``linear`` only split. Child faces of face i: 4i..4i+3."""
    n = len(smooth)
    corners = np.stack([triangles, np.roll(triangles, -1, 1), np.roll(triangles, -2, 1)], axis=-1).reshape(-1, 3)
    pairs, index, uses = np.unique(np.sort(corners[:, :2], axis=1), axis=0, return_inverse=True, return_counts=True)
    index = index.ravel()
    middle = smooth[pairs].mean(1)
    wings = np.zeros_like(middle)
    np.add.at(wings, index, smooth[corners[:, 2]])
    inner = uses == 2
    middle_smooth = np.where(inner[:, None], 0.75 * middle + 0.125 * wings, middle)
    border = np.zeros(n, bool)
    border[pairs[~inner]] = True
    moved = smooth.copy()
    for mask, rule in ((~border, "inner"), (border, "rim")):
        use = pairs if rule == "inner" else pairs[~inner]
        total = np.zeros_like(smooth)
        count = np.zeros(n)
        for a, b in ((0, 1), (1, 0)):
            np.add.at(total, use[:, a], smooth[use[:, b]])
            np.add.at(count, use[:, a], 1)
        count = np.maximum(count, 1)
        weight = np.minimum(3 / 16, 3 / (8 * count)) if rule == "inner" else 0.25 / count
        value = smooth * (1 - weight * count)[:, None] + total * weight[:, None]
        moved[mask] = value[mask]
    mids = n + index.reshape(-1, 3)
    a, b, c = triangles.T
    ab, bc, ca = mids.T
    split = np.stack([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], axis=1).reshape(-1, 3)
    return split, np.vstack([moved, middle_smooth]), np.vstack([linear, linear[pairs].mean(1)])
