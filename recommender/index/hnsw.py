"""Approximate search in a navigable small-world graph, with hnswlib.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
Hierarchical Navigable Small World graphs", 2018. ``M`` and ``ef_construction`` are the
names of that paper.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recommender.errors import IndexMismatchError
from recommender.index.base import INDEXES, Found, ordered
from recommender.registry import Card

M = 24
EF_CONSTRUCTION = 200
EF_SEARCH = 128

CARD = Card("hnsw", "HNSW graph (hnswlib)", "Malkov and Yashunin 2018", "Apache-2.0")


class HnswIndex:
    """Cosine HNSW over the vectors, or the graph that ``path`` holds of them.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length; kept, to measure distances without rounding.
    path
        A file written by :meth:`save` for the same vectors.

    Raises
    ------
    IndexMismatchError
        If the file is damaged or belongs to another number of vectors.
    """

    def __init__(self, vectors: np.ndarray, path: Path | None = None) -> None:
        import hnswlib

        self._vectors = np.ascontiguousarray(vectors, np.float32)
        n, d = self._vectors.shape
        self._graph = hnswlib.Index(space="cosine", dim=d)
        if path is None:
            self._graph.init_index(max_elements=max(n, 1), M=M, ef_construction=EF_CONSTRUCTION, random_seed=7)
            # One thread: insertion order, and with it the graph, is the same every time.
            self._graph.add_items(self._vectors, np.arange(n), num_threads=1)
        else:
            self._load(path, n)
        # Set once: changing it for each query would race between visitors.
        self._graph.set_ef(EF_SEARCH)
        self._graph.set_num_threads(1)

    def _load(self, path: Path, n: int) -> None:
        try:
            self._graph.load_index(str(path), max_elements=max(n, 1))
        except RuntimeError as error:
            raise IndexMismatchError(f"The index file {path.name} is damaged.") from error
        if self._graph.get_current_count() != n:
            raise IndexMismatchError(
                f"The index file {path.name} holds {self._graph.get_current_count()} products, not {n}."
            )

    def __len__(self) -> int:
        return len(self._vectors)

    def save(self, path: Path) -> None:
        """Write the graph to ``path`` (not atomic by itself: see :mod:`recommender.workspace`)."""
        self._graph.save_index(str(path))

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Found:
        """The nearest allowed rows, up to the graph's recall; see :class:`recommender.index.base.Index`."""
        many = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, many)
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # The graph looks at EF_SEARCH candidates; asking for as many costs nothing more.
        reach = min(len(self), max(EF_SEARCH, int(1.5 * k * len(self) / many)))
        try:
            rows = self._graph.knn_query(query.astype(np.float32)[None], k=reach)[0][0].astype(np.int64)
        except RuntimeError:  # hnswlib: the graph has fewer reachable nodes than were asked for
            rows = np.arange(len(self))
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows) < k:
            rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        return ordered(rows, 1 - self._vectors[rows] @ query.astype(np.float32), k)


INDEXES.register(CARD, HnswIndex)
