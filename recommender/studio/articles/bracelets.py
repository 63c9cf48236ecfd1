"""Bracelets and bangles, lying on their rims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _jewel as jewel
from recommender.studio.articles._jewel import METALS, TURN, Kit
from recommender.studio.articles._print import dark_cards, surface
from recommender.studio.articles._solid import Array, ball, box, lathe, slab, smooth, superellipse, sweep, tube
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

BASE = 0.715  # the line of the frame on which shops lay their bangles


@article(
    "Bracelet",
    "Jewellery",
    "Accessories",
    genders={"Women": 4, "Men": 1.4},
    colours={"Gold": 5, "Silver": 3, "Steel": 2.5, "Black": 1, "Red": 0.3, "Navy Blue": 0.2, "Purple": 0.2},
    patterns={"plain": 1},
    usages={"Casual": 1},
    seasons={"Winter": 1, "Summer": 1},
    price=(8, 70),
    nouns=("Bracelet",),
)
def bracelet(design: Design, studio: Studio) -> None:
    """Model a bracelet lying in a ring."""
    rng = studio.rng
    own = design.baseColour in METALS
    kind = str(rng.choice(["links", "chain", "wire", "plates"])) if own else str(rng.choice(["cord", "beads", "cord"]))
    if own and design.gender == "Men":
        kind = str(rng.choice(["links", "plates", "chain"]))
    clasped = kind in ("links", "plates", "chain", "cord")
    high = 0.006
    way = _laid(0.034, float(rng.uniform(0.026, 0.030)), high, float(rng.uniform(0.05, 0.1)) if clasped else 0.0, rng)
    kit = Kit()
    if kind in ("links", "plates"):
        _plates(kit, way, kind, rng)
    elif kind == "chain":
        kit.add(
            "metal",
            jewel.chain(way, float(rng.uniform(0.009, 0.013)), float(rng.uniform(0.0010, 0.0015))),
        )
    elif kind == "wire":
        kit.add("metal", tube(way, float(rng.uniform(0.0011, 0.002)), closed=True))
        head = jewel.MOTIFS[str(rng.choice(["heart", "flower", "solitaire", "circle"]))](
            float(rng.uniform(0.01, 0.016)), rng
        )
        kit.take(head, x=float(way[60, 0]), y=float(way[60, 1]) - 0.001, z=high - head.lowest() / 2)
    elif kind == "beads":
        jewel.beads(kit, "pearl", np.vstack([way, way[:1]]), float(rng.uniform(0.0034, 0.0048)), 0.0002)
    else:
        kit.add("cord", *_cord(way, rng))
        plate = smooth([way[k] for k in (51, 55, 60, 65, 69)], 24)
        kit.add("metal", sweep(plate, superellipse(0.0068, 0.0078, 3.5, 20), 1.0))
    if clasped:
        _clasp(kit, way)
    materials = jewel.materials(design, rng)
    materials["cord"] = studio.material("leather", scale=0.4)
    kit.place(studio, materials)
    low = kit.lowest()
    for part in studio.objects:
        part.location.z -= low
    dark_cards(0.08, strength=0.1)
    studio.view(
        azimuth=float(rng.uniform(-12, 12)),
        elevation=float(rng.uniform(22, 30)),
        fill=float(rng.uniform(0.66, 0.74)),
        lens=90,
        shadow=bool(rng.random() < 0.2),
        base=0.69,
    )


def _laid(a: float, b: float, high: float, gap: float, rng: np.random.Generator) -> Array:
    """Path (120, 3) of a bracelet laid down: not quite an ellipse, its ends behind, ``gap`` of its length apart."""
    t = np.pi + TURN * (gap / 2 + (1 - gap) * np.arange(120) / (119 if gap else 120))
    p, q = rng.uniform(0, TURN, 2)
    r = 1 + (0.03 * np.sin(2 * t + p) + 0.025 * np.sin(3 * t + q) if gap else 0.0)
    return np.column_stack([a * r * np.sin(t), -b * r * np.cos(t), 0 * t + high])


def _clasp(kit: Kit, way: Array) -> None:
    """A ring at one end and a hook at the other, lying open."""
    for end, before, size in ((way[0], way[3], 0.0032), (way[-1], way[-4], 0.0042)):
        out = (end - before) / np.linalg.norm(end - before)
        ring = (
            jewel.hoop(size, size * 0.26, 1.3)
            .turned("x", 90)
            .turned("z", float(np.degrees(np.arctan2(out[1], out[0]))))
        )
        kit.add("metal", ring.moved(*(end + out * size * 1.1)))
    kit.add("metal", ball(0.0016, 10).moved(*way[-1]))


def _cord(way: Array, rng: np.random.Generator) -> list:
    """Plaited leather: three strands round each other, or one thick cord."""
    if rng.random() < 0.35:
        return [tube(way, 0.0028, sides=14)]
    s = np.linspace(0, 1, 360)
    base = np.column_stack([np.interp(s, np.linspace(0, 1, len(way)), way[:, k]) for k in range(3)])
    out = base * (1, 1, 0)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    strands = []
    for k in range(3):
        phase = TURN * (24 * s + k / 3)
        path = base + out * (0.0016 * np.cos(phase))[:, None] + np.column_stack([0 * s, 0 * s, 0.0022 * np.sin(phase)])
        strands.append(tube(path, 0.0017, sides=8))
    return strands


def _plates(kit: Kit, way: Array, kind: str, rng: np.random.Generator) -> None:
    """Flat links one after another, joined by wire loops."""
    n = int(rng.choice([14, 18, 22])) if kind == "links" else int(rng.choice([9, 11]))
    length = TURN * 0.030 / n
    tall = float(rng.uniform(0.007, 0.012))
    power = float(rng.choice([2.0, 2.6, 6.0]))
    for k in range(n):
        i = (k + 0.5) * len(way) / n
        p = np.array([np.interp(i, np.arange(len(way)), way[:, j]) for j in range(3)])
        angle = float(np.degrees(np.arctan2(p[0], -p[1])))
        share = 0.78 if kind == "links" else 0.86
        plate = slab(superellipse(length * share, tall, power, 28), 0.0022, 0.0007)
        kit.add("metal", plate.turned("z", angle).moved(*p))
        if (k % 2 == 0 and kind == "links") or rng.random() < 0.2:
            kit.add("gem", jewel.stone(tall * 0.22).moved(y=-0.0014).turned("z", angle).moved(*p))
        j = i + len(way) / n / 2
        q = np.array([np.interp(j, np.arange(len(way)), way[:, m]) for m in range(3)])
        for z in (-0.25, 0.25) if k < n - 1 else ():
            bar = box(length * 0.5, tall * 0.16, tall * 0.05, 2)
            kit.add(
                "metal",
                slab(bar, 0.0014, 0.0003)
                .turned("z", float(np.degrees(np.arctan2(q[0], -q[1]))))
                .moved(*(q + np.array([0, 0, z * tall]))),
            )


@article(
    "Bangle",
    "Jewellery",
    "Accessories",
    genders={"Women": 6, "Men": 1},
    colours={
        "Gold": 4,
        "Silver": 2.2,
        "Steel": 1.6,
        "Black": 1.4,
        "Green": 0.7,
        "White": 0.6,
        "Red": 0.5,
        "Purple": 0.5,
        "Blue": 0.5,
        "Orange": 0.4,
        "Yellow": 0.4,
        "Brown": 0.4,
    },
    patterns={"plain": 1},
    usages={"Casual": 5, "Ethnic": 1},
    seasons={"Summer": 4, "Winter": 2, "Fall": 1},
    price=(6, 60),
    nouns=("Bangle",),
)
def bangle(design: Design, studio: Studio) -> None:
    """Model a bangle lying down: a broad band, a round ring or a set of thin ones."""
    rng = studio.rng
    kit = Kit()
    own = design.baseColour in METALS
    r = 0.032
    kind = (
        str(rng.choice(["band", "round", "set"], p=[0.25, 0.3, 0.45]))
        if own
        else str(rng.choice(["band", "round", "band"]))
    )
    if kind == "band":
        tall, fat = float(rng.uniform(0.014, 0.028)), float(rng.uniform(0.0025, 0.006))
        outer = [(r + fat * (1 - (2 * k - 1) ** 2), tall * k) for k in np.linspace(0, 1, 15)]
        sides = int(rng.choice([72, 72, 12]))
        kit.add("body", lathe([*outer, (r - 0.0016, tall), (r - 0.0016, 0), outer[0]], sides))
        if rng.random() < 0.5:
            kit.add(
                "metal", *(tube(_ring_path(r + fat * 0.15, z), 0.0007, closed=True) for z in (tall * 0.04, tall * 0.96))
            )
    elif kind == "round":
        kit.add("body", tube(_ring_path(r, 0.004), float(rng.uniform(0.0018, 0.005)), closed=True, sides=18))
        if rng.random() < 0.4:
            for a in np.arange(0, 360, 30.0):
                kit.add("small", jewel.stone(0.0014, 8).moved(y=-r - 0.0035).turned("z", a).moved(z=0.004))
    else:
        for k in range(int(rng.integers(2, 5))):
            path = _ring_path(r + float(rng.uniform(-0.0006, 0.0006)), 0.0)
            path[:, 2] += (
                0.0042 * k + 0.0012 * np.sin(np.arange(len(path)) / len(path) * TURN + rng.uniform(0, 6)) + 0.003
            )
            path[:, :2] += rng.uniform(-0.0016, 0.0016, 2)
            kit.add("body", tube(path, 0.0014 if k % 2 else 0.0019, closed=True))
            if rng.random() < 0.6:
                jewel.beads(kit, "body", path * (1.03, 1.03, 1), 0.0009, 0.0012)
    materials = jewel.materials(design, rng)
    materials["body"] = (
        materials["metal"] if own else surface(design.colour, float(rng.uniform(0.12, 0.35)), 0.0, Coat_Weight=0.5)
    )
    kit.place(studio, materials)
    low = kit.lowest()
    for part in studio.objects:
        part.location.z -= low
    dark_cards(0.08, strength=0.1)
    studio.view(
        azimuth=float(rng.uniform(-10, 10)),
        elevation=float(rng.uniform(18, 28)),
        fill=float(rng.uniform(0.56, 0.76)),
        lens=90,
        shadow=bool(rng.random() < 0.2),
        base=BASE,
    )


def _ring_path(radius: float, z: float) -> Array:
    """Circle lying at height ``z``."""
    t = np.arange(96) / 96 * TURN
    return np.column_stack([radius * np.sin(t), -radius * np.cos(t), 0 * t + z])
