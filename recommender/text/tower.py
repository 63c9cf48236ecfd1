"""The shipped text tower: a bag of words to a unit vector, in NumPy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.errors import ModelError
from recommender.settings import ASSETS
from recommender.text.features import GRAM_BUCKETS, WORD_BUCKETS, features

HOUSE_WORDS = ASSETS / "model" / "house-words.safetensors"


class TextTower:
    """Texts to vectors near the pictures that they describe.

    Parameters
    ----------
    path
        The file that training wrote.
    encoder
        Fingerprint of the encoder whose pictures are searched; words that were taught beside another
        one lie in another space.

    Raises
    ------
    ModelError
        If the file is missing, is no text tower, or belongs to another encoder.
    """

    def __init__(self, path: Path = HOUSE_WORDS, encoder: str | None = None) -> None:
        from safetensors import SafetensorError, safe_open

        if not path.is_file():
            why = "This model learnt no words: its products have no titles in Latin letters."
            if path == HOUSE_WORDS:
                why = "Get the repository's assets again."
            raise ModelError(f"The text tower is missing: there is no file {path}. {why}")
        try:
            with safe_open(path, framework="numpy") as file:
                about = json.loads((file.metadata() or {})["words"])
                parts = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a dict)
            self._table = parts["table"]
            self._step = parts["step"].astype(np.float32)
            self._hidden = parts["hidden.weight"].astype(np.float32), parts["hidden.bias"].astype(np.float32)
            self._out = parts["out.weight"].astype(np.float32), parts["out.bias"].astype(np.float32)
            taught, (buckets, width) = str(about["encoder"]), self._table.shape
            (inner, wide), (dimension, deep) = self._hidden[0].shape, self._out[0].shape
            if (wide, deep) != (width, inner) or self._step.shape != (buckets,):
                raise ValueError("shape")
            if self._hidden[1].shape != (inner,) or self._out[1].shape != (dimension,):
                raise ValueError("bias")
        except (SafetensorError, LookupError, ValueError, TypeError, OSError) as error:
            raise ModelError(f"{path} is no text tower, or is damaged. Get the repository's assets again.") from error
        if buckets != WORD_BUCKETS + GRAM_BUCKETS:
            raise ModelError(f"{path} was made with another hashing of words. Get the repository's assets again.")
        if encoder is not None and taught != encoder:
            raise ModelError(f"{path} was taught beside another encoder. Get both from the same training run.")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._out[1].shape[0])

    @property
    def reads(self) -> np.ndarray:
        """(dimension,) bool: the numbers of a vector that any text has. Pictures may have more, as of a thumbnail."""
        weight, bias = self._out
        return np.asarray(weight.any(1) | (bias != 0))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) float32 of unit length; zeros for a text without any letter or digit."""
        rows, weights, starts = features(texts)
        ends = np.append(starts, len(rows))[1:]
        bags = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            used = rows[start:end]
            scale = self._step[used, None] * weights[start:end, None]
            bags[i] = (self._table[used].astype(np.float32) * scale).sum(0)
        hidden = _gelu(bags @ self._hidden[0].T + self._hidden[1])
        out = hidden @ self._out[0].T + self._out[1]
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        out[starts == ends] = 0
        return np.asarray(out, np.float32)


def _gelu(x: np.ndarray) -> np.ndarray:
    """Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, the tanh form."""
    return np.asarray(0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))))
