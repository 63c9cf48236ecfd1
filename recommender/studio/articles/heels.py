"""Women's shoes: heels (pumps, slingbacks, sandals, wedges) and flats (ballerinas, thongs, slides)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles import _straps as band
from recommender.studio.articles._panels import CREAM, INK, counter, light, seam, shade, size, stand, stuff, toe_cap
from recommender.studio.articles._soles import heel_block
from recommender.studio.articles._surface import Array, Shape, ball, grid, joined, smoothstep, sweep
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

CORK: RGB = (0.40, 0.23, 0.10)
TAN: RGB = (0.36, 0.18, 0.08)
WOOD: RGB = (0.22, 0.10, 0.04)


def bottom(last: kit.Last, thick: float, platform: bool):
    """Height of the sole's lower face as a function of x: follows the arch, flat on the floor in front."""

    def height(x: Array) -> Array:
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


@article(
    "Heels",
    "Shoes",
    "Footwear",
    genders={"Women": 1},
    colours={
        "Black": 8,
        "Brown": 5,
        "Gold": 2,
        "Blue": 3,
        "Beige": 3,
        "White": 2,
        "Silver": 2,
        "Red": 4,
        "Grey": 1,
        "Pink": 2,
        "Bronze": 1,
        "Yellow": 1,
        "Green": 1,
        "Purple": 1,
        "Maroon": 1,
    },
    patterns={"plain": 12, "spotted": 1},
    usages={"Casual": 12, "Formal": 2, "Party": 2, "Ethnic": 1},
    seasons={"Winter": 6, "Summer": 3, "Fall": 1, "Spring": 1},
    price=(35, 150),
    nouns=("Heels", "Pumps", "Heeled sandals"),
)
def heels(design: Design, studio: Studio) -> None:
    """Pumps, slingbacks and Mary Janes, strappy sandals, wedges."""
    rng = studio.rng
    style = rng.choice(["stiletto", "kitten", "cone", "block", "wedge"], p=[0.36, 0.12, 0.2, 0.16, 0.16])
    tall = rng.uniform(0.045, 0.06) if style == "kitten" else rng.uniform(0.06, 0.105)
    platform = style != "kitten" and rng.random() < 0.3
    open_ = design.pattern == "plain" and rng.random() < 0.5
    length = 0.252 - tall * 0.35
    last = kit.Last(
        length,
        ball=rng.uniform(0.0385, 0.0415),
        waist=0.029,
        heel=0.0265,
        toe=rng.uniform(1.55, 1.9) if not open_ and rng.random() < 0.55 else rng.uniform(2.0, 2.5),
        heel_height=tall,
        sole=0.005 + (rng.uniform(0.012, 0.024) if platform else 0.0),
        drop=0.0,
        toe_spring=rng.uniform(0.004, 0.009),
    )
    kind = _hide(design, rng)
    thick = 0.0042
    same = rng.random() < 0.6
    wood = [CORK, WOOD, TAN][rng.integers(3)]
    heel_colour, heel_kind = (
        (shade(design.colour, 0.92), kind)
        if same
        else ((wood, "wood" if wood == WOOD else "leather") if open_ or style == "wedge" else (INK, "leather"))
    )
    sole(
        studio,
        last,
        thick,
        platform,
        heel_colour if platform or same else TAN if light(design.colour) > 0.1 else INK,
        heel_kind if platform else "leather",
    )
    heel_on(studio, last, thick, str(style), rng, heel_colour, heel_kind)
    if open_:
        heeled_sandal(design, studio, last, kind, rng)
    else:
        pump(design, studio, last, kind, rng)
    stand(studio, rng, 0.8)


def _hide(design: Design, rng: np.random.Generator) -> str:
    """Leather, patent, suede or satin; metallic colours shine."""
    if design.baseColour in ("Gold", "Silver", "Bronze", "Copper", "Metallic"):
        return "satin"
    if design.pattern != "plain":
        return "canvas"
    return str(rng.choice(["leather", "patent", "suede", "satin"], p=[0.5, 0.22, 0.2, 0.08]))


