"""Watch dials: printed face, applied indices, subdials, date window and hands."""

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
    luminance,
    mix,
    picture,
    printed,
    put,
    surface,
    text,
)
from recommender.studio.articles._solid import Array, Solid, box, join, lathe, rounded, slab, terraces
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    from recommender.studio.articles.watches import Plan
    from recommender.studio.scene import Studio

_ROMAN = ("XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")


def reach(outline: Array, clockwise: float, share: float) -> Array:
    """Point (2,) at ``share`` of the way from the centre to the outline, degrees clockwise from twelve."""
    a = np.radians(clockwise)
    ray = np.array([np.sin(a), np.cos(a)])
    cross = outline[:, 0] * ray[1] - outline[:, 1] * ray[0]
    nxt = np.roll(outline, -1, 0)
    cross2 = nxt[:, 0] * ray[1] - nxt[:, 1] * ray[0]
    for i in np.flatnonzero((cross > 0) != (cross2 > 0)):
        point = outline[i] + (nxt[i] - outline[i]) * cross[i] / (cross[i] - cross2[i])
        if point @ ray > 0:
            return point * share
    return ray * np.abs(outline).min(0).min() * share


def build(studio: Studio, design: Design, plan: Plan, outline: Array) -> None:
    """Add the dial with everything on it; its plane lies a little behind y = 0."""
    rng = studio.rng
    dark = luminance(plan.dial) < 0.32
    ink = PAPER if dark else INK
    trim = {"Gold": GOLD, "Rose": ROSE, "Copper": ROSE}.get(plan.case, STEEL if dark else mix(STEEL, INK, 0.6))
    if not dark and rng.random() < 0.4 and plan.case not in ("Gold", "Rose"):
        trim = INK
    style = str(rng.choice(["bars", "bars", "numerals", "roman", "mixed", "dots"]))
    subs = _subdials(plan, rng)
    y = -plan.width * 0.035
    svg = _face(plan, design, outline, style, subs, ink, rng)
    face = terraces(outline, [(-plan.width * 0.004, y)], front=True)
    w, h = 2 * np.abs(outline).max(0)
    face.uv = face.points[:, [0, 2]] / (w, h) + 0.5
    put(studio, face, printed(picture(svg, 640), rough=0.3, alpha=False), "dial")
    applied = _indices(outline, plan, style, subs, y)
    shine = surface(trim, 0.22, 0.0 if trim == INK else 1.0)
    if applied:
        put(studio, join(applied), shine, "indices")
    rims = [_rim(r, plan.width * 0.008).moved(x, y, z) for x, z, r in subs]
    if rims:
        put(studio, join(rims), shine, "subdials")
    _hands(studio, plan, outline, subs, trim, dark, y)


