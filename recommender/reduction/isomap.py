"""Isomap: distances along the surface that the products lie on, laid out flat.

Tenenbaum, de Silva and Langford, "A Global Geometric Framework for Nonlinear Dimensionality Reduction", 2000. Of many
products a sample is laid out so, its graph joining these landmarks alone, and the others are placed by them (Bengio et
al., "Out-of-Sample Extensions for LLE, Isomap, MDS, Eigenmaps, and Spectral Clustering", 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.reduction.base import REDUCERS, Progress, landmarks_note, spread
from recommender.reduction.neighbours import Exact, nearest
from recommender.reduction.spectral import Projection, by_landmarks, squared_distances
from recommender.registry import Card

# Added to every edge: in a sparse matrix, an edge of length 0 between equal vectors would be none.
STEP = 1e-6

CARD = Card("isomap", "Isomap", "Tenenbaum, de Silva and Langford 2000", "MIT")


@dataclass(frozen=True)
class Isomap:
    """Classical scaling of the shortest paths through the graph of the ``neighbours`` nearest.

    ``landmarks`` is the most products that paths are measured between.
    """

    neighbours: int = 10
    landmarks: int = 2_000
    seed: int = 7

    card = CARD

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Reducer.fit`."""
        rows = spread(len(vectors), self.landmarks, self.seed)
        return by_landmarks(Paths(vectors[rows], self.neighbours), vectors, rows, progress)

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Projection:
        """See :meth:`recommender.reduction.base.Reducer.restore`."""
        rows = spread(len(vectors), self.landmarks, self.seed)
        return Projection(Paths(vectors[rows], self.neighbours), points[rows])

    def note(self, n: int) -> str:
        """Above the limit, landmarks."""
        return landmarks_note(n, self.landmarks)


class Paths:
    """Shortest paths between some vectors (m, d), turned into inner products."""

    def __init__(self, vectors: np.ndarray, neighbours: int) -> None:
        from scipy.sparse.csgraph import dijkstra

        self._neighbours = Exact(vectors)
        self._k = min(neighbours, len(vectors))
        self._lengths = dijkstra(connected_graph(vectors, neighbours), directed=False)
        squares = self._lengths**2
        self._means, self._mean = squares.mean(0), squares.mean()
        self.gram = self._centred(squares)

    def to(self, new: np.ndarray) -> np.ndarray:
        """(q, m) inner products between new vectors (q, d) and these: their paths go through their nearest."""
        rows, gaps = self._neighbours.nearest(new, self._k)
        lengths = (gaps[:, :, None] + self._lengths[rows]).min(1)
        return self._centred(lengths**2)

    def _centred(self, squares: np.ndarray) -> np.ndarray:
        return -0.5 * (squares - squares.mean(1, keepdims=True) - self._means + self._mean)


def connected_graph(vectors: np.ndarray, k: int) -> Any:
    """Sparse (m, m) lengths of the edges to the k nearest.

    Where the graph falls apart, the parts are joined by the edges of the shortest tree through all products: paths
    between two parts have to be finite, and this adds the least.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

    m = len(vectors)
    if m == 1:
        return csr_array((1, 1))
    rows, gaps = nearest(vectors, min(k, m - 1))
    ends = (np.repeat(np.arange(m), rows.shape[1]), rows.ravel())
    graph = csr_array((gaps.ravel() + STEP, ends), shape=(m, m))
    parts, part = connected_components(graph, directed=False)
    if parts > 1:
        tree = minimum_spanning_tree(np.sqrt(squared_distances(vectors, vectors)) + STEP).tocoo()
        bridge = part[tree.row] != part[tree.col]
        graph = graph + csr_array((tree.data[bridge], (tree.row[bridge], tree.col[bridge])), shape=(m, m))
    return graph


REDUCERS.register(CARD, Isomap)
