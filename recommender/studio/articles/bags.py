"""Handbags and backpacks."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import CREAM, INK, light, shade, stuff
from recommender.studio.articles._straps import buckle
from recommender.studio.articles._surface import (
    Array,
    Chart,
    Shape,
    grid,
    joined,
    line,
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
    "Handbags",
    "Bags",
    "Accessories",
    genders={"Women": 24, "Unisex": 1},
    colours={
        "Black": 6,
        "Brown": 6,
        "Blue": 3,
        "Red": 3,
        "Purple": 2,
        "Beige": 3,
        "Pink": 2,
        "Green": 2,
        "Grey": 2,
        "White": 2,
        "Olive": 1,
        "Maroon": 1,
        "Orange": 1,
        "Yellow": 1,
        "Tan": 2,
    },
    patterns={"plain": 12, "striped": 1, "plaid": 1, "spotted": 1, "graphic": 1},
    usages={"Casual": 20, "Formal": 1, "Party": 1},
    seasons={"Summer": 5, "Winter": 4, "Fall": 1},
    price=(30, 180),
    nouns=("Handbag", "Tote", "Shoulder bag", "Satchel"),
)
def handbags(design: Design, studio: Studio) -> None:
    """Totes, satchels, hobos and bowling bags with their handles up."""
    rng = studio.rng
    names = ["tote", "shopper"] if design.pattern != "plain" and rng.random() < 0.6 else list(HANDBAGS)
    style = names[rng.integers(len(names))]
    width, height, depth, widths, depths, square, dip, droop = HANDBAGS[style]
    cloth = design.pattern != "plain" or (style in ("tote", "shopper", "hobo") and rng.random() < 0.25)
    stiff = rng.random() < 0.35
    body = kit.Body(
        width * rng.uniform(0.92, 1.06),
        height * rng.uniform(0.9, 1.12),
        depth,
        widths,
        depths,
        square,
        dip,
        droop,
        rng.uniform(0.0012, 0.002) if stiff else rng.uniform(0.003, 0.006),
        int(rng.integers(5, 9)) if not stiff and style in ("dome", "hobo", "bowling") and rng.random() < 0.4 else 0,
        design.seed,
    )
    chart = body.chart()
    side = body.height * 0.62
    low = body.height * 0.16
    hide = "canvas" if cloth else str(rng.choice(["leather", "patent", "suede"], p=[0.82, 0.12, 0.06]))
    main = stuff(
        studio, hide, pattern=studio.pattern(), **({"wrinkle": 2.5} if not stiff and hide == "leather" else {})
    )
    studio.add(kit.skin(chart, (-side / 2, side / 2, low, low + side)).mesh("body"), main)
    trim_colour = _trim(design, rng, cloth)
    trim = stuff(studio, "leather", trim_colour)
    metal = studio.material(["gold", "silver", "gold", "metal"][rng.integers(4)])
    if style in ("tote", "shopper"):
        studio.add(kit.inside(chart).mesh("lining"), stuff(studio, "cotton", shade(trim_colour, 0.6)))
        studio.add(kit.edge_roll(chart).mesh("edge"), trim)
    else:
        _zip_top(studio, chart, metal, main, trim_colour)
    _handles(studio, body, chart, style, trim, metal, rng)
    _front(design, studio, body, chart, trim, metal, cloth, rng)
    if style != "hobo" and rng.random() < 0.28:
        _long_strap(studio, body, trim, metal, rng)
    studio.view(
        azimuth=rng.uniform(-14, 14), elevation=rng.uniform(3, 10), fill=rng.uniform(0.78, 0.88), lens=85, shadow=True
    )


def _trim(design: Design, rng: np.random.Generator, cloth: bool) -> RGB:
    """Handles and edges: the bag's own leather, or brown, black or the second colour."""
    if cloth or rng.random() < 0.2:
        return [design.accent, (0.12, 0.05, 0.02), INK, (0.33, 0.15, 0.05)][rng.integers(4)]
    return shade(design.colour, rng.uniform(0.75, 1.0))


def _zip_top(studio: Studio, chart: Chart, metal: object, main: object, colour: RGB) -> None:
    """A lid with a zip along it."""
    studio.add(kit.closed_top(chart).mesh("top"), main)
    edge = chart.points[:, -1]
    half = len(edge) // 2
    front, back = edge[: half + 1], np.vstack([edge[:1], edge[: half - 1 : -1]])
    path = (front + back)[2:-2] / 2 + [0, 0, 0.001]
    tape, teeth = kit.zipper(smooth_path(path[::6], 50), np.array([0, -0.3, 1.0]), 0.016)
    studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", shade(colour, 0.6)))
    studio.add(teeth.mesh("zip"), metal)
    studio.add(kit.puller(path[-4] + [0, -0.004, 0.002], np.array([0.3, -0.6, -1.0]), FRONT).mesh("puller"), metal)


