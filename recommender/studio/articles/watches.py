"""Watches, seen from the front with the strap bending away above and below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _dial, _strap
from recommender.studio.articles._print import (
    GOLD,
    INK,
    PAPER,
    ROSE,
    STEEL,
    dark_cards,
    luminance,
    mix,
    put,
    surface,
)
from recommender.studio.articles._solid import (
    Array,
    Solid,
    box,
    card,
    grid,
    inset,
    join,
    lathe,
    rounded,
    slab,
    superellipse,
    terraces,
)
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


@dataclass
class Plan:
    """What one watch is like: sizes in metres, kinds as words, colours linear RGB."""

    shape: str
    width: float
    height: float
    strap: str
    strap_width: float
    case: str
    bezel: str
    dial: RGB
    chrono: bool
    lady: bool


@article(
    "Watches",
    "Watches",
    "Accessories",
    genders={"Men": 13, "Women": 8, "Unisex": 1},
    colours={
        "Black": 9,
        "White": 5,
        "Silver": 3,
        "Steel": 2,
        "Blue": 1,
        "Grey": 0.6,
        "Pink": 0.6,
        "Brown": 0.9,
        "Gold": 1,
        "Red": 0.5,
        "Purple": 0.3,
        "Green": 0.3,
        "Orange": 0.2,
        "Copper": 0.3,
        "Navy Blue": 0.4,
    },
    patterns={"plain": 1},
    usages={"Casual": 20, "Formal": 2, "Sports": 2, "Smart Casual": 1},
    seasons={"Winter": 6, "Summer": 2, "Fall": 1},
    price=(35, 260),
    nouns=("Watch", "Chronograph", "Analogue watch"),
    fragile=True,
)
def watch(design: Design, studio: Studio) -> None:
    """Model a wrist watch, dial to the viewer."""
    plan = _plan(design, studio.rng)
    metal = _metal(studio, plan.case, design)
    outline = _outline(plan)
    _case(studio, plan, outline, metal)
    _crown(studio, plan, metal)
    _dial.build(studio, design, plan, _face_outline(plan, outline))
    _strap.build(studio, design, plan, metal, _metal(studio, "Coat", design))
    dark_cards(plan.height)
    studio.view(azimuth=0, elevation=0, fill=float(studio.rng.uniform(0.86, 0.92)), lens=110, shadow=False)


def _plan(design: Design, rng: np.random.Generator) -> Plan:
    """Draw the kind of watch from the seed, within what the design's colour allows."""
    lady = design.gender in ("Women", "Girls")
    shape = str(rng.choice(["round", "round", "round", "cushion", "rectangle", "tonneau", "square"]))
    width = float(rng.uniform(0.030, 0.036) if lady else rng.uniform(0.040, 0.046))
    ratio = {"rectangle": rng.uniform(1.25, 1.5), "tonneau": rng.uniform(1.12, 1.3)}.get(shape, 1.0)
    width /= 1.12 if shape == "rectangle" else 1.0
    if design.baseColour in _strap.METALS:
        strap, case = "links", design.baseColour
    else:
        strap = str(rng.choice(["leather", "leather", "rubber", "links"], p=[0.35, 0.2, 0.2, 0.25]))
        if design.usage == "Sports":
            strap = "rubber"
        case = str(rng.choice(["Steel", "Steel", "Gold", "Rose", "Coat"], p=[0.4, 0.15, 0.12, 0.13, 0.2]))
        if strap == "links":
            case = str(rng.choice(["Coat", "Steel", "Rose", "Gold"], p=[0.55, 0.2, 0.15, 0.1]))
    bezel = str(rng.choice(["plain", "plain", "marked", "fluted", "stones" if lady else "marked", "step"]))
    dial = _dial_colour(design, strap, rng)
    return Plan(
        shape,
        width,
        width * ratio,
        strap,
        width * float(rng.uniform(0.46, 0.56)),
        case,
        bezel,
        dial,
        bool(rng.random() < (0.25 if lady else 0.5)),
        lady,
    )


