"""Straps over a foot that isn't there, and the things sewn on them: buckles, bows, rosettes."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

import numpy as np

from recommender.studio.articles._shoe import COUNT, Last
from recommender.studio.articles._surface import (
    UP,
    Array,
    Real,
    Shape,
    ball,
    grid,
    joined,
    lengths,
    smooth_path,
    spline,
    sweep,
    tube,
    unit,
)

INSTEP = spline([0.1, 0.22, 0.35, 0.5, 0.62, 0.74, 0.86, 1.0], [0.078, 0.076, 0.066, 0.055, 0.044, 0.033, 0.025, 0.015])


def foot(last: Last, x: Real, turn: Real, lift: float = 0.0) -> tuple[Array, Array]:
    """Points and outward directions on the foot at ``x`` (lengths) and angle ``turn`` (0 outer side, pi inner)."""
    x, turn = np.broadcast_arrays(np.asarray(x, float), np.asarray(turn, float))
    outer, inner = last.sides
    along = x * last.length
    low = np.interp(along, outer[: COUNT - 1, 0], outer[: COUNT - 1, 1])
    high = np.interp(along, inner[: COUNT - 1, 0], inner[: COUNT - 1, 1])
    middle, half = (low + high) / 2, (high - low) / 2 - 0.0015
    height = INSTEP(x) * last.length / 0.27
    c, s = np.cos(turn), np.sin(turn)
    y = middle - (half + lift) * np.sign(c) * np.abs(c) ** 0.85
    z = last.top(along) + 0.002 + np.sign(s) * (height + lift) * np.abs(s) ** 0.9
    away = unit(np.stack([0.25 * np.abs(s), -c / np.maximum(half, 0.005), s / height], axis=-1))
    return np.stack([along, y, z], axis=-1), away


def strap(
    last: Last,
    outer: float,
    inner: float,
    width: Real,
    thick: float = 0.0022,
    start: float = -0.25,
    end: float = np.pi + 0.25,
    lift: float = 0.001,
    bend: float = 0.0,
) -> tuple[Shape, Array, Array]:
    """A band across the foot from ``outer`` to ``inner`` (lengths); also its path and directions.

    ``bend`` pushes its middle forwards (lengths); ``width`` may be given at 40 points.
    """
    t = np.linspace(0, 1, 40)
    x = outer + (inner - outer) * t + bend * np.sin(np.pi * t)
    path, away = foot(last, x, start + (end - start) * t, lift)
    return sweep(path, width, thick, away, 12, 5.0), path, away


def sling(
    last: Last, low: float, height: float, width: float, thick: float = 0.002, sag: float = 0.0
) -> tuple[Shape, Array]:
    """A strap round the heel from ``low`` (lengths) on both sides, ``height`` metres over the heel's bed."""
    a, _ = foot(last, np.array([low]), np.array([-0.2]))
    b, _ = foot(last, np.array([low]), np.array([np.pi + 0.2]))
    base = float(last.top(0.08 * last.length))
    h, n = last.heel, last.length
    middle = [
        [0.30 * n, -h * 1.12, base + height * 0.62 - sag],
        [0.13 * n, -h * 1.08, base + height * 0.93],
        [0.02 * n, -h * 0.55, base + height],
        [-0.004 * n, 0, base + height],
        [0.02 * n, h * 0.55, base + height],
        [0.13 * n, h * 1.05, base + height * 0.93],
        [0.30 * n, h * 1.08, base + height * 0.62 - sag],
    ]
    path = smooth_path(np.vstack([a, middle, b]), 60)
    away = unit(path * [1, 1, 0] - np.array([0.18 * n, 0, 0]) + UP * 0.004)
    return sweep(path, width, thick, away, 10, 5.0), path


