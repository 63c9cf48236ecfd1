"""What the labels allow: pairs of photos that are the same, whose labels should be but are not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import combinations

import numpy as np

from recommender.evaluation.labels import Measured


def same_pictures(pictures: np.ndarray) -> np.ndarray:
    """Pairs (m, 2) of rows, first < second, of ``pictures`` (n, h, w, 3) uint8 that are equal in every pixel.

    Nothing less will do: many nearly equal pairs are one design in two colours, whose labels ought to differ.
    """
    rows_of: dict[bytes, list[int]] = {}
    for row, picture in enumerate(pictures):
        rows_of.setdefault(hashlib.blake2b(picture.tobytes(), digest_size=16).digest(), []).append(row)
    pairs = [pair for rows in rows_of.values() for pair in combinations(rows, 2)]
    return np.array(pairs, int).reshape(-1, 2)


def label_agreement(pairs: np.ndarray, labels: Mapping[str, np.ndarray]) -> dict[str, Measured]:
    """Share of the pairs (m, 2) of rows whose labels agree, for each column; -1 is unknown and left out.

    Nobody can be right on both of a pair that disagrees, so the best accuracy possible on
    such pictures is ``(1 + agreement) / 2``. All pairs of pictures that are equal count together in the interval.
    """
    found = {}
    lowest = np.arange(pairs.max(initial=-1) + 1)
    np.minimum.at(lowest, pairs[:, 1], pairs[:, 0])  # of each picture the first that equals it
    pictures = lowest[pairs[:, 0]]
    for column, values in labels.items():
        first, second = values[pairs[:, 0]], values[pairs[:, 1]]
        known = (first >= 0) & (second >= 0)
        if known.any():
            found[column] = Measured.of((first == second)[known], pictures[known])
    return found
