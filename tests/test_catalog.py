"""Catalogues: what can be opened, what is left out and said so, and what is refused in one sentence."""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.catalog import LABEL_COLUMNS, Catalog, from_table, load_catalog, parse_where, select
from recommender.catalog.catalog import DEMO, name_of
from recommender.catalog.patterns import PATTERNS, pattern_from_title
from recommender.errors import CatalogError
from tests import drawn

PICTURE = {"bytes": b"\xff\xd8 not looked at here", "path": None}


def catalogue(**columns: Any) -> Catalog:
    """A catalogue of some columns; ``id`` and ``image`` are made where they are not given."""
    n = len(next(iter(columns.values())))
    columns = {"id": [str(i) for i in range(n)], "image": [PICTURE] * n, **columns}
    return from_table(pa.table(columns), "small")


def message(path: Path | str) -> str:
    """The text of the CatalogError that a path gives: one line, no type names."""
    with pytest.raises(CatalogError) as caught:
        load_catalog(path)
    text = str(caught.value)
    assert "\n" not in text
    assert "Error" not in text
    return text


# ---------------------------------------------------------------- loading


def test_opens_a_table(drawn_path: Path) -> None:
    shop = load_catalog(drawn_path)
    assert (shop.name, len(shop), shop.skipped) == ("drawn", 108, ())
    assert shop.path == drawn_path
    assert shop.label_columns == LABEL_COLUMNS
    assert "image" not in shop.frame.columns
    entry = drawn.rows()[40]
    assert shop.row_of(entry["id"]) == 40
    assert shop.image(40) == entry["image"]["bytes"]
    columns = shop.columns_of(40)
    assert columns == {name: value for name, value in entry.items() if name != "image"}
    assert type(columns["year"]) is int
    assert type(columns["isFragile"]) is bool


def test_a_text_path_does_as_well(drawn_path: Path) -> None:
    assert load_catalog(str(drawn_path)).ids == load_catalog(drawn_path).ids


def test_any_columns_will_do() -> None:
    shop = from_table(pa.table({"id": [7, 8], "image": [b"x", b"y"]}), "bare")
    assert shop.ids == ["7", "8"]
    assert list(shop.frame.columns) == ["id"]
    assert len(shop.frame) == 2
    assert shop.label_columns == ()
    assert shop.columns_of(1) == {"id": "8"}


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.struct([("bytes", pa.binary())])])
def test_image_columns(kind: pa.DataType) -> None:
    values = [b"one", b"two", b"three"]
    image = pa.array([{"bytes": v} for v in values] if pa.types.is_struct(kind) else values, kind)
    shop = from_table(pa.table({"id": ["a", "b", "c"], "image": image}), "x")
    assert [shop.image(row) for row in range(3)] == values


def test_a_table_in_many_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "groups.parquet"
    entries = drawn.rows()
    entries[50]["image"] = None
    pq.write_table(drawn.table(entries), path, row_group_size=7)
    shop = load_catalog(path)
    assert len(shop) == 107
    assert shop.image(shop.row_of(entries[51]["id"])) == entries[51]["image"]["bytes"]


@pytest.mark.parametrize("index", ["id", "gender"])
def test_a_table_that_pandas_wrote_with_an_index(tmp_path: Path, index: str) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "gender": ["Men", "Women"], "image": [b"1", b"2"]})
    frame.set_index(index).to_parquet(tmp_path / "indexed.parquet")
    shop = load_catalog(tmp_path / "indexed.parquet")
    assert shop.ids == ["a", "b"]
    assert shop.frame["gender"].tolist() == ["Men", "Women"]


def test_folder_names_are_no_columns(tmp_path: Path) -> None:
    folder = tmp_path / "gender=Men"
    folder.mkdir()
    drawn.write(folder / "shop.parquet", drawn.rows()[:4])
    assert set(load_catalog(folder / "shop.parquet").frame["gender"]) == {"Women", "Men", "Unisex"}


# ---------------------------------------------------------------- rows that can't be used


def test_bad_rows_are_listed_and_left_out() -> None:
    entries = drawn.rows()[:6]
    entries[1] = drawn.changed(entries[1], id=None)
    entries[2] = drawn.changed(entries[2], image=None)
    entries[3] = drawn.changed(entries[3], image={"bytes": None, "path": "elsewhere.jpg"})
    entries[5] = drawn.changed(entries[5], id=entries[0]["id"])
    shop = from_table(drawn.table(entries), "x")
    assert shop.ids == ["1000", "1004"]
    assert shop.frame["price"].tolist() == [5.0, 7.0]
    assert shop.image(1) == entries[4]["image"]["bytes"]
    assert shop.skipped == (
        "Row 2: no id.",
        "Product '1002': There is no picture in its row.",
        "Product '1003': There is no picture in its row.",
        "Row 6: the id '1000' appears again.",
    )


