"""Uppers with all that is sewn on them: laced shoes, derbies and slip-ons."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles._panels import (
    INK,
    Look,
    apron,
    counter,
    eyestay,
    mudguard,
    seam,
    shade,
    stuff,
    toe_cap,
)
from recommender.studio.articles._surface import Chart, Shape, joined, line, ring, smoothstep
from recommender.studio.design import Design

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


def laced(design: Design, studio: Studio, look: Look, panels: bool = True) -> Chart:
    """Add upper, lining, collar, tongue and laces; return the chart for more panels."""
    rng = studio.rng
    last = look.last
    chart = kit.upper(last, look.top, -0.001, wrinkle=look.extra.get("wrinkle", 0.0006), seed=design.seed)
    skin, lining = kit.shell(chart)
    cloth = stuff(studio, look.skin, pattern=studio.pattern())
    studio.add(skin.mesh("upper"), cloth)
    inside = stuff(studio, "jersey", look.lining)
    studio.add(lining.mesh("lining"), inside)
    studio.add(kit.insole(last).mesh("insole"), inside)
    w = kit.loop_w()
    pad = 0.0013 + (look.collar - 0.0013) * (1 - smoothstep(w, look.throat[0] - 0.05, look.throat[0] + 0.02))
    studio.add(
        kit.rim(chart, pad).mesh("collar"),
        look.extra.get("collar_material") or stuff(studio, look.panel, look.panel_colour),
    )
    studio.add(
        kit.tongue(chart, look.throat[0], look.extra.get("tongue", 0.020), 0.052 * last.length / 0.29).mesh("tongue"),
        look.extra.get("tongue_material") or cloth,
    )
    holes = kit.eyelets(chart, look.throat[0] + 0.012, look.throat[1], look.rows)
    cord = kit.laces(
        holes, look.extra.get("lace", 0.007), bool(look.extra.get("cross", True)), look.extra.get("bow", 0.03), rng
    )
    studio.add(cord.mesh("laces"), stuff(studio, "cotton", look.lace_colour))
    if look.extra.get("eyelets") is not None:
        studio.add(kit.rings_of(holes).mesh("eyelets"), stuff(studio, "metal", look.extra["eyelets"]))
    return chart


def derby_panels(
    design: Design, studio: Studio, look: Look, chart: Chart, rng: np.random.Generator, casual: bool
) -> None:
    """Quarters laid over the vamp, a cap or wing at the toe, and their stitching."""
    hide = stuff(studio, look.skin, shade(design.colour, 0.97), roughness=0.38)
    thread = stuff(
        studio, "cotton", shade(design.colour, rng.choice([0.5, 1.25])) if not casual else shade(design.colour, 1.5)
    )
    rows: list[Shape] = []
    part, edge = eyestay(chart, look, rng.uniform(0.4, 0.75))
    studio.add(part.mesh("facing"), hide)
    rows += [seam(chart, edge, -0.03), seam(chart, edge, -0.07)]
    style = rng.integers(4)
    if style == 0:
        part, edge = toe_cap(chart, rng.uniform(0.11, 0.13), rng.uniform(0.42, 0.5), 0.0010)
        studio.add(part.mesh("cap"), hide)
        rows += [seam(chart, edge, 0.02), seam(chart, edge, 0.05)]
    elif style == 1:  # a wing that runs back along the sides
        part, edge = mudguard(chart, rng.uniform(0.2, 0.25), rng.uniform(0.62, 0.72), rng.uniform(0.24, 0.32))
        studio.add(part.mesh("wing"), hide)
        rows += [seam(chart, edge, 0.02), seam(chart, edge, 0.07)]
    elif style == 2:
        rows += [apron(chart, rng)]
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.8, 0.97))
    studio.add(part.mesh("counter"), hide)
    rows.append(seam(chart, edge, 0.03))
    studio.add(joined(rows).mesh("seams"), thread)


def slip_on(design: Design, studio: Studio, look: Look, rng: np.random.Generator) -> Chart:
    """A slip-on upper: apron or plain vamp, elastic gores, a strap with a bit or buckle."""
    last = look.last
    chart = kit.upper(last, look.top, -0.001, wrinkle=0.0009, seed=design.seed)
    skin, lining = kit.shell(chart)
    cloth = stuff(studio, look.skin, pattern=studio.pattern())
    studio.add(skin.mesh("upper"), cloth)
    studio.add(joined([lining, kit.insole(last)]).mesh("lining"), stuff(studio, "leather", look.lining))
    studio.add(kit.rim(chart, look.collar * 0.6).mesh("rim"), stuff(studio, look.panel, look.panel_colour))
    hide = stuff(studio, look.skin, shade(design.colour, 0.97), roughness=0.4)
    thread = stuff(studio, "cotton", shade(design.colour, rng.choice([0.5, 1.35])))
    rows: list[Shape] = []
    if rng.random() < 0.7:
        studio.add(apron(chart, rng, 0.0016).mesh("apron"), hide)
    style = rng.integers(3)
    if style == 0:  # elastic at both sides of the tongue
        gores = []
        for low in kit.both(line((0.40, 0.62), (0.46, 0.70), (0.50, 0.97), count=16)):
            shift = np.array([0.018 if low[0, 0] < 0.5 else -0.018, 0.0])
            gores.append(chart.sheet(low, low + shift, 0.0006, 4))
        studio.add(joined(gores).mesh("gores"), stuff(studio, "canvas", INK))
    elif style == 1:  # a saddle strap
        w = np.concatenate([np.linspace(0.50, 1.0, 24), np.linspace(1.0, 0.50, 24)[1:]])
        u = np.concatenate([w[:24] / 2, 1 - w[24:] / 2])
        reach = 0.62 + 0.2 * smoothstep(w, 0.5, 1.0) - 0.5 * (1 - smoothstep(w, 0.48, 0.60))
        low, high = np.column_stack([u, reach - 0.09]), np.column_stack([u, reach + 0.08])
        studio.add(chart.sheet(low, high, 0.0022, 6).mesh("saddle"), hide)
        rows += [chart.stitches(low + [0, 0.02], 0.0026), chart.stitches(high - [0, 0.02], 0.0026)]
        if rng.random() < 0.6:
            at = chart.at(0.40, 0.70, 0.004)

            normal = chart.normal(0.40, 0.70)
            studio.add(
                joined([ring(at, normal, 0.007, 0.0014), ring(at, normal, 0.004, 0.0012)]).mesh("buckle"),
                stuff(studio, "metal"),
            )
    part, edge = counter(chart, rng.uniform(0.08, 0.12), rng.uniform(0.8, 0.97))
    studio.add(part.mesh("counter"), hide)
    rows.append(seam(chart, edge, 0.03))
    rows += [seam(chart, c, 0) for c in kit.both(line((0.40, 0.95), (0.46, 0.5), (0.52, 0.05)))]
    studio.add(joined(rows).mesh("seams"), thread)
    return chart
