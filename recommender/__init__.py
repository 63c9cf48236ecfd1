"""Visual product search: a photo in, what it is and which products look like it out.

>>> from recommender import Recommender
>>> shop = Recommender.open()
>>> len(shop.catalogue) >= 400
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Recommender", "__version__"]

if TYPE_CHECKING:
    from recommender.service import Recommender


def __getattr__(name: str) -> object:
    # Imported when first used, so that `--version` and the studio start without pandas and ONNX Runtime.
    if name == "Recommender":
        from recommender.service import Recommender

        return Recommender
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
