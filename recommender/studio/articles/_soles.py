"""Soles: cup soles of sneakers, sculpted foam of runners, welted leather with a stacked heel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._panels import INK, Look, shade, stuff
from recommender.studio.articles._surface import Array, Curve, Real, Shape, grid, smoothstep, stitched

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
    """A thick sculpted foam midsole over a lugged outsole."""
    last = look.last
    out, w = rng.uniform(0.003, 0.006), kit.loop_w()
    waves, phase, deep = rng.uniform(2.0, 6.0), rng.uniform(0, 6), rng.uniform(0.0, 0.0025)
    lugs, bite = rng.uniform(55, 95), rng.uniform(0.0015, 0.0035)
    ground, top = last.ground, last.top
    rise = rng.uniform(0.005, 0.010)

    def edge(x: Real) -> Array:
        t = np.asarray(x) / last.length
        return top(x) + rise * (0.7 + 0.6 * smoothstep(0.4 - t, 0, 0.35) + 0.8 * smoothstep(t, 0.9, 1.0))

    def level(share: float, lift: float = 0.0) -> Curve:
        return lambda x: ground(x) + (edge(x) - ground(x)) * share + lift

    def tread(x: Real) -> Array:
        t = np.asarray(x) / last.length
        arch = 0.006 * smoothstep(t, 0.30, 0.42) * (1 - smoothstep(t, 0.5, 0.62))
        return ground(x) + arch + bite * (np.sin(lugs * t) > 0.55)

    groove = deep * np.sin(waves * np.pi * w + phase)
    flare = out + 0.004 * (1 - smoothstep(w, 0.05, 0.3))
    split = rng.uniform(0.16, 0.26)
    studio.add(
        kit.stack(
            last,
            [
                (-0.008, tread),
                (flare - 0.002, tread),
                (flare, lambda x: tread(x) + 0.003),
                (flare, level(split)),
                (flare - 0.002, level(split, 0.001)),
            ],
            "b",
        ).mesh("outsole"),
        stuff(studio, "rubber", look.extra.get("outsole", INK)),
    )
    band = look.extra.get("band")
    cut = rng.uniform(0.5, 0.68) if band is not None else 0.45
    studio.add(
        kit.stack(
            last,
            [
                (flare - 0.002, level(split)),
                (flare + groove * 0.5, level(split, 0.0015)),
                (flare - 0.001 + groove, level(cut - 0.06)),
                (flare - 0.004 + groove, level(cut)),
            ],
            "",
        ).mesh("midsole low"),
        stuff(studio, "foam", look.sole_colour),
    )
    studio.add(
        kit.stack(
            last,
            [
                (flare - 0.004 + groove, level(cut)),
                (out - 0.0005 - groove, level(cut + 0.06)),
                (out - 0.001, level(0.85)),
                (out - 0.002, level(0.97)),
                (out - 0.0035, level(1.0)),
                (-0.005, level(1.0, -0.002)),
            ],
            "t",
        ).mesh("midsole"),
        stuff(studio, "foam", look.sole_colour if band is None else band),
    )


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
