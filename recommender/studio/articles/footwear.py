"""Laced shoes and slip-ons: casual, sports and formal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._surface import Array, Chart, Shape, joined, line, smoothstep
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

WHITE: RGB = (0.82, 0.82, 0.80)
INK: RGB = (0.012, 0.012, 0.014)
GUM: RGB = (0.42, 0.19, 0.07)
CREAM: RGB = (0.75, 0.68, 0.52)


def shade(colour: RGB, factor: float) -> RGB:
    """The colour made darker (factor < 1) or lighter (> 1, towards white)."""
    if factor <= 1:
        return tuple(c * factor for c in colour)
    return tuple(c + (0.85 - c) * (factor - 1) for c in colour)


def light(colour: RGB) -> float:
    """Luminance of a linear colour."""
    return float(np.dot(colour, (0.2126, 0.7152, 0.0722)))


@dataclass
class Look:
    """What a laced shoe is made of; the builders fill it in."""

    last: kit.Last
    top: kit.Topline
    throat: tuple[float, float] = (0.42, 0.70)  # w of the highest and the lowest eyelet
    skin: str = "leather"
    panel: str = "leather"
    sole_colour: RGB = WHITE
    trim: RGB = INK
    panel_colour: RGB = INK
    lace_colour: RGB = WHITE
    lining: RGB = INK
    collar: float = 0.003
    rows: int = 5
    extra: dict = field(default_factory=dict)


def size(gender: str, rng: np.random.Generator) -> float:
    """Length (m) of a shoe."""
    return {"Men": 0.295, "Unisex": 0.285, "Women": 0.262}.get(gender, 0.215) * rng.uniform(0.98, 1.02)


def low_top(heel: float, dip: float, front: float, throat: float, gap: float, ankle: float = 0.035) -> kit.Topline:
    """A laced shoe's topline; heights in metres over the bed, ``throat`` its front end in lengths."""
    step = (throat - 0.40) / 0.26
    return kit.Topline(
        [
            (0.0, 0.018, 0.0, heel), (0.06, 0.028, 0.019, heel - 0.001), (0.13, 0.07, 0.029, heel - 0.007),
            (0.21, 0.14, ankle, dip + 0.003), (0.30, 0.235, ankle + 0.001, dip),
            (0.37, 0.325, ankle - 0.004, (dip + front) / 2), (0.42, 0.385, gap + 0.008, front),
            (0.55, 0.385 + 0.125 * step, gap + 0.004, front - 0.010),
            (0.70, 0.385 + 0.24 * step, gap - 0.002, front - 0.024),
            (0.85, 0.385 + 0.275 * step, gap * 0.55, front - 0.030), (1.0, 0.385 + 0.28 * step, 0.0, front - 0.031),
        ]
    )  # fmt: skip


# -- panels on the upper -----------------------------------------------------------------


def toe_cap(chart: Chart, reach: float, height: float, thickness: float = 0.0012) -> tuple[Shape, Array]:
    """A panel over the toe: ``reach`` in u to each side, ``height`` in v; also its edge."""
    u = np.linspace(0.5 - reach, 0.5 + reach, 48)
    rise = height * np.clip(1 - ((u - 0.5) / reach) ** 4, 0, 1) ** 0.5
    edge = np.column_stack([u, rise])
    return chart.sheet(np.column_stack([u, 0 * u]), edge, thickness, 14), edge


def mudguard(chart: Chart, reach: float, toe: float, side: float) -> tuple[Shape, Array]:
    """A low panel round the whole front: ``toe`` and ``side`` are its heights in v."""
    u = np.linspace(0.5 - reach, 0.5 + reach, 64)
    t = np.abs(u - 0.5) / reach
    rise = side + (toe - side) * (1 - smoothstep(t, 0.05, 0.6))
    rise = rise * (1 - smoothstep(t, 0.8, 1.0) * 0.95)
    edge = np.column_stack([u, rise])
    return chart.sheet(np.column_stack([u, 0 * u]), edge, 0.0011, 8), edge


def counter(chart: Chart, reach: float, height: float, flare: float = 2.0) -> tuple[Shape, Array]:
    """A panel round the heel."""
    u = np.linspace(-reach, reach, 40)
    rise = height * np.clip(1 - np.abs(u / reach) ** flare, 0, 1) ** 0.7
    edge = np.column_stack([u, rise])
    return chart.sheet(np.column_stack([u, 0 * u]), edge, 0.0012, 9), edge


