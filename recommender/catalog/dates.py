"""Filters over columns of dates: a day, a month or a year, or from one of them to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from recommender.errors import FilterError

# Of other ways of writing a day pandas guesses whether the month comes first, and a zone it drops without a word.
_ISO = re.compile(
    r"(?P<when>\d{4}(-\d{1,2}(-\d{1,2}(?P<time>[ T][\d:.]+( ?[AP]M)?)?)?)?)"
    r"(?(time) ?(?P<zone>[Zz]|UTC|[+-]\d{2}(:?\d{2})?)?)"  # behind a time only
)
_DATES = ("date", "datetime", "datetime64")


@dataclass(frozen=True)
class _Span:
    """A day, a month and the like, as it was written, by its first and last moment: with a zone where it has one."""

    text: str
    first: pd.Timestamp
    last: pd.Timestamp


def holds_dates(values: pd.Series) -> bool:
    """Whether a column's values are days or moments."""
    kinds = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values
    return types.is_datetime64_any_dtype(kinds) or types.infer_dtype(kinds, skipna=True) in _DATES


def on(values: pd.Series, column: str, wanted: Any) -> np.ndarray:
    """Rows within ``wanted``, "2024-05-31", "2024-05", "2024", or two of them with ``..`` between; (n,) bool.

    Raises
    ------
    FilterError
        If ``wanted`` is no date, or has a zone and the column has none.
    """
    low, dots, high = _text(wanted).partition("..")
    return between(values, column, (low or None, (high or None) if dots else low))


def between(values: pd.Series, column: str, ends: tuple[Any, Any]) -> np.ndarray:
    """Rows from the beginning of the first end's day, month or year to the end of the second's; None is open.

    Years may be numbers. An end with a zone, such as "2024-05-31T10:00+02:00", is that moment wherever the column's
    clock is; one without is by the column's clock.

    Raises
    ------
    FilterError
        If an end is no date, or has a zone and the column has none.
    """
    values = values.astype(object) if isinstance(values.dtype, pd.CategoricalDtype) else values
    moments = pd.to_datetime(values, errors="coerce")
    clock = moments.dt.tz_localize(None)
    passed = moments.notna()
    low, high = (None if end is None else _span(end, column, moments.dt.tz) for end in ends)
    if low is not None:
        passed &= (moments if low.first.tz else clock) >= low.first
    if high is not None:
        passed &= (moments if high.last.tz else clock) <= high.last
    if low is not None and high is not None and _later(low.first, high.last, moments.dt.tz):
        raise FilterError(f"The range for {column} is upside down: {low.text} is later than {high.text}.")
    return passed.to_numpy()


def _later(first: pd.Timestamp, last: pd.Timestamp, zone: Any) -> bool:
    """Whether the one is after the other; by the clock of the zone where only one of them has its own."""
    if (first.tz is None) != (last.tz is None):
        first, last = (end.tz_convert(zone).tz_localize(None) if end.tz else end for end in (first, last))
    return bool(first > last)


def _text(date: Any) -> str:
    """A date as it is written: a year that is a float is a year, and 2024.05 is no date."""
    if isinstance(date, float | np.floating) and float(date).is_integer() and abs(float(date)) < 10_000:
        return str(int(date))
    return str(date).strip()


def _span(date: Any, column: str, zone: Any) -> _Span:
    text = _text(date)
    found = _ISO.fullmatch(text)
    try:
        period = pd.Period(found["when"]) if found else None
        offset = pd.Timestamp(f"2000-01-01 00:00{found['zone']}").tz if found and found["zone"] else None
    except ValueError:
        period = None
    if not isinstance(period, pd.Period):  # NaT for "nan" and the like
        raise FilterError(f"{column} holds dates, such as 2024-05-31, and {text!r} is none.")
    if offset is not None and zone is None:
        # Which moments these are nobody knows: UTC would be a guess, and hours wrong without a word.
        raise FilterError(f"{column} holds dates without a time zone, and {text!r} has one. Leave the zone out.")
    return _Span(text, period.start_time.tz_localize(offset), period.end_time.tz_localize(offset))