def _subdials(plan: Plan, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Centres and radii (m) of the small dials."""
    r = plan.width * 0.37
    if not plan.chrono:
        return [(0.0, -r * 0.47, r * 0.26)] if rng.random() < 0.12 else []
    layout = int(rng.integers(3))
    if layout == 0:
        places = [(-0.5, 0.0), (0.5, 0.0), (0.0, -0.5)]
    elif layout == 1:
        places = [(-0.45, 0.12), (0.45, 0.12), (0.0, -0.47)]
    else:
        places = [(-0.47, 0.0), (0.0, -0.5), (0.0, 0.47)]
    return [(x * r, z * r, r * 0.27) for x, z in places]


def _rim(radius: float, wire: float) -> Solid:
    """Thin ring round a subdial, facing the viewer."""
    return lathe([(radius, 0), (radius, wire), (radius * 0.93, wire), (radius * 0.93, 0)], 40).turned("x", 90)


def _face(
    plan: Plan, design: Design, outline: Array, style: str, subs: list, ink: RGB, rng: np.random.Generator
) -> str:
    """SVG of the printed face; one SVG unit is 0.05 mm."""
    k = 20000.0
    w, h = 2 * np.abs(outline).max(0) * k
    tone, edge = css(mix(plan.dial, PAPER, 0.12)), css(mix(plan.dial, INK, 0.22))
    line = css(ink)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-w / 2} {-h / 2} {w} {h}" width="{w}" height="{h}">',
        f'<defs><radialGradient id="g"><stop offset="0" stop-color="{tone}"/><stop offset="0.6" '
        f'stop-color="{css(plan.dial)}"/><stop offset="1" stop-color="{edge}"/></radialGradient></defs>',
        f'<rect x="{-w / 2}" y="{-h / 2}" width="{w}" height="{h}" fill="url(#g)"/>',
    ]
    for i in range(60):
        a, b = reach(outline, i * 6, 0.97) * k, reach(outline, i * 6, 0.925 if i % 5 else 0.9) * k
        out.append(f'<path d="M{a[0]} {-a[1]}L{b[0]} {-b[1]}" stroke="{line}" stroke-width="{2.2 if i % 5 else 4}"/>')
    r = plan.width * 0.37 * k
    pen = float(rng.uniform(0.7, 1.2))
    if style in ("numerals", "roman", "mixed"):
        out += _numerals(outline, style, subs, r, k, line, pen)
    top = any(z > 0 and abs(x) < plan.width * 0.1 for x, z, _ in subs)
    if not top:
        out.append(text(brand(rng), 0, -r * (0.40 if style != "bars" else 0.42), r * 0.11, line, 0.75, 1.8))
        if not plan.chrono:
            out.append(text(str(rng.choice(["QUARTZ", "AUTOMATIC", "WATER RESIST"])), 0, r * 0.47, r * 0.06, line))
    face2 = css(mix(plan.dial, ink, float(rng.choice([0.0, 0.08, 0.85], p=[0.4, 0.4, 0.2]))))
    for x, z, s in subs:
        out += _small(x * k, -z * k, s * k, face2, line if face2 != css(mix(plan.dial, ink, 0.85)) else css(plan.dial))
    if not subs and rng.random() < 0.65 and plan.shape != "rectangle":
        x = reach(outline, 90, 0.70)[0] * k
        out.append(
            f'<rect x="{x - r * 0.13}" y="{-r * 0.1}" width="{r * 0.26}" height="{r * 0.2}" fill="#f4f4f2" '
            f'stroke="{line}" stroke-width="3"/>'
        )
        out.append(text(str(int(rng.integers(1, 31))), x, r * 0.065, r * 0.13, "#161616", 1.0))
    return "".join(out) + "</svg>"


def _numerals(outline: Array, style: str, subs: list, r: float, k: float, line: str, pen: float) -> list[str]:
    """Hour numerals in SVG, left out where a subdial lies."""
    out = []
    for i in range(12):
        if style == "mixed" and i % 3:
            continue
        x, z = reach(outline, i * 30, 0.74 if style != "mixed" else 0.72)
        if any(np.hypot(x - sx, z - sz) < s * 1.25 for sx, sz, s in subs):
            continue
        size = r * {"roman": 0.15, "numerals": 0.18, "mixed": 0.26}[style]
        word = _ROMAN[i] if style == "roman" else str(i or 12)
        out.append(text(word, x * k, -z * k + size * 0.5, size, line, pen, 1.2))
    return out


def _small(x: float, y: float, r: float, face: str, line: str) -> list[str]:
    """A subdial's printing."""
    out = [f'<circle cx="{x}" cy="{y}" r="{r}" fill="{face}"/>']
    for ring in (0.35, 0.6):
        out.append(
            f'<circle cx="{x}" cy="{y}" r="{r * ring}" fill="none" stroke="{line}" '
            f'stroke-opacity="0.15" stroke-width="2"/>'
        )
    for i in range(12):
        a = i * np.pi / 6
        c, s = np.cos(a), np.sin(a)
        out.append(
            f'<path d="M{x + c * r * 0.9} {y + s * r * 0.9}L{x + c * r * 0.72} {y + s * r * 0.72}" '
            f'stroke="{line}" stroke-width="{4 if i % 3 == 0 else 2}"/>'
        )
    return out


def _indices(outline: Array, plan: Plan, style: str, subs: list, y: float) -> list[Solid]:
    """Raised hour marks."""
    out = []
    for i in range(12):
        if style in ("numerals", "roman") or (style == "mixed" and i % 3 == 0):
            continue
        x, z = reach(outline, i * 30, 0.78)
        if any(np.hypot(x - sx, z - sz) < s * 1.12 for sx, sz, s in subs):
            x, z = reach(outline, i * 30, 0.87)
            long = 0.045
        else:
            long = 0.085
        if style == "dots":
            r = plan.width * (0.022 if i % 3 else 0.03)
            mark = lathe([(r, 0), (r, r * 0.5), (r * 0.7, r * 0.8), (0, r * 0.8)], 20).turned("x", 90)
        else:
            wide = plan.width * (0.021 if i % 3 else 0.03)
            mark = slab(box(wide, plan.width * long * 1.3, wide * 0.2, 2), plan.width * 0.016, plan.width * 0.004)
        out.append(mark.turned("y", i * 30.0).moved(x, y, z))
    return out


def _hand(length: float, width: float, kind: str, tail: float = 0.18) -> Solid:
    """A hand that points to twelve; metres."""
    w = width / 2
    shapes = {
        "baton": [(w, -tail * length), (w, length), (-w, length), (-w, -tail * length)],
        "sword": [
            (w * 0.6, -tail * length),
            (w * 1.2, length * 0.75),
            (0, length),
            (-w * 1.2, length * 0.75),
            (-w * 0.6, -tail * length),
        ],
        "dauphine": [(0, -tail * length), (w * 1.6, 0), (0, length), (-w * 1.6, 0)],
        "leaf": [
            (w * 0.3, -tail * length),
            (w * 1.4, length * 0.4),
            (0, length),
            (-w * 1.4, length * 0.4),
            (-w * 0.3, -tail * length),
        ],
    }
    radius = width if kind == "leaf" else width * 0.12
    return slab(rounded(shapes[kind], radius, 4), width * 0.3, width * 0.06)


def _hands(studio: Studio, plan: Plan, outline: Array, subs: list, trim: RGB, dark: bool, y: float) -> None:
    """Hour, minute and second hands at about ten past ten, and the subdials' own."""
    rng = studio.rng
    r = min(reach(outline, 0, 1)[1], reach(outline, 90, 1)[0])
    kind = str(rng.choice(["baton", "sword", "dauphine", "leaf"]))
    wide = r * float(rng.uniform(0.065, 0.095))
    up = plan.width * 0.013
    minutes = float(rng.uniform(7.5, 10.5))
    hour = _hand(r * 0.56, wide * 1.15, kind).turned("y", 300 + minutes / 2).moved(y=y - up)
    minute = _hand(r * 0.84, wide, kind).turned("y", minutes * 6).moved(y=y - 1.7 * up)
    tone = trim if dark or trim == INK else mix(trim, INK, 0.25)
    main = surface(tone if not dark else mix(trim, PAPER, 0.5), 0.25, 0.0 if trim == INK else 0.8)
    put(studio, join([hour, minute]), main, "hands")
    thin = _hand(r * 0.88, r * 0.018, "baton", 0.28).turned("y", float(rng.uniform(180, 260))).moved(y=y - 2.3 * up)
    hub = lathe([(r * 0.055, 0), (r * 0.055, up * 2.6), (r * 0.03, up * 3), (0, up * 3)], 20).turned("x", 90).moved(y=y)
    small = [
        _hand(s * 0.72, s * 0.12, "sword").turned("y", float(rng.uniform(0, 360))).moved(x, y - up * 0.6, z)
        for x, z, s in subs
    ]
    second: RGB = tone if rng.random() < 0.6 else (0.6, 0.02, 0.02)
    put(studio, join([thin, hub, *small]), surface(mix(second, PAPER, 0.3 if dark else 0), 0.3, 0.3), "second")
