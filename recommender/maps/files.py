"""A map as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from recommender.errors import RecommenderError
from recommender.files import atomic
from recommender.maps.map import EmbeddingMap
from recommender.maps.selection import to_csv

KINDS = (".csv", ".npz")


def check_kind(path: Path) -> None:
    """Raise RecommenderError unless a map can be written to a file of that name."""
    if path.suffix.lower() not in KINDS:
        kinds = " or ".join(KINDS)
        raise RecommenderError(f"A map can be written to a file that ends in {kinds}, not to {path.name!r}.")


def write_map(path: Path, drawn: EmbeddingMap, frame: pd.DataFrame) -> None:
    """Write a map of the products of ``frame``, as its name ends.

    CSV: a row a product with ``map_x``, ``map_y`` and all columns. npz: ``id``, ``points`` (n, 2) and the measures
    of quality by their names.

    Raises
    ------
    RecommenderError
        If the name ends in something else, or the file can't be written.
    """
    check_kind(path)
    try:
        with atomic(path) as draft:
            if path.suffix.lower() == ".csv":
                placed = frame.assign(map_x=drawn.points[:, 0], map_y=drawn.points[:, 1])
                draft.write_bytes(to_csv(placed, np.arange(len(frame))).encode())
            else:
                arrays = {"id": frame["id"].to_numpy(str), "points": drawn.points, "method": np.array(drawn.method)}
                numbers = {name: np.asarray(value, np.float64) for name, value in drawn.quality.items()}
                with draft.open("wb") as file:
                    np.savez(file, **(arrays | numbers))  # type: ignore[arg-type]  # its stub takes names for options
    except OSError as error:
        raise RecommenderError(f"The map can't be written to {str(path)!r}: {error.strerror}.") from error
