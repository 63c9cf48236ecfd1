"""What is sewn onto a garment: bands, pockets, stitching, buttons, collars, zips.

Everything is laid out on the flat pattern (metres) and carried onto the draped
cloth, so it follows every fold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._cloth import mesh_of, paint_uv
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._outline import Points, inset, resample, triangulate

if TYPE_CHECKING:
    import bpy


def grid_mesh(name: str, grid: np.ndarray, uv: np.ndarray, flip: bool = False) -> bpy.types.Mesh:
    """Quad mesh over a (rows, columns, 3) grid with (rows, columns, 2) UVs in metres."""
    rows, columns = grid.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    if flip:
        quads = quads[:, ::-1]
    mesh = mesh_of(name, grid.reshape(-1, 3), quads)
    paint_uv(mesh, "UVMap", uv.reshape(-1, 2)[quads])
    return mesh


def band(
    g: Garment,
    line: Points,
    width: float,
    side: int = 0,
    height: float = 0.0016,
    inside: bool = False,
    rim: bool = True,
) -> bpy.types.Mesh:
    """Strip of ``width`` along ``line`` to its left, raised by ``height``: ribs, hems, waistbands, tapes."""
    line = resample(line, 0.006)
    steps = np.r_[0.0, np.linspace(0, 1, 6)] if rim else np.linspace(0, 1, 6)
    lift = np.ones(len(steps)) * height
    lift[-1] = -0.0003
    if rim:
        lift[0] = -0.0022
    columns, along = [], np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    for step, up in zip(steps, lift, strict=True):
        place, normal = g.at(inset(line, width * step) if step else line, side)
        columns.append(place + normal * (-up if inside else up))
    grid = np.stack(columns, axis=1)
    uv = np.stack(np.meshgrid(along, steps * width, indexing="ij"), axis=-1)
    return grid_mesh("band", grid, uv, flip=inside)


def stitch(
    g: Garment, line: Points, side: int = 0, width: float = 0.0014, height: float = 0.0008, inside: bool = False
) -> bpy.types.Mesh:
    """Thin ribbon along ``line``: a row of stitches or the shadow of a seam."""
    line = resample(line, 0.007)
    up = -height if inside else height
    columns = []
    for k in (-0.5, 0.5):
        place, normal = g.at(inset(line, k * width), side)
        columns.append(place + normal * up)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    uv = np.stack(np.meshgrid(along, [0, width], indexing="ij"), axis=-1)
    return grid_mesh("stitch", np.stack(columns, axis=1), uv, flip=inside)


def patch(
    g: Garment,
    outline: Points,
    side: int = 0,
    height: float = 0.0018,
    spacing: float = 0.008,
    inside: bool = False,
    lift: float = 0.0,
    turn: float = 0.0,
) -> bpy.types.Mesh:
    """Piece of cloth with a closed counter-clockwise ``outline`` laid onto the garment, edges turned in.

    ``turn`` rotates its grain (radians), ``lift`` adds clearance.
    """
    outline = np.asarray(outline, float)
    closed = np.vstack([outline, outline[:1]])
    rim = np.vstack([resample(closed[i : i + 2], spacing)[:-1] for i in range(len(outline))])
    flat, tris = triangulate(rim, spacing)
    place, normal = g.at(flat, side)
    sign = -1 if inside else 1
    top = place + sign * normal * (height + lift)
    count = len(rim)
    low = place[:count] - sign * normal[:count] * 0.001
    i = np.arange(count)
    j = np.roll(i, -1)
    n = len(flat)
    walls = np.vstack([np.stack([i, n + i, n + j], axis=1), np.stack([i, n + j, j], axis=1)])
    tris = np.vstack([tris, walls])
    if inside:
        tris = tris[:, ::-1]
    mesh = mesh_of("patch", np.vstack([top, low]), tris)
    uv = np.vstack([flat, rim])[tris]
    c, s = np.cos(turn), np.sin(turn)
    paint_uv(mesh, "UVMap", uv @ np.array([[c, s], [-s, c]]))
    return mesh


def rectangle(x0: float, z0: float, x1: float, z1: float) -> Points:
    """Counter-clockwise rectangle."""
    return np.array([(x0, z0), (x1, z0), (x1, z1), (x0, z1)], float)


def disc(
    g: Garment, point: tuple[float, float], radius: float, side: int = 0, thick: float = 0.0022, lift: float = 0.002
) -> bpy.types.Mesh:
    """Button or rivet at a flat point: a low round disc with a sunk middle."""
    place, normal = g.at(np.array([point], float), side)
    n = normal[0]
    u = np.cross(n, [0.0, 0.0, 1.0])
    u /= max(np.linalg.norm(u), 1e-9)
    v = np.cross(n, u)
    turn = np.linspace(0, 2 * np.pi, 17)
    profile = [(0.001, 0.55), (0.45, 0.55), (0.62, 0.95), (0.85, 1.0), (1.0, 0.5), (1.0, -0.6)]
    grid = np.empty((len(turn), len(profile), 3))
    for k, (r, h) in enumerate(profile):
        ring = radius * r * (np.cos(turn)[:, None] * u + np.sin(turn)[:, None] * v)
        grid[:, k] = place[0] + ring + n * (lift + thick * h)
    return grid_mesh("button", grid, grid[..., [0, 2]])


def dashes(line: Points, length: float, gap: float) -> list[Points]:
    """Cut a polyline into pieces of ``length`` with ``gap`` between them (metres)."""
    fine = resample(line, 0.001)
    step, size = round((length + gap) * 1000), max(2, round(length * 1000) + 1)
    return [fine[i : i + size] for i in range(0, len(fine) - size // 2, step)]


def neck_ring(
    g: Garment, gap: float = 0.0, name: str = "neck", spacing: float = 0.008
) -> tuple[np.ndarray, np.ndarray]:
    """The neck opening from the right front over the back to the left front.

    Returns the (n, 3) points and the directions away from the neck; ``gap`` is left
    open at the centre front (metres).
    """
    front, behind = g.border(name, 0), g.border(name, 1)
    middle = int(np.argmin(np.abs(front[:, 0]) + np.abs(front[:, 1] - front[:, 1].min())))
    right, left = front[: middle + 1], front[middle:]
    right, left = right[right[:, 0] >= gap / 2], left[left[:, 0] <= -gap / 2]
    ring = [g.at(resample(right[::-1], spacing), 0)[0][:-1], g.at(resample(behind, spacing), 1)[0]]
    ring.append(g.at(resample(left[::-1], spacing), 0)[0][1:])
    points = np.vstack(ring)
    for _ in range(2):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    out = (points - points.mean(0)) * [1.0, 1.6, 0.0]
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    return points, out


def clear_of(g: Garment, points: np.ndarray, gap: float) -> np.ndarray:
    """Move ``points`` (n, 3) that are nearer than ``gap`` to the outside of the cloth, or within it, out of it."""
    tree = g.tree()
    out = points.copy()
    for i, p in enumerate(points):
        near, normal, _, _ = tree.find_nearest(tuple(p), 0.05)
        if near is None:
            continue
        near, normal = np.array(near), np.array(normal)
        away = (p - near) @ normal
        if away < gap:
            out[i] = p + normal * (gap - away)
    return out


def fold_collar(
    g: Garment,
    *,
    stand: float = 0.03,
    leaf: float = 0.045,
    point: float = 0.07,
    spread: float = 0.5,
    gap: float = 0.0,
    lean: float = 0.15,
    flare: float = 0.35,
    name: str = "neck",
) -> tuple[bpy.types.Mesh, bpy.types.Mesh]:
    """Shirt or polo collar: a stand around the neck and a leaf folded over it.

    ``stand``, ``leaf`` (at the back) and ``point`` (at the front ends) in metres;
    ``spread`` tips the points sideways, ``lean`` the stand towards the neck. Returns
    the meshes of stand and leaf.
    """
    base, out = neck_ring(g, gap, name)
    t = np.linspace(-1, 1, len(base))
    front = np.clip((np.abs(t) - 0.35) / 0.65, 0, 1)[:, None] ** 1.5
    up = np.array([0.0, 0.0, 1.0])
    height = stand * (1 - 0.25 * front)
    top = base + height * up - out * height * lean * (1 - front)
    length = leaf + (point - leaf) * front
    away = np.sign(base[:, :1] + 1e-9) * np.array([1.0, 0.0, 0.0])
    fall = -up * (1 - 0.1 * front) + out * flare * (1 - front) + away * spread * front
    fall /= np.linalg.norm(fall, axis=1, keepdims=True)
    edge = top + fall * length
    steps = np.linspace(0, 1, 8)
    rows = [base, top]
    stand_grid = np.stack([base - out * 0.001, (base + top) / 2 - out * 0.001, top - out * 0.0005], axis=1)
    rows = []
    for s in steps:
        roll = 0.006 * np.sin(np.pi * min(1.0, s * 2.2)) + 0.004 * min(1.0, s * 6)
        p = top + (edge - top) * s + out * roll + up * 0.004 * np.sin(np.pi * min(1.0, s * 3)) * (s < 0.34)
        rows.append(clear_of(g, p, 0.004) if s > 0.2 else p)
    leaf_grid = np.stack(rows, axis=1)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(base, axis=0), axis=1))]
    uv = lambda grid, size: np.stack(np.meshgrid(along, np.linspace(0, size, grid.shape[1]), indexing="ij"), axis=-1)  # noqa: E731
    return grid_mesh("stand", stand_grid, uv(stand_grid, stand)), grid_mesh("leaf", leaf_grid, uv(leaf_grid, leaf))
