"""How surely a picture stands on a plain white background, as a shop's photos do and a snapshot does not."""

from __future__ import annotations

import torch
from torch import Tensor

# Of 255, in the darkest channel: from where a pixel of the rim begins to be white, and from where it is.
WHITE = (215.0, 235.0)
# Share of a side that is white: from where the picture may stand on white, and from where it does.
SIDE = (0.6, 0.9)
# So many sides have to be white. A product may touch one, and the canvas of a snapshot has white bars on two.
SIDES = 3


def on_white(pixels: Tensor) -> Tensor:
    """Pixels (n, 3, h, w) in [0, 1] to (n, 1) in [0, 1]: 1 is on white, 0 is not."""
    white = ramp(255 * pixels.amin(1), WHITE)
    sides = (white[:, 0], white[:, -1], white[:, :, 0], white[:, :, -1])
    shares = torch.stack([side.mean(1) for side in sides], 1)
    return ramp(shares.topk(SIDES, dim=1).values[:, -1:], SIDE)


def ramp(x: Tensor, ends: tuple[float, float]) -> Tensor:
    """0 up to the first end, 1 from the second one on, straight between."""
    low, high = ends
    return ((x - low) / (high - low)).clamp(0, 1)
