"""Labels by vote of the nearest products, for encoders that have no heads of their own.

The distance-weighted k-nearest-neighbour rule of Wu et al., "Unsupervised Feature
Learning via Non-Parametric Instance Discrimination", 2018, section 3.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recommender.classifiers.base import ColumnScores

K = 20
TEMPERATURE = 0.07


class NeighbourClassifier:
    """Votes of the ``K`` nearest catalogue vectors.

    Parameters
    ----------
    vectors
        (n, d) unit vectors of the catalogue.
    labels
        Column to n labels; None where a product has none.
    """

    def __init__(self, vectors: np.ndarray, labels: Mapping[str, Sequence[str | None]]) -> None:
        self._vectors = vectors
        self._columns: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
        for column, values in labels.items():
            names = tuple(sorted({value for value in values if value}))
            # One name is no choice: where some products have none, it would be sure of what no neighbour says.
            if len(names) > 1 or (names and all(values)):
                number = {name: i for i, name in enumerate(names)}
                self._columns[column] = (names, np.array([number[value] if value else -1 for value in values]))

    def _nearest(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        similar = vectors @ self._vectors.T
        k = min(K, similar.shape[1])
        rows = np.argpartition(-similar, k - 1, axis=1)[:, :k]
        return rows, np.take_along_axis(similar, rows, 1)

    def scores(self, vectors: np.ndarray) -> dict[str, ColumnScores]:
        """(n, d) unit vectors to the scores of each label column."""
        rows, similar = self._nearest(vectors)
        # Taken from the nearest one on, which cancels out, or weights of far neighbours would come near the floor.
        weights = np.exp((similar - similar.max(1, keepdims=True)) / TEMPERATURE)
        found = {}
        for column, (names, numbers) in self._columns.items():
            votes = np.full((len(vectors), len(names)), 1e-9)
            near = numbers[rows]
            for i in range(len(vectors)):
                labelled = near[i] >= 0
                np.add.at(votes[i], near[i][labelled], weights[i][labelled])
            found[column] = ColumnScores(names, (votes / votes.sum(1, keepdims=True)).astype(np.float32), 0.6)
        return found

    def known(self, vectors: np.ndarray) -> np.ndarray:
        """(n,) the similarity to the nearest product, in [0, 1]."""
        return np.clip(self._nearest(vectors)[1].max(1), 0, 1).astype(np.float32)
