"""From a finished run to the shipped files: calibrate on one half of the validation products, measure on the other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from recommender.classifiers.base import energy, softmax
from recommender.evaluation.metrics import expected_calibration_error, wilson_interval
from recommender.training.calibrate import fit
from recommender.training.config import TrainConfig
from recommender.training.data import LABEL_COLUMNS, Pool
from recommender.training.export import export
from recommender.training.heads import refit_heads
from recommender.training.loop import outputs
from recommender.training.network import HouseNet

SHIPPED_COLUMNS = (*LABEL_COLUMNS, "kind")


def halves(pool: Pool, rows: np.ndarray) -> np.ndarray:
    """True for the rows whose duplicate group falls into the measuring half."""
    digests = (hashlib.blake2b(f"half:{pool.groups[row]}".encode()).digest() for row in rows)
    return np.array([digest[0] % 2 == 0 for digest in digests])


def finish(network: HouseNet, pool: Pool, config: TrainConfig, folder: Path) -> dict[str, Any]:
    """Refit the heads, calibrate, measure and export; returns what is stored about the model.

    ``measured`` holds, for each column, accuracy with its 95 % interval, the number of products
    and the calibration error, which is taken on products that calibration did not see.
    """
    refit_heads(network, pool, config)
    rows = np.flatnonzero(pool.validation & ~pool.photo)
    _, logits = outputs(network, pool.small[rows])
    measuring = halves(pool, rows)
    about: dict[str, Any] = {
        "classes": {column: pool.classes[column] for column in SHIPPED_COLUMNS},
        "temperature": {"kind": 1.0},
        "sure_from": {"kind": 0.5},
        "measured": {},
        "split": {"training": int((~pool.validation).sum()), "validation": len(rows)},
        "config": config.to_dict(),
    }
    for column in LABEL_COLUMNS:
        labels = pool.labels[column][rows]
        calibration = fit(logits[column][~measuring], labels[~measuring])
        about["temperature"][column] = round(calibration.temperature, 4)
        about["sure_from"][column] = calibration.sure_from
        if (labels >= 0).any():
            about["measured"][column] = _measure(logits[column] / calibration.temperature, labels, measuring)
    about["strange"] = _strange(network, pool, about["temperature"])
    export(network, about, folder)
    return about


def _strange(network: HouseNet, pool: Pool, temperature: dict[str, float]) -> dict[str, Any]:
    """Below which energies of ``subCategory`` the lowest shares of the validation photos lie.

    Phone photos where the pool has any: they are what visitors bring, and the less usual ones.
    """
    held = pool.validation & (pool.photo if (pool.validation & pool.photo).any() else True)
    _, logits = outputs(network, pool.small[np.flatnonzero(held)])
    shares = [0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05]
    energies = np.quantile(energy(logits["subCategory"] / temperature["subCategory"]), shares)
    return {"column": "subCategory", "energies": [round(float(e), 4) for e in energies], "shares": shares}


def _measure(logits: np.ndarray, labels: np.ndarray, measuring: np.ndarray) -> dict[str, float]:
    """Accuracy over all labelled rows (temperature does not change it), calibration error over the measuring half."""
    known = labels >= 0
    right = (logits.argmax(1) == labels)[known]
    accuracy = float(right.mean())
    low, high = wilson_interval(accuracy, len(right))
    return {
        "accuracy": round(accuracy, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "products": int(known.sum()),
        "calibration_error": round(expected_calibration_error(softmax(logits[measuring]), labels[measuring]), 4),
    }
