"""Neighbours in training: what lies near a picture should agree with it in every label.

The heads only ask that classes can be told apart by a plane; the search asks who lies nearest.
So the labels are also read off the neighbours, softly: the share of agreeing ones under a softmax over
similarities is to be high (Goldberger et al., "Neighbourhood Components Analysis", 2005, equation 3), against
remembered vectors of the whole pool (Wu et al., "Improving Generalization via Scalable Neighborhood
Component Analysis", 2018, section 3.3).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from recommender.catalog import LABEL_COLUMNS
from recommender.classifiers.house import KIND
from recommender.training.config import TrainConfig
from recommender.training.data import Pool

# How much a disagreement in a column matters: what a shopper calls similar is first of one kind.
AGREEMENT = {"subCategory": 0.5, "articleType": 1.0, "gender": 0.5, "baseColour": 0.5, "season": 0.25, "usage": 0.25}
OTHERS = 0.5
"""The same for a catalogue's own columns, and for the columns of phone photos."""
SHARPNESS = 20.0
"""One over the temperature, 0.05 as in the paper: a neighbour nearer by 0.05 counts e times as much."""
DOUBT = 1e-3
"""Keeps a product with a wrong label from pulling without end."""


class Neighbours:
    """The remembered vectors, and the loss.

    ``near_memory`` of the configuration is the number of remembered pictures that a batch is held against.
    """

    def __init__(self, pool: Pool, config: TrainConfig) -> None:
        self.memory = config.near_memory
        # Half precision, as they are stored with a checkpoint: a resumed run sees the same.
        self.vectors = torch.zeros(len(pool), config.dim, dtype=torch.float16)
        self.seen = torch.zeros(len(pool), dtype=torch.bool)
        self.groups = torch.from_numpy(np.asarray(pool.groups))
        self.photo = torch.from_numpy(pool.photo)
        own = {column: OTHERS for column in pool.columns if column not in LABEL_COLUMNS}
        shares = {**AGREEMENT, **own}
        labels = {c: torch.from_numpy(v) for c, v in pool.labels.items() if c != KIND}
        self.columns = [(labels[c], share) for c, share in shares.items() if c in labels]
        self.across = [labels[c] for c in pool.auxiliary if c in labels]

    def state_dict(self) -> dict[str, Tensor]:
        """What a checkpoint keeps of the memory."""
        return {"vectors": self.vectors, "seen": self.seen}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Take up the memory of a checkpoint."""
        self.vectors, self.seen = state["vectors"], state["seen"]

    def loss(self, vectors: Tensor, rows: np.ndarray, there: Tensor, rng: np.random.Generator) -> Tensor:
        """Weighted sum over the columns of -log of the agreeing share; 0 while nothing is remembered."""
        own = torch.from_numpy(rows)[there]
        vectors = vectors[there]
        known = torch.nonzero(self.seen).flatten()
        total = torch.zeros(())
        if len(known) and len(own):
            others = known[torch.from_numpy(rng.integers(len(known), size=self.memory))]
            logits = SHARPNESS * vectors @ self.vectors[others].float().T
            # Twins find each other anyhow, and would leave nothing to learn.
            logits = logits.masked_fill(self.groups[own][:, None] == self.groups[others][None], -1e4)
            for labels, share in self.columns:
                total = total + share * _disagreement(logits, labels[own], labels[others])
            # A phone photo is to find products, not other phone photos.
            phones = self.photo[own]
            if self.across and phones.any():
                shop = logits[phones].masked_fill(self.photo[others][None], -1e4)
                for labels in self.across:
                    total = total + OTHERS * _disagreement(shop, labels[own[phones]], labels[others])
        with torch.no_grad():
            self.vectors[own] = vectors.detach().half()
            self.seen[own] = True
        return total


def _disagreement(logits: Tensor, own: Tensor, others: Tensor) -> Tensor:
    """Mean of -log of the share of neighbours with the own label, over the pictures that have one to find.

    ``logits`` is (b, m), ``own`` (b,) and ``others`` (m,); -1 is unknown. Remembered pictures of
    unknown label don't count.
    """
    labelled = logits.masked_fill((others < 0)[None], -1e4)
    same = (own[:, None] == others[None]) & (labelled > -1e3)
    learns = (own >= 0) & same.any(1)
    if not learns.any():
        return torch.zeros(())
    share = (labelled[learns].softmax(1) * same[learns]).sum(1)
    return -torch.log(share + DOUBT).mean()
