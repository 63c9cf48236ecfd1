"""How much of the neighbourhoods a map keeps: pure functions, each with its bounds and which way is better.

Every query is held against all products, in blocks; of more than ``SAMPLE`` products, that many are queries.
Ties count in the map's favour: a product as near as the k-th nearest is one of the k nearest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recommender.catalog.labels import label_text
from recommender.reduction.neighbours import others

K = 10
SAMPLE = 2_000
BLOCK = 250
# Of fewer held-out products a share says nothing.
FEWEST_HELD_OUT = 20
# Distances of float32 unit vectors that differ by less are equal.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Neighbourhoods:
    """For each of q queries, its k nearest products on the map and what they are among all by their vectors.

    Attributes
    ----------
    ranks
        (q, k) int: how many products are nearer by the vectors than this map neighbour, plus 1.
    n
        Number of all products.
    """

    ranks: np.ndarray
    n: int


def measured_neighbours(n: int, k: int = K) -> int:
    """How many neighbours count on a map of n products: k, or less than half of a few."""
    return max(1, min(k, (n - 1) // 2))


def neighbourhoods(vectors: np.ndarray, points: np.ndarray, k: int = K, seed: int = 7) -> Neighbourhoods:
    """Compare (n, d) vectors with their map (n, 2); n is 3 at least, and k is lowered to less than half of n."""
    n = len(vectors)
    k = measured_neighbours(n, k)
    queries = held_out(n, 1.0, seed)
    near = nearest_on_map(points, points[queries], k + 1)
    near = near[others(near, queries)].reshape(len(queries), k)
    lengths = (vectors**2).sum(1)
    ranks = np.empty((len(queries), k), np.int64)
    for first in range(0, len(queries), BLOCK):
        rows = queries[first : first + BLOCK]
        gaps = lengths - 2 * (vectors[rows] @ vectors.T)  # squared distances up to a constant of the query
        gaps[np.arange(len(rows)), rows] = np.inf
        reach = np.take_along_axis(gaps, near[first : first + BLOCK], 1) - ROUNDING
        for row in range(len(rows)):
            ranks[first + row] = [1 + np.count_nonzero(gaps[row] < limit) for limit in reach[row]]
    return Neighbourhoods(ranks, n)


def trustworthiness(found: Neighbourhoods) -> float:
    """How little the map shows as near what is far, in [0, 1]; higher is better.

    Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", 2001, equation 1:
    products that the map brings into a neighbourhood cost as much as they are ranks too far.
    """
    k = found.ranks.shape[1]
    worst = k * (2 * found.n - 3 * k - 1) / 2
    return float(1 - np.maximum(found.ranks - k, 0).sum(1).mean() / worst)


def neighbours_kept(found: Neighbourhoods) -> float:
    """Share of the map's k nearest that are of the k nearest by the vectors, in [0, 1]; higher is better."""
    return float((found.ranks <= found.ranks.shape[1]).mean())


def knn_accuracy(points: np.ndarray, values: np.ndarray, k: int = K, seed: int = 7) -> float | None:
    """How often the k nearest on the map tell a held-out product's value, in [0, 1]; higher is better.

    A fifth of the products, ``SAMPLE`` at most, is held out and has no vote; where votes are equal, nearer
    ones count more. ``values`` is (n,) object, missing or blank where unknown. None where fewer than two values are
    known, or too few products to hold out :data:`FEWEST_HELD_OUT`.
    """
    labels = np.array(label_text(pd.Series(values)), object)
    known = pd.notna(labels)
    names, numbers = np.unique(labels[known].astype(str), return_inverse=True)
    points = points[known]
    queries = held_out(len(points), 0.2, seed)
    if len(names) < 2 or len(queries) < FEWEST_HELD_OUT:
        return None
    voters = np.delete(np.arange(len(points)), queries)
    near = numbers[voters][nearest_on_map(points[voters], points[queries], k)]
    # A vote counts 1 and a little for being near, too little to turn a majority.
    weights = 1 + 1e-3 / (1 + np.arange(near.shape[1]))
    votes = np.zeros((len(queries), len(names)))
    for place, weight in enumerate(weights):
        votes[np.arange(len(queries)), near[:, place]] += weight
    return float((votes.argmax(1) == numbers[queries]).mean())


def held_out(n: int, share: float, seed: int) -> np.ndarray:
    """Rows of a share of n products, at least 1 and at most ``SAMPLE``, drawn by the seed."""
    return np.random.default_rng(seed).permutation(n)[: min(max(1, int(n * share)), SAMPLE)]


def nearest_on_map(points: np.ndarray, queries: np.ndarray, k: int) -> np.ndarray:
    """(q, min(k, n)) rows of the ``points`` (n, 2) nearest to each of the ``queries`` (q, 2), nearest first."""
    from scipy.spatial import cKDTree

    k = min(k, len(points))
    return cKDTree(points).query(queries, k)[1].reshape(len(queries), k)
