"""Things worn round the neck: ties, laid out rolled at the top, and scarves, looped as on a stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import put
from recommender.studio.articles._solid import Array, Solid, grid, join, slab, smooth, superellipse, tube
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


@article(
    "Ties",
    "Ties",
    "Accessories",
    genders={"Men": 1},
    colours={
        "Black": 5,
        "Blue": 4,
        "Red": 2.3,
        "Maroon": 2.2,
        "Grey": 2,
        "Purple": 1.8,
        "Navy Blue": 2,
        "Brown": 0.9,
        "Lavender": 0.8,
        "White": 0.5,
        "Yellow": 0.5,
        "Cream": 0.4,
        "Green": 0.4,
        "Burgundy": 0.4,
    },
    patterns={"plain": 4, "striped": 5, "spotted": 2, "plaid": 1},
    usages={"Formal": 2, "Casual": 1},
    seasons={"Summer": 5, "Fall": 1},
    price=(9, 60),
    nouns=("Tie", "Necktie"),
)
def tie(design: Design, studio: Studio) -> None:
    """Model a tie: wide blade hanging from its own roll, the narrow end out to the side."""
    rng = studio.rng
    wide = float(rng.choice([0.062, 0.078, 0.086], p=[0.25, 0.4, 0.35]) * rng.uniform(0.97, 1.03))
    long = float(rng.uniform(0.58, 0.66))
    neck = wide * float(rng.uniform(0.52, 0.62))
    cloth = _tie_cloth(design, studio)
    slant = float(rng.choice([45, 45, -45])) if design.pattern == "striped" else float(rng.choice([0, 45]))
    lean = float(rng.uniform(1.5, 3.0))
    blade = _band(neck, wide, long, tip=wide * 0.52, slant=slant, rng=rng, fat=0.005)
    blade.points[:, 1] += np.clip(blade.points[:, 2] / 0.04 + 1, 0, 1) * 0.004
    put(studio, blade.turned("y", lean), cloth, "blade")
    tail = _band(
        neck * 0.95, neck * 1.02, 0.19 * float(rng.uniform(0.85, 1.1)), tip=neck * 0.3, slant=slant, rng=rng, fat=0.004
    )
    tail = tail.turned("y", -float(rng.uniform(48, 58))).moved(x=neck * 0.35, y=0.016, z=wide * 0.1)
    put(studio, tail, cloth, "tail")
    back = slab(superellipse(wide * 0.95, wide * 0.9, 2, 32), 0.002).moved(x=neck * 0.12, y=neck * 0.3, z=wide * 0.16)
    put(studio, back, cloth, "inside")
    put(studio, _roll(wide * 0.64, neck, slant, rng).moved(x=-neck * 0.05, y=0.001, z=wide * 0.12), cloth, "roll")
    studio.view(azimuth=0, elevation=0, fill=float(rng.uniform(0.88, 0.92)), lens=110, shadow=False)


def _tie_cloth(design: Design, studio: Studio) -> bpy.types.Material:
    """Silk, satin or a matt weave, printed at the small scale of ties."""
    rng = studio.rng
    kind = str(rng.choice(["silk", "satin", "cotton"], p=[0.55, 0.25, 0.2]))
    scale = float(rng.uniform(0.28, 0.5))
    if design.pattern == "striped":
        pattern = studio.pattern(only=("grouped", "breton", "wide"), scale=scale if scale < 0.42 else scale * 1.3)
    elif design.pattern == "spotted":
        pattern = studio.pattern(only=("polka", "polka", "motif"), scale=scale * 0.9)
    else:
        pattern = studio.pattern(scale=scale * 0.8)
    return studio.material(kind, pattern=pattern, wrinkle=0.25, roughness=0.5 if kind != "cotton" else None)


def _band(
    top: float, bottom: float, long: float, tip: float, slant: float, rng: np.random.Generator, fat: float
) -> Solid:
    """Flat folded cloth hanging from the origin: widths, length, point and thickness in metres."""
    rows, n = 60, 21
    v, u = np.linspace(0, 1, rows)[:, None], np.linspace(-1, 1, n)[None]
    ends = -long - tip * (0.5 - np.abs(u))
    z = v * ends
    width = np.interp(np.minimum(-z / long, 1), [0, 0.6, 1], [top, top + (bottom - top) * 0.62, bottom])
    x = u * width / 2
    swell = np.clip((1 - np.abs(u) ** 6), 0, 1) * fat
    fold = 0.0022 * np.sin(v * rng.uniform(2, 5) + u * rng.uniform(-1, 1) + rng.uniform(0, 6)) * (1 - v)
    y = -(swell * np.clip((1 - v) * 30, 0, 1) + fold)
    points = np.stack([*np.broadcast_arrays(x, y, z)], -1)
    return grid(points[::-1], _turn_uv(np.stack([*np.broadcast_arrays(x, z)], -1), slant)[::-1])


def _turn_uv(uv: Array, degrees: float) -> Array:
    """UVs (m) of cloth cut at an angle to its weave."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.stack([c * uv[..., 0] - s * uv[..., 1], s * uv[..., 0] + c * uv[..., 1]], -1)


