"""Cosmetics: nail polishes and lipsticks, standing on the white floor."""

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
    join,
    lathe,
    smooth,
    wrap,
)
from recommender.studio.articles._vessel import (
    ink_on,
    lacquer,
    rounded_steps,
    svg_page,
    turned_box,
    vessel,
)
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

_SCENTS = ("EAU DE PARFUM", "EAU DE TOILETTE", "BODY MIST", "PARFUM", "COLOGNE")
_METALS = {"Silver": STEEL, "Gold": GOLD, "Copper": ROSE, "Steel": STEEL, "Bronze": GOLD}


@article(
    "Nail Polish",
    "Nails",
    "Personal Care",
    genders={"Women": 1},
    colours={
        "Pink": 6,
        "Brown": 2.5,
        "Red": 3,
        "Purple": 2,
        "Maroon": 1.5,
        "White": 0.8,
        "Silver": 0.8,
        "Blue": 1.2,
        "Gold": 0.8,
        "Lavender": 0.7,
        "Peach": 0.7,
        "Orange": 0.8,
        "Green": 0.8,
        "Black": 0.5,
    },
    patterns={"plain": 1},
    usages={"Casual": 6, "Party": 1},
    seasons={"Spring": 5, "Summer": 1},
    price=(3, 14),
    nouns=("Nail polish", "Nail lacquer"),
    fragile=True,
)
def nail_polish(design: Design, studio: Studio) -> None:
    """Model a small bottle of lacquer with a long cap."""
    rng = studio.rng
    shape = str(rng.choice(["square", "round", "flare", "block"]))
    wide = float(rng.uniform(0.024, 0.030))
    high = {"square": 0.034, "round": 0.034, "flare": 0.038, "block": 0.030}[shape] * float(rng.uniform(0.95, 1.1))
    outer, fill = _lacquer_bottle(shape, wide, high)
    metal = _METALS.get(design.baseColour)
    put(studio, outer, studio.material("clear_glass"), "bottle")
    put(studio, fill, surface(metal or design.colour, 0.28 if metal else 0.12, 0.75 if metal else 0.0), "lacquer")
    tall = float(rng.uniform(0.032, 0.044))
    cap = str(rng.choice(["black", "black", "silver", "gold", "own"]))
    trim = {
        "black": lacquer(INK),
        "silver": surface(STEEL, 0.22, 1.0),
        "gold": surface(mix(GOLD, PAPER, 0.25), 0.3, 1.0),
        "own": lacquer(mix(design.colour, INK, 0.1)),
    }[cap]
    r = wide * float(rng.uniform(0.27, 0.34))
    base = high + 0.0005
    if shape == "block":
        part = vessel(box(wide * 0.96, wide * 0.7, 0.003, 5), rounded_steps(tall * 0.75, 0.0006, 0.002, base))
    else:
        slim = float(rng.uniform(0.68, 1.0))
        part = lathe(
            [
                (0, base),
                (r, base),
                (r, base + 0.001),
                (r * 0.97, base + tall * 0.5),
                (r * slim, base + tall - 0.001),
                (r * slim - 0.001, base + tall),
                (0, base + tall),
            ],
            40,
        )
    put(studio, part, trim, "cap", 50)
    if shape != "block" and rng.random() < 0.4:
        put(
            studio,
            lathe(turned_box(r * 1.02, 0.004, 0.0003, 0.0003, base), 40),
            surface(GOLD if rng.random() < 0.6 else STEEL, 0.2, 1.0),
        )
    ink = ink_on(design.colour, rng)
    body = text(brand(rng), 200, 120, 62, css(ink), weight=1.3, fit=350) + text(
        "NAIL LACQUER", 200, 190, 26, css(ink), gap=2.2, fit=320
    )
    image = printed(picture(svg_page(400, 240, body), 384), rough=0.3)
    if shape in ("round", "flare"):
        label = wrap(
            [(wide / 2 + 0.0003, high * 0.22), (wide / 2 * (1.0 if shape == "round" else 0.9) + 0.0003, high * 0.62)],
            115,
        )
    else:
        label = card(wide * 0.8, wide * 0.48).moved(
            y=-wide * (0.5 if shape == "square" else 0.38) - 0.0003, z=high * 0.42
        )
    put(studio, label, image, "label", 90)
    studio.view(
        azimuth=float(rng.uniform(-4, 4)),
        elevation=float(rng.uniform(2, 7)),
        fill=float(rng.uniform(0.58, 0.75)),
        lens=100,
        shadow=True,
        shift=(0.0, -0.03),
    )


