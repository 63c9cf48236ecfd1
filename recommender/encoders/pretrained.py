"""Encoders with published weights, through timm: for machines with a network.

The weights are fetched from their hub on first use and kept in its cache. Each gives the
pooled features before the classifier, as the papers on image-based recommendation use them.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from recommender.encoders.base import ENCODERS, unit
from recommender.encoders.torchvision_repair import import_torchvision
from recommender.errors import MissingExtraError, ModelError
from recommender.images.canvas import letterbox
from recommender.registry import Card
from recommender.settings import Settings

CARDS = {
    "resnet50.a1_in1k": Card(
        "resnet50",
        "ResNet-50, ImageNet",
        "He et al. 2016; recipe: Wightman et al. 2021",
        "Apache-2.0",
        2048,
        download=True,
    ),
    "mobilenetv3_small_100.lamb_in1k": Card(
        "mobilenetv3", "MobileNetV3 small, ImageNet", "Howard et al. 2019", "Apache-2.0", 1024, download=True
    ),
    "efficientnet_b0.ra_in1k": Card(
        "efficientnet-b0", "EfficientNet-B0, ImageNet", "Tan and Le 2019", "Apache-2.0", 1280, download=True
    ),
    "vgg16.tv_in1k": Card(
        "vgg16", "VGG-16, ImageNet", "Simonyan and Zisserman 2015", "BSD-3-Clause", 4096, download=True
    ),
    "vit_small_patch14_dinov2.lvd142m": Card(
        "dinov2-small", "DINOv2 ViT-S/14", "Oquab et al. 2024", "Apache-2.0", 384, download=True
    ),
}


class TimmEncoder:
    """Pooled features of a timm model.

    Parameters
    ----------
    model
        The model's name in timm, with its weights' tag.
    card
        What to tell of it.
    weights
        False makes an untrained network of that shape, for trying things without a network.

    Raises
    ------
    MissingExtraError
        If torch or timm is not installed.
    ModelError
        If the weights can't be had.
    """

    def __init__(self, model: str, card: Card, weights: bool = True) -> None:
        try:
            import torch

            import_torchvision()
            import timm
        except ImportError as error:
            raise MissingExtraError(f"The encoder {card.name}", (error.name or "timm").split(".")[0]) from error
        torch.set_num_threads(Settings().threads)
        self._torch: Any = torch
        self.card = card
        try:
            with torch.random.fork_rng(devices=[]):
                # Only an untrained network draws from it: the same one each time, as the fingerprint says.
                torch.manual_seed(0)
                self._model = timm.create_model(model, pretrained=weights, num_classes=0).eval()
        except Exception as error:  # hub, network and disk each raise their own
            raise ModelError(
                f"The weights of {card.title} could not be loaded ({type(error).__name__}). They are downloaded "
                "on first use: check the network, or use the house model, which needs none."
            ) from error
        data = timm.data.resolve_model_data_config(self._model)
        self.size = (int(data["input_size"][1]), int(data["input_size"][2]))
        self._mean = torch.tensor(data["mean"])[:, None, None]
        self._std = torch.tensor(data["std"])[:, None, None]
        with torch.inference_mode():
            self.dimension = int(self._model(torch.zeros(1, 3, *self.size)).shape[1])
        self.fingerprint = self._digest(model, weights)

    def _digest(self, model: str, weights: bool) -> str:
        digest = hashlib.blake2b(f"{model}|{weights}|{self.size}|letterbox-1".encode(), digest_size=16)
        # The first and last weights tell revisions of published weights apart at no cost.
        tensors = [tensor for tensor in self._model.state_dict().values() if tensor.ndim]
        for tensor in (tensors[0], tensors[-1]):
            digest.update(tensor.float().cpu().numpy().tobytes())
        return digest.hexdigest()

    def prepare(self, picture: Image.Image) -> np.ndarray:
        return letterbox(picture, self.size)

    def encode(self, canvases: np.ndarray) -> np.ndarray:
        """(n, h, w, 3) uint8 to (n, dimension) float32 of unit length."""
        torch = self._torch
        parts = [np.empty((0, self.dimension), np.float32)]
        with torch.inference_mode():
            for start in range(0, len(canvases), 16):
                pixels = torch.from_numpy(np.ascontiguousarray(canvases[start : start + 16]))
                pixels = (pixels.permute(0, 3, 1, 2).float() / 255 - self._mean) / self._std
                parts.append(self._model(pixels).numpy())
        return unit(np.concatenate(parts))


for _model, _card in CARDS.items():
    ENCODERS.register(_card, partial(TimmEncoder, _model, _card))
