"""Columns of a catalogue in the less usual of Arrow's types."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from recommender.catalog import Catalog, from_table, parse_where, select
from recommender.errors import CatalogError, FilterError


def catalogue(**columns: Any) -> Catalog:
    """A catalogue of some columns of equal length."""
    n = len(next(iter(columns.values())))
    return from_table(pa.table({"id": [str(row) for row in range(n)], "image": [b"x"] * n, **columns}), "x")


def test_columns_that_frames_can_not_hold_are_text() -> None:
    """Nanoseconds of a day, years after 9999 and repeated entries of a dictionary are legal in a table."""
    columns = {
        "opens": pa.array([1, 2], pa.time64("ns")),
        "until": pa.array([100_000_000, 0], pa.date32()),
        "kind": pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "a"])),
        "price": pa.array([3, 4]),
    }
    shop = from_table(pa.table({"id": ["1", "2"], "image": [b"x", b"y"], **columns}), "x")
    assert shop.frame["opens"].tolist() == ["00:00:00.000000001", "00:00:00.000000002"]
    assert shop.frame["until"].tolist()[1] == "1970-01-01"
    assert shop.frame["kind"].tolist() == ["a", "a"]
    assert shop.frame["price"].tolist() == [3, 4]


def test_numbers_in_a_dictionary_are_numbers() -> None:
    years = pa.array([2011, 2012, None]).dictionary_encode()
    shop = from_table(pa.table({"id": ["1", "2", "3"], "image": [b"x"] * 3, "year": years}), "x")
    assert select(shop.frame, {"year": (2012, None)}).tolist() == [False, True, False]
    assert shop.frame["year"].tolist()[:2] == [2011, 2012]


@pytest.mark.parametrize("kind", [pa.decimal128(6, 2), pa.decimal256(50, 2)])
def test_decimals_are_the_floats_that_are_nearest(kind: pa.DataType) -> None:
    said = ["0.35", "1.25", "2.00", "26.99", "1234.56", None]
    prices = pa.array([None if one is None else Decimal(one) for one in said], kind)
    for column in (prices, prices.dictionary_encode()):
        shop = from_table(pa.table({"id": list("123456"), "image": [b"x"] * 6, "price": column}), "x")
        assert shop.frame["price"].tolist()[:5] == [0.35, 1.25, 2.0, 26.99, 1234.56]
        assert select(shop.frame, {"price": (None, 26.99)}).tolist() == [True] * 4 + [False] * 2
    large = from_table(
        pa.table({"id": ["1"], "image": [b"x"], "price": pa.array([Decimal("1.23E+4")], pa.decimal128(5, -2))}), "x"
    )
    assert large.frame["price"].tolist() == [12300.0]


def test_a_column_that_nobody_can_read_is_named() -> None:
    opens = pa.array([1], pa.timestamp("us", tz="Mars/Base"))
    with pytest.raises(CatalogError, match=r"The column 'opens' of 'x' can't be read: .*Leave it out, or store it"):
        from_table(pa.table({"id": ["1"], "image": [b"x"], "opens": opens}), "x")


# ---------------------------------------------------------------- lists


def test_a_gap_in_one_list_costs_no_other_product() -> None:
    """Pandas makes floats of all the whole numbers of a column where one is missing, and 38.0 was not 38."""
    large = 2**60 + 1
    shop = catalogue(
        first=["a", "b", "c"],
        sizes=[[38, 39], [40, None], [38]],
        codes=pa.array([[large], [None], None]),
        unsigned=pa.array([[2**64 - 1], [None], []], pa.list_(pa.uint64())),
        pairs=pa.array([[1, 2], None, [3, None]], pa.list_(pa.int64(), 2)),
        parts=pa.array([{"n": large, "sizes": [1, None]}, {"n": None, "sizes": None}, None]),
        last=[1, 2, 3],
    )
    assert list(shop.frame.columns) == ["id", "first", "sizes", "codes", "unsigned", "pairs", "parts", "last"]
    for wanted in (38, "38", 38.0, ["38"], np.int64(38)):
        assert select(shop.frame, {"sizes": wanted}).tolist() == [True, False, True]
    assert select(shop.frame, {"codes": str(large)}).tolist() == [True, False, False]
    assert select(shop.frame, {"codes": large - 1}).tolist() == [False, False, False]
    assert select(shop.frame, {"pairs": 3}).tolist() == [False, False, True]
    assert shop.columns_of(0) == {
        "id": "0", "first": "a", "sizes": [38, 39], "codes": [large], "unsigned": [2**64 - 1], "pairs": [1, 2],
        "parts": {"n": large, "sizes": [1, None]}, "last": 1,
    }  # fmt: skip
    assert str(shop.columns_of(1)["sizes"]) == "[40, None]"


def test_a_gap_in_another_part_of_the_table_costs_nothing_either() -> None:
    tables = [
        pa.table({"id": [key], "image": [b"x"], "sizes": pa.array([[size]], pa.list_(pa.int64()))})
        for key, size in (("a", 38), ("b", None))
    ]
    shop = from_table(pa.concat_tables(tables), "x")
    assert select(shop.frame, {"sizes": 38}).tolist() == [True, False]
    assert str(shop.columns_of(0)["sizes"]) == "[38]"


LISTS = {
    "sizes": pa.array([[38.0, None], [39.5], None]),
    "short": pa.array([[19.99, None], [2.0], []], pa.list_(pa.float32())),
    "half": pa.array([[np.float16(2.5)], [np.float16(1)], None], pa.list_(pa.float16())),
    "cost": pa.array([[Decimal("26.99")], [Decimal("38.00"), None], None]),
    "new": pa.array([[True, None], [False], []]),
    "days": pa.array([[datetime.date(2024, 1, 2)], [datetime.date(2023, 5, 5), None], None]),
    "seen": pa.array([[datetime.datetime(2024, 1, 2, 10)], [datetime.datetime(2023, 5, 5)], [None]]),
    "exact": pa.array([[datetime.datetime(2024, 1, 2, 10)], [None], None], pa.list_(pa.timestamp("ns"))),
    "there": pa.array([[datetime.datetime(2024, 1, 1, 23, 30)], [None], []], pa.list_(pa.timestamp("us", "+01:00"))),
    "deep": pa.array([[[1, 2], [3]], [[4, None]], None]),
    "none": pa.array([[], None, []], pa.list_(pa.int64())),
}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sizes=38", [0]),
        ("sizes=38..39", [0]),
        ("sizes=39..", [1]),
        ("short=19.99", [0]),
        ("half=2.5", [0]),
        ("cost=26.99", [0]),
        ("cost=38", [1]),
        ("new=yes", [0]),
        ("new=no,yes", [0, 1]),
        ("days=2024", [0]),
        ("days=2023-05..2023", [1]),
        ("days=2024-01-02", [0]),
        ("seen=2024", [0]),
        ("seen=2024-01-02 10:00", [0]),
        ("seen=..2023", [1]),
        ("exact=2024-01-02", [0]),
        ("there=2024-01-02", [0]),
        ("there=2024-01-01T23:30Z", [0]),
        ("deep=4", [1]),
        ("none=4", []),
        ("none=4..5", []),
    ],
)
def test_values_in_lists_are_compared_as_others_are(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(select(catalogue(**LISTS).frame, parse_where([text]))).tolist() == rows


@pytest.mark.parametrize(
    ("text", "words"),
    [("sizes=large", "sizes holds numbers, and 'large' is none"), ("new=perhaps", "new is yes or no"),
     ("days=soon", "days holds dates"), ("sizes=3..2", "upside down")],
)  # fmt: skip
def test_what_no_value_of_a_list_can_be_is_refused(text: str, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        select(catalogue(**LISTS).frame, parse_where([text]))


def test_vectors_of_a_catalogue_stay_arrays() -> None:
    """As Python's numbers they would take ten times the room."""
    shop = catalogue(vector=pa.array([[0.6, 0.8], [None, 1.0]], pa.list_(pa.float32())))
    assert all(isinstance(value, np.ndarray) and value.dtype == np.float32 for value in shop.frame["vector"])
    assert shop.columns_of(1)["vector"] == [None, 1.0]
