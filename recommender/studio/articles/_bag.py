"""Parts of bags: soft bodies, stuffed panels, zips, handles and fittings. Metres; the front faces -Y."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recommender.studio.articles._shoe import creases
from recommender.studio.articles._surface import (
    UP,
    Array,
    Chart,
    Real,
    Shape,
    grid,
    lengths,
    ring,
    smooth_path,
    spline,
    sweep,
    tube,
    unit,
)

Front = Callable[[Array, Array], Array]  # y of a front face at x, z


def superellipse(turn: Array, n: Real) -> tuple[Array, Array]:
    """Cosine and sine of a superellipse with exponent ``n``."""
    c, s = np.cos(turn), np.sin(turn)
    return np.sign(c) * np.abs(c) ** (2 / n), np.sign(s) * np.abs(s) ** (2 / n)


@dataclass
class Body:
    """A bag that stands: half widths and half depths over heights (all given as shares 0..1 of the height)."""

    width: float
    height: float
    depth: float
    widths: tuple[float, ...] = (0.94, 1.0, 1.0, 0.96, 0.9)  # at 0, .25, .5, .75, 1 of the height
    depths: tuple[float, ...] = (0.9, 1.0, 0.9, 0.6, 0.2)
    square: float = 5.0
    dip: float = 0.0  # how far the top's middle hangs lower, metres
    droop: float = 0.0  # how far its corners hang lower, metres
    folds: float = 0.002
    pleats: int = 0
    seed: int = 0

    def chart(self, around: int = 144, rows: int = 40) -> Chart:
        """The outer skin: u runs round from the left side (front middle 0.25), v from bottom to top."""
        t = np.concatenate([[0, 0.004, 0.012, 0.028], np.linspace(0.05, 1, rows - 4)])
        knots = (0, 0.25, 0.5, 0.75, 1)
        a = spline(knots, self.widths)(t) * self.width / 2
        b = spline(knots, self.depths)(t) * self.depth / 2
        base = np.clip(1 - t / 0.028, 0, 1) ** 2  # the bottom edge is rounded
        a, b = a - 0.012 * base, b - 0.012 * base
        turn = np.linspace(-np.pi, np.pi, 720, endpoint=False)
        c, s = superellipse(turn, self.square)
        points = np.empty((around, len(t), 3))
        for k in range(len(t)):
            loop = np.column_stack([a[k] * c, b[k] * s])
            whole = np.vstack([loop, loop[:1]])
            at = np.linspace(0, 1, around, endpoint=False)
            run = lengths(whole) / lengths(whole)[-1]
            flat = np.column_stack([np.interp(at, run, whole[:, i]) for i in (0, 1)])
            share = np.abs(flat[:, 0]) / max(a[k], 1e-6)
            lower = self.dip * (1 - share**2) + self.droop * share**3
            points[:, k] = np.column_stack([flat, self.height * t[k] - lower * t[k] ** 3])
        return Chart(self._softened(points, t))

    def _softened(self, points: Array, t: Array) -> Array:
        """Folds that hang from the top and an uneven, hand-made surface."""
        chart = Chart(points)
        rng = np.random.default_rng(self.seed)
        push = creases(points * [1, 1, 0.6], self.folds, self.seed) * 0.6
        share = points[..., 0] / (self.width / 2)
        hang = np.clip(t, 0, 1)[None] ** 1.2
        for _ in range(4):
            where, wide = rng.uniform(-0.85, 0.85), rng.uniform(0.06, 0.14)
            lean = rng.uniform(-0.5, 0.5)
            push = (
                push
                + self.folds
                * rng.uniform(-1.2, 1.2)
                * np.exp(-(((share - where - lean * (1 - t[None])) / wide) ** 2))
                * hang
            )
        if self.pleats:
            push = (
                push
                + self.folds * 1.6 * np.cos(np.pi * self.pleats * share) * np.clip((t[None] - 0.45) / 0.5, 0, 1) ** 1.5
            )
        push = push * np.clip(t / 0.08, 0, 1)[None]
        return points + chart.normals * push[..., None]


def skin(chart: Chart, panel: tuple[float, float, float, float] | None = None) -> Shape:
    """The chart as a mesh with cloth UVs; ``panel`` = (x0, x1, z0, z1) is where a print sits on the front."""
    p = chart.points
    around = np.linalg.norm(np.diff(np.concatenate([p, p[:1]]), axis=0), axis=2)
    middle = around[:, p.shape[1] // 2]
    run = np.concatenate([[0], np.cumsum(middle)[:-1]])
    uv = np.stack([np.broadcast_to(run[:, None], p.shape[:2]), p[..., 2]], axis=-1)
    shape = grid(p, True, uv)
    if panel is not None:
        x0, x1, z0, z1 = panel
        printed = np.stack([(p[..., 0] - x0) / (x1 - x0), (p[..., 2] - z0) / (z1 - z0)], axis=-1)
        printed[..., 1] = np.where(p[..., 1] > 0.002, -3.0, printed[..., 1])
        shape.printed = printed.reshape(-1, 2)
    return shape


def closed_top(chart: Chart, sink: float = 0.004) -> Shape:
    """A lid between the front and the back edge at the top."""
    edge = chart.points[:, -1]
    half = len(edge) // 2
    front, back = edge[: half + 1], np.vstack([edge[:1], edge[: half - 1 : -1]])
    t = np.linspace(0, 1, 5)[None, :, None]
    points = front[:, None] * (1 - t) + back[:, None] * t
    points[..., 2] -= sink * np.sin(np.pi * t[..., 0])
    return grid(points)


def inside(chart: Chart, thick: float = 0.003, down: float = 0.5) -> Shape:
    """The lining of an open bag, seen from above, and a floor in it."""
    rows = int(chart.points.shape[1] * (1 - down))
    inner = (chart.points - chart.normals * thick)[:, rows:]
    return grid(inner, True, flip=True) + grid(
        np.stack(
            [inner[: len(inner) // 2 + 1, 0], np.vstack([inner[:1, 0], inner[: len(inner) // 2 - 1 : -1, 0]])], axis=1
        )
    )


def edge_roll(chart: Chart, radius: float = 0.003) -> Shape:
    """The bound edge of an open bag."""
    path = chart.points[:, -1] - chart.normals[:, -1] * radius * 0.6
    return sweep(path, 2 * radius, 2.4 * radius, chart.normals[:, -1], 8, 2.0, closed=True)


# -- stuffed panels --------------------------------------------------------------------------


@dataclass
class Panel:
    """An arch or rounded rectangle (x, z) about a centre: half width, height above and below it, exponents."""

    x: float
    z: float
    half: float
    up: float
    down: float
    n_up: float = 3.0
    n_down: float = 5.0

    def edge(self, turn: Array, share: Real = 1.0) -> tuple[Array, Array]:
        """x and z of the outline at the angle ``turn`` (0 right, pi / 2 top), scaled by ``share``."""
        n = np.where(np.sin(turn) >= 0, self.n_up, self.n_down)
        c, s = superellipse(turn, n)
        return self.x + share * self.half * c, self.z + share * np.where(s >= 0, self.up, self.down) * s

    def share(self, x: Array, z: Array) -> Array:
        """How far out x, z lies: 0 the centre, 1 the outline."""
        dz = np.asarray(z, float) - self.z
        n = np.where(dz >= 0, self.n_up, self.n_down)
        height = np.where(dz >= 0, self.up, self.down)
        return (np.abs((x - self.x) / self.half) ** n + np.abs(dz / height) ** n) ** (1 / n)

    def outline(
        self,
        front: Front,
        share: float = 1.0,
        count: int = 90,
        span: tuple[float, float] = (0, 2 * np.pi),
        lift: float = 0.001,
    ) -> Array:
        """A path (count, 3) along the outline (or inside it) on the face ``front``, from angle to angle."""
        x, z = self.edge(np.linspace(*span, 8 * count), share)
        flat = np.column_stack([x, z])
        run = lengths(flat)
        at = np.linspace(0, run[-1], count, endpoint=span[1] - span[0] < 6.28)
        x, z = np.interp(at, run, x), np.interp(at, run, z)
        return np.column_stack([x, front(x, z) - lift, z])


def stuffed(
    panel: Panel,
    front: Front,
    bulge: float,
    rim: float = 6.0,
    seed: int = 0,
    folds: float = 0.001,
    print_on: bool = False,
    grow: float = 0.0,
) -> tuple[Shape, Front]:
    """A panel stuffed ``bulge`` metres over the face ``front``; also the new face.

    ``rim`` is how flat it is: 2 a pillow, 8 a box. ``grow`` shifts the most stuffed part downwards (shares).
    """

    def face(x: Array, z: Array) -> Array:
        r = np.clip(panel.share(x, z), 0, 1)
        rise = (1 - r**rim) ** (1 / 2.0)
        low = 1 + grow * np.clip((panel.z - z) / panel.down, -1, 1)
        spot = np.stack([np.asarray(x, float), 0 * np.asarray(x, float), np.asarray(z, float)], axis=-1)
        return front(x, z) - bulge * rise * low - creases(spot, folds, seed) * rise

    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    r = np.concatenate([np.linspace(0.001, 0.85, 14), 1 - np.linspace(0.15**0.5, 0, 12)[1:] ** 2])
    flat = [panel.edge(turn, q) for q in r]
    x, z = np.stack([f[0] for f in flat], 1), np.stack([f[1] for f in flat], 1)
    y = face(x, z)
    y[:, -1] = front(x[:, -1], z[:, -1]) + 0.001
    shape = grid(np.stack([x, y, z], -1), True, np.stack([x, z], -1), flip=True)
    if print_on:
        side = min(panel.half * 1.25, (panel.up + panel.down) * 0.62)
        middle = panel.z + (panel.up - panel.down) / 2
        shape.printed = np.stack([(x - panel.x) / side + 0.5, (z - middle) / side + 0.5], -1).reshape(-1, 2)
    return shape, face


def pack(panel: Panel, depth: float, soft: float = 0.03, seed: int = 0) -> tuple[Shape, Front]:
    """A whole bag with the outline ``panel`` and ``depth`` metres deep: walls, rounded front; and its face."""

    def flat(x: Array, z: Array) -> Array:
        return np.full(np.shape(x), -depth / 2 + soft * 0.5)

    front, face = stuffed(panel, flat, soft, 3.2, seed, 0.0018)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    wall = []
    for y, grow in (
        (-depth / 2 + soft * 0.5 + 0.001, 1.0),
        (-depth / 4, 1.03),
        (0.0, 1.04),
        (depth / 4, 1.03),
        (depth / 2, 0.98),
        (depth / 2 + 0.01, 0.9),
    ):
        ex, ez = panel.edge(turn, grow)
        wall.append(np.column_stack([ex, np.full(120, y), np.maximum(ez, 0.0)]))
    points = np.stack(wall, 1)
    return front + grid(points, True, flip=True), face


# -- fittings ----------------------------------------------------------------------------------


def zipper(path: Array, normal: Array, width: float = 0.014) -> tuple[Shape, Shape]:
    """A zip along a path (n, 3): its tape, and its chain of teeth."""
    away = np.broadcast_to(normal, path.shape)
    tape = sweep(path, width, 0.0012, away, 8, 5.0)
    teeth = sweep(path + unit(away) * 0.0008, width * 0.30, 0.0022, away, 6, 3.0)
    return tape, teeth


def puller(at: Array, down: Array, normal: Array, length: float = 0.026) -> Shape:
    """A slider with its tab."""
    down, normal = unit(down), unit(normal)
    body = sweep(np.array([at - down * 0.004, at + down * 0.004]) + normal * 0.003, 0.008, 0.005, normal, 8, 4.0)
    tab = np.array(
        [
            at + down * 0.003 + normal * 0.005,
            at + down * length * 0.5 + normal * 0.005,
            at + down * length + normal * 0.002,
        ]
    )
    return body + sweep(tab, np.array([0.004, 0.005, 0.008]), 0.0018, normal, 8, 4.0)


def arch(left: Array, right: Array, rise: float, lean: float, flat: float = 0.5, count: int = 60) -> Array:
    """A handle's path from anchor to anchor, ``rise`` metres over them, leaning ``lean`` metres out (-Y)."""
    t = np.linspace(0, np.pi, count)
    c = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** (2 / (2 + 2 * flat))
    s = np.sin(t) ** (2 / (2 + 1.2 * flat))
    middle, half = (left + right) / 2, (right - left) / 2
    path = middle - half * c[:, None] + UP * (rise * s)[:, None]
    path[:, 1] -= lean * s
    return path


