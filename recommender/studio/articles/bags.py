"""Handbags."""

# ruff: noqa: RUF005 (arrays are added here, not joined)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _bag as kit
from recommender.studio.articles._panels import CREAM, INK, light, shade, stuff
from recommender.studio.articles._straps import buckle
from recommender.studio.articles._surface import (
    Chart,
    Shape,
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
        zip_top(studio, chart, metal, main, trim_colour)
    _handles(studio, body, chart, style, trim, metal, rng)
    _front(design, studio, body, chart, trim, metal, cloth, rng)
    if style != "hobo" and rng.random() < 0.28:
        long_strap(studio, body, trim, metal, rng)
    studio.view(
        azimuth=rng.uniform(-14, 14), elevation=rng.uniform(3, 10), fill=rng.uniform(0.78, 0.88), lens=85, shadow=True
    )


def _trim(design: Design, rng: np.random.Generator, cloth: bool) -> RGB:
    """Handles and edges: the bag's own leather, or brown, black or the second colour."""
    if cloth or rng.random() < 0.2:
        return [design.accent, (0.12, 0.05, 0.02), INK, (0.33, 0.15, 0.05)][rng.integers(4)]
    return shade(design.colour, rng.uniform(0.75, 1.0))


def zip_top(studio: Studio, chart: Chart, metal: object, main: object, colour: RGB) -> None:
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
    for at_u in (u0 - 0.075, u1 + 0.075):  # side seams
        studio.add(chart.cord(line((at_u, 0.04), (at_u, 0.5), (at_u, 0.98)), 0.0018, 0.0004).mesh("seam"), own)
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


def long_strap(studio: Studio, body: kit.Body, trim: object, metal: object, rng: np.random.Generator) -> None:
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
