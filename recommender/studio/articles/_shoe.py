"""A parametric shoe: the last's footprint and bed, uppers as charts around it, soles and laces.

The shoe points along +X, its outer side faces -Y (a right shoe) and it stands on z = 0. Along a
shoe, ``w`` runs from the middle of the heel (0) to the toe tip (1) by arc length of the footprint;
charts use ``u`` = w / 2 on the outer side and 1 - w / 2 on the inner one, and ``v`` from sole to topline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.studio.articles._surface import (
    UP,
    Array,
    Chart,
    Curve,
    Real,
    Shape,
    grid,
    joined,
    resampled,
    ring,
    smooth_path,
    smoothstep,
    spline,
    sweep,
    unit,
)

COUNT = 72  # points of a footprint's side


@dataclass
class Last:
    """The foot's outline and bed. Widths are half widths over the outline, all in metres."""

    length: float = 0.29
    ball: float = 0.048
    waist: float = 0.038
    heel: float = 0.032
    toe: float = 2.4  # exponent of the toe's superellipse: 1.6 pointed, 2.4 round, 4 square
    heel_height: float = 0.0
    toe_spring: float = 0.010
    sole: float = 0.018  # under the ball
    drop: float = 0.008  # more of it under the heel
    twist: float = 0.006  # how far the toe leans to the inner side

    def __post_init__(self) -> None:
        self.sides = [self._side(-1.0), self._side(1.0)]

    def _side(self, sign: float) -> Array:
        turn = np.linspace(0, np.pi, 400)
        x = (1 - np.cos(turn)) / 2
        outer = sign < 0
        keys = [0.0, 0.1, 0.22, 0.42, 0.66, 0.78, 1.0]
        waist = self.waist * (1.0 if outer else 0.84)
        ball = self.ball * (1.0 if outer else 0.98)
        half = spline(keys, [self.heel, self.heel, self.heel, waist, ball, ball * 0.98, ball * 0.9])(x)
        front = np.clip((x - 0.66) / 0.34, 0, 1)
        back = np.clip((0.11 - x) / 0.11, 0, 1)
        half = half * (1 - front**self.toe) ** (1 / self.toe) * (1 - back**2.2) ** (1 / 2.2)
        middle = self.twist * smoothstep(x, 0.35, 1.0)
        return resampled(np.stack([x * self.length, middle + sign * half], axis=1), COUNT + 1)

    def top(self, x: Real) -> Array:
        """Height of the sole's upper face (the bed) at ``x``."""
        t = np.asarray(x) / self.length
        rise = smoothstep(1 - t, 0.33, 1.06) * self.heel_height * 1.02
        return self.sole + self.drop * smoothstep(1 - t, 0.3, 0.75) + rise + self.ground(x)

    def ground(self, x: Real) -> Array:
        """Height of the sole's lower face of a flat shoe: toe spring, and a little at the heel."""
        t = np.asarray(x) / self.length
        return self.toe_spring * smoothstep(t, 0.72, 1.08) ** 1.3 + 0.004 * smoothstep(0.08 - t, 0, 0.1)

    def loop(self, out: Real = 0.0) -> Array:
        """The footprint (2 * COUNT, 2), pushed out by ``out`` metres: heel, outer side, toe, inner side."""
        path = np.vstack([self.sides[0], self.sides[1][-2:0:-1]])
        tangent = unit(np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0))
        outward = np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
        return path + outward * np.broadcast_to(np.asarray(out, float), (len(path),))[:, None]


def loop_w(count: int = COUNT) -> Array:
    """``w`` of every point of :meth:`Last.loop`."""
    up = np.linspace(0, 1, count + 1)
    return np.concatenate([up, up[-2:0:-1]])


def stack(last: Last, rings: Sequence[tuple[Real, Curve]], caps: str = "tb") -> Shape:
    """A solid of revolution-like rings round the footprint: (push out, height as a function of x), bottom first."""
    loops = []
    for out, height in rings:
        flat = last.loop(out)
        loops.append(np.column_stack([flat, height(flat[:, 0])]))
    body = grid(np.stack(loops, axis=1), True)
    parts = [body]
    for end, flip in ((0, True), (-1, False)):
        if ("b" if end == 0 else "t") in caps:
            parts.append(lid(loops[end], flip))
    return joined(parts)


