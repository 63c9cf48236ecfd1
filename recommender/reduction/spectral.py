"""The algebra that PCA, kernel PCA and Isomap share: two leading axes, and new points by inner products alone.

All three are classical scaling (Torgerson 1952) of a centred Gram matrix G = U diag(l) U': plain inner products,
a kernel, or geodesic distances turned into inner products. The points are P = U sqrt(l), and a new vector whose
centred inner products with the others are g lies at g U / sqrt(l) = g P / l (Bengio et al., "Out-of-Sample
Extensions for LLE, Isomap, MDS, Eigenmaps, and Spectral Clustering", 2004). The squared length of a column
of P is its l, so the points are all that has to be kept.
"""

from __future__ import annotations

import numpy as np

# A mean square below this is the rounding of float32 unit vectors, not a direction in which they differ.
ROUNDING = 1e-9


def two_axes(symmetric: np.ndarray) -> np.ndarray:
    """(n, 2) leading eigenvectors of a symmetric (n, n) matrix; a column of zeros where n is 1."""
    from scipy.linalg import eigh

    n = len(symmetric)
    _, axes = eigh(symmetric, subset_by_index=[max(n - 2, 0), n - 1])
    axes = axes[:, ::-1]
    return np.pad(axes, ((0, 0), (0, 2 - axes.shape[1])))


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
