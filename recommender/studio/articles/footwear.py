"""Laced shoes and slip-ons: casual, sports and formal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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


def stuff(studio: Studio, kind: str, colour: RGB | None = None, **kw) -> Any:
    """The studio's material; dark hides shine less, or a black shoe would look grey."""
    tone = light(studio.design.colour if colour is None else colour)
    material = studio.material(kind, colour, **kw)
    if tone < 0.06 and kind in ("leather", "canvas", "mesh", "jersey", "rubber", "suede", "cotton", "foam", "patent"):
        for node in material.node_tree.nodes:
            if node.type == "BSDF_PRINCIPLED":
                node.inputs["Specular IOR Level"].default_value *= 0.4
                node.inputs["Coat Weight"].default_value *= 0.3
                node.inputs["Sheen Weight"].default_value *= 0.3
    return material


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
    ], "b").mesh("outsole"), stuff(studio, kind, base))  # fmt: skip
    studio.add(kit.stack(last, [
        (out - 0.001, level(split)), (out, level(split, 0.0008)), (out + 0.0002, level(0.6)), (out - 0.0004, level(0.95)),
        (out - 0.0012, level(1.0)), (-0.004, level(1.0, -0.0015)),
    ], "t").mesh("midsole"), stuff(studio, kind, look.sole_colour))  # fmt: skip
    if rng.random() < 0.45:
        at = rng.uniform(0.68, 0.8)
        studio.add(kit.stack(last, [(out - 0.001, level(at - 0.055)), (out + 0.0007, level(at - 0.05)),
                                    (out + 0.0007, level(at + 0.05)), (out - 0.001, level(at + 0.055))],
                             "").mesh("foxing"), stuff(studio, kind, look.trim))  # fmt: skip
    if look.extra.get("bumper"):
        w = kit.loop_w()
        front = out + 0.0018 * smoothstep(w, 0.80, 0.84)
        studio.add(kit.stack(last, [(out - 0.002, level(0.02)), (front, level(0.06)), (front, level(1.2)),
                                    (front - 0.002, level(1.3))], "").mesh("bumper"), stuff(studio, kind, look.sole_colour))  # fmt: skip


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
                         "b").mesh("outsole"), stuff(studio, "rubber", look.extra.get("outsole", INK)))  # fmt: skip
    band = look.extra.get("band")
    cut = rng.uniform(0.5, 0.68) if band is not None else 0.45
    studio.add(kit.stack(last, [
        (flare - 0.002, level(split)), (flare + groove * 0.5, level(split, 0.0015)), (flare - 0.001 + groove, level(cut - 0.06)),
        (flare - 0.004 + groove, level(cut)),
    ], "").mesh("midsole low"), stuff(studio, "foam", look.sole_colour))  # fmt: skip
    studio.add(kit.stack(last, [
        (flare - 0.004 + groove, level(cut)), (out - 0.0005 - groove, level(cut + 0.06)), (out - 0.001, level(0.85)),
        (out - 0.002, level(0.97)), (out - 0.0035, level(1.0)), (-0.005, level(1.0, -0.002)),
    ], "t").mesh("midsole"), stuff(studio, "foam", look.sole_colour if band is None else band))  # fmt: skip


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
    ]).mesh("sole"), stuff(studio, kind, colour))  # fmt: skip
    loop = last.loop(out - 0.0015)
    path = np.column_stack([loop, top(loop[:, 0]) + 0.0006])
    from recommender.studio.articles._surface import stitched

    front = path[14:-14]
    studio.add(stitched(front, 0.0042, 0.0005).mesh("welt stitches"), stuff(studio, "cotton", look.extra.get("thread", shade(colour, 1.3))))
    studio.add(heel_block(last, look.extra.get("heel_end", 0.27), lambda x: top(x) - thick + 0.001, rng).mesh("heel"),
               stuff(studio, kind, colour))  # fmt: skip


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
    cloth = stuff(studio, look.skin, pattern=studio.pattern())
    studio.add(skin.mesh("upper"), cloth)
    inside = stuff(studio, "jersey", look.lining)
    studio.add(lining.mesh("lining"), inside)
    studio.add(kit.insole(last).mesh("insole"), inside)
    w = kit.loop_w()
    pad = 0.0013 + (look.collar - 0.0013) * (1 - smoothstep(w, look.throat[0] - 0.05, look.throat[0] + 0.02))
    studio.add(kit.rim(chart, pad).mesh("collar"), look.extra.get("collar_material") or stuff(studio, look.panel, look.panel_colour))
    studio.add(
        kit.tongue(chart, look.throat[0], look.extra.get("tongue", 0.020), 0.052 * last.length / 0.29).mesh("tongue"),
        look.extra.get("tongue_material") or cloth,
    )
    holes = kit.eyelets(chart, look.throat[0] + 0.012, look.throat[1], look.rows)
    cord = kit.laces(holes, look.extra.get("lace", 0.007), bool(look.extra.get("cross", True)), look.extra.get("bow", 0.03), rng)
    studio.add(cord.mesh("laces"), stuff(studio, "cotton", look.lace_colour))
    if look.extra.get("eyelets") is not None:
        studio.add(kit.rings_of(holes).mesh("eyelets"), stuff(studio, "metal", look.extra["eyelets"]))
    return chart


