"""Wallets and purses."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import CREAM, light, shade, stuff
from recommender.studio.articles._straps import buckle, ribbon_bow, rosette
from recommender.studio.articles._surface import (
    UP,
    Array,
    Shape,
    ball,
    grid,
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


def leaf(
    width: float, height: float, thick: float, radius: float, bulge: float, seed: int, print_on: bool = False
) -> Shape:
    """A soft flat case in the plane y = 0, from x = 0 and z = 0, stuffed ``bulge`` metres, with rounded corners."""
    n = 2 + 0.7 * min(width, height) / radius
    panel = kit.Panel(width / 2, height / 2, width / 2, height / 2, height / 2, n, n)

    def front(x: Array, z: Array) -> Array:
        return np.full(np.shape(x), -thick / 2)

    face, _ = kit.stuffed(panel, front, bulge, 3.0, seed, 0.0008, print_on)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    rings = []
    for y, grow in (
        (-thick / 2 + 0.001, 1.0),
        (-thick / 4, 1.004),
        (0.0, 1.004),
        (thick / 4, 1.004),
        (thick / 2, 1.0),
        (thick / 2 + bulge * 0.6, 0.9),
        (thick / 2 + bulge * 0.7, 0.01),
    ):
        x, z = panel.edge(turn, grow)
        rings.append(np.column_stack([x, np.full(120, y), z]))
    printed = face.printed
    whole = face + grid(np.stack(rings, 1), True, flip=True)
    if printed is not None:
        whole.printed = np.vstack([printed, np.full((len(whole.vertices) - len(printed), 2), -3.0)])
    return whole


def turned(shape: Shape, angle: float, pivot: Array) -> Shape:
    """The shape turned about the upright axis through ``pivot`` by ``angle`` radians."""
    c, s = np.cos(angle), np.sin(angle)
    p = shape.vertices - pivot
    spun = np.column_stack([c * p[:, 0] - s * p[:, 1], s * p[:, 0] + c * p[:, 1], p[:, 2]]) + pivot
    return Shape(spun, shape.faces, shape.uv, shape.printed)


def frame_seam(width: float, height: float, inset: float, y: float) -> Shape:
    """Stitches round a rectangle on the front."""
    a, b = inset, width - inset
    c, d = inset, height - inset
    corners = np.array([[a, y, d], [a, y, c], [b, y, c], [b, y, d], [a, y, d]])
    path = np.vstack([np.linspace(corners[k], corners[k + 1], 20) for k in range(4)])
    return stitched(path, 0.0035, 0.00035)


@article(
    "Wallets",
    "Wallets",
    "Accessories",
    genders={"Women": 10, "Men": 12, "Unisex": 1},
    colours={
        "Black": 8,
        "Brown": 8,
        "Purple": 2,
        "Red": 2,
        "Pink": 2,
        "Blue": 2,
        "Green": 1,
        "Grey": 1,
        "Beige": 1,
        "Olive": 1,
        "Maroon": 1,
        "Tan": 2,
        "Orange": 1,
    },
    patterns={"plain": 10, "striped": 1, "spotted": 1},
    usages={"Casual": 15, "Formal": 1},
    seasons={"Summer": 5, "Winter": 3, "Fall": 1},
    price=(15, 70),
    nouns=("Wallet", "Bifold wallet", "Purse"),
)
def wallets(design: Design, studio: Studio) -> None:
    """Bifolds standing a little open for men; long flap and zip purses for women."""
    rng = studio.rng
    if design.gender == "Women" and rng.random() < 0.85:
        purse(design, studio, rng)
    else:
        bifold(design, studio, rng)


def bifold(design: Design, studio: Studio, rng: np.random.Generator) -> None:
    """Two leaves hinged at the left, open by a few degrees."""
    tall = rng.random() < 0.15
    width, height = (0.088, 0.108) if tall else (rng.uniform(0.108, 0.120), rng.uniform(0.086, 0.094))
    hide = stuff(
        studio,
        "leather",
        pattern=studio.pattern(),
        roughness=rng.uniform(0.4, 0.6),
        wrinkle=1.6,
        bump=rng.uniform(0.6, 2.0),
    )
    thick, angle = 0.006, np.radians(rng.uniform(11, 22))
    front = leaf(width, height, thick, 0.007, 0.0022, design.seed)
    back = turned(
        leaf(width * 1.0, height, thick, 0.007, 0.002, design.seed + 1).moved((0, 0.009, 0)),
        angle,
        np.array([0, 0.009, 0]),
    )
    studio.add(joined([front, back]).mesh("leaves"), hide)
    inner = leaf(width * 0.97, height * 0.95, 0.0025, 0.006, 0.0004, design.seed + 2).moved((0.002, 0.0035, 0.001))
    second = turned(
        leaf(width * 0.95, height * 0.9, 0.002, 0.006, 0.0004, design.seed + 3).moved((0.002, 0.006, 0.001)),
        angle * 0.75,
        np.array([0, 0.006, 0]),
    )
    studio.add(
        joined([inner, second]).mesh("inside"),
        stuff(studio, "leather", shade(design.colour, 0.7) if rng.random() < 0.75 else design.accent),
    )
    z = np.linspace(0.002, height - 0.002, 14)
    spine = sweep(np.column_stack([0 * z + 0.0015, 0 * z + 0.0045, z]), 0.013, 0.008, np.array([-1.0, 0, 0]), 12, 2.6)
    studio.add(spine.mesh("spine"), hide)
    y = -thick / 2 - 0.0026
    contrast = rng.random() < 0.3
    thread = stuff(
        studio, "cotton", CREAM if contrast else shade(design.colour, 1.35 if light(design.colour) < 0.1 else 0.65)
    )
    studio.add(frame_seam(width, height, 0.0045, y + 0.0008).mesh("seam"), thread)
    if rng.random() < 0.35 and design.pattern == "plain":
        zz = height * rng.uniform(0.35, 0.65)
        x = np.linspace(0.004, width - 0.004, 30)
        strip = sweep(
            np.column_stack([x, 0 * x + y + 0.0004, zz + 0.1 * (x - width / 2) * rng.choice([0, 1])]),
            rng.uniform(0.004, 0.018),
            0.0012,
            FRONT,
            8,
            5.0,
        )
        studio.add(
            strip.mesh("strip"),
            stuff(studio, "leather", design.accent if rng.random() < 0.6 else shade(design.colour, 0.7)),
        )
    if rng.random() < 0.4:
        at = np.array([width * 0.82, y + 0.0006, height * 0.16])
        studio.add(
            kit.plate(at, 0.016, 0.006, 0.0008, 6.0).mesh("mark"),
            stuff(studio, "leather", shade(design.colour, 0.5)) if rng.random() < 0.6 else studio.material("metal"),
        )
    studio.view(
        azimuth=rng.uniform(-6, 8), elevation=rng.uniform(11, 18), fill=rng.uniform(0.64, 0.78), lens=85, shadow=True
    )


def purse(design: Design, studio: Studio, rng: np.random.Generator) -> None:
    """A long purse: a flap with a clasp, a bow or a buckle, or a zip round it."""
    width, height = rng.uniform(0.17, 0.195), rng.uniform(0.085, 0.105)
    if rng.random() < 0.3:
        width = rng.uniform(0.125, 0.14)
    kind = ["leather", "leather", "patent", "canvas"][rng.integers(4)]
    cloth = stuff(
        studio,
        kind,
        pattern=studio.pattern(),
        **({"wrinkle": 2.0, "bump": rng.uniform(0.8, 2.4)} if kind == "leather" else {}),
    )
    thick = 0.018
    studio.add(leaf(width, height, thick, 0.008, 0.002, design.seed).mesh("body"), cloth)
    metal = studio.material(["gold", "silver"][rng.integers(2)])
    y = -thick / 2 - 0.002
    thread = stuff(
        studio,
        "cotton",
        CREAM if rng.random() < 0.35 else shade(design.colour, 1.3 if light(design.colour) < 0.1 else 0.65),
    )
    if rng.random() < 0.3:  # a zip along the top
        path = smooth_path(
            [
                [0.001, 0, height * 0.5],
                [0.004, 0, height - 0.004],
                [width / 2, 0, height + 0.0012],
                [width - 0.004, 0, height - 0.004],
                [width + 0.001, 0, height * 0.5],
            ],
            70,
        )
        tape, teeth = kit.zipper(path, unit(path - [width / 2, 0, height * 0.3]), 0.010)
        studio.add(tape.mesh("tape"), stuff(studio, "canvas", shade(design.colour, 0.6)))
        studio.add((teeth + kit.puller(path[3], np.array([-0.4, 0, -1.0]), FRONT, 0.028)).mesh("zip"), metal)
        studio.add(frame_seam(width, height, 0.007, y).mesh("seam"), thread)
        studio.add(
            kit.plate(np.array([width / 2, y - 0.0004, height * 0.45]), 0.05, 0.014, 0.001, 8.0).mesh("plate"),
            stuff(studio, "leather", shade(design.colour, 0.8)),
        )
    else:
        share = rng.uniform(0.52, 0.72)
        flap = leaf(width * 1.004, height * share, 0.004, 0.014, 0.0022, design.seed + 4).moved(
            (-0.002 * width, -thick / 2 - 0.0016, height * (1 - share) + 0.002)
        )
        studio.add(flap.mesh("flap"), cloth)
        fy, low = -thick / 2 - 0.0066, height * (1 - share)
        seam = frame_seam(width, height * share, 0.006, fy + 0.001).moved((0, 0, low + 0.002))
        studio.add(seam.mesh("seam"), thread)
        _clasp(
            design,
            studio,
            np.array([width * rng.choice([0.5, 0.5, 0.75]), fy - 0.001, low + 0.012]),
            height,
            metal,
            rng,
        )
    studio.view(
        azimuth=rng.uniform(-8, 8), elevation=rng.uniform(6, 13), fill=rng.uniform(0.80, 0.88), lens=85, shadow=True
    )


def _clasp(design: Design, studio: Studio, at: Array, height: float, metal: object, rng: np.random.Generator) -> None:
    """What closes or decorates the flap."""
    style = rng.integers(5)
    own = stuff(studio, "leather", shade(design.colour, 0.8))
    across = np.array([1.0, 0, 0])
    if style == 0:
        studio.add(kit.plate(at, 0.02, 0.014, 0.003, 4.0).mesh("clasp"), metal)
    elif style == 1:
        z = np.linspace(-0.014, height * 0.45, 12)
        strap = np.column_stack([at[0] + 0 * z, at[1] + 0 * z, at[2] + z])
        studio.add(sweep(strap, 0.02, 0.002, FRONT, 10, 5.0).mesh("tab"), own)
        studio.add(buckle(at + [0, -0.002, 0.006], UP, FRONT, 0.024, 0.030, 0.0016).mesh("buckle"), metal)
    elif style == 2:
        studio.add(
            ribbon_bow(at + [0, -0.001, 0.014], FRONT, across, 0.024, 0.015).mesh("bow"),
            stuff(studio, "satin", shade(design.colour, 0.9)),
        )
    elif style == 3:
        studio.add(rosette(at + [0, -0.001, 0.014], FRONT, 0.02, 6, rng).mesh("flower"), own, solidify=0.0006)
    else:
        studio.add(ball(at + [0, -0.001, 0], (0.006, 0.003, 0.006)).mesh("stud"), metal)
