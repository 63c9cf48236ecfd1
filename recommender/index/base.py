"""What an index is: nearest rows for unit vectors, by cosine distance."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from recommender.registry import Registry

Found = tuple[np.ndarray, np.ndarray]


class Index(Protocol):
    """Answers with rows of the vectors it was built from.

    Distances are ``1 - cosine``, ascending; ties go to the smaller row number, so that
    an answer does not depend on which index gave it.
    """

    def __len__(self) -> int: ...

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Found:
        """Rows (m,) int64 and distances (m,) float32 with ``m = min(k, number allowed)``.

        ``query`` is (d,) of unit length, ``allowed`` (n,) bool or None for all.
        """


INDEXES: Registry[Index] = Registry("index")


def ordered(vectors: np.ndarray, rows: np.ndarray, query: np.ndarray, k: int) -> Found:
    """The ``k`` of ``rows`` that are nearest to ``query``, nearest first, ties by row.

    Each row is summed up in the same way, which a matrix product does not promise: there, equal
    vectors may differ in the last digit by where they stand.
    """
    distances = np.maximum(1 - np.einsum("ij,j->i", vectors[rows], query), 0).astype(np.float32)
    best = np.lexsort((rows, distances))[:k]
    return rows[best].astype(np.int64), distances[best]
