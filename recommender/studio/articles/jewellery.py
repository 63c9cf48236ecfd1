"""Jewellery: earrings, rings, pendants and necklaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _jewel as jewel
from recommender.studio.articles._jewel import METALS, TURN, Kit
from recommender.studio.articles._print import dark_cards, put, surface
from recommender.studio.articles._solid import Array, ball, join, lathe, smooth, superellipse, sweep, tube
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Earrings",
    "Jewellery",
    "Accessories",
    genders={"Women": 1},
    colours={
        "Silver": 12,
        "Gold": 7,
        "White": 0.8,
        "Green": 1,
        "Red": 1,
        "Black": 0.7,
        "Maroon": 0.4,
        "Pink": 0.4,
        "Purple": 0.4,
        "Blue": 0.4,
    },
    patterns={"plain": 1},
    usages={"Casual": 5, "Ethnic": 2},
    seasons={"Summer": 5, "Winter": 3, "Fall": 3},
    price=(6, 60),
    nouns=("Earrings",),
)
def earrings(design: Design, studio: Studio) -> None:
    """Model a pair of earrings, the right one a little lower."""
    rng = studio.rng
    ethnic = design.usage == "Ethnic" or design.baseColour not in METALS
    names = (
        ["bell", "crescent", "flower", "teardrop", "bell"]
        if ethnic
        else ["solitaire", "flower", "teardrop", "ladder", "circle", "crescent", "heart", "hoop"]
    )
    name = str(rng.choice(names))
    size = float(rng.uniform(0.028, 0.042)) if name in ("bell", "crescent") else float(rng.uniform(0.014, 0.03))
    one = Kit()
    if name == "hoop":
        one.add("metal", jewel.hoop(size * 0.6, size * float(rng.uniform(0.03, 0.07))).moved(z=-size * 0.6))
        if rng.random() < 0.5:
            jewel.halo(one, size * 0.6, 30, size * 0.045, 1.0, -size * 0.6)
        turn = float(rng.uniform(25, 50))
        one = one.turned("z", turn)
    else:
        one.take(jewel.MOTIFS[name](size, rng))
    if name not in ("solitaire", "flower", "bell") and rng.random() < 0.7:
        hook = smooth(
            [
                (0, 0, 0),
                (0, 0, size * 0.16),
                (size * 0.1, 0, size * 0.36),
                (size * 0.28, 0.001, size * 0.34),
                (size * 0.34, 0.002, 0),
            ],
            24,
        )
        one.add("metal", tube(hook, size * 0.016, sides=6))
    pair = Kit()
    high = -one.lowest()
    wide = max(float(np.abs(s.points[:, 0]).max()) for solids in one.parts.values() for s in solids)
    apart = wide * float(rng.uniform(1.15, 1.5))
    lower = high * float(rng.choice([0.0, 0.3, 0.45, 0.55]))
    pair.take(one, x=-apart)
    pair.take(one, x=apart, z=-lower)
    pair.place(studio, jewel.materials(design, rng))
    dark_cards(high * 3, strength=0.1)
    studio.view(
        azimuth=0, elevation=float(rng.uniform(0, 6)), fill=float(rng.uniform(0.52, 0.72)), lens=110, shadow=False
    )


@article(
    "Ring",
    "Jewellery",
    "Accessories",
    genders={"Women": 8, "Men": 2},
    colours={"Silver": 7, "Steel": 2, "Gold": 2, "Black": 0.5},
    patterns={"plain": 1},
    usages={"Casual": 8, "Party": 1},
    seasons={"Summer": 5, "Fall": 2, "Winter": 1},
    price=(9, 120),
    nouns=("Ring",),
)
def ring(design: Design, studio: Studio) -> None:
    """Model a finger ring, standing with its head to the side, or a band."""
    rng = studio.rng
    man = design.gender == "Men"
    radius = 0.0098 if man else 0.0084
    kit = Kit()
    kind = "band" if man or rng.random() < 0.2 else str(rng.choice(["head", "head", "row", "wave"]))
    if design.baseColour == "Black" and kind != "band":
        kind = "dome"
    wide = float(rng.uniform(0.005, 0.008)) if kind == "band" else float(rng.uniform(0.0018, 0.003))
    _shank(kit, kind, radius, wide, rng)
    if kind == "head":
        head = jewel.MOTIFS[str(rng.choice(["solitaire", "solitaire", "flower", "heart"]))](
            float(rng.uniform(0.006, 0.011)), rng
        )
        low = head.lowest()
        top = Kit()
        top.take(head, z=-low / 2)
        # The motif faces -y; on the ring it faces away from the finger (+z).
        upright = top.turned("x", -90)
        for name, solids in upright.parts.items():
            kit.add(name, join(solids).moved(z=radius + 0.0024))
        kit.add("metal", lathe([(0.0008, radius), (0.0028, radius + 0.0022)], 12))
    elif kind == "dome":
        kit.add("dark", ball(0.009, 32).scaled(0.85, 1.0, 0.55).moved(z=radius + 0.001))
        kit.add(
            "metal",
            tube(
                np.column_stack(
                    [0.0077 * np.cos(t := np.arange(40) / 40 * TURN), 0.009 * np.sin(t), 0 * t + radius + 0.001]
                ),
                0.0006,
                closed=True,
            ),
        )
    materials = jewel.materials(design, rng)
    if design.baseColour == "Black":
        materials["metal"] = (
            surface((0.7, 0.7, 0.71), 0.18, 1.0) if kind == "dome" else surface((0.018, 0.018, 0.02), 0.25, 0.3)
        )
    if kind == "band" and rng.random() < 0.4:
        kit.turned("x", 90).place(studio, materials)
        studio.view(
            azimuth=float(rng.uniform(-20, 20)),
            elevation=float(rng.uniform(22, 38)),
            fill=float(rng.uniform(0.44, 0.58)),
            lens=100,
            shadow=bool(rng.random() < 0.5),
        )
    else:
        kit.turned("y", -float(rng.uniform(55, 85))).place(studio, materials)
        studio.view(
            azimuth=-float(rng.uniform(46, 62)),
            elevation=float(rng.uniform(2, 14)),
            fill=float(rng.uniform(0.42, 0.55)),
            lens=100,
            shadow=False,
        )
    dark_cards(0.03, strength=0.1)
    low = min(float(np.array([v.co.z for v in o.data.vertices]).min()) for o in studio.objects)
    for part in studio.objects:
        part.location.z -= low


def _shank(kit: Kit, kind: str, radius: float, wide: float, rng: np.random.Generator) -> None:
    """The part round the finger, in the x-z plane with its top at +z."""
    t = np.arange(96) / 96 * TURN
    path = np.column_stack([radius * np.sin(t), 0 * t, radius * np.cos(t)])
    thick = 0.0016 if kind == "band" else 0.0013
    top = np.clip(np.cos(t), 0, 1)
    if kind == "wave":
        path[:, 1] += 0.0013 * np.sin(t * 2) * top
        path[:, 2] += 0.001 * top**8
    body = sweep(
        path,
        superellipse(wide, thick, 3.5 if kind == "band" else 2.4, 16),
        1 + (0.5 * top**4 if kind in ("row", "wave") else 0),
        closed=True,
        up=(0, 0, 1),
    )
    kit.add("metal", body)
    if kind in ("row", "wave"):
        for k in np.flatnonzero(np.cos(t) > np.cos(np.radians(62)))[::3]:
            seat = jewel.stone(wide * 0.44, 6).turned("x", -90).turned("y", np.degrees(t[k]))
            out = path[k] / np.linalg.norm(path[k]) * thick * 0.75
            kit.add("gem", seat.moved(*(path[k] + out)))
    elif kind == "band" and rng.random() < 0.7:
        for side in (-1, 1):
            rim = path * (1 + thick / radius / 2) + (0, side * wide * 0.36, 0)
            kit.add("small" if rng.random() < 0.4 else "metal", tube(rim, wide * 0.05, closed=True, sides=6))


@article(
    "Pendant",
    "Jewellery",
    "Accessories",
    genders={"Women": 12, "Men": 0.6},
    colours={"Silver": 9, "Gold": 4, "Steel": 0.6, "Blue": 0.6, "White": 0.4, "Green": 0.3, "Purple": 0.2, "Red": 0.2},
    patterns={"plain": 1},
    usages={"Casual": 8, "Ethnic": 1},
    seasons={"Summer": 4, "Winter": 2, "Fall": 2},
    price=(9, 70),
    nouns=("Pendant",),
)
def pendant(design: Design, studio: Studio) -> None:
    """Model a pendant on a chain that leaves the frame above, or by itself."""
    rng = studio.rng
    size = float(rng.uniform(0.018, 0.03))
    names = ["solitaire", "flower", "teardrop", "circle", "heart", "ladder"]
    kit = Kit()
    kit.take(jewel.MOTIFS[str(rng.choice(names))](size, rng))
    bail = size * 0.085
    chained = bool(rng.random() < 0.68)
    kit.add("metal", jewel.hoop(bail, bail * 0.3, 1.5).scaled(0.55, 1, 1).moved(z=bail * 1.2))
    materials = jewel.materials(design, rng)
    kit.place(studio, materials)
    if chained:
        reach = -kit.lowest() * float(rng.uniform(0.75, 1.5))
        half = reach * float(rng.uniform(0.30, 0.45))
        way = smooth(
            [
                (-half, 0.002, reach),
                (-half * 0.52, 0, reach * 0.5),
                (-bail * 0.3, 0, bail * 2.2),
                (bail * 0.3, 0, bail * 2.2),
                (half * 0.52, 0, reach * 0.5),
                (half, 0.002, reach),
            ],
            90,
        )
        links = jewel.chain(way, size * float(rng.uniform(0.04, 0.06)), size * 0.009)
        put(studio, links, materials["metal"], "chain")
    dark_cards(size * 3, strength=0.1)
    studio.view(
        azimuth=0,
        elevation=0,
        fill=float(rng.uniform(0.70, 0.95) if chained else rng.uniform(0.40, 0.55)),
        lens=110,
        shadow=False,
    )


@article(
    "Necklace and Chains",
    "Jewellery",
    "Accessories",
    genders={"Women": 1},
    colours={
        "Gold": 4,
        "Silver": 3,
        "Blue": 1.6,
        "Red": 1.2,
        "Brown": 1,
        "Black": 1,
        "Green": 0.8,
        "Pink": 0.6,
        "Orange": 0.4,
        "White": 0.6,
        "Purple": 0.4,
    },
    patterns={"plain": 1},
    usages={"Casual": 8, "Ethnic": 1},
    seasons={"Fall": 4, "Winter": 3, "Summer": 2},
    price=(9, 80),
    nouns=("Necklace",),
)
def necklace(design: Design, studio: Studio) -> None:
    """Model a necklace hanging in a long U: chains, beads, or both, in one to three rows."""
    rng = studio.rng
    kit = Kit()
    rows = int(rng.choice([1, 1, 2, 3]))
    own = design.baseColour in METALS
    kind = str(rng.choice(["chain", "beads", "mixed"])) if own else str(rng.choice(["beads", "beads", "mixed"]))
    drop, half = float(rng.uniform(0.17, 0.24)), float(rng.uniform(0.055, 0.075))
    for row in range(rows):
        deep = drop * (1 - 0.17 * row)
        x = half * (1 - 0.08 * row)
        way = smooth(
            [
                (-x * 0.55, 0.01, 0.0),
                (-x * 0.85, 0.0, -0.04),
                (-x, 0, -deep * 0.5),
                (-x * 0.72, 0, -deep * 0.83),
                (0, 0, -deep),
                (x * 0.72, 0, -deep * 0.83),
                (x, 0, -deep * 0.5),
                (x * 0.85, 0, -0.04),
                (x * 0.55, 0.01, 0.0),
            ],
            160,
        )
        _strand(kit, kind, way, rng)
    neck = smooth(
        [(-half * 0.55, 0.01, 0.0), (-half * 0.2, 0.012, 0.014), (half * 0.2, 0.012, 0.014), (half * 0.55, 0.01, 0.0)],
        30,
    )
    kit.add("metal", jewel.chain(neck, 0.0042, 0.0006))
    if rng.random() < 0.55:
        low = -drop - 0.002
        charm = jewel.MOTIFS[str(rng.choice(["flower", "teardrop", "crescent", "solitaire", "heart"]))](
            float(rng.uniform(0.025, 0.042)), rng
        )
        kit.take(charm, z=low)
    kit.place(studio, jewel.materials(design, rng))
    dark_cards(0.3, strength=0.1)
    studio.view(azimuth=0, elevation=0, fill=float(rng.uniform(0.86, 0.94)), lens=110, shadow=False)


def _strand(kit: Kit, kind: str, way: Array, rng: np.random.Generator) -> None:
    """One row along its path."""
    if kind == "chain":
        pitch = float(rng.uniform(0.006, 0.010))
        kit.add("metal", jewel.chain(way, pitch, pitch * float(rng.uniform(0.15, 0.2))))
        return
    pearl = "pearl" if rng.random() < 0.6 else "gem"
    if kind == "beads":
        jewel.beads(kit, pearl, way, float(rng.uniform(0.0028, 0.0048)), 0.0004)
        return
    pitch = 0.005
    kit.add("metal", jewel.chain(way, pitch, 0.0007))
    step = int(rng.integers(9, 16))
    for k in range(step, len(way) - step // 2, step):
        r = float(rng.uniform(0.003, 0.005))
        kit.add(pearl, ball(r, 14).moved(*way[k]))
