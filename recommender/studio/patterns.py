"""Cloth patterns as SVG: stripes, checks and spots as repeating tiles, prints as single pictures.

The SVG text needs no other library; :func:`draw` turns it into a PNG for Blender.
Tiles have a size in metres of cloth. The product's main colour covers most of
every pattern, so that its colour label stays true.
"""

from __future__ import annotations

import functools
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.files import atomic
from recommender.studio.design import RGB

PIXELS = 384  # of a tile's longer side
PRINT_PIXELS = 640


@dataclass(frozen=True)
class Pattern:
    """A pattern ready for a material: ``width`` x ``height`` metres a tile, or a ``placed`` print."""

    path: Path
    width: float
    height: float
    placed: bool
    name: str


@dataclass(frozen=True)
class Tile:
    """SVG ``body`` on a canvas of ``size`` units that covers ``width`` x ``height`` metres."""

    body: str
    size: tuple[float, float]
    width: float
    height: float
    name: str
    placed: bool = False

    def svg(self) -> str:
        """The whole SVG document."""
        w, h = self.size
        pixels = (PRINT_PIXELS if self.placed else PIXELS) / max(w, h)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:g} {h:g}" width="{max(4, round(w * pixels))}" '
            f'height="{max(4, round(h * pixels))}">{self.body}</svg>'
        )


def to_hex(colour: RGB) -> str:
    """#rrggbb of a linear RGB colour."""
    c = np.clip(np.asarray(colour, dtype=float), 0, 1)
    s = np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(v * 255):02x}" for v in s)


def blend(a: RGB, b: RGB, share: float) -> RGB:
    """``a`` with ``share`` of ``b`` in it (linear)."""
    r, g, bl = (float(x * (1 - share) + y * share) for x, y in zip(a, b, strict=True))
    return r, g, bl


def rect(x: float, y: float, w: float, h: float, fill: str, opacity: float = 1.0) -> str:
    """SVG rectangle."""
    see = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<rect x="{x:.3f}" y="{y:.3f}" width="{w:.3f}" height="{h:.3f}" fill="{fill}"{see}/>'


# -- stripes --------------------------------------------------------------------------------


def _bars(bars: Sequence[tuple[float, float, str]], period: float, base: str, upright: bool, name: str) -> Tile:
    """Tile of parallel bars (start, width in mm) along the cloth's width, or ``upright``."""
    if upright:
        body = rect(0, 0, period, 20, base) + "".join(rect(s, 0, w, 20, c) for s, w, c in bars)
        return Tile(body, (period, 20), period / 1000, 0.02, name)
    body = rect(0, 0, 20, period, base) + "".join(rect(0, s, 20, w, c) for s, w, c in bars)
    return Tile(body, (20, period), 0.02, period / 1000, name)