def eyestay(chart: Chart, look: Look, depth: float) -> tuple[Shape, Array]:
    """The reinforced edge of the throat, ``depth`` in v, from top eyelet round the vamp point."""
    start = look.throat[0] - 0.035
    u = np.linspace(start / 2, 1 - start / 2, 60)
    w = np.where(u <= 0.5, 2 * u, 2 - 2 * u)
    low = 1 - depth * (0.75 + 0.25 * smoothstep(w, 0.4, 0.6)) * (1 - 0.35 * smoothstep(w, 0.75, 1.0))
    edge = np.column_stack([u, low])
    return chart.sheet(edge, np.column_stack([u, 0 * u + 0.995]), 0.0012, 7), edge


def bands(chart: Chart, count: int, start: float, lean: float, width: float, span: tuple[float, float]) -> list[Shape]:
    """Parallel stripes on both sides, from w ``start`` on, leaning by ``lean`` from low to high."""
    out = []
    for k in range(count):
        at = start + k * width * 1.75
        low = line((at + lean, span[0]), (at + lean * 0.5, (span[0] + span[1]) / 2), (at, span[1]), count=20)
        for a, b in zip(kit.both(low), kit.both(low + [width, 0])):
            out.append(chart.sheet(a, b, 0.0010, 4))
    return out


def swoop(chart: Chart, rng: np.random.Generator) -> list[Shape]:
    """A curved blade along both sides, broad in front and running out towards the heel."""
    a, b = rng.uniform(0.13, 0.2), rng.uniform(0.6, 0.68)
    low, high, fat = rng.uniform(0.1, 0.2), rng.uniform(0.62, 0.8), rng.uniform(0.16, 0.3)
    kind = rng.integers(3)
    if kind == 0:  # rises towards the heel
        under = line((b, low + 0.25), (0.52, low), (0.36, low + 0.2), (a, high))
        over = line((b, low + 0.27), (0.50, low + fat), (0.36, low + fat + 0.16), (a, high + 0.02))
    elif kind == 1:  # falls from the laces to the heel
        under = line((0.56, 0.80), (0.46, 0.45), (0.33, 0.24), (a, 0.10))
        over = line((0.49, 0.80), (0.41, 0.62), (0.30, 0.24 + fat), (a, 0.10 + fat * 0.5))
    else:  # a wave
        under = line((b, 0.15), (0.5, 0.42), (0.36, 0.22), (a, 0.42))
        over = line((b, 0.17), (0.5, 0.42 + fat * 0.8), (0.36, 0.22 + fat), (a, 0.44))
    return [chart.sheet(p, q, 0.0011, 5) for p, q in zip(kit.both(under), kit.both(over))]


def seam(chart: Chart, edge: Array, inset: float) -> Shape:
    """Stitches along a panel's edge, ``inset`` in v below it."""
    return chart.stitches(edge - [0, inset], 0.0016)


# -- soles ---------------------------------------------------------------------------------


