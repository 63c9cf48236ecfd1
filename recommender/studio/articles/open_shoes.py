"""Flip flops and sandals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _shoe as kit
from recommender.studio.articles import _straps as band
from recommender.studio.articles._panels import CREAM, INK, WHITE, light, shade, size, stuff
from recommender.studio.articles._surface import Array, Curve, Real, Shape, joined, smooth_path, stitched, sweep
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

TAN: RGB = (0.36, 0.18, 0.08)


def broad(design: Design, rng: np.random.Generator, sole: float, drop: float, spring: float = 0.006) -> kit.Last:
    """An open shoe's last: wider than a closed one's."""
    women = design.gender in ("Women", "Girls")
    length = size(design.gender, rng) * 0.95
    sole, drop = sole * length / 0.28, drop * length / 0.28
    if length < 0.22:
        return kit.Last(length, 0.041, 0.034, 0.030, sole=sole, drop=drop, toe_spring=spring)
    return kit.Last(
        length,
        ball=rng.uniform(0.043, 0.047) if women else rng.uniform(0.049, 0.053),
        waist=rng.uniform(0.034, 0.042),
        heel=0.034 if women else 0.037,
        toe=rng.uniform(2.1, 2.7),
        sole=sole,
        drop=drop,
        toe_spring=spring,
    )


def footbed(last: kit.Last, lift: float, out: float, hollow: float = 0.0) -> Shape:
    """The upper face of a sole with a place for a print under the heel."""
    flat = last.loop(out)
    shape = kit.lid(np.column_stack([flat, last.top(flat[:, 0]) + lift]), across=15)
    x, y = shape.vertices[:, 0], shape.vertices[:, 1]
    half = np.maximum(np.interp(x, last.sides[1][:, 0], np.abs(last.sides[0][:, 1])), 0.01)
    shape.vertices[:, 2] -= hollow * np.clip(1 - (y / half) ** 2, 0, 1)
    span = 0.085 * last.length / 0.28
    shape.printed = np.stack([(x - 0.27 * last.length) / span + 0.5, (y - 0.002) / span + 0.5], axis=-1)
    return shape


def slab(
    studio: Studio, last: kit.Last, layers: list[tuple[float, RGB]], kind: str, out: float = 0.001, lugs: float = 0.0
) -> None:
    """A sole of ``layers``: (share of its height where a layer ends, colour), lowest first."""
    ground, top = last.ground, last.top
    low = 0.0
    for k, (high, colour) in enumerate(layers):
        first, final = k == 0, k == len(layers) - 1

        def level(share: float, lift: float = 0.0, bottom: bool = False) -> Curve:
            def at(x: Real) -> Array:
                cut = lugs * (np.sin(80 * np.asarray(x) / last.length) > 0.4) if bottom else 0.0
                return ground(x) + cut + (top(x) - ground(x)) * share + lift

            return at

        rings = [
            (-0.006, level(low, 0, first)),
            (out - 0.001, level(low, 0, first)),
            (out, level(low, 0.0008 + lugs)),
            (out, level(high, -0.0009 if final else 0.0)),
            (out - 0.0009, level(high)),
            (-0.006, level(high, 0.0)),
        ]
        studio.add(kit.stack(last, rings).mesh("layer"), stuff(studio, kind, colour))
        low = high


@article(
    "Flip Flops",
    "Flip Flops",
    "Footwear",
    genders={"Men": 9, "Women": 5, "Unisex": 3, "Boys": 1, "Girls": 1},
    colours={
        "Black": 5,
        "Red": 3,
        "Blue": 3,
        "Navy Blue": 2,
        "White": 2,
        "Brown": 2,
        "Green": 2,
        "Pink": 2,
        "Grey": 1,
        "Purple": 1,
        "Yellow": 1,
        "Orange": 1,
    },
    patterns={"plain": 5, "graphic": 3, "striped": 2, "spotted": 1, "plaid": 1},
    usages={"Casual": 1},
    seasons={"Summer": 6, "Fall": 2, "Spring": 1},
    price=(8, 40),
    nouns=("Flip flops", "Thong sandals", "Beach slippers"),
)
def flip_flops(design: Design, studio: Studio) -> None:
    """A foam sole with a printed bed and a Y strap."""
    rng = studio.rng
    last = broad(design, rng, rng.uniform(0.013, 0.02), rng.uniform(0.002, 0.010))
    edge = [INK, shade(design.colour, 0.9), design.accent, WHITE][rng.choice(4, p=[0.35, 0.3, 0.25, 0.1])]
    own = shade(design.colour, 0.95)
    layers = [
        [(1.0, own)],
        [(0.4, edge), (1.0, own)],
        [(0.3, edge), (0.55, WHITE), (1.0, own)],
        [(0.35, own), (0.6, design.accent), (1.0, own)],
    ][rng.integers(4)]
    slab(studio, last, layers, "foam", 0.0012, rng.choice([0.0, 0.0015]))
    bed = footbed(last, 0.0004, 0.0008, rng.uniform(0.0, 0.0015))
    studio.add(bed.mesh("bed"), stuff(studio, "rubber", pattern=studio.pattern(), roughness=0.85))
    if rng.random() < 0.4:
        loop = last.loop(-0.005)
        rim = np.column_stack([loop, last.top(loop[:, 0]) + 0.0006])
        studio.add(sweep(rim, 0.002, 0.0012, None, 6, 2.0, closed=True).mesh("rim"), stuff(studio, "rubber", edge))
    wide, thick = rng.uniform(0.014, 0.028), rng.uniform(0.0035, 0.0055)
    strap_colour = design.accent if rng.random() < 0.45 and light(design.accent) < 0.9 else shade(design.colour, 0.85)
    shape, knot, away = band.thong(
        last, rng.uniform(0.80, 0.84), rng.uniform(0.46, 0.54), rng.uniform(0.48, 0.56), wide, thick
    )
    studio.add(
        shape.mesh("strap"), stuff(studio, ["rubber", "rubber", "canvas", "leather"][rng.integers(4)], strap_colour)
    )
    if design.gender in ("Women", "Girls") and rng.random() < 0.35:
        studio.add(
            band.rosette(knot + away * 0.004, away, 0.022, int(rng.integers(5, 7)), rng).mesh("flower"),
            stuff(studio, "canvas", design.accent),
            solidify=0.0008,
        )
    studio.view(
        azimuth=rng.uniform(33, 48), elevation=rng.uniform(24, 34), fill=rng.uniform(0.84, 0.9), lens=85, shadow=True
    )


@article(
    "Sandals",
    "Sandal",
    "Footwear",
    genders={"Men": 14, "Unisex": 2, "Women": 3, "Boys": 1, "Girls": 1},
    colours={
        "Black": 7,
        "Brown": 6,
        "Grey": 1,
        "Blue": 1,
        "Navy Blue": 1,
        "Olive": 1,
        "Red": 1,
        "Green": 1,
        "White": 1,
        "Pink": 1,
        "Khaki": 1,
        "Tan": 2,
        "Beige": 1,
    },
    patterns={"plain": 1},
    usages={"Casual": 20, "Sports": 1},
    seasons={"Summer": 5, "Fall": 3, "Winter": 1, "Spring": 1},
    price=(18, 80),
    nouns=("Sandals", "Floaters", "Leather sandals"),
)
def sandals(design: Design, studio: Studio) -> None:
    """Trekking sandals with hook-and-loop straps, fisherman sandals, leather slides and thongs."""
    rng = studio.rng
    style = rng.choice(["trek", "fisher", "slide", "thong"], p=[0.5, 0.35, 0.12, 0.03])
    if design.baseColour in ("Brown", "Tan") and style == "trek" and rng.random() < 0.6:
        style = "fisher"
    if style == "trek":
        trek(design, studio, rng)
    else:
        leather(design, studio, str(style), rng)
    shown(studio, rng)


@article(
    "Sports Sandals",
    "Sandal",
    "Footwear",
    genders={"Men": 5, "Women": 4, "Unisex": 1},
    colours={"Black": 8, "Grey": 3, "Navy Blue": 2, "Blue": 1, "Brown": 1, "Olive": 1, "Red": 1},
    patterns={"plain": 1},
    usages={"Casual": 10, "Sports": 3},
    seasons={"Summer": 3, "Fall": 2},
    price=(25, 80),
    nouns=("Sports sandals", "Trekking sandals"),
)
def sports_sandals(design: Design, studio: Studio) -> None:
    """Trekking sandals."""
    trek(design, studio, studio.rng)
    shown(studio, studio.rng)


def shown(studio: Studio, rng: np.random.Generator) -> None:
    """From the toe's side and from above, so that bed and straps are seen, on the line that shops use."""
    studio.view(
        azimuth=rng.uniform(44, 54), elevation=rng.uniform(23, 30), fill=rng.uniform(0.80, 0.85), lens=62, base=0.72
    )


