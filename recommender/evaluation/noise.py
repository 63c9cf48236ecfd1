"""What the labels allow: pairs of photos that are the same, whose labels should be but are not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recommender.evaluation.labels import Measured
from recommender.evaluation.metrics import wilson_interval


def label_agreement(pairs: np.ndarray, labels: Mapping[str, np.ndarray]) -> dict[str, Measured]:
    """Share of the pairs (m, 2) of rows whose labels agree, for each column; -1 is unknown and left out.

    Nobody can be right on both of a pair that disagrees, so the best accuracy possible on
    such pictures is ``(1 + agreement) / 2``.
    """
    found = {}
    for column, values in labels.items():
        first, second = values[pairs[:, 0]], values[pairs[:, 1]]
        known = (first >= 0) & (second >= 0)
        if known.any():
            share = float((first == second)[known].mean())
            found[column] = Measured(share, *wilson_interval(share, int(known.sum())), int(known.sum()))
    return found


def ceiling(agreement: float) -> float:
    """Accuracy that a perfect model would have on such pairs."""
    return (1 + agreement) / 2
