"""Sunglasses, turned three quarters to the left, standing on their rims and temple tips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import (
    GOLD,
    INK,
    PAPER,
    STEEL,
    css,
    luminance,
    mix,
    picture,
    printed,
    put,
    surface,
)
from recommender.studio.articles._solid import (
    Array,
    Solid,
    ball,
    box,
    grid,
    inset,
    join,
    rounded,
    slab,
    smooth,
    sweep,
    tube,
)
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

METALS = {"Silver", "Steel", "Gold", "Copper", "Bronze", "Metallic"}

# Right lens seen from the front, in units of half its width, from the bridge side anticlockwise.
LENSES = {
    "wayfarer": [
        (-0.85, -0.62),
        (-0.25, -0.86),
        (0.5, -0.8),
        (0.9, -0.3),
        (1.02, 0.55),
        (0.5, 0.78),
        (-0.5, 0.74),
        (-1.0, 0.5),
    ],
    "aviator": [
        (-0.9, -0.15),
        (-0.45, -0.85),
        (0.25, -1.0),
        (0.85, -0.62),
        (1.05, 0.1),
        (0.9, 0.62),
        (0.1, 0.72),
        (-0.8, 0.6),
    ],
    "round": [(np.cos(a), 0.96 * np.sin(a)) for a in np.linspace(np.pi, 3 * np.pi, 12, endpoint=False)],
    "cateye": [
        (-0.9, -0.4),
        (-0.3, -0.8),
        (0.45, -0.75),
        (0.95, -0.1),
        (1.15, 0.72),
        (0.4, 0.66),
        (-0.5, 0.62),
        (-1.0, 0.3),
    ],
    "oversize": [
        (-0.9, -0.45),
        (-0.4, -0.92),
        (0.35, -0.92),
        (0.95, -0.45),
        (1.05, 0.4),
        (0.6, 0.82),
        (-0.4, 0.82),
        (-1.0, 0.4),
    ],
    "rectangle": [
        (-0.9, -0.42),
        (-0.4, -0.58),
        (0.6, -0.55),
        (0.98, -0.2),
        (1.02, 0.35),
        (0.6, 0.55),
        (-0.5, 0.55),
        (-0.98, 0.3),
    ],
    "sport": [
        (-0.95, -0.25),
        (-0.5, -0.62),
        (0.2, -0.62),
        (0.9, -0.25),
        (1.2, 0.25),
        (0.75, 0.48),
        (-0.3, 0.5),
        (-1.0, 0.3),
    ],
}


@dataclass
class Plan:
    """One pair: shape and construction as words, sizes in metres, colours linear RGB."""

    shape: str
    wire: bool
    half: float
    gap: float
    wrap: float
    rim: float
    temple: float
    lens: RGB
    frame: RGB


@article(
    "Sunglasses",
    "Eyewear",
    "Accessories",
    genders={"Men": 5, "Women": 3, "Unisex": 1.5},
    colours={
        "Black": 9,
        "Brown": 6,
        "Grey": 1.6,
        "Gold": 1.2,
        "Purple": 1,
        "Blue": 0.9,
        "Steel": 0.9,
        "Green": 0.8,
        "Copper": 0.6,
        "White": 0.7,
        "Silver": 0.5,
        "Pink": 0.4,
        "Red": 0.4,
    },
    patterns={"plain": 1},
    usages={"Casual": 20, "Sports": 1},
    seasons={"Winter": 4, "Summer": 6},
    price=(18, 140),
    nouns=("Sunglasses", "Shades"),
    fragile=True,
)
def sunglasses(design: Design, studio: Studio) -> None:
    """Model a pair of sunglasses."""
    rng = studio.rng
    plan = _plan(design, rng)
    lens = _lens_outline(plan)
    frame = _frame_material(studio, design, plan)
    _front(studio, plan, lens, frame)
    _lenses(studio, plan, lens)
    _bridge(studio, plan, lens, frame)
    _temples(studio, design, plan, lens, frame)
    low = min(o.data.vertices[i].co.z for o in studio.objects for i in range(len(o.data.vertices)))
    for part in studio.objects:
        part.location.z -= low
    studio.view(
        azimuth=-float(rng.uniform(30, 42)),
        elevation=float(rng.uniform(9, 15)),
        fill=float(rng.uniform(0.76, 0.84)),
        lens=90,
        shadow=True,
        tilt=float(rng.uniform(-2, 3)),
        shift=(0.0, float(rng.uniform(-0.05, -0.0))),
    )


def _plan(design: Design, rng: np.random.Generator) -> Plan:
    """Draw shape and colours from the seed."""
    lady = design.gender in ("Women", "Girls")
    kinds = (
        ["oversize", "oversize", "cateye", "round", "aviator", "wayfarer"]
        if lady
        else ["aviator", "aviator", "wayfarer", "rectangle", "sport", "sport", "round"]
    )
    shape = "sport" if design.usage == "Sports" else str(rng.choice(kinds))
    metal = design.baseColour in METALS
    wire = metal or shape == "aviator" or (shape in ("rectangle", "round") and rng.random() < 0.4)
    wire = wire and not (shape == "sport" or (shape == "wayfarer" and not metal))
    half = {"sport": 0.031, "oversize": 0.029, "rectangle": 0.028}.get(shape, 0.027) * float(rng.uniform(0.96, 1.06))
    tints = [mix(INK, PAPER, 0.04), (0.07, 0.038, 0.018), (0.03, 0.045, 0.03)]
    lens = tints[int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
    if design.baseColour in ("Brown", "Copper", "Gold", "Bronze") and rng.random() < 0.8:
        lens = tints[1]
    elif rng.random() < 0.5 and design.baseColour not in METALS and luminance(design.colour) < 0.5:
        lens = mix(design.colour, INK, 0.65)
    return Plan(
        shape,
        bool(wire),
        half,
        float(rng.uniform(0.0085, 0.0105)),
        0.30 if shape == "sport" else 0.16,
        0.0009 if wire else float(rng.uniform(0.0026, 0.0044)),
        0.0035 if wire else float(rng.uniform(0.006, 0.013)),
        lens,
        design.colour,
    )


def _lens_outline(plan: Plan) -> Array:
    """Right lens outline about its own centre, metres, anticlockwise from the front."""
    curve = smooth(LENSES[plan.shape], 64, closed=True) * plan.half
    return curve * (1.0, 0.95)


def _bend(points: Array, plan: Plan) -> Array:
    """Wrap front-plane points (x, y, z) round the face and lean them a little."""
    out = points.copy()
    span = 2 * plan.half + plan.gap
    out[:, 1] += plan.wrap * points[:, 0] ** 2 / span * 2.0
    out[:, 1] += 0.12 * points[:, 2] * -1.0
    return out


def _pair(outline: Array, plan: Plan) -> tuple[Array, float]:
    """Outline moved to the right eye and the eye's offset (m) from the nose."""
    offset = plan.gap + plan.half
    return outline + np.array([offset, 0.0]), offset


