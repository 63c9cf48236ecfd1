"""Pictures that show no product, so that the column ``kind`` learns what else may come before the camera.

Learning from invented strangers helps against real ones (Hendrycks et al., "Deep Anomaly Detection with Outlier
Exposure", 2019). Four are invented: a bare background, a product cut into shuffled tiles, which has the
colours and edges of one but not the shape, lumps of some stuff, which have a shape that nobody sells, and bars and
boards that are put together, as furniture is. Lumps mostly lie on white: on a floor that is in focus, a small thing
at some distance may be a wallet.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

TILES = (4, 3)
WAVES = 6
BLUR = 8
"""How far around itself, in pixels, a background mixes under lumps."""
BARS, BOARDS = 5, 2


def strangers(pixels: Tensor, back: Tensor, stuff: Tensor, random: torch.Generator) -> Tensor:
    """One stranger for each picture, (n, 3, h, w) in [0, 1].

    ``pixels``, ``back`` and ``stuff`` are (n, 3, h, w): products to shuffle, backgrounds, and what lumps are made of.
    """
    n = len(pixels)
    which = torch.rand(n, generator=random)[:, None, None, None]
    made = torch.where(which < 0.87, lumps(back, stuff, random), built(back, stuff, random))
    return torch.where(which < 0.36, back, torch.where(which < 0.6, shuffled(pixels, random), made))


def shuffled(pixels: Tensor, random: torch.Generator) -> Tensor:
    """(n, 3, h, w) with its tiles in a random order, the same for all."""
    n, c, h, w = pixels.shape
    rows, columns = TILES
    tall, wide = h // rows, w // columns
    tiles = pixels[:, :, : tall * rows, : wide * columns].reshape(n, c, rows, tall, columns, wide)
    tiles = tiles.permute(0, 2, 4, 1, 3, 5).reshape(n, rows * columns, c, tall, wide)
    tiles = tiles[:, torch.randperm(rows * columns, generator=random)]
    tiles = tiles.reshape(n, rows, columns, c, tall, wide).permute(0, 3, 1, 4, 2, 5)
    return F.interpolate(tiles.reshape(n, c, tall * rows, wide * columns), (h, w), mode="nearest")


def lumps(back: Tensor, stuff: Tensor, random: torch.Generator) -> Tensor:
    """Two star-shaped lumps of tinted ``stuff`` on white or on ``back`` out of focus, (n, 3, h, w)."""

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=random)

    n, _, h, w = back.shape
    white = uniform(n)[:, None, None, None] < 0.85
    soft = F.avg_pool2d(back, 2 * BLUR + 1, 1, BLUR, count_include_pad=False)
    out = torch.where(white, torch.ones_like(back), soft)
    y, x = torch.meshgrid(torch.linspace(-1, 1, h) * h / w, torch.linspace(-1, 1, w), indexing="ij")
    order = torch.arange(1, WAVES + 1)
    for size in (0.65, 0.4):
        middle = (uniform(n, 2) - 0.5) * (1.2 - size)
        u, v = x[None] - middle[:, :1, None], y[None] - middle[:, 1:, None]
        angle = torch.atan2(v, u)
        height = (uniform(n, WAVES) - 0.5) * 0.8 / order**0.5
        phase = uniform(n, WAVES) * 2 * torch.pi
        waves = torch.cos(angle[:, None] * order[None, :, None, None] + phase[:, :, None, None])
        radius = size * (0.6 + 0.6 * uniform(n))[:, None, None] * (1 + (height[:, :, None, None] * waves).sum(1))
        inside = ((radius - torch.hypot(u, v)) * w / 4).clamp(0, 1)[:, None]
        # Lit from above, as things are.
        shade = 1 - 0.25 * v[:, None] / (h / w)
        tint = 0.3 + uniform(n, 3)[:, :, None, None]
        out = out * (1 - inside) + (stuff * tint * shade).clamp(0, 1) * inside
        stuff = stuff.flip(0)
    return out


def built(back: Tensor, stuff: Tensor, random: torch.Generator) -> Tensor:
    """Bars and boards of tinted ``stuff``, most of them upright or level, before ``back``, (n, 3, h, w)."""

    def uniform(low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(n, generator=random))[:, None, None]

    n, _, h, w = back.shape
    y, x = torch.meshgrid(torch.linspace(-1, 1, h) * h / w, torch.linspace(-1, 1, w), indexing="ij")
    tint = 0.3 + torch.rand(n, 3, generator=random)[:, :, None, None]
    out = back
    for part in range(BARS + BOARDS):
        u, v = x - uniform(-0.6, 0.6), y - uniform(-0.7, 0.7)
        turn = torch.randint(2, (n,), generator=random)[:, None, None] * torch.pi / 2 + uniform(-0.2, 0.2)
        along, across = u * torch.cos(turn) + v * torch.sin(turn), v * torch.cos(turn) - u * torch.sin(turn)
        thick = uniform(0.03, 0.09) if part < BARS else uniform(0.12, 0.3)
        rim = torch.minimum(uniform(0.25, 0.8) - along.abs(), thick - across.abs())
        inside = (rim * w / 2 + 0.5).clamp(0, 1)[:, None]
        shade = uniform(0.7, 1.1)[:, None]
        out = out * (1 - inside) + (stuff * tint * shade).clamp(0, 1) * inside
    return out
