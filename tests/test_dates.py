"""Filters by days and moments, with a time zone and without one."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recommender.catalog import parse_where, select
from recommender.errors import FilterError

DATED = pd.DataFrame(
    {
        "added": pd.to_datetime(["2024-01-02 10:00", "2024-01-02 00:00", "2024-02-03 00:00", None]),
        "there": pd.to_datetime(["2024-01-02 23:30", "2024-01-03 00:00", None, None]).tz_localize("Asia/Tokyo"),
        "day": [datetime.date(2024, 1, 2), None, datetime.date(2023, 5, 5), datetime.date(2025, 1, 1)],
        "short": np.array([19.99, 2, 3, np.nan], np.float32),
        "large": [2**60 + 1, 2**60, 1, 2],
        "often": pd.Categorical(
            [datetime.date(2024, 1, 2), None, datetime.date(2023, 5, 5), datetime.date(2024, 1, 2)]
        ),
        "gaps": pd.array([1, None, 2**60 + 1, 2], dtype="Int64"),
    }
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("added=2024-01-02", [0, 1]),
        ("added=2024-01-02 10:00", [0]),
        ("added=2024-01", [0, 1]),
        ("added=2024-01-03..", [2]),
        ("added=..2024-01-02", [0, 1]),
        ("added=2023..2024", [0, 1, 2]),
        ("added=..", [0, 1, 2]),
        ("there=2024-01-02", [0]),
        ("day=2024", [0]),
        ("day=2023-05-05,2025-01-01", [2, 3]),
        ("day=2023..2024", [0, 2]),
        ("often=2024", [0, 3]),
        ("short=19.99", [0]),
        (f"large={2**60 + 1}", [0]),
        ("large=1.0", [2]),
        ("large=1.5", []),
        (f"gaps={2**60 + 1}", [2]),
    ],
)
def test_dates_and_numbers_pass_as_they_are_written(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(select(DATED, parse_where([text]))).tolist() == rows


def test_dates_may_be_dates() -> None:
    def passing(wanted: Any) -> list[int]:
        return np.flatnonzero(select(DATED, {"added": wanted})).tolist()

    assert passing(datetime.date(2024, 1, 2)) == [0, 1]
    assert passing(pd.Timestamp("2024-01-02 10:00")) == [0]
    assert passing((datetime.date(2024, 1, 3), None)) == [2]
    assert passing([]) == []


ZONED = pd.DataFrame(
    {
        # 01:00, 02:00 and 03:00 by the clock in Berlin
        "at": pd.to_datetime(["1970-01-01T00:00Z", "1970-01-01T01:00Z", "1970-01-01T02:00Z"]).tz_convert(
            "Europe/Berlin"
        ),
        # One hour of the autumn's night is there twice: 02:30 in summer time, then 02:30 in winter time.
        "autumn": pd.to_datetime(["2024-10-27T00:30Z", "2024-10-27T01:30Z", None]).tz_convert("Europe/Berlin"),
    }
)
ONE = datetime.datetime(1970, 1, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({"at": "1970-01-01T01:00Z"}, [1]),
        ({"at": "1970-01-01T01:00z"}, [1]),
        ({"at": "1970-01-01T01:00"}, [0]),
        ({"at": "1970-01-01 02:00+01:00"}, [1]),
        ({"at": "1970-01-01T0200-0100"}, []),
        ({"at": "1970-01-01T01 UTC"}, [1]),
        ({"at": "1970-01-01T03+02"}, [1]),
        ({"at": ONE}, [1]),
        ({"at": pd.Timestamp(ONE)}, [1]),
        ({"at": pd.Timestamp(ONE).tz_convert("Asia/Tokyo")}, [1]),
        ({"at": ["1970-01-01T00:00Z", "1970-01-01T03:00"]}, [0, 2]),
        ({"at": (pd.Timestamp("1970-01-01T00:30Z"), None)}, [1, 2]),
        ({"at": (None, "1970-01-01T01:30Z")}, [0, 1]),
        ({"at": ("1970-01-01T01:30", "1970-01-01T01:30Z")}, [1]),
        (parse_where(["at=1970-01-01T00:30Z..1970-01-01T01:30Z"]), [1]),
        ({"at": "1970"}, [0, 1, 2]),
        ({"autumn": "2024-10-27T00:30Z"}, [0]),
        ({"autumn": "2024-10-27T02:30+01:00"}, [1]),
        ({"autumn": "2024-10-27T02:30"}, [0, 1]),
        ({"autumn": ("2024-10-27T00:40Z", "2024-10-27T01:30Z")}, [1]),
    ],
)
def test_a_moment_with_a_zone_is_that_moment(where: dict[str, Any], rows: list[int]) -> None:
    assert np.flatnonzero(select(ZONED, where)).tolist() == rows


@pytest.mark.parametrize("wanted", ["2024-01-02T10:00Z", "2024-01-02 10:00+01:00", ONE, (None, ONE), ("2023", ONE)])
@pytest.mark.parametrize("column", ["added", "day", "often"])
def test_a_moment_is_not_compared_with_dates_without_a_zone(column: str, wanted: Any) -> None:
    with pytest.raises(FilterError, match=rf"^{column} holds dates without a time zone, and '.*' has one\. Leave"):
        select(DATED, {column: wanted})


def test_only_whole_years_are_dates_as_numbers() -> None:
    for year in (2024, 2024.0, np.float64(2024), np.float32(2024), np.int64(2024)):
        assert select(DATED, {"added": year}).tolist() == [True, True, True, False]
        assert select(DATED, {"day": (None, year)}).tolist() == [True, False, True, False]
    for text in ("added=2024.05..2024.07", "added=2024.7..", "added=..2024.05", "added=2024.05"):
        with pytest.raises(FilterError, match=r"added holds dates, such as 2024-05-31, and '2024\.\d+' is none"):
            select(DATED, parse_where([text]))
    for number in (math.inf, math.nan, 1e300):
        with pytest.raises(FilterError, match="is none"):
            select(DATED, {"added": (number, None)})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("added=soon", "added holds dates, such as 2024-05-31, and 'soon' is none."),
        ("added=2024-13", "'2024-13' is none"),
        ("added=01.02.2024", "'01.02.2024' is none"),
        ("added=1/2/2024", "'1/2/2024' is none"),
        ("added=12:30", "'12:30' is none"),
        ("added=2024-01-02 10:00 CET", "'2024-01-02 10:00 CET' is none"),
        ("added=2024-01-02+01:00", "'2024-01-02+01:00' is none"),
        ("there=2024-01-02T10:00+99:00", "'2024-01-02T10:00+99:00' is none"),
        ("there=2024-01-02T10:00Z..2024-01-02T09:00Z", "upside down"),
        ("there=2024-01-02T10:00..2024-01-02T00:00Z", "upside down"),
        ("day=2025..2024", "The range for day is upside down: 2025 is later than 2024."),
    ],
)
def test_what_is_no_date_is_refused(text: str, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        select(DATED, parse_where([text]))
    assert words in str(caught.value)
