"""Where a photo lies on a map by the products that it looks like: at once, and for any method."""

from __future__ import annotations

import numpy as np

NEAREST = 10
# Squared distance of unit vectors that counts as none: it keeps the weight of an equal product finite.
EQUAL = 1e-4


def by_neighbours(vectors: np.ndarray, points: np.ndarray, vector: np.ndarray, k: int = NEAREST) -> np.ndarray:
    """(2,) float32 among the ``points`` (n, 2) of the k of ``vectors`` (n, d) nearest to ``vector`` (d,).

    All vectors are of unit length.

    Products that look alike may lie in two far corners of a map, and the middle between them is a place of
    neither. So the one of the k that is nearest to all of them by weight (the medoid; Kaufman and Rousseeuw,
    "Clustering by means of medoids", 1987) says which corner it is, and the half of the k around it is
    averaged. Weights are the inverse squared distances of the vectors (Shepard, "A two-dimensional interpolation
    function for irregularly-spaced data", 1968), so a product that is in the catalogue lies on its own point,
    unless it has near twins elsewhere.
    """
    gaps = np.maximum(2 - 2 * (vectors @ vector), 0)
    k = min(k, len(vectors))
    rows = np.argpartition(gaps, k - 1)[:k]
    weights = 1 / (gaps[rows] + EQUAL)
    near = points[rows].astype(np.float64)
    apart = np.linalg.norm(near[:, None] - near[None], axis=2)
    medoid = int(np.argmin(apart @ weights))
    around = np.argsort(apart[medoid], kind="stable")[: (k + 1) // 2]
    return np.average(near[around], axis=0, weights=weights[around]).astype(np.float32)
