"""What the labels allow: pairs of photos that are the same, whose labels should be but are not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recommender.evaluation.labels import Measured
from recommender.evaluation.metrics import wilson_interval
from recommender.training.groups import thumbnails, twin_pairs

SAME_GAP = 0.002
"""Squared difference of all pixels over the smaller squared contrast with white; below, it is one photo, stored twice.

A split is cautious and ties what is merely alike; here a pair that is merely alike would pass for a wrong label.
"""


def same_pictures(pictures: np.ndarray, gap: float = SAME_GAP, batch: int = 1024) -> np.ndarray:
    """Pairs (m, 2) of rows, first < second, of ``pictures`` (n, h, w, 3) uint8 that are one photo, stored twice."""
    pairs = np.array(list(twin_pairs(thumbnails(pictures, 6))), int).reshape(-1, 2)
    keep = np.empty(len(pairs), bool)
    for start in range(0, len(pairs), batch):
        first, second = (
            pictures[pairs[start : start + batch, side]].reshape(-1, pictures[0].size).astype(np.float32)
            for side in (0, 1)
        )
        contrast = np.minimum(((255 - first) ** 2).sum(1), ((255 - second) ** 2).sum(1)) + 1.0
        keep[start : start + batch] = ((first - second) ** 2).sum(1) < gap * contrast
    return pairs[keep]


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