def _dial_colour(design: Design, strap: str, rng: np.random.Generator) -> RGB:
    """Mostly the product's own colour; a metal watch may have any quiet dial."""
    if design.baseColour in _strap.METALS:
        return (PAPER, mix(PAPER, STEEL, 0.7), mix(design.colour, PAPER, 0.5), INK)[
            int(rng.choice(4, p=[0.4, 0.3, 0.2, 0.1]))
        ]
    if luminance(design.colour) > 0.35 or rng.random() < 0.72:
        return design.colour
    return PAPER if rng.random() < 0.5 else mix(design.colour, PAPER, 0.8)


def _metal(studio: Studio, name: str, design: Design) -> bpy.types.Material:
    """The case's metal by name."""
    if name == "Coat":
        return surface(mix(design.colour, INK, 0.1), rough=0.28, metallic=0.0, Coat_Weight=0.3)
    tone = {"Gold": GOLD, "Bronze": design.colour, "Copper": design.colour, "Rose": ROSE}.get(name, STEEL)
    return surface(tone, float(studio.rng.uniform(0.16, 0.3)), 1.0)


def _outline(plan: Plan) -> Array:
    """Front outline of the case."""
    w, h = plan.width, plan.height
    if plan.shape == "round":
        return superellipse(w, h, 2, 96)
    if plan.shape == "cushion":
        return superellipse(w, h, 3.2, 96)
    if plan.shape == "tonneau":
        return superellipse(w, h, 2.7, 96)
    return box(w, h, w * 0.07, 8)


def _face_outline(plan: Plan, outline: Array) -> Array:
    """Outline of the dial inside bezel and flange."""
    inner = inset(outline, plan.width * 0.125)
    if plan.shape != "cushion":
        return inner
    wide, high = 2 * inner.max(axis=0)
    return superellipse(wide, high, 2, 96)


def _case(studio: Studio, plan: Plan, outline: Array, metal: bpy.types.Material) -> None:
    """Body, lugs and bezel."""
    w = plan.width
    t = w * 0.2
    body = terraces(
        inset(outline, -w * 0.01),
        [(w * 0.05, t * 0.75), (0, t * 0.55), (0, -t * 0.1), (w * 0.012, -t * 0.28), (w * 0.03, -t * 0.30)],
        back=True,
    )
    put(studio, join([body, *_lugs(plan)]), metal, "case")
    rim = _face_outline(plan, outline)
    if plan.shape == "cushion":
        put(studio, _plate(outline, rim, -t * 0.29), metal, "plate")
        outer = inset(rim, -w * 0.1)
    else:
        outer = inset(outline, w * 0.022)
    gap = w * (0.1 if plan.shape == "cushion" else 0.103)
    rise = -t * 0.5
    steps = [(0, -t * 0.25), (0, rise * 0.9), (gap * 0.12, rise), (gap * 0.72, rise * 1.1), (gap * 0.85, rise)]
    if plan.bezel == "step":
        steps[2:4] = [(gap * 0.3, rise * 1.0), (gap * 0.33, rise * 1.35), (gap * 0.72, rise * 1.3)]
    put(studio, terraces(outer, steps), metal, "bezel")
    flange = terraces(inset(outer, gap * 0.85), [(0, rise), (gap * 0.17, -t * 0.2)])
    put(studio, flange, surface(mix(STEEL, INK, 0.35), 0.35, 0.9) if luminance(plan.dial) > 0.2 else surface(INK, 0.4))
    _bezel_detail(studio, plan, outer, gap, rise * 1.08, metal)


def _plate(outline: Array, hole: Array, y: float) -> Solid:
    """Flat front between the case's outline and a round hole, both with as many points."""
    ring = np.stack([np.insert(o, 1, y, axis=1) for o in (inset(outline, 0.0003), hole)])
    return grid(ring, closed=True)


