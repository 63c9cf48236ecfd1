"""Let timm import torchvision where torchvision's compiled operators don't load.

The package registries' torchvision is built against their own torch. Beside another
build of the same torch version (a CPU one, say) its extension library is not loaded, and
its import stops at ``operator torchvision::nms does not exist``, although timm needs
none of these operators. Declaring their schemas is enough for the import.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import Any

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
# A library fragment lives as long as its object does.
_kept: list[Any] = []


def import_torchvision() -> Any:
    """Import torchvision, declaring the missing operators first where it is not whole.

    Does nothing but import where torchvision works. Raises ImportError where it is not installed.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    import torch

    # A failed import leaves its submodules behind; they must be imported anew.
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "FRAGMENT")
    _kept.append(library)
    for schema in _SCHEMAS:
        # RuntimeError: this one is there already.
        with contextlib.suppress(RuntimeError):
            library.define(schema)
    return importlib.import_module("torchvision")
