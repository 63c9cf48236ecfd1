"""Backpacks."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import INK, shade, stuff
from recommender.studio.articles._surface import (
    Array,
    Shape,
    grid,
    joined,
    smooth_path,
    sweep,
    unit,
)
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

FRONT = np.array([0.0, -1.0, 0.0])
HANDBAGS = {  # width, height, depth (m), widths, depths, squareness, dip, droop
    "tote": (0.36, 0.27, 0.12, (0.86, 0.90, 0.94, 0.97, 1.0), (0.95, 0.95, 0.8, 0.62, 0.5), 5.0, 0.012, 0.0),
    "dome": (0.36, 0.25, 0.15, (0.97, 1.0, 0.97, 0.86, 0.60), (0.95, 1.0, 0.9, 0.62, 0.16), 4.0, 0.0, 0.022),
    "satchel": (0.34, 0.23, 0.14, (1.0, 1.0, 0.96, 0.91, 0.86), (1.0, 1.0, 0.85, 0.55, 0.2), 5.0, 0.0, 0.004),
    "hobo": (0.38, 0.25, 0.13, (0.62, 0.94, 1.0, 0.95, 0.82), (0.85, 1.0, 0.9, 0.55, 0.14), 2.8, 0.055, 0.0),
    "bowling": (0.37, 0.21, 0.15, (0.97, 1.0, 1.0, 0.98, 0.88), (0.9, 1.0, 1.0, 0.8, 0.25), 4.0, 0.0, 0.018),
    "shopper": (0.32, 0.30, 0.11, (0.97, 0.98, 0.98, 0.99, 1.0), (1.0, 0.95, 0.8, 0.65, 0.5), 6.0, 0.006, 0.0),
}


@article(
    "Backpacks",
    "Bags",
    "Accessories",
    genders={"Unisex": 20, "Men": 3, "Women": 3, "Girls": 1, "Boys": 1},
    colours={
        "Black": 9,
        "Blue": 4,
        "Grey": 3,
        "Red": 3,
        "Navy Blue": 2,
        "Green": 2,
        "Pink": 1,
        "Olive": 1,
        "Brown": 1,
        "Purple": 1,
        "Orange": 1,
    },
    patterns={"plain": 10, "graphic": 2, "striped": 1, "plaid": 1, "spotted": 1},
    usages={"Casual": 9, "Sports": 1, "Travel": 1},
    seasons={"Summer": 5, "Winter": 3, "Fall": 2, "Spring": 1},
    price=(25, 110),
    nouns=("Backpack", "Rucksack", "Daypack"),
)
def backpacks(design: Design, studio: Studio) -> None:
    """Day packs from the front: zipped main room, front pocket, side pockets, grab handle."""
    rng = studio.rng
    half, height = rng.uniform(0.135, 0.165), rng.uniform(0.40, 0.47)
    mid = height * rng.uniform(0.50, 0.64)
    panel = kit.Panel(0.0, mid, half, height - mid, mid, rng.uniform(2.1, 2.9), rng.uniform(5.0, 7.0))
    depth = rng.uniform(0.15, 0.19)
    soft = rng.uniform(0.03, 0.045)
    cloth = "canvas"
    body, face = kit.pack(panel, depth, soft, design.seed)
    plain = design.pattern == "plain"
    base = stuff(studio, cloth, pattern=None if design.pattern == "graphic" else studio.pattern(), roughness=0.7)
    studio.add(body.mesh("body"), base)
    dark = shade(design.colour, 0.55) if rng.random() < 0.5 else INK
    trim_colour = design.accent if rng.random() < 0.4 else dark
    trim = stuff(studio, cloth, trim_colour)
    metal = stuff(studio, "metal", (0.3, 0.3, 0.31)) if rng.random() < 0.5 else studio.material("metal")
    _main_zip(studio, panel, face, trim_colour, metal, rng)
    face = _pockets(design, studio, panel, face, trim, trim_colour, metal, rng, plain)
    _carriers(studio, panel, depth, height, design, dark, rng)
    studio.view(
        azimuth=rng.uniform(-20, 20), elevation=rng.uniform(3, 9), fill=rng.uniform(0.70, 0.82), lens=85, shadow=True
    )


def _main_zip(
    studio: Studio, panel: kit.Panel, face: kit.Front, colour: RGB, metal: object, rng: np.random.Generator
) -> None:
    """The zip round the main room, and piping at the edge."""
    span = (np.pi * -0.06, np.pi * 1.06)
    path = panel.outline(face, 0.93, 90, span, 0.002)
    normal = unit(
        np.column_stack(
            [0.7 * (path[:, 0] - panel.x) / panel.half, -np.ones(90), 0.7 * (path[:, 2] - panel.z) / panel.up]
        )
    )
    tape, teeth = kit.zipper(path, normal, 0.013)
    studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", shade(colour, 0.5)))
    studio.add(teeth.mesh("zip"), stuff(studio, "plastic", shade(colour, 0.35)))
    k = int(rng.integers(52, 70))
    along = path[k + 1] - path[k]
    studio.add(
        (
            kit.puller(path[k], -along + [0, 0, -0.004], FRONT, 0.03)
            + kit.puller(path[k - 4], along + [0, 0, -0.004], FRONT, 0.03)
        ).mesh("pullers"),
        metal,
    )


def _pockets(
    design: Design,
    studio: Studio,
    panel: kit.Panel,
    face: kit.Front,
    trim: object,
    colour: RGB,
    metal: object,
    rng: np.random.Generator,
    plain: bool,
) -> kit.Front:
    """One or two stuffed pockets on the front, with their zips, piping and a label."""
    height = panel.up + panel.down
    style = rng.integers(4)
    main = stuff(studio, "canvas", pattern=studio.pattern(), roughness=0.7)
    second = stuff(
        studio,
        "canvas",
        design.accent if rng.random() < 0.3 and plain else shade(design.colour, rng.choice([0.8, 1.1])),
    )
    tops = [rng.uniform(0.46, 0.56)] if style != 2 else [rng.uniform(0.66, 0.74), rng.uniform(0.34, 0.42)]
    if style == 3 or design.pattern == "graphic":
        tops = [rng.uniform(0.74, 0.82)]
    for k, top in enumerate(tops):
        z0, z1 = 0.035 * height / 0.43, height * top
        middle = z0 + (z1 - z0) * 0.55
        pocket = kit.Panel(
            0.0, middle, panel.half * rng.uniform(0.80, 0.88), z1 - middle, middle - z0, rng.uniform(2.6, 4.5), 6.0
        )
        bulge = rng.uniform(0.022, 0.032) * (1 if k == 0 else 0.8)
        shape, new = kit.stuffed(
            pocket, face, bulge, 5.0, design.seed + k, 0.0022, print_on=design.pattern == "graphic", grow=0.35
        )
        studio.add(shape.mesh("pocket"), second if plain and k == len(tops) - 1 and rng.random() < 0.5 else main)
        rim = pocket.outline(face, 1.0, 100, (0, 2 * np.pi - 1e-6), 0.002)
        studio.add(sweep(rim, 0.005, 0.005, None, 6, 2.0).mesh("piping"), trim)
        path = pocket.outline(new, 0.93, 60, (np.pi * 0.08, np.pi * 0.92), 0.0015)
        normal = unit(np.column_stack([0.5 * path[:, 0] / pocket.half, -np.ones(60), 0.9 + 0 * path[:, 2]]))
        tape, teeth = kit.zipper(path, normal, 0.012)
        studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", shade(colour, 0.5)))
        studio.add(teeth.mesh("zip"), stuff(studio, "plastic", shade(colour, 0.35)))
        studio.add(
            kit.puller(path[12], path[14] - path[12] + np.array([0, 0, -0.01]), FRONT, 0.03).mesh("puller"), metal
        )
        face = new if k == 0 else face
        if k == 0 and design.pattern != "graphic" and rng.random() < 0.8:
            at = np.array(
                [rng.choice([0.0, -0.45]) * pocket.half, 0.0, middle + (z1 - middle) * rng.uniform(-0.3, 0.3)]
            )
            at[1] = new(at[0], at[2]) - 0.001
            studio.add(kit.plate(at, 0.045, 0.016, 0.0012, 6.0).mesh("label"), stuff(studio, "rubber", design.accent))
        if plain and k == 0 and rng.random() < 0.35:
            _stripes(design, studio, pocket, new, rng)
    return face


def _stripes(design: Design, studio: Studio, pocket: kit.Panel, face: kit.Front, rng: np.random.Generator) -> None:
    """Two or three bands printed across the pocket."""
    lean = rng.uniform(-0.5, 0.5) * pocket.half
    x0 = rng.uniform(-0.5, 0.4) * pocket.half
    bands = []
    for k in range(int(rng.integers(2, 4))):
        z = np.linspace(pocket.z - pocket.down * 0.86, pocket.z + pocket.up * 0.72, 40)
        x = x0 + k * 0.022 + lean * (z - pocket.z) / pocket.up
        keep = pocket.share(x, z) < 0.86
        path = np.column_stack([x, face(x, z) - 0.0004, z])[keep]
        if len(path) > 5:
            bands.append(sweep(path, 0.012, 0.0016, FRONT, 8, 5.0))
    if bands:
        studio.add(joined(bands).mesh("bands"), stuff(studio, "canvas", design.accent))


def _carriers(
    studio: Studio, panel: kit.Panel, depth: float, height: float, design: Design, dark: RGB, rng: np.random.Generator
) -> None:
    """Grab handle, the shoulder straps where they show at the sides, and side pockets of mesh."""
    webbing = stuff(studio, "canvas", dark)
    back = depth / 2 - 0.01
    wide = rng.uniform(0.035, 0.05)
    loop = smooth_path(
        [
            [-wide, back, height - 0.012],
            [-wide * 0.85, back, height + 0.040],
            [0, back - 0.004, height + 0.062],
            [wide * 0.85, back, height + 0.040],
            [wide, back, height - 0.012],
        ],
        30,
    )
    studio.add(sweep(loop, 0.022, 0.006, unit(loop - [0, back, height - 0.02]), 10, 4.0).mesh("handle"), webbing)
    straps, pockets = [], []
    for s in (-1, 1):
        out = panel.half * rng.uniform(1.08, 1.24)
        path = smooth_path(
            [
                [s * 0.07, back + 0.02, height * 0.9],
                [s * out * 0.92, back + 0.045, height * 0.62],
                [s * out, back + 0.045, height * 0.36],
                [s * out * 1.02, back + 0.02, height * 0.18],
                [s * panel.half * 0.96, back, height * 0.07],
            ],
            40,
        )
        straps.append(sweep(path, np.linspace(0.06, 0.022, 40), 0.010, np.array([s * 0.8, -0.6, 0.2]), 10, 4.0))
        turn = np.linspace(-0.5, 0.5, 16)
        z = np.linspace(0.03, height * rng.uniform(0.34, 0.42), 12)
        zz, tt = np.meshgrid(z, turn, indexing="ij")
        share = (zz - z[0]) / (z[-1] - z[0])
        x = panel.half * 1.02 + 0.020 * np.cos(np.pi * tt) * (0.3 + 0.7 * np.sin(np.pi * (0.15 + 0.75 * share)))
        pockets.append(_side(np.stack([s * x, tt * depth * 0.92, zz], -1), s))
    studio.add(joined(straps).mesh("shoulder straps"), webbing)
    studio.add(
        joined(pockets).mesh("side pockets"),
        stuff(studio, "mesh", shade(dark, 0.9) if rng.random() < 0.5 else shade(design.colour, 0.8)),
    )


def _side(points: Array, sign: int) -> Shape:
    return grid(points, flip=sign < 0)