def _roll(radius: float, width: float, slant: float, rng: np.random.Generator) -> Solid:
    """Roll of cloth seen obliquely into its open end: outer radius and cloth's width in metres."""
    turns, count = float(rng.uniform(2.6, 3.3)), 150
    t = np.linspace(0, 1, count)
    a = np.radians(100) + t * turns * 2 * np.pi
    r = radius * (0.26 + 0.74 * t) * (1 + 0.05 * np.sin(a * 2 + rng.uniform(0, 6)))
    along = np.concatenate([[0], np.cumsum(np.hypot(np.diff(r * np.cos(a)), np.diff(r * np.sin(a))))])
    fold = 0.0035
    # Double cloth: out along one face, over the edge and back along the other.
    w = np.concatenate([np.linspace(0, 1, 10), np.linspace(1, 0, 10)])
    off = np.concatenate([np.linspace(0, 0, 9), [0.5, 0.5], np.ones(9)]) * fold
    lean = np.array([0.42, -1.0, 0.36]) * width * 0.9
    rr = r[:, None] - off[None]
    ragged = 1 + 0.07 * np.sin(a * 1.3 + rng.uniform(0, 6))[:, None]
    points = np.stack([rr * np.cos(a)[:, None], 0 * rr, rr * np.sin(a)[:, None] * 0.92], -1)
    points = points + (w[None] * ragged)[..., None] * lean - lean * 0.35 + np.array([0, width * 0.55, 0])
    uv = np.stack([*np.broadcast_arrays(w[None] * width, along[:, None])], -1)
    return grid(points, _turn_uv(uv, slant))


@article(
    "Scarves",
    "Scarves",
    "Accessories",
    genders={"Women": 7, "Men": 3.5, "Unisex": 0.5},
    colours={
        "Black": 2,
        "Grey": 1.5,
        "Blue": 1,
        "White": 0.8,
        "Red": 0.8,
        "Brown": 0.8,
        "Purple": 0.6,
        "Pink": 0.6,
        "Yellow": 0.6,
        "Green": 0.6,
        "Maroon": 0.5,
        "Navy Blue": 0.5,
        "Off White": 0.3,
        "Beige": 0.3,
    },
    patterns={"plain": 4, "striped": 3, "plaid": 3, "spotted": 1},
    usages={"Casual": 1},
    seasons={"Summer": 3, "Fall": 3, "Winter": 3},
    price=(9, 55),
    nouns=("Scarf",),
)
def scarf(design: Design, studio: Studio) -> None:
    """Model a scarf looped round an unseen neck with both ends hanging, or crossed like a ribbon."""
    rng = studio.rng
    kind = str(rng.choice(["cotton", "linen", "wool", "silk"]))
    scale = float(rng.uniform(0.8, 1.5))
    cloth = studio.material(kind, pattern=studio.pattern(scale=scale), wrinkle=0.8)
    crossed = bool(rng.random() < 0.45)
    wide = float(rng.uniform(0.15, 0.20))
    ways = [_ribbon_course(rng)] if crossed else [_hang_course(rng), _loop_course(rng)]
    fringe = []
    for k, way in enumerate(ways):
        band, ends = _pleated(way, wide * (1.0 if k == 0 else 0.95), rng, spread=k == 0)
        put(studio, band, cloth, "scarf", 180)
        if k == 0:
            fringe += ends
    if rng.random() < 0.75:
        put(studio, _tassels(fringe, rng), studio.material("cotton", wrinkle=0.0), "fringe", 90)
    studio.view(azimuth=0, elevation=0, fill=float(rng.uniform(0.88, 0.93)), lens=110, shadow=False)


