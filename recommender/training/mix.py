"""Two pictures in one, so that a network which has seen every picture many times still meets new ones.

A picture is faded into another one (Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018, equation 1)
or gets a box of it (Yun et al., "CutMix", 2019, section 3.1); it is then to be called both, each by its share.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

LEAST = 2
"""So many pictures are needed to mix any."""


class Mixed(NamedTuple):
    """``pixels`` (n, 3, h, w); of each picture the number of its ``partner`` (n,) and its own ``share`` (n,).

    A picture that was left alone is its own partner, with the share 1.
    """

    pixels: Tensor
    partner: Tensor
    share: Tensor

    @property
    def alone(self) -> Tensor:
        """(n,) bool: which pictures were left alone."""
        return self.share == 1

    def targets(self, own: Tensor) -> Tensor:
        """(n, classes) targets of the pictures before to those of the mixed ones; 0 in a row is an unknown label."""
        return own.lerp(own[self.partner], (1 - self.share)[:, None])


def mixed(pixels: Tensor, there: Tensor, part: float, random: torch.Generator) -> Mixed:
    """About ``part`` of the pictures in which a product is ``there`` (n,) are mixed, half of them by boxes."""
    n, _, h, w = pixels.shape
    partner, share = torch.arange(n), torch.ones(n)
    if not part:  # nothing is drawn, so that a run without it stays the run it was
        return Mixed(pixels, partner, share)
    pick = torch.nonzero(there & (torch.rand(n, generator=random) < part)).flatten()
    if len(pick) < LEAST:
        return Mixed(pixels, partner, share)
    # A cycle through a random order leaves no picture with itself.
    pick = pick[torch.randperm(len(pick), generator=random)]
    partner[pick] = pick.roll(1)
    out, k = pixels.clone(), len(pick)
    fade, box = pick[: k // 2], pick[k // 2 :]
    own = torch.rand(len(fade), generator=random)
    share[fade] = own
    out[fade] = torch.lerp(pixels[partner[fade]], pixels[fade], own[:, None, None, None])
    side = torch.rand(len(box), generator=random).sqrt()[:, None]
    y, x = torch.rand(len(box), 1, generator=random) * h, torch.rand(len(box), 1, generator=random) * w
    rows, columns = (torch.arange(h) - y).abs() < side * h / 2, (torch.arange(w) - x).abs() < side * w / 2
    inside = rows[:, :, None] & columns[:, None, :]
    out[box] = torch.where(inside[:, None], pixels[partner[box]], pixels[box])
    share[box] = 1 - inside.float().mean((1, 2))
    return Mixed(out, partner, share)
