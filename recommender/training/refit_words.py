"""The last step of joining: the text tower learns on, with the vectors held still.

Words of a joined model were taught beside its first network alone, and turned into the space of the vectors made one
(:mod:`recommender.training.beside`). So they learn on from there. Weights on the way from one solution to another often
do as well as either and hold more of what the first one knew (Wortsman et al., "Robust fine-tuning of zero-shot
models", 2022, section 3), so only a part of the way is gone.
"""

from __future__ import annotations

import copy
import dataclasses
import math

import numpy as np
import torch

from recommender.training.data import Pool
from recommender.training.loop import outputs
from recommender.training.network import HouseNet
from recommender.training.words import Words

EPOCHS = 2
RATE = 5e-4
BATCH = 1024
"""Titles of a step. A picture's vector costs nothing here, so that there may be many."""
MEMORY = 8192
PHRASES = 0.8
"""The share of texts that are phrases of labels, which is what people type."""
SCALE = 30.0
FURTHER = 0.7
"""How much of the way the weights go."""


def refit_words(network: HouseNet, pool: Pool) -> None:
    """Teach the text tower of a finished network once more, in place; what has no title teaches nothing.

    Numbers of the vectors that no text has, those of the thumbnail (:mod:`recommender.training.aspects`), stay so.
    """
    config = network.config
    rows = np.flatnonzero(~pool.validation & np.array([bool(title) for title in pool.titles], bool))
    if len(rows) < 2 or not config.text_weight:
        return
    learnt = torch.from_numpy(outputs(network, pool.small[rows])[0])
    taught = copy.deepcopy(network.text)
    unread = (network.text.out.weight == 0).all(1)
    batch = min(BATCH, len(rows))
    with torch.no_grad():
        taught.log_scale.fill_(math.log(SCALE))
    words = Words(taught, pool, dataclasses.replace(config, text_memory=MEMORY, text_phrases=PHRASES))
    optimiser = torch.optim.AdamW(taught.parameters(), lr=RATE, weight_decay=0.01)
    steps = len(rows) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * steps + 1, pct_start=0.15)
    rng = np.random.default_rng(config.seed)
    there = torch.ones(batch, dtype=torch.bool)
    for _ in range(EPOCHS):
        order = rng.permutation(len(rows))
        for at in range(0, steps * batch, batch):
            part = order[at : at + batch]
            optimiser.zero_grad(set_to_none=True)
            words.loss(learnt[part], rows[part], there, rng).backward()
            optimiser.step()
            schedule.step()
            with torch.no_grad():
                taught.out.weight[unread] = 0
                taught.out.bias[unread] = 0
    with torch.no_grad():
        for (name, weight), after in zip(network.text.named_parameters(), taught.parameters(), strict=True):
            if name != "log_scale":  # it belongs to the loss that was learnt with
                weight.lerp_(after, FURTHER)