def plate(
    centre: Array, width: float, height: float, thick: float = 0.0025, square: float = 6.0, normal: Array | None = None
) -> Shape:
    """A small metal or leather plate, upright, facing -Y."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = superellipse(turn, square)
    rows = []
    for share, lift in ((0.0, 1.0), (0.82, 1.0), (0.95, 0.85), (1.0, 0.5), (1.0, -0.3)):
        rows.append(np.column_stack([share * width / 2 * c, np.full(32, -lift * thick), share * height / 2 * s]))
    points = np.stack(rows, 1)
    if normal is not None:
        n = -unit(normal)
        side = unit(np.cross(n, UP))
        side = side if side[0] > 0 else -side
        up = np.cross(side, n)
        points = points[..., :1] * side + points[..., 1:2] * n + points[..., 2:] * up
    return grid(points + centre, True, flip=True)


def tag(at: Array, size: float, seed: int = 0) -> Shape:
    """A leather tag that hangs from a thin loop."""
    rng = np.random.default_rng(seed)
    loop = tube(smooth_path([at + UP * 0.02, at + [0.004, -0.006, 0], at - UP * 0.02 + [0, -0.004, 0]], 12), 0.0014, 6)
    low = at - UP * (0.02 + size / 2) + [0, -0.005, 0]
    return loop + plate(low, size * rng.uniform(0.5, 0.9), size, 0.002, 4.0)


def d_ring(at: Array, radius: float, wire: float = 0.0018) -> Shape:
    """A ring that hangs in the plane of the front."""
    return ring(at, np.array([0.12, -1.0, 0.1]), radius, wire, 18)
