"""Wallets, belts and clutches."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import CREAM, INK, light, shade, stuff
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
    tube,
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


# -- belts -----------------------------------------------------------------------------------


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


# -- clutches --------------------------------------------------------------------------------


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
    style = rng.integers(3)
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
    chart = body.chart()
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
        shift=(0.0, rng.uniform(-0.18, -0.04)),
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
