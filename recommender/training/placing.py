"""How a cut-out product comes to lie on a background: without its bright rim, with a shadow, and not always alone,
in a photo that is not always as tall as the canvas.

Pictures composed so teach what an object looks like anywhere, if the seam does not give it away (Dwibedi, Misra and
Hebert, "Cut, Paste and Learn: Surprisingly Easy Synthesis for Instance Detection", 2017).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

COMPANY = 0.45
"""Share of backgrounds on which something else lies too, and of these on which there is a third thing."""
FRAMED = 0.4
"""Share of backgrounds in a photo of another form than the canvas."""
DARKEST = 0.7
"""The most light that a shadow takes."""


def _uniform(n: int, low: float, high: float, random: torch.Generator) -> Tensor:
    return torch.rand(n, generator=random) * (high - low) + low


def slimmed(mask: Tensor, random: torch.Generator) -> Tensor:
    """Half of the masks (n, 1, h, w) without their rim, which would be bright; thin things keep theirs."""
    slim = 1 - F.max_pool2d(1 - mask, 3, 1, 1)
    left = slim.flatten(1).sum(1) > 0.75 * mask.flatten(1).sum(1)
    chosen = left & (_uniform(len(mask), 0, 1, random) < 0.5)
    return torch.where(chosen[:, None, None, None], slim, mask)


def accompanied(back: Tensor, products: Tensor, shares: Tensor, random: torch.Generator) -> Tensor:
    """Backgrounds (n, 3, h, w), on some of which one or two others of the products (n, 4, h, w) lie, smaller and aside.

    The fourth channel is how much of a pixel is product. They lie in the part of height and width that a photo fills,
    ``shares`` (n, 2) as :func:`frames` gives them.
    """
    out = back.clone()
    some = torch.arange(len(back))
    for other in (1, 2):
        some = some[_uniform(len(some), 0, 1, random) < COMPANY]
        if len(some):
            out[some] = _beside(out[some], products.roll(other, 0)[some], shares[some], random)
    return out


def _beside(back: Tensor, products: Tensor, shares: Tensor, random: torch.Generator) -> Tensor:
    m = len(back)
    scale = _uniform(m, 1.3, 2.4, random)
    aside = torch.where(_uniform(m, 0, 1, random) < 0.5, -1.0, 1.0) * _uniform(m, 0.55, 1.0, random)
    middle = torch.stack([aside, _uniform(m, -0.9, 0.9, random)], 1)
    middle = torch.where(_uniform(m, 0, 1, random)[:, None] < 0.6, middle, middle.flip(1)) * shares.flip(1)
    turn = torch.diag_embed(scale[:, None].expand(m, 2))
    place = torch.cat([turn, -(scale[:, None] * middle)[..., None]], 2)
    grid = F.affine_grid(place, [m, 4, *back.shape[2:]], align_corners=False)
    other = torch.cat([products[:, :3] * products[:, 3:], products[:, 3:]], 1)
    other = F.grid_sample(other, grid, align_corners=False)
    return other[:, :3] + back * (1 - other[:, 3:])


def shaded(back: Tensor, alpha: Tensor, random: torch.Generator) -> Tensor:
    """Backgrounds (n, 3, h, w) with the soft shadow of what stands on them, which covers ``alpha`` (n, 1, h, w)."""
    reach = int(torch.randint(1, 6, (1,), generator=random))
    soft = alpha
    for _ in range(2):
        soft = F.avg_pool2d(soft, 2 * reach + 1, 1, reach)
    across, down = (int(torch.randint(low, 5, (1,), generator=random)) for low in (-4, 0))
    dark = _uniform(len(back), 0, DARKEST, random)[:, None, None, None]
    return back * (1 - dark * soft.roll((down, across), (2, 3)))


def frames(n: int, random: torch.Generator) -> Tensor:
    """(n, 2) shares of the canvas' height and width that a photo fills: some are wide, some narrow, most fill both.

    The letterbox puts white beside the others (:mod:`recommender.images.canvas`).
    """
    shares = torch.ones(n, 2)
    wide, narrow = _uniform(n, 0.42, 0.8, random), _uniform(n, 0.6, 0.95, random)
    which = _uniform(n, 0, 1, random)
    shares[:, 0] = torch.where(which < 0.75 * FRAMED, wide, 1.0)
    shares[:, 1] = torch.where((which >= 0.75 * FRAMED) & (which < FRAMED), narrow, 1.0)
    return shares


def framed(pixels: Tensor, shares: Tensor) -> Tensor:
    """(n, 3, h, w) with white beside the middle that ``shares`` (n, 2) of height and width fill."""
    h, w = pixels.shape[2:]
    down, across = ((torch.arange(size) + 0.5) / size * 2 - 1 for size in (h, w))
    inside = (down.abs() < shares[:, :1])[:, :, None] & (across.abs() < shares[:, 1:])[:, None]
    return torch.where(inside[:, None], pixels, 1.0)
