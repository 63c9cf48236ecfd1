"""Original prints for the fronts of garments: emblems, landscapes, numbers and made-up slogans.

A print is an SVG of 100 x 100 units with a clear margin, coloured from the
design's accent so that it stands out from the cloth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from recommender.studio import lettering
from recommender.studio.design import RGB
from recommender.studio.patterns import Tile, blend, to_hex

NAMES = (
    "NORLUND",
    "KESTREL",
    "VALMORA",
    "OAKREST",
    "TIDELINE",
    "HALDEN",
    "SOLVIK",
    "BRAMBLE",
    "FJELLA",
    "MARROW",
    "QUINTA",
    "RUSKIN BAY",
    "PELTO",
    "ASTERO",
    "LUMEN",
    "ZEPHYR 9",
)
PLACES = ("NORTH SHORE", "EAST HARBOUR", "HIGH DESERT", "COLD CREEK", "WEST RIDGE", "LONG ISLET", "BLUE HOLLOW")
SLOGANS = (
    ("STAY", "CURIOUS"),
    ("SLOW", "SUNDAY"),
    ("GOOD", "WEATHER"),
    ("RUN", "WILD"),
    ("KEEP", "MOVING"),
    ("HELLO", "AGAIN"),
    ("LESS", "NOISE"),
    ("MAKE", "WAVES"),
    ("OUT", "OF OFFICE"),
    ("NIGHT", "OWL"),
)


def luminance(colour: RGB) -> float:
    """Relative luminance of a linear colour."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def inks(base: RGB, accent: RGB, rng: np.random.Generator) -> tuple[str, str, str]:
    """Three inks for a print on ``base``: main (the accent), second, and the cloth's own colour."""
    dark = luminance(base) < 0.22
    paper = (0.85, 0.85, 0.82) if dark else (0.015, 0.016, 0.022)
    if abs(luminance(accent) ** 0.4 - luminance(base) ** 0.4) < 0.18:
        accent = blend(accent, paper, 0.6)
    second = paper if rng.random() < 0.6 else blend(accent, paper, 0.6)
    return to_hex(accent), to_hex(second), to_hex(base)


def pick(rng: np.random.Generator, items: tuple[Any, ...]) -> Any:
    """One of ``items``."""
    return items[int(rng.integers(len(items)))]