def test_an_empty_table_is_an_empty_catalogue() -> None:
    shop = from_table(drawn.table().slice(0, 0), "none")
    assert len(shop) == 0
    assert shop.ids == []


def test_without_leaves_rows_out_and_says_why() -> None:
    shop = from_table(drawn.table(drawn.rows()[:4]), "x")
    fewer = shop.without({2: "It is torn."})
    assert fewer.ids == ["1000", "1001", "1003"]
    assert fewer.row_of("1003") == 2
    assert fewer.columns_of(2)["id"] == "1003"
    assert fewer.image(2) == shop.image(3)
    assert fewer.skipped == ("Product '1002': It is torn.",)
    assert shop.ids == ["1000", "1001", "1002", "1003"]
    assert shop.without({}) is shop


def test_more_than_two_gigabytes_of_pictures_can_lose_rows() -> None:
    part = pa.array([bytes(2**23)] * 8)  # many times the same memory
    images = pa.chunked_array([part] * 33)
    assert images.nbytes > 2**31
    ids = [str(row) for row in range(len(images))]
    shop = Catalog("large", pd.DataFrame({"id": ids}), images, "")
    fewer = shop.without({row: "It is torn." for row in range(len(images)) if row not in (5, 200)})
    assert fewer.ids == ["5", "200"]
    assert len(fewer.image(1)) == 2**23
    columns = {"id": pa.chunked_array([ids[:2] + ids[1:-1]]), "image": images}
    ids_of_few = from_table(pa.table(columns).slice(0, 3), "twice").ids
    assert ids_of_few == ["0", "1"]


def test_whole_numbers_with_gaps_keep_their_digits() -> None:
    large = [2**60 + 1, None, 2**60 + 3]
    frame = catalogue(sku=large, unsigned=pa.array([2**64 - 1, None, 1], pa.uint64()), year=[2011, None, 2013]).frame
    assert select(frame, {"sku": str(2**60 + 1)}).tolist() == [True, False, False]
    assert select(frame, {"sku": (0, None)}).tolist() == [True, False, True]
    assert select(frame, parse_where([f"sku={2**60 + 2}.."])).tolist() == [False, False, True]
    assert select(frame, parse_where([f"sku=..{2**60 + 2}"])).tolist() == [True, False, False]
    assert select(frame, {"sku": (-(2**70), 2.0**70)}).tolist() == [True, False, True]
    assert catalogue(empty=pa.array([None, None], pa.int64())).columns_of(0)["empty"] is None
    assert frame["sku"].tolist()[0] == 2**60 + 1
    assert frame["unsigned"].tolist()[0] == 2**64 - 1
    shop = catalogue(sku=large, year=[2011, None, 2013])
    assert [shop.columns_of(row)["sku"] for row in range(3)] == large
    assert [str(shop.columns_of(row)["year"]) for row in range(3)] == ["2011", "None", "2013"]


def test_ids_that_a_gap_made_floats_are_whole_numbers_again() -> None:
    shop = catalogue(id=pa.array([15970.0, None, float("nan"), 1.5]))
    assert shop.ids == ["15970", "1.5"]
    assert shop.skipped == ("Row 2: no id.", "Row 3: no id.")
    assert catalogue(id=[b"a", b"b"]).ids == ["a", "b"]


def test_halves_can_be_looked_for() -> None:
    frame = catalogue(h=pa.array([np.float16(1), np.float16(2.5)], pa.float16())).frame
    assert select(frame, parse_where(["h=2.5"])).tolist() == [False, True]


def test_text_that_is_none_is_a_damaged_table(tmp_path: Path) -> None:
    latin = pa.Array.from_buffers(
        pa.utf8(), 1, [None, pa.array([0, 4], pa.int32()).buffers()[1], pa.py_buffer(b"Caf\xe9")]
    )
    for name in ("title", "id"):
        columns = {"id": ["1"], "image": [PICTURE], "title": ["Tea"], name: latin}
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table(columns), path)
        assert "can't be read as a Parquet table" in message(path)


