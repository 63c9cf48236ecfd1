"""UMAP: a fuzzy graph of the neighbours, and a map whose own graph is most like it. By umap-learn.

McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018.
umap-learn computes the map. New points are placed here by the same paper: umap-learn would have to find the
neighbours of all products anew for a map that comes from disk, and compiles for seconds before the first photo.
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass

import numpy as np

from recommender.reduction.base import FEWEST, REDUCERS, Placer, Progress
from recommender.reduction.neighbours import Exact, nearest
from recommender.reduction.pca import Pca, start
from recommender.registry import Card
from recommender.threads import without_warnings

EXTENT = 5.0  # deviation of the start, about that of a finished map
FINDING = 0.15  # share of the work before the first epoch
# A new point: epochs, samples of what is no neighbour for each edge, first step, bound of a gradient.
EPOCHS, NEGATIVES, STEP, CLIP = 100, 5, 0.25, 4.0
# Numba runs one parallel function at a time; two at once end the program with some of its threading layers.
_ALONE = threading.Lock()

CARD = Card("umap", "UMAP", "McInnes, Healy and Melville 2018, through umap-learn", "BSD-3-Clause")


@dataclass(frozen=True)
class Umap:
    """UMAP from the PCA.

    Parameters
    ----------
    neighbours
        Size of the neighbourhoods, the product itself included; lowered where there are fewer.
    least
        How close points may come (``min_dist``).
    seed
        Of everything that is drawn.
    """

    neighbours: int = 15
    least: float = 0.1
    seed: int = 7

    card = CARD

    def fit(self, vectors: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Reducer.fit`."""
        n = len(vectors)
        if n < FEWEST:
            return Pca().fit(vectors, progress)
        report = progress or (lambda share: None)
        report(0.0)
        k = min(self.neighbours, n - 1)
        rows, gaps = nearest(vectors, k - 1)
        # umap-learn counts a product as its own first neighbour.
        rows = np.column_stack([np.arange(n), rows]).astype(np.int32)
        gaps = np.column_stack([np.zeros(n), gaps]).astype(np.float32)
        report(FINDING)
        # It warns that it can't place new points by these neighbours, and that a seed leaves it one thread.
        with _ALONE, without_warnings():
            from umap import UMAP

            points = UMAP(
                n_neighbors=k, min_dist=self.least, random_state=self.seed, precomputed_knn=(rows, gaps),
                init=start(vectors, EXTENT, self.seed).astype(np.float32),
                # Told of each epoch, not of each tenth of a second: a quick machine reports as finely as a slow one.
                tqdm_kwds={
                    "disable": False, "bar_format": "{percentage}", "file": Epochs(report),
                    "mininterval": 0, "miniters": 1,
                },
            ).fit_transform(vectors)  # fmt: skip
        return np.ascontiguousarray(points, np.float32)

    def restore(self, vectors: np.ndarray, points: np.ndarray) -> Placer:
        """See :meth:`recommender.reduction.base.Reducer.restore`."""
        if len(vectors) < FEWEST:
            return Pca().restore(vectors, points)
        return Graph(vectors, points, min(self.neighbours, len(vectors)), self.least, self.seed)

    def note(self, n: int) -> str:
        """Few products have no neighbourhoods."""
        return f"With fewer than {FEWEST} products the UMAP map is the PCA." if n < FEWEST else ""


class Epochs:
    """A file for umap-learn's progress bar: reads its percentage and tells the share of all work."""

    def __init__(self, report: Progress) -> None:
        self._report = report

    def write(self, text: str) -> None:
        for percentage in re.findall(r"\d+(?:\.\d+)?", text):
            self._report(FINDING + (1 - FINDING) * min(float(percentage), 100.0) / 100)

    def flush(self) -> None:
        pass


class Graph:
    """Adds points to a finished map, each by its own edges to it: the loss of the paper for them alone.

    Starts at the mean of the neighbours by the edges' weights (at the product itself where one is equal), then as many
    epochs as umap-learn gives new points, with its smaller steps. Each draws its own negative samples by the seed,
    so a photo lies at the same place every time.
    """

    def __init__(self, vectors: np.ndarray, points: np.ndarray, neighbours: int, least: float, seed: int) -> None:
        self._neighbours = Exact(vectors)
        self._points = points.astype(np.float64)
        self._k = neighbours
        self._a, self._b = similarity_curve(least)
        self._seed = seed

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """See :meth:`recommender.reduction.base.Placer.place`."""
        rows, gaps = self._neighbours.nearest(vectors, self._k)
        weights = memberships(gaps)
        return np.array([self._settle(self._points[rows[i]], weights[i]) for i in range(len(rows))], np.float32)

    def _settle(self, near: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
        rng = np.random.default_rng(self._seed)
        x, y = near[0] if weights[0] == 1 else np.average(near, axis=0, weights=weights)
        far = self._points[rng.integers(len(self._points), size=(EPOCHS, len(near), NEGATIVES))].tolist()
        ends, every = near.tolist(), (weights.max() / np.maximum(weights, 1e-12)).tolist()
        due = every.copy()
        # Plain floats: arrays of two numbers take ten times as long.
        for epoch in range(EPOCHS):
            step = STEP * (1 - epoch / EPOCHS)
            for edge, end in enumerate(ends):
                if due[edge] > epoch:
                    continue
                due[edge] += every[edge]
                x, y = self._moved(x, y, end, step, attract=True)
                for other in far[epoch][edge]:
                    x, y = self._moved(x, y, other, step, attract=False)
        return x, y

    def _moved(self, x: float, y: float, end: list[float], step: float, attract: bool) -> tuple[float, float]:
        """One step of the point to or from another, by the gradient of the cross entropy."""
        dx, dy = x - end[0], y - end[1]
        square = dx * dx + dy * dy
        if square == 0:
            return x, y
        power = square**self._b
        if attract:
            pull = -2 * self._a * self._b * power / square / (1 + self._a * power)
        else:
            pull = 2 * self._b / ((0.001 + square) * (1 + self._a * power))
        return x + step * max(-CLIP, min(CLIP, pull * dx)), y + step * max(-CLIP, min(CLIP, pull * dy))


def memberships(gaps: np.ndarray) -> np.ndarray:
    """(m, k) weights exp(-d / s) of edges of the lengths d (m, k), ascending, 1 for a length of 0.

    For each row s is such that the weights but the first add up to log2(k): as in section 3.1 of the paper, but with
    distances counted from 0 and without the first, which is how umap-learn places new points.
    """
    k = gaps.shape[1]
    scale = np.maximum(gaps.mean(1, keepdims=True), 1e-12)
    low, high = scale * 1e-3, scale * 1e3
    for _ in range(40):
        middle = np.sqrt(low * high)
        over = np.exp(-gaps[:, 1:] / middle).sum(1, keepdims=True) > math.log2(k)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.exp(-gaps / np.sqrt(low * high))


def similarity_curve(least: float) -> tuple[float, float]:
    """a and b of 1 / (1 + a x^2b), the smooth curve nearest to 1 up to ``least`` and exp(least - x) from there on."""
    from scipy.optimize import curve_fit

    x = np.linspace(0, 3, 300)
    wanted = np.where(x < least, 1.0, np.exp(least - x))
    (a, b), _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), x, wanted)
    return float(a), float(b)


REDUCERS.register(CARD, Umap)
