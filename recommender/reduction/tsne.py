"""t-SNE: neighbours stay together, and everything else keeps out of the way. By openTSNE.

van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008; openTSNE: Poličar, Stražar and Zupan, "openTSNE: A
Modular Python Library for t-SNE Dimensionality Reduction and Embedding", 2024; interpolation for many products:
Linderman et al., "Fast interpolation-based t-SNE for improved visualization of single-cell RNA-seq data", 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.reduction.base import FEWEST, REDUCERS, Placer, Progress
from recommender.reduction.neighbours import Exact, nearest
from recommender.reduction.pca import Pca, start
from recommender.registry import Card

# Iterations with the attraction exaggerated, and after that.
EARLY, LATE = 250, 500
# The map grows, and an iteration takes longer by about this much when it has grown.
SLOWER = 4
# What finding the neighbours costs, in iterations of the beginning.
FINDING = 200
EVERY = 10

CARD = Card("tsne", "t-SNE", "van der Maaten and Hinton 2008, through openTSNE", "BSD-3-Clause")


@dataclass(frozen=True)
class Tsne:
    """t-SNE from the PCA.

    Parameters
    ----------
    perplexity
        How many neighbours count, roughly; lowered to a third of the others where there are few.
    seed
        Of the jitter that sets equal vectors apart at the start.
    """

    perplexity: float = 30
    seed: int = 7

    card = CARD

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Reducer.fit`."""
        n = len(vectors)
        if n < FEWEST:
            return Pca().fit(vectors, progress)
        from openTSNE import TSNE
        from openTSNE.affinity import PerplexityBasedNN
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        perplexity = min(self.perplexity, (n - 1) / 3)
        rows, gaps = nearest(vectors, min(n - 1, int(3 * perplexity)))
        affinities = PerplexityBasedNN(knn_index=PrecomputedNeighbors(rows, gaps), perplexity=perplexity, n_jobs=1)
        steps = Steps(progress)
        # One thread: the others stay with the visitors, and two that wait for each other at every step, where
        # something else is running, are slower than one by far.
        found = TSNE(
            early_exaggeration_iter=EARLY, n_iter=LATE, n_jobs=1, callbacks=steps, callbacks_every_iters=EVERY
        ).fit(affinities=affinities, initialization=start(vectors, 1e-4, self.seed))
        return np.ascontiguousarray(found, np.float32)

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Placer:
        """See :meth:`recommender.reduction.base.Reducer.restore`."""
        return Field(vectors, points) if len(vectors) >= FEWEST else Pca().restore(vectors, points)

    def note(self, n: int) -> str:
        """Few products have no neighbourhoods."""
        return f"With fewer than {FEWEST} products the t-SNE map is the PCA." if n < FEWEST else ""


class Steps:
    """Counts openTSNE's iterations, which begin anew after the exaggeration, and tells the share done."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0
        self._tell()

    def __call__(self, iteration: int, error: float, embedding: np.ndarray) -> None:
        self._done += EVERY
        self._tell()

    def _tell(self) -> None:
        if self._progress:
            late = max(self._done - EARLY, 0)
            self._progress((FINDING + self._done - late + SLOWER * late) / (FINDING + EARLY + SLOWER * LATE))


class Field:
    """The forces of a finished map on a new point (Poličar, Stražar and Zupan, "Embedding to reference t-SNE space
    addresses batch effects in single-cell classification", 2021): it starts among its neighbours and is moved alone.
    """

    def __init__(self, vectors: np.ndarray, points: np.ndarray) -> None:
        from openTSNE import TSNEEmbedding

        self._map = TSNEEmbedding(points, NewAffinities(vectors), negative_gradient_method="fft", n_jobs=1)
        # The repulsion of all points, tabulated once: evaluated for each photo anew it would take seconds.
        self._map.prepare_interpolation_grid()
        self._shift = points[0] - np.asarray(self._map[0])  # openTSNE centres the map for its table

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Placer.place`."""
        new = self._map.prepare_partial(np.asarray(vectors, np.float32))
        # Step and clipping are small: a point between others would otherwise be flung off the map.
        new = new.optimize(n_iter=250, learning_rate=0.1, exaggeration=1.5, momentum=0.8, max_grad_norm=0.25)
        return np.asarray(new + self._shift, np.float32)


class NewAffinities:
    """What openTSNE asks of the affinities when it adds points: those of new vectors to the ones on the map."""

    # Local, as the paper recommends for adding points: it is the nearest that say where a new one belongs.
    PERPLEXITY = 5

    def __init__(self, vectors: np.ndarray) -> None:
        from scipy.sparse import csr_array

        self._neighbours = Exact(vectors)
        self.P = csr_array((len(vectors), len(vectors)))  # of those on the map to each other: not needed any more

    def to_new(self, data: np.ndarray, return_distances: bool = False) -> Any:
        """Affinities (m, n) of new vectors (m, d), and with ``return_distances`` their neighbours and distances."""
        from openTSNE.affinity import joint_probabilities_nn

        n = len(self._neighbours)
        k = min(n, 3 * self.PERPLEXITY)
        rows, gaps = self._neighbours.nearest(data, k)
        found = joint_probabilities_nn(
            rows, gaps, [min(self.PERPLEXITY, k / 3)], symmetrize=False, normalization="point-wise",
            n_reference_samples=n, n_jobs=1,
        )  # fmt: skip
        return (found, rows, gaps) if return_distances else found


REDUCERS.register(CARD, Tsne)
