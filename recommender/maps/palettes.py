"""Colours that can be told apart, by people with and without colour blindness, on a light and on a dark page.

Colours are picked one after the other, each as far as can be from those picked before
(Glasbey et al., "Colour displays for categorical images", 2007, section 2). Far is the
smallest distance in OKLab (Ottosson, 2020) among four ways to see: full colour vision,
protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, table 1),
on either page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

# The pages that the colours lie on, as in .streamlit/config.toml.
LIGHT_PAGE, DARK_PAGE = "#fbfaf7", "#141715"
# Lightness in OKLab whose contrast with the page is 3 to 1 or more, which WCAG 2.2 (1.4.11) asks of graphics.
ON_LIGHT, ON_DARK = (0.36, 0.64), (0.57, 0.87)
VIVID = 0.11
FIRST_HUE = 250.0

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_SEEN = np.array(
    [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)


def linear(colours: Sequence[str]) -> np.ndarray:
    """``#rrggbb`` texts as linear light, (n, 3) in [0, 1] (IEC 61966-2-1)."""
    coded = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]).reshape(-1, 3) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def texts(light: np.ndarray) -> list[str]:
    """Linear light (n, 3) as ``#rrggbb``; what the screen can't show is cut off."""
    light = np.clip(light, 0, 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return ["#" + "".join(f"{part:02x}" for part in row) for row in np.rint(coded * 255).astype(int)]


def oklab(light: np.ndarray) -> np.ndarray:
    """Linear light (..., 3) as lightness and two colour axes, (..., 3)."""
    return np.cbrt(np.clip(light, 0, None) @ _TO_LMS.T) @ _TO_LAB.T


def from_oklch(lightness: np.ndarray, chroma: np.ndarray, hue: np.ndarray) -> np.ndarray:
    """Lightness, chroma and hue in degrees, (n,) each, as linear light (n, 3), beyond [0, 1] where no screen has it."""
    angle = np.radians(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)
    return (lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T


def views(light: np.ndarray) -> np.ndarray:
    """OKLab of linear light (n, 3) as the four ways to see have it, (n, 4, 3)."""
    return oklab(np.clip(np.einsum("vij,nj->nvi", _SEEN, light), 0, 1))


def gaps(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Smallest distance among all views, (n, m), of (n, v, 3) and (m, v, 3)."""
    return np.linalg.norm(some[:, None] - others[None], axis=-1).min(axis=-1)


def contrast(colour: str, page: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted(linear([colour, page]) @ np.array([0.2126, 0.7152, 0.0722]))
    return float((high + 0.05) / (low + 0.05))


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Colours to pick from: lightness on the light page, chroma, hue (n, 3), their texts, and eight views (n, 8, 3)."""

    lch: np.ndarray
    light: list[str]
    dark: list[str]
    seen: np.ndarray


Pair = tuple[str, str]


@lru_cache(maxsize=1)
def _candidates() -> _Candidates:
    grid = np.meshgrid(np.linspace(*ON_LIGHT, 7), (0.05, 0.08, VIVID, 0.14, 0.17, 0.21), np.arange(0, 360, 8.0))
    lch = np.stack([part.ravel() for part in grid], axis=1)
    light = from_oklch(*lch.T)
    shown = ((light > -1e-3) & (light < 1 + 1e-3)).all(axis=1)
    lch, light = lch[shown], light[shown]
    dark = _on_dark(*lch.T)
    return _Candidates(lch, texts(light), texts(dark), np.concatenate([views(light), views(dark)], axis=1))


def _on_dark(lightness: np.ndarray, chroma: np.ndarray, hue: np.ndarray) -> np.ndarray:
    """The same hues in the same order of lightness as they are on the dark page, linear light (n, 3)."""
    raised = ON_DARK[0] + (lightness - ON_LIGHT[0]) / (ON_LIGHT[1] - ON_LIGHT[0]) * (ON_DARK[1] - ON_DARK[0])
    # Light colours of full chroma are on no screen: less of it keeps the hue, where cutting off would turn it.
    for _ in range(40):
        light = from_oklch(raised, chroma, hue)
        chroma = np.where(((light < 0) | (light > 1)).any(axis=1), chroma * 0.95, chroma)
    return from_oklch(raised, chroma, hue)


@lru_cache(maxsize=64)
def distinct(count: int, avoid: tuple[str, ...] = ()) -> tuple[Pair, ...]:
    """``count`` colours, each for the light and for the dark page, far from each other and from ``avoid``."""
    some = _candidates()
    seen = np.tile(views(linear(avoid)), (1, 2, 1)) if avoid else some.seen[:0]
    start = [] if avoid else [_first(some)]
    return _pairs(some, _pick(some, some.lch[:, 1] >= VIVID, count, seen, start))


@lru_cache(maxsize=64)
def families(sizes: tuple[int, ...]) -> tuple[tuple[Pair, ...], ...]:
    """For each family a base colour and shades of it: ``sizes[i]`` colours, of which the first is the base.

    The bases' hues stay apart, each family keeps to its own part of the circle of hues, and
    inside of it every shade is as far as can be from all colours picked so far.
    """
    some = _candidates()
    wedge = min(24.0, 0.3 * 360 / max(len(sizes), 1))
    bases: list[int] = []
    free = some.lch[:, 1] >= VIVID
    for _ in sizes:
        taken = some.seen[bases]
        bases += _pick(some, free, 1, taken, []) if bases else [_first(some)]
        apart = free & (_turn(some.lch[:, 2], some.lch[bases[-1], 2]) > 2 * wedge)
        # Where the circle has no room left, hues are shared and lightness tells the families apart.
        free = apart if apart.any() else some.lch[:, 1] >= VIVID
    taken, out = some.seen[bases], []
    for base, size in zip(bases, sizes, strict=True):
        own = _turn(some.lch[:, 2], some.lch[base, 2]) <= wedge
        shades = _pick(some, own, size - 1, taken, [])
        out.append(_pairs(some, [base, *shades]))
        taken = np.concatenate([taken, some.seen[shades]])
    return tuple(out)


def _first(some: _Candidates) -> int:
    """A strong blue of middle lightness, which all ways to see have as a colour."""
    lightness, chroma, hue = some.lch.T
    return int(np.argmin(_turn(hue, FIRST_HUE) + 100 * abs(lightness - np.mean(ON_LIGHT)) - 100 * chroma))


def _pick(some: _Candidates, allowed: np.ndarray, count: int, taken: np.ndarray, start: list[int]) -> list[int]:
    """``start`` and then, one by one, the allowed candidates farthest from all before: ``count`` numbers."""
    picked = start[:count]
    numbers = np.flatnonzero(allowed)
    taken = np.concatenate([taken, some.seen[picked]])
    nearest = gaps(some.seen[numbers], taken).min(axis=1, initial=np.inf)
    while len(picked) < count:
        best = int(numbers[nearest.argmax()])
        picked.append(best)
        nearest = np.minimum(nearest, gaps(some.seen[numbers], some.seen[best : best + 1])[:, 0])
    return picked


def _pairs(some: _Candidates, numbers: list[int]) -> tuple[Pair, ...]:
    return tuple((some.light[i], some.dark[i]) for i in numbers)


def visible(colour: str, page: str, least: float = 1.4) -> str:
    """A colour moved in lightness just so far that its contrast with ``page`` is ``least``."""
    lab = oklab(linear([colour]))[0]
    chroma, hue = np.hypot(lab[1], lab[2]), np.degrees(np.arctan2(lab[2], lab[1]))
    step = -0.01 if contrast(page, "#000000") > contrast(page, "#ffffff") else 0.01
    while contrast(colour, page) < least:
        lab[0] += step
        colour = texts(from_oklch(*np.array([[lab[0]], [chroma], [hue]])))[0]
    return colour


def _turn(hue: np.ndarray, other: float) -> np.ndarray:
    """Angle between hues, in degrees from 0 to 180."""
    return abs((hue - other + 180) % 360 - 180)
