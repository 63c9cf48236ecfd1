"""Garments: two panels cut from outlines, sewn, inflated and draped by cloth simulation.

The result looks like a garment on an invisible mannequin: front and back panel
are sewn along the closed borders, the open ones (neck, hem, cuffs) show the
inside of the back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._cloth import (
    Drape,
    add_cloth_modifier,
    mesh_of,
    object_of,
    open_rim,
    paint_uv,
    relax,
    rim_edges,
)
from recommender.studio.articles._outline import Edge, Points, edges_of, loop_subdivide, resample, triangulate

if TYPE_CHECKING:
    import bpy
    from mathutils.bvhtree import BVHTree

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""A value for every (x, z) of the flat pattern."""

PrintBox = tuple[float, float, float, float]
"""Where a print goes: x, z, width and height (m) on the flat pattern."""


@dataclass(frozen=True)
class Region:
    """A part of the pattern with its own grain: which faces it takes and how far its grain is turned (radians)."""

    name: str
    holds: Field
    angle: float = 0.0


class Garment:
    """A draped garment: mesh, flat pattern and the map between the two.

    Attributes
    ----------
    co : (n, 3) metres, ``flat`` : (n, 2) the same vertices in the pattern,
    ``tris``, ``side`` (0 front, 1 back) and ``region`` of every triangle.
    """

    def __init__(
        self,
        edges: Sequence[Edge],
        back: Mapping[str, Points] | None = None,
        *,
        depth: float = 0.72,
        spacing: float = 0.013,
        seams: Sequence[Points] = (),
        regions: Sequence[Region] = (),
    ) -> None:
        self.spacing = spacing
        self.regions = tuple(regions)
        self.edges = {0: list(edges), 1: _with_back(edges, back or {})}
        panels = [self._panel(self.edges[k], depth, seams) for k in (0, 1)]
        self._sew(*panels)
        self._surface: dict = {}

    # -- making ---------------------------------------------------------------

    def _panel(self, edges: Sequence[Edge], depth: float, seams: Sequence[Points]) -> dict:
        """Triangulate one panel and blow it up like a cushion sewn at its closed borders."""
        rows = [resample(e.points, self.spacing)[:-1] for e in edges]
        opened = np.concatenate([np.full(len(r), e.open) for r, e in zip(rows, edges, strict=True)])
        outline = np.vstack(rows)
        flat, tris = triangulate(outline, self.spacing, seams)
        sewn = np.zeros(len(flat), bool)
        sewn[: len(outline)] = ~(opened & np.roll(opened, 1))
        closed = sewn.copy()
        # A slit isn't sewn, but its two sides hang together.
        slit = np.concatenate([np.full(len(r), e.name == "slit") for r, e in zip(rows, edges, strict=True)])
        closed[: len(outline)] |= slit | np.roll(slit, 1)
        load = relax(edges_of(tris), closed, 1.5 * self.spacing**2)
        return {"flat": flat, "tris": tris, "sewn": sewn, "depth": depth * np.sqrt(np.maximum(load, 0))}

    def _sew(self, front: dict, back: dict) -> None:
        """Join the panels at their sewn border vertices."""
        count = len(front["flat"])
        rim = np.flatnonzero(front["sewn"])
        where = np.full(len(back["flat"]), -1)
        for b in np.flatnonzero(back["sewn"]):
            where[b] = rim[np.argmin(np.linalg.norm(front["flat"][rim] - back["flat"][b], axis=1))]
        fresh = np.flatnonzero(where < 0)
        where[fresh] = count + np.arange(len(fresh))
        self.flat = np.vstack([front["flat"], back["flat"][fresh]])
        y = np.concatenate([-front["depth"], back["depth"][fresh]])
        self.co = np.stack([self.flat[:, 0], y, self.flat[:, 1]], axis=1)
        self.tris = np.vstack([front["tris"], where[back["tris"]][:, ::-1]])
        self.side = np.repeat([0, 1], [len(front["tris"]), len(back["tris"])])
        centre = self.flat[self.tris].mean(1)
        self.region = np.zeros(len(self.tris), int)
        for k, region in enumerate(self.regions, 1):
            self.region[region.holds(centre[:, 0], centre[:, 1])] = k

    def push(self, field: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> None:
        """Move every vertex by ``field(x, z, front)`` (n, 3) metres; ``front`` is +1 in front, -1 behind."""
        front = -np.sign(self.co[:, 1])
        self.co = self.co + field(self.flat[:, 0], self.flat[:, 1], front)

    def drape(self, drape: Drape, pin: Field, rng: np.random.Generator, ease: Field | None = None) -> None:
        """Let the cloth fall: ``pin`` holds vertices (0 free to 1 fixed), ``ease`` scales the surplus of width."""
        import bpy

        x, z = self.flat.T
        self.even(3)
        start = self.co + _ripples(self.co, rng)
        rest = self.co.copy()
        wide = 1 + drape.across * (ease(x, z) if ease else 1.0)
        rest[:, 0] *= wide
        rest[:, 1] *= wide
        rest[:, 2] *= 1 + drape.along
        obj = object_of("cloth", start, self.tris)
        bpy.context.scene.collection.objects.link(obj)
        add_cloth_modifier(obj, rest, np.clip(pin(x, z), 0, 1), drape)
        for frame in range(1, drape.frames + 1):
            bpy.context.scene.frame_set(frame)
        shown = obj.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
        out = np.empty(self.co.size)
        shown.vertices.foreach_get("co", out)
        mesh = obj.data
        bpy.data.objects.remove(obj)
        bpy.data.meshes.remove(mesh)
        bpy.context.scene.frame_set(1)
        draped = out.reshape(-1, 3)
        if np.isfinite(draped).all() and np.abs(draped - self.co).max() < 0.4:
            self.co = draped
        self.even(2)

    def deepen(self, factor: float, rounds: int = 25) -> None:
        """Make folds ``factor`` times as deep: studio light is soft and flattens them."""
        pairs = edges_of(self.tris)
        count = np.maximum(np.bincount(pairs.ravel(), minlength=len(self.co)), 1)
        base = self.co[:, 1].copy()
        for _ in range(rounds):
            mean = np.bincount(pairs[:, 0], base[pairs[:, 1]], len(base))
            mean += np.bincount(pairs[:, 1], base[pairs[:, 0]], len(base))
            base += 0.6 * (mean / count - base)
        fold = self.co[:, 1] - base
        fold[open_rim(self.tris, len(base))] *= 0.7
        # Sewn edges bend inwards in the smooth copy as well; only what stands off the seam is a fold.
        self.co[:, 1] = self.co[:, 1] + (factor - 1) * np.clip(fold, -0.02, 0.02) * (np.abs(base) > 0.012)

    def fold(self, spots: np.ndarray, depth: float = 0.006) -> None:
        """Press single folds into the cloth.

        ``spots`` (n, 5): x, z, direction (radians), half length and half width (metres)
        of each; a ridge with a groove on either side, alternating in sign.
        """
        push = np.zeros(len(self.co))
        for k, (x, z, turn, long, wide) in enumerate(spots):
            d = self.flat - [x, z]
            along = d @ [np.cos(turn), np.sin(turn)]
            across = d @ [-np.sin(turn), np.cos(turn)] + 0.12 * along**2 / long * (-1) ** k
            s = (across / wide) ** 2
            push += (1 - 1.1 * s) * np.exp(-0.9 * s - (along / long) ** 2) * (1.0 if k % 3 else -0.8)
        self.co = self.co + self.normals * (depth * push)[:, None]
        self._surface = {}

    def even(self, times: int, amount: float = 0.5) -> None:
        """Take out the zigzag of the sewn seams: smooth the cloth near them, the rest lightly."""
        pairs = edges_of(self.tris)
        faces = np.zeros((len(self.co), 2), bool)
        for k in (0, 1):
            faces[self.tris[self.side == k].ravel(), k] = True
        sewn = faces[:, 0] & faces[:, 1]
        near = sewn.astype(float)
        chain = pairs[sewn[pairs].all(1)]
        links = np.bincount(chain.ravel(), minlength=len(self.co))
        for _ in range(2 * times):
            mean = np.stack(
                [
                    np.bincount(chain[:, 0], self.co[chain[:, 1], k], len(self.co))
                    + np.bincount(chain[:, 1], self.co[chain[:, 0], k], len(self.co))
                    for k in range(3)
                ],
                axis=1,
            )
            inner = links == 2
            self.co[inner] += 0.5 * (mean[inner] / 2 - self.co[inner])
        self._round_rims(times, sewn)
        count = np.maximum(np.bincount(pairs.ravel(), minlength=len(self.co)), 1)
        rim = open_rim(self.tris, len(self.co))
        for _ in range(times):
            near[pairs[:, 0]] = np.maximum(near[pairs[:, 0]], 0.6 * near[pairs[:, 1]])
            near[pairs[:, 1]] = np.maximum(near[pairs[:, 1]], 0.6 * near[pairs[:, 0]])
        for _ in range(times):
            mean = np.zeros_like(self.co)
            for k in range(3):
                mean[:, k] = np.bincount(pairs[:, 0], self.co[pairs[:, 1], k], len(self.co))
                mean[:, k] += np.bincount(pairs[:, 1], self.co[pairs[:, 0], k], len(self.co))
            step = mean / count[:, None] - self.co
            self.co = self.co + step * (amount * np.maximum(near, 0.15) * ~rim)[:, None]

    def _round_rims(self, times: int, sewn: np.ndarray) -> None:
        """Round the open borders where a seam ends at them, or the corners stick out like ears."""
        pairs, _ = rim_edges(self.tris)
        n = len(self.co)
        on = np.bincount(pairs.ravel(), minlength=n) == 2
        weight = (on & sewn).astype(float)
        for a, b in ((0, 1), (1, 0)):
            weight[pairs[:, a]] = np.maximum(weight[pairs[:, a]], 0.5 * (sewn & on)[pairs[:, b]])
        weight[~on] = 0
        for _ in range(times):
            mean = np.stack(
                [
                    np.bincount(pairs[:, 0], self.co[pairs[:, 1], k], n)
                    + np.bincount(pairs[:, 1], self.co[pairs[:, 0], k], n)
                    for k in range(3)
                ],
                axis=1,
            )
            self.co[on] += (0.5 * weight[on])[:, None] * (mean[on] / 2 - self.co[on])

    def refine(self, times: int = 1) -> None:
        """Subdivide smoothly: rounder cloth and finer seams."""
        for _ in range(times):
            self.tris, self.co, self.flat = loop_subdivide(self.tris, self.co, self.flat)
            self.side = np.repeat(self.side, 4)
            self.region = np.repeat(self.region, 4)
        self._surface = {}

    # -- reading --------------------------------------------------------------

    @property
    def normals(self) -> np.ndarray:
        """Unit vertex normals, outwards."""
        corner = self.co[self.tris]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        total = np.stack(
            [np.bincount(self.tris.ravel(), np.repeat(face[:, k], 3), len(self.co)) for k in range(3)], axis=1
        )
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)

    def at(self, points: Points, side: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Positions and outward normals of flat ``points`` on the front (0) or back (1) panel."""
        from mathutils.bvhtree import BVHTree

        if side not in self._surface:
            tris = self.tris[self.side == side]
            flat = np.c_[self.flat, np.zeros(len(self.flat))]
            self._surface[side] = (BVHTree.FromPolygons(flat.tolist(), tris.tolist()), tris, self.normals)
        tree, tris, normals = self._surface[side]
        near = [tree.find_nearest((p[0], p[1], 0.0)) for p in points]
        p = np.array([n[0][:2] for n in near])
        corner = tris[[n[2] for n in near]]
        a, b, c = np.moveaxis(self.flat[corner], 1, 0)
        area = _cross(b - a, c - a)
        weight = np.stack([_cross(b - p, c - p), _cross(c - p, a - p), _cross(a - p, b - p)], axis=1)
        weight /= np.where(np.abs(area) < 1e-12, 1.0, area)[:, None]
        place = (weight[..., None] * self.co[corner]).sum(1)
        up = (weight[..., None] * normals[corner]).sum(1)
        return place, up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)

    def tree(self) -> BVHTree:
        """Search tree over the draped cloth."""
        from mathutils.bvhtree import BVHTree

        if "tree" not in self._surface:
            self._surface["tree"] = BVHTree.FromPolygons(self.co.tolist(), self.tris.tolist())
        return self._surface["tree"]

    def border(self, name: str, side: int = 0, right: bool | None = None) -> Points:
        """The named border as one polyline in outline order (both halves joined, or one of them)."""
        parts = [e.points for e in self.edges[side] if e.name == name]
        if right is not None:
            return parts[0] if right else parts[-1]
        if len(parts) == 1:
            return parts[0]
        # Borders at the lower centre start the outline with their right half, so the left one comes first.
        first, second = (parts[1], parts[0]) if np.allclose(parts[1][-1], parts[0][0]) else (parts[0], parts[1])
        return np.vstack([first, second[1:]])

    def mesh(
        self, name: str = "garment", region: int | None = None, print_box: PrintBox | None = None
    ) -> bpy.types.Mesh:
        """Blender mesh with UVs in metres; ``print_box`` (x, z, width, height) places a chest print."""
        tris = self.tris if region is None else self.tris[self.region == region]
        side = self.side if region is None else self.side[self.region == region]
        part = self.region if region is None else self.region[self.region == region]
        used, tris_local = np.unique(tris, return_inverse=True)
        tris_local = tris_local.reshape(-1, 3)
        mesh = mesh_of(name, self.co[used], tris_local)
        paint_uv(mesh, "UVMap", self._grain(tris, side, part))
        if print_box is not None:
            x, z, width, height = print_box
            uv = (self.flat[tris] - [x - width / 2, z - height / 2]) / [width, height]
            uv[side == 1] += 10
            paint_uv(mesh, "PrintMap", uv)
        return mesh

    def _grain(self, tris: np.ndarray, side: np.ndarray, part: np.ndarray) -> np.ndarray:
        """UVs in metres with every region's own grain; the back continues beyond the front."""
        uv = self.flat[tris].copy()
        for k, region in enumerate(self.regions, 1):
            take = part == k
            # Both sleeves mirror each other, so the grain turns the other way on the left.
            turn = np.where(uv[take].mean(1)[:, 0] >= 0, region.angle, -region.angle)[:, None]
            x, z = uv[take, :, 0].copy(), uv[take, :, 1].copy()
            uv[take, :, 0] = x * np.cos(turn) - z * np.sin(turn)
            uv[take, :, 1] = x * np.sin(turn) + z * np.cos(turn)
        uv[side == 1, :, 0] *= -1
        return uv


def _with_back(edges: Sequence[Edge], back: Mapping[str, Points]) -> list[Edge]:
    """``edges`` with the borders named in ``back`` (right half, or whole if single) exchanged."""
    from recommender.studio.articles._outline import mirrored

    out, seen = [], set()
    for e in edges:
        if e.name in back:
            points = np.asarray(back[e.name], float)
            out.append(Edge(e.name, mirrored(points) if e.name in seen else points, e.open))
            seen.add(e.name)
        else:
            out.append(e)
    return out


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _ripples(co: np.ndarray, rng: np.random.Generator, size: float = 0.002) -> np.ndarray:
    """Slow unevenness (metres) that decides where the cloth buckles."""
    out = np.zeros_like(co)
    for _ in range(6):
        wave = rng.normal(0, 1, 3) * [22, 10, 9]
        out += np.sin(co @ wave + rng.uniform(0, 6.28))[:, None] * rng.normal(0, size / 2, 3)
    return out