def breton(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Thin even stripes across."""
    period = rng.uniform(24, 38)
    return _bars([(0, period * rng.uniform(0.24, 0.36), to_hex(accent))], period, to_hex(base), False, "breton")


def candy(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Narrow upright stripes of a shirt."""
    period = rng.uniform(9, 15)
    return _bars([(0, period * 0.38, to_hex(accent))], period, to_hex(base), True, "candy")


def pin(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Fine upright lines, wide apart."""
    period = rng.uniform(18, 30)
    return _bars([(0, period * 0.12, to_hex(accent))], period, to_hex(base), True, "pin")


def wide(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Broad blocks across, as on rugby shirts."""
    period = rng.uniform(80, 130)
    thin = to_hex(blend(base, (1, 1, 1), 0.8) if sum(base) < 1 else blend(base, (0, 0, 0), 0.7))
    bars = [(0.0, period * 0.36, to_hex(accent))]
    if rng.random() < 0.5:
        bars += [(period * 0.40, period * 0.045, thin), (period * 0.915, period * 0.045, thin)]
    return _bars(bars, period, to_hex(base), False, "wide")


def grouped(base: RGB, accent: RGB, rng: np.random.Generator, upright: bool = False) -> Tile:
    """A broad stripe between two thin ones."""
    period = rng.uniform(40, 64)
    a = to_hex(accent)
    return _bars(
        [(period * 0.1, period * 0.05, a), (period * 0.21, period * 0.17, a), (period * 0.44, period * 0.05, a)],
        period,
        to_hex(base),
        upright,
        "grouped",
    )


def vertical(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Grouped or even upright stripes."""
    if rng.random() < 0.5:
        return grouped(base, accent, rng, upright=True)
    period = rng.uniform(26, 44)
    return _bars([(0, period * 0.34, to_hex(accent))], period, to_hex(base), True, "vertical")


# -- checks ---------------------------------------------------------------------------------


def gingham(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Even checks of one colour on white or the accent."""
    period = rng.uniform(12, 26)
    half = period / 2
    dark, light = (base, accent) if sum(base) < sum(accent) else (accent, base)
    mid = to_hex(blend(base, accent, 0.42))
    other = to_hex(light if dark is base else blend(base, accent, 0.85))
    body = (
        rect(0, 0, period, period, mid)
        + rect(0, 0, half, half, to_hex(base))
        + rect(half, half, half, half, other if dark is not base else to_hex(blend(base, light, 0.75)))
    )
    return Tile(body, (period, period), period / 1000, period / 1000, "gingham")


def tartan(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Crossing bands of several colours."""
    period = rng.uniform(70, 120)
    dark = to_hex(blend(base, (0.01, 0.01, 0.02), 0.75))
    light = to_hex(blend(accent, (1, 1, 1), 0.55))
    bands = [
        (0.06, 0.20, to_hex(accent), 0.62),
        (0.40, 0.30, dark, 0.45),
        (0.53, 0.025, light, 0.85),
        (0.84, 0.022, light, 0.8),
        (0.15, 0.02, dark, 0.8),
    ]
    if rng.random() < 0.5:
        bands = [
            (0.04, 0.16, dark, 0.5),
            (0.26, 0.16, dark, 0.5),
            (0.62, 0.10, to_hex(accent), 0.7),
            (0.66, 0.02, light, 0.9),
        ]
    body = rect(0, 0, period, period, to_hex(base))
    for at, width, colour, see in bands:
        body += rect(at * period, 0, width * period, period, colour, see * 0.8)
        body += rect(0, at * period, period, width * period, colour, see * 0.8)
    return Tile(body, (period, period), period / 1000, period / 1000, "tartan")


def windowpane(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Thin lines that make large squares."""
    period = rng.uniform(32, 60)
    line = max(1.6, period * rng.uniform(0.05, 0.08))
    a = to_hex(accent)
    body = (
        rect(0, 0, period, period, to_hex(base)) + rect(0, 0, line, period, a, 0.9) + rect(0, 0, period, line, a, 0.9)
    )
    if rng.random() < 0.5:
        thin = to_hex(blend(base, accent, 0.5))
        body += rect(period * 0.5, 0, line * 0.6, period, thin) + rect(0, period * 0.5, period, line * 0.6, thin)
    return Tile(body, (period, period), period / 1000, period / 1000, "windowpane")


# -- spots ----------------------------------------------------------------------------------


def _wrapped(shape: Callable[[float, float], str], x: float, y: float, size: float, reach: float) -> str:
    """A shape on a tile, repeated at the opposite edges where it reaches over."""
    out = ""
    for dx in (-size, 0, size):
        for dy in (-size, 0, size):
            if -reach < x + dx < size + reach and -reach < y + dy < size + reach:
                out += shape(x + dx, y + dy)
    return out


def polka(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Round dots in offset rows."""
    period = rng.uniform(14, 46)
    r = period * rng.uniform(0.13, 0.20)
    a = to_hex(accent)
    body = rect(0, 0, period, period, to_hex(base))
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        body += f'<circle cx="{x * period:.2f}" cy="{y * period:.2f}" r="{r:.2f}" fill="{a}"/>'
    return Tile(body, (period, period), period / 1000, period / 1000, "polka")


def _scatter(rng: np.random.Generator, size: float, apart: float, most: int) -> list[tuple[float, float]]:
    """Points on a wrapping tile that keep ``apart`` from each other."""
    points: list[tuple[float, float]] = []
    for _ in range(most * 30):
        x, y = rng.uniform(0, size, 2)
        gap = [np.hypot(min(abs(x - a), size - abs(x - a)), min(abs(y - b), size - abs(y - b))) for a, b in points]
        if not gap or min(gap) > apart:
            points.append((float(x), float(y)))
        if len(points) >= most:
            break
    return points


def floral(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Scattered blossoms with leaves."""
    size = rng.uniform(110, 190)
    petal, heart = to_hex(accent), to_hex(blend(accent, (0.9, 0.6, 0.1), 0.6))
    pale = to_hex(blend(accent, (1, 1, 1), 0.45))
    leaf = to_hex(blend(base, (0.05, 0.22, 0.07), 0.6))
    body = rect(0, 0, size, size, to_hex(base))
    for k, (x, y) in enumerate(_scatter(rng, size, size * 0.19, 16)):
        r, turn, count = size * rng.uniform(0.035, 0.065), rng.uniform(0, 360), int(rng.integers(5, 7))
        colour = petal if k % 3 else pale

        def blossom(
            cx: float, cy: float, r: float = r, turn: float = turn, count: int = count, colour: str = colour
        ) -> str:
            leaves = "".join(
                f'<ellipse cx="0" cy="{-1.5 * r:.2f}" rx="{0.35 * r:.2f}" ry="{0.9 * r:.2f}" fill="{leaf}" '
                f'transform="rotate({turn + a:.0f})"/>'
                for a in (40, 165)
            )
            petals = "".join(
                f'<ellipse cx="0" cy="{-0.62 * r:.2f}" rx="{0.42 * r:.2f}" ry="{0.6 * r:.2f}" '
                f'fill="{colour}" transform="rotate({turn + 360 * i / count:.0f})"/>'
                for i in range(count)
            )
            return (
                f'<g transform="translate({cx:.2f} {cy:.2f})">{leaves}{petals}'
                f'<circle r="{0.3 * r:.2f}" fill="{heart}"/></g>'
            )

        body += _wrapped(blossom, x, y, size, r * 2.5)
    return Tile(body, (size, size), size / 1000, size / 1000, "floral")


def animal(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Broken rings as on a leopard's coat."""
    size = rng.uniform(80, 130)
    ring, heart = to_hex(accent), to_hex(blend(base, accent, 0.35))
    body = rect(0, 0, size, size, to_hex(base))
    for x, y in _scatter(rng, size, size * 0.115, 48):
        r, turn = size * rng.uniform(0.022, 0.042), rng.uniform(0, 360)
        flat = rng.uniform(0.6, 0.95)

        def spot(cx: float, cy: float, r: float = r, turn: float = turn, flat: float = flat) -> str:
            arcs = "".join(
                f'<path d="M{r * np.cos(a):.2f} {r * np.sin(a) * flat:.2f} A{r:.2f} {r * flat:.2f} 0 0 1 '
                f'{r * np.cos(a + 1.5):.2f} {r * np.sin(a + 1.5) * flat:.2f}" fill="none" stroke="{ring}" '
                f'stroke-width="{0.75 * r:.2f}" stroke-linecap="round"/>'
                for a in (0.0, 2.2, 4.2)
            )
            return (
                f'<g transform="translate({cx:.2f} {cy:.2f}) rotate({turn:.0f})"><ellipse rx="{r:.2f}" '
                f'ry="{r * flat:.2f}" fill="{heart}"/>{arcs}</g>'
            )

        body += _wrapped(spot, x, y, size, r * 2)
    return Tile(body, (size, size), size / 1000, size / 1000, "animal")


def motif(base: RGB, accent: RGB, rng: np.random.Generator) -> Tile:
    """Small paisley-like drops or diamonds in offset rows, as on ties and ethnic wear."""
    period = rng.uniform(16, 30)
    a, pale = to_hex(accent), to_hex(blend(base, accent, 0.5))
    shapes = {
        "diamond": '<path d="M0 -4 L2.6 0 L0 4 L-2.6 0 Z" fill="{a}"/><circle r="0.9" fill="{p}"/>',
        "drop": '<path d="M0 -4.4 C3.4 -1.4 3.2 3.6 0 3.6 C-3.2 3.6 -3 0.4 -0.4 -1.2 C0.6 -2 0.4 -3.4 0 -4.4 Z"'
        ' fill="{a}"/>'
        '<circle cy="1.3" r="1.1" fill="{p}"/>',
        "star": '<path d="M0 -3.6 L0.9 -0.9 L3.6 0 L0.9 0.9 L0 3.6 L-0.9 0.9 L-3.6 0 L-0.9 -0.9 Z" fill="{a}"/>',
    }
    shape = list(shapes.values())[rng.integers(len(shapes))].format(a=a, p=pale)
    turn, unit = rng.choice([0, 30, 45]), period / 22
    body = rect(0, 0, period, period, to_hex(base))
    for x, y in ((0.25, 0.25), (0.75, 0.75)):
        body += (
            f'<g transform="translate({x * period:.2f} {y * period:.2f}) rotate({turn}) '
            f'scale({unit * 1.15:.3f})">{shape}</g>'
        )
    return Tile(body, (period, period), period / 1000, period / 1000, "motif")


VARIANTS: dict[str, tuple[Callable[[RGB, RGB, np.random.Generator], Tile], ...]] = {
    "striped": (breton, breton, wide, grouped, candy, pin, vertical),
    "plaid": (tartan, gingham, windowpane),
    "spotted": (polka, polka, floral, animal, motif),
}
NAMED = {
    f.__name__: f
    for f in (breton, candy, pin, wide, grouped, vertical, gingham, tartan, windowpane, polka, floral, animal, motif)
}


def tile(kind: str, colour: RGB, accent: RGB, seed: int, variant: str | None = None) -> Tile:
    """Tile or print of ``kind`` (striped, plaid, spotted, graphic), or a named ``variant`` of it."""
    rng = np.random.default_rng([seed, 77])
    if kind == "graphic":
        from recommender.studio import prints

        return prints.draw(colour, accent, rng, variant)
    if variant is not None:
        return NAMED[variant](colour, accent, rng)
    choices = VARIANTS[kind]
    return choices[rng.integers(len(choices))](colour, accent, rng)


def folder() -> Path:
    """Where drawn patterns are kept for the next product: in the temporary folder, in one of this user's own."""
    user = getattr(os, "getuid", None)  # Windows has none, where each user has a temporary folder anyhow
    own = Path(tempfile.gettempdir()) / (f"studio-patterns-{user()}" if user else "studio-patterns-own")
    try:
        own.mkdir(mode=0o700, exist_ok=True)
        found = own.lstat()
    except OSError:
        return _new_folder()
    # Anybody may have made it first, and what somebody put there must not get onto a product.
    ours = not user or (stat.S_ISDIR(found.st_mode) and found.st_uid == user() and not found.st_mode & 0o077)
    return own if ours else _new_folder()


@functools.cache
def _new_folder() -> Path:
    """One for this process alone."""
    return Path(tempfile.mkdtemp(prefix="studio-patterns-"))


def draw(
    kind: str,
    colour: RGB,
    accent: RGB,
    seed: int,
    scale: float = 1.0,
    variant: str | None = None,
    only: tuple[str, ...] | None = None,
) -> Pattern:
    """PNG of a pattern. ``scale`` enlarges it; ``only`` narrows the variants (e.g. ("pin", "candy"))."""
    import resvg_py

    if only and variant is None:
        variant = only[int(np.random.default_rng([seed, 78]).integers(len(only)))]
    made = tile(kind, colour, accent, seed, variant)
    svg = made.svg()
    path = folder() / f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.png"
    if not path.exists():
        with atomic(path) as draft:
            draft.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)))
    return Pattern(path, made.width * scale, made.height * scale, made.placed, made.name)
