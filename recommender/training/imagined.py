"""Pictures that nobody took, to calibrate with beside photos: strangers, and products on other backgrounds."""

from __future__ import annotations

import numpy as np
import torch

from recommender.training.augment import Augment, foregrounds
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.loop import augmentation

ASKED = 6000
"""Training pictures that another model is asked about, each in up to three ways."""


def strange(config: TrainConfig, pool: Pool, rows: np.ndarray) -> np.ndarray:
    """A stranger made of each row's picture (:mod:`recommender.training.nothing`), (n, h, w, 3) uint8."""
    augment = augmentation(config, pool)
    augment.nothing = 1.0
    return _changed(augment, pool, rows, np.zeros((len(rows), *pool.small.shape[1:3]), np.uint8), config.batch)


def placed(config: TrainConfig, pool: Pool, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products among ``rows`` on other backgrounds as in training, (m, h, w, 3) uint8, and the rows (m,) of them.

    Those that can be cut out are.
    """
    rows = rows[~pool.photo[rows]]
    masks = foregrounds(pool.small[rows])
    cut = masks.any((1, 2))
    augment = augmentation(config, pool)
    augment.nothing, augment.composite = 0.0, 1.0
    return _changed(augment, pool, rows[cut], masks[cut], config.batch), rows[cut]


def of_all_kinds(config: TrainConfig, pool: Pool, asked: int = ASKED) -> np.ndarray:
    """So many training pictures as they are, their products on other backgrounds, and strangers, (n, h, w, 3) uint8."""
    rows = np.random.default_rng(config.seed).permutation(np.flatnonzero(~pool.validation))[:asked]
    return np.concatenate([pool.small[rows], placed(config, pool, rows)[0], strange(config, pool, rows)])


def _changed(augment: Augment, pool: Pool, rows: np.ndarray, masks: np.ndarray, batch: int) -> np.ndarray:
    out = np.empty((len(rows), *pool.small.shape[1:]), np.uint8)
    for start in range(0, len(rows), batch):  # many pictures at once would not fit into memory
        part = slice(start, start + batch)
        pixels, _ = augment(pool.small[rows[part]], masks[part], pool.photo[rows[part]])
        out[part] = (255 * pixels).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return out