def emblem(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Round badge with a name and a year."""
    main, second, cloth = ink
    name, year = pick(rng, NAMES), str(1950 + int(rng.integers(65)))
    rays = "".join(
        f'<path d="M50 12 L52.6 31 L47.4 31 Z" fill="{second}" transform="rotate({a} 50 50)"/>'
        for a in range(0, 360, int(pick(rng, (30, 20, 24))))
    )
    return (
        f'<circle cx="50" cy="50" r="44" fill="{main}"/><circle cx="50" cy="50" r="40" fill="none" stroke="{cloth}" '
        f'stroke-width="1.6"/>{rays}<rect x="4" y="39" width="92" height="22" fill="{cloth}"/>'
        f'<rect x="6" y="41.5" width="88" height="17" fill="{main}"/>'
        + lettering.line(name, 50, 45, 10, cloth, 1.25, fit=80)
        + lettering.line(year, 50, 70, 7, second, 1.1)
    )


def sunset(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Striped sun over a horizon."""
    main, second, cloth = ink
    bars = "".join(
        f'<rect x="10" y="{44 + 6.4 * k:.1f}" width="80" height="{0.8 + 0.75 * k:.2f}" fill="{cloth}"/>'
        for k in range(5)
    )
    palms = "".join(
        f'<path d="M78 74 Q75 58 77 46 M77 46 q-8 -3 -12 3 M77 46 q8 -4 12 2 M77 46 q-5 -8 -11 -7 '
        f'M77 46 q6 -8 11 -6" stroke="{second}" stroke-width="1.8" fill="none"/>'
        for _ in range(1)
    )
    return (
        f'<circle cx="50" cy="42" r="31" fill="{main}"/>{bars}{palms if rng.random() < 0.6 else ""}'
        + lettering.line(pick(rng, PLACES), 50, 82, 9, second, 1.15, fit=88)
    )


def mountain(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Peaks with snow, a moon and a place."""
    main, second, cloth = ink
    moon = f'<circle cx="{rng.uniform(28, 40):.0f}" cy="22" r="9" fill="{second}"/>'
    return (
        f'{moon}<path d="M6 72 L36 26 L50 48 L64 22 L94 72 Z" fill="{main}"/>'
        f'<path d="M64 22 L72 35 L67 40 L63 35 L59 41 L55 37 Z M36 26 L42 36 L37 41 L33 36 L29 38 Z" fill="{second}"/>'
        f'<path d="M20 72 L40 52 L52 64 L66 50 L84 72 Z" fill="{cloth}" fill-opacity="0.35"/>'
        + lettering.line(pick(rng, PLACES), 50, 80, 10, main, 1.2, fit=88)
    )


def number(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Team number below a name."""
    main, second, _cloth = ink
    digits = f"{int(rng.integers(1, 100)):02d}"
    joins = pick(rng, ("miter", "round"))
    return lettering.line(pick(rng, NAMES), 50, 7, 12, second, 1.3, fit=90) + lettering.line(
        digits, 50, 33, 54, main, 1.55, gap=2.2, fit=72, joins=joins, outline=second
    )


def abstract(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Overlapping plain shapes."""
    main, second, _cloth = ink
    colours = (main, second, main, second)
    out = ""
    for k in range(int(rng.integers(8, 13))):
        x, y, r = rng.uniform(20, 80), rng.uniform(20, 80), rng.uniform(8, 20)
        colour, turn = colours[k % 4], rng.uniform(0, 90)
        out += pick(
            rng,
            (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}" fill-opacity="0.9"/>',
                f'<rect x="{x - r / 2:.1f}" y="{y - r:.1f}" width="{r:.1f}" height="{2 * r:.1f}" fill="{colour}" '
                f'transform="rotate({turn:.0f} {x:.1f} {y:.1f})"/>',
                f'<path d="M{x - r:.1f} {y:.1f} A{r:.1f} {r:.1f} 0 0 1 {x + r:.1f} {y:.1f} Z" fill="{colour}" '
                f'transform="rotate({turn * 4:.0f} {x:.1f} {y:.1f})"/>',
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r * 0.8:.1f}" fill="none" stroke="{colour}" stroke-width="3"/>',
            ),
        )
    return out


def slogan(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Two lines of large letters with a rule."""
    main, second, _ = ink
    first, last = pick(rng, SLOGANS)
    joins, slant = pick(rng, ("round", "miter", "bevel")), float(pick(rng, (0, 0, 10)))
    weight = rng.uniform(1.2, 1.9)
    return (
        lettering.line(first, 50, 16, 25, main, weight, gap=2, fit=86, joins=joins, slant=slant)
        + f'<rect x="12" y="48.5" width="76" height="3" fill="{second}"/>'
        + lettering.line(last, 50, 59, 25, main, weight, gap=2, fit=86, joins=joins, slant=slant)
    )


def wordmark(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """Brand name across the chest, under a sign or above a year."""
    main, second, cloth = ink
    name = pick(rng, NAMES)
    if rng.random() < 0.4:
        mark = pick(
            rng,
            (
                '<path d="M50 14 L68 32 L50 50 L32 32 Z" fill="{m}"/><circle cx="50" cy="32" r="7" fill="{c}"/>',
                '<circle cx="42" cy="32" r="15" fill="{m}"/><circle cx="59" cy="32" r="15" fill="{s}"/>',
                '<path d="M30 46 A20 20 0 0 1 70 46 Z" fill="{m}"/><path d="M30 49 H70 V53 H30 Z" fill="{s}"/>',
            ),
        )
        return mark.format(m=main, s=second, c=cloth) + lettering.line(name, 50, 62, 14, second, 1.4, fit=90)
    return lettering.line(name, 50, 38, 20, main, rng.uniform(1.2, 1.9), gap=1.9, fit=92) + lettering.line(
        "EST " + str(1960 + int(rng.integers(60))), 50, 66, 6, second, 1.0
    )


def bolt(ink: tuple[str, str, str], rng: np.random.Generator) -> str:
    """A bold sign (bolt, star, wave) in a frame."""
    main, second, cloth = ink
    signs = (
        f'<path d="M58 8 L24 54 H46 L40 92 L78 42 H54 Z" fill="{main}" stroke="{second}" stroke-width="2.5"/>',
        f'<path d="M50 8 L61 38 L93 39 L68 58 L77 89 L50 71 L23 89 L32 58 L7 39 L39 38 Z" fill="{main}"/>'
        f'<path d="M50 26 L56 44 L75 45 L60 56 L65 74 L50 63 Z" fill="{second}" fill-opacity="0.8"/>',
        "".join(
            f'<path d="M8 {y} q10.5 -14 21 0 t21 0 t21 0 t21 0" fill="none" stroke="{c}" stroke-width="6"/>'
            for y, c in ((30, main), (46, second), (62, main), (78, second))
        ),
        f'<rect x="14" y="10" width="72" height="80" fill="{main}"/><circle cx="50" cy="44" r="22" fill="{second}"/>'
        f'<path d="M14 90 V66 Q32 50 50 66 T86 62 V90 Z" fill="{cloth}"/>',
    )
    return pick(rng, signs)


PRINTS: dict[str, Callable[[tuple[str, str, str], np.random.Generator], str]] = {
    f.__name__: f for f in (emblem, sunset, mountain, number, abstract, slogan, wordmark, bolt)
}


def draw(base: RGB, accent: RGB, rng: np.random.Generator, variant: str | None = None) -> Tile:
    """A print for cloth of ``base``; its canvas has a clear rim, so that it ends cleanly."""
    name = variant or pick(rng, tuple(PRINTS))
    body = PRINTS[name](inks(base, accent, rng), rng)
    return Tile(f'<g transform="translate(3 3) scale(0.94)">{body}</g>', (100, 100), 0.28, 0.28, name, placed=True)
