"""k-means: each product belongs to the nearest of k means.

Lloyd, "Least squares quantization in PCM", 1982, started by k-means++ (Arthur and
Vassilvitskii, 2007, section 2.2). On unit vectors the nearest mean is the one of the
most similar direction, up to the means' lengths (Dhillon and Modha, "Concept
Decompositions for Large Sparse Text Data using Clustering", 2001, section 3). Large
catalogues go by mini-batches (Sculley, "Web-Scale K-Means Clustering", 2010,
algorithm 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recommender.clustering.base import CLUSTERINGS
from recommender.registry import Card
from recommender.threads import one_thread, without_warnings

BATCHES_FROM = 10_000
BATCH = 4096
STARTS = 3

CARD = Card("kmeans", "k-means", "Lloyd 1982; Arthur and Vassilvitskii 2007; Sculley 2010", "BSD-3-Clause")


class KMeans:
    """The best of a few starts, by the sum of squared distances."""

    card = CARD

    def fit(self, vectors: np.ndarray, k: int, seed: int) -> np.ndarray:
        return means(vectors, k, seed)

    def scan(self, vectors: np.ndarray, ks: Sequence[int], seed: int) -> Iterator[np.ndarray]:
        for k in ks:
            yield means(vectors, k, seed)

    def note(self, n: int) -> str:
        return batches_note(n)


def batches_note(n: int) -> str:
    """What to say of ``n`` products whose clusters :func:`means` found."""
    if n < BATCHES_FROM:
        return ""
    return f"The means were learned from random batches of {BATCH:,} products; every product then got the nearest."


def means(points: np.ndarray, k: int, seed: int) -> np.ndarray:
    """(n, d) points to (n,) numbers of the nearest of ``k`` means."""
    from sklearn.cluster import KMeans as Lloyd
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.exceptions import ConvergenceWarning

    model = (
        Lloyd(k, n_init=STARTS, random_state=seed)
        if len(points) < BATCHES_FROM
        else MiniBatchKMeans(k, n_init=STARTS, batch_size=BATCH, random_state=seed)
    )
    # Several threads add up in an order of their own, and the last digit may decide. Fewer different points than
    # clusters are no fault here: there are then as many clusters as points.
    with one_thread("openmp", "blas"), without_warnings(ConvergenceWarning):
        return model.fit_predict(points)


CLUSTERINGS.register(CARD, KMeans)
