"""A network that learns to see as a finished model does, which may be larger or made of many.

Both look at the very same pictures, moved, relit and made of two as they are, so that the teacher is asked about what
it could not learn by heart, and there is no end of such pictures (Beyer et al., "Knowledge distillation: A good
teacher is patient and consistent", 2022, section 3.1). What is matched is the unit vector itself, since heads,
neighbours and words all hang on it (Romero et al., "FitNets", 2015, equation 3, at the last layer), and what the
teacher says of each column (Hinton et al., "Distilling the knowledge in a neural network", 2015).
"""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.classifiers.house import KIND
from recommender.errors import ModelError
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.network import HouseNet
from recommender.training.precision import native_bfloat16
from recommender.training.start import check_size, check_start, loaded, shape_at

SAMPLE = 4096
"""Pictures that the pupil's last layer is fitted to."""
RIDGE = 1e-3


def check_teacher(config: TrainConfig) -> None:
    """Raise ModelError if ``config.teacher`` can't teach a run of ``config``, as far as its files tell."""
    check_size(config.teacher, config)
    there = shape_at(config.teacher)
    if there["dim"] != config.dim:
        raise ModelError(
            f"{config.teacher} can't teach: its vectors have {there['dim']} numbers, not {config.dim}. "
            "Name another teacher, or set dim to that."
        )
    check_start(config.teacher, dataclasses.replace(config, **there))


class Teacher:
    """A finished model, and what it sees in a batch.

    Raises
    ------
    ModelError
        If the model is missing, learnt what ``pool`` holds back or pictures of another size, or has vectors of another
        dimension.
    """

    def __init__(self, config: TrainConfig, pool: Pool) -> None:
        check_teacher(config)
        random = torch.get_rng_state()
        self.network, known = loaded(config.teacher, pool, config)
        torch.set_rng_state(random)
        self.columns = known - {KIND}  # of a stranger's kind the pool itself knows
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.bf16 = config.bf16 and native_bfloat16()

    def sees(self, pixels: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Pixels (n, 3, h, w) in [0, 1] to unit vectors (n, d), and to probabilities (n, classes) of ``columns``."""
        with torch.no_grad():
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                vectors = self.network.embed(pixels.contiguous(memory_format=torch.channels_last))
            logits = self.network.classify(vectors)
        return vectors, {column: rows.softmax(1) for column, rows in logits.items() if column in self.columns}

    def prepares(self, pupil: HouseNet, pool: Pool) -> None:
        """Give ``pupil`` the teacher's heads and words, and a last layer that comes nearest to its vectors, in place.

        So it begins in the teacher's space, whatever space its weights were learnt in.
        """
        rows = np.flatnonzero(~pool.validation)
        rows = np.random.default_rng(pupil.config.seed).choice(rows, min(SAMPLE, len(rows)), replace=False)
        seen, wanted = [], []
        pupil.eval()
        with torch.no_grad():
            for part in np.array_split(rows, -(-len(rows) // 256)):
                pixels = torch.from_numpy(pool.small[part]).permute(0, 3, 1, 2).float() / 255
                last, before = pupil.last(pixels)
                # Where the layer has no bias, the constant beside its input is 0.
                seen.append(F.pad(before, (0, 1), value=float(last.bias is not None)))
                wanted.append(self.network.embed(pixels))
            x = torch.cat(seen).double()
            square = x.T @ x
            square += RIDGE * square.diagonal().mean() * torch.eye(len(square))
            fitted = torch.linalg.solve(square, x.T @ torch.cat(wanted).double()).float().T
            last.weight.copy_(fitted[:, :-1])
            if last.bias is not None:
                last.bias.copy_(fitted[:, -1])
            taken = self.network.state_dict()
            parts = ("heads.", "text.", "scale")
            pupil.load_state_dict({name: taken[name] for name in taken if name.startswith(parts)}, strict=False)
