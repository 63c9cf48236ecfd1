"""A vector that also holds what the heads say of it.

Near is to mean "the same kind of thing, for the same people, in that colour". The vector was taught so, but of two
pictures whose labels its heads tell apart with ease the vectors may still lie close. So the shares that the heads
give to each class, as classifiers' scores describe pictures in Torresani, Szummer and Fitzgibbon, "Efficient object
category recognition using classemes", 2010, are put beside it. Their square roots are of unit length, and the
product of two such is the Bhattacharyya coefficient of the shares (Jebara, Kondor and Howard, "Probability product
kernels", 2004, section 3.1): 1 where both say the same, 0 where no class is possible for both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from recommender.errors import ModelError
from recommender.training.beside import directions, strangers_of, turn_words
from recommender.training.data import Pool
from recommender.training.loop import outputs
from recommender.training.network import HouseNet

WEIGHT = 0.1
"""What one column counts in the similarity, where the vector itself counts 1."""
WORDS = 0.5
"""What the aspects count in words, for which they were not taught."""


def with_aspects(network: HouseNet, pool: Pool, columns: Sequence[str]) -> HouseNet:
    """A network whose vectors hold what ``network``, a finished one, says of ``columns``; it is left as it is.

    Nothing is trained. The labels that it gives are the same but for what the principal directions do not keep.

    Raises
    ------
    ModelError
        If the pool has no such column, or if the vectors hold labels already.
    """
    check(columns, pool)
    if network.config.aspects:
        raise ModelError("The model's vectors hold what it says of their labels already.")
    rows = np.flatnonzero(~pool.validation)
    vectors = outputs(network, pool.small[rows])[0]
    heads = [network.head(column) for column in columns]
    config = dataclasses.replace(network.config, aspects=tuple(head.out_features for head in heads))
    made = HouseNet(config, {column: network.head(column).out_features for column in network.columns})
    made.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    made.load_state_dict(network.state_dict(), strict=False)
    with torch.no_grad():
        made.aspects.weight.copy_(network.scale * torch.cat([head.weight for head in heads]))
        made.aspects.bias.copy_(torch.cat([head.bias for head in heads]))
        said = made.said(torch.from_numpy(vectors)).numpy() * np.float32(WEIGHT**0.5)
        turned = directions([vectors, said], strangers_of(network, made.blend.in_features))
        whole, dim = (1 + WEIGHT * len(columns)) ** 0.5, config.dim
        for column in made.columns:  # out of the new unit vector, the one that the heads were learnt on
            made.head(column).weight.copy_(network.head(column).weight @ (whole * turned[:, :dim].T))
        made.blend.weight.copy_(turned)
        made.blend.weight[:, dim:] *= WEIGHT**0.5
        parts = (turned[:, :dim], turned[:, dim:])
        turn_words(made.text, network.text, parts, [said], [pool.titles[row] for row in rows], WORDS)
    return made.eval()


def check(columns: Sequence[str], pool: Pool) -> None:
    """Raise ModelError where a column is none whose labels are learnt."""
    if unknown := [column for column in columns if column not in pool.columns]:
        raise ModelError(
            f"There are no labels {', '.join(unknown)!r} that could count as aspects. There are: "
            f"{', '.join(pool.columns)}."
        )