def _bezel_detail(studio: Studio, plan: Plan, outer: Array, gap: float, y: float, metal: bpy.types.Material) -> None:
    """Stones, flutes or a marked ring upon the bezel."""
    middle = inset(outer, gap * 0.42)
    if plan.bezel == "stones":
        ring = _spread(middle, 44)
        gem = _stone(gap * 0.36)
        put(studio, join(gem.moved(x, y, z) for x, z in ring), studio.material("gem", (0.9, 0.92, 0.95)), "stones", 10)
    elif plan.bezel == "fluted" and plan.shape in ("round", "cushion"):
        ring = _spread(middle, 60)
        tooth = slab(box(gap * 0.18, gap * 0.7, gap * 0.05, 2), gap * 0.2, gap * 0.05)
        angles = np.degrees(np.arctan2(ring[:, 1], ring[:, 0])) - 90
        put(studio, join(tooth.turned("y", -a).moved(x, y, z) for a, (x, z) in zip(angles, ring, strict=True)), metal)
    elif plan.bezel == "marked" and plan.shape in ("round", "cushion"):
        dark = luminance(plan.dial) < 0.3
        band = terraces(inset(outer, gap * 0.14), [(0, y * 0.99), (gap * 0.56, y * 1.06)])
        put(studio, band, surface(mix(plan.dial, INK, 0.5) if dark else mix(plan.dial, STEEL, 0.25), 0.3, 0.2))
        ring = _spread(middle, 60)
        marks = []
        for i, (x, z) in enumerate(ring):
            size = 0.5 if i % 5 == 0 else 0.16
            mark = card(gap * (0.16 if i % 5 == 0 else 0.1), gap * size)
            marks.append(mark.turned("y", 90 - np.degrees(np.arctan2(z, x))).moved(x, y * 1.06, z))
        put(studio, join(marks), surface(PAPER if dark else INK, 0.5))


def _spread(outline: Array, count: int) -> Array:
    """``count`` points evenly along a closed outline."""
    ring = np.vstack([outline, outline[:1]])
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    at = np.linspace(0, s[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, s, ring[:, 0]), np.interp(at, s, ring[:, 1])])


def _stone(radius: float) -> Solid:
    """Small cut stone whose table faces the viewer."""
    return lathe(
        [(radius * 0.5, -radius * 0.4), (radius, 0), (radius * 0.55, radius * 0.45), (0, radius * 0.45)], 8
    ).turned("x", 90)


def _lugs(plan: Plan) -> list[Solid]:
    """Four horns that hold the strap."""
    s, w, h = plan.strap_width / 2 + 0.0006, plan.width, plan.height
    if plan.strap == "rubber" and plan.shape != "round":
        return []
    boxy = plan.shape in ("rectangle", "square")
    wide = max(min(w * 0.085, w / 2 - s - 0.0005), 0.0014)
    base = h * (0.42 if boxy else 0.28)
    far = s + wide if boxy else float(np.interp(base, [0, h * 0.28, h / 2], [w / 2, w * 0.405, s + wide]))
    corners = [
        (s, base),
        (far, base),
        ((far + s + wide) / 2 + w * 0.015, h * 0.45),
        (s + wide, h * 0.585),
        (s, h * 0.6),
    ]
    if boxy:
        del corners[2]
    horn = slab(rounded(corners, w * 0.015, 4), w * 0.13, w * 0.02).moved(y=w * 0.03)
    return [horn, horn.scaled(x=-1), horn.scaled(z=-1), horn.scaled(x=-1, z=-1)]


def _crown(studio: Studio, plan: Plan, metal: bpy.types.Material) -> None:
    """Crown at three o'clock, with pushers if it is a chronograph."""
    w = plan.width
    r = w * 0.062
    teeth = 18
    wheel = []
    for i in range(teeth * 2):
        a = i / (teeth * 2) * 2 * np.pi
        wheel.append((r * (1 if i % 2 else 0.9) * np.cos(a), r * (1 if i % 2 else 0.9) * np.sin(a)))
    crown = slab(np.array(wheel), w * 0.07, w * 0.008).turned("z", 90).moved(x=w * 0.545)
    stem = lathe([(r * 0.5, 0), (r * 0.5, w * 0.06)], 16).turned("y", 90).moved(x=w * 0.48)
    parts = [crown, stem]
    if plan.chrono and plan.shape in ("round", "cushion", "tonneau"):
        for sign in (-1, 1):
            push = lathe(
                [
                    (r * 0.35, 0),
                    (r * 0.35, w * 0.04),
                    (r * 0.62, w * 0.04),
                    (r * 0.62, w * 0.075),
                    (r * 0.5, w * 0.085),
                    (0, w * 0.085),
                ],
                18,
            )
            push = push.turned("y", 90).moved(x=w * 0.475)
            parts.append(push.turned("y", -sign * 29.0))
    put(studio, join(parts), metal, "crown")
