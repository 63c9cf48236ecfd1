"""One map of a catalogue: where each product lies, and how far that can be trusted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.reduction import Progress, Reducer
from recommender.reduction.quality import neighbourhoods, neighbours_kept, trustworthiness

# Share of the work that is spent on the map itself; the rest measures it.
FITTING = 0.95
# The measures of :func:`draw`, which need no labels.
GEOMETRY = ("trustworthiness", "neighbours_kept")


@dataclass(frozen=True, eq=False)
class EmbeddingMap:
    """Products in the plane, in the order of the catalogue.

    Attributes
    ----------
    method
        Registered name of the reducer.
    points
        (n, 2) float32, finite.
    quality
        ``trustworthiness`` and ``neighbours_kept`` (the 10 nearest) from 3 products on, and for each of the
        columns ``masterCategory``, ``subCategory``, ``articleType`` that tells products apart the share of held-out
        products that their neighbours on the map name rightly. All in [0, 1], higher is better.
    seconds
        How long it took to compute.
    note
        What was simplified, in one sentence; empty where nothing was.
    """

    method: str
    points: np.ndarray
    quality: Mapping[str, float]
    seconds: float
    note: str = ""


@dataclass(frozen=True, eq=False)
class Placement:
    """Where a photo lies on a map.

    Attributes
    ----------
    point
        (2,) float32, finite.
    how
        ``"own step"`` of the method, or ``"neighbours"``.
    ms
        How long it took, in milliseconds.
    """

    point: np.ndarray
    how: str
    ms: float


def draw(reducer: Reducer, vectors: np.ndarray, progress: Progress | None = None) -> EmbeddingMap:
    """Compute the map of (n, d) unit vectors and measure it; ``progress`` gets the share done."""
    report = progress or (lambda share: None)
    started = time.perf_counter()
    points = reducer.fit(vectors, lambda share: report(FITTING * share))
    quality = {}
    if len(vectors) >= 3:
        found = neighbourhoods(vectors, points)
        quality = dict(zip(GEOMETRY, (trustworthiness(found), neighbours_kept(found)), strict=True))
    report(1.0)
    return EmbeddingMap(reducer.card.name, points, quality, time.perf_counter() - started, reducer.note(len(vectors)))


def packed(drawn: EmbeddingMap) -> dict[str, np.ndarray]:
    """What of the map depends on the pictures alone, as arrays, to be kept on disk."""
    kept = {name: value for name, value in drawn.quality.items() if name in GEOMETRY}
    numbers = {**kept, "seconds": drawn.seconds}
    return {"points": drawn.points, **{name: np.asarray(value, np.float64) for name, value in numbers.items()}}


def unpacked(method: str, arrays: Mapping[str, np.ndarray], n: int) -> EmbeddingMap | None:
    """The map that :func:`packed` made arrays of; None unless they hold one of ``n`` products."""
    try:
        numbers = {name: float(arrays[name]) for name in (*GEOMETRY, "seconds") if name in arrays}
        points, seconds = np.asarray(arrays["points"], np.float32), numbers.pop("seconds")
    except (KeyError, TypeError, ValueError):
        return None
    if points.shape != (n, 2) or not np.isfinite(points).all() or not np.isfinite(list(numbers.values())).all():
        return None
    return EmbeddingMap(method, points, numbers, seconds)
