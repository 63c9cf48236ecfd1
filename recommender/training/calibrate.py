"""Probabilities that mean what they say: for each column a temperature, a map of claims, and a "not sure" bound.

Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2, and
:mod:`recommender.classifiers.confidence`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from recommender.classifiers.base import softmax
from recommender.classifiers.confidence import confident

SPREAD = 0.5
BANDS = 6
"""The map of claims has at most so many points beside its ends."""
BAND = 150
"""A point stands for at least so many rows; as many more are imagined that hold what they claim, against chance."""
FEW = 20
"""Of fewer rows there is no saying how often they were right."""
UNTOLD = 0.8
"""Where there are so few rows in all, answers below it are not sure."""


@dataclass(frozen=True)
class Calibration:
    """``temperature`` divides the logits, ``points`` map what the top label claims; from ``sure_from`` on it holds."""

    temperature: float
    sure_from: float
    points: tuple[tuple[float, float], ...] = ()

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """(n, c) logits to (n, c) float32 probabilities."""
        return confident(softmax(logits / self.temperature), self.points)


def fit(logits: np.ndarray, labels: np.ndarray, right: float = 0.75) -> Calibration:
    """Temperature of least negative log likelihood, how often claims held, and the bound above which answers hold.

    Parameters
    ----------
    logits
        (n, c).
    labels
        (n,) class numbers; negative ones are left out.
    right
        ``sure_from`` is the lowest bound of a grid so that, in the band of probabilities just
        above it, at least this share was right; where the band has few rows, of all above. Where none fails it is
        0.5, or more where there are few rows in all.
    """
    known = labels >= 0
    logits, labels = logits[known].astype(np.float64), labels[known]
    if not len(labels):
        return Calibration(1.0, UNTOLD)

    def loss(log_t: float) -> float:
        scaled = logits / np.exp(log_t)
        top = scaled.max(1)
        lse = top + np.log(np.exp(scaled - top[:, None]).sum(1))
        # A weak prior around 1, worth a few rows: by itself a handful of right answers would ask for certainty.
        prior = (log_t / SPREAD) ** 2 / 2 / len(labels)
        return float((lse - scaled[np.arange(len(labels)), labels]).mean()) + prior

    temperature = float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
    probabilities = softmax(logits / temperature)
    points = _held(probabilities.max(1), probabilities.argmax(1) == labels)
    top, hit = confident(probabilities, points).max(1), probabilities.argmax(1) == labels
    bound = 0.5 if len(top) >= FEW else UNTOLD
    for low in np.arange(0.9, 0.25, -0.05):
        band = (top >= low) & (top < low + 0.1)
        band = band if band.sum() >= FEW else top >= low
        if band.sum() >= FEW and hit[band].mean() < right:
            bound = float(low + 0.05)
            break
    return Calibration(temperature, round(max(bound, 0.5), 3), points)


def _held(top: np.ndarray, hit: np.ndarray) -> tuple[tuple[float, float], ...]:
    """(claimed, held) pairs of bands of equally many rows, ascending in both; () where there are too few rows."""
    from sklearn.isotonic import IsotonicRegression

    many = min(BANDS, len(top) // BAND)
    if many < 2:
        return ()
    bands = np.array_split(np.argsort(top, kind="stable"), many)
    claimed = np.array([top[band].mean(dtype=np.float64) for band in bands])
    held = np.array([(hit[band].sum() + BAND * claimed[i]) / (len(band) + BAND) for i, band in enumerate(bands)])
    held = IsotonicRegression().fit_transform(claimed, held, sample_weight=[len(band) for band in bands])
    # Only what is claimed with certainty, or never, is taken so.
    inner = zip(claimed.round(4).tolist(), held.round(4).clip(0, 0.9999).tolist(), strict=True)
    return tuple({0.0: 0.0, **{c: h for c, h in inner if 0 < c < 1}, 1.0: 1.0}.items())


def cross_fitted(logits: np.ndarray, labels: np.ndarray, half: np.ndarray) -> np.ndarray:
    """(n, c) probabilities of rows by the calibration of the other half of them, ``half`` (n,) bool.

    So all rows can be measured, and none by what was fitted to it.
    """
    out = np.empty(logits.shape, np.float32)
    for side in (half, ~half):
        out[side] = fit(logits[~side], labels[~side]).probabilities(logits[side])
    return out
