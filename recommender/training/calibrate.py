"""Probabilities that mean what they say: a temperature and a "not sure" bound for each column.

Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from recommender.classifiers.base import softmax

SPREAD = 0.5


@dataclass(frozen=True)
class Calibration:
    """``temperature`` divides the logits; from ``sure_from`` on, ``right_from`` of the answers were right."""

    temperature: float
    sure_from: float


def fit(logits: np.ndarray, labels: np.ndarray, right: float = 0.75) -> Calibration:
    """Temperature of least negative log likelihood, and the bound above which answers hold.

    Parameters
    ----------
    logits
        (n, c).
    labels
        (n,) class numbers; negative ones are left out.
    right
        ``sure_from`` is the lowest bound of a grid so that, in the band of probabilities just
        above it, at least this share was right. Where no band fails it is 0.5.
    """
    known = labels >= 0
    logits, labels = logits[known].astype(np.float64), labels[known]
    if not len(labels):
        return Calibration(1.0, 0.5)

    def loss(log_t: float) -> float:
        scaled = logits / np.exp(log_t)
        top = scaled.max(1)
        lse = top + np.log(np.exp(scaled - top[:, None]).sum(1))
        # A weak prior around 1, worth a few rows: by itself a handful of right answers would ask for certainty.
        prior = (log_t / SPREAD) ** 2 / 2 / len(labels)
        return float((lse - scaled[np.arange(len(labels)), labels]).mean()) + prior

    temperature = float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
    probabilities = softmax(logits / temperature)
    top, hit = probabilities.max(1), probabilities.argmax(1) == labels
    bound = 0.5
    for low in np.arange(0.9, 0.25, -0.05):
        band = (top >= low) & (top < low + 0.1)
        if band.sum() >= 20 and hit[band].mean() < right:
            bound = float(low + 0.05)
            break
    return Calibration(temperature, round(max(bound, 0.5), 3))
