"""Bottles to drink from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import INK, PAPER, brand, css, picture, printed, put, surface, text
from recommender.studio.articles._solid import Solid, join, lathe, smooth, tube, wrap
from recommender.studio.articles._vessel import ink_on, svg_page, turned_box
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio


@article(
    "Water Bottle",
    "Water Bottle",
    "Accessories",
    genders={"Unisex": 7, "Men": 4},
    colours={"Black": 3, "Blue": 3, "Purple": 2, "Red": 2, "Pink": 1, "Yellow": 1, "White": 1, "Green": 1, "Orange": 1},
    patterns={"plain": 1},
    usages={"Casual": 1, "Sports": 1},
    seasons={"Fall": 3, "Summer": 3},
    price=(6, 29),
    nouns=("Water bottle", "Sipper"),
)
def water_bottle(design: Design, studio: Studio) -> None:
    """Model a sports bottle with a grip and a domed cap, or a metal flask with a loop."""
    rng = studio.rng
    kind = str(rng.choice(["sport", "flask"], p=[0.8, 0.2]))
    r, high = float(rng.uniform(0.031, 0.034)), float(rng.uniform(0.155, 0.175))
    profile = _body(kind, r, high, rng)
    gloss = {"Coat_Weight": 0.6, "Coat_Roughness": 0.12} if kind == "flask" else {"Coat_Weight": 0.2}
    put(
        studio, lathe(profile, 72), surface(design.colour, 0.3 if kind == "flask" else 0.38, 0.0, **gloss), "bottle", 30
    )
    neck = max(x for x, z in profile if z > high - 0.004)
    pale = [PAPER, design.colour, design.accent][int(rng.integers(3))]
    tone = INK if rng.random() < 0.6 else pale
    if kind == "flask":
        put(studio, _loop_cap(neck, high), surface(tone, 0.35), "cap", 30)
    else:
        put(studio, _sport_cap(neck, high), surface(tone, 0.34, 0.0, Coat_Weight=0.3), "cap", 30)
        if rng.random() < 0.5:  # a sleeve to hold it by
            hold = [(x + 0.0006, z) for x, z in profile if 0.66 * high < z < 0.93 * high]
            put(studio, lathe(hold, 72), surface(tone, 0.55), "sleeve", 30)
        put(studio, _spout(high), surface(INK if tone is not INK or rng.random() < 0.6 else PAPER, 0.35), "spout", 30)
    _print(studio, design, profile, high)
    studio.view(
        azimuth=float(rng.uniform(-5, 5)),
        elevation=float(rng.uniform(2, 7)),
        fill=float(rng.uniform(0.8, 0.86)),
        lens=95,
        shadow=False,
    )


def _body(kind: str, r: float, high: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Profile of the body."""
    foot = [(0, 0.002), (r * 0.8, 0.0), (r * 0.93, 0.0015), (r, 0.008)]
    if kind == "flask":
        shoulder = smooth([(1, 0.72), (0.99, 0.8), (0.82, 0.9), (0.5, 0.955), (0.44, 1.0)], 20)
        return [*foot, *[(r * k, high * z) for k, z in shoulder], (0, high)]
    z = np.linspace(0.06, 0.95, 110)
    at, deep = float(rng.uniform(0.56, 0.68)), float(rng.uniform(0.06, 0.1))
    waist = 1 - deep * np.exp(-(((z - at) / 0.028) ** 4))
    rings = 1 - 0.016 * ((np.sin(z * 62) > 0.55) & (z > at + 0.07)) if rng.random() < 0.7 else 1.0
    body = [(r * k, high * s) for k, s in zip(waist * rings, z, strict=True)]
    return [*foot, *body, (r * 0.97, high * 0.97), (r * 0.93, high), (0, high)]


def _sport_cap(neck: float, high: float) -> Solid:
    """Screw cap with grip ribs and a big dome."""
    wide = neck * 1.07
    top = [(1.0, 0.018), (0.98, 0.026), (0.86, 0.036), (0.62, 0.043), (0.36, 0.046)]
    ring = [
        (0, high - 0.001),
        (wide, high - 0.001),
        (wide, high + 0.013),
        *[(wide * k, high + z) for k, z in smooth(top, 20)],
        (0, high + 0.046),
    ]
    cap = lathe(ring, 72)
    angle = np.arctan2(cap.points[:, 1], cap.points[:, 0])
    grip = (cap.points[:, 2] < high + 0.0135) & (np.hypot(cap.points[:, 0], cap.points[:, 1]) > wide * 0.9)
    cap.points[grip, :2] *= (1 - 0.014 * (np.cos(angle[grip] * 36) > 0))[:, None]
    return cap


def _spout(high: float) -> Solid:
    """Push-pull valve on top of the cap."""
    outline = [(0.0115, 0.044), (0.0115, 0.05), (0.009, 0.052), (0.009, 0.058), (0.0118, 0.06), (0.0112, 0.066)]
    return lathe([*[(x, high + z) for x, z in outline], (0, high + 0.067)], 40)


def _loop_cap(neck: float, high: float) -> Solid:
    """Screw stopper with a carrying loop."""
    stopper = lathe(turned_box(neck * 1.1, 0.017, 0.0008, 0.002, high - 0.001), 48)
    w = neck * 0.8
    loop = smooth(
        [
            (-w, 0, high + 0.012),
            (-w * 1.05, 0, high + 0.03),
            (-w * 0.5, 0, high + 0.042),
            (w * 0.5, 0, high + 0.042),
            (w * 1.05, 0, high + 0.03),
            (w, 0, high + 0.012),
        ],
        30,
    )
    return join([stopper, tube(loop, 0.0036, sides=12)])


def _print(studio: Studio, design: Design, profile: list[tuple[float, float]], high: float) -> None:
    """Brand across the body or up along it."""
    rng = studio.rng
    ink = css(ink_on(design.colour, rng))
    word = brand(rng)
    if rng.random() < 0.5:
        body = f'<g transform="rotate(-90 200 250)">{text(word, 200, 275, 64, ink, weight=1.3, fit=400)}</g>'
    else:
        body = text(word, 200, 250, 62, ink, weight=1.4, fit=250)
        if rng.random() < 0.6:
            mark = css(design.accent)
            body += f'<path d="M150 130L200 60L250 130H222L200 100L178 130Z" fill="{mark}"/>'
    if rng.random() < 0.3:
        body += f'<rect x="0" y="440" width="400" height="26" fill="{css(design.accent)}"/>'
    side = np.array(profile[3:-1])
    z = np.linspace(high * 0.08, high * 0.56, 24)
    label = wrap(list(zip(np.interp(z, side[:, 1], side[:, 0]) + 0.0005, z, strict=True)), 150, 40)
    put(studio, label, printed(picture(svg_page(400, 500, body), 512), rough=0.4), "print", 90)
