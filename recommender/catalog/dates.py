"""Filters over columns of dates: a day, a month or a year, or from one of them to another."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from recommender.errors import FilterError

# Of other ways of writing a day pandas guesses whether the month comes first.
_ISO = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2}([ T].*)?)?)?")
_DATES = ("date", "datetime", "datetime64")


def holds_dates(values: pd.Series) -> bool:
    """Whether a column's values are days or moments."""
    kinds = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values
    return types.is_datetime64_any_dtype(kinds) or types.infer_dtype(kinds, skipna=True) in _DATES


def on(values: pd.Series, column: str, wanted: Any) -> np.ndarray:
    """Rows within ``wanted``, "2024-05-31", "2024-05", "2024", or two of them with ``..`` between; (n,) bool.

    Raises
    ------
    FilterError
        If ``wanted`` is no date.
    """
    low, dots, high = str(wanted).partition("..")
    return between(values, column, (low or None, (high or None) if dots else low))


def between(values: pd.Series, column: str, ends: tuple[Any, Any]) -> np.ndarray:
    """Rows from the beginning of the first end's day, month or year to the end of the second's; None is open.

    Years may be numbers. Raises FilterError if an end is no date.
    """
    values = values.astype(object) if isinstance(values.dtype, pd.CategoricalDtype) else values
    stamps = pd.to_datetime(values, errors="coerce").dt.tz_localize(None)
    passed = stamps.notna()
    low, high = (None if end is None else _period(end, column) for end in ends)
    if low is not None:
        passed &= stamps >= low.start_time
    if high is not None:
        passed &= stamps <= high.end_time
    if low is not None and high is not None and low.start_time > high.end_time:
        raise FilterError(f"The range for {column} is upside down: {low} is later than {high}.")
    return passed.to_numpy()


def _period(date: Any, column: str) -> pd.Period:
    text = f"{date:.0f}" if isinstance(date, float) else str(date).strip()
    try:
        period = pd.Period(text) if _ISO.fullmatch(text) else None
    except ValueError:
        period = None
    if not isinstance(period, pd.Period):  # NaT for "nan" and the like
        raise FilterError(f"{column} holds dates, such as 2024-05-31, and {text!r} is none.")
    return period
