"""Maps and clusters of a shop: computed once, kept, rebuilt where anything changed; photos placed on them."""

from __future__ import annotations

import csv
import math
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import recommender.atlas as atlas_module
from recommender.atlas import Atlas
from recommender.catalog import from_table, load_catalog
from recommender.cli import app
from recommender.errors import RecommenderError
from recommender.jobs import Job
from recommender.maps import EmbeddingMap, draw
from recommender.maps.files import write_map
from recommender.reduction import REDUCERS
from recommender.service import WITHIN, Recommender
from recommender.settings import Settings
from recommender.workspace import SHIPPED, Workspace, read_arrays
from tests import drawn

METHODS = tuple(REDUCERS)
cluster_module = sys.modules["recommender.clustering.cluster"]  # its package has a function of that name


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods whose maps were computed, in order."""
    done: list[str] = []

    def counting(reducer, vectors, progress=None):
        done.append(reducer.card.name)
        return draw(reducer, vectors, progress)

    monkeypatch.setattr(atlas_module, "draw", counting)
    return done


def files(shop: Recommender, kind: str) -> list[Path]:
    return sorted(shop.settings.workspace.glob(f"{kind}-*.npz"))


# ---------------------------------------------------------------- computed once, kept


def test_a_map_is_computed_once_and_opened_after_that(opened, fits: list[str]) -> None:
    told: list[tuple[float, float]] = []
    first = Atlas(opened())
    assert not first.ready("pca")
    made = first.map("pca", lambda share, left: told.append((share, left)))
    assert told[-1] == (1.0, 0.0)
    assert first.ready("pca")
    assert first.map("pca") is made
    later = Atlas(opened())
    assert later.ready("pca")
    again = later.map("pca")
    assert fits == ["pca"]
    assert np.array_equal(again.points, made.points)
    assert again.quality == pytest.approx(made.quality)
    assert (again.method, again.seconds, again.note) == (made.method, made.seconds, made.note)


def test_what_a_map_says_of_itself(opened) -> None:
    shop = opened()
    found = Atlas(shop).map("isomap")
    assert found.points.shape == (len(shop.catalogue), 2)
    assert found.points.dtype == np.float32
    assert set(found.quality) == {"trustworthiness", "neighbours_kept", *WITHIN}
    assert all(0 <= value <= 1 for value in found.quality.values())
    assert found.seconds > 0


def test_a_method_that_there_is_not_is_named(opened) -> None:
    atlas = Atlas(opened())
    for call in (atlas.ready, atlas.map, atlas.warm, lambda name: atlas.place(name, np.zeros(3)), atlas.clusters):
        with pytest.raises(RecommenderError, match="'mds'"):
            call("mds")


@pytest.mark.parametrize("damage", ["cut", "empty", "nan", "shape", "pickle", "gone"])
def test_a_damaged_map_is_computed_again(opened, fits: list[str], damage: str) -> None:
    shop = opened()
    Atlas(shop).map("pca")
    (path,) = files(shop, "map")
    arrays = read_arrays(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:200])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
    else:
        points = {"nan": arrays["points"] * np.nan, "shape": arrays["points"][1:],
                  "pickle": np.array([{"a": 1}] * len(arrays["points"]), object)}[damage]  # fmt: skip
        np.savez(path.open("wb"), **{**arrays, "points": points})
    atlas = Atlas(opened())
    assert not atlas.ready("pca")
    assert np.array_equal(atlas.map("pca").points, arrays["points"])
    assert fits == ["pca", "pca"]
    assert Atlas(opened()).ready("pca")


def test_another_catalogue_encoder_or_parameter_is_another_map(
    opened, fits: list[str], drawn_catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = opened()
    Atlas(shop).map("kernel-pca")
    fewer = drawn_catalogue.without({3: "sold"})
    assert not Atlas(opened(fewer)).ready("kernel-pca")
    assert not Atlas(opened(encoder="house")).ready("kernel-pca")
    create = REDUCERS.create
    monkeypatch.setattr(REDUCERS, "create", lambda name: create(name, landmarks=50))
    changed = Atlas(opened())
    assert not changed.ready("kernel-pca")
    assert "50 products" in changed.map("kernel-pca").note
    monkeypatch.undo()
    assert Atlas(opened()).ready("kernel-pca")


def test_labels_may_change_without_the_map(opened, fits: list[str], drawn_catalogue) -> None:
    before = Atlas(opened()).map("pca")
    frame = drawn_catalogue.frame.copy()
    frame["masterCategory"] = np.where(before.points[:, 0] > 0, "Right", "Left").astype(object)
    after = Atlas(opened(replace(drawn_catalogue, frame=frame.drop(columns="subCategory")))).map("pca")
    assert fits == ["pca"]
    assert after.quality["masterCategory"] > 0.9 > before.quality["masterCategory"]
    assert "subCategory" not in after.quality


def test_a_workspace_that_cannot_be_written_to_costs_only_time(drawn_catalogue, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    atlas = Atlas(Recommender.open(drawn_catalogue, "colour", Settings(workspace=tmp_path / "file" / "deeper")))
    assert np.isfinite(atlas.map("pca").points).all()
    assert atlas.ready("pca")


# ---------------------------------------------------------------- shared by many


def test_those_who_ask_at_once_get_one_map(opened, fits: list[str]) -> None:
    atlas = Atlas(opened())
    found: list[EmbeddingMap] = []
    threads = [threading.Thread(target=lambda: found.append(atlas.map("isomap"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fits == ["isomap"]
    assert len({id(one) for one in found}) == 1


def test_who_asks_while_a_map_is_written_gets_the_same_one(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas = Atlas(opened())
    meanwhile: list[EmbeddingMap] = []
    keep = Workspace.keep

    def slow(self: Workspace, name: str, arrays: dict[str, np.ndarray]) -> None:
        keep(self, name, arrays)
        meanwhile.append(atlas.map("pca"))

    monkeypatch.setattr(Workspace, "keep", slow)
    assert atlas.map("pca") is meanwhile[0]


def test_the_work_goes_on_when_the_one_who_asked_leaves(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    calls: list[str] = []

    def slow(reducer, vectors, progress=None):
        calls.append(reducer.card.name)
        progress(0.25)
        assert go_on.wait(30)
        return draw(reducer, vectors, progress)

    monkeypatch.setattr(atlas_module, "draw", slow)
    atlas = Atlas(opened())
    seen: list[float] = []

    def leave(share: float, left: float) -> None:
        seen.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atlas.map("pca", leave)
    assert not atlas.ready("pca")
    waiting: list[tuple[float, float]] = []

    def watch(share: float, left: float) -> None:
        waiting.append((share, left))
        go_on.set()

    assert len(atlas.map("pca", watch).points)
    assert calls == ["pca"]
    assert waiting[0][0] == 0.25
    assert 0 < waiting[0][1] < math.inf


def test_a_map_that_failed_is_tried_again(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(reducer, vectors, progress=None):
        raise RecommenderError("No memory is left for the map.")

    atlas = Atlas(opened())
    monkeypatch.setattr(atlas_module, "draw", broken)
    with pytest.raises(RecommenderError, match="No memory"):
        atlas.map("pca")
    monkeypatch.setattr(atlas_module, "draw", draw)
    assert len(atlas.map("pca").points)


def test_a_job_tells_its_share_and_what_is_left() -> None:
    begin, end = threading.Event(), threading.Event()

    def work(report: Callable[[float], None]) -> str:
        assert begin.wait(30)
        report(0.5)
        report(0.2)  # never back
        assert end.wait(30)
        return "done"

    job = Job(work)
    assert (job.share, job.left, job.done) == (0.0, math.inf, False)
    begin.set()
    while job.share == 0:
        time.sleep(0.001)
    assert job.share == 0.5
    assert 0 < job.left < 60
    end.set()
    assert job.wait() == "done"
    assert job.done


def test_a_failed_job_holds_nobody_who_waited_for_it() -> None:
    def work(report: Callable[[float], None]) -> None:
        raise ValueError("no")

    job, depths = Job(work), []
    for _ in range(20):
        with pytest.raises(ValueError, match="no") as caught:
            job.wait()
        depths.append(len(list(traceback.walk_tb(caught.value.__traceback__))))
    assert depths[-1] == depths[0] <= 4


# ---------------------------------------------------------------- small and odd catalogues


def table(n: int, same: bool = False, **columns: list) -> pa.Table:
    pictures = [drawn.jpeg(drawn.draw("Tshirts", "Red", 1 if same else i, size=(60, 80))) for i in range(n)]
    return pa.table({"id": [str(i) for i in range(n)], "image": pa.array(pictures, pa.binary()), **columns})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_catalogues_of_a_few_products(opened, method: str, n: int) -> None:
    shop = opened(from_table(table(n), f"few{n}"))
    atlas = Atlas(shop)
    found = atlas.map(method)
    assert found.points.shape == (n, 2)
    assert np.isfinite(found.points).all()
    assert all(0 <= value <= 1 for value in found.quality.values())
    assert set(found.quality) == ({"trustworthiness", "neighbours_kept"} if n == 3 else set())
    assert ("fewer than 5" in found.note) is (method in ("tsne", "umap"))
    atlas.warm(method)
    assert atlas.warmed(method)
    assert np.isfinite(atlas.place(method, shop.vectors[0]).point).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_catalogue_of_one_picture_many_times(opened, method: str) -> None:
    shop = opened(from_table(table(12, same=True), "same"))
    atlas = Atlas(shop)
    found = atlas.map(method)
    assert np.isfinite(found.points).all()
    assert found.quality["trustworthiness"] == 1
    for _ in range(2):
        assert np.isfinite(atlas.place(method, shop.vectors[0]).point).all()
        atlas.warm(method)
        atlas.warmed(method)


def test_columns_that_are_absent_empty_or_no_text_have_no_measure(opened) -> None:
    columns = {
        "masterCategory": pa.nulls(12, pa.string()),
        "subCategory": [""] * 12,
        "articleType": pa.array([None if i % 3 else i for i in range(12)], pa.int64()),
    }
    for given in ({}, columns):
        shop = opened(from_table(table(12, **given), "bare"))
        assert set(Atlas(shop).map("pca").quality) == {"trustworthiness", "neighbours_kept"}


# ---------------------------------------------------------------- clusters


def test_clusters_are_computed_once_and_named_anew(opened, drawn_catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Atlas(opened())
    made = first.clusters("kmeans", 4)
    assert made.k == 4
    suggested = first.clusters("kmeans")
    assert suggested.k == suggested.choice.suggested
    # The numbers are compared once for all k, and nothing is computed for a second visitor.
    assert made.choice is suggested.choice
    monkeypatch.setattr(atlas_module, "cluster", None)
    frame = drawn_catalogue.frame.assign(articleType="Gadgets", subCategory="Gadgets", masterCategory="Gadgets")
    again = Atlas(opened(replace(drawn_catalogue, frame=frame))).clusters("kmeans", 4)
    assert np.array_equal(again.labels, made.labels)
    assert again.names != made.names


def test_damaged_clusters_are_computed_again(opened) -> None:
    shop = opened()
    made = Atlas(shop).clusters("kmeans")
    (path,) = files(shop, "clusters")
    arrays = read_arrays(path)
    np.savez(path.open("wb"), **{**arrays, "labels": arrays["labels"][:-1]})
    assert np.array_equal(Atlas(opened()).clusters("kmeans").labels, made.labels)
    path.write_bytes(b"no file of this kind")
    assert np.array_equal(Atlas(opened()).clusters("kmeans").labels, made.labels)


def test_a_number_of_clusters_that_cannot_be_is_refused(opened) -> None:
    atlas = Atlas(opened())
    for k in (0, -1, 10_000):
        with pytest.raises(RecommenderError, match="clusters"):
            atlas.clusters("kmeans", k)


def test_a_number_of_clusters_that_cannot_be_is_refused_before_numbers_are_compared(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("numbers were compared")

    monkeypatch.setattr(cluster_module, "choose", never)
    shop = opened()
    for k in (0, len(shop.vectors) + 1):
        with pytest.raises(RecommenderError, match=rf"clusters, not into {k}\."):
            Atlas(shop).clusters("kmeans", k)


def test_comparing_the_numbers_is_told_to_who_wants_an_own_one(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = threading.Event()
    choose = cluster_module.choose

    def slow(tool, vectors, seed, progress):
        progress(0.5)
        assert compared.wait(30)
        return choose(tool, vectors, seed, progress=progress)

    told: list[float] = []

    def watch(share: float, left: float) -> None:
        told.append(share)
        if share > 0:
            compared.set()

    monkeypatch.setattr(cluster_module, "choose", slow)
    ticker = threading.Timer(5, compared.set)  # so that a bar that stays where it is fails below, and soon
    ticker.start()
    assert Atlas(opened()).clusters("kmeans", 3, watch).k == 3
    ticker.cancel()
    assert 0 < min(share for share in told if share) < 0.5
    assert told[-1] == 1.0


# ---------------------------------------------------------------- shipped, written, on the command line


def test_the_shipped_catalogue_opens_all_maps_at_once(demo: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas_module, "draw", None)
    monkeypatch.setattr(atlas_module, "cluster", None)
    atlas = Atlas(demo)
    for method in METHODS:
        assert atlas.ready(method), f"{method}: run python -m recommender demo embed"
        assert len(atlas.map(method).points) == len(demo.catalogue)
    for method in ("kmeans", "spectral"):
        assert len(atlas.clusters(method).labels) == len(demo.catalogue)
    assert len(list(SHIPPED.glob("map-*.npz"))) == len(METHODS)
    assert atlas.map("tsne").quality["neighbours_kept"] > 2 * atlas.map("pca").quality["neighbours_kept"]


def test_shipping_replaces_what_was_shipped(opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in ("map-pca-0123.npz", "clusters-kmeans-0123.npz"):
        (shipped / name).write_bytes(b"old")
    shutil.copy(next(SHIPPED.glob("vectors-*.npz")), shipped)
    for module in (atlas_module, __import__("recommender.workspace", fromlist=["SHIPPED"])):
        monkeypatch.setattr(module, "SHIPPED", shipped)
    told: list[tuple[float, float]] = []
    shop = opened()
    paths = Atlas(shop).ship(lambda done, total: told.append((done, total)))
    assert sorted(p.name for p in shipped.iterdir() if not p.name.startswith("vectors")) == sorted(
        path.name for path in paths
    )
    assert len(paths) == len(METHODS) + 2
    assert told[0] == (0, len(paths))
    fresh = Atlas(shop)
    monkeypatch.setattr(atlas_module, "draw", None)
    assert all(fresh.ready(method) for method in METHODS)
    assert fresh.clusters("spectral").k > 1


def test_a_map_as_a_table_and_as_arrays(opened, tmp_path: Path) -> None:
    shop = opened()
    found = Atlas(shop).map("pca")
    write_map(tmp_path / "map.csv", found, shop.catalogue.frame)
    rows = list(csv.DictReader((tmp_path / "map.csv").open(encoding="utf-8", newline="")))
    assert [row["id"] for row in rows] == shop.catalogue.ids
    points = np.array([[float(row["map_x"]), float(row["map_y"])] for row in rows])
    assert points == pytest.approx(found.points, abs=1e-6)
    assert rows[0]["articleType"] == shop.catalogue.frame["articleType"][0]
    write_map(tmp_path / "map.npz", found, shop.catalogue.frame)
    arrays = read_arrays(tmp_path / "map.npz")
    assert arrays["id"].tolist() == shop.catalogue.ids
    assert np.array_equal(arrays["points"], found.points)
    assert float(arrays["trustworthiness"]) == found.quality["trustworthiness"]
    for wrong in ("map.xlsx", "map"):
        with pytest.raises(RecommenderError, match=r"\.csv or \.npz"):
            write_map(tmp_path / wrong, found, shop.catalogue.frame)


def test_a_hostile_id_is_no_formula_in_the_table(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["=cmd|'/C calc'!A0"]})
    write_map(tmp_path / "map.csv", EmbeddingMap("pca", np.zeros((1, 2), np.float32), {}, 0.0), frame)
    (row,) = csv.DictReader((tmp_path / "map.csv").open(encoding="utf-8", newline=""))
    assert row["id"] == "'=cmd|'/C calc'!A0"


def test_the_map_command(drawn_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "map.csv"
    done = CliRunner().invoke(app, ["map", "-c", str(drawn_path), "--method", "pca", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(load_catalog(drawn_path)) + 1
    assert "trustworthiness 0." in done.stderr
    for wrong in (["--method", "mds", "--out", str(out)], ["--out", "map.png"]):
        refused = CliRunner().invoke(app, ["map", "-c", str(drawn_path), *wrong])
        assert isinstance(refused.exception, RecommenderError)
