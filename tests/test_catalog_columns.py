"""Columns of a catalogue in the less usual of Arrow's types."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from recommender.catalog import from_table, select
from recommender.errors import CatalogError


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
