"""Take up the weights of an earlier model, so that training goes on from what it knows.

The files hold convolutions with batch norm folded in. Here the norms are opened again: each
gets the statistics of its own convolution on training pictures and a scale that undoes
them, so that the network computes what it did, but for whole numbers between its layers, and can learn again.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from recommender.encoders.house import digest_of
from recommender.errors import ModelError
from recommender.training.augment import Augment
from recommender.training.config import TrainConfig, held_back, weights_at
from recommender.training.data import Pool
from recommender.training.learnt import learnt_by
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, HouseNet, Residual, TextNet, Tower

SAMPLE = 512
SHAPE = ("widths", "blocks", "beside", "aspects", "mirrored", "dim")
WORDS = ("text_width", "text_hidden")


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
        If the file is missing, is of another shape of network, or has learnt what ``pool`` holds back.
    """
    path = weights_at(start)
    about, stored = _read(path)
    config = network.config
    _check_shape(path, shape_in(about, stored), config)
    _check_version(path, about, stored)
    _check_held_back(path, about, pool, config)
    rows = np.flatnonzero(~pool.validation)
    rows = np.random.default_rng(config.seed).choice(rows, min(SAMPLE, len(rows)), replace=False)
    network.train()
    with torch.no_grad():
        pixels = (augment(pool.small[rows], masks[rows], pool.photo[rows])[0] - PIXEL_MEAN) / PIXEL_STD
        for name, tower in network.towers():
            _open_tower(tower, stored, name, pixels)
        if network.beside:
            network.join.weight.copy_(stored["join.weight"])
            for i, foretell in enumerate(network.foretell):
                cast(nn.Linear, foretell).weight.copy_(stored[f"foretell.{i}.weight"])
        if network.config.aspects:
            network.aspects.weight.copy_(stored["aspects.weight"])
            network.aspects.bias.copy_(stored["aspects.bias"])
            network.waves.weight.copy_(stored["waves.weight"])
            network.waves.bias.copy_(stored["waves.bias"])
            network.blend.weight.copy_(stored["blend.weight"])
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


def check_start(start: str | Path, config: TrainConfig | None = None) -> None:
    """Raise ModelError if a stored model can't be taken up by a run of ``config``, as far as its files tell.

    Without ``config`` it may be of any shape.
    """
    path = weights_at(start)
    about, stored = _read(path)
    if config:
        _check_shape(path, shape_in(about, stored), config)
    _check_version(path, about, stored)


def _check_shape(path: Path, stored: dict[str, Any], config: TrainConfig) -> None:
    """Raise ModelError if training a network as ``config`` has it can't begin with a ``stored`` shape."""
    wanted = shape_of(config)
    if not _fits(stored, wanted):
        other = [name for name in SHAPE if not _fits(wanted | {name: stored[name]}, wanted)]
        raise ModelError(
            f"Training can't start from {path}: its network has another shape than the configuration, in "
            f"{' and '.join(other)}. Leave that out of the configuration, or train from scratch."
        )


def _check_version(path: Path, about: dict[str, Any], stored: dict[str, Tensor]) -> None:
    """Raise ModelError if an earlier version made the stored model in a way that can't be taken up any more."""
    if about.get("aspects") and "waves.weight" not in stored:
        raise ModelError(
            f"{path} can't be used: an earlier version put labels into its vectors, or into those that it began from. "
            "It still searches; train anew from the shipped model, or join its networks again."
        )


def _check_held_back(path: Path, about: dict[str, Any], pool: Pool, config: TrainConfig) -> None:
    """Raise ModelError if a stored model has learnt what ``pool`` holds back; of an older one its split says so."""
    if len(told := learnt_by([path])):
        # A pool that was made by hand has no digests.
        many = int(np.isin(pool.digests[pool.validation], told).sum()) if len(pool.digests) else 0
        if many:
            raise ModelError(
                f"{path} can't be used: it has learnt {many:,} of the {int(pool.validation.sum()):,} products that are "
                "held back now."
            )
        return
    share, ties = held_back(about, pool.name)
    learnt = not pool.name or about.get("catalogue") == pool.name
    if learnt and (ties != config.ties or share < config.validation):
        how = "with less held back" if ties == config.ties else f"with other ties than {config.ties!r}"
        what = f"of a catalogue called {pool.name!r}" if pool.name else "of these tables"
        raise ModelError(
            f"{path} can't be used: it was trained {how} {what}, so that it knows products that are held back now."
        )


def loaded(start: str | Path, pool: Pool, config: TrainConfig) -> tuple[HouseNet, set[str]]:
    """The network of a finished model, of whatever shape, and the columns of ``pool`` whose classes it all knows.

    Raises
    ------
    ModelError
        If there is none.
    """
    config = dataclasses.replace(config, **shape_at(start))
    network = HouseNet(config, {column: len(names) for column, names in pool.classes.items()})
    plain = Augment(np.zeros((1, *config.size, 3), np.uint8), 0.0, 0.0, config.seed, 1.0)
    known = take_up(network, start, pool, plain, np.zeros(pool.small.shape[:3], np.uint8))
    return network.eval(), known


