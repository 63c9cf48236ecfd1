"""What a classifier is: vectors in, probabilities of each label column out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class ColumnScores:
    """Probabilities of one column for n vectors.

    ``classes`` are the labels, ``probabilities`` (n, classes) float32 with rows of sum 1;
    ``sure_from`` the top probability from which the label is called sure.
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    sure_from: float

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """Label (n,) text and probability (n,) of the best class of each row."""
        top = self.probabilities.argmax(1)
        return np.array(self.classes)[top], self.probabilities[np.arange(len(top)), top]


class Classifier(Protocol):
    """Gives labels for the vectors of one encoder."""

    def scores(self, vectors: np.ndarray) -> dict[str, ColumnScores]:
        """(n, d) unit vectors to the scores of each label column."""

    def known(self, vectors: np.ndarray) -> np.ndarray:
        """(n,) float32 in [0, 1]: how much each looks like a product at all."""


def energy(logits: np.ndarray) -> np.ndarray:
    """Log-sum-exp of each row, (n, c) to (n,): high where some class is strongly supported.

    The negative energy of Liu et al., "Energy-based Out-of-distribution Detection", 2020, equation 4.
    """
    top = logits.max(1)
    return top + np.log(np.exp(logits - top[:, None]).sum(1))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Row-wise softmax, (n, c) to (n, c) float32."""
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return (shifted / shifted.sum(1, keepdims=True)).astype(np.float32)
