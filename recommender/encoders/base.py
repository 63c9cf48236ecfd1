"""What an encoder is: canvases in, unit vectors out."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PIL import Image

from recommender.registry import Card, Registry


class Encoder(Protocol):
    """Turns pictures into vectors in which near means alike.

    ``fingerprint`` names weights and preprocessing: two encoders with the same one give
    the same vectors.
    """

    card: Card
    dimension: int
    fingerprint: str

    def prepare(self, picture: Image.Image) -> np.ndarray:
        """An upright RGB picture to the fixed canvas that :meth:`encode` reads, (h, w, 3) uint8."""

    def encode(self, canvases: np.ndarray) -> np.ndarray:
        """(n, h, w, 3) uint8 to (n, dimension) float32 of unit length."""


ENCODERS: Registry[Encoder] = Registry("encoder")


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; a row of zeros becomes the first axis, so that none is undefined."""
    vectors = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    out = vectors / np.maximum(lengths, 1e-12)
    out[lengths[:, 0] < 1e-12] = np.eye(1, vectors.shape[1], dtype=np.float32)
    return out