def lid(loop: Array, flip: bool = False, across: int = 9) -> Shape:
    """A face closed across a footprint loop (2n, 3): from outer to inner side."""
    half = len(loop) // 2
    outer, inner = loop[: half + 1], np.vstack([loop[:1], loop[: half - 1 : -1]])
    t = np.linspace(0, 1, across)[None, :, None]
    points = outer[:, None] * (1 - t) + inner[:, None] * t
    return grid(points, uv=points[..., :2], flip=flip)


@dataclass
class Topline:
    """The upper's edge: (w, x / length, half width, height over the bed) from heel to toe."""

    keys: Sequence[tuple[float, float, float, float]]
    shoulder: Sequence[float] = (
        0.45,
        0.46,
        0.36,
        0.42,
        0.52,
    )  # how high the sides go up first, at w = 0, .3, .55, .8, 1
    bulge: Sequence[float] = (0.006, 0.002, 0.003, 0.004, 0.004)
    lean: Sequence[float] = (0.1, 0.25, 0.5, 0.55, 0.6)
    slope: Sequence[float] = (0.45, 0.4, 0.32, 0.42, 0.52)


def upper(last: Last, top: Topline, out: float = 0.0, rows: int = 26, wrinkle: float = 0.0, seed: int = 0) -> Chart:
    """The chart of an upper between footprint and topline; ``wrinkle`` is the depth of creases in metres."""
    w = loop_w()
    loop = last.loop(out)
    foot = np.column_stack([loop, last.top(loop[:, 0]) - 0.003])
    key = np.array(top.keys, float)
    edge = spline(key[:, 0], key[:, 1:])(w)
    sign = np.where(np.arange(len(w)) <= COUNT, -1.0, 1.0)
    x = edge[:, 0] * last.length
    middle = last.twist * smoothstep(x / last.length, 0.35, 1.0)
    rim = np.column_stack([x, middle + sign * edge[:, 1], last.top(x) + edge[:, 2]])
    knots = (0.0, 0.3, 0.55, 0.8, 1.0)
    shoulder, bulge, lean, slope = (
        spline(knots, values)(w) for values in (top.shoulder, top.bulge, top.lean, top.slope)
    )
    flat = last.loop(out + 0.001)
    outward = np.column_stack([unit(flat - loop), np.zeros(len(w))])
    height = (rim - foot)[:, 2:]
    p1 = foot + outward * bulge[:, None] + UP * shoulder[:, None] * height
    back = foot - rim
    p2 = rim + back * [1, 1, 0] * lean[:, None] + back * [0, 0, 1] * slope[:, None] + outward * bulge[:, None] * 0.6
    t = np.linspace(0, 1, 60)[None, :, None]
    curve = (
        (1 - t) ** 3 * foot[:, None]
        + 3 * (1 - t) ** 2 * t * p1[:, None]
        + 3 * (1 - t) * t**2 * p2[:, None]
        + t**3 * rim[:, None]
    )
    points = np.stack([resampled(c, rows) for c in curve])
    blend = (0.8 * smoothstep(w, 0.86, 0.97))[:, None, None]
    for _ in range(10):  # a pointed footprint would fold the vamp along its middle
        even = (np.roll(points, 1, axis=0) + np.roll(points, -1, axis=0)) / 2
        points = points + 0.5 * blend * (even - points)
    if wrinkle:
        chart = Chart(points)
        points = points + chart.normals * creases(points, wrinkle, seed)[..., None]
    return Chart(points)


def creases(points: Array, depth: float, seed: int) -> Array:
    """Soft unevenness (metres) over points (…, 3): the material isn't stretched on a machine."""
    rng = np.random.default_rng(seed)
    total = np.zeros(points.shape[:-1])
    for k in range(5):
        wave = unit(rng.normal(size=3)) * rng.uniform(40, 150)
        total = total + np.sin(points @ wave + rng.uniform(0, 6.3)) / (1 + 0.4 * k)
    return depth * 0.5 * total


