"""Exact search: one matrix product. The reference, and the faster way for few candidates."""

from __future__ import annotations

import numpy as np

from recommender.index.base import INDEXES, Found, ordered
from recommender.registry import Card

ROUNDING = 1e-5

CARD = Card("exact", "Exact search", "Exhaustive inner product", "MIT")


class ExactIndex:
    """Cosine distance to every allowed vector.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length; kept, not copied.
    """

    def __init__(self, vectors: np.ndarray) -> None:
        self._vectors = np.ascontiguousarray(vectors, np.float32)

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Found:
        """The nearest allowed rows; see :class:`recommender.index.base.Index`."""
        rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        if k < 1 or not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        vectors = self._vectors if len(rows) == len(self) else self._vectors[rows]
        query = query.astype(np.float32)
        if k < len(rows):
            # All that tie with the k-th, up to rounding, stay in: ties are broken by row and not by chance.
            similar = vectors @ query
            rows = rows[similar >= np.partition(similar, -k)[-k] - ROUNDING]
        return ordered(self._vectors, rows, query, k)


INDEXES.register(CARD, ExactIndex)