def stand(studio: Studio, rng: np.random.Generator, fill: float = 0.86) -> None:
    """The usual view: from the outer side and a little before the toe, a little from above."""
    studio.view(azimuth=rng.uniform(33, 46), elevation=rng.uniform(18, 27), fill=fill * rng.uniform(0.97, 1.03), lens=85, shadow=True)


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
    if design.pattern == "plain" and rng.random() < (0.45 if design.baseColour in ("Brown", "Tan", "Black", "Khaki", "Maroon") else 0.15):
        formal(design, studio, rng, casual=True)
    else:
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
    if not high and rng.random() < 0.18:
        look.top = slip_top(rng.uniform(0.054, 0.060), rng.uniform(0.040, 0.045), rng.uniform(0.066, 0.074), rng.uniform(0.42, 0.47))
        slip_on(design, studio, look, rng)
        cup_sole(studio, look, rng)
        return
    chart = laced(design, studio, look)
    cup_sole(studio, look, rng)
    sneaker_panels(design, studio, look, chart, rng, canvas, two)


def sneaker_panels(design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, canvas: bool, two: bool) -> None:
    """Toe caps, heel counters, stripes and seams in the shoe's own or its second colour."""
    own = stuff(studio, look.skin, shade(design.colour, 0.92), pattern=None)
    second = stuff(studio, "canvas" if canvas else "leather", look.panel_colour)
    thread = stuff(studio, "cotton", shade(design.colour, 1.5) if light(design.colour) < 0.3 else shade(design.colour, 0.75))
    edges = []
    stay, edge = eyestay(chart, look, rng.uniform(0.22, 0.34))
    studio.add(stay.mesh("eyestay"), own)
    edges.append((edge + [0, 0.03], 0.0))
    style = rng.integers(4)
    if style == 0:
        part, edge = toe_cap(chart, rng.uniform(0.10, 0.13), rng.uniform(0.5, 0.62))
        studio.add(part.mesh("toe cap"), stuff(studio, "rubber", look.sole_colour) if canvas else own)
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
        accent = stuff(studio, "leather", design.accent if two else shade(design.colour, 0.6 if light(design.colour) > 0.05 else 1.25))
        if mark <= 1:
            shapes = bands(chart, int(rng.integers(2, 5)), rng.uniform(0.34, 0.40), rng.uniform(0.05, 0.16), rng.uniform(0.018, 0.03), (0.08, 0.72))
        elif mark <= 3:
            shapes = swoop(chart, rng)
        else:
            shapes = []
        if shapes:
            studio.add(joined(shapes).mesh("marks"), accent)
    studio.add(joined([seam(chart, e, i) for e, i in edges]).mesh("seams"), thread)


# -- sports --------------------------------------------------------------------------------


