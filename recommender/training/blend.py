"""A finished network drawn back towards the model that training began from.

What training changes for one kind of picture it may spoil for another, and the mean of the weights before and after is
often better than either (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022, section 3). The statistics
of batch norms are no mean of anything: they are taken anew (Izmailov et al., "Averaging Weights Leads to
Wider Optima and Better Generalization", 2018, section 3.2).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from recommender.training.augment import Augment
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.network import HouseNet
from recommender.training.start import take_up

SAMPLE = 3072
"""Training pictures that the norms are measured on."""


def drawn_back(network: HouseNet, config: TrainConfig, pool: Pool, masks: np.ndarray) -> HouseNet:
    """The mean of ``network`` and its start, which has the share ``config.keep_start``; ``network`` stays as it is.

    Heads whose classes the start did not all know are the network's own, and so is whatever else the start lacked.

    Raises
    ------
    ModelError
        If the earlier model is missing by now, or is of another shape of network.
    """
    from recommender.training.loop import augmentation

    augment = augmentation(config, pool)  # drawn from the seed: the norms are opened as when training began
    mean = HouseNet(config, {column: len(names) for column, names in pool.classes.items()})
    mean.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    fresh = {name: value.clone() for name, value in mean.state_dict().items()}
    known = take_up(mean, config.start_from, pool, augment, masks)
    own = {id(value) for column in mean.columns if column not in known for value in mean.head(column).parameters()}
    strange = {name for name, value in mean.named_parameters() if id(value) in own}
    start, end = mean.state_dict(), network.state_dict()
    for name, value in end.items():
        taken = name not in strange and value.is_floating_point() and not torch.equal(start[name], fresh[name])
        end[name] = value.lerp(start[name], config.keep_start) if taken else value
    mean.load_state_dict(end)
    measure_norms(mean, config, pool, augment, masks)
    return mean


def measure_norms(network: HouseNet, config: TrainConfig, pool: Pool, augment: Augment, masks: np.ndarray) -> None:
    """Take the mean and variance of every batch norm anew, over training pictures; leaves evaluation mode on."""
    rows = np.flatnonzero(~pool.validation)
    rows = np.random.default_rng(config.seed).permutation(rows)[:SAMPLE]
    norms = [part for part in network.modules() if isinstance(part, nn.BatchNorm2d)]
    usual = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    network.train()
    with torch.no_grad():
        for part in np.array_split(rows, -(-len(rows) // config.batch)):
            pixels, _ = augment(pool.small[part], masks[part], pool.photo[part])
            network.embed(pixels.to(memory_format=torch.channels_last))
    for norm, momentum in zip(norms, usual, strict=True):
        norm.momentum = momentum
    network.eval()
