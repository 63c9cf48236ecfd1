"""What women's heels and flats share: soles, stems of heels, pumps' uppers, bands over the toes, trimmings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles import _straps as band
from recommender.studio.articles._panels import INK, shade, stuff
from recommender.studio.articles._surface import Array, Curve, Real, Shape, ball, grid, joined, smoothstep
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

CORK: RGB = (0.40, 0.23, 0.10)
TAN: RGB = (0.36, 0.18, 0.08)
WOOD: RGB = (0.22, 0.10, 0.04)


def bottom(last: kit.Last, thick: float, platform: bool) -> Curve:
    """Height of the sole's lower face as a function of x: follows the arch, flat on the floor in front."""

    def height(x: Real) -> Array:
        front = smoothstep(np.asarray(x) / last.length, 0.46, 0.64) if platform else 0.0
        return np.maximum((1 - front) * (last.top(x) - thick) + front * last.ground(x), 0.0)

    return height


def sole(
    studio: Studio, last: kit.Last, thick: float, platform: bool, edge: RGB, kind: str = "leather", out: float = 0.0015
) -> None:
    """A thin sole that follows the arch."""
    low = bottom(last, thick, platform)
    top = last.top
    shape = kit.stack(
        last,
        [
            (-0.008, low),
            (out - 0.0006, low),
            (out, lambda x: low(x) + 0.0008),
            (out, lambda x: top(x) - 0.0008),
            (out - 0.0008, top),
            (-0.004, lambda x: top(x) + 0.0004),
        ],
    )
    studio.add(shape.mesh("sole"), stuff(studio, kind, edge))


def stem(last: kit.Last, thick: float, style: str, rng: np.random.Generator) -> tuple[Shape, Shape]:
    """A heel from its seat to the floor, and its top piece (the little rubber foot)."""
    end = {"stiletto": 0.21, "kitten": 0.2, "cone": 0.24, "block": 0.25}[style]
    side = last.sides[0]
    keep = side[:, 0] < end * last.length
    whole = last.loop(0.0005)
    outer, inner = whole[: len(side)][keep], np.vstack([whole[:1], whole[: kit.COUNT - 1 : -1]])[keep]
    breast = np.linspace(outer[-1], inner[-1], 9)
    breast[:, 0] -= 0.012 * np.sin(np.linspace(0, np.pi, 9))
    ring = np.vstack([outer, breast[1:-1], inner[:0:-1]])
    seat = last.top(ring[:, 0]) - thick + 0.001
    middle = np.array([ring[:, 0].mean(), 0.0])
    turn = np.arctan2(ring[:, 1], ring[:, 0] - middle[0])
    square = {"stiletto": 2.2, "kitten": 2.4, "cone": 3.0, "block": 5.0}[style]
    radius = {"stiletto": 0.0048, "kitten": 0.0065, "cone": 0.010, "block": 0.019}[style] * rng.uniform(0.9, 1.15)
    c, s = np.cos(turn), np.sin(turn)
    fit = (np.abs(c) ** square + np.abs(s) ** square) ** (-1 / square)
    at = {"stiletto": 0.035, "kitten": 0.06, "cone": 0.08, "block": 0.10}[style] * last.length + rng.uniform(
        -0.004, 0.006
    )
    foot = np.column_stack([at + radius * fit * c, radius * (1.25 if style == "block" else 1.0) * fit * s])
    power = {"stiletto": 2.6, "kitten": 2.8, "cone": 1.7, "block": 1.15}[style]
    t = np.linspace(0, 1, 18)
    share = 1 - (1 - t) ** power
    points = []
    for u, q in zip(t, share, strict=True):
        flat = ring * (1 - q) + foot * q
        flat[:, 0] += 0.010 * np.sin(np.pi * u) * (1 - q) * (style != "block")
        points.append(np.column_stack([flat, seat * (1 - u) + 0.004 * u]))
    piece = [np.column_stack([foot, np.full(len(foot), z)]) for z in (0.0045, 0.0, 0.0)]
    piece[2][:, :2] = foot.mean(axis=0)
    return grid(np.stack(points, axis=1), True, flip=True), grid(np.stack(piece, axis=1), True, flip=True)


