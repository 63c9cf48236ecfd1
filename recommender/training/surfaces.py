"""Floors, tables, cloths and walls that training draws, to put cut-out products on.

Phone photos show such things too, but their margins (:func:`recommender.training.augment.margins`) are narrow and
blurred when blown up: who has seen no other background may take the joints of boards for edges of the product. They
need not look real, but differ in more ways than real ones do (Tobin et al., "Domain Randomization for Transferring
Deep Neural Networks from Simulation to the Real World", 2017).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

Plane = tuple[np.ndarray, np.ndarray]


def surfaces(count: int, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Backgrounds of ``size`` (height, width), as a camera sees them from above or aslant, (count, h, w, 3) uint8."""
    h, w = size
    y, x = np.meshgrid(np.linspace(-1, 1, h), np.linspace(-1, 1, w) * w / h, indexing="ij")
    out = np.empty((count, h, w, 3), np.float32)
    for i in range(count):
        # The ground plane under a tilted camera: 0 looks straight down, the far end shrinks with more.
        tilt = rng.uniform(0, 0.7) if rng.random() < 0.7 else 0.0
        across, along = x / (1 + tilt * y), y / (1 + tilt * y)
        turn = rng.uniform(0, np.pi)
        plane = across * np.cos(turn) + along * np.sin(turn), along * np.cos(turn) - across * np.sin(turn)
        kind = KINDS[rng.integers(len(KINDS))]
        picture = kind(plane, _tone(rng), rng)
        if rng.random() < 0.3:
            picture = _before_wall(picture, y, rng)
        way = rng.uniform(0, 2 * np.pi)
        out[i] = picture * (1 + rng.uniform(0, 0.3) * (x * np.cos(way) + y * np.sin(way)))[..., None]
    out += rng.normal(0, 3, out.shape)
    return out.clip(0, 255).astype(np.uint8)


def _tone(rng: np.random.Generator) -> np.ndarray:
    """A colour of rooms, (3,) in grey levels: mostly greyish, now and then a bright one."""
    return rng.uniform(40, 230) + rng.normal(0, 14 if rng.random() < 0.75 else 45, 3)


def _soft(shape: tuple[int, ...], cells: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Smooth noise of unit spread with so many ``cells`` down and across, (h, w)."""
    coarse = Image.fromarray(rng.normal(0, 1, cells).astype(np.float32))
    return np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def _pick(places: np.ndarray, spread: float, rng: np.random.Generator) -> np.ndarray:
    """A random number for each whole number in ``places``, the same wherever that one is."""
    return rng.normal(0, spread, 97)[places.astype(int) % 97]


def _lines(at: np.ndarray, width: float) -> np.ndarray:
    """1 on the whole numbers of ``at``, 0 farther from them than ``width``, each pixel's share between."""
    return np.clip(1.5 - np.abs(at - np.round(at)) / width, 0, 1)


def boards(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Planks of their own tones with dark joints and grain along them."""
    u, v = plane[0] * rng.uniform(1.5, 6), plane[1]
    grain = _soft(u.shape, (int(rng.integers(3, 9)), int(rng.integers(20, 40))), rng)
    if rng.random() < 0.5:
        grain = np.sin(u * rng.uniform(12, 30) + 2 * _soft(u.shape, (5, 5), rng) + v)
    light = _pick(np.floor(u), rng.uniform(2, 16), rng) + rng.uniform(0, 9) * grain
    joints = _lines(u, rng.uniform(0.02, 0.07)) * rng.uniform(10, 90)
    return tone + (light - joints)[..., None] * np.array([1.0, 0.92, 0.8])


def tiles(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Squares with joints that are lighter or darker than they are."""
    scale = rng.uniform(0.7, 3)
    u, v = plane[0] * scale * rng.choice([0.5, 1.0]), plane[1] * scale
    light = _pick(np.floor(u) * 13 + np.floor(v), rng.uniform(0, 9), rng) + rng.uniform(0, 8) * _soft(
        u.shape, (9, 7), rng
    )
    joints = np.maximum(_lines(u, 0.03), _lines(v, 0.03)) * rng.uniform(-70, 70)
    return tone + (light + joints)[..., None]


def pile(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A carpet, a lawn, gravel: grain that is a pixel or a few wide."""
    shape = plane[0].shape
    coarse = _soft(shape, (shape[0] // int(rng.integers(1, 4)), shape[1] // int(rng.integers(1, 4))), rng)
    return tone + (rng.uniform(4, 28) * coarse + rng.uniform(0, 10) * _soft(shape, (5, 4), rng))[..., None]


def folds(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A sheet or blanket, with soft light and dark where it is not flat."""
    shape = plane[0].shape
    light = np.zeros(shape)
    for _ in range(rng.integers(1, 5)):
        turn, wave = rng.uniform(0, np.pi), rng.uniform(1.5, 9)
        bent = plane[0] * np.cos(turn) + plane[1] * np.sin(turn) + 0.15 * _soft(shape, (4, 3), rng)
        light += np.sin(bent * wave + rng.uniform(0, 6)) * np.clip(_soft(shape, (3, 3), rng), 0, 1.5)
    return tone + (light * rng.uniform(4, 26))[..., None]


def bands(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Striped or checked cloth."""
    scale = rng.uniform(1.5, 8)
    share = np.floor(plane[0] * scale) % 2
    if rng.random() < 0.5:
        share = (share + np.floor(plane[1] * scale) % 2) / 2
    return tone + share[..., None] * (_tone(rng) - tone) * rng.uniform(0.2, 1)


def patches(plane: Plane, tone: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Soft patches of related colours: things out of focus."""
    shape, cells = plane[0].shape, (int(rng.integers(2, 7)), int(rng.integers(2, 6)))
    light, colour = _soft(shape, cells, rng), _soft(shape, cells, rng)
    return tone + rng.uniform(3, 40) * light[..., None] + 12 * colour[..., None] * rng.normal(0, 1, 3)


KINDS: tuple[Callable[[Plane, np.ndarray, np.random.Generator], np.ndarray], ...] = (
    boards,
    tiles,
    pile,
    folds,
    bands,
    patches,
)


def _before_wall(floor: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The floor with a wall behind it, and perhaps a skirting board between."""
    top, wall = rng.uniform(-0.9, 0.2), _tone(rng) + 6 * _soft(y.shape, (4, 3), rng)[..., None]
    share = np.clip((y - top) * len(y) / 2, 0, 1)[..., None]
    if rng.random() < 0.3:
        skirting = (y > top - rng.uniform(0.05, 0.2))[..., None]
        wall = np.where(skirting, _tone(rng), wall)
    return floor * share + wall * (1 - share)
