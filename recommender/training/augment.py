"""Training pictures as a visitor might bring them: moved, turned, relit, blurred, and off their white background."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch import Tensor
from torch.nn import functional as F

from recommender.training.nothing import strangers
from recommender.training.placing import accompanied, framed, frames, shaded, slimmed

ASIDE = 0.2
"""Share of products on a background that are small and off the middle, as in a photo of several things."""


def foreground(picture: np.ndarray, white: int = 238) -> np.ndarray | None:
    """(h, w) uint8 mask, 255 on the product; None where the background is not a plain white one.

    Background is what is near white and joined to the border, so white parts inside
    a product stay with it.
    """
    bright = picture.min(2) >= white
    border = np.zeros_like(bright)
    border[0], border[-1], border[:, 0], border[:, -1] = True, True, True, True
    parts, _ = ndimage.label(bright)
    outside = np.isin(parts, np.setdiff1d(np.unique(parts[border]), [0]))
    share = 1 - outside.mean()
    if not 0.08 < share < 0.8 or outside[border].mean() < 0.6:
        return None
    # One pixel of rim holds a mix with white: it would betray the cut.
    inside = ndimage.binary_erosion(~outside)
    return (inside * 255).astype(np.uint8)


def foregrounds(pictures: np.ndarray) -> np.ndarray:
    """(n, h, w) uint8 masks; all 0 where a product can't be cut out."""
    masks = np.zeros(pictures.shape[:3], np.uint8)
    for i, picture in enumerate(pictures):
        mask = foreground(picture)
        if mask is not None:
            masks[i] = mask
    return masks


