"""Which pictures a finished model has learnt, so that no figure is of something that it knows by heart.

A model keeps a short digest of every picture that it or those before it learnt, however the catalogue was
called and whatever was added to it since. The digest is of the canvas, so that the same file is told, and another
photo of the same product is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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
