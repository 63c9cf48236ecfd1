"""The optimiser: Muon for the convolutions, AdamW for all else.

A convolution's step is its momentum made orthogonal, so that no direction of the weight matrix is learnt
faster than another (Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024); its size is
matched to that of AdamW's (Liu et al., "Muon is scalable for LLM training", 2025, equation 4), so that one
learning rate serves both. PyTorch's own Muon takes matrices only, and no convolutions.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from recommender.training.precision import native_bfloat16

MOMENTUM = 0.95
STEPS = 5
QUINTIC = (3.4445, -4.7750, 2.0315)
"""Coefficients of the iteration, from the first paper: they make small singular values grow fastest."""
MATCH = 0.2
"""The usual root mean square of AdamW's step over its learning rate, from the second paper."""


def orthogonal(matrix: Tensor) -> Tensor:
    """(m, n) to the nearly orthogonal matrix with its singular vectors, by a Newton-Schulz iteration.

    In bfloat16 where that is native: the iteration is made for it.
    """
    a, b, c = QUINTIC
    x = matrix.bfloat16() if native_bfloat16() else matrix.float()
    x = x / (x.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(STEPS):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).float()


def _is_kernel(parameter: Tensor) -> bool:
    return parameter.ndim == 4


class Muon:
    """Both optimisers as one.

    Parameters
    ----------
    network
        Its parameters are learnt. Those of one dimension, norms and offsets, do not decay.
    """

    def __init__(self, network: nn.Module, lr: float, weight_decay: float) -> None:
        parameters = list(network.parameters())
        self.kernels = [p for p in parameters if _is_kernel(p)]
        self.momenta = [torch.zeros_like(p) for p in self.kernels]
        self.lr, self.weight_decay = lr, weight_decay
        rest = [p for p in parameters if not _is_kernel(p)]
        self.adam = torch.optim.AdamW(
            [
                {"params": [p for p in rest if p.ndim > 1], "weight_decay": weight_decay},
                {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=lr,
            fused=True,
        )

    def set_rate(self, lr: float) -> None:
        """The learning rate from the next step on."""
        self.lr = lr
        for group in self.adam.param_groups:
            group["lr"] = lr

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self.adam.zero_grad(set_to_none=True)
        for kernel in self.kernels:
            kernel.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """One step along the gradients."""
        for kernel, momentum in zip(self.kernels, self.momenta, strict=True):
            if kernel.grad is None:
                continue
            momentum.lerp_(kernel.grad, 1 - MOMENTUM)
            along = orthogonal(kernel.grad.lerp(momentum, MOMENTUM).flatten(1))
            kernel.mul_(1 - self.lr * self.weight_decay)
            kernel.add_(along.view(kernel.shape), alpha=-self.lr * MATCH * max(along.shape) ** 0.5)
        self.adam.step()

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"momenta": self.momenta, "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up the state of a checkpoint."""
        for mine, stored in zip(self.momenta, state["momenta"], strict=True):
            mine.copy_(stored)
        self.adam.load_state_dict(state["adam"])