def _fits(stored: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a network begins as a stored one: its stages may have more blocks, which do nothing at first."""
    more = [has >= had for has, had in zip(wanted["blocks"], stored["blocks"], strict=False)]
    free = {"blocks": (), "mirrored": False}
    return all(more) and stored | free == wanted | free


def shape_of(config: TrainConfig) -> dict[str, Any]:
    """The settings that say what shape a network has."""
    return {name: getattr(config, name) for name in SHAPE}


def shape_in(about: dict[str, Any], stored: dict[str, Tensor]) -> dict[str, Any]:
    """The same, of a stored model."""
    beside = tuple((tuple(widths), tuple(blocks)) for widths, blocks in about.get("beside", ()))
    own = {"widths": tuple(about["widths"]), "blocks": tuple(about["blocks"]), "beside": beside}
    own |= {"aspects": tuple(about.get("aspects", ())), "mirrored": about.get("mirrored", False)}
    return {**own, "dim": len(stored["project.bias"])}


def shape_at(start: str | Path) -> dict[str, Any]:
    """The shape of the model that training would start from; raises ModelError where there is none."""
    return shape_in(*_read(weights_at(start)))


def words_in(config: TrainConfig) -> dict[str, Any]:
    """The settings that say what shape a text tower has."""
    return {name: getattr(config, name) for name in WORDS}


def words_at(start: str | Path) -> dict[str, Any]:
    """The same, of a stored model, as far as it tells; raises ModelError where there is none."""
    stored = about_at(start).get("config", {})
    return {name: stored[name] for name in WORDS if name in stored}


def about_at(start: str | Path) -> dict[str, Any]:
    """What a stored model says of itself; raises ModelError where there is none."""
    return _stored(weights_at(start), "house")[0]


def check_size(start: str | Path, config: TrainConfig) -> None:
    """Raise ModelError if a stored model learnt pictures of another size: it would run, and see less than it can."""
    size = tuple(about_at(start).get("size", config.size))
    if size != config.size:
        learnt, asked = ("×".join(map(str, one)) for one in (size, config.size))
        raise ModelError(f"{start} can't be used here: it learnt pictures of {learnt} pixels, not of {asked}.")


def digest_at(start: str | Path) -> str:
    """What tells a stored model from one that is put in its place: its heads, and by what they say the encoder too."""
    try:
        return digest_of(weights_at(start).read_bytes())
    except OSError as error:
        raise ModelError(f"{start} can't be used: it is missing or no house model.") from error


def has_words(start: str | Path) -> bool:
    """Whether a text tower of the same training lies beside a stored model."""
    path = weights_at(start).with_name("house-words.safetensors")
    return path.is_file() and _stored(path, "words")[0].get("encoder") == about_at(start).get("encoder")


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What a house model says of itself, and its arrays: the heads, and the encoder's out of the ONNX file beside."""
    import onnx

    about, heads = _stored(path, "house")
    if "project.bias" in heads:  # a model of before the encoder was stored once
        return about, heads
    try:
        data = path.with_name("house.onnx").read_bytes()
        graph = onnx.load_model_from_string(data).graph  # what lies in files of its own is not fetched
        branches = [attribute.g for node in graph.node if node.op_type == "If" for attribute in node.attribute]
        initialisers = [part for each in (graph, *branches) for part in each.initializer]
    except Exception as error:  # protobuf raises types of its own
        raise ModelError(f"{path} can't be used: house.onnx beside it is missing or damaged.") from error
    if about.get("encoder", digest_of(data)) != digest_of(data):
        raise ModelError(f"{path} and house.onnx beside it are of different trainings. Get both from the same one.")
    encoder = {part.name: torch.tensor(onnx.numpy_helper.to_array(part)) for part in initialisers}
    return about, {**_whole(encoder), **heads}


def _stored(path: Path, kind: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """What a safetensors file says of itself under ``kind``, and its arrays."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})[kind])
            return about, _whole({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118  (not a dict)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"{path} can't be used: it is missing or no house model.") from error


def _whole(arrays: dict[str, Tensor]) -> dict[str, Tensor]:
    """In single precision, whole numbers with their steps as one."""
    whole = {name: array.float() for name, array in arrays.items()}
    for layer in [name.removesuffix(".step") for name in whole if name.endswith(".step")]:
        step = whole.pop(f"{layer}.step")
        if f"{layer}.sees" in whole:  # else a network that an earlier version made
            whole[f"{layer}.bias"] *= whole[f"{layer}.sees"] * step
        whole[f"{layer}.weight"] *= step.view(-1, 1, 1, 1)
    return whole


def _take_up_words(text: TextNet, path: Path, encoder: str | None) -> None:
    """The text tower of the same training, where there is one of the same shape."""
    if not path.is_file():
        return
    about, stored = _stored(path, "words")
    table = stored["table"] * stored["step"][:, None]
    same = table.shape == text.table.weight.shape and stored["out.weight"].shape == text.out.weight.shape
    if about.get("encoder") != encoder or not same:
        return
    text.table.weight.copy_(table)
    for name, layer in (("hidden", text.hidden), ("out", text.out)):
        layer.weight.copy_(stored[f"{name}.weight"])
        layer.bias.copy_(stored[f"{name}.bias"])


def _open_tower(tower: Tower, stored: dict[str, Tensor], named: str, x: Tensor) -> None:
    """A tower whose arrays' names begin with ``named``; ``x`` are standardised pixels that its norms are opened on."""
    for s, stage in enumerate(cast(nn.Sequential, tower.stages)):
        assert isinstance(stage, nn.Sequential)
        for i, layer in enumerate(stage):
            name = f"{named}stages.{s}.{i}"
            if isinstance(layer, ConvNorm):
                _open(layer, stored, name, x)
            elif isinstance(layer, Residual) and f"{name}.first.weight" in stored:
                _open(layer.first, stored, f"{name}.first", x)
                _open(layer.second, stored, f"{name}.second", torch.relu(layer.first(x)))
            x = layer(x)
    tower.project.weight.copy_(stored[f"{named}project.weight"])
    tower.project.bias.copy_(stored[f"{named}project.bias"])


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
