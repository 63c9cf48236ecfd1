"""Whether this processor computes in bfloat16 natively; where it does not, half the bits take ten times as long."""

from __future__ import annotations

from functools import cache

import torch


@cache
def native_bfloat16() -> bool:
    """Whether matrix products and convolutions in bfloat16 are done in hardware (AVX-512 BF16).

    Elsewhere PyTorch emulates them: right, but many times slower than float32.
    """
    # Named with an underscore in torch; without it a run is slower, not wrong.
    asked = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(asked and asked())
