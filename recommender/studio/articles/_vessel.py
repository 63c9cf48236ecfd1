"""Bottles, cans and caps: bodies on a plan or turned, with what fills them and what is printed on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import INK, PAPER, STEEL, css, luminance, mix, surface, text
from recommender.studio.articles._solid import Array, Solid, terraces
from recommender.studio.design import RGB

if TYPE_CHECKING:
    import bpy


def vessel(plan: Array, steps: list[tuple[float, float]]) -> Solid:
    """Closed body on a plan outline (x, y): ``steps`` are (inset, z) in metres from the bottom up."""
    return terraces(plan, [(d, -z) for d, z in steps], front=True, back=True).turned("x", -90)


def rounded_steps(
    height: float, foot: float, top: float, low: float = 0.0, count: int = 4
) -> list[tuple[float, float]]:
    """Steps of an upright body with its lower and upper edges rounded by ``foot`` and ``top`` metres."""
    t = np.linspace(0, np.pi / 2, count)
    steps = [(foot * (1 - np.sin(a)), low + foot * (1 - np.cos(a))) for a in t]
    return steps + [(top * (1 - np.cos(a)), low + height - top * (1 - np.sin(a))) for a in t]


def turned_box(radius: float, height: float, foot: float, top: float, low: float = 0.0) -> list[tuple[float, float]]:
    """Profile (r, z) of a cylinder with rounded edges, for the lathe."""
    ring = [(radius - d, z) for d, z in rounded_steps(height, foot, top, low)]
    return [(0, low), *ring, (0, low + height)]


def tinted(colour: RGB, clear: float = 0.45, rough: float = 0.03) -> bpy.types.Material:
    """Coloured liquid or glass whose colour stays what it is, however thick: partly see-through.

    It glows a little, in place of the light that real glass would gather into it.
    """
    material = surface(colour, rough, 0.0, Transmission_Weight=clear, IOR=1.33, Emission_Strength=0.42)
    material.node_tree.nodes["Principled BSDF"].inputs["Emission Color"].default_value = (*colour[:3], 1.0)
    return material


def lacquer(colour: RGB, rough: float = 0.16) -> bpy.types.Material:
    """Gloss paint."""
    return surface(colour, rough, 0.0, Coat_Weight=0.35, Coat_Roughness=0.04)


def ink_on(colour: RGB, rng: np.random.Generator) -> RGB:
    """Ink that can be read on a colour: white, black, silver or gold."""
    if luminance(colour) < 0.22:
        return (PAPER, PAPER, (0.75, 0.6, 0.3), STEEL)[int(rng.integers(4))]
    return (INK, INK, mix(colour, INK, 0.75))[int(rng.integers(3))]


def svg_page(width: float, height: float, body: str) -> str:
    """SVG document of ``width`` x ``height`` units."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}">{body}</svg>'
    )


def front_label(word: str, line: str, ink: RGB, ground: RGB | None, rng: np.random.Generator) -> str:
    """Square label of 400 units: a brand word, a rule and a line of small print."""
    a = css(ink)
    body = ""
    if ground is not None:
        body += f'<rect x="20" y="60" width="360" height="280" fill="{css(ground)}"/>'
        if rng.random() < 0.5:
            body += f'<rect x="36" y="76" width="328" height="248" fill="none" stroke="{a}" stroke-width="5"/>'
    y = float(rng.uniform(170, 200))
    body += text(word, 200, y, float(rng.uniform(48, 66)), a, weight=float(rng.uniform(0.8, 1.4)), fit=310)
    if rng.random() < 0.6:
        body += f'<path d="M{120} {y + 32}H{280}" stroke="{a}" stroke-width="5"/>'
    body += text(line, 200, y + 76, 22, a, weight=0.9, gap=2.4, fit=300)
    return svg_page(400, 400, body)
