"""How many clusters: the middle of the numbers that do well by the elbow and by the silhouette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.clustering.base import Method, Progress

SAMPLE = 5000
TRIED = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30, 33, 36, 40)
# The power of what a number of clusters counts: one nine tenths as good as the best counts less than half as much.
SHARP = 8


@dataclass(frozen=True, eq=False)
class Choice:
    """What was measured for each number of clusters, and which number is suggested.

    Attributes
    ----------
    ks
        (m,) 1, at which the curve begins, and the numbers tried, ascending; none of fewer than 4 products.
    inertia
        (m,) mean squared distance of a product to its cluster's mean; the elbow plot.
    silhouette
        (m,) mean silhouette in [-1, 1], higher is better.
    elbow
        (m,) how far the inertia lies below the line from its first to its last value, both scaled to [0, 1].
    """

    ks: np.ndarray
    inertia: np.ndarray
    silhouette: np.ndarray

    @property
    def elbow(self) -> np.ndarray:
        return bend(self.ks, self.inertia)

    @property
    def suggested(self) -> int:
        """The mean of the numbers tried, each weighed by its elbow times its silhouette to the power of :data:`SHARP`.

        Of logarithms, to the nearest number tried. Slight noise may exchange which number is the best one, and moves
        the mean only a little.
        """
        several = self.ks > 1
        if not several.any():
            return 1
        places = np.log(self.ks[several])
        weights = (_of_best(self.elbow[several]) * _of_best(self.silhouette[several])) ** SHARP
        return int(self.ks[several][np.abs(places - np.average(places, weights=weights)).argmin()])


def _of_best(values: np.ndarray) -> np.ndarray:
    """Each value's share of the largest, hardly anything for those below 0; 1 where all are."""
    positive = np.maximum(values, 1e-9)
    return positive / positive.max()


def choose(
    method: Method, vectors: np.ndarray, seed: int, tried: Sequence[int] = TRIED, progress: Progress | None = None
) -> Choice:
    """Try numbers of clusters, on a sample where there are more than :data:`SAMPLE` products.

    At most as many clusters are tried as leave two products a cluster.
    """
    rows = np.sort(np.random.default_rng(seed).permutation(len(vectors))[:SAMPLE])
    sample = vectors[rows]
    ks = [k for k in tried if k <= len(sample) // 2]
    # From one cluster on: a curve that began at two could not bend there.
    measured = [(inertia(sample, np.zeros(len(sample), int)), 0.0)] if ks else []
    for k, labels in zip(ks, method.scan(sample, ks, seed) if ks else (), strict=False):
        labels = np.unique(labels, return_inverse=True)[1]
        measured.append((inertia(sample, labels), silhouette(sample, labels)))
        if progress:
            progress((len(measured) - 1) / len(ks))
        if labels.max() + 1 < k:
            break  # there are no more different products
    done = np.array(measured).reshape(-1, 2)
    return Choice(np.array([1, *ks][: len(done)], np.int32), done[:, 0], done[:, 1])


def sample_note(n: int) -> str:
    """What to say of a number that :func:`choose` found for ``n`` products."""
    if n <= SAMPLE:
        return ""
    return f"Which number of clusters fits was measured on {SAMPLE:,} products drawn evenly."


def bend(ks: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """Distance of a falling curve below the line between its ends, (m,), where both axes are scaled to [0, 1].

    Satopää, Albrecht, Irwin and Raghavan, "Finding a 'Kneedle' in a Haystack: Detecting Knee
    Points in System Behavior", 2011, section III, steps 2 and 3.
    """
    if len(ks) < 3 or curve[0] <= curve[-1]:
        return np.zeros(len(ks))
    across = (ks - ks[0]) / (ks[-1] - ks[0])
    down = (curve - curve[-1]) / (curve[0] - curve[-1])
    return 1 - across - down


def inertia(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance of (n, d) unit vectors to their cluster's mean, in [0, 1]; lower is tighter."""
    sums, sizes = sums_and_sizes(vectors, labels)
    return float(1 - ((sums**2).sum(axis=1) / sizes).sum() / len(vectors))


def silhouette(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette of (n, d) unit vectors by cosine distance, in [-1, 1]; higher is better, 0 for one cluster.

    Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster
    analysis", 1987, section 2. A mean of cosine distances is the distance to the sum divided
    by the number, so that no pair of products has to be looked at.
    """
    sums, sizes = sums_and_sizes(vectors, labels)
    if len(sizes) < 2:
        return 0.0
    apart = 1 - vectors @ (sums / sizes[:, None]).T
    here = np.arange(len(vectors))
    own = sizes[labels]
    inside = apart[here, labels] * own / np.maximum(own - 1, 1)
    apart[here, labels] = np.inf
    outside = apart.min(axis=1)
    largest = np.maximum(np.maximum(inside, outside), 1e-12)
    # A cluster of one has the silhouette 0.
    return float(np.where(own > 1, (outside - inside) / largest, 0).mean())


def sums_and_sizes(vectors: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum (k, d) float64 and size (k,) of every cluster; each of the numbers from 0 to k - 1 is there."""
    sizes = np.bincount(labels)
    order = np.argsort(labels, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.add.reduceat(vectors[order], starts, axis=0, dtype=np.float64), sizes