def _handles(
    studio: Studio, body: kit.Body, chart: Chart, style: str, trim: object, metal: object, rng: np.random.Generator
) -> None:
    """One shoulder strap (hobo) or two handles, with the tabs and rings that hold them."""
    straps: list[Shape] = []
    rings: list[Shape] = []
    tabs: list[Shape] = []
    threads: list[Shape] = []
    if style == "hobo":
        top = chart.points[:, -1]
        left, right = top[np.argmin(top[:, 0])], top[np.argmax(top[:, 0])]
        path = kit.arch(
            left + [0.012, 0, -0.005], right + [-0.012, 0, -0.005], rng.uniform(0.16, 0.24), 0.01, rng.uniform(0.1, 0.4)
        )
        straps.append(sweep(path, rng.uniform(0.02, 0.035), 0.006, np.array([0, 0, 1.0]), 12, 4.0))
        rings += [
            kit.d_ring(left + [0.008, -0.004, 0], 0.013, 0.0022),
            kit.d_ring(right + [-0.008, -0.004, 0], 0.013, 0.0022),
        ]
    else:
        spread, rise = (
            rng.uniform(0.045, 0.065),
            rng.uniform(0.11, 0.22) if style != "satchel" else rng.uniform(0.09, 0.14),
        )
        rounded = rng.random() < 0.6
        reach, flat = rng.uniform(0.80, 0.93), rng.uniform(0.1, 0.7)
        thick = rng.uniform(0.009, 0.013)
        for face in (-1, 1):
            anchors = []
            for sign in (-1, 1):
                u = 0.25 + sign * spread if face < 0 else 0.75 - sign * spread
                anchors.append(chart.at(u, reach, 0.004))
                low = reach - rng.uniform(0.15, 0.17)
                w = 0.011 if rounded else 0.014
                tabs.append(
                    chart.sheet(
                        np.array([[u - w * 0.7, low], [u + w * 0.7, low]]),
                        np.array([[u - w * 0.7, reach], [u + w * 0.7, reach]]),
                        0.003,
                        9,
                    )
                )
                if rounded:
                    rings.append(kit.d_ring(chart.at(u, reach, 0.006), 0.010, 0.0018))
                edge = np.array([[u - w * 0.5, low + 0.02], [u - w * 0.5, reach - 0.02]])
                threads += [chart.stitches(edge, 0.0036), chart.stitches(edge + [w, 0], 0.0036)]
            left, right = anchors
            path = kit.arch(
                left,
                right,
                rise * (1 if face < 0 else rng.uniform(0.93, 1.05)),
                -face * rng.uniform(-0.01, 0.012),
                flat,
            )
            if rounded:
                straps.append(sweep(path, thick, thick, None, 10, 2.0))
            else:
                straps.append(
                    sweep(
                        path,
                        0.024,
                        0.005,
                        unit(path - path.mean(axis=0) * [1, 1, 0] - [0, 0, path[:, 2].min()]) * [1, 0, 1],
                        12,
                        5.0,
                    )
                )
    studio.add(joined(straps).mesh("handles"), trim)
    if tabs:
        studio.add(joined(tabs).mesh("tabs"), trim)
        studio.add(
            joined(threads).mesh("tab stitches"),
            stuff(studio, "cotton", CREAM if rng.random() < 0.5 else shade(studio.design.colour, 0.6)),
        )
    if rings:
        studio.add(joined(rings).mesh("rings"), metal)