def cup_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A flat rubber sole with a wall round the upper, as court and skate shoes have."""
    last = look.last
    wall = rng.uniform(0.004, 0.009)
    out = rng.uniform(0.002, 0.0035)
    kind = "rubber"
    ground, top = last.ground, last.top
    base = look.extra.get("outsole", look.sole_colour)
    split = rng.uniform(0.15, 0.3)

    def level(share: float, lift: float = 0.0):
        return lambda x: ground(x) + (top(x) + wall - ground(x)) * share + lift

    studio.add(kit.stack(last, [
        (-0.006, ground), (out - 0.0005, level(0, 0.0008)), (out + 0.0005, level(0, 0.003)), (out + 0.0005, level(split)),
        (out - 0.001, level(split, 0.0006)),
    ], "b").mesh("outsole"), studio.material(kind, base))  # fmt: skip
    studio.add(kit.stack(last, [
        (out - 0.001, level(split)), (out, level(split, 0.0008)), (out + 0.0002, level(0.6)), (out - 0.0004, level(0.95)),
        (out - 0.0012, level(1.0)), (-0.004, level(1.0, -0.0015)),
    ], "t").mesh("midsole"), studio.material(kind, look.sole_colour))  # fmt: skip
    if rng.random() < 0.45:
        at = rng.uniform(0.68, 0.8)
        studio.add(kit.stack(last, [(out - 0.001, level(at - 0.055)), (out + 0.0007, level(at - 0.05)),
                                    (out + 0.0007, level(at + 0.05)), (out - 0.001, level(at + 0.055))],
                             "").mesh("foxing"), studio.material(kind, look.trim))  # fmt: skip
    if look.extra.get("bumper"):
        w = kit.loop_w()
        front = out + 0.0018 * smoothstep(w, 0.80, 0.84)
        studio.add(kit.stack(last, [(out - 0.002, level(0.02)), (front, level(0.06)), (front, level(1.2)),
                                    (front - 0.002, level(1.3))], "").mesh("bumper"), studio.material(kind, look.sole_colour))  # fmt: skip


def runner_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A thick sculpted foam midsole over a lugged outsole."""
    last = look.last
    out, w = rng.uniform(0.003, 0.006), kit.loop_w()
    waves, phase, deep = rng.uniform(2.0, 6.0), rng.uniform(0, 6), rng.uniform(0.0, 0.0025)
    lugs, bite = rng.uniform(55, 95), rng.uniform(0.0015, 0.0035)
    ground, top = last.ground, last.top
    rise = rng.uniform(0.005, 0.010)

    def edge(x: Array) -> Array:
        t = np.asarray(x) / last.length
        return top(x) + rise * (0.7 + 0.6 * smoothstep(0.4 - t, 0, 0.35) + 0.8 * smoothstep(t, 0.9, 1.0))

    def level(share: float, lift: float = 0.0):
        return lambda x: ground(x) + (edge(x) - ground(x)) * share + lift

    def tread(x: Array) -> Array:
        t = np.asarray(x) / last.length
        arch = 0.006 * smoothstep(t, 0.30, 0.42) * (1 - smoothstep(t, 0.5, 0.62))
        return ground(x) + arch + bite * (np.sin(lugs * t) > 0.55)

    groove = deep * np.sin(waves * np.pi * w + phase)
    flare = out + 0.004 * (1 - smoothstep(w, 0.05, 0.3))
    split = rng.uniform(0.16, 0.26)
    studio.add(kit.stack(last, [(-0.008, tread), (flare - 0.002, tread), (flare, lambda x: tread(x) + 0.003),
                                (flare, level(split)), (flare - 0.002, level(split, 0.001))],
                         "b").mesh("outsole"), studio.material("rubber", look.extra.get("outsole", INK)))  # fmt: skip
    band = look.extra.get("band")
    cut = rng.uniform(0.5, 0.68) if band is not None else 0.45
    studio.add(kit.stack(last, [
        (flare - 0.002, level(split)), (flare + groove * 0.5, level(split, 0.0015)), (flare - 0.001 + groove, level(cut - 0.06)),
        (flare - 0.004 + groove, level(cut)),
    ], "").mesh("midsole low"), studio.material("foam", look.sole_colour))  # fmt: skip
    studio.add(kit.stack(last, [
        (flare - 0.004 + groove, level(cut)), (out - 0.0005 - groove, level(cut + 0.06)), (out - 0.001, level(0.85)),
        (out - 0.002, level(0.97)), (out - 0.0035, level(1.0)), (-0.005, level(1.0, -0.002)),
    ], "t").mesh("midsole"), studio.material("foam", look.sole_colour if band is None else band))  # fmt: skip


def welt_sole(studio: Studio, look: Look, rng: np.random.Generator) -> None:
    """A thin leather sole with a welt and a stacked heel, as formal shoes have."""
    last = look.last
    colour, kind = look.sole_colour, "leather" if look.extra.get("leather_sole", True) else "rubber"
    w = kit.loop_w()
    thick = look.extra.get("sole", 0.006)
    out = rng.uniform(0.003, 0.0045) * (0.55 + 0.45 * smoothstep(w, 0.25, 0.5))
    top = last.top
    studio.add(kit.stack(last, [
        (-0.010, lambda x: top(x) - thick), (out - 0.0015, lambda x: top(x) - thick), (out, lambda x: top(x) - thick + 0.001),
        (out, lambda x: top(x) - 0.001), (out - 0.001, top), (-0.004, lambda x: top(x) + 0.0005),
    ]).mesh("sole"), studio.material(kind, colour))  # fmt: skip
    loop = last.loop(out - 0.0015)
    path = np.column_stack([loop, top(loop[:, 0]) + 0.0006])
    from recommender.studio.articles._surface import stitched

    front = path[14:-14]
    studio.add(stitched(front, 0.0042, 0.0005).mesh("welt stitches"), studio.material("cotton", look.extra.get("thread", shade(colour, 1.3))))
    studio.add(heel_block(last, look.extra.get("heel_end", 0.27), lambda x: top(x) - thick + 0.001, rng).mesh("heel"),
               studio.material(kind, colour))  # fmt: skip