def pump(design: Design, studio: Studio, last: kit.Last, kind: str, rng: np.random.Generator) -> None:
    """A court shoe, plain or with an instep strap, a trimming or a second colour."""
    high = rng.uniform(0.033, 0.04)
    top = pump_top(rng.uniform(0.05, 0.058), rng.uniform(0.024, 0.032), rng.uniform(0.70, 0.79), high)
    lining = [CREAM, TAN, (0.25, 0.22, 0.2), INK][rng.integers(4)]
    chart = court(design, studio, last, top, kind, lining, rng)
    if rng.random() < 0.25:
        part, edge = toe_cap(chart, rng.uniform(0.08, 0.11), rng.uniform(0.4, 0.6), 0.0006)
        studio.add(
            part.mesh("toe cap"),
            stuff(studio, "patent", design.accent if rng.random() < 0.5 else shade(design.colour, 0.8)),
        )
    if rng.random() < 0.3:
        part, edge = counter(chart, rng.uniform(0.1, 0.16), 0.97)
        studio.add(
            part.mesh("counter"),
            stuff(studio, kind, design.accent if rng.random() < 0.4 else shade(design.colour, 0.88)),
        )
        studio.add(seam(chart, edge, 0.04).mesh("seams"), stuff(studio, "cotton", shade(design.colour, 1.2)))
    extra = rng.random()
    if extra < 0.28:
        at = rng.uniform(0.42, 0.5)
        strap, path, away = band.strap(
            last, at, at, rng.uniform(0.010, 0.016), start=0.32, end=np.pi - 0.32, lift=-0.001
        )
        studio.add(strap.mesh("strap"), stuff(studio, kind, shade(design.colour, 0.97)))
        k = 8
        metal = studio.material(["gold", "silver"][rng.integers(2)])
        studio.add(
            band.buckle(path[k] + away[k] * 0.002, path[k + 1] - path[k - 1], away[k], 0.015, 0.019, 0.0013).mesh(
                "buckle"
            ),
            metal,
        )
    elif extra < 0.45:
        ring, path, away = band.anklet(last, rng.uniform(0.066, 0.078), 0.009)
        studio.add(ring.mesh("ankle strap"), stuff(studio, kind))
        rise = np.array(
            [
                [0.012 * last.length, 0, last.top(0.0) + 0.045],
                [-0.001, 0, last.top(0.0) + 0.066],
                [0.002, 0, path[24, 2] + 0.004],
            ]
        )
        studio.add(sweep(rise, 0.016, 0.002, np.array([-1.0, 0, 0]), 8, 4.0).mesh("heel tab"), stuff(studio, kind))
        studio.add(
            band.buckle(path[40] + away[40] * 0.002, path[41] - path[39], away[40], 0.012, 0.014, 0.0012).mesh(
                "buckle"
            ),
            studio.material("gold"),
        )
    elif extra < 0.75:
        trimming(design, studio, *front_of(chart), rng)


def heeled_sandal(design: Design, studio: Studio, last: kit.Last, kind: str, rng: np.random.Generator) -> None:
    """Bands over the toes with an ankle strap, a sling, or nothing behind (a mule)."""
    bed = [shade(design.colour, 0.9), TAN, CREAM][rng.choice(3, p=[0.65, 0.2, 0.15])]
    studio.add(kit.insole(last, 0.0012, -0.0005).mesh("bed"), stuff(studio, "leather", bed))
    hide = stuff(studio, kind)
    parts, middle = toe_bands(last, rng)
    studio.add(joined(parts).mesh("bands"), hide)
    if rng.random() < 0.35:
        trimming(design, studio, middle[0] + middle[1] * 0.003, middle[1], rng, 1.0)
    back = rng.random()
    if back < 0.42:
        ring, path, away = band.anklet(
            last, rng.uniform(0.062, 0.078), rng.uniform(0.006, 0.010), tilt=rng.uniform(0.008, 0.022)
        )
        cup = band.counter_cup(last, rng.uniform(0.05, 0.062), rng.uniform(0.16, 0.24))
        tab = np.array(
            [[0.006, 0, last.top(0.0) + 0.04], [0.0, 0, last.top(0.0) + 0.055], [0.001, 0, path[24, 2] + 0.003]]
        )
        studio.add(
            joined([ring, cup, sweep(tab, 0.012, 0.002, np.array([-1.0, 0, 0]), 8, 4.0)]).mesh("ankle strap"), hide
        )
        studio.add(
            band.buckle(path[40] + away[40] * 0.002, path[41] - path[39], away[40], 0.013, 0.014, 0.0013).mesh(
                "buckle"
            ),
            studio.material(["gold", "silver"][rng.integers(2)]),
        )
    elif back < 0.75:
        sling, path = band.sling(last, rng.uniform(0.5, 0.6), rng.uniform(0.055, 0.07), rng.uniform(0.007, 0.012))
        studio.add(sling.mesh("sling"), hide)
        along = path[15] - path[13]
        studio.add(
            band.buckle(path[14] + [0, -0.002, 0], along, np.array([0, -1.0, 0.2]), 0.013, 0.015, 0.0013).mesh(
                "buckle"
            ),
            studio.material(["gold", "silver"][rng.integers(2)]),
        )


