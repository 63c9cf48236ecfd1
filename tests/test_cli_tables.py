"""What the command line says of tables of other people, and measures on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.atlas import Atlas
from recommender.cli import search
from recommender.evaluation import report
from tests import drawn
from tests.test_cli import call, lines, sentence  # noqa: F401  (a fixture)


def test_catalogue_info(call: Any, drawn_path: Path) -> None:  # noqa: F811
    done = call("catalogue", "info", drawn_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("drawn: 108 products, fingerprint ")
    assert "gender: 3 values (Women 60" in done.stdout


def test_catalogue_info_of_bytes_and_of_what_a_terminal_would_obey(call: Any, tmp_path: Path) -> None:  # noqa: F811
    entries = [drawn.changed(entry, phash=b"\xff\x01", brand="\x1b[2JAcme") for entry in drawn.rows()[:4]]
    done = call("catalogue", "info", drawn.write(tmp_path / "x.parquet", entries))
    assert done.returncode == 0, done.stderr
    assert "phash: 1 values" in done.stdout
    assert "brand: 1 values ( [2JAcme 4)" in done.stdout


def test_catalogue_info_names_values_that_are_there(call: Any, tmp_path: Path) -> None:  # noqa: F811
    table = drawn.table(drawn.rows()[:4])
    kinds = pa.DictionaryArray.from_arrays([0, 0, 0, 0], ["Men", "Women"])
    pq.write_table(table.set_column(table.column_names.index("gender"), "gender", kinds), tmp_path / "x.parquet")
    assert "gender: 1 values (Men 4)" in call("catalogue", "info", tmp_path / "x.parquet").stdout


def test_catalogue_info_lists_what_was_left_out(call: Any, tmp_path: Path) -> None:  # noqa: F811
    entries = [drawn.changed(entry, sizes=["S", "M"]) for entry in drawn.rows()[:4]]
    entries[2] = drawn.changed(entries[2], image=None)
    done = call("catalogue", "info", drawn.write(tmp_path / "x.parquet", entries))
    assert done.returncode == 0, done.stderr
    assert "x: 3 products" in done.stdout
    assert f"left out: Product {entries[2]['id']!r}: There is no picture in its row." in done.stderr


def test_evaluate(call: Any, drawn_path: Path) -> None:  # noqa: F811
    done = call("evaluate", "-c", drawn_path, "--by", "articleType", "--json")
    assert done.returncode == 0, done.stderr
    (report,) = lines(done)
    assert set(report) == {"all", *drawn.SHAPES}
    assert report["all"]["articleType"]["products"] == 108
    assert report["Caps"]["articleType"]["products"] == 18
    assert "no column 'kind'" in sentence(call("evaluate", "-c", drawn_path, "--by", "kind"))


def test_evaluate_counts_only_what_it_can_know(call: Any, tmp_path: Path, drawn_path: Path) -> None:  # noqa: F811
    rows = [
        drawn.changed(row, sizes=["S", "M"], deal="all" if n % 2 else "none", batch=2**60 + 1 if n else None)
        for n, row in enumerate(drawn.rows(1))
    ]
    rows[0] = drawn.changed(rows[0], image={"bytes": b"no picture", "path": None})
    rows[1] = drawn.changed(rows[1], articleType=None)
    path = drawn.write(tmp_path / "partly.parquet", rows)
    done = call("evaluate", "-c", path, "--against", drawn_path, "--by", "deal", "--json")
    assert done.returncode == 0, done.stderr
    assert f"Left out: Product {rows[0]['id']!r}" in done.stderr
    (report,) = lines(done)
    counted = {
        title: (found["gender"]["products"], found["nearest articleType@10"]["products"])
        for title, found in report.items()
    }
    assert counted == {"all": (35, 34), "deal all": (18, 17), "none": (17, 17)}
    assert [found["taken for products"]["products"] for found in report.values()] == [35, 18, 17]
    assert "'sizes' holds lists" in sentence(call("evaluate", "-c", path, "--by", "sizes"))
    (report,) = lines(call("evaluate", "-c", path, "--by", "batch", "--json"))
    assert report[str(2**60 + 1)]["gender"]["products"] == 35
    (report,) = lines(call("evaluate", "-c", path, "--by", "isFragile", "--json"))
    assert set(report) == {"all", "Yes", "No"}
    bare = drawn.write(tmp_path / "bare.parquet", [drawn.changed(row, articleType=None) for row in drawn.rows(1)])
    assert "names no articleType" in sentence(call("evaluate", "-c", drawn_path, "--against", bare))


def test_products_that_are_left_out_are_told_and_found_to_be(call: Any, tmp_path: Path) -> None:  # noqa: F811
    entries = drawn.rows()[:9]
    entries[2] = drawn.changed(entries[2], image={"bytes": b"\x89PNG broken", "path": None})
    table = drawn.write(tmp_path / "x.parquet", entries)
    done = call("similar", entries[0]["id"], "-c", table)
    assert done.returncode == 0
    assert f"Left out: Product '{entries[2]['id']}': " in done.stderr
    done = call("similar", entries[2]["id"], "-c", table)
    assert (done.returncode, done.stdout) == (2, "")
    gone = done.stderr.splitlines()[-1]
    assert f"Product '{entries[2]['id']}': " in gone
    assert "is searched without it" in gone


def test_many_that_are_left_out_are_counted(call: Any, tmp_path: Path) -> None:  # noqa: F811
    broken = [drawn.changed(e, id=f"b{e['id']}", image={"bytes": b"none", "path": None}) for e in drawn.rows()[:9]]
    table = drawn.write(tmp_path / "x.parquet", [*drawn.rows()[:3], *broken])
    done = call("similar", drawn.rows()[0]["id"], "-c", table)
    assert done.stderr.count("Left out: Product 'b") == 5
    assert "Left out: 4 more like these." in done.stderr


def test_what_a_terminal_would_obey_reaches_none(call: Any, tmp_path: Path) -> None:  # noqa: F811
    evil = "\x1b]0;title\x07\x1b[2J"
    entry = drawn.changed(drawn.rows()[0], id=evil, image={"bytes": b"none", "path": None})
    done = call("embed", drawn.write(tmp_path / "x.parquet", [entry]), "--out", tmp_path / "x.npz")
    assert "title" in done.stderr
    assert not set("\x1b\x07") & set(done.stderr)
    pq.write_table(pa.table({evil: ["x"]}), tmp_path / "y.parquet")
    done = call("catalogue", "info", tmp_path / "y.parquet")
    assert done.returncode == 2
    assert not set("\x1b\x07") & set(done.stderr)


def test_a_product_is_not_one_of_its_own_neighbours(call: Any, drawn_path: Path, tmp_path: Path) -> None:  # noqa: F811
    only = [drawn.changed(drawn.rows()[0], articleType="Teapot"), *drawn.rows()[6:30]]
    table = drawn.write(tmp_path / "x.parquet", only)
    (report,) = lines(call("evaluate", "-c", table, "--against", table, "--by", "articleType", "--json"))
    assert report["Teapot"]["nearest articleType@10"]["accuracy"] == 0
    (report,) = lines(call("evaluate", "-c", table, "--against", drawn_path, "--json"))
    assert report["all"]["nearest articleType@10"]["products"] == len(only)


def test_evaluate_leaves_out_columns_of_lists(call: Any, tmp_path: Path, drawn_path: Path) -> None:  # noqa: F811
    rows = [drawn.changed(row, usage=[row["usage"]], articleType=[row["articleType"]]) for row in drawn.rows(1)]
    path = drawn.write(tmp_path / "lists.parquet", rows)
    done = call("evaluate", "-c", path, "--json")
    assert "The column 'usage' is left out: it holds lists" in done.stderr
    (report,) = lines(done)
    assert "gender" in report["all"]
    assert "usage" not in report["all"]
    done = call("evaluate", "-c", path, "--against", drawn_path)
    assert done.returncode == 2
    assert "'articleType' of 'lists' holds things that are no labels" in done.stderr


def test_evaluate_for_people(call: Any, drawn_path: Path) -> None:  # noqa: F811
    (report,) = lines(call("evaluate", "-c", drawn_path, "--json"))
    done = call("evaluate", "-c", drawn_path)
    assert done.returncode == 0
    found = report["all"]["gender"]
    line = next(line for line in done.stdout.splitlines() if line.startswith("  gender "))
    assert f"{found['accuracy']:.1%} ({found['low']:.1%} to {found['high']:.1%}, n {found['products']})" in line
    assert f"ECE {found['calibration_error']:.3f}" in line


def test_of_very_many_products_each_counts_alone(call: Any, drawn_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    (few,) = lines(call("evaluate", "-c", drawn_path, "--json"))
    monkeypatch.setattr(report, "MANY", 10)
    done = call("evaluate", "-c", drawn_path, "--json")
    (many,) = lines(done)
    assert "Which of more than 10 products are of one design would take too long" in done.stderr
    for column, found in few["all"].items():
        assert many["all"][column]["accuracy"] == found["accuracy"]


# ---------------------------------------------------------------- a map as a table


def test_a_map_replaces_nothing_but_maps(call: Any, drawn_path: Path, tmp_path: Path) -> None:  # noqa: F811
    for name in ("map.csv", "map.npz"):
        (tmp_path / name).touch()  # as mktemp does
        for _ in range(2):
            done = call("map", "-c", drawn_path, "--method", "pca", "--out", tmp_path / name)
            assert done.returncode == 0, done.stderr
    (tmp_path / "prices.csv").write_text("id,map_x,map_y,price\n1,0,0,9\n")
    (tmp_path / "text.csv").write_bytes(b"\xff\xfe no table")
    (tmp_path / "damaged.npz").write_bytes(b"PK\x03\x04 damaged")
    np.savez(tmp_path / "vectors.npz", id=np.array(["1"]), vector=np.zeros((1, 2)))
    (tmp_path / "folder.csv").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "open_shop", None)  # it is known before anything is computed
        for name in ("prices.csv", "text.csv", "damaged.npz", "vectors.npz"):
            before = (tmp_path / name).read_bytes()
            said = sentence(call("map", "-c", drawn_path, "--out", tmp_path / name))
            assert f"{name}' is there already and holds no map: name another file" in said
            assert (tmp_path / name).read_bytes() == before
        for out in (tmp_path / "folder.csv", tmp_path / "prices.csv" / "map.csv"):
            assert "can't be written to" in sentence(call("map", "-c", drawn_path, "--out", out))


def test_a_map_hides_no_column_of_the_catalogue(call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    table = drawn.write(tmp_path / "x.parquet", [drawn.changed(row, map_y=7) for row in drawn.rows()[:9]])
    arguments = ("map", "-c", table, "--method", "pca", "--out")
    with monkeypatch.context() as patch:
        patch.setattr(Atlas, "map", None)
        said = sentence(call(*arguments, tmp_path / "map.csv"))
    assert "has a column 'map_y' of its own, which the map's would replace: rename it in the catalogue" in said
    assert not (tmp_path / "map.csv").exists()
    done = call(*arguments, tmp_path / "map.npz")
    assert done.returncode == 0, done.stderr


def test_a_map_with_an_id_without_end_is_no_npz(call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    entries = [drawn.changed(row, id=f"{row['id']}{'x' * 100_000 * (not n)}") for n, row in enumerate(drawn.rows()[:9])]
    arguments = ("map", "-c", drawn.write(tmp_path / "x.parquet", entries), "--method", "pca", "--out")
    with monkeypatch.context() as patch:
        patch.setattr(Atlas, "map", None)  # it is known before anything is computed
        said = sentence(call(*arguments, tmp_path / "map.npz"))
    assert "The id in the catalogue that begins with '1000xxx" in said
    assert "has 100,004 letters" in said
    assert not (tmp_path / "map.npz").exists()
    done = call(*arguments, tmp_path / "map.csv")
    assert done.returncode == 0, done.stderr


def test_vectors_that_stay_are_said_to(call: Any, drawn_path: Path, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    out = tmp_path / "x.npz"
    assert call("embed", drawn_path, "--encoder", "colour", "--out", out).returncode == 0
    before = out.read_bytes()
    done = call("embed", tmp_path / "bad.jpg", "--out", out)
    assert done.returncode == 1
    assert f"No picture could be read: {out} is left as it was" in done.stderr
    assert "pictures are in" not in done.stderr
    assert out.read_bytes() == before
