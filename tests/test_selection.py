"""What a group of products has in common, which of it are typical or odd, and the group as a file."""

from __future__ import annotations

import csv
import datetime
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from recommender.catalog import from_table
from recommender.errors import RecommenderError
from recommender.maps.selection import counts, oddest, to_csv, to_json, typical
from recommender.service import Recommender
from tests.conftest import unit_rows
from tests.test_map_parts import FRAME


def test_counts_of_a_selection() -> None:
    found = counts(FRAME, np.array([0, 2, 4, 4]))
    women, unknown = found["gender"]
    assert (women.value, women.count, unknown.value, unknown.count) == ("Women", 2, None, 1)
    assert women.share == pytest.approx(2 / 3)
    assert [one.value for one in found["year"]] == ["2012", None]
    assert {one.value: one.count for one in found["isFragile"]} == {"No": 2, "Yes": 1}
    blank = counts(
        pd.DataFrame({"usage": ["", " ", None, "Home"], "pattern": [["a"], ["a"], None, ["b"]]}), np.arange(4)
    )
    assert [(one.value, one.count) for one in blank["usage"]] == [("Home", 1), (None, 3)]
    assert [one.count for one in blank["pattern"]] == [2, 1, 1]
    assert counts(FRAME, np.array([], int))["gender"] == ()
    with pytest.raises(RecommenderError, match="row 5"):
        counts(FRAME, np.array([0, 5]))


@pytest.mark.parametrize(("rows", "wrong"), [([-1, 2], -1), ([0, 3], 3), ([-2, 1, 9], -2)])
def test_a_row_that_is_none_is_the_one_that_is_named(rows: list[int], wrong: int) -> None:
    with pytest.raises(RecommenderError, match=f"names the row {wrong}, and the catalogue has 3 products"):
        counts(FRAME.iloc[:3], np.array(rows))


def test_typical_and_odd_products(rng: np.random.Generator) -> None:
    crowd = unit_rows(rng, 1, 16) + rng.normal(0, 0.02, (3000, 16))
    crowd[1234], crowd[2001] = unit_rows(rng, 2, 16)
    crowd[50] = crowd[:1000].mean(axis=0)
    vectors = (crowd / np.linalg.norm(crowd, axis=1, keepdims=True)).astype(np.float32)
    rows = np.arange(1000, 3000)
    assert set(oddest(vectors, np.arange(3000), 2)) == {1234, 2001}
    assert set(oddest(vectors, rows, 2)) == {1234, 2001}
    assert typical(vectors, np.arange(1000), 1).tolist() == [50]
    assert set(typical(vectors, rows, 5)) <= set(rows)
    for few in ([], [7], [7, 9]):
        assert sorted(typical(vectors, np.array(few, int), 3)) == few
        assert sorted(oddest(vectors, np.array(few, int), 3)) == few


def test_files_of_a_selection_hold_what_the_catalogue_holds(demo: Recommender) -> None:
    frame = demo.catalogue.frame
    rows = np.array([3, 10, 700])
    records = json.loads(to_json(frame, rows))
    assert [record["id"] for record in records] == frame["id"][rows].tolist()
    assert set(records[0]) == set(frame.columns)
    assert records[0]["variantOf"] is None or isinstance(records[0]["variantOf"], str)
    read = list(csv.DictReader(io.StringIO(to_csv(frame, rows))))
    assert [row["productDisplayName"] for row in read] == frame["productDisplayName"][rows].tolist()
    assert [float(row["price"]) for row in read] == frame["price"][rows].tolist()


def test_hostile_cells_stay_text() -> None:
    evil = ["=cmd()|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "  =1", 'a"b,c\nd', "Bär"]
    frame = pd.DataFrame({"id": evil, "=header": evil, "price": [-1.5] * 8, "year": [2012.0] * 7 + [None]})
    header, *rows = csv.reader(io.StringIO(to_csv(frame, np.arange(8))))
    assert header == ["id", "'=header", "price", "year"]
    for text, row in zip(evil, rows, strict=True):
        assert row[0] == (text if text in evil[6:] else f"'{text}")
        assert float(row[2]) == -1.5
    assert [row[3] for row in rows] == ["2012"] * 7 + [""]
    assert [record["id"] for record in json.loads(to_json(frame, np.arange(8)))] == evil


def test_files_of_odd_columns() -> None:
    frame = pd.DataFrame(
        {
            "id": ["1", "2"],
            "sizes": [["S", "M"], None],
            "thumbnail": [b"\xff\xd8", None],
            "views": [[b"\xff\xd8"], None],
            "price": [np.inf, 2.5],
            "seen": pd.to_datetime(["2024-01-02", None]),
        }
    )
    first, second = json.loads(to_json(frame, np.array([1, 0])))
    assert first == {"id": "1", "sizes": ["S", "M"], "price": None, "seen": first["seen"]}
    assert first["seen"].startswith("2024-01-02")
    assert second == {"id": "2", "sizes": None, "price": 2.5, "seen": None}
    assert json.loads(to_json(frame, np.array([], int))) == []
    assert to_csv(frame, np.array([], int)).startswith("id,sizes")
    assert '"[""S"", ""M""]"' in to_csv(frame, np.array([0]))


def test_days_and_moments_are_those_of_the_answers() -> None:
    moment = datetime.datetime(2024, 5, 31, 0, 30)
    columns = {
        "day": pa.array([datetime.date(2024, 5, 31), None]),
        "seen": pa.array([moment, None]),
        "local": pa.array([moment, None], pa.timestamp("s", tz="Europe/Berlin")),
        "days": pa.array([[datetime.date(2024, 5, 31)], None]),
        "span": pa.array([datetime.timedelta(hours=1), None]),
    }
    shop = from_table(pa.table({"id": ["1", "2"], "image": [b"x"] * 2, **columns}), "x")
    records = json.loads(to_json(shop.frame, np.arange(2)))
    assert records == [shop.columns_of(0), shop.columns_of(1)]
    assert records[0]["day"] == "2024-05-31"
    assert records[0]["local"].endswith("+02:00")
    first, second = csv.DictReader(io.StringIO(to_csv(shop.frame, np.arange(2))))
    assert first == records[0] | {"days": '["2024-05-31"]'}
    assert set(second.values()) == {"2", ""}
