"""All that decides a training run, in one frozen dataclass that is stored with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recommender.settings import SHIPPED_MODEL
from recommender.training.groups import TIES

MOST_SEED = 2**32 - 1
"""The largest seed that all generators in use take."""
SHIPPED = "shipped"
"""What ``start_from`` calls the weights that come with the project."""


@dataclass(frozen=True)
class TrainConfig:
    """Hyper-parameters of the house model. Sizes are pixels as (height, width).

    ``beside`` are the widths and blocks of further towers that look at the picture too
    (:mod:`recommender.training.join`); ``aspects`` the numbers of classes of labels that the vector holds too
    (:mod:`recommender.training.aspects`). Finished and ``mirrored``, a tower alone sees a
    picture's mirror image too, and several of them do where it is on white.
    ``labels`` names the columns of a catalogue that are learnt, () those that make sense;
    ``loss_weights`` weighs each column's cross-entropy, 1 for those that it leaves out. ``composite`` is the
    share of studio photos that are cut from their white background and put on a
    cluttered one; ``clean`` the share of the others that stay as they are but for a flip
    and a small shift; ``nothing`` the share of a batch that shows no product
    and teaches the column ``kind`` so; ``mixing`` the share of the others that are made of two
    pictures (:mod:`recommender.training.mix`). ``restarts`` are the
    epochs at which the learning rate starts another cycle, with its peak and with
    ``composite`` from there on: a network that has learnt to look past a background
    may then look closer at the product. ``sizes`` are epochs from which another picture
    size is trained on: small pictures first cost half (Touvron et al., "Fixing the
    train-test resolution discrepancy", 2019). ``start_from`` is the safetensors file of an
    earlier model whose weights are taken up, its folder, or "shipped"; "" trains from scratch. ``teaching`` is
    the share that this earlier model's opinion of a picture has beside its labels
    (:mod:`recommender.training.teacher`), and ``matching`` weighs the squared distance of a product's vector to the
    one that this model has of it on white. Where ``teacher`` names another finished model both are that one's, of the
    very pictures that are trained on (:mod:`recommender.training.matching`). ``keep_start`` is the share that the
    starting weights have in the finished ones (:mod:`recommender.training.blend`). ``validation`` is the share of the
    products that is held back, and ``ties`` says which of them stay together (:mod:`recommender.training.groups`).
    ``bf16`` computes in bfloat16 where the processor does so natively. The ``text_`` numbers belong to the text tower
    (:mod:`recommender.training.words`), the ``near_`` ones to the loss on neighbours
    (:mod:`recommender.training.near`).
    """

    size: tuple[int, int] = (80, 60)
    widths: tuple[int, ...] = (48, 96, 192, 256)
    blocks: tuple[int, ...] = (1, 1, 2, 1)
    beside: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    aspects: tuple[int, ...] = ()
    mirrored: bool = False
    dim: int = 256
    epochs: int = 40
    batch: int = 128
    lr: float = 2.0e-3
    restarts: tuple[tuple[int, float, float], ...] = ()
    sizes: tuple[tuple[int, tuple[int, int]], ...] = ((0, (64, 48)), (19, (80, 60)))
    start_from: str = ""
    teaching: float = 0.0
    teacher: str = ""
    matching: float = 0.0
    keep_start: float = 0.0
    labels: tuple[str, ...] = ()
    weight_decay: float = 0.05
    warmup: float = 0.08
    smoothing: float = 0.06
    ema: float = 0.999
    composite: float = 0.24
    clean: float = 0.7
    nothing: float = 0.06
    mixing: float = 0.0
    photo_repeats: int = 2
    dropout: float = 0.0
    head_epochs: int = 10
    head_lr: float = 1e-3
    head_smoothing: float = 0.05
    validation: float = 0.1
    ties: str = TIES[0]
    seed: int = 7
    threads: int = 1
    bf16: bool = True
    text_width: int = 128
    text_hidden: int = 256
    near_weight: float = 0.5
    near_memory: int = 4096
    text_weight: float = 0.4
    text_memory: int = 2048
    text_phrases: float = 0.25
    text_drop: float = 0.15
    loss_weights: tuple[tuple[str, float], ...] = (
        ("masterCategory", 0.5),
        ("subCategory", 0.75),
        ("articleType", 1.5),
        ("gender", 1.0),
        ("baseColour", 1.0),
        ("season", 0.75),
        ("usage", 0.5),
        ("pattern", 0.5),
        ("kind", 0.5),
        ("garment", 1.0),
    )

    def to_dict(self) -> dict[str, object]:
        """JSON-ready copy."""
        return asdict(self)


def weights_at(start: str | Path) -> Path:
    """The file that ``start_from`` names: itself, or the one in a folder or in the project."""
    path = SHIPPED_MODEL if start == SHIPPED else Path(start)
    return path / "house.safetensors" if path.is_dir() else path


def held_back(about: Mapping[str, Any], catalogue: str = "") -> tuple[float, str]:
    """Of a catalogue, the share of the products that a stored model never learnt, and their ``ties``.

    ``about`` is what the model's file says of it; ``catalogue`` a name, "" for the training tables. One that was
    trained on a catalogue says nothing about these tables, since its configuration is about that catalogue: it has
    the defaults, as the shipped model does.
    """
    config = about.get("config", {}) if about.get("catalogue", "") == catalogue else {}
    return config.get("validation", TrainConfig.validation), config.get("ties", TrainConfig.ties)


def for_catalogue(from_scratch: bool = False) -> TrainConfig:
    """What a user's own catalogue is trained with: some hundred to some ten thousand products.

    Taken-up weights are changed gently and for fewer epochs; a new network needs more of both.
    """
    if from_scratch:
        return TrainConfig(epochs=40, batch=64, sizes=(), validation=0.15)
    return TrainConfig(epochs=12, batch=64, lr=5e-4, sizes=(), validation=0.15, start_from=SHIPPED)
