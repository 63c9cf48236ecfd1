"""Which pictures a finished model has learnt, so that no figure is of something that it knows by heart.

A model keeps a short digest of every picture that it or those before it learnt, however the catalogue was
called and whatever was added to it since. The digest is of the canvas, so that the same file is told, and another
photo of the same product is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from recommender.errors import ModelError

LEARNT = "learnt"
"""The name of the digests among a model's arrays."""
BYTES = 4
"""Of 40,000 learnt pictures one in 100,000 others has the digest of one: it is learnt instead of measured."""


def digests(pictures: np.ndarray) -> np.ndarray:
    """(n, h, w, 3) uint8 on the canvas of :mod:`recommender.training.groups` to (n,) uint32."""
    parts = [hashlib.blake2b(np.ascontiguousarray(one).data, digest_size=BYTES).digest() for one in pictures]
    return np.frombuffer(b"".join(parts), "<u4").astype(np.uint32)


def keep_learnt(
    told: np.ndarray, groups: np.ndarray, validation: np.ndarray, models: Iterable[Path], say: Callable[[str], None]
) -> None:
    """Take products back from ``validation`` (n,), in place, that a model has learnt, or one of whose group it has.

    ``told`` (n,) are the digests of their pictures.
    """
    known = validation & np.isin(groups, groups[np.isin(told, learnt_by(models))])
    many = int(known.sum())
    if many:
        validation[known] = False
        say(f"{many:,} product{'s' * (many != 1)} can't be held back to be measured: an earlier model has learnt them.")


def learnt_by(models: Iterable[Path]) -> np.ndarray:
    """Digests (k,) uint32, ascending, of what any of some ``house.safetensors`` learnt; older ones don't tell.

    Raises
    ------
    ModelError
        If a file is missing or no model.
    """
    from safetensors import SafetensorError, safe_open

    found = [np.empty(0, np.uint32)]
    for path in models:
        try:
            with safe_open(path, framework="np") as file:
                if LEARNT in file.keys():  # noqa: SIM118  (not a dict)
                    found.append(file.get_tensor(LEARNT).astype(np.uint32).ravel())
        except (OSError, SafetensorError) as error:
            raise ModelError(f"{path} can't be used: it is missing or no house model.") from error
    return np.unique(np.concatenate(found))