def trek(design: Design, studio: Studio, rng: np.random.Generator) -> None:
    """Two broad hook-and-loop straps and a padded heel strap on a thick lugged sole, open at the sides."""
    last = broad(design, rng, rng.uniform(0.026, 0.032), rng.uniform(0.010, 0.016), 0.018)
    grow = last.length / 0.28
    dark = light(design.colour) < 0.05
    mid = [INK, shade(design.colour, 0.6), design.accent][rng.choice(3, p=[0.55, 0.2, 0.25])]
    upper = INK if rng.random() < 0.6 else shade(design.colour, 0.8)
    slab(studio, last, [(0.35, INK), (0.62, mid), (1.0, upper)], "rubber", 0.003, rng.uniform(0.003, 0.006))
    bed = INK if rng.random() < 0.5 else shade(design.colour, 0.6)
    studio.add(footbed(last, 0.0006, 0.0005, 0.003).mesh("bed"), stuff(studio, "foam", bed))
    loop = last.loop(0.0)
    rim = np.column_stack([loop, last.top(loop[:, 0]) + 0.001])
    studio.add(sweep(rim, 0.006, 0.006, None, 8, 2.0, closed=True).mesh("edge"), stuff(studio, "rubber", upper))
    cloth = stuff(studio, ["canvas", "leather", "suede"][rng.integers(3)], None)
    pale = [(0.30, 0.31, 0.33), design.accent, shade(design.colour, 1.25 if dark else 0.5)]
    under = stuff(studio, "canvas", pale[rng.choice(3, p=[0.35, 0.4, 0.25])])
    wide = rng.uniform(0.028, 0.034) * grow
    toe, high = rng.uniform(0.75, 0.78), rng.uniform(0.36, 0.40)
    taper = wide * (0.85 + 0.15 * np.sin(np.linspace(0, np.pi, 40)))
    plan = [(toe - 0.05, toe + 0.03, taper), (high + 0.01, high, taper * 0.95)]
    if rng.random() < 0.35:  # a third, slanting from the inner toe to the outer waist
        plan.append((rng.uniform(0.50, 0.54), rng.uniform(0.60, 0.66), taper * 0.6))
    edges = [band.strap(last, a, b, w + 0.008, 0.0035, lift=0.0005)[0] for a, b, w in plan]
    main = [band.strap(last, a, b, w, 0.003, lift=0.004)[0] for a, b, w in plan]
    height = rng.uniform(0.056, 0.066) * grow
    edges.append(band.sling(last, high, height, wide + 0.008, 0.006)[0])
    main.append(band.sling(last, high, height, wide * 0.8, 0.010)[0])
    for s in (0, 1):  # a web runs down from the heel strap to the sole, and forwards to the upper strap
        turn = 0.0 if s == 0 else np.pi
        way = 0.55 * np.sin(np.linspace(0, np.pi, 24)) * (1 if s == 0 else -1)
        path, away = band.foot(last, np.linspace(0.12, high + 0.10, 24), turn + way, 0.003)
        main.append(sweep(path, 0.015 * grow, 0.003, away, 10, 4.0))
    studio.add(joined(edges).mesh("binding"), under)
    studio.add(joined(main).mesh("straps"), cloth)
    tab = stuff(studio, "canvas", shade(design.colour, 0.7) if rng.random() < 0.5 else design.accent)
    tabs = [band.strap(last, a, b, w * 0.86, 0.003, start=0.7, end=1.7, lift=0.0075)[0] for a, b, w in plan[:2]]
    studio.add(joined(tabs).mesh("tabs"), tab)
    mark = WHITE if dark or rng.random() < 0.5 else design.accent
    labels = [band.strap(last, a, b, 0.011, 0.0012, start=0.95, end=1.4, lift=0.0095)[0] for a, b, _ in plan[:2]]
    studio.add(joined(labels).mesh("labels"), stuff(studio, "rubber", mark))
    if rng.random() < 0.4:
        loop_up = np.array([[0, 0, 0], [-0.012, 0, 0.016], [-0.002, 0, 0.022], [0.002, 0, 0.002]])
        way = smooth_path(loop_up + np.array([-0.003, 0.0, last.top(0.0) + height]), 20)
        studio.add(sweep(way, 0.012, 0.002, np.array([1.0, 0, 0.2]), 8, 4.0).mesh("pull tab"), tab)


