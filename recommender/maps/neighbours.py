"""The nearest products of every product: what suspected labels and twins are read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Similarities held at once, as float32: 64 MB.
HELD = 2**24


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Rows (n, k) int32 of the most similar others, most similar first, and their similarity (n, k) float32."""

    rows: np.ndarray
    similarity: np.ndarray


def neighbours(vectors: np.ndarray, k: int, progress: Callable[[float], None] | None = None) -> Neighbours:
    """The ``min(k, n - 1)`` nearest others of each of (n, d) unit vectors, exactly, in blocks of rows.

    ``progress`` gets the share done. A product is never its own neighbour.
    """
    n = len(vectors)
    k = max(min(k, n - 1), 0)
    rows, similarity = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    block = max(HELD // max(n, 1), 1)
    for start in range(0, n if k else 0, block):
        near = vectors[start : start + block] @ vectors.T
        here = np.arange(len(near))
        near[here, start + here] = -np.inf
        best = np.argpartition(near, -k, axis=1)[:, -k:]
        found = np.take_along_axis(near, best, 1)
        # Of those found, equal ones stand in the order of their rows.
        order = np.lexsort((best, -found), axis=1)
        rows[start : start + block] = np.take_along_axis(best, order, 1)
        similarity[start : start + block] = np.take_along_axis(found, order, 1)
        if progress:
            progress(min(start + block, n) / n)
    return Neighbours(rows, similarity)