def _front(
    design: Design,
    studio: Studio,
    body: kit.Body,
    chart: Chart,
    trim: object,
    metal: object,
    cloth: bool,
    rng: np.random.Generator,
) -> None:
    """What sits on the front: pocket, belt with a buckle, flap tab, panels, plate, tag."""
    own = (
        stuff(studio, "canvas" if cloth else "leather", shade(design.colour, 0.93))
        if design.pattern == "plain"
        else trim
    )
    rows: list[Shape] = []
    free = design.pattern not in ("graphic",)
    u0, u1 = rng.uniform(0.10, 0.14), rng.uniform(0.36, 0.40)
    style = rng.integers(6) if free else 5
    if style == 0:  # a pocket with a zip
        u0, u1, v0, v1 = 0.145, 0.355, rng.uniform(0.12, 0.2), rng.uniform(0.5, 0.6)
        u = np.linspace(u0, u1, 30)
        pocket = chart.sheet(np.column_stack([u, 0 * u + v0]), np.column_stack([u, 0 * u + v1]), 0.004, 12)
        studio.add(pocket.mesh("pocket"), own)
        path = chart.at(u[1:-1], v1 - 0.02, 0.005)
        tape, teeth = kit.zipper(path, FRONT, 0.012)
        studio.add(tape.mesh("zip tape"), stuff(studio, "canvas", shade(design.colour, 0.5)))
        studio.add((teeth + kit.puller(path[3], np.array([0.1, 0, -1.0]), FRONT)).mesh("zip"), metal)
        rows.append(
            chart.stitches(
                np.array([[u0 + 0.005, v1], [u0 + 0.005, v0 + 0.02], [u1 - 0.005, v0 + 0.02], [u1 - 0.005, v1]]), 0.005
            )
        )
    elif style == 1:  # a belt round the bag
        v = rng.uniform(0.5, 0.7)
        u = np.linspace(0.02, 0.48, 60)
        studio.add(
            chart.sheet(np.column_stack([u, 0 * u + v]), np.column_stack([u, 0 * u + v + 0.11]), 0.003, 6).mesh("belt"),
            trim,
        )
        at, n = chart.at(0.25, v + 0.055, 0.005), chart.normal(0.25, v + 0.055)
        studio.add(buckle(at, np.array([1.0, 0, 0]), n, 0.045, 0.042, 0.0026).mesh("buckle"), metal)
        rows += [chart.stitches(np.column_stack([u, 0 * u + v + k]), 0.0036) for k in (0.012, 0.098)]
    elif style == 2:  # a tab over the top with a lock
        for low, wide in ((0.55, 0.018),):
            studio.add(
                chart.sheet(
                    np.array([[0.25 - wide, low], [0.25 + wide, low]]),
                    np.array([[0.25 - wide, 0.99], [0.25 + wide, 0.99]]),
                    0.003,
                    12,
                ).mesh("tab"),
                trim,
            )
            studio.add(kit.plate(chart.at(0.25, low + 0.09, 0.004), 0.026, 0.03, 0.005, 5.0).mesh("lock"), metal)
            rows += [
                chart.stitches(
                    np.array([[0.25 + s * (wide - 0.004), low + 0.02], [0.25 + s * (wide - 0.004), 0.97]]), 0.0036
                )
                for s in (-1, 1)
            ]
    elif style == 3:  # side panels and bottom in the trim
        v = rng.uniform(0.22, 0.34)
        u = np.linspace(-0.25, 0.75, 140)
        part = chart.sheet(np.column_stack([u, 0 * u + 0.03]), np.column_stack([u, 0 * u + v]), 0.002, 8)
        studio.add(part.mesh("base"), trim)
        rows.append(chart.stitches(np.column_stack([u[35:107], 0 * u[35:107] + v - 0.02]), 0.003))
    elif style == 4:  # curved seams
        for s in (-1, 1):
            c = line(
                (0.25 + s * 0.05, 0.98),
                (0.25 + s * 0.09, 0.6),
                (0.25 + s * 0.15, 0.35),
                (0.25 + s * 0.2, 0.2),
                count=40,
            )
            studio.add(chart.cord(c, 0.0016, 0.0004).mesh("piping"), trim)
            rows += [chart.stitches(c + [0.006 * s, 0], 0.001)]
    for u in (u0 - 0.075, u1 + 0.075):  # side seams
        studio.add(chart.cord(line((u, 0.04), (u, 0.5), (u, 0.98)), 0.0018, 0.0004).mesh("seam"), own)
    if rng.random() < 0.5 and style not in (1, 2):
        at = chart.at(0.25 if rng.random() < 0.6 else 0.33, rng.uniform(0.68, 0.8), 0.002)
        studio.add(kit.plate(at, 0.034, 0.011, 0.002, 8.0, normal=chart.normal(0.25, 0.7)).mesh("plate"), metal)
    if rng.random() < 0.25:
        studio.add(
            kit.tag(chart.at(0.25 - 0.055, 0.84, 0.010), rng.uniform(0.035, 0.055), design.seed).mesh("tag"), trim
        )
    if rows:
        thread = CREAM if light(design.colour) < 0.25 and rng.random() < 0.6 else shade(design.colour, 0.6)
        studio.add(joined(rows).mesh("stitches"), stuff(studio, "cotton", thread))


def _long_strap(studio: Studio, body: kit.Body, trim: object, metal: object, rng: np.random.Generator) -> None:
    """A shoulder strap that hangs from both sides and lies on the floor before the bag."""
    a, b, h = body.width / 2, body.depth / 2, body.height
    drop = rng.uniform(0.03, 0.07)
    points = [
        [-a * 0.93, 0, h * 0.8],
        [-a - 0.018, -b * 0.4, h * 0.6],
        [-a - 0.012, -b - 0.012, h * 0.3],
        [-a * 0.8, -b - drop * 0.8, 0.016],
        [0, -b - drop - 0.02, 0.012],
        [a * 0.8, -b - drop * 0.8, 0.016],
        [a + 0.012, -b - 0.012, h * 0.3],
        [a + 0.018, -b * 0.4, h * 0.6],
        [a * 0.93, 0, h * 0.8],
    ]
    path = smooth_path(points, 90)
    away = unit(np.column_stack([path[:, 0] * 0.5 / a, np.full(90, -0.8), np.full(90, 0.25)]))
    studio.add(sweep(path, 0.016, 0.003, away, 10, 5.0).mesh("strap"), trim)
    studio.add(joined([kit.d_ring(path[k], 0.010, 0.002) for k in (2, -3)]).mesh("strap rings"), metal)


# -- backpacks -----------------------------------------------------------------------------


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
