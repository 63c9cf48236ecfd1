"""A map as a file for other programs."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from recommender.catalog.catalog import check_ids
from recommender.errors import RecommenderError
from recommender.files import atomic, takes_file
from recommender.maps.map import EmbeddingMap
from recommender.maps.selection import to_csv

KINDS = (".csv", ".npz")
PLACE = ("map_x", "map_y")
"""The last columns of a map that is written as CSV: where each product lies."""

_ARRAYS = {"id", "points", "method"}  # of a map that is written as npz, beside the measures of quality
_HEADER = 2**20  # characters that are read to find a table's header


def check_kind(path: Path) -> None:
    """Raise RecommenderError unless a map can be written to a file of that name."""
    if path.suffix.lower() not in KINDS:
        kinds = " or ".join(KINDS)
        raise RecommenderError(f"A map can be written to a file that ends in {kinds}, not to {path.name!r}.")


def check_out(path: Path) -> None:
    """Raise RecommenderError unless a map can be written to ``path`` and nothing else is lost by it."""
    check_kind(path)
    if not takes_file(path):
        raise RecommenderError(
            f"The map can't be written to {str(path)!r}: give the path of an ordinary file in a folder that you may "
            "write to."
        )
    try:
        ours = not path.exists() or not path.stat().st_size or _is_map(path)
    except Exception:  # at a damaged archive zipfile raises nearly anything, and a file may not be for us to read
        ours = False
    if not ours:
        raise RecommenderError(f"{str(path)!r} is there already and holds no map: name another file, such as map.csv.")


def _is_map(path: Path) -> bool:
    """Whether a file is one that :func:`write_map` wrote."""
    if path.suffix.lower() == ".npz":
        with zipfile.ZipFile(path) as there:
            return {name.removesuffix(".npy") for name in there.namelist()} >= _ARRAYS
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(io.StringIO(file.read(_HEADER), newline="")), [])
    return tuple(header[-len(PLACE) :]) == PLACE


def check_columns(path: Path, frame: pd.DataFrame) -> None:
    """Raise RecommenderError if a map of the products of ``frame`` at ``path`` hides a column, or an id is too long."""
    if path.suffix.lower() == ".npz":
        check_ids(frame["id"])
    hidden = [name for name in PLACE if name in frame.columns]
    if hidden and path.suffix.lower() == ".csv":
        raise RecommenderError(
            f"The catalogue has a column {hidden[0]!r} of its own, which the map's would replace: "
            "rename it in the catalogue, or write the map to a file that ends in .npz."
        )


def write_map(path: Path, drawn: EmbeddingMap, frame: pd.DataFrame) -> None:
    """Write a map of the products of ``frame``, as its name ends.

    CSV: a row a product with ``map_x``, ``map_y`` and all columns. npz: ``id``, ``points`` (n, 2) and the measures
    of quality by their names.

    Raises
    ------
    RecommenderError
        If the name ends in something else, the file can't be written or holds something else, or a column would be
        hidden or an id is too long (see :func:`check_columns`).
    """
    check_out(path)
    check_columns(path, frame)
    try:
        with atomic(path) as draft:
            if path.suffix.lower() == ".csv":
                placed = frame.assign(**dict(zip(PLACE, drawn.points.T, strict=True)))
                draft.write_bytes(to_csv(placed, np.arange(len(frame))).encode())
            else:
                arrays = {"id": frame["id"].to_numpy(str), "points": drawn.points, "method": np.array(drawn.method)}
                numbers = {name: np.asarray(value, np.float64) for name, value in drawn.quality.items()}
                with draft.open("wb") as file:
                    np.savez(file, **(arrays | numbers))  # type: ignore[arg-type]  # its stub takes names for options
    except OSError as error:
        raise RecommenderError(f"The map can't be written to {str(path)!r}: {error.strerror}.") from error