def heel_block(last: kit.Last, end: float, roof, rng: np.random.Generator, taper: float = 0.002) -> Shape:
    """A low stacked heel under the back of the shoe down to z = 0, ``end`` in lengths."""
    from recommender.studio.articles._surface import grid

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
    for share, shrink in ((1.0, 0.0), (0.7, 0.5), (0.66, 0.9), (0.62, 0.6), (0.25, 1.0), (0.22, 1.3), (0.18, 1.1), (0.0, 1.2)):
        flat = middle + (ring - middle) * (1 - shrink * taper / 0.03)
        levels.append(np.column_stack([flat, np.maximum(roof(ring[:, 0]), 0.002) * share]))
    return grid(np.stack(levels, axis=1), True, flip=True)


# -- the shoe ------------------------------------------------------------------------------


def laced(design: Design, studio: Studio, look: Look, panels: bool = True) -> Chart:
    """Add upper, lining, collar, tongue and laces; return the chart for more panels."""
    rng = studio.rng
    last = look.last
    chart = kit.upper(last, look.top, -0.001, wrinkle=look.extra.get("wrinkle", 0.0006), seed=design.seed)
    skin, lining = kit.shell(chart)
    cloth = studio.material(look.skin, pattern=studio.pattern())
    studio.add(skin.mesh("upper"), cloth)
    inside = studio.material("jersey", look.lining)
    studio.add(lining.mesh("lining"), inside)
    studio.add(kit.insole(last).mesh("insole"), inside)
    w = kit.loop_w()
    pad = 0.0013 + (look.collar - 0.0013) * (1 - smoothstep(w, look.throat[0] - 0.05, look.throat[0] + 0.02))
    studio.add(kit.rim(chart, pad).mesh("collar"), look.extra.get("collar_material") or studio.material(look.panel, look.panel_colour))
    studio.add(
        kit.tongue(chart, look.throat[0], look.extra.get("tongue", 0.026), 0.062 * last.length / 0.29).mesh("tongue"),
        look.extra.get("tongue_material") or cloth,
    )
    holes = kit.eyelets(chart, look.throat[0] + 0.012, look.throat[1], look.rows)
    cord = kit.laces(holes, look.extra.get("lace", 0.007), bool(look.extra.get("cross", True)), look.extra.get("bow", 0.03), rng)
    studio.add(cord.mesh("laces"), studio.material("cotton", look.lace_colour))
    if look.extra.get("eyelets") is not None:
        studio.add(kit.rings_of(holes).mesh("eyelets"), studio.material("metal", look.extra["eyelets"]))
    return chart


def stand(studio: Studio, rng: np.random.Generator, fill: float = 0.86) -> None:
    """The usual view: from the outer side and a little before the toe, a little from above."""
    studio.view(azimuth=rng.uniform(33, 46), elevation=rng.uniform(15, 24), fill=fill * rng.uniform(0.97, 1.03), lens=85, shadow=True)


def lace_tint(design: Design, rng: np.random.Generator) -> RGB:
    """Laces are white, black, or match the shoe."""
    options = [WHITE, shade(design.colour, 0.9), INK if light(design.colour) < 0.3 else WHITE]
    return options[rng.integers(3)]


@article(
    "Casual Shoes", "Shoes", "Footwear",
    genders={"Men": 20, "Women": 4, "Unisex": 3, "Boys": 1, "Girls": 1},
    colours={"Black": 8, "Brown": 5, "White": 4, "Grey": 3, "Blue": 3, "Red": 2, "Navy Blue": 2, "Green": 1, "Olive": 1,
             "Beige": 1, "Khaki": 1, "Purple": 1, "Tan": 1, "Maroon": 1, "Yellow": 1, "Pink": 1},
    patterns={"plain": 10, "striped": 1, "plaid": 1, "spotted": 1},
    usages={"Casual": 30, "Smart Casual": 1}, seasons={"Summer": 6, "Fall": 4, "Winter": 2, "Spring": 1},
    price=(25, 120), nouns=("Casual shoes", "Sneakers", "Trainers", "Lace-ups"),
)  # fmt: skip
def casual_shoes(design: Design, studio: Studio) -> None:
    """Court and skate sneakers, plimsolls and low boots."""
    rng = studio.rng
    sneaker(design, studio, rng)
    stand(studio, rng)


