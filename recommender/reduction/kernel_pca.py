"""Kernel PCA: the PCA of what a Gaussian kernel makes of the vectors.

Schölkopf, Smola and Müller, "Nonlinear Component Analysis as a Kernel Eigenvalue Problem", 1998. Of many products
some are landmarks and the others are placed by them: Williams and Seeger, "Using the Nyström Method to Speed Up
Kernel Machines", 2001.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.reduction.base import REDUCERS, Progress, landmarks_note, spread
from recommender.reduction.spectral import ROUNDING, Projection, by_landmarks, squared_distances
from recommender.registry import Card

CARD = Card("kernel-pca", "Kernel PCA", "Schölkopf, Smola and Müller 1998", "MIT")


@dataclass(frozen=True)
class KernelPca:
    """The two leading components of the kernel exp(-d² / m), m being the median of the squared distances d².

    The median as the kernel's width: Garreau, Jitkrittum and Kanagawa, "Large sample analysis of the median
    heuristic", 2017. ``landmarks`` is the most products that are compared with each other.
    """

    landmarks: int = 2_000
    seed: int = 7

    card = CARD

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Reducer.fit`."""
        rows = spread(len(vectors), self.landmarks, self.seed)
        return by_landmarks(Kernel(vectors[rows]), vectors, rows, progress)

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Projection:
        """See :meth:`recommender.reduction.base.Reducer.restore`."""
        rows = spread(len(vectors), self.landmarks, self.seed)
        return Projection(Kernel(vectors[rows]), points[rows])

    def note(self, n: int) -> str:
        """Above the limit, landmarks."""
        return landmarks_note(n, self.landmarks)


class Kernel:
    """The kernel of some vectors (m, d) with its mean taken out, in its own space."""

    def __init__(self, vectors: np.ndarray) -> None:
        self._vectors = vectors
        squares = squared_distances(vectors, vectors)
        typical = np.median(squares[np.triu_indices(len(squares), 1)]) if len(squares) > 1 else 0.0
        # Between equal vectors rounding leaves a trace, which is no width.
        apart = squares[squares > ROUNDING]
        typical = typical if typical > ROUNDING or not len(apart) else np.median(apart)
        self._width = typical if typical > ROUNDING else 1.0
        plain = np.exp(-squares / self._width)
        self._means, self._mean = plain.mean(0), plain.mean()
        self.gram = self._centred(plain)

    def to(self, new: np.ndarray) -> np.ndarray:
        """(q, m) centred kernel between new vectors (q, d) and these."""
        return self._centred(np.exp(-squared_distances(new, self._vectors) / self._width))

    def _centred(self, plain: np.ndarray) -> np.ndarray:
        return plain - plain.mean(1, keepdims=True) - self._means + self._mean


REDUCERS.register(CARD, KernelPca)
