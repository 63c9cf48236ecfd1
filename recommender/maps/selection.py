"""What a group of products has in common, which of it are typical or odd, and the group as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recommender.catalog.catalog import LABEL_COLUMNS
from recommender.catalog.values import as_json, as_text
from recommender.errors import RecommenderError

COUNTED = (*LABEL_COLUMNS, "brand", "year", "isFragile")
NEAREST = 5
SAMPLE = 2000
BLOCK = 1024
# What spreadsheets take for the start of a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Count:
    """A value within a group: how many of its products have it, and their share of the group.

    ``value`` is None for the products that have none.
    """

    value: str | None
    count: int
    share: float


def counts(frame: pd.DataFrame, rows: np.ndarray) -> dict[str, tuple[Count, ...]]:
    """For each attribute of the catalogue the values of some rows, most frequent first, missing ones last.

    Raises
    ------
    RecommenderError
        If ``rows`` are not rows of ``frame``.
    """
    rows = _checked(rows, len(frame))
    return {column: _counts(frame[column], rows) for column in COUNTED if column in frame.columns}


def _counts(values: pd.Series, rows: np.ndarray) -> tuple[Count, ...]:
    try:
        codes, found = pd.factorize(values)
    except TypeError:  # lists and the like, which have no hash
        codes, found = pd.factorize(values.map(str, na_action="ignore"))
    names = [as_text(value) for value in found]
    # Blank text is no value either; the last place is for the code -1 of a missing one.
    none = np.array([*(not name.strip() for name in names), True])
    codes = np.where(none[codes], len(names), codes)
    inside = np.bincount(codes[rows], minlength=len(names) + 1)
    order = sorted(np.flatnonzero(inside), key=lambda i: (i == len(names), -inside[i], i))
    return tuple(
        Count(
            value=names[i] if i < len(names) else None,
            count=int(inside[i]),
            share=float(inside[i] / len(rows)),
        )
        for i in order
    )


def typical(vectors: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """The ``n`` of some rows that are nearest to the group's mean direction, nearest first, (min(n, rows),) int64.

    ``vectors`` is (all, d) of unit length.
    """
    rows = _checked(rows, len(vectors))
    if not len(rows):
        return rows
    own = vectors[rows]
    return _best(own @ own.mean(axis=0), rows, n)


def oddest(vectors: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """The ``n`` of some rows that have the least like them in the group, oddest first, (min(n, rows),) int64.

    Odd is a low mean similarity to the :data:`NEAREST` others that are nearest (Ramaswamy,
    Rastogi and Shim, "Efficient Algorithms for Mining Outliers from Large Data Sets", 2000,
    with the mean of the distances in place of the largest). From :data:`SAMPLE` products on,
    evenly chosen ones stand for the others.
    """
    rows = _checked(rows, len(vectors))
    if len(rows) < 2:
        return rows[:n]
    own = vectors[rows]
    step = -(-len(rows) // SAMPLE)
    others = np.arange(0, len(rows), step)
    near = min(NEAREST, len(others) - 1)
    crowd = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), BLOCK):
        similar = own[start : start + BLOCK] @ own[others].T
        # A product is not its own company.
        here = np.arange(start, start + len(similar))
        similar[here[here % step == 0] - start, here[here % step == 0] // step] = -1
        crowd[start : start + BLOCK] = np.partition(similar, -near, axis=1)[:, -near:].mean(axis=1)
    return _best(-crowd, rows, n)


def to_csv(frame: pd.DataFrame, rows: np.ndarray) -> str:
    """Some rows as comma-separated text with a header.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, which makes it text there.
    """
    columns, records = _records(frame, rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow([_harmless(column) for column in columns])
    writer.writerows([_cell(record[column]) for column in columns] for record in records)
    return out.getvalue()


def to_json(frame: pd.DataFrame, rows: np.ndarray) -> str:
    """Some rows as a JSON list of objects; a missing value is null."""
    return json.dumps(_records(frame, rows)[1], ensure_ascii=False, indent=1)


def _records(frame: pd.DataFrame, rows: np.ndarray) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns that text can hold, and the rows in plain Python values, as answers have them."""
    part = frame.iloc[_checked(rows, len(frame))]
    columns = [column for column in frame.columns if column != "image" and not any(map(_is_binary, part[column]))]
    whole = part.astype({column: "Int64" for column in columns if _is_whole(part[column])})
    values = [[as_json(value) for value in whole[column].tolist()] for column in columns]
    return columns, [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _is_whole(values: pd.Series) -> bool:
    """Whether a column of numbers with a point holds none that needs it, as one of years with gaps."""
    if not pd.api.types.is_float_dtype(values):
        return False
    given = values.dropna()
    return bool(np.isfinite(given).all() and (given % 1 == 0).all() and (given.abs() < 2**53).all())


def _is_binary(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_is_binary, value.values()))
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.dtype == object):
        return any(map(_is_binary, value))
    return isinstance(value, bytes)


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return _harmless(value) if isinstance(value, str) else value


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _best(score: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """The ``n`` rows of highest score, ties by row."""
    return rows[np.lexsort((rows, -score))[: max(n, 0)]]


def _checked(rows: np.ndarray | Sequence[int], n: int) -> np.ndarray:
    found = np.unique(np.asarray(rows, np.int64))
    beyond = found[(found < 0) | (found >= n)]
    if len(beyond):
        raise RecommenderError(f"The selection names the row {beyond[0]}, and the catalogue has {n:,} products.")
    return found
