"""Two finished models as one that looks at a picture with both their towers.

Models that were trained apart are wrong about different pictures, so that together they are right more often than
either (Hansen and Salamon, "Neural network ensembles", 1990). Nothing is trained here but the heads. The two unit
vectors of a picture, side by side, lie close to a subspace of half their dimensions, since labels pull both together;
its principal directions make one vector of them, and similarity in it is a mean of both similarities.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recommender.classifiers.house import KIND
from recommender.errors import ModelError
from recommender.training.augment import Augment
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.heads import refit_heads
from recommender.training.loop import outputs
from recommender.training.network import HouseNet
from recommender.training.start import shape_at, take_up

BATCH = 1024
"""Titles that are read at once."""
RIDGE = 1e-3
"""Keeps directions that no title points to from deciding what words look like to the second tower."""


def join(first: str | Path, second: str | Path, pool: Pool, config: TrainConfig, weight: float = 1.0) -> HouseNet:
    """One network of two models, with heads for the labels of ``pool`` and the first one's words and ``kind``.

    The heads are learnt for each tower apart and their logits averaged: learnt on both at once they would
    trust that tower most which knows the training pictures best by heart.

    Parameters
    ----------
    first, second
        Folders of two models (or "shipped"), each of one tower. Their vectors have one dimension.
    config
        How the heads are learnt (``head_epochs`` and so on), and ``size``.
    weight
        Length of the second model's vectors beside the first one's, above 0. So much its logits count too, and of
        the similarity its square.

    Raises
    ------
    ModelError
        If a model is missing, is joined already, or has vectors of another dimension.
    """
    networks = [loaded(start, pool, config) for start in (first, second)]
    one, two = (network.config for network in networks)
    if one.beside or two.beside or one.dim != two.dim:
        raise ModelError("Only two models of one tower each, with vectors of one dimension, can be joined.")
    rows = np.flatnonzero(~pool.validation)
    learnt = [outputs(network, pool.small[rows])[0] for network in networks]
    lengths = (1.0, weight)
    for network, vectors in zip(networks, learnt, strict=True):
        refit_heads(network, pool, network.config, vectors)
    shape = dataclasses.replace(one, beside=((two.widths, two.blocks),))
    joined = HouseNet(shape, {column: len(names) for column, names in pool.classes.items()})
    joined.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    taken = networks[0].state_dict() | {
        f"beside.0.{name}": value
        for name, value in networks[1].state_dict().items()
        if name.startswith(("stages.", "project."))
    }
    joined.load_state_dict(taken, strict=False)
    with torch.no_grad():
        turned = directions([length * vectors for length, vectors in zip(lengths, learnt, strict=True)])
        joined.join.weight.copy_(turned * torch.tensor(lengths).repeat_interleave(one.dim))
        _join_heads(joined, networks, lengths)
        _join_words(joined, networks[0], learnt, [pool.titles[row] for row in rows])
    return joined.eval()


def directions(vectors: list[np.ndarray]) -> Tensor:
    """(d, 2d) orthonormal rows: the principal directions of two (n, d), side by side.

    Not about their mean, since similarity is not either.
    """
    both = np.concatenate(vectors, 1).astype(np.float64)
    _, found = np.linalg.eigh(both.T @ both)
    return torch.from_numpy(found[:, ::-1][:, : vectors[0].shape[1]].T.astype(np.float32))


def loaded(start: str | Path, pool: Pool, config: TrainConfig) -> HouseNet:
    """The network of a finished model, of whatever shape, with the heads that ``pool`` has labels for.

    Raises
    ------
    ModelError
        If there is none.
    """
    config = dataclasses.replace(config, **shape_at(start))
    network = HouseNet(config, {column: len(names) for column, names in pool.classes.items()})
    plain = Augment(np.zeros((1, *config.size, 3), np.uint8), 0.0, 0.0, config.seed, 1.0)
    take_up(network, start, pool, plain, np.zeros(pool.small.shape[:3], np.uint8))
    return network.eval()


def _join_heads(joined: HouseNet, networks: list[HouseNet], lengths: tuple[float, ...]) -> None:
    """Heads of the one vector whose logits are a mean of what each tower's heads say of its own vector."""
    whole = sum(length**2 for length in lengths) ** 0.5
    for column in joined.columns:
        weight, bias = torch.zeros_like(joined.head(column).weight), torch.zeros_like(joined.head(column).bias)
        # Which tower tells products from strangers depends on what it was shown: the first one has to.
        asked = networks[:1] if column == KIND else networks
        shares = [length / sum(lengths[: len(asked)]) for length in lengths]
        parts = joined.join.weight.chunk(2, dim=1)
        for network, part, length, share in zip(asked, parts, lengths, shares, strict=False):
            own = whole / length**2 * part.T  # out of the joined unit vector, this tower's own
            weight += share * network.scale * network.head(column).weight @ own
            bias += share * network.head(column).bias
        joined.head(column).weight.copy_(weight / joined.scale)
        joined.head(column).bias.copy_(bias)


def _join_words(joined: HouseNet, first: HouseNet, learnt: list[np.ndarray], titles: list[str]) -> None:
    """The first model's words, and for the second tower what pictures look like to it that are called so."""
    named = [row for row, title in enumerate(titles) if title]
    if not named:
        return
    with torch.inference_mode():
        said = torch.cat(
            [first.text([titles[row] for row in named[at : at + 1024]]) for at in range(0, len(named), 1024)]
        )
    seen = torch.from_numpy(learnt[1][named])
    square = said.T @ said + RIDGE * len(named) * torch.eye(said.shape[1])
    looks = torch.linalg.solve(square, said.T @ seen)  # (d, d): rows of text vectors to what the second tower sees
    one, two = joined.join.weight.chunk(2, dim=1)
    turn = one + two @ looks.T
    joined.text.out.weight.copy_(turn @ first.text.out.weight)
    joined.text.out.bias.copy_(turn @ first.text.out.bias)
