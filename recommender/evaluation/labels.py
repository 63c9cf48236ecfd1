"""How often labels are right, on any table with true labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np

from recommender.classifiers import ColumnScores
from recommender.evaluation.metrics import (
    calibration_error_by_chance,
    expected_calibration_error,
    mean_interval,
)


@dataclass(frozen=True)
class Measured:
    """A share with its 95 % interval and the number of pictures behind it.

    ``calibration_error`` is None where probabilities were not measured; ``by_chance`` is what it would stay below,
    in 95 of 100 such samples, if they were exactly right.
    """

    accuracy: float
    low: float
    high: float
    products: int
    calibration_error: float | None = None
    by_chance: float | None = None

    @classmethod
    def of(cls, values: np.ndarray, groups: np.ndarray | None = None) -> Measured:
        """The mean of values (n,) in [0, 1], or of truths, whose ``groups`` (n,) were drawn whole."""
        return cls(float(np.mean(values)), *mean_interval(values, groups), len(values))

    def to_dict(self) -> dict[str, float | int | None]:
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


def measure_labels(
    scores: Mapping[str, ColumnScores], labels: Mapping[str, np.ndarray], groups: np.ndarray | None = None
) -> dict[str, Measured]:
    """Accuracy and calibration error of each column.

    ``labels`` holds (n,) text a column; None or nan is unknown and left out. A label that
    the classifier does not know counts as a mistake. ``groups`` (n,) are those that were drawn whole.
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
        found_right = Measured.of(best[known] == truth[known], None if groups is None else groups[known])
        number = {name: i for i, name in enumerate(score.classes)}
        # A class that is not known gets a number that no prediction has.
        wanted = np.array([number.get(value, len(number)) for value in truth[known]])
        sure = score.probabilities[known]
        error, chance = expected_calibration_error(sure, wanted), calibration_error_by_chance(sure)
        found[column] = replace(found_right, calibration_error=error, by_chance=chance)
    return found