# ---------------------------------------------------------------- what is refused


def test_missing_columns_are_named() -> None:
    with pytest.raises(CatalogError, match=r"lacks the column id and image\. It has: price\."):
        from_table(pa.table({"price": [1.0]}), "x")
    with pytest.raises(CatalogError, match=r"lacks the column image\."):
        from_table(pa.table({"id": ["1"]}), "x")


def test_two_columns_of_one_name_are_refused() -> None:
    both = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"]), pa.array([b"x"])], ["id", "id", "image"])
    with pytest.raises(CatalogError, match="more than one column id"):
        from_table(both, "x")


@pytest.mark.parametrize(
    "image",
    [pa.array(["/etc/passwd"]), pa.array([{"bytes": "/etc/passwd"}]), pa.array([{"path": "a.jpg"}]), pa.array([3])],
)
def test_an_image_column_without_bytes_is_refused(image: pa.Array) -> None:
    # Text above all: what opens pictures would read the file of that name.
    with pytest.raises(CatalogError, match="has to hold encoded pictures"):
        from_table(pa.table({"id": ["1"], "image": image}), "x")


def test_a_table_without_rows_is_called_empty() -> None:
    # Pandas writes an empty column as numbers: nobody put numbers in it.
    with pytest.raises(CatalogError, match=r"The table 'x' has no rows: there is no product in it\."):
        from_table(pa.table({"id": pa.array([], pa.float64()), "image": pa.array([], pa.float64())}), "x")
    assert len(from_table(pa.table({"id": pa.array([], pa.utf8()), "image": pa.array([], pa.binary())}), "x")) == 0


def test_paths_that_hold_no_catalogue(tmp_path: Path) -> None:
    assert "There is no catalogue 'nowhere'. The shipped one is called 'demo'" in message("nowhere")
    assert "There is no catalogue" in message(tmp_path / "none.parquet")
    assert message(tmp_path) == f"'{tmp_path}' is a folder and no catalogue: give the path of one Parquet file."
    assert len(message("x" * 5000)) < 400
    assert "There is no catalogue" in message("a\0b.parquet")
    (tmp_path / "text.parquet").write_text("id,image\n1,2\n")
    assert "text.parquet can't be read as a Parquet table" in message(tmp_path / "text.parquet")
    (tmp_path / "empty.parquet").write_bytes(b"")
    assert "can't be read as a Parquet table" in message(tmp_path / "empty.parquet")


