"""Trousers as a standing figure shapes them: legs apart, thighs, knees, folds piled up over the shoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._garment import Garment
from recommender.studio.articles._legs import Legs
from recommender.studio.articles._outline import edges_of

if TYPE_CHECKING:
    import bpy


def stand(g: Garment, size: Legs, rng: np.random.Generator, apart: float = 0.06) -> None:
    """Bring the thighs together and the feet ``apart`` metres from the middle, one knee bent a little.

    A flat leg that is blown up to a tube grows narrower and leaves a gap from the fork on, where
    a wearer's thighs touch.
    """
    fork = size.length - size.rise
    scale = size.length / 1.04
    x, z = g.flat.T
    first = rng.choice([-1.0, 1.0])
    down = np.clip(1 - z / fork, 0, 1)
    levels = np.linspace(0, 1, 33)
    slot = np.clip((down * 32).round().astype(int), 0, 32)
    moved = g.co.copy()
    for sign in (1.0, -1.0):
        leg = (np.sign(x) == sign) & (down > 0)
        out = sign * g.co[:, 0]
        inner, outer = np.full(33, np.inf), np.full(33, -np.inf)
        np.minimum.at(inner, slot[leg], out[leg])
        np.maximum.at(outer, slot[leg], out[leg])
        inner, outer = np.minimum(inner, outer - 0.05), np.maximum(outer, inner + 0.05)
        lead = sign == first
        wide = apart * scale * (rng.uniform(1.0, 1.4) if lead else rng.uniform(0.6, 0.9))
        near = 0.003 + wide * levels**2.2
        knee = np.exp(-(((levels - 0.5) / 0.2) ** 2)) * (0.016 if lead else 0.004) * scale
        far = near + (outer - inner) + 0.8 * inner * (1 - levels) ** 0.5 + 0.3 * knee
        part = (out[leg] - inner[slot[leg]]) / (outer - inner)[slot[leg]]
        at = np.interp(down[leg], levels, near) * (1 - part) + np.interp(down[leg], levels, far) * part
        blend = np.clip(down[leg] / 0.012, 0, 1)
        moved[leg, 0] = sign * (out[leg] * (1 - blend) + at * blend)
        moved[leg, 1] -= 2.0 * np.interp(down[leg], levels, knee)
    g.co = moved
    g.even(1, 0.3)


def worn_folds(size: Legs, rng: np.random.Generator, stack: int = 5) -> np.ndarray:
    """Rows for :meth:`Garment.fold`: rays from the fork, creases behind the knees, ``stack`` folds over each shoe."""
    fork = size.length - size.rise
    scale = size.length / 1.04
    spots = []
    for sign in (1, -1):
        inner = 0.5 * size.apart
        low = size.apart + size.stance
        for k in range(4):
            turn = 0.75 - 0.33 * k + rng.normal(0, 0.08)
            spots.append((sign * 0.055 * scale, fork + (0.03 - 0.032 * k) * scale, sign * turn, 0.065 * scale, 0.011))
        for _ in range(6):
            z = fork * rng.uniform(0.38, 0.56)
            x = inner + rng.uniform(0.2, 1.4) * size.knee
            spots.append((sign * x, z, sign * rng.normal(0.25, 0.3), rng.uniform(0.035, 0.06) * scale, 0.010))
        for k in range(stack):
            z = (0.018 + 0.030 * k) * scale + rng.uniform(0, 0.010)
            x = low + rng.uniform(0.45, 1.1) * size.hem
            spots.append((sign * x, z, rng.normal(0, 0.22), rng.uniform(0.05, 0.075) * scale, 0.011))
        for _ in range(3):
            z = fork * rng.uniform(0.62, 0.85)
            spots.append(
                (sign * rng.uniform(0.5, 1.5) * size.knee, z, sign * rng.normal(0.9, 0.4), 0.07 * scale, 0.013)
            )
    return np.array(spots)


def faded(g: Garment, mesh: bpy.types.Mesh, rng: np.random.Generator, size: Legs, strength: float) -> None:
    """Vertex attribute ``wash`` (0..1) of stone-washed denim.

    Thighs and shins fade along the middle of the leg, seams and hems stay dark, and every
    fold has rubbed pale on its ridge and kept its dye in the groove.
    """
    x, z = g.flat.T
    fork = size.length - size.rise
    t = np.clip(1 - z / fork, 0, 1)
    middle = 0.5 * size.apart + 0.8 * size.knee + (0.5 * size.apart + size.stance) * t**2
    wide = np.where(z > 0.45 * fork, 0.050, 0.038) * size.length / 1.04
    across = np.exp(-(((np.abs(x) - middle) / wide) ** 2))
    thigh = np.exp(-(((z - 0.74 * fork) / (0.26 * fork)) ** 4))
    shin = rng.uniform(0.35, 0.75) * np.exp(-(((z - 0.30 * fork) / (0.15 * fork)) ** 2))
    streak = sum(np.sin(g.flat @ (rng.normal(0, 1, 2) * [90, 18]) + rng.uniform(0, 6.28)) for _ in range(6)) / 6
    rays = np.sin(120 * (z - fork - 0.42 * np.abs(x)) + rng.uniform(0, 6.28) + 2 * np.sin(17 * x))
    near = np.exp(-(((z - fork - 0.015) / 0.055) ** 2)) * np.clip(np.abs(x) / 0.05, 0, 1)
    value = across * (thigh + shin) * (1 + 0.45 * streak) + 0.22 * np.clip(rays, 0, 1) * near
    value = value + 0.3 * _ridges(g)
    layer = mesh.attributes.new("wash", "FLOAT", "POINT")
    layer.data.foreach_set("value", np.clip(strength * value, 0, 1).astype(np.float32))


def _ridges(g: Garment) -> np.ndarray:
    """How far the cloth stands out of its own smooth copy, about -1 (groove) to 1 (ridge)."""
    pairs = edges_of(g.tris)
    count = np.maximum(np.bincount(pairs.ravel(), minlength=len(g.co)), 1)

    def smooth(values: np.ndarray, rounds: int) -> np.ndarray:
        for _ in range(rounds):
            total = np.bincount(pairs[:, 0], values[pairs[:, 1]], len(values))
            total += np.bincount(pairs[:, 1], values[pairs[:, 0]], len(values))
            values = total / count
        return values

    depth = (np.stack([g.co[:, k] - smooth(g.co[:, k], 8) for k in range(3)], axis=1) * g.normals).sum(1)
    depth -= smooth(depth, 40)  # a leg is round: its smooth copy lies within it everywhere
    return np.clip(depth / 0.002, -1, 1)