@article(
    "Sports Shoes", "Shoes", "Footwear",
    genders={"Men": 16, "Women": 5, "Unisex": 1, "Boys": 1},
    colours={"White": 6, "Black": 5, "Grey": 3, "Blue": 3, "Silver": 1, "Navy Blue": 2, "Red": 2, "Purple": 1, "Pink": 1,
             "Orange": 1, "Yellow": 1, "Green": 1},
    patterns={"plain": 1}, usages={"Sports": 1}, seasons={"Summer": 10, "Fall": 6, "Spring": 1},
    price=(35, 160), nouns=("Running shoes", "Training shoes", "Sports shoes"),
)  # fmt: skip
def sports_shoes(design: Design, studio: Studio) -> None:
    """Runners and trainers: mesh under overlays on a thick sculpted sole."""
    rng = studio.rng
    length = size(design.gender, rng)
    last = kit.Last(length, ball=rng.uniform(0.047, 0.052), heel=0.033, toe=rng.uniform(2.2, 2.7), sole=rng.uniform(0.018, 0.026),
                    drop=rng.uniform(0.008, 0.014), toe_spring=rng.uniform(0.014, 0.022))  # fmt: skip
    top = low_top(rng.uniform(0.066, 0.074), rng.uniform(0.046, 0.052), rng.uniform(0.076, 0.083),
                  rng.uniform(0.67, 0.71), rng.uniform(0.017, 0.021))  # fmt: skip
    pale = light(design.colour) > 0.35
    accent = design.accent
    mesh = rng.random() < 0.72
    second = accent if rng.random() < 0.45 else shade(design.colour, 0.55 if pale else 1.3)
    look = Look(
        last, top, (0.42, 0.70), "mesh" if mesh else "leather", "leather",
        sole_colour=WHITE if rng.random() < 0.75 or design.baseColour == "White" else shade(design.colour, 1.1),
        trim=accent, panel_colour=shade(design.colour, 0.85), lace_colour=accent if rng.random() < 0.25 else lace_tint(design, rng),
        lining=[shade(design.colour, 0.7), INK, accent, WHITE][rng.integers(4)], collar=rng.uniform(0.0045, 0.007), rows=int(rng.integers(6, 8)),
        extra={"cross": rng.random() < 0.8, "bow": rng.uniform(0.024, 0.036) if rng.random() < 0.75 else 0.0, "lace": rng.uniform(0.005, 0.007),
               "outsole": [INK, INK, accent, GUM][rng.integers(4)], "band": accent if rng.random() < 0.3 else None, "tongue": 0.024, "wrinkle": 0.0008},
    )  # fmt: skip
    look.extra["collar_material"] = stuff(studio, "jersey", shade(design.colour, 0.8) if rng.random() < 0.7 else second)
    chart = laced(design, studio, look)
    runner_sole(studio, look, rng)
    sports_panels(design, studio, look, chart, rng, second)
    stand(studio, rng)


