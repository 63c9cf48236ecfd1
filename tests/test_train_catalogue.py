"""Training on a catalogue of one's own: what is learnt from it, what is said of it, and the model that comes out."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from PIL import Image  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from recommender.app.components.prediction import prediction  # noqa: E402
from recommender.catalog import Catalog, from_table, load_catalog  # noqa: E402
from recommender.cli import main  # noqa: E402
from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import CatalogError, FilterError, ModelError  # noqa: E402
from recommender.service import Recommender  # noqa: E402
from recommender.settings import ROOT, Settings  # noqa: E402
from recommender.text import TextTower  # noqa: E402
from recommender.training.catalogue import COMMON, pool_of  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.loop import prepare  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.start import take_up  # noqa: E402
from tests import drawn  # noqa: E402

SMALL = {
    "size": [40, 32],
    "widths": [8, 8, 12, 12],
    "blocks": [0, 1, 0, 0],
    "dim": 16,
    "epochs": 3,
    "batch": 16,
    "lr": "5e-3",
    "text_width": 8,
    "text_hidden": 16,
    "text_memory": 16,
    "validation": 0.3,
}
CONFIG = dataclasses.replace(TrainConfig(), size=(40, 32), validation=0.3)


def catalogue(entries: list[dict[str, Any]], name: str = "mine") -> Catalog:
    return from_table(drawn.table(entries), name)


def own(copies: int = 2) -> list[dict[str, Any]]:
    """Products with columns that no other catalogue has, some with a name that torch can't take."""
    entries = []
    for number, row in enumerate(drawn.rows(copies)):
        made = {"Apparel": "Cotton", "Footwear": "Leather", "Accessories": "Felt"}[row["masterCategory"]]
        entries.append(
            {
                "id": row["id"],
                "image": row["image"],
                "productDisplayName": row["productDisplayName"],
                "made.of": None if number % 9 == 0 else made,
                "type": row["articleType"],
                "boxed": row["masterCategory"] == "Footwear",
            }
        )
    return entries


def read(entries: list[dict[str, Any]], **changes: Any) -> tuple[Pool, list[str]]:
    said: list[str] = []
    return pool_of(catalogue(entries), dataclasses.replace(CONFIG, **changes), said.append), said


# ---------------------------------------------------------------- what is learnt


def test_the_columns_that_sort_products_are_learnt() -> None:
    entries = drawn.rows(2)
    pool, said = read(entries)
    kinds = {"masterCategory", "subCategory", "articleType", "gender", "baseColour", "season"}
    assert set(pool.columns) == {*kinds, "brand", "isFragile"}
    # Two copies have no stripes, and all are for casual use.
    assert "The column 'usage' is left out: its only value is 'Casual', so there is nothing to tell apart." in said
    assert any(line.startswith("The column 'pattern' is left out") for line in said)
    assert pool.ids.tolist() == [entry["id"] for entry in entries]
    assert [pool.classes["articleType"][i] for i in pool.labels["articleType"]] == [e["articleType"] for e in entries]
    assert pool.classes["isFragile"] == ["No", "Yes"]
    assert pool.titles[3] == entries[3]["productDisplayName"]
    assert pool.small.shape == (72, 40, 32, 3)
    assert 0 < pool.validation.mean() < 0.6
    for group in np.unique(pool.groups):
        assert len(set(pool.validation[pool.groups == group].tolist())) == 1


def test_the_named_columns_are_learnt_numbers_too() -> None:
    entries = [drawn.changed(entry, year=float(entry["year"])) for entry in drawn.rows(2)]
    pool, said = read(entries, labels=("year", "gender"))
    assert pool.columns == ("year", "gender")
    assert pool.classes["year"] == ["2010", "2011", "2012", "2013", "2014"]
    assert said == []


