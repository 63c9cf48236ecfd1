"""Measures, each a pure function with its bounds and which way is better."""

from __future__ import annotations

import math

import numpy as np

CHANCE_DRAWS = 400
"""How often chance is let play; the quantile is right to about a hundredth of itself."""


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, in [0, 1]; lower is better.

    Guo et al., "On Calibration of Modern Neural Networks", 2017, equation 3. ``probabilities`` is
    (n, c), ``labels`` (n,) class numbers; negative ones are left out.
    """
    known = labels >= 0
    top = probabilities[known].max(1)
    hit = probabilities[known].argmax(1) == labels[known]
    place = np.minimum((top * bins).astype(int), bins - 1)
    error = 0.0
    for b in np.unique(place):
        inside = place == b
        error += inside.mean() * abs(hit[inside].mean() - top[inside].mean())
    return float(error)


def calibration_error_by_chance(probabilities: np.ndarray, share: float = 0.95, bins: int = 15) -> float:
    """The calibration error that probabilities which are exactly right stay below in ``share`` of all draws.

    Few pictures leave few in a bin, and the gaps of chance add up, since their sign is dropped: an error
    below this one is no sign of bad calibration (Vaicenavicius et al., "Evaluating model calibration in
    classification", 2019, section 4.2). ``probabilities`` is (n, c); the draws are the same each time. nan for none.
    """
    if not len(probabilities):
        return math.nan
    top = probabilities.max(1)
    place = np.eye(bins)[np.minimum((top * bins).astype(int), bins - 1)]
    right = np.random.default_rng(0).random((CHANCE_DRAWS, len(top))) < top
    gaps = np.abs(right @ place - top @ place).sum(1) / len(top)
    return float(np.quantile(gaps, share))


def accuracy(predicted: np.ndarray, labels: np.ndarray) -> float:
    """Share of equal entries, in [0, 1]; higher is better. nan for none."""
    return float(np.mean(np.asarray(predicted) == np.asarray(labels))) if len(labels) else math.nan


def wilson_interval(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share of n trials (Wilson 1927), inside [0, 1] even for shares of 0 and 1."""
    if n == 0:
        return 0.0, 1.0
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: np.ndarray, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a mean of values in [0, 1], by the normal approximation."""
    half = z * float(np.std(values)) / math.sqrt(max(len(values), 1))
    return max(0.0, float(np.mean(values)) - half), min(1.0, float(np.mean(values)) + half)


def auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Chance that a positive scores above a negative, ties counted half; in [0, 1], higher is better. nan for none."""
    if not len(positive) or not len(negative):
        return math.nan
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    up_to = np.searchsorted(ordered, positive, "right")
    return float((below + up_to).mean() / 2 / len(negative))