def sports_panels(design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, second: RGB) -> None:
    """Overlays of synthetic leather: eyestay, mudguard, counter, and the maker's stripes."""
    own = stuff(studio, "leather", shade(design.colour, rng.choice([0.85, 1.08])))
    other = stuff(studio, "leather", second)
    shine = stuff(studio, "plastic", [second, look.trim, (0.55, 0.56, 0.58)][rng.integers(3)], roughness=0.35)
    edges = []
    part, edge = eyestay(chart, look, rng.uniform(0.2, 0.32))
    studio.add(part.mesh("eyestay"), own if rng.random() < 0.65 else other)
    edges.append((edge, -0.03))
    part, edge = mudguard(chart, rng.uniform(0.16, 0.26), rng.uniform(0.26, 0.44), rng.uniform(0.2, 0.4))
    studio.add(part.mesh("mudguard"), own if rng.random() < 0.6 else other)
    edges.append((edge, 0.03))
    if rng.random() < 0.5:  # a second, smaller cap at the tip
        part, edge = toe_cap(chart, rng.uniform(0.06, 0.09), rng.uniform(0.2, 0.28), 0.0020)
        studio.add(part.mesh("toe tip"), shine if rng.random() < 0.5 else stuff(studio, "rubber", look.extra["outsole"]))
    part, edge = counter(chart, rng.uniform(0.11, 0.17), rng.uniform(0.55, 0.95), rng.uniform(1.5, 3.0))
    studio.add(part.mesh("counter"), other if rng.random() < 0.5 else own)
    edges.append((edge, 0.04))
    ribs = []
    if rng.random() < 0.6:  # struts from the eyelets down to the sole
        for at in np.linspace(0.46, 0.62, int(rng.integers(2, 4))):
            lean = rng.uniform(-0.05, 0.05)
            low = line((at + lean, 0.03), (at + lean * 0.3, 0.4), (at, 0.8), count=20)
            ribs += [chart.sheet(a, b, 0.0012, 4) for a, b in zip(kit.both(low), kit.both(low + [0.022, 0]))]
    if ribs:
        studio.add(joined(ribs).mesh("struts"), own)
    marks = bands(chart, int(rng.integers(2, 5)), rng.uniform(0.34, 0.39), rng.uniform(0.06, 0.18), rng.uniform(0.016, 0.026), (0.06, 0.7)) \
        if rng.random() < 0.4 else swoop(chart, rng)
    studio.add(joined(marks).mesh("marks"), shine)
    if rng.random() < 0.4:
        loop = np.array([chart.at(0.0, 0.7, 0.001), chart.at(0.0, 0.9, 0.010), chart.at(0.0, 1.0, 0.008) + [0, 0, 0.012],
                         chart.at(0.0, 1.0, -0.004) + [0, 0, 0.004]])
        from recommender.studio.articles._surface import smooth_path, sweep

        studio.add(sweep(smooth_path(loop, 20), 0.012, 0.0016, np.array([1.0, 0, 0.2]), 8, 4.0).mesh("pull tab"), stuff(studio, "canvas", look.trim))
    thread = stuff(studio, "cotton", shade(design.colour, 1.3))
    studio.add(joined([seam(chart, e, i) for e, i in edges]).mesh("seams"), thread)


# -- formal --------------------------------------------------------------------------------


def slip_top(heel: float, dip: float, front: float, reach: float) -> kit.Topline:
    """A slip-on's topline: an oval opening that ends over the instep at ``reach`` lengths."""
    step = reach - 0.25
    return kit.Topline(
        [
            (0.0, 0.018, 0.0, heel), (0.06, 0.026, 0.018, heel - 0.001), (0.13, 0.065, 0.027, heel - 0.007), (0.21, 0.135, 0.033, dip + 0.003),
            (0.30, 0.225, 0.034, dip + 0.004), (0.42, 0.25 + 0.45 * step, 0.031, dip + (front - dip) * 0.45),
            (0.56, 0.25 + 0.82 * step, 0.024, dip + (front - dip) * 0.8), (0.78, 0.25 + 0.98 * step, 0.011, front - 0.001), (1.0, reach, 0.0, front),
        ],
        slope=(0.45, 0.4, 0.34, 0.46, 0.56), lean=(0.1, 0.25, 0.5, 0.58, 0.62),
    )  # fmt: skip


@article(
    "Formal Shoes", "Shoes", "Footwear",
    genders={"Men": 1}, colours={"Black": 9, "Brown": 6, "Tan": 2, "Maroon": 1},
    patterns={"plain": 1}, usages={"Formal": 20, "Smart Casual": 1, "Casual": 1}, seasons={"Summer": 5, "Fall": 3, "Winter": 3},
    price=(45, 190), nouns=("Oxfords", "Derby shoes", "Formal shoes", "Dress shoes"),
)  # fmt: skip
def formal_shoes(design: Design, studio: Studio) -> None:
    """Derbies, slip-ons and monks on a welted leather sole."""
    formal(design, studio, studio.rng)
    stand(studio, studio.rng)


