"""What laced shoes and slip-ons are put together from: colours, toplines and the panels on an upper."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._surface import Array, Chart, Shape, line, smoothstep
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

WHITE: RGB = (0.82, 0.82, 0.80)
INK: RGB = (0.012, 0.012, 0.014)
GUM: RGB = (0.42, 0.19, 0.07)
CREAM: RGB = (0.75, 0.68, 0.52)


def shade(colour: RGB, factor: float) -> RGB:
    """The colour made darker (factor < 1) or lighter (> 1, towards white)."""
    if factor <= 1:
        red, green, blue = (c * factor for c in colour)
    else:
        red, green, blue = (c + (0.85 - c) * (factor - 1) for c in colour)
    return red, green, blue


def light(colour: RGB) -> float:
    """Luminance of a linear colour."""
    return float(np.dot(colour, (0.2126, 0.7152, 0.0722)))


def stuff(studio: Studio, kind: str, colour: RGB | None = None, /, **kw: Any) -> Any:
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
            (0.0, 0.018, 0.0, heel),
            (0.06, 0.028, 0.019, heel - 0.001),
            (0.13, 0.07, 0.029, heel - 0.007),
            (0.21, 0.14, ankle, dip + 0.003),
            (0.30, 0.235, ankle + 0.001, dip),
            (0.37, 0.325, ankle - 0.004, (dip + front) / 2),
            (0.42, 0.385, gap + 0.008, front),
            (0.55, 0.385 + 0.125 * step, gap + 0.004, front - 0.010),
            (0.70, 0.385 + 0.24 * step, gap - 0.002, front - 0.024),
            (0.85, 0.385 + 0.275 * step, gap * 0.55, front - 0.030),
            (1.0, 0.385 + 0.28 * step, 0.0, front - 0.031),
        ]
    )


def slip_top(heel: float, dip: float, front: float, reach: float) -> kit.Topline:
    """A slip-on's topline: an oval opening that ends over the instep at ``reach`` lengths."""
    step = reach - 0.25
    return kit.Topline(
        [
            (0.0, 0.018, 0.0, heel),
            (0.06, 0.026, 0.018, heel - 0.001),
            (0.13, 0.065, 0.027, heel - 0.007),
            (0.21, 0.135, 0.033, dip + 0.003),
            (0.30, 0.225, 0.034, dip + 0.004),
            (0.42, 0.25 + 0.45 * step, 0.031, dip + (front - dip) * 0.45),
            (0.56, 0.25 + 0.82 * step, 0.024, dip + (front - dip) * 0.8),
            (0.78, 0.25 + 0.98 * step, 0.011, front - 0.001),
            (1.0, reach, 0.0, front),
        ],
        slope=(0.45, 0.4, 0.34, 0.46, 0.56),
        lean=(0.1, 0.25, 0.5, 0.58, 0.62),
    )


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
        for a, b in zip(kit.both(low), kit.both(low + [width, 0]), strict=True):
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
    return [chart.sheet(p, q, 0.0011, 5) for p, q in zip(kit.both(under), kit.both(over), strict=True)]


def seam(chart: Chart, edge: Array, inset: float) -> Shape:
    """Stitches along a panel's edge, ``inset`` in v below it."""
    return chart.stitches(edge - [0, inset], 0.0016)


def apron(chart: Chart, rng: np.random.Generator, raised: float = 0.0013) -> Shape:
    """The raised U-shaped seam round the top of the toes."""
    w0, toe, side = 0.47, rng.uniform(0.30, 0.4), rng.uniform(0.5, 0.6)
    u = np.linspace(w0 / 2, 1 - w0 / 2, 90)
    w = np.where(u <= 0.5, 2 * u, 2 - 2 * u)
    v = side + (0.95 - side) * (1 - smoothstep(w, w0, 0.56)) + (toe - side) * smoothstep(w, 0.72, 0.97)
    return chart.cord(np.column_stack([u, v]), raised, 0.0006, 6)


def stand(studio: Studio, rng: np.random.Generator, fill: float = 0.86) -> None:
    """The usual view: from the outer side and a little before the toe, a little from above."""
    studio.view(
        azimuth=rng.uniform(33, 46),
        elevation=rng.uniform(18, 27),
        fill=fill * rng.uniform(0.97, 1.03),
        lens=85,
        shadow=True,
    )


def lace_tint(design: Design, rng: np.random.Generator) -> RGB:
    """Laces are white, black, or match the shoe."""
    options = [WHITE, shade(design.colour, 0.9), INK if light(design.colour) < 0.3 else WHITE]
    return options[rng.integers(3)]
