"""Names on a map: at the densest spot of what they name, more the closer one looks, none over another.

Names are given room in the order of how many products they stand for, on the map as it is
seen first and then on closer views, each twice as close. A name stays once it is there:
coming closer moves names apart and leaves their size, so what fits once fits on. (Been and
others, "Dynamic Map Labeling", 2006, section 2, asks that of names on a map.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVELS = 5
# At most so many names on the first view, and on each closer one so many times more.
FIRST, MORE = 18, 2.2
# The map's smallest likely size on a screen and the type that names are set in, in pixels.
SCREEN = (720, 560)
LETTER, LINE, MARGIN = 7.5, 16.0, 6.0
GRID = 96
BLUR = 2.0
SPOTS = 2
# A value's second spot is a place of its own where it is at least so far away (in cells) and so dense as the first.
APART, DENSE = 16.0, 0.5


@dataclass(frozen=True)
class Name:
    """A name at a place of the map; shown from ``level`` on, where the map is seen at ``2 ** level`` times its size."""

    text: str
    x: float
    y: float
    level: int
    count: int


def place_names(
    points: np.ndarray, values: Sequence[str | None] | np.ndarray, levels: int = LEVELS
) -> tuple[Name, ...]:
    """Names for the values of a column, or of clusters, on a map.

    Parameters
    ----------
    points
        (n, 2) the products on the map.
    values
        One a product; None for none.
    levels
        How many views there are, each twice as close as the one before.

    Returns
    -------
    The names in the order of level and count. A spot for which no view has room has none.
    """
    points = np.asarray(points, np.float64)
    finite = np.isfinite(points).all(axis=1)
    values = np.asarray(values, object)
    if not finite.any():
        return ()
    low, high = points[finite].min(axis=0), points[finite].max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    scale = float(np.min(np.array(SCREEN) / span))
    waiting = _spots(points, values, finite, low, span)
    placed: list[Name] = []
    for level in range(levels):
        room = int(FIRST * MORE**level)
        boxes = [_box(name, scale * 2**level) for name in placed]
        later = []
        for name in waiting:
            here = Name(name.text, name.x, name.y, level, name.count)
            box = _box(here, scale * 2**level)
            if len(boxes) < room and not any(_overlap(box, other) for other in boxes):
                placed.append(here)
                boxes.append(box)
            else:
                later.append(name)
        waiting = later
    return tuple(placed)


def _spots(points: np.ndarray, values: np.ndarray, finite: np.ndarray, low: np.ndarray, span: np.ndarray) -> list[Name]:
    """Every value at its densest spots: all first spots before all second ones, larger values before smaller."""
    cells = ((points[finite] - low) / span * (GRID - 1)).round().astype(int)
    rows = np.flatnonzero(finite)
    members: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        value = values[row]
        if isinstance(value, str) and value.strip():
            members.setdefault(value, []).append(place)
    found = []
    for text, own in members.items():
        for order, cell in enumerate(_peaks(cells[own])):
            near = np.abs(cells[own] - cell).max(axis=1) <= BLUR
            x, y = points[rows[np.array(own)[near]]].mean(axis=0)
            found.append((order, -len(own), text, Name(text, float(x), float(y), 0, len(own))))
    return [name for *_, name in sorted(found, key=lambda one: one[:3])]


def _peaks(cells: np.ndarray) -> list[np.ndarray]:
    """Up to :data:`SPOTS` dense cells (2,), by a histogram smoothed with a Gaussian, densest first."""
    count = np.zeros((GRID, GRID))
    np.add.at(count, (cells[:, 0], cells[:, 1]), 1)
    density = _SMOOTH @ count @ _SMOOTH.T
    # Only where products are: the smoothed top of two neighbouring crowds may lie between them.
    density[count == 0] = 0
    top = density.max()
    peaks: list[np.ndarray] = []
    x, y = np.indices(density.shape)
    while len(peaks) < SPOTS and density.max() >= DENSE * top and density.max() > 0:
        peak = np.array(np.unravel_index(density.argmax(), density.shape))
        peaks.append(peak)
        density[np.hypot(x - peak[0], y - peak[1]) < APART] = 0
    return peaks


def _gaussian() -> np.ndarray:
    """(GRID, GRID) matrix that smooths a row of cells."""
    away = np.subtract.outer(np.arange(GRID), np.arange(GRID))
    return np.exp(-0.5 * (away / BLUR) ** 2)


_SMOOTH = _gaussian()


def _box(name: Name, scale: float) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a name in pixels, at so many pixels a unit of the map."""
    half = LETTER * len(name.text) / 2 + MARGIN
    return name.x * scale - half, name.y * scale - LINE / 2, name.x * scale + half, name.y * scale + LINE / 2


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