def shell(chart: Chart, inside: float = 0.0025) -> tuple[Shape, Shape]:
    """The outer skin of an upper and its lining ``inside`` metres under it."""
    points = chart.points
    x = points[..., 0]
    flank = points[..., 1] - np.mean(points[:, :1, 1])
    rise = points[..., 2] - points[:, :1, 2] + 0.012
    uv = np.stack([x - 0.5 * points[..., 2], 0.042 * np.arctan2(flank, rise)], axis=-1)  # unrolled over the instep
    skin = grid(points, True, uv)
    lining = grid(points - chart.normals * inside, True, uv, flip=True)
    return skin, lining


def rim(chart: Chart, radius: Real = 0.0022, drop: float = 0.3, squash: float = 1.0) -> Shape:
    """The rolled edge (or padded collar) along the topline; ``radius`` may vary along the loop."""
    size = np.broadcast_to(np.asarray(radius, float), (len(chart.points),))
    path = chart.points[:, -1] - chart.normals[:, -1] * size[:, None] * 0.8
    path = path - UP * (size * drop)[:, None]
    return sweep(path, 2 * size * squash, 2 * size, chart.normals[:, -1], 10, 2.0, closed=True)


def both(curve: Array) -> list[Array]:
    """A curve (n, 2) in (w, v) as chart curves on the outer and the inner side."""
    return [np.column_stack([curve[:, 0] / 2, curve[:, 1]]), np.column_stack([1 - curve[:, 0] / 2, curve[:, 1]])]


def insole(last: Last, lift: float = 0.002, out: float = -0.003) -> Shape:
    """The sock inside: slightly hollow, over the bed."""
    flat = last.loop(out)
    return lid(np.column_stack([flat, last.top(flat[:, 0]) + lift]))


def tongue(chart: Chart, w_top: float, reach: float = 0.02, width: float = 0.06, puff: float = 0.004) -> Shape:
    """The tongue: lies under the throat's edges and stands ``reach`` metres out of the opening."""
    ws = np.linspace(1.0, w_top, 12)
    outer, inner = chart.at(ws / 2, 1.0, -puff), chart.at(1 - ws / 2, 1.0, -puff)
    middle = (outer + inner) / 2
    gap = np.linalg.norm(outer - inner, axis=1)
    direction = unit(middle[-1] - middle[-5])
    bend = unit(direction + np.array([-0.05, 0, 0.35]))
    tip = np.array([middle[-1] + bend * reach * s - UP * 0 for s in (0.4, 0.75, 1.0)])
    path = smooth_path(np.vstack([middle[1:-1:3], middle[-1:], tip]), 26)
    t = np.linspace(0, 1, 26)
    half = np.maximum(np.interp(t, np.linspace(0, 0.75, 12), gap) * 0.5 + 0.006, 0.016)
    half = np.where(t > 0.6, half + (width / 2 - half) * smoothstep(t, 0.55, 0.85), half)
    half = half * np.sqrt(1 - 0.8 * smoothstep(t, 0.86, 1.02) ** 2)
    across, away = frame_of(path)
    s = np.linspace(-1, 1, 13)[None, :, None]
    dome = (1 - s**2) * 0.010 - 0.006
    points = path[:, None] + across[:, None] * s * half[:, None, None] + away[:, None] * dome
    front = grid(points)
    thick = points - away[:, None] * 0.005 * (1 - s**6)
    return joined([front, grid(thick, flip=True)])


def frame_of(path: Array) -> tuple[Array, Array]:
    """Across (towards +Y) and upwards directions along a path in the middle plane."""
    tangent = unit(np.gradient(path, axis=0))
    across = np.broadcast_to(np.array([0.0, 1.0, 0.0]), path.shape)
    return across, unit(np.cross(tangent, across)) * np.sign(np.cross(tangent, across)[:, 2:] + 1e-9)