def formal(design: Design, studio: Studio, rng: np.random.Generator, casual: bool = False) -> None:
    """A leather shoe on a welt: laced or not."""
    length = size(design.gender, rng) * rng.uniform(1.0, 1.05)
    last = kit.Last(length, ball=rng.uniform(0.042, 0.046), waist=0.034, heel=0.0295, toe=rng.uniform(1.7, 2.1) if rng.random() < 0.6 else rng.uniform(2.2, 3.2),
                    sole=rng.uniform(0.008, 0.012), drop=rng.uniform(0.016, 0.022), toe_spring=rng.uniform(0.008, 0.013))  # fmt: skip
    kind = ("suede" if rng.random() < 0.4 else "leather") if casual else ("patent" if rng.random() < 0.12 else "leather")
    smooth = {"roughness": rng.uniform(0.28, 0.42)} if kind == "leather" and not casual else {}
    sole = shade(design.colour, 0.35) if rng.random() < 0.5 else INK
    if casual:
        sole = [sole, (0.2, 0.1, 0.05), CREAM][rng.integers(3)]
    look = Look(last, kit.Topline([]), (0.43, 0.64), kind, kind, sole_colour=sole, panel_colour=shade(design.colour, 0.85),
                lace_colour=shade(design.colour, 0.5), lining=[INK, (0.33, 0.17, 0.07), CREAM][rng.choice(3, p=[0.5, 0.35, 0.15])],
                collar=0.0022, rows=int(rng.integers(3, 6)),
                extra={"lace": 0.0035, "bow": rng.uniform(0.02, 0.03), "cross": False, "tongue": 0.012, "wrinkle": 0.0009,
                       "heel_end": rng.uniform(0.25, 0.29), "sole": rng.uniform(0.005, 0.008)})  # fmt: skip
    hide = stuff(studio, kind, **smooth)
    if rng.random() < 0.55:
        look.top = low_top(rng.uniform(0.054, 0.060), rng.uniform(0.040, 0.046), rng.uniform(0.070, 0.076), rng.uniform(0.56, 0.60), rng.uniform(0.011, 0.014), 0.033)
        if casual and rng.random() < 0.6:  # a chukka
            look.top = low_top(0.10, 0.086, 0.108, 0.58, 0.014, 0.036)
            look.rows = 3
        look.extra["tongue_material"] = hide
        chart = laced(design, studio, look)
        derby_panels(design, studio, look, chart, rng, casual)
    else:
        look.top = slip_top(rng.uniform(0.054, 0.060), rng.uniform(0.040, 0.045), rng.uniform(0.068, 0.076), rng.uniform(0.40, 0.47))
        chart = slip_on(design, studio, look, rng)
    studio.objects[0].data.materials.clear()
    studio.objects[0].data.materials.append(hide)
    if casual and rng.random() < 0.5:
        cup_sole(studio, look, rng)
    else:
        welt_sole(studio, look, rng)


def derby_panels(design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, casual: bool) -> None:
    """Quarters laid over the vamp, a cap or wing at the toe, and their stitching."""
    hide = stuff(studio, look.skin, shade(design.colour, 0.97), roughness=0.38)
    thread = stuff(studio, "cotton", shade(design.colour, rng.choice([0.5, 1.25])) if not casual else shade(design.colour, 1.5))
    rows: list[Shape] = []
    part, edge = eyestay(chart, look, rng.uniform(0.4, 0.75))
    studio.add(part.mesh("facing"), hide)
    rows += [seam(chart, edge, -0.03), seam(chart, edge, -0.07)]
    style = rng.integers(4)
    if style == 0:
        part, edge = toe_cap(chart, rng.uniform(0.11, 0.13), rng.uniform(0.42, 0.5), 0.0010)
        studio.add(part.mesh("cap"), hide)
        rows += [seam(chart, edge, 0.02), seam(chart, edge, 0.05)]
    elif style == 1:  # a wing that runs back along the sides
        part, edge = mudguard(chart, rng.uniform(0.2, 0.25), rng.uniform(0.62, 0.72), rng.uniform(0.24, 0.32))
        studio.add(part.mesh("wing"), hide)
        rows += [seam(chart, edge, 0.02), seam(chart, edge, 0.07)]
    elif style == 2:
        rows += [apron(chart, rng)]
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.8, 0.97))
    studio.add(part.mesh("counter"), hide)
    rows.append(seam(chart, edge, 0.03))
    studio.add(joined(rows).mesh("seams"), thread)


