"""Where things lie and how much is allowed: one frozen dataclass, resolved once from the environment."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from recommender.errors import ConfigError

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
SHIPPED_MODEL = ASSETS / "model"

_NOWHERE = Path(os.devnull) / "recommender"
"""Lies in no folder, so nothing is found there and nothing can be kept there."""


def _workspace() -> Path:
    given = _folder("RECOMMENDER_WORKSPACE")
    if given:
        return given
    try:
        return Path.home() / ".cache" / "recommender"
    except RuntimeError:  # an account without a home, as containers have
        return _temporary()


def _folder(variable: str) -> Path | None:
    """The folder that an environment variable names; None where it names none.

    Shells leave a ``~`` in quotes as it is. ConfigError if there is no home folder for it.
    """
    given = os.environ.get(variable)
    try:
        return Path(given).expanduser() if given else None
    except RuntimeError as error:
        raise ConfigError(f"{variable} is {given!r}, and no such home folder is known: give the whole path.") from error


def _temporary() -> Path:
    """A workspace in the temporary folder, inside a folder of this user's own; one that keeps nothing if it is not."""
    user = getattr(os, "getuid", None)  # Windows has none, where each user has a temporary folder anyhow
    try:
        own = Path(tempfile.gettempdir()) / (f"recommender-{user()}" if user else "recommender-own")
        own.mkdir(mode=0o700, exist_ok=True)
        found = own.lstat()
    except OSError:
        return _NOWHERE
    # Anybody may have made it first, and a stored graph that somebody forged must not be read.
    ours = not user or (stat.S_ISDIR(found.st_mode) and found.st_uid == user() and not found.st_mode & 0o077)
    return own / "recommender" if ours else _NOWHERE


def _model() -> Path:
    return _folder("RECOMMENDER_MODEL") or SHIPPED_MODEL


@dataclass(frozen=True)
class Settings:
    """Limits and folders.

    ``model`` is the folder of the house model's files, as ``python -m recommender train`` writes them.
    ``max_bytes`` and ``max_pixels`` bound a photo before it is decoded (Pillow opens no file of more than 178 million
    pixels, whatever is set); ``decode_side`` is the longer side, in pixels, that a photo keeps after decoding (an
    encoder needs far less).
    ``exact_below`` is the number of candidates under which exact search is used.

    Raises
    ------
    ConfigError
        If an environment variable names a home folder that is not known.
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
