"""Soles: cup soles of sneakers, sculpted foam of runners, welted leather with a stacked heel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._panels import INK, Look, shade, stuff
from recommender.studio.articles._surface import (
    Array,
    Chart,
    Curve,
    Real,
    Shape,
    grid,
    joined,
    smoothstep,
    stitched,
)

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


def cup_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A flat rubber sole with a wall round the upper, as court and skate shoes have."""
    last = look.last
    wall = rng.uniform(0.004, 0.009)
    out = rng.uniform(0.002, 0.0035)
    kind = "rubber"
    ground, top = last.ground, last.top
    base = look.extra.get("outsole", look.sole_colour)
    split = rng.uniform(0.15, 0.3)

    def level(share: float, lift: float = 0.0) -> Curve:
        return lambda x: ground(x) + (top(x) + wall - ground(x)) * share + lift

    studio.add(
        kit.stack(
            last,
            [
                (-0.006, ground),
                (out - 0.0005, level(0, 0.0008)),
                (out + 0.0005, level(0, 0.003)),
                (out + 0.0005, level(split)),
                (out - 0.001, level(split, 0.0006)),
            ],
            "b",
        ).mesh("outsole"),
        stuff(studio, kind, base),
    )
    studio.add(
        kit.stack(
            last,
            [
                (out - 0.001, level(split)),
                (out, level(split, 0.0008)),
                (out + 0.0002, level(0.6)),
                (out - 0.0004, level(0.95)),
                (out - 0.0012, level(1.0)),
                (-0.004, level(1.0, -0.0015)),
            ],
            "t",
        ).mesh("midsole"),
        stuff(studio, kind, look.sole_colour),
    )
    if rng.random() < 0.45:
        at = rng.uniform(0.68, 0.8)
        studio.add(
            kit.stack(
                last,
                [
                    (out - 0.001, level(at - 0.055)),
                    (out + 0.0007, level(at - 0.05)),
                    (out + 0.0007, level(at + 0.05)),
                    (out - 0.001, level(at + 0.055)),
                ],
                "",
            ).mesh("foxing"),
            stuff(studio, kind, look.trim),
        )
    if look.extra.get("bumper"):
        w = kit.loop_w()
        front = out + 0.0018 * smoothstep(w, 0.80, 0.84)
        studio.add(
            kit.stack(
                last,
                [(out - 0.002, level(0.02)), (front, level(0.06)), (front, level(1.2)), (front - 0.002, level(1.3))],
                "",
            ).mesh("bumper"),
            stuff(studio, kind, look.sole_colour),
        )


