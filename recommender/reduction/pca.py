"""Principal component analysis: the plane through the vectors in which they differ most.

Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", 1901.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.reduction.base import REDUCERS, Progress
from recommender.reduction.spectral import coefficients, settled, two_axes
from recommender.registry import Card
from recommender.threads import one_thread

CARD = Card("pca", "PCA", "Pearson 1901", "MIT")


@dataclass(frozen=True)
class Pca:
    """Projection onto the two leading principal components."""

    card = CARD

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Reducer.fit`."""
        centred = vectors - vectors.mean(0)
        # Several threads add up in another order; t-SNE and UMAP begin here, and would end at quite another map.
        with one_thread("blas"):
            points = settled(centred @ two_axes(centred.T @ centred)[1])
        if progress:
            progress(1.0)
        return points

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Plane:
        """See :meth:`recommender.reduction.base.Reducer.restore`."""
        mean = vectors.mean(0)
        return Plane(mean, (vectors - mean).T @ coefficients(points))

    def note(self, n: int) -> str:
        """Nothing is simplified."""
        return ""


@dataclass(frozen=True)
class Plane:
    """Projection onto the (d, 2) ``axes`` from ``mean``."""

    mean: np.ndarray
    axes: np.ndarray

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Placer.place`."""
        return ((vectors - self.mean) @ self.axes).astype(np.float32)


def start(vectors: np.ndarray, extent: float, seed: int) -> np.ndarray:
    """(n, 2) float64 to begin a map from: the PCA with its wider axis scaled to a deviation of ``extent``.

    Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics", 2019: from there, a map keeps
    the large shape of the data and does not depend on chance. A jitter of a hundredth sets equal vectors apart,
    which have no gradient between them otherwise.
    """
    points = Pca().fit(vectors).astype(np.float64)
    widest = points.std(0).max()
    jitter = np.random.default_rng(seed).normal(scale=extent / 100, size=points.shape)
    return (points * (extent / widest) if widest > 0 else points) + jitter


REDUCERS.register(CARD, Pca)
