"""How often labels and neighbours are right, on any table with true labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from recommender.classifiers import ColumnScores
from recommender.evaluation.metrics import accuracy, expected_calibration_error, precision_at_k, wilson_interval


@dataclass(frozen=True)
class Measured:
    """A share with its 95 % interval and the number of pictures behind it.

    ``calibration_error`` is None where probabilities were not measured.
    """

    accuracy: float
    low: float
    high: float
    products: int
    calibration_error: float | None = None

    def to_dict(self) -> dict[str, float | int | None]:
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


def measure_labels(scores: Mapping[str, ColumnScores], labels: Mapping[str, np.ndarray]) -> dict[str, Measured]:
    """Accuracy and calibration error of each column.

    ``labels`` holds (n,) text a column; None or nan is unknown and left out. A label that
    the classifier does not know counts as a mistake.
    """
    found = {}
    for column, truth in labels.items():
        if column not in scores:
            continue
        known = np.array([isinstance(value, str) for value in truth])
        if not known.any():
            continue
        score = scores[column]
        best, _ = score.best()
        share = accuracy(best[known], truth[known])
        number = {name: i for i, name in enumerate(score.classes)}
        # A class that is not known gets a number that no prediction has.
        wanted = np.array([number.get(value, len(number)) for value in truth[known]])
        error = expected_calibration_error(score.probabilities[known], wanted)
        found[column] = Measured(share, *wilson_interval(share, int(known.sum())), int(known.sum()), error)
    return found


def neighbour_precision(
    queries: np.ndarray, query_labels: np.ndarray, vectors: np.ndarray, labels: np.ndarray, k: int = 10
) -> float:
    """Mean share of the ``k`` nearest ``vectors`` that carry the query's label, in [0, 1]; higher is better."""
    hits = np.empty((len(queries), min(k, len(vectors))), bool)
    for start in range(0, len(queries), 256):
        similar = queries[start : start + 256] @ vectors.T
        rows = np.argpartition(-similar, hits.shape[1] - 1, axis=1)[:, : hits.shape[1]]
        hits[start : start + 256] = labels[rows] == query_labels[start : start + 256, None]
    return precision_at_k(hits)