def _lacquer_bottle(shape: str, wide: float, high: float) -> tuple[Solid, Solid]:
    """Clear foot and shoulder, and the lacquer between, which reaches the glass's surface.

    A full glass shell would only darken the colour, as light is not focused into it.
    """
    foot, full = high * 0.11, 0.80
    if shape in ("square", "block"):
        plan = box(wide, wide if shape == "square" else wide * 0.76, wide * 0.16, 6)
        base = vessel(plan, [*rounded_steps(foot, 0.0016, 0.0002)])
        neck = vessel(plan, [(0.004, high * full), (wide * 0.2, high * 0.87), (wide * 0.22, high)])
        lacquer_steps = rounded_steps(high * full - foot, 0.0002, 0.004, foot)
        return join([base, neck]), vessel(plan, lacquer_steps)
    keys = {
        "round": [(0.9, 0.0), (1.0, 0.06), (1.0, 0.62), (0.86, 0.82), (0.58, 0.9), (0.56, 1.0)],
        "flare": [(0.94, 0.0), (1.0, 0.06), (0.88, 0.45), (0.72, 0.8), (0.6, 0.95), (0.58, 1.0)],
    }[shape]
    curve = smooth(keys, 40) * (wide / 2, high)

    def part(low: float, top: float) -> Solid:
        piece = curve[(curve[:, 1] >= low) & (curve[:, 1] <= top)]
        return lathe([(0, piece[0, 1]), *piece, (0, piece[-1, 1])], 56)

    return join([part(0, foot), part(high * full, high)]), part(foot * 0.95, high * full * 1.02)


@article(
    "Lipstick",
    "Lips",
    "Personal Care",
    genders={"Women": 1},
    colours={
        "Brown": 5,
        "Pink": 5,
        "Red": 4,
        "Purple": 2.5,
        "Maroon": 2.5,
        "Burgundy": 0.6,
        "Magenta": 0.6,
        "Peach": 0.5,
        "Mauve": 0.5,
        "Orange": 0.4,
        "Rose": 0.3,
    },
    patterns={"plain": 1},
    usages={"Casual": 6, "Party": 1},
    seasons={"Spring": 5, "Summer": 1},
    price=(5, 28),
    nouns=("Lipstick",),
)
def lipstick(design: Design, studio: Studio) -> None:
    """Model an open lipstick, most often with its cap beside it."""
    rng = studio.rng
    r = float(rng.uniform(0.0070, 0.0084))
    square = bool(rng.random() < 0.3)
    case = {
        "black": lacquer(INK),
        "silver": surface(STEEL, 0.2, 1.0),
        "gold": surface(GOLD, 0.22, 1.0),
        "own": lacquer(mix(design.colour, INK, 0.15)),
    }[str(rng.choice(["black", "silver", "gold", "own"], p=[0.2, 0.2, 0.15, 0.45]))]
    sleeve = surface(GOLD if rng.random() < 0.5 else STEEL, 0.16, 1.0)
    foot, tube_high = float(rng.uniform(0.026, 0.036)), float(rng.uniform(0.013, 0.022))
    side = 2 * r * 0.95

    def part(radius: float, height: float, low: float) -> Solid:
        if square:
            return vessel(box(radius * 1.9, radius * 1.9, radius * 0.25, 5), rounded_steps(height, 0.0006, 0.0008, low))
        return lathe(turned_box(radius, height, 0.0006, 0.0008, low), 48)

    put(studio, part(r, foot, 0), case, "foot", 50)
    put(studio, part(r * 1.015, 0.0022, foot - 0.003), sleeve, "ring", 50)
    put(studio, part(r * 0.84, tube_high, foot), sleeve, "sleeve", 50)
    put(
        studio,
        _bullet(r * 0.68, foot + tube_high, float(rng.uniform(0.018, 0.025)), rng),
        surface(design.colour, 0.28, Coat_Weight=0.15),
        "stick",
        70,
    )
    if rng.random() < 0.78:
        gap = side * float(rng.uniform(1.12, 1.5)) * (1 if rng.random() < 0.6 else -1)
        cap = part(r * 1.01, foot * float(rng.uniform(0.95, 1.15)), 0).moved(x=gap, y=float(rng.uniform(-0.002, 0.006)))
        put(studio, cap, case, "cap", 50)
        put(studio, part(r * 1.025, 0.0018, 0.0004).moved(x=gap, y=0.002), sleeve, "capring", 50)
    studio.view(
        azimuth=float(rng.uniform(-5, 5)),
        elevation=float(rng.uniform(2, 8)),
        fill=float(rng.uniform(0.5, 0.68)),
        lens=100,
        shadow=bool(rng.random() < 0.4),
        shift=(0.0, -0.02),
    )


def _bullet(radius: float, low: float, tall: float, rng: np.random.Generator) -> Solid:
    """Stick of lip colour with a slanted, rounded end."""
    rings = [(radius, low - 0.004), (radius, low + tall * 0.5)]
    t = np.linspace(0, np.pi / 2, 14)
    rings += [(radius * max(np.cos(a), 0.02) ** 0.75, low + tall * (0.5 + 0.5 * np.sin(a))) for a in t]
    stick = lathe([*rings, (0, low + tall)], 48)
    slope = float(rng.uniform(0.7, 1.3)) * (1 if rng.random() < 0.5 else -1)
    plane = low + tall * 0.72 + slope * stick.points[:, 0]
    stick.points[:, 2] = np.where(
        stick.points[:, 2] > plane, plane + (stick.points[:, 2] - plane) * 0.12, stick.points[:, 2]
    )
    return stick
