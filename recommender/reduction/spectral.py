"""The algebra that PCA, kernel PCA and Isomap share: two leading axes, and new points by inner products alone.

All three are classical scaling (Torgerson 1952) of a centred Gram matrix G = U diag(l) U': plain inner products,
a kernel, or geodesic distances turned into inner products. The points are P = U sqrt(l), and a new vector whose
centred inner products with the others are g lies at g U / sqrt(l) = g P / l (Bengio et al., "Out-of-Sample
Extensions for LLE, Isomap, MDS, Eigenmaps, and Spectral Clustering", 2004). The squared length of a column
of P is its l, so the points are all that has to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.reduction.base import Progress

BLOCK = 200
# A mean square below this is the rounding of float32 unit vectors, not a direction in which they differ.
ROUNDING = 1e-9


class Products(Protocol):
    """Centred inner products of some vectors (m, d), in whatever space a method puts them."""

    gram: np.ndarray  # (m, m), among themselves

    def to(self, new: np.ndarray) -> np.ndarray:
        """(q, m) inner products of new vectors (q, d) with them."""


@dataclass(frozen=True)
class Projection:
    """Places new vectors by their inner products with vectors that have the coordinates ``points`` (m, 2)."""

    products: Products
    points: np.ndarray

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Placer.place`."""
        weights = coefficients(self.points)
        blocks = [self.products.to(vectors[i : i + BLOCK]) @ weights for i in range(0, len(vectors), BLOCK)]
        return np.concatenate(blocks).astype(np.float32)


def by_landmarks(
    products: Products, vectors: np.ndarray, rows: np.ndarray, progress: Progress | None = None
) -> np.ndarray:
    """(n, 2) float32 for all (n, d): the landmarks ``rows`` by scaling their ``products``, the others by them."""
    points = np.empty((len(vectors), 2), np.float32)
    points[rows] = scaled(products.gram)
    placer = Projection(products, points[rows])
    rest = np.delete(np.arange(len(vectors)), rows)
    for first in range(0, len(rest), BLOCK):
        if progress:
            progress(0.3 + 0.7 * first / len(rest))
        points[rest[first : first + BLOCK]] = placer.place(vectors[rest[first : first + BLOCK]])
    if progress:
        progress(1.0)
    return points


def two_axes(symmetric: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two largest eigenvalues (2,), none below 0, and their eigenvectors (n, 2); the second is 0 where n is 1."""
    from scipy.linalg import eigh

    n = len(symmetric)
    lengths, axes = eigh(symmetric, subset_by_index=[max(n - 2, 0), n - 1])
    missing = 2 - len(lengths)
    return np.pad(np.maximum(lengths[::-1], 0), (0, missing)), np.pad(axes[:, ::-1], ((0, 0), (0, missing)))


def scaled(gram: np.ndarray) -> np.ndarray:
    """(n, 2) float32 points whose inner products come nearest to a Gram matrix (n, n)."""
    lengths, axes = two_axes(gram)
    return settled(axes * np.sqrt(lengths))


def settled(points: np.ndarray) -> np.ndarray:
    """Points without what is arbitrary in eigenvectors: a column's largest entry is positive, mere rounding is 0."""
    columns = np.arange(2)
    points = points * np.where(points[np.abs(points).argmax(0), columns] < 0, -1, 1)
    points[:, (points**2).mean(0) < ROUNDING] = 0
    return np.ascontiguousarray(points, np.float32)


def coefficients(points: np.ndarray) -> np.ndarray:
    """(n, 2) float64 weights P / l that turn centred inner products with the n into coordinates."""
    points = points.astype(np.float64)
    lengths = (points**2).sum(0)
    return points / np.where(lengths > 0, lengths, np.inf)


def squared_distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(m, n) float64 squared Euclidean distances between the rows of (m, d) and (n, d)."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    found = (one**2).sum(1)[:, None] + (other**2).sum(1) - 2 * one @ other.T
    return np.maximum(found, 0)