def heel_on(
    studio: Studio,
    last: kit.Last,
    thick: float,
    style: str,
    rng: np.random.Generator,
    colour: RGB,
    kind: str = "leather",
) -> None:
    """Put a heel of ``style`` (or a wedge) under the shoe."""
    if style == "wedge":
        low = last.ground
        top = lambda x: last.top(x) - thick + 0.001  # noqa: E731
        w = kit.loop_w()
        lean = -0.004 - 0.008 * (1 - smoothstep(w, 0.0, 0.2))
        shape = kit.stack(
            last,
            [
                (-0.004 + lean, low),
                (lean * 0.6, lambda x: low(x) + 0.001),
                (lean, lambda x: low(x) * 0.6 + top(x) * 0.4),
                (-0.0005, top),
            ],
        )
        studio.add(shape.mesh("wedge"), stuff(studio, kind, colour))
        studio.add(
            kit.stack(
                last,
                [
                    (lean * 0.6, low),
                    (lean * 0.6 + 0.001, lambda x: low(x) + 0.0005),
                    (lean * 0.6 + 0.001, lambda x: np.minimum(low(x) + 0.004, top(x))),
                    (lean * 0.6 - 0.001, lambda x: np.minimum(low(x) + 0.0042, top(x))),
                ],
            ).mesh("outsole"),
            stuff(studio, "rubber", INK),
        )
        return
    body, piece = stem(last, thick, style, rng)
    studio.add(body.mesh("heel"), stuff(studio, kind, colour))
    studio.add(piece.mesh("top piece"), stuff(studio, "rubber", INK))


def pump_top(heel: float, dip: float, throat: float, high: float, w: float = 1.0) -> kit.Topline:
    """A court shoe's topline: heights in metres over the bed, ``throat`` in lengths."""
    return kit.Topline(
        [
            (0.0, 0.012, 0.0, heel),
            (0.06, 0.020, 0.0165, heel - 0.001),
            (0.13, 0.06, 0.0240, heel - 0.006),
            (0.22, 0.15, 0.0275, (heel + dip) / 2),
            (0.35, 0.28, 0.0270 * w, dip + 0.003),
            (0.50, 0.29 + 0.55 * (throat - 0.29) * 0.7, 0.0285 * w, dip),
            (0.62, 0.29 + 0.72 * (throat - 0.29), 0.0300 * w, dip),
            (0.72, 0.29 + 0.87 * (throat - 0.29), 0.0265 * w, dip + 0.2 * (high - dip)),
            (0.82, 0.29 + 0.96 * (throat - 0.29), 0.0185 * w, dip + 0.7 * (high - dip)),
            (0.92, throat - 0.003, 0.0085, high - 0.0008),
            (1.0, throat, 0.0, high),
        ],
        shoulder=(0.45, 0.5, 0.5, 0.5, 0.62),
        bulge=(0.004, 0.002, 0.002, 0.003, 0.003),
        lean=(0.1, 0.2, 0.3, 0.5, 0.6),
        slope=(0.45, 0.4, 0.4, 0.4, 0.42),
    )


def court(
    design: Design, studio: Studio, last: kit.Last, top: kit.Topline, kind: str, lining: RGB, rng: np.random.Generator
) -> kit.Chart:
    """A pump's upper with lining, sock and piped edge; returns the chart."""
    chart = kit.upper(last, top, -0.0008, wrinkle=0.0004, seed=design.seed)
    skin, inner = kit.shell(chart, 0.0018)
    studio.add(skin.mesh("upper"), stuff(studio, kind, pattern=studio.pattern()))
    studio.add(joined([inner, kit.insole(last, 0.002, -0.002)]).mesh("lining"), stuff(studio, "leather", lining))
    piping = shade(design.colour, 0.85) if rng.random() < 0.7 else design.accent
    studio.add(kit.rim(chart, 0.0011).mesh("piping"), stuff(studio, kind, piping))
    return chart