def test_a_damaged_file_gives_a_catalogue_or_one_sentence(tmp_path: Path, drawn_path: Path) -> None:
    data = drawn_path.read_bytes()
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(data[: len(data) // 2])
    assert "can't be read" in message(broken)
    rng = np.random.default_rng(0)
    tail = data[-6000:]  # where the schema and the places of the columns stand
    refused = 0
    for _ in range(60):
        spoilt = bytearray(tail)
        for place in rng.integers(0, len(tail) - 8, 5):
            spoilt[place] = int(rng.integers(256))
        broken.write_bytes(data[:-6000] + bytes(spoilt))
        try:
            load_catalog(broken)
        except CatalogError:
            refused += 1
    assert refused > 5


# ---------------------------------------------------------------- asking


def test_unknown_ids_are_named(drawn_catalogue: Catalog) -> None:
    with pytest.raises(CatalogError, match="'drawn' has no product with the id '99'"):
        drawn_catalogue.row_of("99")
    with pytest.raises(CatalogError) as caught:
        drawn_catalogue.row_of("9" * 10_000)
    assert len(str(caught.value)) < 200


def test_a_product_that_was_left_out_is_said_to_be(drawn_catalogue: Catalog) -> None:
    key = drawn_catalogue.ids[2]
    fewer = drawn_catalogue.without({2: "The picture is damaged."})
    with pytest.raises(CatalogError, match=f"Product '{key}': The picture is damaged. So the catalogue 'drawn' is"):
        fewer.row_of(key)


def test_text_that_is_stored_as_binary_is_text() -> None:
    shop = catalogue(colour=[b"Red", None, "Türkis".encode()], thumb=[b"\xff\xd8", None, b"\x89PNG"])
    assert np.flatnonzero(select(shop.frame, {"colour": ["red", "türkis"]})).tolist() == [0, 2]
    assert shop.columns_of(2)["colour"] == "Türkis"
    assert [shop.columns_of(row)["thumb"] for row in range(3)] == [None, None, None]


def test_ids_are_compared_as_text(drawn_catalogue: Catalog) -> None:
    assert drawn_catalogue.row_of(1003) == 3  # type: ignore[arg-type]


def test_columns_are_json_whatever_they_hold() -> None:
    day = datetime.datetime(2024, 5, 6, 7, 8)
    shop = catalogue(
        price=[1.5, float("inf"), float("nan")],
        stock=pa.array([3, None, 5]),
        sizes=[["S", "M"], [], None],
        extra=[{"a": 1.0, "b": float("nan")}, None, {"a": None, "b": 2.0}],
        seen=pa.array([day, None, day]),
        cost=pa.array([decimal.Decimal("26.99"), None, decimal.Decimal("0.35")]),
        fragile=pa.array([True, None, False]),
        label=pa.array(["x", None, "y"]).dictionary_encode(),
        back=[{"bytes": b"\xff\xd8", "path": "back.jpg"}, None, None],
        note=pa.array([b"dry clean", None, None]),
    )
    first, second, third = (json.loads(json.dumps(shop.columns_of(row), allow_nan=False)) for row in range(3))
    assert first == {
        "id": "0", "price": 1.5, "stock": 3, "sizes": ["S", "M"], "extra": {"a": 1.0, "b": None},
        "seen": "2024-05-06T07:08:00", "cost": 26.99, "fragile": True, "label": "x",
        "back": {"bytes": None, "path": "back.jpg"}, "note": "dry clean",
    }  # fmt: skip
    assert second == {
        "id": "1", "price": None, "stock": None, "sizes": [], "extra": None,
        "seen": None, "cost": None, "fragile": None, "label": None, "back": None, "note": None,
    }  # fmt: skip
    assert third["price"] is None
    assert third["extra"] == {"a": None, "b": 2.0}
    assert third["cost"] == 0.35


# ---------------------------------------------------------------- fingerprints


def test_the_fingerprint_follows_ids_and_pictures_only() -> None:
    entries = drawn.rows()[:5]

    def mark(changed: list[dict[str, Any]]) -> str:
        return from_table(drawn.table(changed), "x").fingerprint

    same = mark(entries)
    assert mark(drawn.rows()[:5]) == same
    assert mark([drawn.changed(entry, price=1.0) for entry in entries]) == same
    assert mark(entries[::-1]) != same
    assert mark(entries[:4]) != same
    assert mark([drawn.changed(entries[0], id="other"), *entries[1:]]) != same
    assert mark([drawn.changed(entries[0], image=entries[1]["image"]), *entries[1:]]) != same
    data = bytearray(entries[0]["image"]["bytes"])
    data[-30] ^= 1
    assert mark([drawn.changed(entries[0], image={"bytes": bytes(data), "path": None}), *entries[1:]]) != same


def test_the_fingerprint_knows_where_an_id_ends() -> None:
    one = pa.table({"id": ["a"], "image": [b"b"]})
    # Lengths written out: else these two would read alike.
    other = pa.table({"id": ["a" + "\1" + "\0" * 7 + "b"], "image": [b""]})
    assert from_table(one, "x").fingerprint != from_table(other, "x").fingerprint


def test_layout_does_not_change_the_fingerprint(tmp_path: Path, drawn_path: Path) -> None:
    pq.write_table(pq.read_table(drawn_path), tmp_path / "other.parquet", row_group_size=5, compression="zstd")
    assert load_catalog(tmp_path / "other.parquet").fingerprint == load_catalog(drawn_path).fingerprint


# ---------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("title", "pattern"),
    [
        ("Oak Men Striped Print Shirt", "striped"),
        ("Oak Men Check Shirt", "plaid"),
        ("Oak Women Checkmate Watch", None),
        ("Oak Women POLKA Dress", "spotted"),
        ("Oak Kids Printed T-shirt", "graphic"),
        ("Oak Men Solid Tie", "plain"),
        ("Oak Men Shirt", None),
        ("", None),
    ],
)
def test_pattern_from_title(title: str, pattern: str | None) -> None:
    assert pattern_from_title(title) == pattern
    assert pattern is None or pattern in PATTERNS


def test_the_shipped_catalogue_has_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DEMO.parent)
    for way in ("demo", DEMO, DEMO.name, f"../demo/{DEMO.name}"):
        assert name_of(way) == "demo"
        assert load_catalog(way).name == "demo"
    assert name_of("elsewhere/catalogue.parquet") == "catalogue"
