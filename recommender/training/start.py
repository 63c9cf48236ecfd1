"""Take up the weights of an earlier model, so that training goes on from what it knows.

The files hold convolutions with batch norm folded in. Here the norms are opened again: each
gets the statistics of its own convolution on training pictures and a scale that undoes
them, so that the network computes what it did and can learn again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recommender.errors import ModelError
from recommender.settings import SHIPPED_MODEL
from recommender.training.augment import Augment
from recommender.training.config import SHIPPED
from recommender.training.data import Pool
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, HouseNet, Residual, TextNet

SAMPLE = 512


def take_up(network: HouseNet, start: str | Path, pool: Pool, augment: Augment, masks: np.ndarray) -> set[str]:
    """Load an earlier model into ``network``, in place; returns the columns whose classes it all knows.

    Heads take up the classes that they know by name; the others start anew. So does the text tower,
    unless ``house-words.safetensors`` of the same training lies beside the model.

    Parameters
    ----------
    start
        ``house.safetensors``, its folder, or "shipped".

    Raises
    ------
    ModelError
        If the file is missing, or is of another shape of network.
    """
    path = SHIPPED_MODEL if start == SHIPPED else Path(start)
    path = path / "house.safetensors" if path.is_dir() else path
    about, stored = _read(path, "house")
    config = network.config
    shape = (tuple(about["widths"]), tuple(about["blocks"]), len(stored["project.bias"]))
    if shape != (tuple(config.widths), tuple(config.blocks), config.dim):
        raise ModelError(f"Training can't start from {path}: its network has another shape than the configuration.")
    rows = np.flatnonzero(~pool.validation)
    rows = np.random.default_rng(config.seed).choice(rows, min(SAMPLE, len(rows)), replace=False)
    network.train()
    with torch.no_grad():
        x = (augment(pool.small[rows], masks[rows], pool.photo[rows])[0] - PIXEL_MEAN) / PIXEL_STD
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
        network.project.weight.copy_(stored["project.weight"])
        network.project.bias.copy_(stored["project.bias"])
        network.scale.copy_(stored["scale"])
        known = set()
        for column in network.columns:
            earlier = {name: row for row, name in enumerate(about["classes"].get(column, []))}
            both = [(row, earlier[name]) for row, name in enumerate(pool.classes[column]) if name in earlier]
            for row, before in both:
                network.head(column).weight[row] = stored[f"heads.{column}.weight"][before]
                network.head(column).bias[row] = stored[f"heads.{column}.bias"][before]
            if len(both) == len(pool.classes[column]):
                known.add(column)
        _take_up_words(network.text, path.with_name("house-words.safetensors"), about.get("encoder"))
    return known


def _read(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What a safetensors file says of itself under ``kind``, and its arrays, bytes with their steps as one."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})[kind])
            arrays = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  (not a dict)
            steps = {name: arrays.pop(name) for name in list(arrays) if name.endswith(".step")}
            for name, step in steps.items():
                arrays[f"{name.removesuffix('.step')}.weight"] *= step
            return about, arrays
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"Training can't start from {path}: it is missing or no house model.") from error


def _take_up_words(text: TextNet, path: Path, encoder: str | None) -> None:
    """The text tower of the same training, where there is one of the same shape."""
    if not path.is_file():
        return
    about, stored = _read(path, "words")
    table = stored["table"] * stored["step"][:, None]
    same = table.shape == text.table.weight.shape and stored["out.weight"].shape == text.out.weight.shape
    if about.get("encoder") != encoder or not same:
        return
    text.table.weight.copy_(table)
    for name, layer in (("hidden", text.hidden), ("out", text.out)):
        layer.weight.copy_(stored[f"{name}.weight"])
        layer.bias.copy_(stored[f"{name}.bias"])


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
