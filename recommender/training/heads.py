"""The last step of training: the heads learn once more, from clean pictures and with the encoder held still.

The network learns from pictures that are turned, cut and relit, which makes its vectors
steady but its heads too modest for what people search most, plain product photos. Refitting
a linear classifier on fixed features is the usual cure (Kang et al., "Decoupling
Representation and Classifier for Long-Tailed Recognition", 2020, section 4.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch.nn import functional as F

from recommender.classifiers.house import KIND
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.loop import outputs
from recommender.training.network import HouseNet

RIDGE = 1e-3


def fit_heads(network: HouseNet, vectors: np.ndarray, wanted: Mapping[str, np.ndarray]) -> None:
    """Let the heads of some columns say of ``vectors`` (n, d), as well as they can, the ``wanted`` logits, in place.

    Ridge regression on logits (n, classes).
    """
    known = np.concatenate([vectors, np.ones((len(vectors), 1))], 1).astype(np.float64)
    square = known.T @ known + RIDGE * len(known) * np.diag([*[1.0] * (known.shape[1] - 1), 0.0])
    with torch.no_grad():
        for column, logits in wanted.items():
            found = np.linalg.solve(square, known.T @ logits.astype(np.float64))
            head = network.head(column)
            head.weight.copy_(torch.from_numpy(found[:-1].T) / network.scale)
            head.bias.copy_(torch.from_numpy(found[-1]))


def refit_heads(network: HouseNet, pool: Pool, config: TrainConfig, learnt: np.ndarray | None = None) -> None:
    """Fit all heads but ``kind`` to the vectors of the clean training pictures, in place.

    ``kind`` is left alone: it was learnt from bare backgrounds, of which the pool has none. Labels are smoothed
    (``config.head_smoothing``) for the claiming column only: smoothing bounds its logits, so that their energy
    says how firmly a photo is claimed, but it bends probabilities in a way that no temperature mends.
    ``learnt`` are the vectors of the training pictures, where they are at hand.
    """
    rows = np.flatnonzero(~pool.validation)
    vectors = torch.from_numpy(outputs(network, pool.small[rows])[0] if learnt is None else learnt)
    columns = [column for column in network.columns if column != KIND]
    labels = {column: torch.from_numpy(pool.labels[column][rows]) for column in columns}
    heads = {column: network.head(column) for column in columns}
    weights = [weight for head in heads.values() for weight in head.parameters()]
    scale = network.scale.detach()
    optimiser = torch.optim.Adam(weights, lr=config.head_lr)
    order = torch.Generator().manual_seed(config.seed)
    steps = config.head_epochs * math.ceil(len(rows) / config.batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
    for _ in range(config.head_epochs):
        for part in torch.randperm(len(rows), generator=order).split(config.batch):
            loss = torch.zeros(())
            for column in columns:
                target = labels[column][part]
                if (target >= 0).any():
                    loss = loss + F.cross_entropy(
                        heads[column](scale * vectors[part]),
                        target,
                        ignore_index=-1,
                        label_smoothing=config.head_smoothing if column == pool.claiming else 0.0,
                    )
            if not loss.requires_grad:  # no row of this batch has a label
                continue
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
