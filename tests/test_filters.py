"""Filters against plain Python, and what a wrong one is told."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.catalog import parse_where, select
from recommender.errors import FilterError

FRAME = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4", "5"],
        "gender": ["Women", "Men", None, "WOMEN", "Men"],
        "price": [10.0, 80.0, 45.5, None, 80.01],
        "year": [2011, 2012, 2012, 2013, 2014],
        "isFragile": [True, False, False, True, False],
        "maybe": pd.Series([True, None, False, None, True], dtype="object"),
        "sizes": [["S", "M"], ["L"], None, ["S"], []],
    }
)


def passed(where: dict[str, Any] | None) -> list[int]:
    """Numbers (from 1) of the rows of FRAME that pass."""
    mask = select(FRAME, where)
    assert mask.dtype == bool
    assert mask.shape == (5,)
    return (np.flatnonzero(mask) + 1).tolist()


def refusal(where: dict[Any, Any]) -> str:
    with pytest.raises(FilterError) as caught:
        select(FRAME, where)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (None, [1, 2, 3, 4, 5]),
        ({}, [1, 2, 3, 4, 5]),
        ({"gender": "Women"}, [1, 4]),
        ({"gender": "wOmEn"}, [1, 4]),
        ({"gender": ["Men", "Women"]}, [1, 2, 4, 5]),
        ({"gender": {"Men"}}, [2, 5]),
        ({"gender": np.array(["Men"])}, [2, 5]),
        ({"gender": pd.Series(["Men"])}, [2, 5]),
        ({"gender": (name for name in ["Men"])}, [2, 5]),
        ({"gender": []}, []),
        ({"gender": "Girls"}, []),
        ({"gender": "None"}, []),
        ({"gender": "nan"}, []),
        ({"id": 2}, [2]),
        ({"price": (10, 80)}, [1, 2, 3]),
        ({"price": (None, 45.5)}, [1, 3]),
        ({"price": (45.5, None)}, [2, 3, 5]),
        ({"price": (None, None)}, [1, 2, 3, 5]),
        ({"price": ("10", "80")}, [1, 2, 3]),
        ({"price": 80}, [2]),
        ({"price": [80, "10"]}, [1, 2]),
        ({"year": 2012}, [2, 3]),
        ({"year": "2012"}, [2, 3]),
        ({"year": (2013, math.inf)}, [4, 5]),
        ({"isFragile": True}, [1, 4]),
        ({"isFragile": "no"}, [2, 3, 5]),
        ({"isFragile": [0, 1]}, [1, 2, 3, 4, 5]),
        ({"maybe": "yes"}, [1, 5]),
        ({"maybe": False}, [3]),
        ({"gender": "Men", "price": (None, 80)}, [2]),
    ],
)
def test_passes(where: dict[str, Any] | None, rows: list[int]) -> None:
    assert passed(where) == rows


def test_of_a_list_one_value_is_enough() -> None:
    frame = pd.DataFrame({"tags": [["Summer", "beach"], np.array(["summer"]), None, [], ["winter"]]})
    assert np.flatnonzero(select(frame, {"tags": "summer"})).tolist() == [0, 1]
    assert np.flatnonzero(select(frame, {"tags": ["beach", "winter"]})).tolist() == [0, 4]


def test_categories_are_texts() -> None:
    frame = pd.DataFrame({"gender": pd.Categorical(["Men", None, "Women"])})
    assert select(frame, {"gender": "women"}).tolist() == [False, False, True]


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_an_accent_is_the_same_in_either_form(stored: str, asked: str) -> None:
    name = unicodedata.normalize(stored, "Hermès")
    wanted = unicodedata.normalize(asked, "HERMÈS")
    frame = pd.DataFrame({"brand": [name, "Hermes", None], "tags": [[name], ["Hermes"], None]})
    assert select(frame, {"brand": wanted}).tolist() == [True, False, False]
    assert select(frame, {"tags": [wanted]}).tolist() == [True, False, False]


def test_an_empty_frame() -> None:
    assert select(FRAME.iloc[:0], {"gender": "Men", "price": (1, 2), "isFragile": True}).tolist() == []


def test_unknown_columns_are_named() -> None:
    assert refusal({"prize": 3}) == "The catalogue has no column 'prize'. Did you mean 'price'?"
    assert refusal({"zzzz": 3}).startswith("The catalogue has no column 'zzzz'. There are: id, gender, price")
    assert "no column 3" in refusal({3: 3})


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"price": "cheap"}, "price holds numbers, and 'cheap' is none."),
        ({"price": [10, "cheap"]}, "'cheap' is none"),
        ({"price": float("nan")}, "price holds numbers"),
        ({"price": ("a", 3)}, "price holds numbers, and 'a' is none."),
        ({"price": (float("nan"), 3)}, "price holds numbers"),
        ({"price": (1, 2, 3)}, "has two ends, (low, high); this one has 3"),
        ({"price": ()}, "this one has 0"),
        ({"price": (80, 10)}, "upside down: 80 is more than 10"),
        ({"price": None}, "can't be compared with None"),
        ({"gender": None}, "can't be compared with None"),
        ({"gender": ["Men", None]}, "can't be compared with"),
        ({"price": {"low": 1}}, "can't be compared with"),
        ({"gender": ("a", "b")}, "holds words, so it can't be filtered by a range"),
        ({"price": "9" * 5000}, "price holds numbers, and '999999"),
        ({"price": ("9" * 5000, None)}, "… is none."),
        ({"isFragile": (0, 1)}, "can't be filtered by a range"),
        ({"isFragile": "perhaps"}, "isFragile is yes or no, not 'perhaps'."),
    ],
)
def test_refuses(where: dict[str, Any], words: str) -> None:
    assert words in refusal(where)


# ---------------------------------------------------------------- against plain Python

NAMES = st.sampled_from(["Red", "red", "Navy Blue", "Straße", "STRASSE", "", "7", "a,b"])
NUMBERS = st.one_of(st.integers(-3, 6), st.floats(-3, 6, allow_nan=False))
ENDS = st.one_of(st.none(), NUMBERS)


def expected(values: list[Any], wanted: Any) -> list[bool]:
    """What a filter means, said without pandas."""
    if isinstance(wanted, tuple):
        low, high = (-math.inf if wanted[0] is None else wanted[0]), (math.inf if wanted[1] is None else wanted[1])
        return [value is not None and low <= value <= high for value in values]
    options = wanted if isinstance(wanted, list) else [wanted]
    if any(isinstance(value, str) for value in values):
        folded = [str(option).casefold() for option in options]
        return [value is not None and value.casefold() in folded for value in values]
    return [value is not None and any(value == option for option in options) for value in values]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.none(), NAMES), st.one_of(st.none(), NUMBERS)), min_size=1, max_size=12),
    st.one_of(st.none(), NAMES, st.lists(NAMES, max_size=3)),
    st.one_of(st.none(), NUMBERS, st.lists(NUMBERS, max_size=3), st.tuples(ENDS, ENDS)),
)
def test_means_what_plain_python_means(rows: list[tuple[Any, Any]], name: Any, number: Any) -> None:
    names = ["anchor", *(row[0] for row in rows)]
    numbers = [1.0, *(row[1] for row in rows)]
    frame = pd.DataFrame({"name": pd.Series(names, dtype="str"), "number": pd.Series(numbers, dtype="float64")})
    where = {}
    want = [True] * len(names)
    if name is not None:
        where["name"] = name
        want = [a and b for a, b in zip(want, expected(names, name), strict=True)]
    if number is not None:
        where["number"] = number
        if isinstance(number, tuple) and None not in number and number[0] > number[1]:
            with pytest.raises(FilterError):
                select(frame, where)
            return
        want = [a and b for a, b in zip(want, expected(numbers, number), strict=True)]
    assert select(frame, where).tolist() == want


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(list(FRAME.columns)), st.text(max_size=5)),
        st.one_of(
            st.none(), st.text(max_size=4), st.booleans(), st.floats(), st.integers(), st.binary(max_size=3),
            st.lists(st.one_of(st.none(), st.text(max_size=3), st.floats()), max_size=3),
            st.tuples(st.floats(), st.text(max_size=3)), st.tuples(), st.dictionaries(st.text(max_size=2), st.none()),
        ),
        max_size=3,
    )
)  # fmt: skip
def test_anything_gives_a_mask_or_a_filter_error(where: dict[str, Any]) -> None:
    try:
        mask = select(FRAME, where)
    except FilterError:
        return
    assert mask.shape == (5,)


# ---------------------------------------------------------------- the command line's way to write them


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        ([], {}),
        (["gender=Women"], {"gender": ["Women"]}),
        (["baseColour=Red, Maroon"], {"baseColour": ["Red", "Maroon"]}),
        (["baseColour=Red", "baseColour=Maroon"], {"baseColour": ["Red", "Maroon"]}),
        (["gender=Men,"], {"gender": ["Men"]}),
        (["price=10..80"], {"price": (10.0, 80.0)}),
        (["price= 10 .. 80 "], {"price": (10.0, 80.0)}),
        (["price=..80"], {"price": (None, 80.0)}),
        (["price=-1.5..1e3"], {"price": (-1.5, 1000.0)}),
        (["price=.."], {"price": (None, None)}),
        (["productDisplayName=Wait..what"], {"productDisplayName": ["Wait..what"]}),
        (["note=a=b"], {"note": ["a=b"]}),
    ],
)
def test_parses(texts: list[str], where: dict[str, Any]) -> None:
    assert parse_where(texts) == where


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["brand=Dolce, Gabbana"], [0]),
        (["brand= dolce, gabbana "], [0]),
        (["brand=A, B"], [1, 2]),
        (["brand=Dolce, Gabbana", "brand=B"], [0, 2]),
        (["brand=B", "brand=Dolce, Gabbana"], [0, 2]),
        (["tags=x, y"], [3]),
        (["year=2011, 2012"], [0, 1]),
        (["new=yes,no"], [0, 1, 2, 3]),
    ],
)
def test_a_value_may_hold_a_comma(texts: list[str], rows: list[int]) -> None:
    frame = pd.DataFrame(
        {
            "brand": ["Dolce, Gabbana", "A", "B", None],
            "tags": [[], ["z"], None, ["x, y"]],
            "year": [2011, 2012, 2013, 2014],
            "new": [True, False, True, False],
        }
    )
    assert np.flatnonzero(select(frame, parse_where(texts))).tolist() == rows


@pytest.mark.parametrize("text", ["", "gender", "gender=", "=Men", " = "])
def test_does_not_parse(text: str) -> None:
    with pytest.raises(FilterError, match="A filter reads column=value"):
        parse_where([text])


@pytest.mark.parametrize("text", ["price=" + "9" * 5000 + "..", "price=.." + "9" * 5000])
def test_a_number_of_endless_digits_is_refused(text: str) -> None:
    with pytest.raises(FilterError, match="a number of 5,000 digits"):
        parse_where([text])


@pytest.mark.parametrize("text", ["gender=,", "gender= , ,"])
def test_commas_alone_name_no_value(text: str) -> None:
    with pytest.raises(FilterError, match="names no value"):
        parse_where([text])


@pytest.mark.parametrize("texts", [["price=1..2", "price=5"], ["price=5", "price=1..2"], ["price=1..", "price=..9"]])
def test_a_range_does_not_mix(texts: list[str]) -> None:
    with pytest.raises(FilterError, match="given twice"):
        parse_where(texts)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="ab=.,-+e1 ", max_size=10), max_size=3))
def test_parsing_never_breaks(texts: list[str]) -> None:
    try:
        where = parse_where(texts)
    except FilterError:
        return
    assert all(isinstance(value, list | tuple) for value in where.values())
