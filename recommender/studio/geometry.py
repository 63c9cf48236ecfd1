"""Mesh helpers of the studio: turned, swept, lofted, flat and sewn shapes.

All lengths are metres. Every helper returns a ``bpy.types.Mesh`` with a UV layer
``UVMap`` in metres (1 unit = 1 m of material), so that weaves, grains and stripes
keep their real size on any product.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import bpy
import numpy as np
from mathutils.geometry import delaunay_2d_cdt

Points = Sequence[Sequence[float]] | np.ndarray


def make_mesh(
    vertices: Points, faces: Iterable[Sequence[int]], uvs: Points | None = None, name: str = "part"
) -> bpy.types.Mesh:
    """Mesh from vertices (m), faces (vertex indices) and optional UVs.

    ``uvs`` is either one pair a vertex or one pair a face corner, in metres.
    Without it the UVs come from :func:`box_uv`.
    """
    faces = [tuple(int(i) for i in face) for face in faces]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(map(float, v)) for v in vertices], [], faces)
    mesh.validate()
    mesh.update()
    if uvs is None:
        box_uv(mesh)
        return mesh
    uvs = np.asarray(uvs, dtype=np.float32)
    corners = np.empty(len(mesh.loops), dtype=np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    if len(uvs) == len(vertices) and len(uvs) != len(corners):
        uvs = uvs[corners]
    if len(uvs) != len(corners):  # validate() dropped a degenerate face
        box_uv(mesh)
        return mesh
    set_uv(mesh, uvs)
    return mesh


def set_uv(mesh: bpy.types.Mesh, uvs: np.ndarray, name: str = "UVMap") -> None:
    """Write one (u, v) a face corner into the UV layer ``name`` (made if missing)."""
    layer = mesh.uv_layers.get(name) or mesh.uv_layers.new(name=name, do_init=False)
    layer.uv.foreach_set("vector", np.ascontiguousarray(uvs, dtype=np.float32).ravel())


def vertices_of(mesh: bpy.types.Mesh) -> np.ndarray:
    """Vertex positions (n, 3) in metres."""
    out = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    mesh.vertices.foreach_get("co", out)
    return out.reshape(-1, 3)


def corner_vertices(mesh: bpy.types.Mesh) -> np.ndarray:
    """Index of the vertex of every face corner."""
    out = np.empty(len(mesh.loops), dtype=np.int32)
    mesh.loops.foreach_get("vertex_index", out)
    return out


def box_uv(mesh: bpy.types.Mesh) -> None:
    """Give ``mesh`` UVs in metres by projecting each face along its main axis."""
    if not len(mesh.polygons):
        return
    count = len(mesh.polygons)
    normals = np.empty(count * 3, dtype=np.float32)
    totals = np.empty(count, dtype=np.int32)
    mesh.polygons.foreach_get("normal", normals)
    mesh.polygons.foreach_get("loop_total", totals)
    axis = np.repeat(np.abs(normals.reshape(-1, 3)).argmax(1), totals)
    at = vertices_of(mesh)[corner_vertices(mesh)]
    uv = np.where(axis[:, None] == 0, at[:, [1, 2]], np.where(axis[:, None] == 1, at[:, [0, 2]], at[:, [0, 1]]))
    set_uv(mesh, uv)


def print_uv(
    mesh: bpy.types.Mesh, centre: Sequence[float], width: float, height: float, front_only: bool = True
) -> None:
    """Place a print: add the UV layer ``PrintMap`` by projecting along Y.

    The rectangle of ``width`` x ``height`` metres around ``centre`` (x, z) maps to
    0..1; faces that look away from -Y get UVs far outside when ``front_only``.
    """
    at = vertices_of(mesh)[corner_vertices(mesh)]
    uv = np.stack([(at[:, 0] - centre[0]) / width + 0.5, (at[:, 2] - centre[1]) / height + 0.5], axis=1)
    if front_only:
        normals = np.empty(len(mesh.polygons) * 3, dtype=np.float32)
        totals = np.empty(len(mesh.polygons), dtype=np.int32)
        mesh.polygons.foreach_get("normal", normals)
        mesh.polygons.foreach_get("loop_total", totals)
        away = np.repeat(normals.reshape(-1, 3)[:, 1] > 0, totals)
        uv[away] = -9.0
    set_uv(mesh, uv, "PrintMap")


def circle(radius: float = 1.0, segments: int = 16, squash: float = 1.0) -> np.ndarray:
    """Closed circle or ellipse (segments, 2); ``squash`` scales the second axis."""
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    return np.stack([radius * np.cos(t), radius * squash * np.sin(t)], axis=1)


def spline(points: Points, count: int, closed: bool = False) -> np.ndarray:
    """``count`` points, evenly spaced by length, on a Catmull-Rom curve through ``points``."""
    p = np.asarray(points, dtype=float)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 24, endpoint=False)[:, None]
    out = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    fine = np.concatenate([*out, p[-2:-1]])
    return resample(fine, count, closed=closed)


def resample(points: Points, count: int, closed: bool = False) -> np.ndarray:
    """``count`` evenly spaced points along a polyline (a closed one omits the repeated end)."""
    p = np.asarray(points, dtype=float)
    if closed and np.linalg.norm(p[0] - p[-1]) > 1e-9:
        p = np.concatenate([p, p[:1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
    at = np.linspace(0, length[-1], count + 1)[:-1] if closed else np.linspace(0, length[-1], count)
    return np.stack([np.interp(at, length, p[:, k]) for k in range(p.shape[1])], axis=1)


def loft(
    rings: Points, closed: bool = True, caps: tuple[bool, bool] = (False, False), loop: bool = False, name: str = "loft"
) -> bpy.types.Mesh:
    """Skin over ``rings`` (n, m, 3): rows of equally many points (m).

    ``closed`` joins the last point of each ring to its first, ``loop`` joins the last
    ring to the first, ``caps`` fills the first and the last ring.
    """
    rings = np.asarray(rings, dtype=float)
    n, m = rings.shape[:2]
    wide = np.concatenate([rings, rings[:, :1]], axis=1) if closed else rings
    long = np.concatenate([wide, wide[:1]]) if loop else wide
    u = np.concatenate(
        [np.zeros((len(long), 1)), np.cumsum(np.linalg.norm(np.diff(long, axis=1), axis=2), axis=1)], axis=1
    )
    v = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(long, axis=0), axis=2).mean(1))])
    v = np.repeat(v[:, None], long.shape[1], axis=1)
    rows, columns = np.meshgrid(np.arange(len(long) - 1), np.arange(long.shape[1] - 1), indexing="ij")
    i, j = rows.ravel(), columns.ravel()
    a = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
    faces = np.stack([(r % n) * m + (c % m) for r, c in a], axis=1).tolist()
    uvs = np.stack([np.stack([u[r, c], v[r, c]], axis=1) for r, c in a], axis=1).reshape(-1, 2)
    for at_end, wanted in enumerate(caps):
        if wanted and closed:
            ring = list(range(m)) if not at_end else list(range((n - 1) * m, n * m))
            faces.append(ring[::-1] if not at_end else ring)
            flat = _flatten(rings[-1 if at_end else 0])
            uvs = np.concatenate([uvs, flat[::-1] if not at_end else flat])
    return make_mesh(rings.reshape(-1, 3), faces, uvs, name)


def _flatten(ring: np.ndarray) -> np.ndarray:
    """Coordinates (m, 2) of a nearly plane ring in its own plane."""
    middle = ring - ring.mean(0)
    return middle @ np.linalg.svd(middle, full_matrices=False)[2][:2].T


def lathe(profile: Points, segments: int = 48, name: str = "lathe") -> bpy.types.Mesh:
    """Turn a profile [(radius, z), ...] in metres around the Z axis (bottles, caps, cups)."""
    profile = np.asarray(profile, dtype=float)
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    r = np.maximum(profile[:, :1], 1e-6)
    rings = np.stack([r * np.cos(t), r * np.sin(t), np.repeat(profile[:, 1:2], segments, axis=1)], axis=2)
    return loft(rings, caps=(profile[0, 0] > 1e-5, profile[-1, 0] > 1e-5), name=name)


def frames(path: np.ndarray, closed: bool = False, up: Sequence[float] | None = None) -> tuple:
    """Tangents, normals and binormals (n, 3 each) carried along ``path`` without twist.

    ``up`` fixes the binormal as near to that direction as the path allows.
    """
    ahead = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    if not closed:
        ahead[0], ahead[-1] = path[1] - path[0], path[-1] - path[-2]
    t = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    if up is not None:
        n = np.cross(np.asarray(up, dtype=float), t)
        n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
        return t, n, np.cross(t, n)
    first = np.cross(t[0], (0, 0, 1) if abs(t[0][2]) < 0.9 else (0, 1, 0))
    carried = [first / np.linalg.norm(first)]
    for k in range(1, len(t)):
        step = carried[-1] - t[k] * (carried[-1] @ t[k])
        carried.append(step / max(np.linalg.norm(step), 1e-12))
    n = np.array(carried)
    if closed:  # spread the remaining twist over the whole loop
        last = n[-1] - t[0] * (n[-1] @ t[0])
        angle = np.arctan2(np.cross(n[0], last) @ t[0], n[0] @ last)
        a = -angle * np.linspace(0, 1, len(t))[:, None]
        n = n * np.cos(a) + np.cross(t, n) * np.sin(a)
    return t, n, np.cross(t, n)


def sweep(
    path: Points,
    section: Points | None = None,
    radii: float | Points = 0.005,
    closed: bool = False,
    caps: bool = True,
    up: Sequence[float] | None = None,
    name: str = "sweep",
) -> bpy.types.Mesh:
    """Draw ``section`` (m, 2; default: unit circle) along ``path`` (n, 3) in metres.

    ``radii`` scales the section, one number or one (or one pair) a path point.
    With ``up`` the section's second axis stays near that direction (straps, bands).
    """
    path = np.asarray(path, dtype=float)
    section = circle(1.0, 12) if section is None else np.asarray(section, dtype=float)
    size = np.asarray(radii, dtype=float)
    if size.ndim < 2:
        size = np.repeat(np.broadcast_to(size, (len(path),))[:, None], 2, axis=1)
    _, n, b = frames(path, closed, up)
    offset = (
        section[None, :, :1] * size[:, None, :1] * n[:, None, :]
        + section[None, :, 1:] * size[:, None, 1:] * b[:, None, :]
    )
    return loft(path[:, None, :] + offset, caps=(caps and not closed,) * 2, loop=closed, name=name)


def inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Which ``points`` (n, 2) lie within the closed ``outline`` (m, 2)."""
    x, y = points[:, 0:1], points[:, 1:2]
    a, b = outline, np.roll(outline, -1, axis=0)
    crosses = (a[None, :, 1] > y) != (b[None, :, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / (b[:, 1] - a[:, 1]) + a[:, 0]
    return (np.sum(crosses & (x < at), axis=1) % 2).astype(bool)


def edge_distance(points: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance (n,) of ``points`` (n, 2) from the nearest of the segments a-b (m, 2 each)."""
    if not len(a):
        return np.full(len(points), np.inf)
    d = b - a
    t = np.einsum("nmk,mk->nm", points[:, None] - a[None], d) / np.maximum((d * d).sum(1), 1e-15)
    nearest = a[None] + np.clip(t, 0, 1)[..., None] * d[None]
    return np.linalg.norm(points[:, None] - nearest, axis=2).min(1)


def fill_outline(outline: Points, holes: Sequence[Points] = (), spacing: float = 0.02) -> tuple:
    """Triangulate a flat outline: points (n, 2), triangles (k, 3), and how many points are on the border.

    Border points come first (outline, then holes), resampled to about ``spacing`` metres.
    """
    loops = []
    for ring in (outline, *holes):
        loop = np.asarray(ring, dtype=float)
        steps = np.roll(loop, -1, axis=0) - loop
        parts = [
            a + s * np.linspace(0, 1, max(1, round(np.linalg.norm(s) / spacing)), endpoint=False)[:, None]
            for a, s in zip(loop, steps, strict=True)
        ]
        loops.append(np.concatenate(parts))
    border = np.concatenate(loops)
    edges, start = [], 0
    for loop in loops:
        edges += [(start + k, start + (k + 1) % len(loop)) for k in range(len(loop))]
        start += len(loop)
    low, high = border.min(0), border.max(0)
    rows = np.arange(low[1] + spacing / 2, high[1], spacing * 0.866)
    grid = np.concatenate(
        [
            np.stack(
                [
                    np.arange(low[0] + spacing * (0.25 + 0.5 * (k % 2)), high[0], spacing),
                    np.full_like(np.arange(low[0] + spacing * (0.25 + 0.5 * (k % 2)), high[0], spacing), y),
                ],
                axis=1,
            )
            for k, y in enumerate(rows)
        ]
        or [np.empty((0, 2))]
    )
    keep = inside(grid, loops[0])
    for hole in loops[1:]:
        keep &= ~inside(grid, hole)
    grid = grid[keep]
    e = np.array(edges)
    grid = grid[edge_distance(grid, border[e[:, 0]], border[e[:, 1]]) > spacing * 0.45]
    points = np.concatenate([border, grid])
    found = delaunay_2d_cdt([tuple(p) for p in points], edges, [], 0, 1e-7)
    at = np.array([tuple(p) for p in found[0]])
    triangles = np.array(found[2], dtype=int)
    middle = at[triangles].mean(1)
    keep = inside(middle, loops[0])
    for hole in loops[1:]:
        keep &= ~inside(middle, hole)
    return at, triangles[keep], len(border)


def sheet(outline: Points, holes: Sequence[Points] = (), spacing: float = 0.02, name: str = "sheet") -> bpy.types.Mesh:
    """Flat filled outline in the X-Z plane (y = 0, facing -Y), triangles of about ``spacing`` metres."""
    at, triangles, _ = fill_outline(outline, holes, spacing)
    vertices = np.stack([at[:, 0], np.zeros(len(at)), at[:, 1]], axis=1)
    return make_mesh(vertices, triangles, at, name)


def pillow(distance: np.ndarray, depth: float, reach: float) -> np.ndarray:
    """Height (m) of a stuffed shape at ``distance`` (m) from its seam: round at the rim, flat inside."""
    t = np.clip(distance / reach, 0, 1)
    return depth * np.sqrt(1 - (1 - t) ** 2)


def sewn(
    outline: Points,
    holes: Sequence[Points] = (),
    spacing: float = 0.02,
    depth: float = 0.03,
    reach: float = 0.08,
    openings: Sequence[tuple[Sequence[float], Sequence[float]]] = (),
    back: float = 1.0,
    name: str = "sewn",
) -> bpy.types.Mesh:
    """Two layers of one outline sewn together at the rim and filled out, as a garment or cushion.

    ``depth`` is how far (m) the front comes forward, ``back`` the share of that at the
    back, ``reach`` how far from the seam it is fully out. ``openings`` are segments
    ((x, z), (x, z)) where the rim stays open (hem, cuff, neck).
    """
    at, triangles, _rim = fill_outline(outline, holes, spacing)
    loop = np.asarray(outline, dtype=float)
    a, b = loop, np.roll(loop, -1, axis=0)
    open_a = np.array([o[0] for o in openings], dtype=float).reshape(-1, 2)
    open_b = np.array([o[1] for o in openings], dtype=float).reshape(-1, 2)
    middle = (a + b) / 2
    shut = edge_distance(middle, open_a, open_b) > 1e-4
    height = pillow(edge_distance(at, a[shut], b[shut]), depth, reach)
    front = np.stack([at[:, 0], -height, at[:, 1]], axis=1)
    rear = np.stack([at[:, 0], height * back, at[:, 1]], axis=1)
    own = height > 1e-6
    index = np.where(own, np.cumsum(own) - 1 + len(at), np.arange(len(at)))
    vertices = np.concatenate([front, rear[own]])
    faces = np.concatenate([triangles, index[triangles][:, ::-1]])
    uvs = np.concatenate([at[triangles].reshape(-1, 2), at[triangles[:, ::-1]].reshape(-1, 2)])
    return make_mesh(vertices, faces, uvs, name)