def _ring(outline: Array, width: float, depth: float, plan: Plan) -> Solid:
    """Rim of rounded section around an outline."""
    section = box(width, depth, min(width, depth) * 0.35, 3)
    rings = []
    for sx, sy in section:
        ring = inset(outline, -(sx + width / 2))
        rings.append(np.column_stack([ring[:, 0], np.full(len(ring), sy), ring[:, 1]]))
    points = np.stack([*rings, rings[0]])
    solid = grid(points, closed=True)
    solid.points = _bend(solid.points, plan)
    return solid


def _frame_material(studio: Studio, design: Design, plan: Plan) -> bpy.types.Material:
    """Acetate, or metal in the product's colour."""
    if design.baseColour in METALS:
        tone = {"Gold": GOLD, "Copper": design.colour, "Bronze": design.colour}.get(design.baseColour, STEEL)
        return surface(tone, 0.22, 1.0)
    return surface(design.colour, 0.3 if plan.wire else 0.2, 0.0, Coat_Weight=0.15, Coat_Roughness=0.05)


def _front(studio: Studio, plan: Plan, lens: Array, frame: bpy.types.Material) -> None:
    """Both rims; thicker above for acetate brows."""
    right, _ = _pair(lens, plan)
    rim = _ring(right, plan.rim, 0.0018 if plan.wire else 0.0042, plan)
    if not plan.wire:
        rise = np.clip(rim.points[:, 2] / plan.half, 0, 1)
        outer = np.clip((rim.points[:, 0] - plan.gap - plan.half) / plan.half, 0, 1.3)
        rim.points[:, 2] += rise**2 * 0.0016 * (np.abs(rim.points[:, 2]) > 0)
        rim.points[:, 2] += 0.0012 * outer**2 * rise * (2.2 if plan.shape in ("cateye", "wayfarer") else 0.4)
    put(studio, join([rim, rim.scaled(x=-1)]), frame, "rims", 50)


