"""Perfumes and deodorants, standing on the white floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import (
    GOLD,
    INK,
    PAPER,
    ROSE,
    STEEL,
    brand,
    css,
    mix,
    picture,
    printed,
    put,
    surface,
    text,
)
from recommender.studio.articles._solid import (
    Solid,
    box,
    card,
    lathe,
    rounded,
    slab,
    smooth,
    superellipse,
    wrap,
)
from recommender.studio.articles._vessel import (
    front_label,
    ink_on,
    lacquer,
    rounded_steps,
    svg_page,
    tinted,
    turned_box,
    vessel,
)
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

_SCENTS = ("EAU DE PARFUM", "EAU DE TOILETTE", "BODY MIST", "PARFUM", "COLOGNE")
_METALS = {"Silver": STEEL, "Gold": GOLD, "Copper": ROSE, "Steel": STEEL, "Bronze": GOLD}


def _trim(rng: np.random.Generator, design: Design) -> bpy.types.Material:
    """Metal or plastic of a cap."""
    kind = str(rng.choice(["silver", "black", "gold", "own", "white"], p=[0.34, 0.26, 0.16, 0.16, 0.08]))
    if kind == "own":
        return lacquer(mix(design.colour, INK, 0.25))
    if kind in ("black", "white"):
        return lacquer(INK if kind == "black" else PAPER)
    return surface(STEEL if kind == "silver" else GOLD, 0.2, 1.0)


@article(
    "Perfume and Body Mist",
    "Fragrance",
    "Personal Care",
    genders={"Men": 6, "Women": 5, "Unisex": 0.3},
    colours={
        "Blue": 9,
        "Black": 8,
        "White": 6,
        "Pink": 5,
        "Green": 3.5,
        "Silver": 2.5,
        "Red": 3,
        "Brown": 2,
        "Grey": 2,
        "Gold": 2,
        "Orange": 2,
        "Purple": 1.6,
        "Cream": 0.8,
        "Yellow": 1,
    },
    patterns={"plain": 1},
    usages={"Casual": 1},
    seasons={"Spring": 5, "Summer": 1, "Winter": 1},
    price=(15, 95),
    nouns=("Perfume", "Eau de parfum", "Body mist"),
    fragile=True,
)
def perfume(design: Design, studio: Studio) -> None:
    """Model a flacon with its cap."""
    rng = studio.rng
    shape = str(rng.choice(["rect", "square", "tall", "cylinder", "flask", "wedge", "bell", "oval"]))
    wide, deep, high = {
        "rect": (0.058, 0.028, 0.078),
        "square": (0.064, 0.032, 0.062),
        "tall": (0.042, 0.03, 0.098),
        "cylinder": (0.036, 0.036, 0.105),
        "flask": (0.070, 0.028, 0.072),
        "wedge": (0.064, 0.032, 0.076),
        "bell": (0.056, 0.056, 0.094),
        "oval": (0.052, 0.03, 0.088),
    }[shape]
    wide, high = wide * float(rng.uniform(0.92, 1.1)), high * float(rng.uniform(0.92, 1.1))
    opaque = design.baseColour in ("Black", "White", "Silver", "Gold") or rng.random() < 0.3
    body = _flacon(shape, wide, deep, high, 0.0, 1.0)
    if opaque:
        metal = _METALS.get(design.baseColour)
        put(studio, body, surface(metal, 0.22, 1.0) if metal else lacquer(design.colour), "bottle")
    else:
        put(studio, body, studio.material("clear_glass"), "bottle")
        fill = _flacon(shape, wide, deep, high, 0.0028, float(rng.uniform(0.86, 0.96)))
        put(studio, fill, tinted(design.colour, float(rng.uniform(0.3, 0.5))), "liquid")
    _cap(studio, design, shape, wide, deep, high)
    _perfume_print(studio, design, shape, wide, deep, high, opaque)
    studio.view(
        azimuth=float(rng.uniform(-3, 3)),
        elevation=float(rng.uniform(2, 6)),
        fill=float(rng.uniform(0.52, 0.7)),
        lens=100,
        shadow=True,
        shift=(0.0, float(rng.uniform(-0.06, 0.0))),
    )


def _flacon(shape: str, wide: float, deep: float, high: float, wall: float, level: float) -> Solid:
    """Body of a flacon, or with ``wall`` (m) what fills it up to ``level`` (share)."""
    low = wall * 2.4
    up = (high - low - wall) * level
    if shape in ("rect", "square", "tall"):
        plan = box(wide - 2 * wall, deep - 2 * wall, 0.005 if shape != "tall" else 0.009, 6)
        return vessel(plan, rounded_steps(up, 0.0025, 0.004 if wall == 0 else 0.001, low))
    if shape in ("flask", "wedge", "oval"):
        w, h = wide - 2 * wall, up
        outline = {
            "flask": superellipse(w, h, 2.3, 72),
            "oval": superellipse(w, h, 3.0, 72),
            "wedge": rounded(
                [(w * 0.5, -h / 2), (w * 0.36, h / 2), (-w * 0.36, h / 2), (-w * 0.5, -h / 2)],
                [0.005, 0.008, 0.008, 0.005],
                8,
            ),
        }[shape]
        if shape == "flask":
            outline[:, 1] = np.maximum(outline[:, 1], -h * 0.46)
        return slab(outline, deep - 2 * wall, 0.006, rounds=4).moved(
            z=h / 2 + low - (0.04 * h if shape == "flask" else 0)
        )
    r = wide / 2 - wall
    if shape == "cylinder":
        return lathe(turned_box(r, up, 0.003, 0.004 if wall == 0 else 0.001, low), 64)
    curve = smooth([(1.0, 0.0), (0.98, 0.12), (0.72, 0.5), (0.44, 0.85), (0.36, 1.0)], 24)
    curve = curve[curve[:, 1] <= level]
    return lathe(
        [(0, low), *[(r * k, low + (high - low) * z) for k, z in curve], (0, low + (high - low) * curve[-1, 1])], 64
    )


def _cap(studio: Studio, design: Design, shape: str, wide: float, deep: float, high: float) -> None:
    """Collar and cap above the body."""
    rng = studio.rng
    neck = 0.0075
    low = high + (0.0 if shape not in ("flask",) else -0.004)
    collar = lathe(turned_box(neck * 1.12, 0.006, 0.0005, 0.0006, low - 0.001), 40)
    put(studio, collar, surface(STEEL if rng.random() < 0.6 else GOLD, 0.2, 1.0), "collar")
    trim = _trim(rng, design)
    base = low + 0.0045
    tall = float(rng.uniform(0.02, 0.036))
    kind = str(rng.choice(["cylinder", "block", "dome", "full"]))
    if kind == "full" and shape in ("rect", "square", "tall"):
        part = vessel(box(wide * 0.98, deep * 0.98, 0.004, 5), rounded_steps(tall, 0.001, 0.0025, base - 0.003))
    elif kind in ("block", "full"):
        side = float(rng.uniform(0.02, 0.028))
        part = vessel(box(side, min(side, deep), 0.002, 4), rounded_steps(tall, 0.0008, 0.002, base))
    elif kind == "dome":
        r = float(rng.uniform(0.011, 0.015))
        part = lathe(
            [
                (0, base),
                (r * 0.8, base),
                *[
                    (r * k, base + z * r)
                    for k, z in smooth([(0.8, 0), (1.0, 0.6), (1.0, 1.0), (0.7, 1.6), (0, 1.9)], 24)
                ],
            ],
            48,
        )
    else:
        r = float(rng.uniform(0.0095, 0.0135))
        part = lathe(turned_box(r, tall, 0.0008, 0.002, base), 48)
    if rng.random() < 0.22 and kind in ("cylinder", "block"):
        put(studio, part, studio.material("clear_glass"), "cap")
        pump = lathe(turned_box(0.0055, tall * 0.55, 0.0006, 0.001, base), 32)
        put(studio, pump, surface(STEEL, 0.2, 1.0), "pump")
    else:
        put(studio, part, trim, "cap")


def _perfume_print(
    studio: Studio, design: Design, shape: str, wide: float, deep: float, high: float, opaque: bool
) -> None:
    """Brand on the glass or on a stuck-on label."""
    rng = studio.rng
    ground = None
    if not opaque and rng.random() < 0.35:
        ground = (INK, PAPER, mix(design.colour, PAPER, 0.7))[int(rng.integers(3))]
    seen = ground if ground is not None else design.colour
    svg = front_label(brand(rng), str(rng.choice(_SCENTS)), ink_on(seen, rng), ground, rng)
    size = wide * (0.72 if shape not in ("bell", "wedge", "tall") else 0.62)
    z = high * (0.52 if shape != "bell" else 0.26)
    if shape in ("cylinder", "bell"):
        r = wide / 2 + 0.0003
        edge = (r, r) if shape == "cylinder" else (r * 1.0, r * 0.74)
        label = wrap(
            [(edge[0], z - size / 2), (edge[1] if shape == "cylinder" else r * 0.9, z), (edge[1], z + size / 2)], 110
        )
    else:
        label = card(size, size).moved(y=-deep / 2 - 0.0003, z=z)
    put(studio, label, printed(picture(svg, 512), rough=0.3), "label", 90)


@article(
    "Deodorant",
    "Fragrance",
    "Personal Care",
    genders={"Men": 6, "Women": 4},
    colours={
        "Black": 6,
        "Blue": 5,
        "Red": 2.7,
        "White": 2.6,
        "Green": 2.4,
        "Grey": 1.5,
        "Pink": 2.2,
        "Brown": 1.2,
        "Gold": 1,
        "Silver": 1.2,
        "Purple": 1.3,
        "Orange": 0.9,
        "Yellow": 0.8,
        "Lavender": 0.5,
    },
    patterns={"plain": 1},
    usages={"Casual": 1},
    seasons={"Spring": 5, "Summer": 2},
    price=(4, 14),
    nouns=("Deodorant", "Deodorant spray", "Body spray"),
)
def deodorant(design: Design, studio: Studio) -> None:
    """Model an aerosol can, capped."""
    rng = studio.rng
    r, high = float(rng.uniform(0.0225, 0.0265)), float(rng.uniform(0.118, 0.15))
    metal = _METALS.get(design.baseColour)
    skin = surface(metal, 0.26, 1.0) if metal else surface(design.colour, 0.24, 0.0, Coat_Weight=0.4)
    rim = surface(STEEL, 0.22, 1.0)
    put(
        studio,
        lathe([(0, 0), (r * 0.96, 0), (r * 1.01, 0.0012), (r * 1.01, 0.0035), (r * 0.98, 0.005)], 64),
        rim,
        "rim",
        30,
    )
    straight = bool(rng.random() < 0.45)
    top = r * (1.0 if straight else float(rng.uniform(0.66, 0.82)))
    curve = [
        (r * 0.985, 0.0045),
        (r, 0.007),
        (r, high * 0.82),
        *smooth([(r, high * 0.86), (r * 0.97, high * 0.92), (top, high)], 12),
    ]
    put(studio, lathe([*curve, (0, high)], 64), skin, "can", 30)
    tall = high * float(rng.uniform(0.2, 0.36))
    kind = str(rng.choice(["own", "black", "white", "silver", "clear"], p=[0.34, 0.28, 0.14, 0.16, 0.08]))
    cap = {
        "own": lacquer(design.colour, 0.3),
        "black": lacquer(INK, 0.3),
        "white": lacquer(PAPER, 0.3),
        "silver": surface(STEEL, 0.25, 1.0),
        "clear": tinted((0.85, 0.87, 0.88), 0.85),
    }[kind]
    wide = top * (0.985 if straight else 1.0)
    if rng.random() < 0.5:
        profile = turned_box(wide, tall, 0.0006, wide * 0.22, high)
    else:
        profile = [
            (0, high),
            *[
                (wide * k, high + tall * z)
                for k, z in smooth([(1, 0), (1.0, 0.5), (0.86, 0.8), (0.5, 0.96), (0, 1.0)], 20)
            ],
        ]
    put(studio, lathe(profile, 56), cap, "cap", 30)
    svg = _can_art(design, rng)
    label = wrap([(r + 0.0002, 0.008), (r + 0.0002, high * 0.82)], 180, 48)
    put(studio, label, printed(picture(svg, 640), rough=0.28), "print", 90)
    studio.view(
        azimuth=float(rng.uniform(-6, 6)),
        elevation=float(rng.uniform(2, 6)),
        fill=float(rng.uniform(0.66, 0.8)),
        lens=100,
        shadow=True,
        shift=(0.0, -0.03),
    )


def _can_art(design: Design, rng: np.random.Generator) -> str:
    """What is printed on the half of the can that one sees, 400 x 560 units."""
    ink = ink_on(design.colour, rng)
    a, b = css(ink), css(design.accent)
    word, line = brand(rng), str(rng.choice(["DEODORANT SPRAY", "BODY SPRAY", "ANTI-PERSPIRANT", "PERFUMED DEO"]))
    art = int(rng.integers(5))
    body = ""
    if art == 0:
        body += (
            f'<rect x="0" y="{rng.uniform(330, 420):.0f}" width="400" height="{rng.uniform(30, 60):.0f}" fill="{b}"/>'
        )
    elif art == 1:
        body += f'<path d="M0 560L400 {rng.uniform(300, 420):.0f}V{rng.uniform(430, 520):.0f}'
        body += f'L200 560Z" fill="{b}" fill-opacity="0.85"/>'
    elif art == 2:
        for k in range(4):
            body += f'<circle cx="200" cy="400" r="{30 + 26 * k}" fill="none" stroke="{b}" '
            body += f'stroke-width="6" stroke-opacity="{0.9 - 0.18 * k:.2f}"/>'
    elif art == 3:
        body += f'<path d="M200 340C300 400 250 520 200 540C150 520 100 400 200 340Z" fill="{b}"/>'
    if rng.random() < 0.35:
        body += f'<g transform="rotate(-90 200 230)">{text(word, 200, 255, 70, a, weight=1.4, fit=330)}</g>'
    else:
        body += text(word, 200, 190, 58, a, weight=1.4, fit=215) + text(line, 200, 232, 17, a, gap=2.0, fit=190)
    body += text("150 ML", 200, 535, 14, a, gap=2.0)
    return svg_page(400, 560, body)
