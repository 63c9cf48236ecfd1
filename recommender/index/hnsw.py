"""Approximate search in a navigable small-world graph, with hnswlib.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
Hierarchical Navigable Small World graphs", 2018. ``M`` and ``ef_construction`` are the
names of that paper.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import numpy as np

from recommender.errors import IndexMismatchError
from recommender.index.base import INDEXES, Found, ordered
from recommender.registry import Card

M = 24
EF_CONSTRUCTION = 200
EF_SEARCH = 128
SEED = 7
DIGEST = 32

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
        If the file is damaged or belongs to other vectors.
    """

    def __init__(self, vectors: np.ndarray, path: Path | None = None) -> None:
        import hnswlib

        self._vectors = np.ascontiguousarray(vectors, np.float32)
        n, d = self._vectors.shape
        self._graph = hnswlib.Index(space="cosine", dim=d)
        if path is None:
            self._graph.init_index(max_elements=max(n, 1), M=M, ef_construction=EF_CONSTRUCTION, random_seed=SEED)
            if n:
                # In an order of no meaning: equal vectors that come one after the other, as sizes of one product do,
                # would link to each other alone, and some could not be reached. The same one every time, and one
                # thread, so that the graph is too.
                order = np.random.default_rng(SEED).permutation(n)
                self._graph.add_items(self._vectors[order], order, num_threads=1)
        else:
            self._load(path)
        # Set once: changing it for each query would race between visitors.
        self._graph.set_ef(EF_SEARCH)
        self._graph.set_num_threads(1)

    def _load(self, path: Path) -> None:
        # hnswlib follows whatever links it reads, into other memory too, so a file is checked before it sees it.
        try:
            data = memoryview(path.read_bytes())
        except OSError as error:
            raise IndexMismatchError(f"The index file {path.name} can't be read.") from error
        if bytes(data[:DIGEST]) != self._seal(data[DIGEST:]):
            raise IndexMismatchError(f"The index file {path.name} is damaged, or belongs to other vectors.")
        try:
            with tempfile.TemporaryDirectory() as folder:
                plain = Path(folder) / "graph"
                plain.write_bytes(data[DIGEST:])
                self._graph.load_index(str(plain), max_elements=max(len(self), 1))
        except (RuntimeError, OSError) as error:
            raise IndexMismatchError(f"The index file {path.name} can't be loaded.") from error

    def _seal(self, graph: bytes | memoryview) -> bytes:
        """Digest of the graph's bytes and of the vectors it is of."""
        digest = hashlib.blake2b(repr(self._vectors.shape).encode(), digest_size=DIGEST)
        digest.update(self._vectors.data)
        digest.update(graph)
        return digest.digest()

    def __len__(self) -> int:
        return len(self._vectors)

    def save(self, path: Path) -> None:
        """Write the graph and its digest to ``path`` (not atomic by itself: see :mod:`recommender.workspace`)."""
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "graph"
            self._graph.save_index(str(plain))
            graph = plain.read_bytes()
        path.write_bytes(self._seal(graph) + graph)

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Found:
        """The nearest allowed rows, up to the graph's recall; see :class:`recommender.index.base.Index`."""
        many = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, many)
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = query.astype(np.float32)
        # The graph looks at EF_SEARCH candidates; asking for as many costs nothing more.
        reach = min(len(self), max(EF_SEARCH, int(1.5 * k * len(self) / many)))
        try:
            rows = self._graph.knn_query(query[None], k=reach, num_threads=1)[0][0].astype(np.int64)
        except RuntimeError:  # hnswlib: the graph has fewer reachable nodes than were asked for
            rows = np.arange(len(self))
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows) < k:
            rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        return ordered(self._vectors, rows, query, k)


INDEXES.register(CARD, HnswIndex)