def _lenses(studio: Studio, plan: Plan, lens: Array) -> None:
    """Tinted lenses: a gradient from dark above to lighter below, glossy."""
    right, _ = _pair(inset(lens, -plan.rim * 0.3), plan)
    centre = right.mean(axis=0)
    rings = []
    for k in np.linspace(1, 0.02, 9):
        p = centre + (right - centre) * k
        rings.append(np.column_stack([p[:, 0], np.full(len(p), -0.0016 * (1 - k * k)), p[:, 1]]))
    solid = grid(np.stack(rings), closed=True)
    solid.faces.append(tuple(range(8 * len(right), 9 * len(right))))
    z = solid.points[:, 2]
    solid.uv = np.column_stack([np.full(len(z), 0.5), (z - z.min()) / (z.max() - z.min())])
    solid.points = _bend(solid.points, plan)
    strong = float(studio.rng.uniform(0.0, 0.75))
    low = mix(plan.lens, PAPER, 0.42 * strong)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="128"><defs>'
        f'<linearGradient id="g" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0.1" stop-color="{css(plan.lens)}"/><stop offset="1" stop-color="{css(low)}" '
        f'stop-opacity="{1 - 0.3 * strong:.2f}"/></linearGradient></defs>'
        f'<rect width="16" height="128" fill="url(#g)"/></svg>'
    )
    glass = printed(picture(svg, 16), rough=0.05)
    glass.node_tree.nodes["Principled BSDF"].inputs["Coat Weight"].default_value = 0.5
    put(studio, join([solid, solid.scaled(x=-1)]), glass, "lenses", 80)


def _bridge(studio: Studio, plan: Plan, lens: Array, frame: bpy.types.Material) -> None:
    """Bridge over the nose, one bar or two, and nose pads on wire frames."""
    right, _ = _pair(lens, plan)
    inner = right[right[:, 0] < plan.gap + plan.half * 0.25]
    parts = []
    if plan.wire:
        heights = [0.30] if plan.shape == "round" else [0.28, 0.62] if plan.shape == "aviator" else [0.4]
        for share in heights:
            z = share * plan.half
            x = float(np.interp(z, *_by_height(inner)))
            path = smooth([(-x, 0, z), (-x * 0.4, -0.0012, z + 0.0018), (x * 0.4, -0.0012, z + 0.0018), (x, 0, z)], 16)
            parts.append(tube(_bend(path, plan), 0.00115, sides=8))
        for sign in (-1, 1):
            pad = ball(0.0042, 12).scaled(0.35, 0.6, 1.0).moved(sign * plan.gap * 0.72, 0.0055, -plan.half * 0.1)
            put(studio, pad, surface((0.75, 0.75, 0.73), 0.2), "pad")
            wire = smooth(
                [
                    (sign * plan.gap * 0.95, 0, 0.0),
                    (sign * plan.gap * 0.9, 0.004, 0.001),
                    (sign * plan.gap * 0.75, 0.0055, -0.002),
                ],
                8,
            )
            parts.append(tube(wire, 0.0005, sides=6))
    else:
        z0, z1 = plan.half * 0.12, plan.half * (0.55 if plan.shape != "round" else 0.5)
        x0, x1 = (float(np.interp(z, *_by_height(inner))) for z in (z0, z1))
        outline = rounded(
            [(x0, z0 - 0.001), (x1, z1), (0, z1 + 0.001), (-x1, z1), (-x0, z0 - 0.001), (0, z0 + 0.004)], 0.002, 4
        )
        bar = slab(outline, 0.0042, 0.0012)
        bar.points = _bend(bar.points, plan)
        parts.append(bar)
    put(studio, join(parts), frame, "bridge")


