"""The heads of the house model, run with NumPy on its unit vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from recommender.classifiers.base import ColumnScores, energy, softmax
from recommender.classifiers.confidence import confident
from recommender.classifiers.familiar import Familiar, log_odds
from recommender.errors import ModelError
from recommender.settings import SHIPPED_MODEL

HOUSE_WEIGHTS = SHIPPED_MODEL / "house.safetensors"
KIND = "kind"


class HouseClassifier:
    """Linear heads with calibrated probabilities.

    Logits are ``scale * vector @ W.T + b`` a column, divided by the column's temperature
    (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2); what the top label then claims is
    mapped to how often such claims held (:mod:`recommender.classifiers.confidence`).

    Parameters
    ----------
    path
        A file written by ``python -m recommender train``.
    encoder
        Fingerprint of the encoder that gives the vectors, if it is to be checked that both are of one training.

    Raises
    ------
    ModelError
        If the file is missing, holds no house model, or belongs to another encoder.
    """

    def __init__(self, path: Path = HOUSE_WEIGHTS, encoder: str | None = None) -> None:
        from safetensors import SafetensorError, safe_open

        if not path.is_file():
            raise ModelError(f"The house model is missing: {path.name}. Train it with: python -m recommender train")
        try:
            with safe_open(path, framework="np") as file:
                self.about: dict[str, dict] = json.loads(file.metadata()["house"])
                scale = float(file.get_tensor("scale"))
                self._heads = {
                    column: (
                        scale * file.get_tensor(f"heads.{column}.weight").astype(np.float32).T,
                        file.get_tensor(f"heads.{column}.bias").astype(np.float32),
                    )
                    for column in self.about["classes"]
                }
                prototypes = file.get_tensor("prototypes") if "familiar" in self.about else np.empty((0, 0))
            for column, names in self.about["classes"].items():
                if self._heads[column][1].shape != (len(names),) or not self.about["temperature"][column] > 0:
                    raise ValueError(column)
                float(self.about["sure_from"][column])
                _check_points(self._points(column))
            self.about["classes"].get(KIND, ["product"]).index("product")
            self._familiar = None  # where nothing says what snapshots are like there is no such rule
            if rule := self.about.get("familiar"):
                classes, dimension = self.about["classes"][rule["column"]], len(self._heads[rule["column"]][0])
                self._familiar = Familiar.of(rule, prototypes, len(classes), dimension)
        except (SafetensorError, OSError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ModelError(f"{path.name} is damaged or no house model. Restore it, or train it again.") from error
        if encoder is not None and self.about.get("encoder", encoder) != encoder:
            raise ModelError(f"{path.name} and house.onnx are of different trainings. Restore both, or train again.")

    def _points(self, column: str) -> list[tuple[float, float]]:
        """How claims of the column are mapped; nothing in models of before there was such a map."""
        return list(self.about.get("confidence", {}).get(column, []))

    def logits(self, column: str, vectors: np.ndarray) -> np.ndarray:
        """(n, d) unit vectors to the logits (n, classes) of a column, before its temperature."""
        weight, bias = self._heads[column]
        return np.asarray(vectors @ weight + bias)

    def _logits(self, column: str, vectors: np.ndarray) -> np.ndarray:
        return self.logits(column, vectors) / self.about["temperature"][column]

    def _probabilities(self, column: str, vectors: np.ndarray) -> np.ndarray:
        return confident(softmax(self._logits(column, vectors)), self._points(column))

    def scores(self, vectors: np.ndarray) -> dict[str, ColumnScores]:
        """(n, d) unit vectors to the scores of each label column."""
        return {
            column: ColumnScores(tuple(names), self._probabilities(column, vectors), self.about["sure_from"][column])
            for column, names in self.about["classes"].items()
            if column != KIND
        }

    def known(self, vectors: np.ndarray) -> np.ndarray:
        """(n,) in [0, 1]: how likely a photo shows a product, and a familiar one.

        See :class:`recommender.classifiers.familiar.Familiar`. A model without a head ``kind``, or
        without such a rule, leaves that part out; one without both knows everything.
        """
        odds = np.zeros(len(vectors))
        if KIND in self._heads:
            product = self._probabilities(KIND, vectors)[:, self.about["classes"][KIND].index("product")]
            odds += log_odds(product)
        if self._familiar is not None:
            claims = self._logits(self._familiar.column, vectors)
            odds += self._familiar.log_odds(vectors, energy(claims), claims.argmax(1)) - self._familiar.bound
        elif KIND not in self._heads:
            return np.ones(len(vectors), np.float32)
        return (1 / (1 + np.exp(-odds))).astype(np.float32)


def _check_points(points: list[tuple[float, float]]) -> None:
    """Raise ValueError where (claimed, held) pairs are none, or do not ascend within [0, 1]."""
    if not points:
        return
    table = np.array(points, np.float64)
    if table.ndim != 2 or table.shape[1] != 2 or not (np.diff(table[:, 0]) > 0).all():
        raise ValueError("points")
    if not ((np.diff(table[:, 1]) >= 0).all() and (table >= 0).all() and (table <= 1).all()):
        raise ValueError("points")
