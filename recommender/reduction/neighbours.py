"""The nearest other products of every product: exact for few, by a graph for many."""

from __future__ import annotations

import numpy as np

from recommender.reduction.spectral import squared_distances

# Up to here every pair is compared; beyond, the graph is several times faster and finds 99 % of the neighbours.
EXACT = 5_000
M = 16
EF_CONSTRUCTION = 100
BLOCK = 500


def nearest(vectors: np.ndarray, k: int, exact: int = EXACT) -> tuple[np.ndarray, np.ndarray]:
    """Rows (n, k) int64 and Euclidean distances (n, k) float64 of the k others nearest to each of (n, d), ascending.

    ``k`` is below n. Above ``exact`` vectors by a graph in the manner of Malkov and Yashunin, "Efficient and robust
    approximate nearest neighbor search using Hierarchical Navigable Small World graphs", 2018, built by one thread,
    so that it is the same every time.
    """
    if len(vectors) > exact:
        found = _by_graph(vectors, k + 1)
        if found is not None:
            return _without_own(*found)
    parts = [nearest_of(vectors, vectors[i : i + BLOCK], k + 1) for i in range(0, len(vectors), BLOCK)]
    return _without_own(np.concatenate([rows for rows, _ in parts]), np.concatenate([gaps for _, gaps in parts]))


def nearest_of(vectors: np.ndarray, queries: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (q, k) int64 and distances (q, k) float64 of the k of (n, d) nearest to each of the queries (q, d)."""
    gaps = squared_distances(queries, vectors)
    rows = np.argpartition(gaps, k - 1, axis=1)[:, :k] if k < gaps.shape[1] else np.argsort(gaps, axis=1)
    near = np.take_along_axis(gaps, rows, 1)
    order = np.argsort(near, axis=1, kind="stable")
    return np.take_along_axis(rows, order, 1), np.sqrt(np.take_along_axis(near, order, 1))


def others(rows: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(q, k + 1) bool with k True a row: which of the nearest ``rows`` are not the query's ``own`` (q,).

    Where more than k + 1 are equal to the query, its own row may be missing; then the last one goes.
    """
    same = rows == own[:, None]
    same[~same.any(1), -1] = True
    return ~same


def _without_own(rows: np.ndarray, gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keep = others(rows, np.arange(len(rows)))
    return rows[keep].reshape(len(rows), -1), gaps[keep].reshape(len(rows), -1)


def _by_graph(vectors: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Like :func:`nearest_of` for all; None where the graph can't reach k from everywhere, as among many equal ones."""
    import hnswlib

    n, d = vectors.shape
    graph = hnswlib.Index(space="l2", dim=d)
    graph.init_index(max_elements=n, M=M, ef_construction=EF_CONSTRUCTION, random_seed=7)
    graph.add_items(vectors, np.arange(n), num_threads=1)
    graph.set_ef(max(150, k + k // 2))
    try:
        rows, squares = graph.knn_query(vectors, k=k, num_threads=1)
    except RuntimeError:
        return None
    return rows.astype(np.int64), np.sqrt(np.maximum(squares, 0), dtype=np.float64)
