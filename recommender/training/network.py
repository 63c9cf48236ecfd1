"""The house network: a small residual network whose heads read the unit vector it gives.

After He et al., "Deep Residual Learning for Image Recognition", 2016 (basic blocks),
with heads on the normalised embedding as in Wang et al., "NormFace", 2017, so that
one vector serves both the labels and the search. It may look at a picture with further such towers, learnt
apart, whose vectors become one (:mod:`recommender.training.join`). These know plain backgrounds alone: where there is
another one, what they would see on white is foretold from what the first tower sees. And its vector may hold what
the network says of some labels (:mod:`recommender.training.aspects`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.text.features import GRAM_BUCKETS, WORD_BUCKETS, features
from recommender.training.backdrop import on_white
from recommender.training.config import TrainConfig

# Mean and standard deviation of the pixel values the network is fed, in [0, 1].
PIXEL_MEAN, PIXEL_STD = 0.75, 0.30
# Of a vector that holds aspects: the share of its numbers that hold what these lack (recommender.training.aspects).
WAVES = 3 / 8
# Rows and columns of the thumbnail that these are made of.
PLACES = (8, 6)
# How dark a thumbnail is at least, so that a white picture has one too.
DARK = 1e-3
# How fine these are: thumbnails at a distance of 0.05 are still alike in them (0.88), at 0.3 no more (0.01).
FINENESS = 10.0
# Seed they are drawn with, one of thirteen with which the demo's marked near-duplicates were looked at.
DRAW = 1
# What aspects lack at least, squared: rounding may leave less than nothing.
LACKING = 1e-6


class ConvNorm(nn.Sequential):
    """A 3x3 convolution and its batch norm, folded into one at export."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))

    @property
    def conv(self) -> nn.Conv2d:
        return cast(nn.Conv2d, self[0])

    @property
    def norm(self) -> nn.BatchNorm2d:
        return cast(nn.BatchNorm2d, self[1])


class Residual(nn.Module):
    """Basic block: two 3x3 convolutions beside an identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = ConvNorm(width, width)
        self.second = ConvNorm(width, width)
        # Starting the branch at zero lets a deep net begin as a shallow one (Goyal et al. 2017, 5.1).
        nn.init.zeros_(self.second.norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class Tower(nn.Module):
    """Stages of convolutions, each at half the size of the one before, and the unit vector of what they see."""

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...], config: TrainConfig) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        before = 3
        for width, many in zip(widths, blocks, strict=True):
            stages.append(nn.Sequential(ConvNorm(before, width, 2), nn.ReLU(), *(Residual(width) for _ in range(many))))
            before = width
        self.stages: nn.Module = nn.Sequential(*stages)
        self.project = nn.Linear(2 * before, config.dim)
        self.dropout = nn.Dropout(config.dropout)
        self.mirrored = False

    def pooled(self, x: Tensor, twice: Tensor | float = 1.0) -> Tensor:
        """Standardised pixels (n, 3, h, w) to (n, 2 * the last width).

        ``twice`` (n, 1) is how much the mirror image counts beside the picture, if this tower looks at that.
        """
        if not self.mirrored or self.training:
            return self._pooled(x)
        seen, other = self._pooled(torch.cat([x, x.flip(3)])).chunk(2)
        return seen + twice * (other - seen) / 2

    def _pooled(self, x: Tensor) -> Tensor:
        x = self.stages(x)
        # The mean says what is there, the maximum that a small part of it is there at all.
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)

    def look(self, x: Tensor, twice: Tensor | float = 1.0) -> Tensor:
        """Standardised pixels (n, 3, h, w) to (n, dim) of unit length; ``twice`` as in :meth:`pooled`."""
        return F.normalize(self.project(self.dropout(self.pooled(x, twice))).float(), dim=1)


class TextNet(nn.Module):
    """Bag of hashed words and n-grams, one hidden layer, a unit vector in the pictures' space."""

    def __init__(self, width: int, hidden: int, dim: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(WORD_BUCKETS + GRAM_BUCKETS, width, mode="sum")
        nn.init.normal_(self.table.weight, std=0.1)
        self.hidden = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, dim)
        self.log_scale = nn.Parameter(torch.tensor(2.7))

    def forward(self, texts: list[str]) -> Tensor:
        """(n, dim) unit vectors of n texts."""
        rows, weights, starts = (torch.from_numpy(part) for part in features(texts))
        bag = self.table(rows, starts, per_sample_weights=weights)
        return F.normalize(self.out(F.gelu(self.hidden(bag), approximate="tanh")), dim=1)


def _waves(numbers: int, many: int) -> nn.Linear:
    """Phases of ``many`` random Fourier features of ``numbers``, the same ones each time, which are not learnt."""
    random = torch.Generator().manual_seed(DRAW)
    layer = nn.Linear(numbers, many).requires_grad_(False)
    layer.weight.normal_(0, FINENESS, generator=random)
    layer.bias.uniform_(0, 2 * math.pi, generator=random)
    return layer