def margins(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Backgrounds from the margins of phone photos, (2n, h, w, 3) uint8.

    A quarter of the width or a fifth of the height at the rim rarely holds the
    garment itself; blown up it is a floor, a bed, a wall.
    """
    _, h, w, _ = pictures.shape
    out = []
    for picture in pictures:
        strips = (picture[:, : w // 4], picture[:, -w // 4 :], picture[: h // 5], picture[-h // 5 :])
        for pick in rng.choice(4, 2, replace=False):
            strip = strips[pick]
            if strip.min() > 235:  # the white bars of a letterboxed photo
                strip = strips[(pick + 2) % 4]
            out.append(np.asarray(Image.fromarray(strip).resize((w, h), Image.Resampling.BILINEAR)))
    return np.stack(out)


class Augment:
    """Turns uint8 canvases into float batches, each picture changed in its own way.

    Parameters
    ----------
    backgrounds
        (m, h, w, 3) uint8.
    composite
        Share of cut-out products put on a background.
    nothing
        Share of pictures replaced by one that shows no product (:mod:`recommender.training.nothing`).
    clean
        Share of the others that are only flipped and shifted a little, since most pictures that
        are searched and labelled are plain product photos. Phone photos never stay so: there are too
        few of them to be learnt by heart.
    """

    def __init__(
        self, backgrounds: np.ndarray, composite: float, nothing: float, seed: int, clean: float = 0.0
    ) -> None:
        self.backgrounds = torch.from_numpy(backgrounds)
        self.composite, self.nothing, self.clean = composite, nothing, clean
        self.random = torch.Generator().manual_seed(seed)

    def uniform(self, n: int, low: float, high: float) -> Tensor:
        return torch.rand(n, generator=self.random) * (high - low) + low

    def __call__(
        self, pictures: np.ndarray, masks: np.ndarray, photos: np.ndarray | None = None
    ) -> tuple[Tensor, Tensor]:
        """(n, h, w, 3) and (n, h, w) uint8 to pixels (n, 3, h, w) in [0, 1] and a bool (n,): a product is there.

        ``photos`` (n,) marks phone photos, whose surroundings are their own.
        """
        n = len(pictures)
        phone = torch.zeros(n, dtype=torch.bool) if photos is None else torch.from_numpy(photos)
        pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
        mask = torch.from_numpy(masks).float().unsqueeze(1) / 255
        wild = (self.uniform(n, 0, 1) < self.composite) & (mask.flatten(1).amax(1) > 0)
        clean = ~wild & ~phone & (self.uniform(n, 0, 1) < self.clean)
        alpha = torch.where(wild[:, None, None, None], slimmed(mask, self.random), torch.ones_like(mask))
        back = self._background(n)
        shade = torch.where(clean, 1.0, self.uniform(n, 0.93, 1.0))
        white = torch.ones_like(back) * shade[:, None, None, None]
        plain = clean | (self.uniform(n, 0, 1) < 0.85)
        shares = frames(n, self.random)
        moved = self._move(torch.cat([pixels, alpha], 1), wild, clean, phone, shares.amin(1))
        placed = torch.nonzero(wild).flatten()
        ground = back.clone()
        ground[placed] = shaded(
            accompanied(back[placed], moved[placed], shares[placed], self.random), moved[placed, 3:], self.random
        )
        back_of = torch.where((wild | ~plain)[:, None, None, None], ground, white)
        # Beyond its rim a phone photo goes on, as its last pixels do.
        alpha = torch.where(phone[:, None, None, None], torch.ones_like(mask), moved[:, 3:])
        out = moved[:, :3] * alpha + back_of * (1 - alpha)
        there = self.uniform(n, 0, 1) >= self.nothing
        gone = torch.nonzero(~there).flatten()
        out[gone] = strangers(pixels[gone], back[gone], self._background(len(gone)), self.random)
        rough = torch.nonzero(~clean).flatten()
        changed = self._erase(out[rough], back[rough])
        out[rough] = self._light(self._blur(changed), (wild | phone)[rough])
        scene = torch.nonzero(wild | ~there).flatten()
        out[scene] = framed(out[scene], shares[scene])
        return out.clamp(0, 1), there

    def _background(self, n: int) -> Tensor:
        pick = torch.randint(len(self.backgrounds), (n,), generator=self.random)
        back = self.backgrounds[pick].permute(0, 3, 1, 2).float() / 255
        flips = self.uniform(n, 0, 1) < 0.5
        back = torch.where(flips[:, None, None, None], back.flip(3), back)
        # A few are one even colour, as tables and bed sheets are.
        even = self.uniform(n, 0, 1) < 0.25
        return torch.where(even[:, None, None, None], back.mean((2, 3), keepdim=True), back)

    def _move(self, layers: Tensor, wild: Tensor, clean: Tensor, phone: Tensor, smaller: Tensor) -> Tensor:
        """Flip, turn, scale, shift and tilt; what comes in from outside is transparent.

        In a photo that fills a part of the canvas things are as much ``smaller`` (n,).
        """
        n, _, h, w = layers.shape
        strong = torch.where(wild, 1.0, torch.where(phone, 0.6, torch.where(clean, 0.12, 0.3)))
        angle = self.uniform(n, -0.45, 0.45) * torch.where(clean, 0.06, strong)
        # What lies on a floor is seen from any side.
        lying = wild & (self.uniform(n, 0, 1) < 0.15)
        angle = torch.where(lying, self.uniform(n, -math.pi, math.pi), angle)
        zoom = torch.exp(self.uniform(n, -0.22, 0.5) * torch.where(wild, 1.0, torch.where(clean, 0.08, 0.4)))
        # A part of a phone photo still shows the garment: it mostly fills it.
        zoom = torch.where(phone, torch.exp(self.uniform(n, -0.55, 0.1)), zoom)
        zoom = torch.where(wild, zoom / smaller, zoom)
        aside = wild & (self.uniform(n, 0, 1) < ASIDE)
        zoom = torch.where(aside, zoom * self.uniform(n, 1.2, 1.9), zoom)
        flip = torch.where(self.uniform(n, 0, 1) < 0.5, -1.0, 1.0)
        stretch = torch.exp(self.uniform(n, -0.12, 0.12) * torch.where(clean, 0.15, 1.0))
        shift = torch.stack([self.uniform(n, -0.22, 0.22), self.uniform(n, -0.22, 0.22)], 1) * strong[:, None]
        shift = torch.where(aside[:, None], 2 * smaller[:, None] * shift, shift)
        tilt = torch.stack([self.uniform(n, -0.18, 0.18), self.uniform(n, -0.18, 0.18)], 1) * strong[:, None]
        y, x = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
        ratio = h / w
        x, y = x.flatten()[None], y.flatten()[None]
        x, y = x - shift[:, :1], y - shift[:, 1:]
        cos, sin = torch.cos(angle)[:, None], torch.sin(angle)[:, None]
        depth = 1 + tilt[:, :1] * x + tilt[:, 1:] * y
        u = flip[:, None] * (cos * x + sin * y * ratio) * (zoom * stretch)[:, None] / depth
        v = (-sin * x / ratio + cos * y) * (zoom / stretch)[:, None] / depth
        grid = torch.stack([u, v], 2).view(n, h, w, 2)
        # Colours repeat the rim so that no dark halo appears; only alpha ends at the rim.
        colour = F.grid_sample(layers[:, :3], grid, padding_mode="border", align_corners=False)
        alpha = F.grid_sample(layers[:, 3:], grid, padding_mode="zeros", align_corners=False)
        return torch.cat([colour, alpha], 1)

    def _erase(self, pixels: Tensor, back: Tensor) -> Tensor:
        """A box of background over a fifth of the pictures (Zhong et al., "Random Erasing", 2020)."""
        n, _, h, w = pixels.shape
        out = pixels
        for i in torch.nonzero(self.uniform(n, 0, 1) < 0.2).flatten().tolist():
            tall, wide = int(self.uniform(1, 0.15, 0.4) * h), int(self.uniform(1, 0.15, 0.4) * w)
            top, left = int(self.uniform(1, 0, 1) * (h - tall)), int(self.uniform(1, 0, 1) * (w - wide))
            out[i, :, top : top + tall, left : left + wide] = back[i, :, top : top + tall, left : left + wide]
        return out

    def _blur(self, pixels: Tensor) -> Tensor:
        """Three in ten lose detail as a small or shaken photo does."""
        soft = torch.nonzero(self.uniform(len(pixels), 0, 1) < 0.3).flatten()
        if len(soft):
            small = F.interpolate(pixels[soft], scale_factor=float(self.uniform(1, 0.5, 0.85)), mode="area")
            pixels[soft] = F.interpolate(small, size=pixels.shape[2:], mode="bilinear", align_corners=False)
        return pixels

    def _light(self, pixels: Tensor, wild: Tensor) -> Tensor:
        """Exposure, contrast, white balance, side light, noise; gentle in the studio, since colour is a label."""
        n = len(pixels)
        strong = torch.where(wild, 1.0, 0.35)[:, None, None, None]
        gain = torch.exp(strong * self.uniform(n, -0.25, 0.25)[:, None, None, None])
        warm = self.uniform(n, -0.16, 0.16)
        balance = torch.stack([warm, self.uniform(n, -0.05, 0.05), -warm], 1)[:, :, None, None]
        contrast = torch.exp(strong * self.uniform(n, -0.25, 0.25)[:, None, None, None])
        middle = pixels.mean((1, 2, 3), keepdim=True)
        out = (pixels - middle) * contrast + middle
        y, x = torch.meshgrid(torch.linspace(-1, 1, out.shape[2]), torch.linspace(-1, 1, out.shape[3]), indexing="ij")
        way, slope = self.uniform(n, -math.pi, math.pi)[:, None, None], self.uniform(n, 0, 0.3)[:, None, None]
        fall = 1 + slope * strong[:, 0] * (x * torch.cos(way) + y * torch.sin(way))
        out = out * gain * torch.exp(strong * balance) * fall[:, None]
        noisy = torch.nonzero(self.uniform(n, 0, 1) < 0.4).flatten()
        sigma = strong[noisy] * self.uniform(len(noisy), 0.01, 0.06)[:, None, None, None]
        out[noisy] += sigma * torch.randn(out[noisy].shape, generator=self.random)
        return out
