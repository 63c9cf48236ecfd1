"""Spectral clustering: groups that hang together as a graph, whatever their shape.

Products are joined through landmarks (Chen and Cai, "Large Scale Spectral Clustering with
Landmark-Based Representation", 2011, section 3): each has a few nearest landmarks with
weights that sum to one, and two products are as near as they share landmarks. The graph's
leading eigenvectors, with rows of unit length, are clustered by k-means (Ng, Jordan and
Weiss, "On Spectral Clustering: Analysis and an algorithm", 2002, section 2). A small weight
between all products keeps a few strays from being a cluster of their own (Amini, Chen,
Bickel and Levina, "Pseudo-likelihood methods for community detection in large sparse
networks", 2013, section 2.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from recommender.clustering.base import CLUSTERINGS
from recommender.clustering.kmeans import batches_note, means
from recommender.registry import Card

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LANDMARKS = 1500
NEAREST = 8
WIDTH = 0.1  # of the kernel, in cosine distance beyond the nearest landmark
TOGETHER = 0.05
BLOCK = 4096

CARD = Card("spectral", "Spectral clustering", "Ng, Jordan and Weiss 2002; Chen and Cai 2011", "MIT")


class Spectral:
    """Landmarks are drawn from the products by the seed; with few products each is one."""

    card = CARD

    def fit(self, vectors: np.ndarray, k: int, seed: int) -> np.ndarray:
        return next(self.scan(vectors, [k], seed))

    def scan(self, vectors: np.ndarray, ks: Sequence[int], seed: int) -> Iterator[np.ndarray]:
        places = leading(vectors, max(ks), seed)
        for k in ks:
            own = places[:, :k]
            yield means(own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-9), k, seed)

    def note(self, n: int) -> str:
        if n <= LANDMARKS:
            return ""
        joined = f"The products are joined through {LANDMARKS:,} of them that were drawn as landmarks."
        return f"{joined} {batches_note(n)}".strip()


def leading(vectors: np.ndarray, most: int, seed: int) -> np.ndarray:
    """The ``most`` leading eigenvectors of the normalised graph, (n, most) float32."""
    n = len(vectors)
    landmarks = np.sort(np.random.default_rng(seed).permutation(n)[:LANDMARKS])
    p = len(landmarks)
    weights = _weights(vectors, vectors[landmarks])
    # Every product is joined to all landmarks a little: the rank-one part is added where the matrix is small.
    kept, spread = 1 - TOGETHER, TOGETHER / p
    total = np.asarray(weights.sum(axis=0)).ravel()
    cross = np.add.outer(total, total)
    product = kept**2 * (weights.T @ weights).toarray() + kept * spread * cross + n * spread**2
    root = 1 / np.sqrt(kept * total + n * spread)
    values, axes = np.linalg.eigh(product * np.outer(root, root))
    axes = axes[:, ::-1][:, :most] * root[:, None]
    found = kept * (weights @ axes) + spread * axes.sum(axis=0)
    # The sign of an eigenvector is free; the heaviest entry is made positive, so that it is the same everywhere.
    heaviest = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    length = np.sqrt(np.maximum(values[::-1][:most], 1e-12))
    return (found * np.sign(heaviest) / length).astype(np.float32)


def _weights(vectors: np.ndarray, landmarks: np.ndarray) -> csr_array:
    """Sparse (n, p): how much each product is of each of its nearest landmarks; rows sum to one."""
    from scipy.sparse import csr_array

    n, p = len(vectors), len(landmarks)
    near = min(NEAREST, p)
    columns, values = np.empty((n, near), np.int64), np.empty((n, near), np.float64)
    for start in range(0, n, BLOCK):
        similar = vectors[start : start + BLOCK] @ landmarks.T
        best = np.sort(np.argpartition(similar, -near, axis=1)[:, -near:], axis=1)
        columns[start : start + BLOCK] = best
        values[start : start + BLOCK] = np.take_along_axis(similar, best, 1)
    values = np.exp((values - values.max(axis=1, keepdims=True)) / WIDTH)
    values /= values.sum(axis=1, keepdims=True)
    return csr_array((values.ravel(), columns.ravel(), np.arange(0, n * near + 1, near)), shape=(n, p))


CLUSTERINGS.register(CARD, Spectral)
