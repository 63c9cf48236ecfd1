"""What the model that training starts from thinks of the training pictures, to be learnt beside their labels.

A label does not follow from the picture alone: what is sold for summer might have been sold for fall, and a network
that is to agree with each label learns them by heart. An earlier model's probabilities say what else a picture could
be (Furlanello et al., "Born-Again Neural Networks", 2018, section 3, after Hinton et al., "Distilling the knowledge
in a neural network", 2015). Where it saw the product on white, its vector says what a snapshot of the product should
look like: the distance to it keeps what is known of plain pictures while other ones are learnt (Li and Hoiem,
"Learning without Forgetting", 2016, and "FitNets" as in :mod:`recommender.training.matching`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.classifiers.house import KIND
from recommender.training.augment import Augment
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.network import HouseNet
from recommender.training.start import take_up


class Opinion(NamedTuple):
    """What the earlier model thinks of n clean pictures and their mirror images, in half precision.

    ``shares`` has (n, classes) probabilities a column, the mean over both views; ``vectors`` (n, dim) is the direction
    between both views' unit vectors. Rows that validate are zero.
    """

    shares: dict[str, Tensor]
    vectors: Tensor

    def distance(self, vectors: Tensor, rows: np.ndarray, plain: Tensor) -> Tensor:
        """Mean squared distance of unit vectors (b, dim), of pictures ``rows``, over those that are ``plain`` (b,)."""
        if not plain.any():
            return torch.zeros(())
        wanted = self.vectors[rows][plain].float()
        return (wanted - vectors[plain]).square().sum(1).mean()


def opinions(config: TrainConfig, pool: Pool) -> Opinion:
    """What the model that ``config`` starts from thinks of the pictures of ``pool``.

    It speaks of columns all of whose classes it knows, and not of ``kind``, which clean pictures
    say nothing of.

    Raises
    ------
    ModelError
        If the earlier model is missing, or is of another shape of network.
    """
    from recommender.training.loop import outputs

    random = torch.get_rng_state()
    network = HouseNet(config, {column: len(names) for column, names in pool.classes.items()})
    torch.set_rng_state(random)
    plain = Augment(np.zeros((1, *config.size, 3), np.uint8), 0.0, 0.0, config.seed, 1.0)
    known = take_up(network, config.start_from, pool, plain, np.zeros(pool.small.shape[:3], np.uint8)) - {KIND}
    rows = np.flatnonzero(~pool.validation)
    views = [pool.small[rows]]
    if not network.mirrored or network.beside:  # one alone sees both by itself
        views.append(np.ascontiguousarray(pool.small[rows, :, ::-1]))
    seen = [outputs(network, view) for view in views]

    def spread(values: Tensor) -> Tensor:
        whole = torch.zeros(len(pool), values.shape[1], dtype=torch.float16)
        whole[torch.from_numpy(rows)] = values.half()
        return whole

    shares = {c: torch.stack([torch.from_numpy(logits[c]).softmax(1) for _, logits in seen]) for c in known}
    between = F.normalize(torch.from_numpy(sum(vectors for vectors, _ in seen)), dim=1)
    return Opinion({column: spread(both.mean(0)) for column, both in shares.items()}, spread(between))
