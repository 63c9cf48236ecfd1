"""One tower of a joined model as a model of its own, so that its training can go on: the inverse of joining.

A joined model's heads are made of several towers' heads and its words of words for one of them. So the heads are
fitted to what the joined model says of products and strangers, and all but ``kind`` then learn once more on the
tower's own vectors (:mod:`recommender.training.heads`). Words are turned back by the transpose of what joining did,
whose rows are orthonormal; what did not fit into its dimensions is lost, which is little.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch

from recommender.errors import ModelError
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.heads import fit_heads, refit_heads
from recommender.training.imagined import of_all_kinds
from recommender.training.loop import outputs
from recommender.training.network import HouseNet
from recommender.training.start import check_start, loaded, shape_at


def tower_shape(start: str | Path, tower: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Widths and blocks of tower number ``tower`` of a finished model.

    Raises
    ------
    ModelError
        If the model is missing or of an earlier version, or has no such tower.
    """
    check_start(start)
    there = shape_at(start)
    shapes = ((there["widths"], there["blocks"]), *there["beside"])
    if not 0 <= tower < len(shapes):
        networks = "1 network" if len(shapes) == 1 else f"{len(shapes)} networks"
        raise ModelError(f"The model has {networks}, counted from 0: there is no network {tower}.")
    return shapes[tower]


def apart(start: str | Path, tower: int, pool: Pool, config: TrainConfig) -> HouseNet:
    """Tower number ``tower`` (0 is the first) of a finished model that was joined, for the labels of ``pool``.

    Parameters
    ----------
    start
        The folder of a model, or "shipped".
    config
        How the heads are learnt, and ``size``.

    Raises
    ------
    ModelError
        If the model is missing or of an earlier version, or has no such tower.
    """
    shape = tower_shape(start, tower)
    torch.manual_seed(config.seed)  # heads of classes that the model does not know begin anywhere
    joined, _ = loaded(start, pool, config)
    towers = list(joined.towers())
    widths, blocks = shape
    alone = dataclasses.replace(joined.config, widths=widths, blocks=blocks, beside=(), aspects=(), mirrored=False)
    network = HouseNet(alone, {column: joined.head(column).out_features for column in joined.columns})
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network.load_state_dict(towers[tower][1].state_dict(), strict=False)
    network.load_state_dict({f"text.{name}": value for name, value in joined.text.state_dict().items()}, strict=False)
    with torch.no_grad():
        network.scale.copy_(joined.scale)
        turn = torch.eye(alone.dim)
        if joined.config.aspects:
            turn = turn @ joined.blend.weight[:, : alone.dim]
        if joined.beside:
            turn = turn @ joined.join.weight.chunk(len(towers), 1)[tower]
        network.text.out.weight.copy_(turn.T @ joined.text.out.weight)
        network.text.out.bias.copy_(turn.T @ joined.text.out.bias)
    _take_heads(network.eval(), joined, pool, alone)
    refit_heads(network, pool, alone)
    return network


def _take_heads(network: HouseNet, joined: HouseNet, pool: Pool, config: TrainConfig) -> None:
    """Give ``network`` heads that say what those of ``joined`` say, in place."""
    pictures = of_all_kinds(config, pool)
    fit_heads(network, outputs(network, pictures)[0], outputs(joined, pictures)[1])
