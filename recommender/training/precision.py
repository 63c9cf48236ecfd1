"""Whether this processor computes fast in bfloat16; where it does not, half the bits take longer than all of them."""

from __future__ import annotations

from functools import cache

import torch


@cache
def native_bfloat16() -> bool:
    """Whether bfloat16 has matrix units of its own (AMX tiles).

    Where the processor has none of it PyTorch emulates it, at a tenth of the speed of float32. Where it has the
    instructions alone (AVX-512 BF16), a step of the house network takes one and a half times as long as in float32.
    """
    # Named with an underscore in torch; without it a run is slower, not wrong.
    asked = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return bool(asked and asked())
