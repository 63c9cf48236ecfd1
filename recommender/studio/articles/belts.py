"""Belts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import CREAM, INK, light, shade, stuff
from recommender.studio.articles._straps import buckle
from recommender.studio.articles._surface import (
    UP,
    Array,
    ball,
    joined,
    smooth_path,
    stitched,
    sweep,
    unit,
)
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

FRONT = np.array([0.0, -1.0, 0.0])


@article(
    "Belts",
    "Belts",
    "Accessories",
    genders={"Men": 10, "Women": 5},
    colours={
        "Black": 9,
        "Brown": 7,
        "Red": 1,
        "White": 1,
        "Beige": 1,
        "Purple": 1,
        "Blue": 1,
        "Grey": 1,
        "Navy Blue": 1,
        "Tan": 2,
        "Olive": 1,
        "Green": 1,
        "Pink": 1,
    },
    patterns={"plain": 10, "striped": 1},
    usages={"Casual": 6, "Formal": 1},
    seasons={"Summer": 5, "Winter": 2, "Fall": 1},
    price=(12, 60),
    nouns=("Belt", "Leather belt"),
)
def belts(design: Design, studio: Studio) -> None:
    """A belt standing on its edge in a coil, the buckle in front."""
    rng = studio.rng
    women = design.gender == "Women"
    wide = rng.uniform(0.02, 0.034) if women else rng.uniform(0.032, 0.042)
    radius, turns, step = rng.uniform(0.082, 0.095), rng.uniform(1.55, 2.2), rng.uniform(0.0042, 0.0055)
    start = np.radians(rng.uniform(-108, -92))
    turn = np.linspace(0, 2 * np.pi * turns, int(90 * turns))
    r = radius - step * turn / (2 * np.pi)
    r = r + 0.0012 * np.sin(2 * turn + rng.uniform(0, 6)) + 0.0007 * np.sin(3 * turn)
    path = np.column_stack(
        [
            r * np.cos(start - turn),
            r * np.sin(start - turn) * rng.uniform(0.94, 1.0),
            0 * r + wide * 0.66 + 0.0006 * np.sin(turn),
        ]
    )
    out = unit(path * [1, 1, 0])
    kind = (
        "suede"
        if rng.random() < 0.12
        else ("canvas" if design.pattern != "plain" or rng.random() < 0.12 else "leather")
    )
    hide = stuff(
        studio, kind, pattern=studio.pattern(), **({"bump": rng.uniform(0.6, 2.0)} if kind == "leather" else {})
    )
    thick = 0.0034
    band = sweep(path, wide, thick, out, 14, 8.0)
    studio.add(band.mesh("belt"), hide)
    lining = sweep(path - out * thick * 0.42, wide * 0.96, 0.0009, out, 8, 8.0)
    studio.add(
        lining.mesh("lining"),
        stuff(
            studio,
            "suede",
            [shade(design.colour, 0.85), (0.33, 0.16, 0.06), CREAM, INK][rng.choice(4, p=[0.5, 0.25, 0.1, 0.15])],
        ),
    )
    if kind == "leather" and rng.random() < 0.65:
        thread = stuff(
            studio,
            "cotton",
            CREAM if rng.random() < 0.35 else shade(design.colour, 1.4 if light(design.colour) < 0.1 else 0.65),
        )
        rows = [
            stitched((path + out * thick * 0.52 + UP * s * (wide / 2 - 0.003))[3:95], 0.005, 0.0004) for s in (-1, 1)
        ]
        studio.add(joined(rows).mesh("seams"), thread)
    holes = [
        kit.ring(path[k] - out[k] * thick * 0.5, out[k], 0.0024, 0.0011, 12)
        for k in range(len(path) - 46, len(path) - 8, 8)
    ]
    holes += [
        ball(path[k] - out[k] * thick * 0.45, (0.0016, 0.0016, 0.0022), 6, 8)
        for k in range(len(path) - 46, len(path) - 8, 8)
    ]
    studio.add(joined(holes).mesh("holes"), stuff(studio, "leather", INK))
    _buckle(design, studio, path, out, wide, thick, hide, rng)
    studio.view(
        azimuth=rng.uniform(-6, 6), elevation=rng.uniform(15, 23), fill=rng.uniform(0.78, 0.86), lens=85, shadow=True
    )


def _buckle(
    design: Design,
    studio: Studio,
    path: Array,
    out: Array,
    wide: float,
    thick: float,
    hide: object,
    rng: np.random.Generator,
) -> None:
    """Frame, prong, the tongue end that passes under them, and the keeper loop."""
    metal = studio.material(["metal", "silver", "gold", "metal"][rng.integers(4)])
    first, along = path[0], unit((path[1] - path[0]) * [1, 1, 0])
    away = unit(np.cross(along, UP))
    away = away if away[1] < 0 else -away
    forward = -along  # towards the right of the picture
    long_ = wide * rng.uniform(0.9, 1.35)
    square = rng.choice([3.0, 6.0, 8.0, 2.2])
    wire = rng.uniform(0.0022, 0.0036)
    centre = first + away * 0.0062 + forward * long_ * 0.42
    studio.add(buckle(centre, forward, away, long_, wide * rng.uniform(1.18, 1.3), wire, square).mesh("buckle"), metal)
    if rng.random() < 0.25:  # a plate instead of an open frame
        studio.add(
            kit.plate(centre + away * 0.001, long_ * 0.98, wide * 1.25, 0.003, square, -away).mesh("plate"), metal
        )
    bent = [
        first - forward * 0.02 + away * 0.001,
        first + away * 0.0015,
        centre - away * 0.002,
        centre + forward * long_ * 0.9 + away * 0.0005,
    ]
    r = float(np.hypot(*first[:2]))
    base = np.arctan2(first[1], first[0])
    for k in range(1, 7):  # the end runs on round the coil
        a = base + (long_ * 1.3 + 0.012 * k) / r
        bent.append(np.array([(r + 0.004) * np.cos(a), (r + 0.004) * np.sin(a), first[2]]))
    tongue = smooth_path(bent, 60)
    width = wide * np.where(
        np.linspace(0, 1, 60) > 0.93, np.sqrt(np.clip(1 - ((np.linspace(0, 1, 60) - 0.93) / 0.075) ** 2, 0.05, 1)), 1.0
    )
    normal = unit(np.column_stack([tongue[:, 0] * 0.9, tongue[:, 1], 0 * tongue[:, 0]]))
    studio.add(sweep(tongue, width, thick, normal, 14, 8.0).mesh("end"), hide)
    k = 34
    for j in [k] if rng.random() < 0.6 else [k, k + 9]:
        loop_path = np.array([tongue[j - 1] + normal[j] * 0.0012, tongue[j + 3] + normal[j] * 0.0012])
        studio.add(
            sweep(loop_path, wide * 1.10, thick * 2.2, normal[[j, j]], 14, 8.0).mesh("keeper"),
            metal if rng.random() < 0.2 else hide,
        )
    if rng.random() < 0.4:
        at = tongue[k + 14] + normal[k + 14] * 0.002
        studio.add(ball(at, 0.0032).mesh("stud"), metal)
