"""What is kept on disk between runs: vectors, graphs and maps, each named by what it was made from.

A file's name holds the fingerprint of the catalogue, of the encoder and of the layout.
Whatever changes gives another name, so a stale file is never read; it is only rebuilt.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

from recommender.errors import IndexMismatchError
from recommender.files import atomic
from recommender.index import HnswIndex
from recommender.settings import ASSETS, Settings

T = TypeVar("T")
LAYOUT = "1"
SHIPPED = ASSETS / "demo"


def fingerprint(*parts: str) -> str:
    """Short hash of the fingerprints that an artefact depends on; which part is which counts."""
    # Marked where a part holds the mark between parts, so that names made before stay.
    apart = (part.replace("\\", "\\\\").replace("|", "\\|") for part in (*parts, LAYOUT))
    return hashlib.blake2b("|".join(apart).encode(), digest_size=12).hexdigest()


class Workspace:
    """Vectors, graphs and maps of one folder.

    A folder that can't be written to is no error: then things are computed each time.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.folder = (settings or Settings()).workspace

    def vectors(self, key: str, shape: tuple[int, int], make: Callable[[], np.ndarray]) -> np.ndarray:
        """The (n, d) vectors kept under ``key``, or what ``make`` gives, which is then kept."""

        def read(path: Path) -> np.ndarray | None:
            found = read_vectors(path)
            return found if found is not None and found.shape == shape else None

        found = self.find(f"vectors-{key}.npz", read)
        if found is not None:
            return found
        vectors = make()
        with contextlib.suppress(OSError):
            write_vectors(self.folder / f"vectors-{key}.npz", vectors)
        return vectors

    def find(self, name: str, read: Callable[[Path], T | None]) -> T | None:
        """What ``read`` makes of the file of that name: the shipped one, or else the workspace's own."""
        for folder in (SHIPPED, self.folder):
            found = read(folder / name)
            if found is not None:
                return found
        return None

    def keep(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write arrays so that :func:`read_arrays` gives them back; nothing where the folder can't be written to."""
        with contextlib.suppress(OSError):
            write_arrays(self.folder / name, arrays)

    def graph(self, key: str, vectors: np.ndarray) -> HnswIndex:
        """The graph kept under ``key``, or one built from ``vectors``, which is then kept."""
        path = self.folder / f"graph-{key}.bin"
        with contextlib.suppress(IndexMismatchError):  # there is none, too
            return HnswIndex(vectors, path)
        graph = HnswIndex(vectors)
        with contextlib.suppress(OSError, RuntimeError), atomic(path) as draft:  # hnswlib raises RuntimeError
            graph.save(draft)
        return graph


def ship_vectors(key: str, vectors: np.ndarray) -> Path:
    """Put vectors beside the demo catalogue, in place of those shipped before; gives the file."""
    path = SHIPPED / f"vectors-{key}.npz"
    write_vectors(path, vectors)
    drop_shipped("vectors", {path.name})
    return path


def drop_shipped(kind: str, names: Collection[str]) -> None:
    """Remove what is shipped of a kind (``vectors``, ``map``) but for the files of these names."""
    for old in SHIPPED.glob(f"{kind}-*.npz"):
        if old.name not in names:
            old.unlink()


def read_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """The arrays of a file; None where there is none or it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception:  # at a damaged file NumPy and zipfile raise nearly anything
        return None


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays so that :func:`read_arrays` gives them back."""
    with atomic(path) as draft, draft.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes the names for its own option


def read_vectors(path: Path) -> np.ndarray | None:
    """The vectors of a file; None where there is none or it is damaged."""
    try:
        vectors = np.asarray((read_arrays(path) or {})["vector"], np.float32)
    except (KeyError, ValueError):
        return None
    return vectors if np.isfinite(vectors).all() else None


def write_vectors(path: Path, vectors: np.ndarray) -> None:
    """Write vectors so that :func:`read_vectors` gives them back."""
    write_arrays(path, {"vector": np.asarray(vectors, np.float32)})
