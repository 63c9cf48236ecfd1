"""Vectors of different makings, side by side, made one of the dimension of the first.

Labels pull all that a network sees together, so that such vectors lie close to a subspace of few dimensions: its
principal directions keep nearly all, and similarity in them is a mean of the parts' similarities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from recommender.classifiers.house import KIND
from recommender.training.network import HouseNet, TextNet

BATCH = 1024
"""Titles that are read at once."""
RIDGE = 1e-3
"""Keeps directions that hardly a vector has a part in from deciding what is foretold."""


def directions(vectors: Sequence[np.ndarray], kept: Tensor, many: int) -> Tensor:
    """(``many``, e) orthonormal rows: what ``kept`` (k, e) reads, and the principal directions of the rest.

    ``vectors`` are arrays (n, ...), side by side e wide. Not about their mean, since similarity is not either.
    """
    beside = np.concatenate(vectors, 1).astype(np.float64)
    first = np.linalg.qr(kept.detach().numpy().astype(np.float64).T)[0]
    beside -= beside @ first @ first.T
    _, found = np.linalg.eigh(beside.T @ beside)
    rest = found[:, ::-1][:, : many - first.shape[1]]
    return torch.from_numpy(np.concatenate([first, rest], 1).T.astype(np.float32))


def strangers_of(network: HouseNet, width: int) -> Tensor:
    """(k, width) what the head ``kind`` of ``network`` reads of its vectors, which come first of all side by side.

    There are no strangers among training pictures, so the direction that tells them is none of the principal ones.
    """
    kept = torch.zeros(len(network.head(KIND).weight) if KIND in network.columns else 0, width)
    if len(kept):
        kept[:, : network.config.dim] = network.head(KIND).weight.detach()
    return kept


def foretell(known: Tensor, wanted: Tensor) -> Tensor:
    """(d, e) that rows (n, d) of ``known`` are multiplied by to come near those of ``wanted``: ridge regression."""
    square = known.T @ known + RIDGE * len(known) * torch.eye(known.shape[1])
    return torch.linalg.solve(square, known.T @ wanted)


def turn_words(
    text: TextNet,
    taught: TextNet,
    parts: Sequence[Tensor],
    others: Sequence[np.ndarray],
    titles: list[str],
    share: float,
) -> None:
    """Move words into the space of vectors made one, in place on ``text``.

    Parameters
    ----------
    taught
        Words in the space of the first vectors.
    parts
        Of each vectors (n, e) side by side, the (d, e) that turns them into a part of the one vector.
    others
        All vectors (n, e) but the first, of the pictures that have the n ``titles``; an empty title says nothing.
    share
        What the others count: words were not taught for them, and get what pictures that are called so look like.
    """
    named = [row for row, title in enumerate(titles) if title]
    if not named:
        return
    with torch.inference_mode():
        said = torch.cat(
            [taught([titles[row] for row in named[at : at + BATCH]]) for at in range(0, len(named), BATCH)]
        )
    turn = parts[0]
    for part, vectors in zip(parts[1:], others, strict=True):
        turn = turn + share * part @ foretell(said, torch.from_numpy(vectors[named])).T
    text.out.weight.copy_(turn @ taught.out.weight)
    text.out.bias.copy_(turn @ taught.out.bias)