def _part_name(column: str) -> str:
    """What torch calls the head of a column: it takes no dots, and no names that its modules use themselves."""
    name = column.replace("%", "%25").replace(".", "%2E")
    return f"%{name}" if not name or hasattr(nn.ModuleDict(), name) else name


class HouseNet(Tower):
    """Pictures to unit vectors, unit vectors to logits.

    Parameters
    ----------
    config
        Widths, blocks and dimension, of this tower and of those ``beside`` it, and ``aspects``.
    classes
        Number of classes of each label column.
    """

    def __init__(self, config: TrainConfig, classes: dict[str, int]) -> None:
        super().__init__(config.widths, config.blocks, config)
        self.config = config
        self.scale = nn.Parameter(torch.tensor(16.0))
        self.heads = nn.ModuleDict({_part_name(column): nn.Linear(config.dim, n) for column, n in classes.items()})
        self.columns = tuple(classes)
        self.text = TextNet(config.text_width, config.text_hidden, config.dim)
        self.beside = nn.ModuleList(Tower(*shape, config) for shape in config.beside)
        for _, tower in self.towers():
            tower.mirrored = config.mirrored
        self.foretell = nn.ModuleList(nn.Linear(config.dim, config.dim, bias=False) for _ in config.beside)
        if config.beside:
            self.join = nn.Linear((1 + len(config.beside)) * config.dim, config.dim, bias=False)
        if config.aspects:
            self.aspects = nn.Linear(config.dim, sum(config.aspects))
            self.waves = _waves(3 * PLACES[0] * PLACES[1], int(WAVES * config.dim))
            seen = config.dim + self.aspects.out_features + self.waves.out_features
            self.blend = nn.Linear(seen, config.dim, bias=False)

    def towers(self) -> Iterator[tuple[str, Tower]]:
        """Each tower, after what its arrays' names begin with."""
        yield "", self
        for i, tower in enumerate(self.beside):
            yield f"beside.{i}.", cast(Tower, tower)

    def embed(self, pixels: Tensor) -> Tensor:
        """(n, 3, h, w) in [0, 1] to (n, dim) of unit length."""
        last, before = self.last(pixels)
        return F.normalize(last(before).float(), dim=1)

    def last(self, pixels: Tensor) -> tuple[nn.Linear, Tensor]:
        """The layer whose output, at unit length, is the vector of pixels (n, 3, h, w) in [0, 1]; its input (n, k)."""
        last, before = self._last((pixels - PIXEL_MEAN) / PIXEL_STD, pixels)
        if not self.config.aspects:
            return last, before
        vectors = F.normalize(last(before).float(), dim=1)
        said = self.said(vectors)
        return self.blend, torch.cat([vectors, said, self.lacking(said) * self.own(pixels)], 1)

    def said(self, vectors: Tensor) -> Tensor:
        """Unit vectors (n, dim) to the shares of all classes of all aspects, (n, k)."""
        return torch.cat([part.softmax(1) for part in self.aspects(vectors).float().split(self.config.aspects, 1)], 1)

    def lacking(self, said: Tensor) -> Tensor:
        """(n, 1) length that shares (n, k) lack to be as long as sure ones.

        Nothing is learnt by it: to lack less would be a way to be near to all that is no photo of the same picture.
        """
        said = said.detach()
        return (len(self.config.aspects) - (said * said).sum(1, keepdim=True)).clamp_min(LACKING).sqrt()

    def own(self, pixels: Tensor) -> Tensor:
        """(n, 3, h, w) in [0, 1] to (n, ``WAVES * dim``) of unit length, alike only for nearly the same pictures."""
        dark = 1 - F.adaptive_avg_pool2d(pixels, PLACES).flatten(1) + DARK
        return F.normalize(self.waves(F.normalize(dark.float(), dim=1)).float().cos(), dim=1)

    def _last(self, x: Tensor, pixels: Tensor) -> tuple[nn.Linear, Tensor]:
        if not self.beside:
            return self.project, self.dropout(self.pooled(x))
        white = on_white(pixels)
        # Elsewhere, where the others don't look, the mirror image has brought nothing.
        first = self.look(x, white)
        seen = [first]
        for tower, foretell in zip(self.beside, self.foretell, strict=True):
            guess = F.normalize(foretell(first).float(), dim=1)
            seen.append(white * cast(Tower, tower).look(x, white) + (1 - white) * guess)
        return self.join, torch.cat(seen, 1)

    def classify(self, vectors: Tensor) -> dict[str, Tensor]:
        """(n, dim) unit vectors to logits (n, classes) for each column."""
        return {column: self.head(column)(self.scale * vectors) for column in self.columns}

    def head(self, column: str) -> nn.Linear:
        """The linear layer of a label column."""
        return cast(nn.Linear, self.heads[_part_name(column)])

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        return self.classify(self.embed(pixels))