def toe_bands(last: kit.Last, rng: np.random.Generator) -> tuple[list[Shape], tuple[Array, Array]]:
    """The bands over the toes in one of several designs, and where a trimming would sit."""
    style = rng.integers(5)
    parts: list[Shape] = []
    if style == 0:  # one broad band
        wide = rng.uniform(0.04, 0.055) * (0.85 + 0.3 * np.abs(np.linspace(-1, 1, 40)) ** 2)
        shape, path, away = band.strap(last, 0.70, 0.76, wide, bend=0.02)
        parts.append(shape)
    elif style == 1:  # several narrow ones
        for k, at in enumerate(np.linspace(0.66, 0.88, int(rng.integers(3, 5)))):
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


# -- flats ---------------------------------------------------------------------------------


@article(
    "Flats",
    "Shoes",
    "Footwear",
    genders={"Women": 12, "Girls": 1},
    colours={
        "Black": 6,
        "Brown": 4,
        "White": 2,
        "Gold": 2,
        "Silver": 1,
        "Beige": 2,
        "Blue": 2,
        "Pink": 2,
        "Red": 2,
        "Grey": 1,
        "Maroon": 1,
        "Green": 1,
        "Purple": 1,
        "Yellow": 1,
    },
    patterns={"plain": 9, "spotted": 1, "striped": 1},
    usages={"Casual": 20, "Ethnic": 1},
    seasons={"Winter": 5, "Summer": 3, "Fall": 2, "Spring": 1},
    price=(20, 80),
    nouns=("Flats", "Ballerinas", "Flat sandals"),
)
def flats(design: Design, studio: Studio) -> None:
    """Ballerinas, thong sandals and slides on a flat sole."""
    rng = studio.rng
    ballerina = design.pattern != "plain" or rng.random() < 0.5
    last = kit.Last(
        size(design.gender, rng) * 0.94,
        ball=rng.uniform(0.039, 0.043),
        waist=0.030,
        heel=0.027,
        toe=rng.uniform(1.9, 2.4),
        heel_height=rng.uniform(0.0, 0.012),
        sole=0.007,
        drop=rng.uniform(0.003, 0.008),
        toe_spring=rng.uniform(0.004, 0.009),
    )
    kind = _hide(design, rng)
    if ballerina:
        sole_colour = [INK, TAN, shade(design.colour, 0.6)][rng.integers(3)]
        sole(studio, last, 0.005, True, sole_colour, "rubber", 0.0012)
        studio.add(low_heel(last, 0.005, rng).mesh("heel"), stuff(studio, "rubber", sole_colour))
        top = pump_top(
            rng.uniform(0.046, 0.054),
            rng.uniform(0.026, 0.031),
            rng.uniform(0.70, 0.77),
            rng.uniform(0.033, 0.038),
            1.05,
        )
        chart = court(design, studio, last, top, kind, [CREAM, TAN, INK, design.accent][rng.integers(4)], rng)
        if rng.random() < 0.75:
            trimming(design, studio, *front_of(chart), rng)
    else:
        bed = [TAN, CREAM, shade(design.colour, 0.75), (0.10, 0.05, 0.03)][rng.choice(4, p=[0.22, 0.08, 0.6, 0.1])]
        sole(studio, last, 0.006, True, shade(bed, 0.5), "rubber", 0.003)
        studio.add(kit.insole(last, 0.0012, 0.002).mesh("bed"), stuff(studio, "leather", bed))
        studio.add(low_heel(last, 0.006, rng).mesh("heel"), stuff(studio, "rubber", shade(bed, 0.4)))
        hide = stuff(studio, kind)
        if rng.random() < 0.6:
            shape, knot, away = band.thong(
                last,
                rng.uniform(0.80, 0.84),
                rng.uniform(0.48, 0.56),
                rng.uniform(0.50, 0.58),
                rng.uniform(0.014, 0.026),
                0.0028,
            )
            studio.add(shape.mesh("thong"), hide)
            if rng.random() < 0.75:
                trimming(design, studio, knot + away * 0.004, away, rng, rng.uniform(0.8, 1.25))
        else:
            parts, middle = toe_bands(last, rng)
            studio.add(joined(parts).mesh("bands"), hide)
            if rng.random() < 0.4:
                trimming(design, studio, middle[0] + middle[1] * 0.003, middle[1], rng)
        if rng.random() < 0.5:
            studio.add(
                band.sling(last, rng.uniform(0.5, 0.56), rng.uniform(0.05, 0.065), rng.uniform(0.007, 0.013))[0].mesh(
                    "sling"
                ),
                hide,
            )
    stand(studio, rng, 0.84)


def low_heel(last: kit.Last, thick: float, rng: np.random.Generator) -> Shape:
    """A low lift under the heel."""
    return heel_block(last, rng.uniform(0.22, 0.26), lambda x: last.top(x) - thick + 0.001, rng)
