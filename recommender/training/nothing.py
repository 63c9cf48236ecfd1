"""Pictures that show no product, so that the column ``kind`` learns what else may come before the camera.

Learning from invented strangers helps against real ones (Hendrycks et al., "Deep Anomaly Detection with Outlier
Exposure", 2019). Four are invented: a bare background, a product cut into shuffled tiles, which has the
colours and edges of one but not the shape, lumps of some stuff, which have a shape that nobody sells, and what else
stands in a room, tables and chairs. Lumps mostly lie on white: on a floor that is in focus, a small thing
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
RUNGS = 3


def strangers(pixels: Tensor, back: Tensor, stuff: Tensor, random: torch.Generator) -> Tensor:
    """One stranger for each picture, (n, 3, h, w) in [0, 1].

    ``pixels``, ``back`` and ``stuff`` are (n, 3, h, w): products to shuffle, backgrounds, and what lumps are made of.
    """
    n = len(pixels)
    which = torch.rand(n, generator=random)[:, None, None, None]
    made = torch.where(which < 0.87, lumps(back, stuff, random), furnished(back, stuff, random))
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


def furnished(back: Tensor, stuff: Tensor, random: torch.Generator) -> Tensor:
    """A stool, table or chair of tinted ``stuff`` before ``back``, (n, 3, h, w).

    It stands upright and fills most of the picture: a board on four legs, and behind it, on six in ten, two posts with
    rungs. Loose bars and boards would do as well for a chair, but a wallet and a pair of glasses look like such.
    """
    n, _, h, w = back.shape

    def uniform(low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(n, generator=random))[:, None, None]

    y, x = torch.meshgrid(torch.linspace(-1, 1, h) * h / w, torch.linspace(-1, 1, w), indexing="ij")
    lean = uniform(-0.12, 0.12)
    x, y = x + lean * y, y - lean * x
    tint = 0.3 + torch.rand(n, 3, generator=random)[:, :, None, None]
    out = back

    def put(inside: Tensor) -> None:
        """Lay a piece over what is there: how far each pixel (n, h, w) is inside of it, in widths of the picture."""
        nonlocal out
        cover = (inside * w / 2 + 0.5).clamp(0, 1)[:, None]
        out = out * (1 - cover) + (stuff * tint * uniform(0.7, 1.1)[:, None]).clamp(0, 1) * cover

    def bar(left: Tensor, right: Tensor, top: Tensor, bottom: Tensor) -> None:
        put(torch.minimum(torch.minimum(x - left, right - x), torch.minimum(y - top, bottom - y)))

    # The board's front edge, and how far its back edge is shifted aside and up.
    wide, aside, up = uniform(0.35, 0.65), uniform(-0.35, 0.35), uniform(0.12, 0.4)
    left, level = uniform(-0.25, 0.25) - wide - aside / 2, uniform(-0.2, 0.5)
    right, thick, leg = left + 2 * wide, uniform(0.03, 0.09), uniform(0.4, 0.9)
    rise = torch.where(uniform(0, 1) < 0.6, uniform(0.5, 1.0), torch.zeros(n, 1, 1))
    for at in (left + aside, right + aside - thick):
        bar(at, at + thick, level - up, level - up + leg)
    share = (level - y) / up  # 0 at the front edge, 1 at the back edge
    put(
        torch.minimum(
            torch.minimum(x - left - share * aside, right + share * aside - x), torch.minimum(share, 1 - share) * up
        )
    )
    for at in (left, right - thick):
        bar(at, at + thick, level, level + leg)
    bar(left, right, level, level + thick)
    for at in (left + aside, right + aside - thick):
        bar(at, at + thick, level - up - rise, level - up)
    for _ in range(RUNGS):
        top = level - up - rise * uniform(0.1, 1.0)
        bar(left + aside, right + aside, top, torch.minimum(top + uniform(0.05, 0.3) * rise, level - up))
    return out