def apron(chart: Chart, rng: np.random.Generator, raised: float = 0.0013) -> Shape:
    """The raised U-shaped seam round the top of the toes."""
    w0, toe, side = 0.47, rng.uniform(0.30, 0.4), rng.uniform(0.5, 0.6)
    u = np.linspace(w0 / 2, 1 - w0 / 2, 90)
    w = np.where(u <= 0.5, 2 * u, 2 - 2 * u)
    v = side + (0.95 - side) * (1 - smoothstep(w, w0, 0.56)) + (toe - side) * smoothstep(w, 0.72, 0.97)
    return chart.cord(np.column_stack([u, v]), raised, 0.0006, 6)


def slip_on(design: Design, studio: Studio, look: Look, rng: np.random.Generator) -> Chart:
    """A slip-on upper: apron or plain vamp, elastic gores, a strap with a bit or buckle."""
    last = look.last
    chart = kit.upper(last, look.top, -0.001, wrinkle=0.0009, seed=design.seed)
    skin, lining = kit.shell(chart)
    cloth = stuff(studio, look.skin, pattern=studio.pattern())
    studio.add(skin.mesh("upper"), cloth)
    studio.add(joined([lining, kit.insole(last)]).mesh("lining"), stuff(studio, "leather", look.lining))
    studio.add(kit.rim(chart, look.collar * 0.6).mesh("rim"), stuff(studio, look.panel, look.panel_colour))
    hide = stuff(studio, look.skin, shade(design.colour, 0.97), roughness=0.4)
    thread = stuff(studio, "cotton", shade(design.colour, rng.choice([0.5, 1.35])))
    rows: list[Shape] = []
    if rng.random() < 0.7:
        studio.add(apron(chart, rng, 0.0016).mesh("apron"), hide)
    style = rng.integers(3)
    if style == 0:  # elastic at both sides of the tongue
        gores = []
        for low in kit.both(line((0.40, 0.62), (0.46, 0.70), (0.50, 0.97), count=16)):
            shift = np.array([0.018 if low[0, 0] < 0.5 else -0.018, 0.0])
            gores.append(chart.sheet(low, low + shift, 0.0006, 4))
        studio.add(joined(gores).mesh("gores"), stuff(studio, "canvas", INK))
    elif style == 1:  # a saddle strap
        w = np.concatenate([np.linspace(0.50, 1.0, 24), np.linspace(1.0, 0.50, 24)[1:]])
        u = np.concatenate([w[:24] / 2, 1 - w[24:] / 2])
        reach = 0.62 + 0.2 * smoothstep(w, 0.5, 1.0) - 0.5 * (1 - smoothstep(w, 0.48, 0.60))
        low, high = np.column_stack([u, reach - 0.09]), np.column_stack([u, reach + 0.08])
        studio.add(chart.sheet(low, high, 0.0022, 6).mesh("saddle"), hide)
        rows += [chart.stitches(low + [0, 0.02], 0.0026), chart.stitches(high - [0, 0.02], 0.0026)]
        if rng.random() < 0.6:
            at = chart.at(0.40, 0.70, 0.004)
            from recommender.studio.articles._surface import ring

            normal = chart.normal(0.40, 0.70)
            studio.add(joined([ring(at, normal, 0.007, 0.0014), ring(at, normal, 0.004, 0.0012)]).mesh("buckle"), stuff(studio, "metal"))
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.8, 0.97))
    studio.add(part.mesh("counter"), hide)
    rows.append(seam(chart, edge, 0.03))
    rows += [seam(chart, c, 0) for c in kit.both(line((0.40, 0.95), (0.46, 0.5), (0.52, 0.05)))]
    studio.add(joined(rows).mesh("seams"), thread)
    return chart
