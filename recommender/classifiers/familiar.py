"""How familiar a photo is: near what training saw, and claimed by a class as firmly as its own products are.

Nearness to prototypes is the distance test of Sun et al., "Out-of-Distribution Detection with Deep
Nearest Neighbors", 2022, with cluster centres for the training vectors themselves; the claim is the
energy of Liu et al., "Energy-based Out-of-distribution Detection", 2020. Their sum is read against
what is usual in the predicted class, for products of some classes look more alike than those of others.
What the head ``kind`` says is another witness: log-odds of independent witnesses add up (naive Bayes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

CLAIMING = "subCategory"
"""The column whose classes claim a photo, or don't, in a model that has it; else another one does."""
ENERGY_WEIGHT = 0.02
"""Energies differ by some units where similarities differ by some tenths."""
STEEPNESS = 4.0


@dataclass(frozen=True)
class Familiar:
    """The rule of one model.

    ``prototypes`` is (p, d), of unit length where vectors hold no aspects; ``column`` names the head whose
    energy counts; ``low`` and ``usual`` (c,) are the score that 1 % of a class's photos stay below, and its median;
    ``bound`` is the sum of log-odds, of a product and of a familiar one, at which it is as good as unknown.
    """

    prototypes: np.ndarray
    column: str
    low: np.ndarray
    usual: np.ndarray
    bound: float = 0.0

    def score(self, vectors: np.ndarray, energies: np.ndarray) -> np.ndarray:
        """(n,) nearness plus weighted energy of (n, d) vectors."""
        return np.asarray((vectors @ self.prototypes.T).max(1) + ENERGY_WEIGHT * energies)

    def log_odds(self, vectors: np.ndarray, energies: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        """(n,) log-odds of a familiar photo: 0 at the low score of the predicted class (n,), 4 at its median."""
        low, usual = self.low[predicted], self.usual[predicted]
        steps = STEEPNESS * (self.score(vectors, energies) - low) / (usual - low)
        return np.asarray(np.clip(steps, -30, 30))

    def to_dict(self) -> dict[str, Any]:
        """What the model's header says of the rule; the prototypes are an array of the file."""
        return {
            "column": self.column,
            "low": self.low.round(4).tolist(),
            "usual": self.usual.round(4).tolist(),
            "bound": self.bound,
        }

    @classmethod
    def of(cls, said: Mapping[str, Any], prototypes: np.ndarray, classes: int, dimension: int) -> Familiar:
        """The rule that a file holds; raises ValueError if its parts don't fit."""
        low, usual = (np.asarray(said[name], np.float32) for name in ("low", "usual"))
        bound = float(said.get("bound", 0.0))
        if low.shape != (classes,) or usual.shape != (classes,) or not (usual > low).all() or not np.isfinite(bound):
            raise ValueError("familiar")
        if prototypes.ndim != 2 or prototypes.shape[1] != dimension or not len(prototypes):
            raise ValueError("prototypes")
        return cls(prototypes.astype(np.float32), str(said["column"]), low, usual, bound)


def log_odds(probability: np.ndarray) -> np.ndarray:
    """(n,) log-odds of (n,) probabilities; those of 0 and 1 stay finite."""
    sure = np.clip(probability.astype(np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(sure) - np.log1p(-sure))