def eyelets(chart: Chart, w_top: float, w_low: float, rows: int, v: float = 0.9) -> tuple[Array, Array, Array, Array]:
    """Points and normals of the eyelets on the outer and the inner side, lowest first."""
    ws = np.linspace(w_low, w_top, rows)
    return (
        chart.at(ws / 2, v, 0.0015),
        chart.normal(ws / 2, v),
        chart.at(1 - ws / 2, v, 0.0015),
        chart.normal(1 - ws / 2, v),
    )


def laces(
    holes: tuple[Array, Array, Array, Array], width: float, cross: bool, bow: float, rng: np.random.Generator
) -> Shape:
    """Laces through the eyelets, straight bars or crossed, with a bow of ``bow`` metres (0: ends tucked in)."""
    left, left_n, right, right_n = holes
    parts = []
    thick = max(0.0012, width * 0.3)
    pairs = [(i, i) for i in range(len(left))] if not cross else [(0, 0)]
    if cross:
        pairs += [(i, i + 1) for i in range(len(left) - 1)] + [(i + 1, i) for i in range(len(left) - 1)]
    for i, j in pairs:
        a, b, na, nb = left[i], right[j], left_n[i], right_n[j]
        middle = (a + b) / 2 + unit(na + nb) * (0.004 + 0.002 * (i < j))
        path = smooth_path([a - na * 0.004, a + na * 0.002, middle, b + nb * 0.002, b - nb * 0.004], 18)
        parts.append(sweep(path, width, thick, unit(na + nb), 8, 3.0))
    if bow > 0:
        parts.append(_bow((left[-1] + right[-1]) / 2, unit(left_n[-1] + right_n[-1]), bow, width, rng))
    return joined(parts)


def _bow(knot: Array, normal: Array, size: float, width: float, rng: np.random.Generator) -> Shape:
    knot = knot + normal * 0.009
    forward = unit(np.cross(np.array([0, 1.0, 0]), normal))
    forward = forward if forward[0] > 0 else -forward
    side = np.array([0.0, 1.0, 0.0])
    parts = []
    thick = max(0.0012, width * 0.3)
    for sign in (-1, 1):
        a, f, sag = size * rng.uniform(0.85, 1.15), size * rng.uniform(0.0, 0.3), rng.uniform(0.35, 0.6)
        loop = [
            knot,
            knot + sign * side * a * 0.5 + normal * 0.012 + forward * f * 0.2,
            knot + sign * side * a - normal * a * sag * 0.6 + forward * f,
            knot + sign * side * a * 0.95 - normal * a * sag * 1.1 + forward * (f + 0.012),
            knot + sign * side * a * 0.45 - normal * 0.001 + forward * (0.012 + f * 0.5),
            knot + forward * 0.003,
        ]
        parts.append(sweep(smooth_path(loop, 30), width, thick, unit(normal + 0.8 * forward), 6, 3.0))
        b, g = size * rng.uniform(0.7, 1.1), size * rng.uniform(0.3, 0.7)
        end = [
            knot,
            knot + sign * side * b * 0.4 + forward * g * 0.5 + normal * 0.004,
            knot + sign * side * b * 0.9 + forward * g - normal * b * 0.55,
            knot + sign * side * b * 1.0 + forward * g * 1.2 - normal * b * 1.0,
        ]
        parts.append(sweep(smooth_path(end, 24), width, thick, unit(normal + sign * side), 6, 3.0))
    parts.append(
        sweep(np.array([knot - side * 0.006, knot, knot + side * 0.006]), width * 1.4, width * 1.1, normal, 8, 2.5)
    )
    return joined(parts)


def rings_of(holes: tuple[Array, Array, Array, Array], radius: float = 0.0035, wire: float = 0.0009) -> Shape:
    """Metal eyelets."""
    left, left_n, right, right_n = holes
    pairs = list(zip(left, left_n, strict=True)) + list(zip(right, right_n, strict=True))
    return joined([ring(p, n, radius, wire, 12) for p, n in pairs])