def _hang_course(rng: np.random.Generator) -> Array:
    """Path (x, y, z) up one side, behind the neck and down the other, in metres."""
    d, s = rng.uniform(0.095, 0.115), rng.uniform(0.0, 0.04)
    points = [
        (-d - 0.03, -0.03, -0.72 - s),
        (-d - 0.01, -0.035, -0.4),
        (-d, -0.03, -0.12),
        (-d - 0.01, 0.0, 0.02),
        (-0.07, 0.07, 0.11),
        (0.07, 0.07, 0.11),
        (d + 0.01, 0.0, 0.02),
        (d, -0.03, -0.12),
        (d + 0.01, -0.035, -0.4),
        (d + 0.03, -0.03, -0.72 + s),
    ]
    return smooth(points, 150)


def _loop_course(rng: np.random.Generator) -> Array:
    """The turn in front of the neck: a hanging ring."""
    w, drop = rng.uniform(0.115, 0.13), rng.uniform(0.14, 0.18)
    t = np.linspace(0, 2 * np.pi, 110)
    return np.stack([w * np.sin(t), -0.055 + 0.10 * (np.cos(t) + 1) / 2, 0.075 - drop * (1 - np.cos(t)) / 2 * 1.5], 1)


def _ribbon_course(rng: np.random.Generator) -> Array:
    """A loop whose ends cross below it."""
    w, out = rng.uniform(0.085, 0.11), rng.uniform(0.15, 0.2)
    points = [
        (-out, -0.05, -0.5),
        (-0.08, -0.05, -0.3),
        (0.01, -0.045, -0.17),
        (w, -0.01, 0.0),
        (w * 0.75, 0.03, 0.14),
        (0, 0.05, 0.19),
        (-w * 0.75, 0.03, 0.14),
        (-w, 0.0, 0.0),
        (-0.01, 0.005, -0.17),
        (0.08, 0.0, -0.3),
        (out, 0.0, -0.52),
    ]
    return smooth(points, 170)


def _pleated(
    way: Array, wide: float, rng: np.random.Generator, spread: bool
) -> tuple[Solid, list[tuple[Array, Array]]]:
    """Gathered cloth along a path; also each end's edge points and the direction it hangs in."""
    count, n = len(way), 72
    step = np.gradient(way, axis=0)
    ahead = step / np.linalg.norm(step, axis=1, keepdims=True)
    across = np.cross(ahead, (0.0, 1.0, 0.0))
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    depth = np.cross(across, ahead)
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
    v = s / s[-1]
    gather = 0.62 + (0.30 * np.abs(2 * v - 1) ** 2.5 if spread else 0.05 * np.sin(v * 6.28))
    u = np.linspace(-1, 1, n)
    folds, relief = np.zeros((count, n)), 0.0
    for waves in (1.5, 3.1, 5.3, 8.7):
        drift = np.cumsum(rng.normal(0, 0.22, count)) * 0.35
        drift = np.convolve(drift, np.ones(15) / 15, "same")
        size = 0.017 / waves**0.62
        relief += size
        folds += size * np.sin(waves * np.pi * u[None] + drift[:, None] + rng.uniform(0, 6.3))
    folds *= (1.25 - gather)[:, None] * 1.5
    folds -= 0.014 * (1 - u[None] ** 2)
    width = wide / 2 * gather * (1 + 0.05 * np.sin(v * 14 + rng.uniform(0, 6)))
    points = way[:, None] + across[:, None] * (u[None] * width[:, None])[..., None] + depth[:, None] * folds[..., None]
    slack = wide * 2.2
    uv = np.stack([*np.broadcast_arrays(u[None] * slack / 2, s[:, None])], -1)
    ends = [(points[0], -ahead[0]), (points[-1], ahead[-1])]
    return grid(points, uv), ends


def _tassels(ends: list[tuple[Array, Array]], rng: np.random.Generator) -> Solid:
    """Knotted threads along the ends."""
    out = []
    for edge, way in ends:
        for i in range(1, len(edge) - 1, 5):
            long = rng.uniform(0.035, 0.055)
            sway = rng.normal(0, 0.006, 2)
            a = edge[i]
            path = smooth(
                [a - way * 0.003, a + way * long * 0.3 + (sway[0], 0, 0), a + way * long + (sway[1], 0, -0.004)], 8
            )
            out.append(tube(path, np.array([1.2, 1.2, 2.4, 2.0, 1.2, 1.6, 1.8, 1.2]) * 0.0011, sides=6))
    return join(out)