def leather(design: Design, studio: Studio, style: str, rng: np.random.Generator) -> None:
    """Leather bands on a low sole."""
    last = broad(design, rng, rng.uniform(0.012, 0.018), rng.uniform(0.006, 0.014), 0.010)
    under = INK if rng.random() < 0.6 else shade(design.colour, 0.4)
    slab(studio, last, [(0.55, under), (1.0, shade(design.colour, 0.6))], "rubber", 0.002, rng.choice([0.0, 0.002]))
    bed = shade(design.colour, rng.choice([0.6, 0.85])) if rng.random() < 0.8 else TAN
    studio.add(footbed(last, 0.0006, 0.0015, 0.0015).mesh("bed"), stuff(studio, "leather", bed))
    loop = last.loop(-0.003)
    thread = shade(design.colour, 1.5) if light(design.colour) < 0.2 else CREAM
    seam = np.column_stack([loop, last.top(loop[:, 0]) + 0.0012])
    studio.add(
        stitched(np.vstack([seam, seam[:1]]), 0.006, 0.0006).mesh("bed stitches"), stuff(studio, "cotton", thread)
    )
    kind = "suede" if rng.random() < 0.15 else "leather"
    hide = stuff(studio, kind)
    metal = studio.material(["metal", "gold"][rng.integers(2)])
    parts: list[Shape] = []
    seams: list[Shape] = []

    def put(a: float, b: float, w: float | Array, lift: float, bend: float = 0.0) -> tuple[Array, Array]:
        shape, path, away = band.strap(last, a, b, w, 0.003, lift=lift, bend=bend)
        parts.append(shape)
        if np.ndim(w) == 0:
            across = np.cross(
                away, np.gradient(path, axis=0) / np.linalg.norm(np.gradient(path, axis=0), axis=1, keepdims=True)
            )
            for s in (-1, 1):
                seams.append(stitched((path + s * across * (w / 2 - 0.0025) + away * 0.0018)[4:-4], 0.005, 0.0005))
        return path, away

    if style == "thong":
        shape, _, _ = band.thong(
            last,
            rng.uniform(0.80, 0.83),
            rng.uniform(0.44, 0.52),
            rng.uniform(0.46, 0.54),
            rng.uniform(0.026, 0.04),
            0.004,
        )
        parts.append(shape)
    elif style == "slide":
        if rng.random() < 0.5:
            put(0.60, 0.66, 0.075 + 0.02 * np.abs(np.linspace(-1, 1, 40)) ** 2, 0.002, 0.03)
        else:
            put(0.52, 0.78, 0.034, 0.001)
            put(0.78, 0.56, 0.034, 0.0042)
    else:
        for k, at in enumerate(np.linspace(0.56, 0.82, int(rng.integers(3, 5)))):
            put(at - 0.03, at + 0.02, rng.uniform(0.012, 0.018), 0.001 + 0.0004 * k)
        path, away = put(0.40, 0.38, 0.018, 0.002)
        middle = np.array([band.foot(last, x, np.pi / 2 * 0.98, 0.0035)[0] for x in np.linspace(0.42, 0.82, 16)])
        parts.append(sweep(middle, 0.014, 0.003, np.array([0.3, 0, 1.0]), 10, 4.0))
        parts.append(band.sling(last, 0.40, rng.uniform(0.056, 0.066), 0.017, 0.003)[0])
        parts.append(band.counter_cup(last, rng.uniform(0.048, 0.056), rng.uniform(0.2, 0.26), 0.004))
        k = 9
        studio.add(
            band.buckle(path[k] + away[k] * 0.003, path[k + 1] - path[k - 1], away[k], 0.022, 0.026, 0.0018).mesh(
                "buckle"
            ),
            metal,
        )
    studio.add(joined(parts).mesh("bands"), hide)
    if seams:
        studio.add(joined(seams).mesh("seams"), stuff(studio, "cotton", thread))
