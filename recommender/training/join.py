"""Finished models as one that looks at a picture with all their towers.

Models that were trained apart are wrong about different pictures, so that together they are right more often than
any of them (Hansen and Salamon, "Neural network ensembles", 1990). Nothing is trained here but the heads.

All but the first model learnt from pictures on plain white backgrounds, and look at such alone: of another
one they would know nothing and say much. There, what they would see on white is foretold from what the first one sees.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import nn

from recommender.classifiers.house import KIND
from recommender.errors import ModelError
from recommender.training.backdrop import on_white
from recommender.training.beside import directions, foretell, strangers_of, turn_words
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.heads import refit_heads
from recommender.training.loop import outputs
from recommender.training.network import HouseNet
from recommender.training.start import check_size, loaded, shape_at

BATCH = 1024
"""Pictures that are looked at at once."""
WORDS = 0.06
"""Weight in the similarity of words and pictures, at most, of all other towers, for which words were not learnt."""


def check_models(first: str | Path, others: Sequence[str | Path], config: TrainConfig) -> None:
    """Raise ModelError if models can't be joined to one that sees pictures of ``config.size``, as their files tell."""
    starts = (first, *others)
    for start in starts:
        check_size(start, config)
    shapes = [shape_at(start) for start in starts]
    dim = shapes[0]["dim"]
    wrong = "" if others else "only one is named"
    for start, shape in zip(starts, shapes, strict=True):
        if shape["beside"]:
            wrong = wrong or f"{start} has {1 + len(shape['beside'])}. Take them out with apart"
        elif shape["aspects"]:
            wrong = wrong or f"the vectors of {start} hold labels too. Take its tower out with apart"
        elif shape["dim"] != dim:
            wrong = wrong or f"those of {start} have {shape['dim']} numbers, those of {first} {dim}"
    if wrong:
        raise ModelError(f"Only models of one tower each, with vectors of one dimension, can be joined: {wrong}.")


def join(
    first: str | Path, others: Sequence[str | Path], pool: Pool, config: TrainConfig, weight: float = 1.0
) -> HouseNet:
    """One network of several models, with heads for the labels of ``pool`` and the first one's words and ``kind``.

    The heads are learnt for each tower apart and their logits averaged: learnt on all at once they would
    trust that tower most which knows the training pictures best by heart.

    Parameters
    ----------
    first, others
        Folders of models (or "shipped"), each of one tower. Their vectors have one dimension.
    config
        How the heads are learnt (``head_epochs`` and so on), and ``size``.
    weight
        Length of each other model's vectors beside the first one's, above 0. So much its logits count too, and of
        the similarity its square.

    Raises
    ------
    ModelError
        If a model is missing, is joined already, has vectors of another dimension or learnt pictures of another size,
        or if hardly any picture is on white.
    """
    torch.manual_seed(config.seed)  # heads of classes that a model does not know begin anywhere
    check_models(first, others, config)
    networks = [loaded(start, pool, config)[0] for start in (first, *others)]
    one = dataclasses.replace(networks[0].config, mirrored=True)
    shapes = [network.config for network in networks]
    rows = np.flatnonzero(~pool.validation)
    white = _on_white(pool.small[rows])
    learnt = [_seen(network, pool.small[rows], white) for network in networks]
    if white.sum() < one.dim:
        raise ModelError(
            f"Only {int(white.sum())} pictures are on a plain white background, where all but the first model look; "
            f"to join models it takes {one.dim}."
        )
    known = learnt[0][white]
    foretold = [foretell(torch.from_numpy(known), torch.from_numpy(vectors[white])) for vectors in learnt[1:]]
    for i, turn in enumerate(foretold, 1):
        guess = learnt[0] @ turn.numpy()
        learnt[i] = np.where(white[:, None], learnt[i], guess / np.linalg.norm(guess, axis=1, keepdims=True))
    lengths = (1.0, *(weight for _ in others))
    for network, vectors in zip(networks, learnt, strict=True):
        refit_heads(network, pool, network.config, vectors)
    shape = dataclasses.replace(one, beside=tuple((own.widths, own.blocks) for own in shapes[1:]))
    joined = HouseNet(shape, {column: len(names) for column, names in pool.classes.items()})
    joined.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    taken = networks[0].state_dict() | {
        f"beside.{i}.{name}": value
        for i, network in enumerate(networks[1:])
        for name, value in network.state_dict().items()
        if name.startswith(("stages.", "project."))
    }
    joined.load_state_dict(taken, strict=False)
    with torch.no_grad():
        beside = [length * vectors for length, vectors in zip(lengths, learnt, strict=True)]
        turned = directions(beside, strangers_of(networks[0], len(networks) * one.dim), one.dim)
        for layer, turn in zip(joined.foretell, foretold, strict=True):
            cast(nn.Linear, layer).weight.copy_(turn.T)
        joined.join.weight.copy_(turned * torch.tensor(lengths).repeat_interleave(one.dim))
        _join_heads(joined, networks, lengths)
        words = min(1.0, WORDS / (len(others) * weight**2))
        parts = joined.join.weight.chunk(len(networks), dim=1)
        turn_words(joined.text, networks[0].text, parts, learnt[1:], [pool.titles[row] for row in rows], words)
    return joined.eval()


def _seen(network: HouseNet, pictures: np.ndarray, white: np.ndarray) -> np.ndarray:
    """Vectors of pictures (n, h, w, 3), the mirror images with them where those are on ``white`` (n,)."""
    network.mirrored = False
    vectors = outputs(network, pictures)[0]
    network.mirrored = True
    if white.any():
        vectors[white] = outputs(network, pictures[white])[0]
    return vectors


def _on_white(pictures: np.ndarray) -> np.ndarray:
    """(n, h, w, 3) uint8 to a bool (n,): surely on a plain white background."""
    parts = [pictures[at : at + BATCH] for at in range(0, len(pictures), BATCH)]
    sure = [on_white(torch.from_numpy(part).permute(0, 3, 1, 2).float() / 255)[:, 0] == 1 for part in parts]
    return torch.cat(sure).numpy()


def _join_heads(joined: HouseNet, networks: list[HouseNet], lengths: tuple[float, ...]) -> None:
    """Heads of the one vector whose logits are a mean of what each tower's heads say of its own vector."""
    whole = sum(length**2 for length in lengths) ** 0.5
    for column in joined.columns:
        weight, bias = torch.zeros_like(joined.head(column).weight), torch.zeros_like(joined.head(column).bias)
        # Which tower tells products from strangers depends on what it was shown: the first one has to.
        asked = networks[:1] if column == KIND else networks
        shares = [length / sum(lengths[: len(asked)]) for length in lengths]
        parts = joined.join.weight.chunk(len(networks), dim=1)
        for network, part, length, share in zip(asked, parts, lengths, shares, strict=False):
            own = whole / length**2 * part.T  # out of the joined unit vector, this tower's own
            weight += share * network.scale * network.head(column).weight @ own
            bias += share * network.head(column).bias
        joined.head(column).weight.copy_(weight / joined.scale)
        joined.head(column).bias.copy_(bias)