def test_missing_labels_and_titles_are_unknown() -> None:
    entries = own()
    entries[4] = drawn.changed(entries[4], productDisplayName=None)
    pool, _ = read(entries)
    assert set(pool.columns) == {"made.of", "type", "boxed"}
    assert (pool.labels["made.of"] == -1).sum() == 8
    assert pool.titles[4] == ""
    # Products without a title are not one product for that.
    bare = [{key: value for key, value in entry.items() if key != "productDisplayName"} for entry in own()]
    pool, said = read(bare)
    assert len(np.unique(pool.groups)) > 40
    assert [line.split(",")[0] for line in said] == ["There are no titles (column productDisplayName)"]


def test_a_title_that_many_have_makes_them_no_twins() -> None:
    many = [drawn.changed(entry, productDisplayName="Shirt") for entry in own()]
    few = [drawn.changed(entry, productDisplayName=f"Shirt {n // (COMMON // 2)}") for n, entry in enumerate(own())]
    assert len(np.unique(read(many)[0].groups)) > 40
    assert len(np.unique(read(few)[0].groups)) <= 72 // (COMMON // 2) + 1


def test_a_class_with_one_product_is_learnt_and_named() -> None:
    for row in range(0, 36, 5):  # whichever side the split would put it on
        entries = own(1)
        entries[row] = drawn.changed(entries[row], type="Teapot")
        pool, said = read(entries, validation=0.5, labels=("type",))
        assert not pool.validation[row]
        assert "type: there is only one product each of 'Teapot'; it is learnt from and not measured." in said


# ---------------------------------------------------------------- what can't be learnt


def sentence_of(entries: list[dict[str, Any]], **changes: Any) -> str:
    with pytest.raises(CatalogError) as caught:
        read(entries, **changes)
    return str(caught.value)


@pytest.mark.parametrize(("count", "words"), [(1, "1 product whose"), (2, "2 products whose"), (3, "3 products whose")])
def test_a_few_products_are_too_few(count: int, words: str) -> None:
    assert f"has {words} picture can be used; training needs 10 at least." in sentence_of(drawn.rows(1)[:count])


def test_unreadable_pictures_are_left_out_and_named() -> None:
    entries = own()
    for row in range(3, 11):
        entries[row] = drawn.changed(entries[row], image={"bytes": b"no picture", "path": None})
    pool, said = read(entries)
    assert len(pool) == 64
    assert pool.ids[3] == entries[11]["id"]
    np.testing.assert_array_equal(pool.small[3:], read(own())[0].small[11:])
    assert said[0].startswith(f"Left out: Product {entries[3]['id']!r}: ")
    assert said[5] == "Left out: 3 more like these."
    nothing = [drawn.changed(entry, image={"bytes": b"x", "path": None}) for entry in entries]
    assert "has 0 products whose picture can be used" in sentence_of(nothing)


def test_nothing_to_learn_is_one_sentence() -> None:
    bare = [{"id": entry["id"], "image": entry["image"], "code": f"c{entry['id']}"} for entry in drawn.rows(1)]
    assert "no column that could be learnt" in sentence_of(bare)
    assert sentence_of(bare).endswith("There are: id, code.")
    assert "no column that could be learnt" in sentence_of(bare, labels=("code",))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (
            ("colour", "type"),
            "has no column 'colour' to learn. There are: id, productDisplayName, made.of, type, boxed.",
        ),
        (("typ",), "has no column 'typ' to learn. Did you mean 'type'?"),
        (("kind",), "A column called 'kind' can't be learnt"),
    ],
)
def test_a_wrong_column_is_one_sentence(labels: tuple[str, ...], words: str) -> None:
    assert words in sentence_of(own(1), labels=labels)


def test_columns_that_tell_nothing_are_left_out() -> None:
    entries = [drawn.changed(entry, one="same", code=entry["id"], empty=None, sizes=["S", "M"]) for entry in own(1)]
    pool, said = read(entries, labels=("type", "one", "code", "empty", "sizes"), validation=0.0)
    assert pool.columns == ("type",)
    assert [line.split(":")[0] for line in said] == [
        f"The column {name!r} is left out" for name in ("one", "code", "empty", "sizes")
    ]


