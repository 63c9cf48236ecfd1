"""``where``: which products may be found at all.

A filter maps a column to one value, to a list of values (any of them), or to a pair
``(low, high)`` for numbers, both ends inclusive and None for an open end. Columns of dates
take a day, a month or a year ("2024-05-31", "2024-05", "2024") or two of them with ``..``
between; a time may have an offset ("2024-05-31T10:00Z") where the column has a time zone, and is by
the column's clock without one. Of a column of lists one value is enough, and it is compared as a
column of such values would be. Several columns must all hold.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from recommender.catalog import dates
from recommender.errors import FilterError

Where = Mapping[str, Any]

DIGITS = 400
"""Of a number that a filter takes: none in any table has as many, and Python refuses to read far longer ones."""
_NUMBER = r"(?:[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)?"
# Names may hold two dots as well, so only numbers make a range.
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")


_LISTS = (list, tuple, set, np.ndarray)


class _Written(list[Any]):
    """Values as the command line writes them, and in ``whole`` the texts with a comma, which may be one value each."""

    def __init__(self) -> None:
        super().__init__()
        self.whole: list[str] = []


def select(frame: pd.DataFrame, where: Where | None) -> np.ndarray:
    """Rows of ``frame`` that pass ``where``, (n,) bool.

    Raises
    ------
    FilterError
        For a column that is not there, or a value that the column can't be compared with.
    """
    passed = np.ones(len(frame), dtype=bool)
    for column, wanted in (where or {}).items():
        if column not in frame.columns:
            near = difflib.get_close_matches(str(column), frame.columns, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(map(str, frame.columns))}."
            raise FilterError(f"The catalogue has no column {column!r}.{hint}")
        passed &= _matches(frame[column], column, wanted)
    return passed


def _matches(values: pd.Series, column: str, wanted: Any) -> np.ndarray:
    if types.is_object_dtype(values) and any(isinstance(value, _LISTS) for value in values):
        rows, parts = _parts(values)
        passed = np.zeros(len(values), bool)
        if len(parts):  # what lists are of that are all empty nobody knows
            passed[rows[_matches(parts, column, wanted)]] = True
        return passed
    dated = dates.holds_dates(values)
    if isinstance(wanted, tuple):
        if len(wanted) != 2:
            raise FilterError(f"A range for {column} has two ends, (low, high); this one has {len(wanted)}.")
        return dates.between(values, column, wanted) if dated else _within(values, column, wanted)
    several = isinstance(wanted, Iterable) and not isinstance(wanted, str | bytes | Mapping)
    options = list(wanted) if several else [wanted]
    if any(option is None or isinstance(option, Mapping) for option in options):
        raise FilterError(f"{column} can't be compared with {wanted!r}. Give a value, a list of values or (low, high).")
    if types.infer_dtype(values, skipna=True) == "boolean":
        truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        found = [truth.get(str(option).lower()) for option in options]
        if None in found:
            raise FilterError(f"{column} is yes or no, not {options[found.index(None)]!r}.")
        return values.isin(found).to_numpy()
    if dated:
        return np.any([dates.on(values, column, option) for option in options], axis=0)
    if types.is_numeric_dtype(values):
        return values.isin([_as_in(values, _number(option, column), option) for option in options]).to_numpy()
    # Few values differ, so only those are looked at.
    whole = wanted.whole if isinstance(wanted, _Written) else []
    folded = {_folded(option) for option in (*options, *whole)}
    try:
        codes, names = pd.factorize(values)
    except TypeError:  # structs and the like, which have no hash
        return np.array([_is_there(value) and _folded(value) in folded for value in values], bool)
    # The last place is for the code -1 of a missing value.
    return np.array([*(_folded(name) in folded for name in names), False], dtype=bool)[codes]


def _folded(value: Any) -> str:
    """A value as it is compared: people mind neither case nor in which of its two forms an accent is stored."""
    return unicodedata.normalize("NFC", str(value)).casefold()


def _parts(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """What the lists of a column hold but for what is missing, and the row of each; a cell that is no list as it is."""
    cells = [cell if isinstance(cell, _LISTS) else [cell] for cell in values]
    parts = [[part for part in cell if isinstance(part, _LISTS) or _is_there(part)] for cell in cells]
    rows = np.repeat(np.arange(len(values)), list(map(len, parts)))
    flat = pd.Series([part for some in parts for part in some])
    kinds = {cell.dtype for cell in cells if isinstance(cell, np.ndarray)}
    if len(kinds) == 1 and types.is_float_dtype(kind := kinds.pop()) and types.is_float_dtype(flat):
        flat = flat.astype(kind)  # pandas widens them, and 19.99 would not be the nearest short float any more
    elif types.infer_dtype(flat) == "decimal":
        flat = flat.astype("float64")
    return rows, flat


def _is_there(value: Any) -> bool:
    return value is not None and value is not pd.NA and value == value


def _within(values: pd.Series, column: str, wanted: tuple[Any, ...]) -> np.ndarray:
    if not types.is_numeric_dtype(values) or types.is_bool_dtype(values):
        raise FilterError(f"{column} holds words, so it can't be filtered by a range. Give one value or a list.")
    low = -math.inf if wanted[0] is None else _number(wanted[0], column)
    high = math.inf if wanted[1] is None else _number(wanted[1], column)
    if low > high:
        raise FilterError(f"The range for {column} is upside down: {wanted[0]} is more than {wanted[1]}.")
    passed = values.notna()
    if wanted[0] is not None:
        passed &= values >= _as_in(values, low, wanted[0])
    if wanted[1] is not None:
        passed &= values <= _as_in(values, high, wanted[1])
    return passed.to_numpy(dtype=bool, na_value=False)


def _as_in(values: pd.Series, number: float, option: Any) -> Any:
    """A number as the column holds it: whole ones are exact however large, and 19.99 is the nearest short float."""
    if types.is_float_dtype(values) and isinstance(values.dtype, np.dtype):
        return values.dtype.type(number)
    whole = isinstance(option, int | np.integer) or str(option).strip().lstrip("+-").isdecimal()
    return int(option) if whole else number


def _number(value: Any, column: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if math.isnan(number) or (isinstance(value, str) and len(value) > DIGITS):
        raise FilterError(f"{column} holds numbers, and {_shortened(value)} is none.")
    return number


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= DIGITS else f"{text[:40]}…"


def parse_where(conditions: Sequence[str]) -> dict[str, Any]:
    """``["gender=Women", "baseColour=Red,Maroon", "price=10..80"]`` as a filter.

    A column given twice collects its values. Either end of a range may be left open
    (``price=..80``). A comma stands between values, and may be part of one as well:
    ``brand=Dolce, Gabbana`` finds the brand of that whole name, too, where the column holds words.

    Raises
    ------
    FilterError
        If a text does not read so, or a range is given with something else for the same column.
    """
    where: dict[str, Any] = {}
    for condition in conditions:
        column, equals, text = condition.partition("=")
        column, text = column.strip(), text.strip()
        if not equals or not column or not text:
            raise FilterError(
                f"A filter reads column=value, column=a,b or column=low..high; this one reads {condition!r}."
            )
        ends = _RANGE.fullmatch(text)
        if column in where and (ends or isinstance(where[column], tuple)):
            raise FilterError(f"{column} is given twice, once as a range. Give one range, or values only.")
        if ends:
            where[column] = (_end(ends[1]), _end(ends[2]))
            continue
        values = [part.strip() for part in text.split(",") if part.strip()]
        if not values:
            raise FilterError(f"The filter {condition!r} names no value.")
        several = where.setdefault(column, _Written())
        several.extend(values)
        several.whole += [text] if "," in text else []
    return where


def _end(text: str) -> float | None:
    """An end of a range, whole where it is written so: a float would cost a long number its digits."""
    if not text:
        return None
    if len(text) > DIGITS:
        raise FilterError(f"A range ends in a number of {len(text):,} digits. Give one of {DIGITS} at most.")
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
