"""Take up the weights of an earlier model, so that training goes on from what it knows.

The files hold convolutions with batch norm folded in. Here the norms are opened again: each
gets the statistics of its own convolution on training pictures and a scale that undoes
them, so that the network computes what it did and can learn again.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recommender.errors import ModelError
from recommender.training.augment import Augment
from recommender.training.data import Pool
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, HouseNet, Residual

SAMPLE = 512


def take_up(network: HouseNet, path: Path, pool: Pool, augment: Augment, masks: np.ndarray) -> None:
    """Load ``path`` (``house.safetensors``) into ``network``, in place.

    A head is taken up where its classes are the same; other heads, and the text tower, start anew.

    Raises
    ------
    ModelError
        If the file is missing, or is of another shape of network.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["house"])
            stored = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  (not a dict)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"Training can't start from {path}: it is missing or no house model.") from error
    config = network.config
    if tuple(about["widths"]) != tuple(config.widths) or tuple(about["blocks"]) != tuple(config.blocks):
        raise ModelError(f"Training can't start from {path}: its network has another shape than the configuration.")
    rows = np.flatnonzero(~pool.validation)
    rows = np.random.default_rng(config.seed).choice(rows, min(SAMPLE, len(rows)), replace=False)
    network.train()
    with torch.no_grad():
        x = (augment(pool.small[rows], masks[rows])[0] - PIXEL_MEAN) / PIXEL_STD
        for s, stage in enumerate(network.stages):
            assert isinstance(stage, nn.Sequential)
            for i, layer in enumerate(stage):
                name = f"stages.{s}.{i}"
                if isinstance(layer, ConvNorm):
                    _open(layer, stored, name, x)
                elif isinstance(layer, Residual):
                    _open(layer.first, stored, f"{name}.first", x)
                    _open(layer.second, stored, f"{name}.second", torch.relu(layer.first(x)))
                x = layer(x)
        for part, module in {"project": network.project, **{f"heads.{c}": h for c, h in network.heads.items()}}.items():
            column = part.removeprefix("heads.")
            if part != "project" and about["classes"].get(column) != pool.classes[column]:
                continue
            assert isinstance(module, nn.Linear)
            module.weight.copy_(stored[f"{part}.weight"])
            module.bias.copy_(stored[f"{part}.bias"])
        network.scale.copy_(stored["scale"])


def _open(layer: ConvNorm, stored: dict[str, Tensor], name: str, x: Tensor) -> None:
    """Folded weights into a convolution and a batch norm that compute the same on ``x``."""
    layer.conv.weight.copy_(stored[f"{name}.weight"])
    norm = layer.norm
    assert norm.running_mean is not None
    assert norm.running_var is not None
    y = layer.conv(x)
    mean, variance = y.mean((0, 2, 3)), y.var((0, 2, 3), unbiased=False)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(stored[f"{name}.bias"] + mean)
