"""Duffel bags and laptop bags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import INK, light, shade, stuff
from recommender.studio.articles._surface import Chart, Shape, joined, smooth_path, stitched, sweep, unit
from recommender.studio.articles.bags import long_strap, zip_top
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

FRONT = np.array([0.0, -1.0, 0.0])
BASE = 0.82  # the line of the frame on which shops stand their bags
DESK = 0.79  # and that of their laptop bags


def cloth_of(studio: Studio, kind: str, colour: RGB | None = None) -> Any:
    """Leather, or nylon with its gloss and creases, which show the form of a black bag."""
    if kind == "leather":
        return studio.material("leather", colour, wrinkle=2.5)
    return studio.material("canvas", colour, roughness=0.46, wrinkle=3.0, sheen=0.0, bump=0.7)


def webbing(chart: Chart, u: float, low: float, high: float, width: float) -> Shape:
    """A band of webbing sewn up the front at ``u`` from v ``low`` to ``high``."""
    low_edge = np.array([[u - width, low], [u + width, low]])
    high_edge = np.array([[u - width, high], [u + width, high]])
    return chart.sheet(low_edge, high_edge, 0.002, 16)


@article(
    "Duffel Bag",
    "Bags",
    "Accessories",
    genders={"Unisex": 10, "Women": 1, "Men": 2},
    colours={
        "Black": 6,
        "Blue": 3,
        "Olive": 2,
        "Grey": 2,
        "Brown": 2,
        "Red": 2,
        "Green": 1,
        "Navy Blue": 2,
        "Khaki": 1,
        "Orange": 1,
    },
    patterns={"plain": 8, "striped": 1, "graphic": 1},
    usages={"Casual": 10, "Travel": 3, "Sports": 2},
    seasons={"Summer": 4, "Winter": 3, "Fall": 1},
    price=(30, 120),
    nouns=("Duffel bag", "Gym bag", "Weekender"),
)
def duffel_bag(design: Design, studio: Studio) -> None:
    """A long soft bag with webbing that runs up into two handles."""
    rng = studio.rng
    body = kit.Body(
        rng.uniform(0.48, 0.56),
        rng.uniform(0.23, 0.27),
        0.25,
        (0.95, 1.0, 1.0, 0.98, 0.86),
        (0.72, 1.0, 1.0, 0.84, 0.3),
        rng.uniform(3.2, 5.0),
        0.0,
        0.022,
        rng.uniform(0.003, 0.006),
        0,
        design.seed,
    )
    chart = body.chart()
    leather = design.baseColour in ("Brown", "Tan") and design.pattern == "plain"
    cloth = stuff(
        studio, "leather" if leather else "canvas", pattern=studio.pattern(), **({"wrinkle": 2.5} if leather else {})
    )
    side = body.height * 0.5
    studio.add(kit.skin(chart, (-side / 2, side / 2, side * 0.4, side * 1.4)).mesh("body"), cloth)
    dark = [INK, shade(design.colour, 0.5), design.accent][rng.choice(3, p=[0.5, 0.3, 0.2])]
    trim = stuff(studio, "leather" if leather else "canvas", dark)
    metal = studio.material(["metal", "gold"][int(leather)])
    zip_top(studio, chart, metal, cloth, dark)
    at = rng.uniform(0.07, 0.09)
    bands = [webbing(chart, u, 0.03, 0.95, 0.0105) for u in (0.25 - at, 0.25 + at, 0.75 - at, 0.75 + at)]
    rise = rng.uniform(0.07, 0.12)
    for left, right, lean in ((0.25 - at, 0.25 + at, 0.03), (0.75 + at, 0.75 - at, -0.02)):
        path = kit.arch(chart.at(left, 0.93, 0.004), chart.at(right, 0.93, 0.004), rise, lean, 0.3)
        bands.append(sweep(path, 0.028, 0.004, unit(path - path.mean(axis=0)) * [1, 0, 1], 10, 5.0))
    studio.add(joined(bands).mesh("webbing"), trim)
    u = np.linspace(0.02, 0.48, 60)
    if design.pattern == "plain" and rng.random() < 0.5:
        low, high = rng.uniform(0.05, 0.1), rng.uniform(0.28, 0.36)
        part = chart.sheet(np.column_stack([u, 0 * u + low]), np.column_stack([u, 0 * u + high]), 0.0015, 8)
        studio.add(part.mesh("base"), trim)
    if design.pattern != "graphic":
        _pocket(design, studio, chart, metal, rng)
    if rng.random() < 0.7:
        long_strap(studio, body, trim, metal, rng)
    studio.view(
        azimuth=rng.uniform(-9, 9), elevation=rng.uniform(4, 9), fill=rng.uniform(0.76, 0.82), base=BASE, shadow=True
    )


def _pocket(design: Design, studio: Studio, chart: Chart, metal: object, rng: np.random.Generator) -> None:
    """A zipped pocket between the webbing, with a label."""
    u = np.linspace(0.25 - 0.055, 0.25 + 0.055, 24)
    top = rng.uniform(0.55, 0.68)
    part = chart.sheet(np.column_stack([u, 0 * u + 0.2]), np.column_stack([u, 0 * u + top]), 0.004, 10)
    studio.add(part.mesh("pocket"), stuff(studio, "canvas", shade(design.colour, 0.9)))
    path = chart.at(u[1:-1], top - 0.03, 0.005)
    tape, teeth = kit.zipper(path, FRONT, 0.014)
    studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", shade(design.colour, 0.45)))
    studio.add((teeth + kit.puller(path[3], np.array([0.1, 0, -1.0]), FRONT)).mesh("zip"), metal)
    label = kit.plate(chart.at(0.25, 0.4, 0.0045), 0.06, 0.02, 0.0012, 6.0, normal=chart.normal(0.25, 0.4))
    studio.add(label.mesh("label"), stuff(studio, "rubber", design.accent))


@article(
    "Laptop Bag",
    "Bags",
    "Accessories",
    genders={"Unisex": 6, "Men": 2, "Women": 1},
    colours={"Black": 9, "Brown": 4, "Grey": 2, "Beige": 1, "Navy Blue": 1, "Purple": 1, "Red": 1, "Tan": 1},
    patterns={"plain": 1},
    usages={"Casual": 8, "Formal": 2},
    seasons={"Summer": 3, "Fall": 2, "Winter": 1},
    price=(30, 140),
    nouns=("Laptop bag", "Briefcase", "Messenger bag"),
)
def laptop_bag(design: Design, studio: Studio) -> None:
    """A flat office bag of nylon, a leather messenger with a flap, or a sleeve."""
    rng = studio.rng
    width, height, depth = rng.uniform(0.38, 0.42), rng.uniform(0.26, 0.29), rng.uniform(0.07, 0.10)
    leather = design.baseColour in ("Brown", "Tan", "Beige") or rng.random() < 0.25
    kind = "leather" if leather else "canvas"
    cloth = cloth_of(studio, kind)
    panel = kit.Panel(0.0, height / 2, width / 2, height / 2, height / 2, 9.0, 9.0)
    body, face = kit.pack(panel, depth, 0.016, design.seed)
    studio.add(body.mesh("body"), cloth)
    dark = shade(design.colour, 0.6) if rng.random() < 0.6 else INK
    trim = cloth_of(studio, kind, dark)
    metal = studio.material(["metal", "silver", "gold"][rng.integers(3)])
    rim = panel.outline(face, 1.0, 110, lift=0.002)
    studio.add(sweep(rim, 0.005, 0.005, None, 8, 2.0, closed=True).mesh("piping"), trim)
    if rng.random() < 0.15:
        front = _flap(design, studio, panel, face, kind, metal, rng)
    else:
        front = _front_pocket(design, studio, panel, face, kind, metal, rng)
    _handles(studio, face, height, trim, rng)
    if rng.random() < 0.5:
        _strap_across(studio, front, width, height, trim, metal, rng)
    else:
        _strap_down(studio, width, height, depth, trim, metal, rng)
    studio.view(
        azimuth=rng.uniform(-7, 7), elevation=rng.uniform(2, 6), fill=rng.uniform(0.76, 0.83), base=DESK, shadow=True
    )


def _handles(studio: Studio, face: kit.Front, height: float, trim: object, rng: np.random.Generator) -> None:
    """Two handles with a grip, sewn on at the upper edge of the front and the back."""
    wide, rise = rng.uniform(0.06, 0.075), rng.uniform(0.055, 0.09)
    parts: list[Shape] = []
    for y, lean in ((float(face(np.array([wide]), np.array([height * 0.9]))[0]) - 0.003, 0.012), (0.03, -0.012)):
        path = kit.arch(np.array([-wide, y, height - 0.03]), np.array([wide, y, height - 0.03]), rise + 0.03, lean, 0.8)
        parts.append(sweep(path, 0.020, 0.005, FRONT, 10, 4.0))
        parts.append(sweep(path[22:-22], 0.026, 0.016, FRONT, 12, 3.0))
    studio.add(joined(parts).mesh("handles"), trim)


def _flap(
    design: Design,
    studio: Studio,
    panel: kit.Panel,
    face: kit.Front,
    kind: str,
    metal: object,
    rng: np.random.Generator,
) -> kit.Front:
    """A flap over most of the front, held by two straps with buckles; return the new face."""
    share = rng.uniform(0.6, 0.8)
    tall = panel.up * 2 * share
    middle = panel.z + panel.up - tall / 2 + 0.003
    flap = kit.Panel(0.0, middle, panel.half * 1.01, tall / 2, tall / 2, 9.0, 4.5)
    shape, front = kit.stuffed(flap, face, 0.008, 8.0, design.seed + 1, 0.001)
    studio.add(shape.mesh("flap"), cloth_of(studio, kind))
    rim = flap.outline(front, 0.99, 110, lift=0.0015)
    studio.add(
        sweep(rim, 0.004, 0.003, None, 8, 2.0, closed=True).mesh("flap edge"),
        cloth_of(studio, kind, shade(design.colour, 0.6)),
    )
    seam = flap.outline(front, 0.95, 110, lift=0.0015)
    thread = shade(design.colour, 1.5 if light(design.colour) < 0.3 else 0.6)
    studio.add(stitched(seam, 0.006, 0.0007).mesh("flap stitches"), stuff(studio, "cotton", thread))
    straps: list[Shape] = []
    clasps: list[Shape] = []
    for s in (-1, 1):
        x = s * panel.half * 0.52
        z = np.linspace(flap.z - flap.down * 1.25, flap.z - flap.down * 0.1, 14)
        y = np.minimum(front(0 * z + x, z), front(np.array([x]), np.array([flap.z]))[0]) - 0.002
        straps.append(sweep(np.column_stack([0 * z + x, y, z]), 0.024, 0.003, FRONT, 10, 5.0))
        clasps.append(kit.plate(np.array([x, y[2] - 0.002, flap.z - flap.down * 1.05]), 0.03, 0.022, 0.004, 5.0))
    studio.add(joined(straps).mesh("straps"), cloth_of(studio, kind, shade(design.colour, 0.7)))
    studio.add(joined(clasps).mesh("clasps"), metal)
    return front


def _front_pocket(
    design: Design,
    studio: Studio,
    panel: kit.Panel,
    face: kit.Front,
    kind: str,
    metal: object,
    rng: np.random.Generator,
) -> kit.Front:
    """A wide stuffed pocket, perhaps a smaller one on it, each with a zip, and a label; return the new face."""
    tall = panel.up * 2 * rng.uniform(0.6, 0.72)
    pocket = kit.Panel(0.0, 0.014 + tall / 2, panel.half * 0.93, tall / 2, tall / 2, 8.0, 8.0)
    shape, front = kit.stuffed(pocket, face, rng.uniform(0.018, 0.028), 5.0, design.seed + 1, 0.0016)
    tone = 1.0 if rng.random() < 0.6 else 0.8
    studio.add(shape.mesh("pocket"), cloth_of(studio, kind, shade(design.colour, tone)))
    zips = [(pocket.z + pocket.up * 0.84, 0.86, front), (panel.z + panel.up * 0.88, 0.92, face)]
    on = front
    if rng.random() < 0.6:
        low = tall * rng.uniform(0.5, 0.62)
        small = kit.Panel(0.0, 0.018 + low / 2, panel.half * rng.uniform(0.6, 0.88), low / 2, low / 2, 7.0, 7.0)
        shape, on = kit.stuffed(small, front, rng.uniform(0.01, 0.018), 5.0, design.seed + 2, 0.0012)
        studio.add(shape.mesh("small pocket"), cloth_of(studio, kind))
        zips.append((small.z + small.up * 0.8, small.half / panel.half * 0.9, on))
        rim = small.outline(front, 1.0, 90, lift=0.001)
        studio.add(sweep(rim, 0.004, 0.004, None, 8, 2.0, closed=True).mesh("edge"), cloth_of(studio, kind, INK))
    for z, wide, under in zips:
        x = np.linspace(-panel.half * wide, panel.half * wide, 50)
        path = np.column_stack([x, under(x, 0 * x + z) - 0.001, 0 * x + z])
        tape, teeth = kit.zipper(path, FRONT, 0.013)
        studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", INK))
        studio.add(teeth.mesh("zip"), stuff(studio, "plastic", shade(design.colour, 0.5)))
        studio.add(kit.puller(path[4], np.array([0.1, 0, -1.0]), FRONT, 0.03).mesh("puller"), metal)
    at = np.array([rng.choice([0.0, 0.5]) * panel.half, 0.0, pocket.z - 0.1 * pocket.down])
    at[1] = on(at[0], at[2]) - 0.001
    studio.add(
        kit.plate(at, 0.05, 0.018, 0.0014, 6.0).mesh("label"),
        metal if rng.random() < 0.5 else stuff(studio, "rubber", design.accent),
    )
    return on


def _strap_across(
    studio: Studio, front: kit.Front, width: float, height: float, trim: object, metal: object, rng: np.random.Generator
) -> None:
    """The shoulder strap laid slantwise over the front, with a pad where it lies on the shoulder."""
    a, side = width / 2, rng.choice([-1.0, 1.0])
    x = np.linspace(-a * 0.96, a * 0.97, 24)
    z = height * (0.93 - 0.72 * (x + a) / width) - 0.02 * np.sin(np.pi * (x + a) / width)
    y = front(x, z)
    lying = np.column_stack([x, np.minimum(y, np.convolve(np.pad(y, 3, "edge"), np.ones(7) / 7, "valid")) - 0.004, z])
    ends = [[-a - 0.006, 0.0, height * 0.86]], [[a + 0.012, -0.012, height * 0.2], [a + 0.01, 0.0, height * 0.5]]
    path = smooth_path(np.vstack([ends[0], lying, ends[1]]) * [side, 1, 1], 90)
    studio.add(sweep(path, 0.034, 0.004, FRONT, 10, 5.0).mesh("strap"), trim)
    if rng.random() < 0.6:
        studio.add(sweep(path[34:60] - [0, 0.003, 0], 0.05, 0.008, FRONT, 10, 4.0).mesh("shoulder pad"), trim)
    slider = kit.plate(path[20] - [0, 0.004, 0], 0.02, 0.044, 0.003)
    studio.add((slider + kit.d_ring(path[2] + [0, -0.004, 0], 0.016, 0.0026)).mesh("slider"), metal)


def _strap_down(
    studio: Studio, width: float, height: float, depth: float, trim: object, metal: object, rng: np.random.Generator
) -> None:
    """The shoulder strap hanging down at both sides and lying on the floor before the bag."""
    a, b = width / 2, depth / 2
    drop = rng.uniform(0.02, 0.05)
    half = [
        [a, 0.0, height * 0.84],
        [a + 0.02, -b * 0.5, height * 0.62],
        [a + 0.016, -b - 0.03, height * 0.25],
        [a * 0.86, -b - 0.05 - drop * 0.6, 0.022],
    ]
    right = np.array(half)
    path = smooth_path(np.vstack([right * [-1, 1, 1], [[0, -b - 0.06 - drop, 0.018]], right[::-1]]), 90)
    away = unit(np.column_stack([path[:, 0] * 0.5 / a, np.full(90, -0.8), np.full(90, 0.25)]))
    studio.add(sweep(path, 0.030, 0.004, away, 10, 5.0).mesh("strap"), trim)
    studio.add(joined([kit.d_ring(path[k], 0.013, 0.0022) for k in (2, -3)]).mesh("strap rings"), metal)
