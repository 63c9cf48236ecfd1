"""What the model that training starts from thinks of the training pictures, to be learnt beside their labels.

A label does not follow from the picture alone: what is sold for summer might have been sold for fall, and a network
that is to agree with each label learns them by heart. An earlier model's probabilities say what else a picture could
be (Furlanello et al., "Born-Again Neural Networks", 2018, section 3, after Hinton et al., "Distilling the knowledge
in a neural network", 2015).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from recommender.classifiers.house import KIND
from recommender.training.augment import Augment
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.network import HouseNet
from recommender.training.start import take_up


def opinions(config: TrainConfig, pool: Pool) -> dict[str, Tensor]:
    """Column to probabilities (n, classes) in half precision, of the clean pictures and their mirror images.

    Only for columns all of whose classes the earlier model knows, and not for ``kind``, which clean pictures
    say nothing of. Rows that validate are zero.

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
    views = (pool.small[rows], np.ascontiguousarray(pool.small[rows, :, ::-1]))
    logits = [outputs(network, view)[1] for view in views]
    said = {}
    for column in known:
        said[column] = torch.zeros(len(pool), len(pool.classes[column]), dtype=torch.float16)
        shares = torch.stack([torch.from_numpy(one[column]).softmax(1) for one in logits])
        said[column][torch.from_numpy(rows)] = shares.mean(0).half()
    return said