def _by_height(points: Array) -> tuple[Array, Array]:
    """Heights and x of points in rising order, for interpolation."""
    order = np.argsort(points[:, 1])
    return points[order, 1], points[order, 0]


def _temples(studio: Studio, design: Design, plan: Plan, lens: Array, frame: bpy.types.Material) -> None:
    """Side arms with hinges, a curve behind the ear and a small metal mark."""
    rng = studio.rng
    right, _ = _pair(lens, plan)
    x = right[:, 0].max() + plan.rim * 0.9
    z = plan.half * float(np.interp(0, [0], [{"aviator": 0.5, "round": 0.2, "sport": 0.2}.get(plan.shape, 0.42)]))
    hinge = _bend(np.array([[x, 0.001, z]]), plan)[0]
    long = 0.128 + rng.uniform(-0.004, 0.004)
    hx, hy, hz = hinge
    wide = plan.temple
    path = smooth(
        [
            (hx - 0.002, hy - 0.001, hz),
            (hx + 0.0015, hy + 0.004, hz),
            (hx + 0.0015, hy + long * 0.35, hz + 0.0015),
            (hx - 0.001, hy + long * 0.68, hz - 0.001),
            (hx - 0.004, hy + long * 0.84, hz - 0.009),
            (hx - 0.007, hy + long, hz - 0.032),
        ],
        40,
    )
    s = np.linspace(0, 1, 40)
    slim = (
        np.interp(s, [0, 0.06, 0.45, 0.75, 1.0], [1.0, 1.0, 0.62, 0.6, 0.72])
        if not plan.wire
        else np.interp(s, [0, 0.6, 0.66, 1], [0.45, 0.4, 1.0, 1.0])
    )
    section = box(0.0028 if not plan.wire else 0.0022, wide, 0.001, 3)
    arm = sweep(path, section, slim, up=(0, 0, 1))
    split = plan.wire and design.baseColour not in ("Silver", "Steel")
    put(studio, join([arm, arm.scaled(x=-1)]), frame, "temples", 50)
    if plan.wire:
        k = np.flatnonzero(s > 0.64)
        tip = sweep(path[k], section, slim[k] * 1.12)
        put(studio, join([tip, tip.scaled(x=-1)]), surface(plan.frame if split else INK, 0.3), "tips", 50)
    elif rng.random() < 0.75:
        size = wide * 0.42
        plate = slab(box(size * float(rng.choice([1.0, 1.8, 2.6])), size, size * 0.3, 4), 0.0006, 0.0002)
        plate = plate.turned("z", 90).moved(hx + 0.0031, hy + 0.014, hz + 0.0006)
        shine = GOLD if design.baseColour in ("Brown", "Gold") or rng.random() < 0.3 else STEEL
        put(studio, join([plate, plate.scaled(x=-1)]), surface(shine, 0.25, 1.0), "mark")
