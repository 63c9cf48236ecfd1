"""How sure the likeliest label is, mended where no temperature mends it.

A temperature bends all probabilities the same way; a model may be too sure at 0.8 and right at 0.98. So what the
likeliest label claims is mapped to how often such claims held (Zadrozny and Elkan, "Transforming Classifier Scores
into Accurate Multiclass Probability Estimates", 2002, section 3; on the top label alone, Gupta and Ramdas,
"Top-label Calibration and Multiclass-to-binary Reductions", 2022, section 3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

JUST_ABOVE = 1 + 1e-5
"""The likeliest label stays the likeliest, if by a hair."""


def confident(probabilities: np.ndarray, points: Sequence[tuple[float, float]]) -> np.ndarray:
    """(n, c) probabilities with the top one of each row mapped, and the others scaled to fill the rest.

    ``points`` are (claimed, held) pairs, ascending in both, between which lines are drawn; () changes nothing.
    The order of the labels does not change.
    """
    if not len(points) or not len(probabilities) or probabilities.shape[1] < 2:
        return probabilities
    claimed, held = np.array(points, np.float64).T
    found = probabilities.astype(np.float64)
    rows, top = np.arange(len(found)), found.argmax(1)
    first = found[rows, top]
    second = np.partition(found, -2, axis=1)[:, -2]
    rest = np.maximum(1 - first, 1e-12)
    # Below this the second label, scaled, would overtake it.
    least = JUST_ABOVE * second / (rest + second)
    mapped = np.clip(np.maximum(np.interp(first, claimed, held), least), 0.0, 1.0)
    found *= ((1 - mapped) / rest)[:, None]
    found[rows, top] = mapped
    return found.astype(np.float32)