def runner_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A thick sculpted foam midsole over a lugged outsole, hollow under the arch, with inlays in other colours."""
    last = look.last
    w, outsole = kit.loop_w(), look.extra.get("outsole", INK)
    ground, top = last.ground, last.top
    rise, lugs, bite = rng.uniform(0.007, 0.012), rng.uniform(55, 95), rng.uniform(0.0015, 0.0035)
    hollow = rng.uniform(0.006, 0.011)

    def edge(x: Real) -> Array:
        t = np.asarray(x) / last.length
        return top(x) + rise * (0.6 + 0.9 * smoothstep(0.4 - t, 0, 0.35) + 1.2 * smoothstep(t, 0.88, 1.0))

    def tread(x: Real) -> Array:
        t = np.asarray(x) / last.length
        arch = hollow * smoothstep(t, 0.26, 0.40) * (1 - smoothstep(t, 0.48, 0.62))
        return ground(x) + arch + bite * (np.sin(lugs * t) > 0.55)

    flare = rng.uniform(0.003, 0.006) + 0.005 * (1 - smoothstep(w, 0.05, 0.3))
    rings: list[tuple[Real, Curve]] = [
        (-0.008, tread),
        (flare - 0.002, tread),
        (flare, lambda x: tread(x) + 0.003),
        (flare, lambda x: tread(x) + 0.006),
        (flare - 0.003, lambda x: tread(x) + 0.007),
    ]
    studio.add(kit.stack(last, rings, "b").mesh("outsole"), stuff(studio, "rubber", outsole))
    wall = _foam_wall(last, flare, lambda x: tread(x) + 0.0055, edge, rng)
    foam = grid(wall.points, True) + kit.lid(wall.points[:, -1])
    studio.add(foam.mesh("midsole"), stuff(studio, "foam", look.sole_colour))
    _inlays(studio, look, wall, rng)


def _foam_wall(last: kit.Last, flare: Array, low: Curve, high: Curve, rng: np.random.Generator) -> Chart:
    """The outside of a midsole from ``low`` to ``high``: bulging, with a groove round it that rises and falls."""
    w = kit.loop_w()[:, None]
    v = np.linspace(0, 1, 22)[None]
    at = rng.uniform(0.42, 0.6) + rng.uniform(0.04, 0.16) * np.sin(rng.uniform(2, 5) * np.pi * w + rng.uniform(0, 6))
    groove = rng.uniform(0.0015, 0.0035) * np.exp(-(((v - at) / 0.07) ** 2))
    flutes = rng.uniform(0, 0.0012) * np.sin(rng.uniform(20, 50) * np.pi * w) * (v < at)
    out = flare[:, None] * (1 - 0.9 * v**1.5) + 0.002 * np.sin(np.pi * v) - groove + flutes - 0.004 * (v > 0.99)
    rows = []
    for k in range(v.shape[1]):
        flat = last.loop(out[:, k])
        rows.append(np.column_stack([flat, low(flat[:, 0]) * (1 - v[0, k]) + high(flat[:, 0]) * v[0, k]]))
    return Chart(np.stack(rows, axis=1))


def _inlays(studio: Studio, look: Look, wall: Chart, rng: np.random.Generator) -> None:
    """A pad at the heel, a bumper at the toe and a blade along the sides of a midsole."""

    def panel(middle: float, reach: float, low: float, high: float, taper: float) -> Shape:
        u = np.linspace(middle - reach, middle + reach, 50)
        narrow = 1 - np.abs((u - middle) / reach) ** taper
        centre = (low + high) / 2
        edge = (high - low) / 2 * np.clip(narrow, 0, 1)
        return wall.sheet(np.column_stack([u, centre - edge]), np.column_stack([u, centre + edge]), 0.0022, 6)

    trim = look.extra.get("band") or look.trim
    if rng.random() < 0.75:
        part = panel(0.0, rng.uniform(0.1, 0.16), 0.02, rng.uniform(0.4, 0.6), rng.uniform(2, 5))
        studio.add(part.mesh("heel pad"), stuff(studio, "rubber", trim))
    if rng.random() < 0.75:
        bumper = panel(0.5, rng.uniform(0.05, 0.08), -0.9, 0.95, 2.0)
        studio.add(bumper.mesh("toe bumper"), stuff(studio, "rubber", look.extra.get("outsole", INK)))
    if rng.random() < 0.6:
        low, far = rng.uniform(0.05, 0.2), rng.uniform(0.06, 0.1)
        blades = [panel(at, far, low, low + rng.uniform(0.25, 0.4), 1.5) for at in (0.35, 0.65)]
        studio.add(joined(blades).mesh("blades"), stuff(studio, "rubber", trim))


def welt_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A thin leather sole with a welt and a stacked heel, as formal shoes have."""
    last = look.last
    colour, kind = look.sole_colour, "leather" if look.extra.get("leather_sole", True) else "rubber"
    w = kit.loop_w()
    thick = look.extra.get("sole", 0.006)
    out = rng.uniform(0.003, 0.0045) * (0.55 + 0.45 * smoothstep(w, 0.25, 0.5))
    top = last.top
    studio.add(
        kit.stack(
            last,
            [
                (-0.010, lambda x: top(x) - thick),
                (out - 0.0015, lambda x: top(x) - thick),
                (out, lambda x: top(x) - thick + 0.001),
                (out, lambda x: top(x) - 0.001),
                (out - 0.001, top),
                (-0.004, lambda x: top(x) + 0.0005),
            ],
        ).mesh("sole"),
        stuff(studio, kind, colour),
    )
    loop = last.loop(out - 0.0015)
    path = np.column_stack([loop, top(loop[:, 0]) + 0.0006])

    front = path[14:-14]
    studio.add(
        stitched(front, 0.0042, 0.0005).mesh("welt stitches"),
        stuff(studio, "cotton", look.extra.get("thread", shade(colour, 1.3))),
    )
    studio.add(
        heel_block(last, look.extra.get("heel_end", 0.27), lambda x: top(x) - thick + 0.001, rng).mesh("heel"),
        stuff(studio, kind, colour),
    )


def heel_block(last: kit.Last, end: float, roof: Curve, rng: np.random.Generator, taper: float = 0.002) -> Shape:
    """A low stacked heel under the back of the shoe down to z = 0, ``end`` in lengths."""

    side = last.sides[0]
    keep = side[:, 0] < end * last.length
    outer, inner = last.loop(0.002)[: len(side)][keep], None
    whole = last.loop(0.002)
    inner = np.vstack([whole[:1], whole[: kit.COUNT - 1 : -1]])[keep]
    breast = np.linspace(outer[-1], inner[-1], 9)
    breast[:, 0] -= 0.008 * np.sin(np.linspace(0, np.pi, 9))
    ring = np.vstack([outer, breast[1:-1], inner[:0:-1]])
    middle = ring.mean(axis=0)
    levels = []
    for share, shrink in (
        (1.0, 0.0),
        (0.7, 0.5),
        (0.66, 0.9),
        (0.62, 0.6),
        (0.25, 1.0),
        (0.22, 1.3),
        (0.18, 1.1),
        (0.0, 1.2),
    ):
        flat = middle + (ring - middle) * (1 - shrink * taper / 0.03)
        levels.append(np.column_stack([flat, np.maximum(roof(ring[:, 0]), 0.002) * share]))
    return grid(np.stack(levels, axis=1), True, flip=True)