def front_of(chart: kit.Chart, v: float = 0.9) -> tuple[Array, Array]:
    """Point and direction in the middle of the vamp, near its edge."""
    return chart.at(0.5, v, 0.002), chart.normal(0.5, v)


def trimming(
    design: Design, studio: Studio, centre: Array, normal: Array, rng: np.random.Generator, scale: float = 1.0
) -> None:
    """A bow, a flower, a buckle or stones on the front of a shoe."""
    style = rng.integers(5)
    colour = design.accent if rng.random() < 0.3 else shade(design.colour, rng.choice([0.85, 1.0, 1.15]))
    across = np.array([0.0, 1.0, 0.0])
    if style <= 1:
        studio.add(
            band.ribbon_bow(centre, normal, across, 0.026 * scale * rng.uniform(0.8, 1.2), 0.014 * scale).mesh("bow"),
            stuff(studio, "satin" if style else "leather", colour),
        )
    elif style == 2:
        studio.add(
            band.rosette(centre, normal, 0.024 * scale, int(rng.integers(5, 8)), rng).mesh("flower"),
            stuff(studio, "satin", colour),
            solidify=0.0006,
        )
        studio.add(ball(centre + normal * 0.008, 0.004).mesh("stone"), studio.material("silver"))
    elif style == 3:
        studio.add(
            band.buckle(centre + normal * 0.002, across, normal, 0.028 * scale, 0.018 * scale, 0.0022).mesh("buckle"),
            studio.material(["gold", "silver"][rng.integers(2)]),
        )
    else:
        stones = [
            ball(centre + across * 0.007 * k + normal * (0.002 - 0.0006 * k * k), 0.0032 * scale, 6, 8)
            for k in range(-2, 3)
        ]
        studio.add(joined(stones).mesh("stones"), studio.material("silver"), smooth=False)


def hide_of(design: Design, rng: np.random.Generator) -> str:
    """Leather, patent, suede or satin; metallic colours shine."""
    if design.baseColour in ("Gold", "Silver", "Bronze", "Copper", "Metallic"):
        return "satin"
    if design.pattern != "plain":
        return "canvas"
    return str(rng.choice(["leather", "patent", "suede", "satin"], p=[0.5, 0.22, 0.2, 0.08]))


def toe_bands(last: kit.Last, rng: np.random.Generator) -> tuple[list[Shape], tuple[Array, Array]]:
    """The bands over the toes in one of several designs, and where a trimming would sit."""
    style = rng.integers(5)
    parts: list[Shape] = []
    if style == 0:  # one broad band
        wide = rng.uniform(0.04, 0.055) * (0.85 + 0.3 * np.abs(np.linspace(-1, 1, 40)) ** 2)
        shape, path, away = band.strap(last, 0.70, 0.76, wide, bend=0.02)
        parts.append(shape)
    elif style == 1:  # several narrow ones
        for at in np.linspace(0.66, 0.88, int(rng.integers(3, 5))):
            shape, path, away = band.strap(last, at - 0.02, at + 0.015, rng.uniform(0.007, 0.011), lift=0.0012)
            parts.append(shape)
    elif style == 2:  # crossing
        w = rng.uniform(0.014, 0.022)
        for k, (a, b) in enumerate(((0.58, 0.86), (0.84, 0.62))):
            shape, path, away = band.strap(last, a, b, w, lift=0.001 + 0.002 * k)
            parts.append(shape)
    elif style == 3:  # a toe band and a strap up the instep
        shape, path, away = band.strap(last, 0.80, 0.84, rng.uniform(0.018, 0.028))
        parts.append(shape)
        for k, (a, b) in enumerate(((0.50, 0.72), (0.70, 0.52))):
            parts.append(band.strap(last, a, b, 0.010, lift=0.001 + 0.0015 * k)[0])
    else:  # a fan gathered to a knot
        for k, (a, b) in enumerate(((0.60, 0.80), (0.68, 0.77), (0.76, 0.74), (0.85, 0.71))):
            shape, path, away = band.strap(last, a, b, 0.013, lift=0.001 + 0.0012 * k, bend=0.01)
            parts.append(shape)
    return parts, (path[20], away[20])
