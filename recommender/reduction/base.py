"""What a reducer is: vectors in, one point of the plane for each out; and new vectors onto a map that is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from recommender.registry import Card, Registry

Progress = Callable[[float], None]
# Below this many products there is no neighbourhood to speak of, and the neighbourhood methods show the PCA.
FEWEST = 5


class Placer(Protocol):
    """The out-of-sample step of one map. Safe to share between threads."""

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """(m, d) float32 to (m, 2) float32 on the map, which stays as it is.

        Raises
        ------
        TimeoutError
            If something else holds what the method needs; a later call may go well. None of those here does.
        """


class Reducer(Protocol):
    """One method and its parameters.

    Its ``repr`` names the method and every parameter that a map depends on: what has the
    same one gives the same map of the same vectors, so it is part of the name that a map is kept under.
    """

    card: Card

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """The map of (n, d) float32: (n, 2) float32, finite, the same every time.

        ``n`` is 1 at least. ``progress`` is called with the share that is done, ascending in [0, 1].
        """

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Placer:
        """What places new vectors on the map ``points`` that :meth:`fit` gave for ``vectors``; it fits nothing."""

    def note(self, n: int) -> str:
        """What is simplified where there are ``n`` products, in one sentence; empty where nothing is."""


REDUCERS: Registry[Reducer] = Registry("map method")


def landmarks_note(n: int, most: int) -> str:
    """What to say of a map of ``n`` products whose landmarks :func:`spread` drew."""
    if n <= most:
        return ""
    return f"Computed from {most:,} products drawn evenly; the other {n - most:,} are placed by them."


def spread(n: int, most: int, seed: int) -> np.ndarray:
    """Rows of the landmarks among ``n``, ascending: all, or ``most`` drawn evenly by the seed."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).permutation(n)[:most])
