"""A vector that also holds what the heads say of it.

Near is to mean "the same kind of thing, for the same people, in that colour". The vector was taught so, but of two
pictures whose labels its heads tell apart with ease the vectors may still lie close. So the shares that the heads
give to each class, as classifiers' scores describe pictures in Torresani, Szummer and Fitzgibbon, "Efficient object
category recognition using classemes", 2010, are put beside it. The product of two such is how likely both pictures
are of one class, if each is what is said of it: the precision to expect of a neighbour. Of two that look equally
good the one that is surely of the kind counts more.

Shares of an unsure picture are shorter than 1, and vectors have to be of one length, or nothing would be as near to a
picture as itself. What is lacking is filled up as in Bachrach et al., "Speeding Up the Xbox Recommender System Using a
Euclidean Transformation for Inner-Product Spaces", 2014, section 3.1; but a single number, as there, would draw unsure
pictures to each other where both sides have it. So it goes into numbers that are alike only for pictures that are
nearly the same: random Fourier features of a thumbnail (Rahimi and Recht, "Random Features for Large-Scale Kernel
Machines", 2007, algorithm 1).

What is found has mostly been learnt, and the firmer its shares hold its own labels, the better are those who find it.
Heads that learn on do so, but know less of new products. Weights on the way from one solution to another often do as
well as either (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022, section 3), so the shares are those of
heads a part of the way.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from recommender.errors import ModelError
from recommender.training.beside import directions, strangers_of, turn_words
from recommender.training.data import Pool
from recommender.training.heads import refit_heads
from recommender.training.imagined import of_all_kinds
from recommender.training.loop import outputs
from recommender.training.network import HouseNet

WEIGHT = 0.1
"""What one column counts in the similarity, where the vector itself counts 1."""
FURTHER = 0.3
"""How much of the way the shares go from what the heads say to what they would say after learning on."""
FASTER = 10
"""How many times faster heads learn on than they learnt: they are no longer to stay modest."""
WORDS = 0.125
"""What the aspects count in words, for which they were not taught."""


def with_aspects(network: HouseNet, pool: Pool, columns: Sequence[str]) -> HouseNet:
    """A network whose vectors hold what ``network``, a finished one, says of ``columns``; it is left as it is.

    The labels that it gives are the same but for what the principal directions do not keep. What its vectors hold of
    ``columns`` is a little firmer (``firmer``).

    Raises
    ------
    ModelError
        If the pool has no such column, or if the vectors hold labels already.
    """
    check(columns, pool.columns)
    if network.config.aspects:
        raise ModelError("The model's vectors hold what it says of their labels already.")
    rows = np.flatnonzero(~pool.validation)
    vectors = outputs(network, pool.small[rows])[0]
    weight, bias = firmer(network, pool, columns, vectors)
    config = dataclasses.replace(network.config, aspects=tuple(network.head(column).out_features for column in columns))
    made = HouseNet(config, {column: network.head(column).out_features for column in network.columns})
    made.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    made.load_state_dict(network.state_dict(), strict=False)
    with torch.no_grad():
        made.aspects.weight.copy_(weight)
        made.aspects.bias.copy_(bias)
        dim, many = config.dim, sum(config.aspects)
        whole, least = (1 + WEIGHT * len(columns)) ** 0.5, dim - made.waves.out_features

        def shares(seen: np.ndarray) -> np.ndarray:
            return made.said(torch.from_numpy(seen)).numpy() * np.float32(WEIGHT**0.5)

        # Directions of training pictures alone would hold less of what is seen on other backgrounds.
        all_kinds = outputs(network, of_all_kinds(config, pool))[0]
        turned = directions([all_kinds, shares(all_kinds)], strangers_of(network, dim + many), least)
        for column in made.columns:  # out of the new unit vector, the one that the heads were learnt on
            made.head(column).weight.zero_()
            made.head(column).weight[:, :least] = network.head(column).weight @ (whole * turned[:, :dim].T)
        made.blend.weight.zero_()
        made.blend.weight[:least, : dim + many] = turned
        made.blend.weight[least:, dim + many :] = torch.eye(dim - least)
        parts = made.blend.weight[:, :dim].clone(), made.blend.weight[:, dim : dim + many].clone()
        made.blend.weight[:, dim:] *= WEIGHT**0.5
        turn_words(made.text, network.text, parts, [shares(vectors)], [pool.titles[row] for row in rows], WORDS)
    return made.eval()


def firmer(
    network: HouseNet, pool: Pool, columns: Sequence[str], vectors: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight (k, dim) and bias (k,) of logits of all classes of ``columns``, a part of the way to heads that learnt on.

    ``vectors`` are what ``network``, which is left as it is, sees of the training pictures.
    """
    taught = copy.deepcopy(network)
    config = dataclasses.replace(network.config, head_lr=FASTER * network.config.head_lr, head_smoothing=0.0)
    refit_heads(taught, pool, config, vectors)
    with torch.no_grad():
        weight, bias = (
            torch.cat(
                [
                    torch.lerp(getattr(network.head(one), part), getattr(taught.head(one), part), FURTHER)
                    for one in columns
                ]
            )
            for part in ("weight", "bias")
        )
        return network.scale * weight, bias


def check(columns: Sequence[str], learnt: Sequence[str]) -> None:
    """Raise ModelError where a column is none of those whose labels are learnt."""
    if unknown := [column for column in columns if column not in learnt]:
        raise ModelError(
            f"There are no labels {', '.join(unknown)!r} that could count as aspects. There are: {', '.join(learnt)}."
        )
