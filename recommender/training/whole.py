"""A tower's convolutions in whole numbers: what the files hold, and what ONNX Runtime computes.

What a layer sees and its weights are bytes with a step, and sums of their products whole numbers (Jacob et al.,
"Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section 2), which
processors add up several times as fast as fractions. Sums of whole numbers do not hang on their order, so that here
(where single precision holds them up to 2**24, which is far more than is seen) and there, and on every processor,
nearly the same vectors come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, Residual

# The byte of a pixel of mean brightness, which stands around a picture.
MEAN = round(255 * PIXEL_MEAN)
# The byte of nothing where values may be negative.
MIDDLE = 128
# The largest weight. Two products of such with bytes fit into the 16 bits in which processors without instructions for
# whole numbers add them up: others would stop at the largest number that they can hold.
LARGEST = 64
# What is tried as the largest value that a byte holds, of the largest that was seen. What is beyond is cut off.
CUTS = np.linspace(0.3, 1.0, 15)
# So many values of a layer are looked at for its step.
SAMPLE = 1_000_000
# So many pictures for what its inputs have in common, and so many at a time.
PICTURES, BATCH = 256, 16
# So many weights are rounded before those after them make up for it, which is the faster.
BLOCK = 64
# What keeps inputs that hardly differ from taking up what others were rounded by, beside the mean of their squares.
DAMPING = 0.01
# The largest whole number that a bias has: single precision holds all up to there.
BIAS = 2**24
# What a convolution is made of, and how a file holds it.
KINDS = {"weight": np.int8, "step": np.float32, "bias": np.int32, "sees": np.float32, "gives": np.float32}


def as_whole_weights(weight: Tensor, seen: Tensor, stride: int, least: Tensor) -> tuple[Tensor, Tensor]:
    """Whole weights (o, i, 3, 3) and steps (o,) with which a convolution of ``seen`` (n, i, h, w) changes least.

    Steps are ``least`` (o,) or more.
    What rounding one weight changes the next ones make up for, as far as their inputs go together (Frantar et al.,
    "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", 2022, algorithm 1).
    """
    left = weight.flatten(1).double()
    square = torch.zeros(left.shape[1], left.shape[1])
    for part in seen[:PICTURES].split(BATCH):
        patches = F.unfold(part.contiguous(), 3, padding=1, stride=stride).transpose(1, 2).flatten(0, 1)
        square += patches.T @ patches
    square = square.double()
    square += (DAMPING * square.diagonal().mean().clamp_min(1e-8)) * torch.eye(len(square))
    pull = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(square)), upper=True)
    step = (left.abs().amax(1) / LARGEST).maximum(least.double()).clamp_min(1e-10)
    whole = torch.empty_like(left)
    for start in range(0, left.shape[1], BLOCK):
        end = min(start + BLOCK, left.shape[1])
        errors = torch.zeros(len(left), end - start, dtype=left.dtype)
        for at in range(start, end):
            whole[:, at] = (left[:, at] / step).round().clamp(-LARGEST, LARGEST)
            errors[:, at - start] = error = (left[:, at] - whole[:, at] * step) / pull[at, at]
            left[:, at + 1 : end] -= error[:, None] * pull[at, at + 1 : end]
        left[:, end:] -= errors @ pull[start:end, end:]
    return whole.view(weight.shape).float(), step.float()


def folded(layer: ConvNorm) -> tuple[Tensor, Tensor]:
    """Weight and bias of the convolution that a :class:`ConvNorm` is in evaluation mode."""
    conv, norm = layer.conv, layer.norm
    assert norm.running_mean is not None
    assert norm.running_var is not None
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * factor[:, None, None, None], norm.bias - norm.running_mean * factor


def step_for(values: Tensor, zero: int) -> Tensor:
    """The step with which bytes, of which ``zero`` is nothing, come nearest to ``values``, squared."""
    flat = values.flatten()
    if len(flat) > SAMPLE:  # each so many-th would be one column of the maps where their size divides that
        flat = flat[torch.randint(len(flat), (SAMPLE,), generator=torch.Generator().manual_seed(0))]
    largest = max(float(flat.max()) / (255 - zero), -float(flat.min()) / max(zero, 1) if zero else 0.0, 1e-8)
    tried = [largest * cut for cut in CUTS.tolist()]
    return torch.tensor(min(tried, key=lambda step: float((as_whole(flat, step, zero) * step - flat).square().sum())))


def as_whole(values: Tensor, step: float | Tensor, zero: int) -> Tensor:
    """Values to whole numbers of steps, as far as bytes of which ``zero`` is nothing reach."""
    return (values / step).round().clamp(-zero, 255 - zero)


class WholeConv(nn.Module):
    """A convolution of whole numbers: bytes in, less the byte that is nothing, and the same out.

    ``weight`` (o, i, 3, 3) with a ``step`` (o,) each and ``bias`` (o,) are whole numbers; ``sees`` and ``gives`` are
    the steps of bytes in and out, and ``zero`` is the byte that is nothing in the latter.
    """

    weight: Tensor
    step: Tensor
    bias: Tensor
    sees: Tensor
    gives: Tensor

    def __init__(self, numbers: Mapping[str, Tensor], stride: int, zero: int = 0) -> None:
        super().__init__()
        self.stride, self.zero = stride, zero
        for name in KINDS:
            self.register_buffer(name, numbers[name].float())

    def sums(self, x: Tensor) -> Tensor:
        """Sums of products of bytes, before they are bytes again."""
        return F.conv2d(x, self.weight, self.bias, self.stride, 1)

    def forward(self, x: Tensor) -> Tensor:
        by = self.sees * self.step / self.gives
        return (self.sums(x) * by[:, None, None]).round().clamp(-self.zero, 255 - self.zero)

    def arrays(self) -> dict[str, np.ndarray]:
        """What the file holds of each number."""
        return {name: getattr(self, name).numpy().astype(kind, order="C") for name, kind in KINDS.items()}


class WholeResidual(nn.Module):
    """A :class:`Residual` of whole numbers."""

    gives: Tensor

    def __init__(self, first: WholeConv, second: WholeConv, gives: Tensor) -> None:
        super().__init__()
        self.first, self.second = first, second
        self.register_buffer("gives", gives.float())

    def forward(self, x: Tensor) -> Tensor:
        branch = self.second(self.first(x))
        # In the order of ONNX Runtime, whose sums are rounded the same way then.
        sums = x * (self.first.sees / self.gives) + branch * (self.second.gives / self.gives)
        return sums.round().clamp(0, 255)


class WholeStages(nn.Module):
    """The stages of a tower in whole numbers: standardised pixels (n, 3, h, w) in, numbers (n, width, ...) out.

    Layers are named as those of the stages that they stand for are.
    """

    def __init__(self, stages: Sequence[Mapping[str, WholeConv | WholeResidual]]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(nn.ModuleDict(layers) for layers in stages)

    def forward(self, x: Tensor) -> Tensor:
        x = as_pixels(x)
        for stage in self.stages:
            for layer in cast(nn.ModuleDict, stage).values():
                x = layer(x)
        return x * cast(Tensor, layer.gives)

    def arrays(self) -> dict[str, np.ndarray]:
        """What the file holds, by the names of stage, layer and number."""
        out: dict[str, np.ndarray] = {}
        for name, layer in self.stages.named_modules():
            if isinstance(layer, WholeConv):
                out |= {f"{name}.{part}": array for part, array in layer.arrays().items()}
            elif isinstance(layer, WholeResidual):
                out[f"{name}.gives"] = layer.gives.numpy()
        return out


def as_pixels(x: Tensor) -> Tensor:
    """Standardised pixels to whole numbers from the byte of mean brightness on."""
    return (x * (255 * PIXEL_STD) + 255 * PIXEL_MEAN).round() - MEAN


@torch.no_grad()
def in_whole_numbers(stages: nn.Sequential, pixels: Tensor) -> WholeStages:
    """What comes nearest to ``stages`` on standardised ``pixels`` (n, 3, h, w), of pictures of all kinds to be seen."""
    made: list[dict[str, WholeConv | WholeResidual]] = []
    sees, x, seen = torch.tensor(1 / (255 * PIXEL_STD)), pixels, as_pixels(pixels)
    for stage in stages:
        made.append({})
        for i, layer in enumerate(cast(nn.Sequential, stage)):
            whole: WholeConv | WholeResidual
            if isinstance(layer, ConvNorm):
                whole = _conv(layer, sees, x, seen)
                x = F.relu(layer(x))
            elif isinstance(layer, Residual):
                first = _conv(layer.first, sees, x, seen)
                inner = F.relu(layer.first(x))
                second = _conv(layer.second, first.gives, inner, first(seen), MIDDLE)
                x = layer(x)
                whole = WholeResidual(first, second, step_for(x, 0))
            else:
                continue  # ReLU: bytes of which 0 is nothing are never less
            made[-1][str(i)], seen, sees = whole, whole(seen), whole.gives
    return WholeStages(made)


def _conv(layer: ConvNorm, sees: Tensor, x: Tensor, seen: Tensor, zero: int = 0) -> WholeConv:
    """Make of whole numbers ``seen``, in steps of ``sees``, what ``layer`` makes of ``x``, both (n, i, h, w).

    What rounding moves a channel by on average its bias takes back (Nagel et al., "Data-Free Quantization Through
    Weight Equalization and Bias Correction", 2019, section 4.2, here on pictures).
    """
    wanted, stride = layer(x), layer.conv.stride[0]
    # A channel of hardly any weights may have a bias that is no small number of its steps.
    least = wanted.mean((0, 2, 3)).abs() / (sees * BIAS)
    weight, step = as_whole_weights(folded(layer)[0], seen, stride, least)
    gives = step_for(wanted if zero else F.relu(wanted), zero)
    numbers = {"weight": weight, "step": step, "bias": torch.zeros(len(step)), "sees": sees, "gives": gives}
    whole = WholeConv(numbers, stride, zero)
    whole.bias += (wanted / (sees * step)[:, None, None] - whole.sums(seen)).mean((0, 2, 3)).round()
    return whole
