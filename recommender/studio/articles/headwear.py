"""Caps: baseball caps of six panels with a curved peak, and knitted beanies, seen from the front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import INK, PAPER, brand, css, luminance, mix, picture, printed, put, text
from recommender.studio.articles._solid import Array, Solid, ball, grid, join, smooth, tube
from recommender.studio.design import RGB, Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

TURN = 2 * np.pi


@article(
    "Caps",
    "Headwear",
    "Accessories",
    genders={"Unisex": 5, "Men": 4, "Women": 1},
    colours={
        "Black": 7,
        "Blue": 4,
        "Red": 3,
        "Navy Blue": 2.5,
        "White": 2,
        "Grey": 1.5,
        "Purple": 0.8,
        "Green": 0.9,
        "Pink": 0.5,
        "Olive": 0.5,
        "Beige": 0.5,
        "Maroon": 0.4,
        "Orange": 0.3,
        "Yellow": 0.3,
        "Brown": 0.3,
        "Khaki": 0.3,
    },
    patterns={"plain": 5, "striped": 1},  # only knitted beanies are striped
    usages={"Casual": 3, "Sports": 1},
    seasons={"Summer": 5, "Fall": 4, "Winter": 1},
    price=(8, 35),
    nouns=("Cap",),
)
def cap(design: Design, studio: Studio) -> None:
    """Model a baseball cap or a beanie."""
    rng = studio.rng
    if design.pattern == "striped" or (design.season == "Winter" and design.usage == "Casual") or rng.random() < 0.1:
        _beanie(design, studio)
        return
    kind = str(rng.choice(["cotton", "canvas", "cotton", "wool"]))
    cloth = studio.material(kind, wrinkle=0.6)
    shape = {
        "a": rng.uniform(0.082, 0.089),
        "b": 0.098,
        "h": rng.uniform(0.100, 0.114),
        "p": rng.uniform(2.0, 2.4),
        "dip": rng.uniform(0.010, 0.02),
    }
    second = design.accent if rng.random() < 0.12 else design.colour
    peak_cloth = studio.material(kind, second, wrinkle=0.3)
    t, phi = np.linspace(0, 0.985, 40), np.linspace(-np.pi, np.pi, 145)
    put(studio, grid(_crown(shape, phi[None], t[:, None]), _crown_uv(phi, t)), cloth, "crown", 60)
    _trim(studio, design, shape, cloth)
    _peak(studio, design, shape, peak_cloth, second)
    _emblem(studio, design, shape)
    studio.view(
        azimuth=float(rng.uniform(-4, 4)),
        elevation=float(rng.uniform(3, 9)),
        fill=float(rng.uniform(0.60, 0.80)),
        lens=90,
        shadow=False,
        shift=(0.0, float(rng.uniform(-0.03, 0.03))),
    )


def _crown_uv(phi: Array, t: Array) -> Array:
    """UVs in metres of cloth."""
    return np.stack([*np.broadcast_arrays(phi[None] * 0.09, t[:, None] * 0.16)], -1)


def _crown(shape: dict, phi: Array, t: Array, lift: float = 0.0) -> Array:
    """Points of the crown: ``phi`` round the head from the front (radians), ``t`` from band (0) to top (1)."""
    phi, t = np.broadcast_arrays(phi, t)
    rise = np.sin(t * np.pi / 2) ** (2 / shape["p"] * 1.05)
    out = np.maximum(np.cos(t * np.pi / 2), 1e-4) ** (2 / shape["p"])
    seam = np.abs(((phi / (TURN / 6)) % 1) - 0.5)  # 0.5 at a seam: front middle and every 60 degrees
    groove = np.exp(-(((0.5 - seam) / 0.035) ** 2)) * 0.0016
    belly = 0.0022 * np.cos(seam * TURN) * np.sin(t * np.pi)
    front = np.clip(np.cos(phi), 0, 1)
    r = 1 + (lift - groove - belly) / 0.09
    x = shape["a"] * out * np.sin(phi) * r
    y = -shape["b"] * out ** (1 - 0.25 * front) * np.cos(phi) * r
    z = shape["h"] * rise * (1 + (lift - groove * 0.4) / 0.12) - shape["dip"] * np.sin(phi) ** 2 * (1 - t)
    return np.stack([x, y, z], -1)


def _trim(studio: Studio, design: Design, shape: dict, cloth: bpy.types.Material) -> None:
    """Seam stitches, eyelets and the button on top."""
    rng = studio.rng
    threads, eyelets = [], []
    t = np.linspace(0.02, 0.96, 40)
    for k in range(-2, 3):
        for side in (-1, 1):
            phi = k * TURN / 6 + side * 0.05 / np.maximum(np.cos(t * np.pi / 2), 0.12)
            threads.append(tube(_crown(shape, phi, t, 0.0002), 0.00035, sides=5))
    for k in range(-2, 2):
        centre = _crown(shape, np.array([(k + 0.5) * TURN / 6]), np.array([0.66]), 0.0006)[0]
        outward = centre * (1, 1, 0.9)
        eyelets.append(_ring_at(centre, outward / np.linalg.norm(outward), 0.0032, 0.0011))
    tone = (
        design.accent
        if rng.random() < 0.2
        else mix(design.colour, PAPER if luminance(design.colour) < 0.1 else INK, 0.12)
    )
    put(studio, join(threads), studio.material("cotton", tone, wrinkle=0), "thread", 90)
    put(studio, join(eyelets), studio.material("cotton", tone, wrinkle=0), "eyelets", 90)
    put(studio, ball(0.0075, 20).scaled(1, 1, 0.5).moved(z=shape["h"] * 0.995), cloth, "button")


def _ring_at(centre: Array, normal: Array, radius: float, wire: float) -> Solid:
    """Small ring lying on a surface."""
    a = np.cross(normal, (0, 0, 1.0))
    a /= np.linalg.norm(a)
    b = np.cross(normal, a)
    s = np.linspace(0, TURN, 20, endpoint=False)[:, None]
    return tube(centre + radius * (np.cos(s) * a + np.sin(s) * b), wire, closed=True, sides=6)


def _peak(studio: Studio, design: Design, shape: dict, cloth: bpy.types.Material, tone: RGB) -> None:
    """Curved peak with rows of stitching and, at times, a piped edge."""
    rng = studio.rng
    long, curve = float(rng.uniform(0.062, 0.074)), float(rng.uniform(0.042, 0.060))
    phi = np.linspace(-1.32, 1.32, 61)
    base = _crown(shape, phi, np.zeros_like(phi), 0.001)

    def at(v: Array) -> Array:
        """Points at shares ``v`` of the way from the crown to the edge."""
        share = np.asarray(v)[:, None]
        reach = long * np.sqrt(np.clip(1 - (phi / 1.33) ** 2, 0, 1))[None]
        x = base[None, :, 0] * (1 + 0.22 * share * np.cos(phi * 0.9)[None])
        y = base[None, :, 1] - share * reach
        sag = curve * (x / 0.095) ** 2
        z = (
            base[None, :, 2] * (1 - share)
            - share * (0.010 + sag * 0.8)
            + 0.004 * np.sin(share * np.pi) * (1 - (x / 0.1) ** 2)
        )
        return np.stack([x, y, z], -1)

    v = np.linspace(0, 1, 14)
    top = at(v)
    under = top[::-1] + np.array([0, 0.0008, -0.0032])
    skin = np.concatenate([top, under])
    uv = np.stack([skin[..., 0], skin[..., 1]], -1)
    put(studio, grid(skin[::-1], uv[::-1]), cloth, "peak", 60)
    rows = [at(np.array([k]))[0] + (0, -0.0002, 0.0004) for k in np.linspace(0.2, 0.9, int(rng.integers(4, 7)))]
    thread = mix(tone, PAPER if luminance(tone) < 0.1 else INK, 0.16)
    put(
        studio,
        join([tube(r[2:-2], 0.0004, sides=5) for r in rows]),
        studio.material("cotton", thread, wrinkle=0),
        "rows",
        90,
    )
    if rng.random() < 0.25:
        edge = at(np.array([1.0]))[0] + (0, 0.0004, -0.0016)
        put(studio, tube(edge, 0.0019, sides=8), studio.material("cotton", design.accent, wrinkle=0), "piping", 90)


def _emblem(studio: Studio, design: Design, shape: dict) -> None:
    """Embroidery on the front panels."""
    rng = studio.rng
    kind = str(rng.choice(["word", "badge", "bars", "letter", "none"], p=[0.3, 0.25, 0.15, 0.2, 0.1]))
    if kind == "none":
        return
    dark = luminance(design.colour) < 0.25
    ink = design.accent if abs(luminance(design.accent) - luminance(design.colour)) > 0.12 else (PAPER if dark else INK)
    a, b = css(ink), css(PAPER if dark else INK)
    word = brand(rng)
    if kind == "word":
        body = text(word, 200, 130, 62, a, weight=1.5, fit=380, slant=float(rng.choice([0, 12])))
    elif kind == "letter":
        body = text(word[0], 200, 190, 150, a, weight=1.7)
    elif kind == "bars":
        body = "".join(f'<path d="M{130 + i * 50} 30h34l-8 150h-34z" fill="{a}"/>' for i in range(3))
    else:
        edge = (
            f'<path d="M200 10L320 40V130Q310 185 200 195Q90 185 80 130V40Z" fill="{a}" stroke="{b}" stroke-width="7"/>'
        )
        inner = css(design.colour if rng.random() < 0.6 else INK)
        body = edge + text(word[:2], 200, 128, 60, inner, weight=1.4) + text("EST 19", 200, 165, 16, inner)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">{body}</svg>'
    wide = float(rng.uniform(0.5, 0.68))
    phi, t = np.linspace(-wide, wide, 40), np.linspace(0.13, 0.13 + wide * 0.64, 24)
    u, v = np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 1, 24))
    patch = grid(_crown(shape, phi[None], t[:, None], 0.0026), np.stack([u, v], -1))
    put(studio, patch, printed(picture(svg, 512), rough=0.55), "emblem", 90)


def _beanie(design: Design, studio: Studio) -> None:
    """Knitted cap with or without a turned-up cuff and a pompom."""
    rng = studio.rng
    ribs = int(rng.choice([0, 46, 60]))
    tall, slim = float(rng.uniform(0.19, 0.23)), float(rng.uniform(0.094, 0.104))
    t, phi = np.linspace(0, 1, 90), np.linspace(0, TURN, 361)
    out = np.where(
        t < 0.45, 1 - 0.05 * (1 - t / 0.45) ** 2, np.cos(np.clip((t - 0.45) / 0.55, 0, 1) * np.pi / 2) ** 0.45
    )
    gather = np.clip((t - 0.55) / 0.45, 0, 1) ** 2
    tucks = 1 - 0.09 * gather[:, None] * (0.5 + 0.5 * np.cos(phi * 8))[None] ** 4
    rib = 1 + (0.016 * np.cos(phi * ribs)[None] if ribs else 0)
    r = slim * np.maximum(out, 0.02)[:, None] * tucks * rib
    z = tall * (t + 0.03 * np.sin(t * np.pi))[:, None] * np.ones_like(phi)[None]
    skin = np.stack([r * np.sin(phi)[None], -0.8 * r * np.cos(phi)[None], z], -1)
    uv = np.stack([*np.broadcast_arrays(phi[None] * slim, z)], -1)
    cloth = studio.material("knit", pattern=studio.pattern(only=("breton", "wide", "grouped")), scale=0.6)
    put(studio, grid(skin, uv), cloth, "beanie", 180)
    if rng.random() < 0.65:
        high = tall * float(rng.uniform(0.2, 0.32))
        s = np.linspace(0, 1, 24)
        bulge = 1.035 + 0.03 * np.sin(s * np.pi) - 0.05 * (s > 0.96)
        rc = slim * bulge[:, None] * (1 + 0.014 * np.cos(phi * (ribs or 54)))[None]
        zc = -0.004 + high * s[:, None] * np.ones_like(phi)[None]
        cuff = np.stack([rc * np.sin(phi)[None], -0.8 * rc * np.cos(phi)[None], zc], -1)
        tone = design.accent if rng.random() < 0.15 else design.colour
        put(
            studio,
            grid(cuff, np.stack([*np.broadcast_arrays(phi[None] * slim, zc)], -1)),
            studio.material("knit", tone, scale=0.5),
            "cuff",
            180,
        )
    if rng.random() < 0.3:
        put(studio, _pompom(rng).moved(z=tall * 1.07), studio.material("wool"), "pompom", 180)
    studio.view(
        azimuth=0, elevation=float(rng.uniform(0, 4)), fill=float(rng.uniform(0.62, 0.82)), lens=100, shadow=False
    )


def _pompom(rng: np.random.Generator) -> Solid:
    """Ball of cut yarn."""
    hairs = []
    for _ in range(420):
        way = rng.normal(0, 1, 3)
        way /= np.linalg.norm(way)
        end = way * rng.uniform(0.026, 0.033)
        hairs.append(tube(smooth([way * 0.006, end * 0.6 + rng.normal(0, 0.001, 3), end], 4), 0.0014, sides=4))
    return join([ball(0.022, 16), *hairs])
