"""All that decides a training run, in one frozen dataclass that is stored with the run."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class TrainConfig:
    """Hyper-parameters of the house model. Sizes are pixels as (height, width).

    ``loss_weights`` weighs each label column's cross-entropy. ``composite`` is the
    share of studio photos that are cut from their white background and put on a
    cluttered one; ``nothing`` the share of a batch that shows a background alone
    and teaches the column ``kind`` what is no product. ``restarts`` are the
    epochs at which the learning rate starts another cycle, with its peak and with
    ``composite`` from there on: a network that has learnt to look past a background
    may then look closer at the product.
    """

    size: tuple[int, int] = (96, 72)
    widths: tuple[int, ...] = (32, 64, 128, 256)
    blocks: tuple[int, ...] = (0, 1, 2, 1)
    dim: int = 256
    epochs: int = 23
    batch: int = 128
    lr: float = 2.5e-3
    restarts: tuple[tuple[int, float, float], ...] = ((15, 1.2e-3, 0.2),)
    weight_decay: float = 0.05
    warmup: float = 0.08
    smoothing: float = 0.08
    ema: float = 0.999
    composite: float = 0.35
    nothing: float = 0.05
    photo_repeats: int = 2
    dropout: float = 0.1
    head_epochs: int = 10
    head_lr: float = 1e-3
    head_smoothing: float = 0.05
    validation: float = 0.1
    seed: int = 7
    threads: int = 1
    bf16: bool = True
    loss_weights: tuple[tuple[str, float], ...] = (
        ("masterCategory", 0.5),
        ("subCategory", 0.75),
        ("articleType", 1.5),
        ("gender", 0.75),
        ("baseColour", 1.0),
        ("season", 0.5),
        ("usage", 0.5),
        ("pattern", 0.5),
        ("kind", 0.5),
        ("garment", 0.75),
    )

    def to_dict(self) -> dict[str, object]:
        """JSON-ready copy."""
        return asdict(self)