def sneaker(design: Design, studio: Studio, rng: np.random.Generator) -> None:
    """A flat lace-up with a cup sole."""
    length = size(design.gender, rng)
    canvas = design.pattern != "plain" or rng.random() < 0.35
    last = kit.Last(length, ball=rng.uniform(0.046, 0.051), toe=rng.uniform(2.1, 2.8), sole=rng.uniform(0.013, 0.02),
                    drop=rng.uniform(0.002, 0.008), toe_spring=rng.uniform(0.006, 0.012))  # fmt: skip
    high = rng.random() < 0.18
    lift = rng.uniform(0.035, 0.05) if high else 0.0
    top = low_top(rng.uniform(0.056, 0.066) + lift, rng.uniform(0.042, 0.048) + lift, rng.uniform(0.072, 0.08) + lift * 0.9,
                  rng.uniform(0.67, 0.72), rng.uniform(0.017, 0.022))  # fmt: skip
    two = rng.random() < 0.6
    dark = light(design.colour) < 0.05
    panel_colour = design.accent if two and rng.random() < 0.5 else shade(design.colour, rng.choice([0.7, 1.0, 1.12]))
    look = Look(
        last, top, (0.42, 0.70), "canvas" if canvas else "leather", "canvas" if canvas else "leather",
        sole_colour=WHITE if rng.random() < 0.7 else [CREAM, INK if dark else GUM][rng.integers(2)],
        trim=design.accent if two else shade(design.colour, 0.9), panel_colour=panel_colour,
        lace_colour=lace_tint(design, rng), lining=[WHITE, shade(design.colour, 0.8), INK, CREAM][rng.integers(4)],
        collar=rng.uniform(0.0022, 0.005) * (0.7 if canvas else 1.1), rows=int(rng.integers(5, 8)) if not canvas else int(rng.integers(4, 6)),
        extra={"cross": rng.random() < 0.55, "bow": rng.uniform(0.022, 0.036) if rng.random() < 0.6 else 0.0,
               "lace": rng.uniform(0.006, 0.009), "bumper": canvas and rng.random() < 0.6},
    )  # fmt: skip
    look.rows += 2 if high else 0
    if rng.random() < 0.35:
        look.extra["outsole"] = GUM if rng.random() < 0.5 else look.trim
    if canvas or rng.random() < 0.3:
        look.extra["eyelets"] = (0.6, 0.6, 0.6)
    chart = laced(design, studio, look)
    cup_sole(studio, look, rng)
    sneaker_panels(design, studio, look, chart, rng, canvas, two)


def sneaker_panels(design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, canvas: bool, two: bool) -> None:
    """Toe caps, heel counters, stripes and seams in the shoe's own or its second colour."""
    own = studio.material(look.skin, shade(design.colour, 0.92), pattern=None)
    second = studio.material("canvas" if canvas else "leather", look.panel_colour)
    thread = studio.material("cotton", shade(design.colour, 1.5) if light(design.colour) < 0.3 else shade(design.colour, 0.75))
    edges = []
    stay, edge = eyestay(chart, look, rng.uniform(0.22, 0.34))
    studio.add(stay.mesh("eyestay"), own)
    edges.append((edge + [0, 0.03], 0.0))
    style = rng.integers(4)
    if style == 0:
        part, edge = toe_cap(chart, rng.uniform(0.10, 0.13), rng.uniform(0.5, 0.62))
        studio.add(part.mesh("toe cap"), studio.material("rubber", look.sole_colour) if canvas else own)
        edges.append((edge, 0.03))
    elif style == 1:
        part, edge = mudguard(chart, rng.uniform(0.17, 0.24), rng.uniform(0.36, 0.5), rng.uniform(0.3, 0.42))
        studio.add(part.mesh("mudguard"), own)
        edges.append((edge, 0.03))
    elif style == 2:
        for at in (rng.uniform(0.5, 0.56),):
            curve = line((at - 0.03, 0.7), (at, 0.45), (at + 0.03, 0.02))
            edges += [(c, 0.0) for c in kit.both(curve)]
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.75, 0.97))
    studio.add(part.mesh("counter"), second if two else own)
    edges.append((edge, 0.04))
    mark = rng.integers(5)
    if design.pattern == "plain" and not (canvas and rng.random() < 0.6):
        accent = studio.material("leather", design.accent if two else shade(design.colour, 0.6 if light(design.colour) > 0.05 else 1.25))
        if mark <= 1:
            shapes = bands(chart, int(rng.integers(2, 5)), rng.uniform(0.34, 0.40), rng.uniform(0.05, 0.16), rng.uniform(0.018, 0.03), (0.08, 0.72))
        elif mark <= 3:
            shapes = swoop(chart, rng)
        else:
            shapes = []
        if shapes:
            studio.add(joined(shapes).mesh("marks"), accent)
    studio.add(joined([seam(chart, e, i) for e, i in edges]).mesh("seams"), thread)
