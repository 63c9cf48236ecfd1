"""Evening clutches."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import shade, stuff
from recommender.studio.articles._straps import ribbon_bow, rosette
from recommender.studio.articles._surface import (
    UP,
    ball,
    joined,
    smooth_path,
    sweep,
    tube,
)
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

FRONT = np.array([0.0, -1.0, 0.0])


@article(
    "Clutches",
    "Bags",
    "Accessories",
    genders={"Women": 1},
    colours={
        "Black": 6,
        "Gold": 2,
        "Red": 2,
        "Purple": 2,
        "Brown": 1,
        "Grey": 1,
        "Silver": 2,
        "Blue": 2,
        "Green": 1,
        "Maroon": 1,
        "Beige": 1,
        "Pink": 1,
    },
    patterns={"plain": 8, "striped": 1, "spotted": 1},
    usages={"Casual": 5, "Party": 4, "Ethnic": 1},
    seasons={"Summer": 5, "Winter": 2, "Fall": 1},
    price=(20, 110),
    nouns=("Clutch", "Evening clutch"),
)
def clutches(design: Design, studio: Studio) -> None:
    """Evening clutches: pleated under a kiss-lock frame, tapered, or with a flap and a brooch."""
    rng = studio.rng
    style = int(rng.integers(3))
    width, height = rng.uniform(0.24, 0.28), rng.uniform(0.095, 0.12)
    taper = (1.0, 1.0, 1.0, 1.0, 1.0) if style == 0 else (1.0, 0.985, 0.95, 0.89, 0.82 + rng.uniform(-0.04, 0.1))
    body = kit.Body(
        width,
        height,
        0.055,
        taper,
        (0.8, 1.0, 0.9, 0.6, 0.22),
        6.0,
        rng.choice([0.0, 0.014, -0.010]) if style else 0.0,
        0.0,
        0.0008,
        0,
        design.seed,
    )
    chart = body.chart(around=400)
    if (style == 0 or rng.random() < 0.4) and design.pattern == "plain":
        gathered(chart, int(rng.integers(26, 52)), rng.uniform(0.0018, 0.0026))
    metallic = design.baseColour in ("Gold", "Silver", "Bronze", "Copper")
    kind = "satin" if metallic or rng.random() < 0.55 else ["silk", "leather", "patent"][rng.integers(3)]
    kind = "canvas" if design.pattern != "plain" else kind
    cloth = stuff(studio, kind, pattern=studio.pattern(), **({"metallic": 0.5} if metallic else {}))
    studio.add(kit.skin(chart).mesh("body"), cloth)
    studio.add(kit.closed_top(chart, 0.001).mesh("top"), cloth)
    metal = studio.material(["gold", "silver"][rng.integers(2)])
    if style == 0:
        _kiss_lock(studio, chart, metal, rng)
    elif rng.random() < 0.5:
        u = np.linspace(0.03, 0.47, 60)
        low = 1 - rng.uniform(0.2, 0.42) * (0.75 + 0.25 * np.cos((u - 0.25) * 14) * rng.choice([-1, 1]))
        part = chart.sheet(np.column_stack([u, low]), np.column_stack([u, 0 * u + 0.995]), 0.002, 8)
        studio.add(
            part.mesh("yoke"), stuff(studio, kind, design.accent if rng.random() < 0.4 else shade(design.colour, 0.75))
        )
        beads = [ball(chart.at(a, b + 0.015, 0.0035), 0.0022, 6, 8) for a, b in zip(u[1:-1], low[1:-1], strict=True)]
        studio.add(joined(beads).mesh("beads"), metal)
    if rng.random() < 0.65:
        _brooch(design, studio, chart, metal, rng, style)
    if rng.random() < 0.12:
        _chain(studio, body, metal)
    studio.view(
        azimuth=rng.uniform(-6, 6),
        elevation=rng.uniform(1, 5),
        fill=rng.uniform(0.74, 0.82),
        lens=85,
        shadow=True,
        shift=(0.0, rng.uniform(-0.22, -0.12)),
    )


def gathered(chart: kit.Chart, count: int, depth: float) -> None:
    """Press upright pleats into a chart."""
    x = chart.points[..., 0]
    wave = np.abs(np.sin(np.pi * count * (x + 0.2) / 0.4)) ** 0.7 - 0.5
    rows = np.linspace(0, 1, x.shape[1])[None]
    chart.points = (
        chart.points
        + chart.normals * (depth * wave * np.clip(rows / 0.06, 0, 1) * np.clip((1 - rows) / 0.04, 0, 1))[..., None]
    )


def _kiss_lock(studio: Studio, chart: kit.Chart, metal: object, rng: np.random.Generator) -> None:
    """A metal frame along the top with two knobs."""
    edge = chart.points[:, -1]
    half = len(edge) // 2
    front, back = edge[: half + 1], np.vstack([edge[:1], edge[: half - 1 : -1]])
    bars = [sweep(side[::4] + UP * 0.001, 0.005, 0.007, np.array([0, 0, 1.0]), 8, 4.0) for side in (front, back)]
    middle = (front + back)[half // 2] / 2
    knobs = [ball(middle + [s * 0.006, 0, 0.013], 0.0052) for s in (-1, 1)]
    stems = [
        tube(np.array([middle + [-s * 0.004, 0, 0.002], middle + [s * 0.006, 0, 0.013]]), 0.0022, 8) for s in (-1, 1)
    ]
    studio.add(joined(bars + knobs + stems).mesh("frame"), metal)


def _brooch(
    design: Design, studio: Studio, chart: kit.Chart, metal: object, rng: np.random.Generator, style: int
) -> None:
    """Stones, a flower, a bow or a plate on the front."""
    u = rng.choice([0.25, 0.25, 0.37])
    at, normal = chart.at(u, 0.6, 0.003), chart.normal(u, 0.6)
    kind = rng.integers(4)
    if kind == 0:
        ring = [
            ball(at + 0.014 * np.array([np.cos(a), 0, np.sin(a)]) + normal * 0.001, 0.0036, 6, 8)
            for a in np.linspace(0, 2 * np.pi, 10, endpoint=False)
        ]
        studio.add(
            joined([*ring, ball(at, (0.009, 0.005, 0.009), 8, 10)]).mesh("brooch"),
            studio.material("silver"),
            smooth=False,
        )
    elif kind == 1:
        studio.add(
            rosette(at, normal, 0.032, int(rng.integers(6, 9)), rng).mesh("flower"),
            stuff(studio, "satin", design.accent if rng.random() < 0.4 else shade(design.colour, 0.8)),
            solidify=0.0006,
        )
        studio.add(ball(at + normal * 0.010, 0.006).mesh("pearl"), studio.material("silver"))
    elif kind == 2:
        studio.add(
            ribbon_bow(at, normal, np.array([1.0, 0, 0]), 0.045, 0.03).mesh("bow"),
            stuff(studio, "satin", shade(design.colour, 0.85)),
        )
    else:
        rows = [
            ball(chart.at(0.25 + x, 0.52 + z, 0.0025), 0.0026, 5, 6)
            for x in np.linspace(-0.14, 0.14, 40)
            for z in (0, 0.055)
        ]
        studio.add(joined(rows).mesh("stones"), studio.material("silver"), smooth=False)


def _chain(studio: Studio, body: kit.Body, metal: object) -> None:
    """A thin chain that hangs before the clutch."""
    a, h, b = body.width / 2, body.height, body.depth / 2
    path = smooth_path(
        [
            [-a * 0.8, -0.006, h],
            [-a * 0.78, -b - 0.008, h * 0.75],
            [-a * 0.72, -b - 0.014, h * 0.3],
            [-a * 0.5, -b - 0.02, 0.006],
            [0, -b - 0.03, 0.003],
            [a * 0.5, -b - 0.02, 0.006],
            [a * 0.72, -b - 0.014, h * 0.3],
            [a * 0.78, -b - 0.008, h * 0.75],
            [a * 0.8, -0.006, h],
        ],
        120,
    )
    links = [ball((path[k] + path[k + 1]) / 2, (0.0028, 0.0016, 0.0028), 5, 7) for k in range(119)]
    studio.add(joined(links).mesh("chain"), metal)
