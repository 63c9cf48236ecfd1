"""Letters as strokes, for prints that need no installed font.

Each glyph is an SVG path on a grid of 4 x 6 units with y downwards; the pen's
width, joins and slant are up to the print that uses it.
"""

from __future__ import annotations

GLYPHS = {
    "A": "M0 6 L2 0 L4 6 M0.8 4 L3.2 4",
    "B": "M0 0 V6 H2.4 A1.55 1.55 0 0 0 2.4 2.9 H0 M2.2 2.9 A1.45 1.45 0 0 0 2.2 0 H0",
    "C": "M4 1.4 A2 2 0 0 0 0 2 V4 A2 2 0 0 0 4 4.6",
    "D": "M0 0 V6 H1.6 A2.4 2.4 0 0 0 4 3.6 V2.4 A2.4 2.4 0 0 0 1.6 0 Z",
    "E": "M4 0 H0 V6 H4 M0 3 H3.2",
    "F": "M4 0 H0 V6 M0 3 H3.2",
    "G": "M4 1.4 A2 2 0 0 0 0 2 V4 A2 2 0 0 0 4 4 V3.2 H2.3",
    "H": "M0 0 V6 M4 0 V6 M0 3 H4",
    "I": "M1 0 V6",
    "J": "M3.6 0 V4 A1.8 1.8 0 0 1 0 4",
    "K": "M0 0 V6 M4 0 L0 3.4 M1.4 2.4 L4 6",
    "L": "M0 0 V6 H3.8",
    "M": "M0 6 V0 L2.2 3.6 L4.4 0 V6",
    "N": "M0 6 V0 L4 6 V0",
    "O": "M0 2 A2 2 0 0 1 4 2 V4 A2 2 0 0 1 0 4 Z",
    "P": "M0 6 V0 H2.4 A1.6 1.6 0 0 1 2.4 3.3 H0",
    "Q": "M0 2 A2 2 0 0 1 4 2 V4 A2 2 0 0 1 0 4 Z M2.4 4.4 L4.2 6.2",
    "R": "M0 6 V0 H2.4 A1.6 1.6 0 0 1 2.4 3.2 H0 M2 3.2 L4 6",
    "S": "M3.8 1.3 A1.9 1.6 0 0 0 0.1 1.5 C0.1 3.4 3.9 2.5 3.9 4.4 A1.95 1.6 0 0 1 0 4.7",
    "T": "M0 0 H4 M2 0 V6",
    "U": "M0 0 V4 A2 2 0 0 0 4 4 V0",
    "V": "M0 0 L2 6 L4 0",
    "W": "M0 0 L1.3 6 L2.6 1.4 L3.9 6 L5.2 0",
    "X": "M0 0 L4 6 M4 0 L0 6",
    "Y": "M0 0 L2 3 L4 0 M2 3 V6",
    "Z": "M0 0 H4 L0 6 H4",
    "0": "M0 2 A2 2 0 0 1 4 2 V4 A2 2 0 0 1 0 4 Z",
    "1": "M0.4 1.2 L1.8 0 V6",
    "2": "M0.2 1.7 C0.2 -0.5 3.9 -0.6 3.9 1.8 C3.9 3.4 1.2 4.3 0.1 6 H4",
    "3": "M0.3 0.9 C1 -0.3 3.8 -0.4 3.8 1.5 C3.8 2.9 2.4 2.9 1.6 2.9 C2.6 2.9 4 3.1 4 4.4 C4 6.5 0.9 6.5 0.1 5",
    "4": "M3 6 V0 L0 4.2 H4",
    "5": "M3.7 0 H0.6 L0.3 2.8 C1.6 1.9 4 2.2 4 4.1 C4 6.4 0.9 6.6 0 5",
    "6": "M3.6 0.6 C2.4 -0.5 0 0 0 3.4 V4 C0 6.7 4 6.7 4 4.1 C4 1.9 0.8 1.9 0.1 3.7",
    "7": "M0 0 H4 L1.4 6",
    "8": "M2 2.8 C0 2.8 -0.1 0 2 0 C4.1 0 4 2.8 2 2.8 C-0.6 2.9 -0.6 6 2 6 C4.6 6 4.6 2.9 2 2.8 Z",
    "9": "M0.4 5.4 C1.6 6.5 4 6 4 2.6 V2 C4 -0.7 0 -0.7 0 1.9 C0 4.1 3.2 4.1 3.9 2.3",
    "&": "M4 6 L0.9 1.6 A1 1 0 1 1 2.6 1.5 L0.4 3.6 A1.4 1.4 0 1 0 3.8 4",
    "-": "M0.6 3 H3",
    ".": "M0.4 5.9 V6",
    "'": "M0.5 0 V1.4",
    "/": "M0 6 L3 0",
    "+": "M0.4 3 H3.6 M2 1.4 V4.6",
}
WIDTHS = {"I": 2.0, "M": 4.4, "W": 5.2, ".": 0.8, "'": 1.0, "1": 2.2, "-": 3.6, "/": 3.0}


def width_of(text: str, gap: float = 1.4) -> float:
    """Length of a line of text in grid units (a capital is 6 high)."""
    return sum((2.2 if c == " " else WIDTHS.get(c, 4.0)) + gap for c in text.upper()) - gap


def line(
    text: str,
    x: float,
    y: float,
    height: float,
    colour: str,
    weight: float = 1.0,
    gap: float = 1.4,
    fit: float | None = None,
    joins: str = "round",
    slant: float = 0.0,
    outline: str | None = None,
) -> str:
    """SVG group: ``text`` centred on ``x`` with its top at ``y``.

    ``height`` is that of a capital, ``weight`` the pen's width in grid units (a sixth of
    the height), ``fit`` the greatest width, ``outline`` a second colour around the strokes.
    """
    scale = height / 6
    long = width_of(text, gap)
    if fit is not None and long * scale > fit:
        scale = fit / long
    parts, at = [], 0.0
    for c in text.upper():
        if c == " ":
            at += 2.2 + gap
            continue
        if c in GLYPHS:
            parts.append(f'<path d="{GLYPHS[c]}" transform="translate({at:.2f} 0)"/>')
        at += WIDTHS.get(c, 4.0) + gap
    cap = {"round": "round", "miter": "square", "bevel": "butt"}[joins]
    place = f"translate({x - long * scale / 2:.2f} {y:.2f}) scale({scale:.4f}) skewX({-slant:.1f})"
    pens = [(outline, weight + 1.1)] if outline else []
    pens.append((colour, weight))
    return "".join(
        f'<g transform="{place}" fill="none" stroke="{c}" stroke-width="{w:.2f}" stroke-linejoin="{joins}" '
        f'stroke-linecap="{cap}" stroke-miterlimit="3">{"".join(parts)}</g>'
        for c, w in pens
    )
