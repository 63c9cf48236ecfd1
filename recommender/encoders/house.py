"""The house encoder: the shipped network, run by ONNX Runtime without torch."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from recommender.encoders.base import ENCODERS
from recommender.errors import ModelError
from recommender.images.canvas import letterbox
from recommender.registry import Card
from recommender.settings import SHIPPED_MODEL, Settings

HOUSE_ONNX = SHIPPED_MODEL / "house.onnx"
BATCH = 64
WHITE = 215
"""Of 255, in the darkest channel: from where a pixel begins to be white, as in recommender/training/backdrop.py."""

CARD = Card(
    name="house",
    title="House model",
    source="Trained from scratch by this project: docs/house-model.md",
    licence="MIT",
    dimension=256,
)


class HouseEncoder:
    """Runs ``house.onnx``: canvases (n, h, w, 3) uint8 in, unit vectors out.

    Raises
    ------
    ModelError
        If the file is missing or is no network of this kind.
    """

    card = CARD

    def __init__(self, path: Path = HOUSE_ONNX, threads: int | None = None) -> None:
        import onnxruntime as ort

        if not path.is_file():
            raise ModelError(f"The house model is missing: {path.name}. Train it with: python -m recommender train")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads or Settings().threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        data = path.read_bytes()
        try:
            self._session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
            feed = self._session.get_inputs()[0]
            self.size = (int(feed.shape[1]), int(feed.shape[2]))
            self.dimension = int(self._session.get_outputs()[0].shape[1])
        except Exception as error:  # onnxruntime raises its own unexported types
            raise ModelError(f"{path.name} is damaged or no house model. Restore it, or train it again.") from error
        self._input = feed.name
        self.fingerprint = digest_of(data)

    def prepare(self, picture: Image.Image) -> np.ndarray:
        """The whole picture on a white canvas of the network's size."""
        return letterbox(picture, self.size)

    def encode(self, canvases: np.ndarray) -> np.ndarray:
        """(n, h, w, 3) uint8 to (n, dimension) float32 of unit length."""
        order = np.argsort(_white_rim(canvases), kind="stable")
        vectors = np.empty((len(canvases), self.dimension), np.float32)
        # So many at a time keep the activations in the cache and memory flat.
        for start in range(0, len(canvases), BATCH):
            rows = order[start : start + BATCH]
            vectors[rows] = self._session.run(None, {self._input: np.ascontiguousarray(canvases[rows])})[0]
        return vectors


def _white_rim(canvases: np.ndarray) -> np.ndarray:
    """(n,) shares of the rims of canvases (n, h, w, 3) that are about white.

    A joined network looks longer at a batch if any of it is on white, so that such pictures go together.
    """
    sides = (canvases[:, 0], canvases[:, -1], canvases[:, :, 0], canvases[:, :, -1])
    return np.mean([(side.min(2) > WHITE).mean(1) for side in sides], axis=0)


def digest_of(data: bytes) -> str:
    """Fingerprint of a model file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


ENCODERS.register(CARD, HouseEncoder)
