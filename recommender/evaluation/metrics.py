"""Measures, each a pure function with its bounds and which way is better."""

from __future__ import annotations

import math

import numpy as np

CHANCE_DRAWS = 400
"""How often chance is let play; the quantile is right to two to five hundredths of itself."""


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
    classification", 2019, section 4.2). Each picture is a draw of its own: where groups of them are right or wrong
    together chance does more, so that this is the least it does. ``probabilities`` is (n, c); the draws are the same
    each time. nan for none.
    """
    if not len(probabilities):
        return math.nan
    top = probabilities.max(1)
    place = np.eye(bins)[np.minimum((top * bins).astype(int), bins - 1)]
    rng, claimed = np.random.default_rng(0), top @ place
    gaps = [np.abs((rng.random(len(top)) < top) @ place - claimed).sum() / len(top) for _ in range(CHANCE_DRAWS)]
    return float(np.quantile(gaps, share))


def wilson_interval(share: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share of n trials (Wilson 1927), inside [0, 1] even for shares of 0 and 1."""
    if n == 0:
        return 0.0, 1.0
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def independent(values: np.ndarray, groups: np.ndarray | None = None) -> float:
    """How many independent values tell as much about the mean as these (n,), whose ``groups`` (n,) were drawn whole.

    n over the design effect (Kish, "Survey Sampling", 1965): the variance of the mean where the errors of a group
    count together, over that where each counts alone. Never more than n; the number of groups where all are equal, and
    1 for one group, which says nothing of others.
    """
    n = len(values)
    if groups is None or not n:
        return float(n)
    names, place = np.unique(groups, return_inverse=True)
    errors = np.asarray(values, np.float64) - np.mean(values)
    together, alone = np.square(np.bincount(place, weights=errors)).sum(), np.square(errors).sum()
    many = len(names)
    if many == 1 or alone <= 1e-12 * n:
        return float(many)
    # Around a mean of their own, few groups, and few values, scatter less than they do.
    together, alone = together * many / (many - 1), alone * n / (n - 1)
    return n * min(1.0, float(alone / max(together, 1e-12 * n)))


def mean_interval(values: np.ndarray, groups: np.ndarray | None = None, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of the mean of values (n,) in [0, 1], whose ``groups`` (n,) were drawn whole.

    Wilson's where they are all 0 or 1, and where there are too few, or too equal ones, to tell how they scatter, which
    is at most as these do; else by the normal approximation. (0, 1) for none.
    """
    if not len(values):
        return 0.0, 1.0
    values = np.asarray(values, np.float64)
    n, mean = independent(values, groups), float(values.mean())
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    if n < 2 or spread == 0 or np.isin(values, (0, 1)).all():
        return wilson_interval(mean, n, z)
    half = z * spread / math.sqrt(n)
    return max(0.0, mean - half), min(1.0, mean + half)


def auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Chance that a positive scores above a negative, ties counted half; in [0, 1], higher is better. nan for none."""
    if not len(positive) or not len(negative):
        return math.nan
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    up_to = np.searchsorted(ordered, positive, "right")
    return float((below + up_to).mean() / 2 / len(negative))
