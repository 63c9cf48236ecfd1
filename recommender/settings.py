"""Where things lie and how much is allowed: one frozen dataclass, resolved once from the environment."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
SHIPPED_MODEL = ASSETS / "model"


def _workspace() -> Path:
    given = os.environ.get("RECOMMENDER_WORKSPACE")
    if given:
        return Path(given)
    try:
        return Path.home() / ".cache" / "recommender"
    except RuntimeError:  # an account without a home, as containers have
        return Path(tempfile.gettempdir()) / "recommender"


def _model() -> Path:
    given = os.environ.get("RECOMMENDER_MODEL")
    return Path(given) if given else SHIPPED_MODEL


@dataclass(frozen=True)
class Settings:
    """Limits and folders.

    ``model`` is the folder of the house model's files, as ``python -m recommender train`` writes them.
    ``max_bytes`` and ``max_pixels`` bound a photo before it is decoded; ``decode_side`` is the
    longer side, in pixels, that a photo keeps after decoding (an encoder needs far less).
    ``exact_below`` is the number of candidates under which exact search is used.
    """

    workspace: Path = field(default_factory=_workspace)
    model: Path = field(default_factory=_model)
    max_bytes: int = 40 * 2**20
    max_pixels: int = 120_000_000
    min_side: int = 8
    decode_side: int = 640
    threads: int = 1
    exact_below: int = 5_000
    mass: float = 0.9
    most_categories: int = 5

    @property
    def decoding(self) -> tuple[str, ...]:
        """What the names of kept vectors have to say of how pictures are decoded: nothing where it is as usual."""
        said = {
            "decoded at": "decode_side",
            "bytes up to": "max_bytes",
            "pixels up to": "max_pixels",
            "sides from": "min_side",
        }
        return tuple(
            f"{words} {getattr(self, name)}"
            for words, name in said.items()
            if getattr(self, name) != getattr(Settings, name)
        )