# ---------------------------------------------------------------- a run by the command line


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Status, stdout and stderr of a command."""
    before, sys.argv = sys.argv, ["recommender", *map(str, arguments)]
    try:
        main()
    except SystemExit as left:
        status = int(left.code or 0)
    finally:
        sys.argv = before
    return (status, *capsys.readouterr())


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn.write(tmp_path_factory.mktemp("own") / "mine.parquet", own())


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "run.json"
    path.write_text(json.dumps(SMALL))
    return path


@pytest.fixture
def command(table: Path, settings_file: Path) -> list[object]:
    return ["train", "--catalogue", table, "--from-scratch", "--config", settings_file]


@pytest.fixture(scope="module")
def trained(table: Path, settings_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a run by the command line, with the model in its folder ``model``."""
    run = tmp_path_factory.mktemp("run")
    arguments = [
        "train",
        "-c",
        table,
        "--from-scratch",
        "--config",
        settings_file,
        "--run",
        run,
        "--out",
        run / "model",
    ]
    before, sys.argv = sys.argv, ["recommender", *map(str, arguments)]
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        sys.argv = before
    assert not left.value.code
    return run


def test_the_run_folder(trained: Path) -> None:
    lines = [json.loads(line) for line in (trained / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2]
    assert all({"loss", "validation_loss", "rate"} <= set(line) for line in lines)
    assert set(lines[0]["accuracy"]) == {"made.of", "type", "boxed"}
    config = json.loads((trained / "config.json").read_text())
    assert (config["dim"], config["lr"], config["start_from"], config["labels"]) == (16, 5e-3, "", [])
    with Image.open(trained / "curves.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(10**6)}
        assert {(0, 114, 178), (213, 94, 0), (0, 158, 115)} <= colours
    names = {path.name for path in (trained / "model").iterdir()}
    assert names == {"house.onnx", "house.safetensors", "house-words.safetensors"}


def test_the_same_command_makes_the_same_model_also_after_a_kill(
    trained: Path, command: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    from recommender.training import loop

    saved = loop._save

    def kill(*arguments: Any) -> None:
        saved(*arguments)
        if arguments[3] == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(loop, "_save", kill)
    assert call(capsys, *command, "--run", tmp_path)[0] == 130
    monkeypatch.undo()
    # The kill came after half a line of the next epoch had been written.
    with (tmp_path / "metrics.jsonl").open("a") as lines:
        lines.write('{"epoch": 2, "lo')
    status, out, err = call(capsys, *command, "--run", tmp_path)
    assert status == 0
    assert f"Training on from {tmp_path / 'checkpoint.pt'}" in err
    assert "Epoch 3 of 3: loss " in err
    assert "Epoch 2 of 3" not in err
    assert {line.split("\t")[0] for line in out.splitlines()} == {"made.of", "type", "boxed"}
    assert (tmp_path / "metrics.jsonl").read_text() == (trained / "metrics.jsonl").read_text()
    for name in ("house.onnx", "house.safetensors", "house-words.safetensors"):
        assert (tmp_path / name).read_bytes() == (trained / "model" / name).read_bytes()


def test_other_labels_do_not_go_on_with_a_run(
    trained: Path, command: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (trained / "checkpoint.pt").read_bytes()
    status, out, err = call(capsys, *command, "--run", trained, "--labels", "type")
    assert (status, out) == (2, "")
    assert "holds a run of another configuration or other data" in err
    assert (trained / "checkpoint.pt").read_bytes() == before


def test_the_epochs_are_told_with_the_time_left(
    command: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = call(capsys, *command, "--run", tmp_path, "--epochs", 2, "--labels", "type, boxed", "--seed", 4)
    assert status == 0
    assert "Training from scratch: " in err
    assert "columns type, boxed." in err
    told = [line for line in err.splitlines() if line.startswith("Epoch ")]
    assert [line[:12] for line in told] == ["Epoch 1 of 2", "Epoch 2 of 2"]
    assert told[-1].endswith("; 0 s left")
    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 4


def test_wrong_asks_are_one_sentence(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn.write(tmp_path / "bare.parquet", [{"id": "1", "name": "no picture"}])
    (tmp_path / "run.yaml").write_text("epoch: 3")
    for arguments, words in (
        (["-c", tmp_path / "bare.parquet"], "lacks the column image"),
        (["-c", "nowhere"], "There is no catalogue 'nowhere'"),
        (["-c", table, "--labels", "typ"], "Did you mean 'type'?"),
        (
            ["-c", table, "--config", tmp_path / "run.yaml"],
            "run.yaml: there is no setting 'epoch'. Did you mean 'epochs'?",
        ),
    ):
        status, out, err = call(capsys, "train", *arguments, "--run", tmp_path / "run")
        assert (status, out) == (2, "")
        assert "Traceback" not in err
        assert words in err.splitlines()[-1]


# ---------------------------------------------------------------- the model that comes out


@pytest.fixture(scope="module")
def shop(trained: Path, table: Path) -> Recommender:
    return Recommender.open(table, settings=Settings(model=trained / "model"))


def test_a_search_with_the_own_model(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, k=5)
    assert set(answer.labels) == {"made.of", "type", "boxed"}
    assert len(answer.products) == 5
    assert 0 <= answer.known <= 1
    assert "made.of: " in str(answer)
    assert shop.similar_to("1003").products
    with pytest.raises(FilterError, match="has no column 'articleType' to search within"):
        shop.recommend(photo, within="articleType")


def test_a_search_within_what_the_own_model_does_not_tell(trained: Path, drawn_path: Path, photo: bytes) -> None:
    shop = Recommender.open(drawn_path, settings=Settings(model=trained / "model"))
    assert shop.recommend(photo).products
    with pytest.raises(FilterError, match="The model does not tell articleType"):
        shop.recommend(photo, within="articleType")


def test_the_words_belong_to_the_own_encoder(trained: Path) -> None:
    digest = HouseEncoder(trained / "model" / "house.onnx").fingerprint
    assert TextTower(trained / "model" / "house-words.safetensors", digest).dimension == 16


def test_without_titles_no_words_are_written(tmp_path: Path, settings_file: Path, capsys: Any) -> None:
    bare = [{key: value for key, value in entry.items() if key != "productDisplayName"} for entry in own(1)]
    (tmp_path / "house-words.safetensors").write_bytes(b"of an earlier training")
    path = drawn.write(tmp_path / "bare.parquet", bare)
    status, _, err = call(
        capsys, "train", "-c", path, "--from-scratch", "--config", settings_file, "--epochs", 1, "--run", tmp_path
    )
    assert status == 0, err
    assert (tmp_path / "house.onnx").is_file()
    assert not (tmp_path / "house-words.safetensors").exists()


def test_the_commands_open_the_own_model(
    trained: Path, table: Path, photo: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained / "model"
    (tmp_path / "a.jpg").write_bytes(photo)
    status, out, err = call(capsys, "search", tmp_path / "a.jpg", "-c", table, "--model", model, "--json")
    assert status == 0, err
    assert set(json.loads(out)["labels"]) == {"made.of", "type", "boxed"}
    status, out, _ = call(capsys, "similar", "1003", "-c", table, "--model", model, "-k", 2)
    assert (status, out.count("Drawn ")) == (0, 2)
    assert call(capsys, "embed", table, "--model", model, "--out", tmp_path / "a.npz")[0] == 0
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["vector"].shape == (72, 16)
        assert {"label_made.of", "label_type", "label_boxed"} <= set(file.files)
    status, out, err = call(capsys, "evaluate", "-c", table, "--model", model, "--json")
    assert status == 0, err
    report = json.loads(out)["all"]
    assert {column: report[column]["products"] for column in report} == {"made.of": 64, "type": 72, "boxed": 72}
    drawn.write(tmp_path / "other.parquet", [{key: entry[key] for key in ("id", "image")} for entry in own(1)])
    assert (
        "none of the columns that the model knows"
        in call(capsys, "evaluate", "-c", tmp_path / "other.parquet", "--model", model)[2]
    )
    status, out, err = call(capsys, "similar", "1003", "-c", table, "--model", tmp_path / "none")
    assert (status, out) == (2, "")
    assert "There is no folder" in err


def test_the_environment_names_the_model(trained: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_MODEL", str(trained / "model"))
    assert Recommender.open(table).encoder.dimension == 16
    monkeypatch.setenv("RECOMMENDER_MODEL", str(trained / "none"))
    with pytest.raises(ModelError, match="There is no folder"):
        Recommender.open(table)


# ---------------------------------------------------------------- the app with it


def test_the_panel_shows_own_columns(shop: Recommender, photo: bytes) -> None:
    answer = dataclasses.replace(shop.recommend(photo, 3), known=1.0)

    def panel(draw, given):  # its source is run elsewhere, where no name of this file is known
        draw(given)

    app = AppTest.from_function(panel, args=(prediction, answer)).run(timeout=60)
    assert not app.exception
    text = " ".join(str(element.value) for element in (*app.markdown, *app.caption))
    # The model's first column is the headline, the others stand below it.
    assert answer.labels["made.of"].best.label in text
    assert "boxed" in text or "Yes" in text or "No" in text


def test_the_about_page_tells_of_the_own_model(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setenv("RECOMMENDER_MODEL", str(trained / "model"))
    st.cache_resource.clear()
    try:
        app = AppTest.from_file(str(ROOT / "recommender/app/pages/about.py"), default_timeout=120).run()
        assert not app.exception
        text = " ".join(element.value for element in app.markdown)
        assert "products of the catalogue *mine*, from scratch." in text
        assert "Kaggle" not in text
        assert {metric.label for metric in app.metric} == {"made.of", "type", "boxed"}
    finally:
        st.cache_resource.clear()


# ---------------------------------------------------------------- earlier weights


def test_a_run_takes_up_the_classes_and_words_that_it_knows(trained: Path) -> None:
    entries = [drawn.changed(e, type="Teapot") if e["type"] == "Caps" else e for e in own()]
    pool, _ = read(entries)
    shape = {key: tuple(value) if isinstance(value, list) else value for key, value in SMALL.items() if key != "lr"}
    config = dataclasses.replace(CONFIG, **{**shape, "sizes": (), "start_from": str(trained / "model")})
    network, augment, masks = prepare(config, pool)
    fresh = network.head("type").weight.detach().clone()
    assert isinstance(network, HouseNet)
    take_up(network, config.start_from, pool, augment, masks)
    earlier = HouseNetFile(trained / "model")
    for name in pool.classes["type"]:
        row = network.head("type").weight[pool.classes["type"].index(name)].detach().numpy()
        if name == "Teapot":
            np.testing.assert_array_equal(row, fresh[pool.classes["type"].index(name)].numpy())
        else:
            np.testing.assert_array_equal(row, earlier.row("type", name))
    words = TextTower(trained / "model" / "house-words.safetensors")
    with torch.no_grad():
        vectors = network.text(["red caps", "blue trousers"]).numpy()
    np.testing.assert_allclose(vectors, words.encode(["red caps", "blue trousers"]), atol=2e-3)


class HouseNetFile:
    """The heads of a model's file."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from safetensors.torch import safe_open

        with safe_open(os.fspath(folder / "house.safetensors"), framework="np") as file:
            self.classes = json.loads(file.metadata()["house"])["classes"]
        self.arrays = load_file(folder / "house.safetensors")

    def row(self, column: str, name: str) -> np.ndarray:
        return self.arrays[f"heads.{column}.weight"][self.classes[column].index(name)].astype(np.float32)


def test_the_demo_catalogue_has_columns_to_learn() -> None:
    from recommender.catalog.labels import telling_columns

    found = telling_columns(load_catalog("demo").frame)
    assert {"articleType", "baseColour", "isFragile"} <= set(found)
    assert not {"id", "productDisplayName", "brand", "price", "variantOf", "duplicateOf"} & set(found)