def anklet(
    last: Last, height: float, width: float, thick: float = 0.0022, tilt: float = 0.02
) -> tuple[Shape, Array, Array]:
    """A closed strap round the ankle, ``height`` metres over the heel's bed; higher behind by ``tilt``."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    n = last.length
    c, s = np.cos(turn), np.sin(turn)
    base = last.top(0.1 * n) + height
    path = np.column_stack([0.140 * n + 0.140 * n * c, 0.0265 * s * n / 0.24, base - tilt * c])
    away = unit(np.column_stack([c, 1.6 * s, 0.35 * np.ones(48)]))
    return sweep(path, width, thick, away, 10, 5.0, closed=True), path, away


def counter_cup(last: Last, height: float, reach: float, thick: float = 0.0025, low_side: float = 0.4) -> Shape:
    """A stiff piece round the heel, ``height`` metres high behind, running out at ``reach`` lengths."""
    loop = last.loop(0.0005)
    count = int(np.searchsorted(last.sides[0][:, 0], reach * last.length))
    index = np.arange(-count, count + 1)
    base = loop[index]
    t = np.abs(index) / count
    rise = height * (1 - (1 - low_side) * t**1.5) * np.sqrt(np.clip(1.0 - t**8, 0.02, 1))
    v = np.linspace(0, 1, 9)
    bed = last.top(base[:, 0])
    lean = base * 0
    lean[:, 0] = 0.006 * (1 - t)
    flat = base[:, None] * (1 - 0.05 * v[None, :, None] ** 2) + lean[:, None] * v[None, :, None] ** 2
    z = (bed[:, None] - 0.002) + rise[:, None] * v[None]
    outside = np.concatenate([flat, z[..., None]], axis=-1)
    middle = np.array([0.1 * last.length, 0.0, 0.0])
    inward = unit((middle - outside) * [1, 1, 0])
    rim = np.concatenate([outside, outside[:, ::-1] + inward[:, ::-1] * thick], axis=1)
    return grid(rim, flip=True)


def thong(
    last: Last, post: float, outer: float, inner: float, width: float, thick: float, high: float = 0.035
) -> tuple[Shape, Array, Array]:
    """The Y of a flip-flop: from the toe post to both sides; also where its knot is and its direction."""
    n = last.length
    y = 0.010 * n / 0.27 + last.twist
    foot_post = np.array([post * n, y, last.top(post * n)])
    knot = foot_post + np.array([-0.026 * n / 0.27, 0, 0.024])
    parts = [
        tube(
            smooth_path([foot_post - UP * 0.004, foot_post + [-0.004, 0, 0.010], knot], 12),
            np.linspace(0.0034, 0.0045, 12) * thick / 0.004,
            8,
        )
    ]
    for sign, to in ((-1, outer), (1, inner)):
        end, _ = foot(last, np.array([to]), np.array([-0.35 if sign < 0 else np.pi + 0.35]))
        near, _ = foot(last, np.array([to + 0.03]), np.array([0.18 if sign < 0 else np.pi - 0.18]))
        top = (knot + near[0]) / 2 + np.array([0.0, sign * 0.010, 0.0])
        top[2] = max(knot[2], near[0][2]) + high * 0.12
        path = smooth_path([knot, knot * 0.6 + top * 0.4 + UP * high * 0.05, top, near[0], end[0]], 36)
        path[:, 2] = np.maximum(path[:, 2], 0.006)
        s = lengths(path) / lengths(path)[-1]
        away = unit(np.column_stack([0.35 * np.ones(36), sign * (0.15 + 1.4 * s**1.5), 1.2 - s]))
        taper = width * (0.55 + 0.45 * np.sin(np.pi * np.clip(s * 0.8 + 0.12, 0, 1)))
        parts.append(sweep(path, taper, thick * (1 - 0.3 * s), away, 12, 3.2))
    return joined(parts), knot, unit(np.array([0.45, 0, 1.0]))


def buckle(
    centre: Array, along: Array, normal: Array, length: float, width: float, wire: float = 0.0014, square: float = 5.0
) -> Shape:
    """A frame of wire with a prong: ``length`` along the strap, ``width`` across it."""
    normal = unit(normal)
    along = unit(along - normal * (along @ normal))
    across = np.cross(normal, along)
    turn = np.arange(24) * 2 * np.pi / 24
    c, s = np.cos(turn), np.sin(turn)
    c, s = np.sign(c) * np.abs(c) ** (2 / square), np.sign(s) * np.abs(s) ** (2 / square)
    path = centre + along * (c * length / 2)[:, None] + across * (s * width / 2)[:, None]
    prong = np.array(
        [centre - along * length / 2, centre + normal * wire, centre + along * length / 2 + normal * wire * 0.8]
    )
    return tube(path, wire, 6, closed=True) + tube(prong, wire * 0.7, 6)


def ribbon_bow(centre: Array, normal: Array, along: Array, size: float, wide: float) -> Shape:
    """A flat bow: two loops, two ends, a knot; ``along`` is the direction of its loops."""
    normal, along = unit(normal), unit(along)
    down = np.cross(normal, along)
    parts = []
    for sign in (-1, 1):
        a = along * sign
        loop = [
            centre + normal * 0.002,
            centre + a * size * 0.5 + normal * 0.011,
            centre + a * size + normal * 0.007,
            centre + a * size * 0.98 + normal * 0.001,
            centre + a * size * 0.5 - normal * 0.002,
            centre,
        ]
        path = smooth_path(loop, 26)
        pinch = wide * (0.35 + 0.65 * np.sin(np.pi * np.linspace(0, 1, 26)) ** 0.6)
        parts.append(sweep(path, pinch, 0.0016, np.cross(down, np.gradient(path, axis=0)), 8, 4.0))
        tail = smooth_path(
            [
                centre,
                centre + a * size * 0.35 + down * sign * size * 0.4,
                centre + a * size * 0.6 + down * size * sign * 0.75 - normal * 0.003,
            ],
            14,
        )
        parts.append(sweep(tail, wide * 0.6, 0.0014, normal, 8, 4.0))
    parts.append(ball(centre + normal * 0.003, (wide * 0.35, wide * 0.35, wide * 0.3)))
    return joined(parts)


def rosette(centre: Array, normal: Array, size: float, petals: int, rng: np.random.Generator) -> Shape:
    """A flower of cupped petals in two or three rounds."""
    normal = unit(normal)
    a = unit(np.cross(normal, UP + [0.2, 0.1, 0]))
    b = np.cross(normal, a)
    parts = []
    r, s = np.meshgrid(np.linspace(0.05, 1, 6), np.linspace(-1, 1, 7), indexing="ij")
    for level, share in enumerate((1.0, 0.68, 0.38)):
        for k in range(petals):
            turn = 2 * np.pi * (k + 0.5 * level) / petals + rng.uniform(-0.1, 0.1)
            d, e = np.cos(turn) * a + np.sin(turn) * b, -np.sin(turn) * a + np.cos(turn) * b
            half = np.sin(np.pi * r**0.8 * 0.86) * 0.62 * size * share * np.sin(np.pi / petals) * 2
            lift = 0.15 * size * r**2 + 0.12 * size * s**2 * r + level * size * 0.12
            parts.append(
                grid(centre + d * (r * size * share)[..., None] + e * (s * half)[..., None] + normal * lift[..., None])
            )
    return joined(parts)
