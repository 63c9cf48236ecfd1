"""The model that was trained on a catalogue of one's own, wherever a model is opened."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from streamlit.testing.v1 import AppTest  # noqa: E402

from recommender.app.components.prediction import prediction  # noqa: E402
from recommender.catalog import load_catalog  # noqa: E402
from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import FilterError, ModelError  # noqa: E402
from recommender.images import open_photo  # noqa: E402
from recommender.models import open_house  # noqa: E402
from recommender.results import KNOWN_ENOUGH  # noqa: E402
from recommender.service import Recommender  # noqa: E402
from recommender.settings import ROOT, Settings  # noqa: E402
from recommender.text import TextTower  # noqa: E402
from recommender.training.config_file import read_config  # noqa: E402
from recommender.training.imagined import placed  # noqa: E402
from recommender.training.loop import prepare  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.start import take_up  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import CONFIG, SMALL, call, own, read  # noqa: E402

pytest_plugins = ("tests.training_own",)

# ---------------------------------------------------------------- the model that comes out


@pytest.fixture(scope="module")
def shop(own_run: Path, own_table: Path) -> Recommender:
    return Recommender.open(own_table, settings=Settings(model=own_run / "model"))


def test_a_search_with_the_own_model(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, k=5)
    assert set(answer.labels) == {"made.of", "type", "boxed"}
    assert len(answer.products) == 5
    assert 0 <= answer.known <= 1
    assert "made.of: " in str(answer)
    assert shop.similar_to("1003").products
    with pytest.raises(FilterError, match="has no column 'articleType' to search within"):
        shop.recommend(photo, within="articleType")


def test_a_search_within_what_the_own_model_does_not_tell(own_run: Path, drawn_path: Path, photo: bytes) -> None:
    shop = Recommender.open(drawn_path, settings=Settings(model=own_run / "model"))
    assert shop.recommend(photo).products
    with pytest.raises(FilterError, match="The model does not tell articleType"):
        shop.recommend(photo, within="articleType")


def test_what_is_familiar_is_imagined_where_nobody_took_a_snapshot(
    own_run: Path, own_table: Path, rng: np.random.Generator
) -> None:
    encoder, classifier = open_house(Settings(model=own_run / "model"))
    assert classifier.about["familiar"]["column"] == "type"  # the one of the most classes
    products = [open_photo(entry["image"]["bytes"]).picture for entry in own()]
    known = classifier.known(encoder.encode(np.stack([encoder.prepare(picture) for picture in products])))
    assert (known >= KNOWN_ENOUGH).mean() > 0.95
    pool, _ = read(own())
    held = np.flatnonzero(pool.validation)
    elsewhere = np.concatenate(
        [pool.small[held], placed(read_config(own_run / "config.json").over(CONFIG), pool, held)[0]]
    )
    refused = classifier.known(encoder.encode(elsewhere)) < KNOWN_ENOUGH
    assert refused.sum() <= 1, refused
    noise = rng.integers(0, 255, (60, *encoder.size, 3), np.uint8)
    assert classifier.known(encoder.encode(noise)).mean() < known.mean() - 0.2


def test_where_nothing_can_be_cut_out_nothing_is_familiar(tmp_path: Path, own_settings: Path, capsys: Any) -> None:
    entries = own(1)
    for entry in entries:
        picture = open_photo(entry["image"]["bytes"]).picture
        entry["image"] = {"bytes": drawn.jpeg(picture.point(lambda value: value // 2)), "path": None}
    path = drawn.write(tmp_path / "dark.parquet", entries)
    status, _, err = call(
        capsys, "train", "-c", path, "--from-scratch", "--config", own_settings, "--epochs", 1, "--run", tmp_path
    )
    assert status == 0, err
    assert "familiar" not in open_house(Settings(model=tmp_path))[1].about


def test_the_words_belong_to_the_own_encoder(own_run: Path) -> None:
    digest = HouseEncoder(own_run / "model" / "house.onnx").fingerprint
    assert TextTower(own_run / "model" / "house-words.safetensors", digest).dimension == 16


def test_without_titles_no_words_are_written(tmp_path: Path, own_settings: Path, capsys: Any) -> None:
    bare = [{key: value for key, value in entry.items() if key != "productDisplayName"} for entry in own(1)]
    (tmp_path / "house-words.safetensors").write_bytes(b"of an earlier training")
    path = drawn.write(tmp_path / "bare.parquet", bare)
    status, _, err = call(
        capsys, "train", "-c", path, "--from-scratch", "--config", own_settings, "--epochs", 1, "--run", tmp_path
    )
    assert status == 0, err
    assert (tmp_path / "house.onnx").is_file()
    assert not (tmp_path / "house-words.safetensors").exists()


def test_words_that_were_not_learnt_are_not_written(tmp_path: Path, capsys: Any) -> None:
    settings = tmp_path / "mute.json"
    settings.write_text(json.dumps({**SMALL, "text_weight": 0, "epochs": 1}))
    path = drawn.write(tmp_path / "own.parquet", own(1))
    status, _, err = call(
        capsys, "train", "-c", path, "--from-scratch", "--config", settings, "--run", tmp_path / "run"
    )
    assert status == 0, err
    assert sorted(path.name for path in (tmp_path / "run").glob("house*")) == ["house.onnx", "house.safetensors"]


def test_a_folder_that_cannot_be_written_to_is_noticed_before_the_training(tmp_path: Path, capsys: Any) -> None:
    path = drawn.write(tmp_path / "own.parquet", own(1))
    (tmp_path / "file").write_text("")
    for option in ("--out", "--run"):
        status, _, err = call(capsys, "train", "-c", path, option, tmp_path / "file" / "model")
        assert status == 2
        assert "can't be written" in err
        assert "Epoch" not in err


def test_without_products_held_back_nothing_is_measured(tmp_path: Path, capsys: Any) -> None:
    settings = tmp_path / "all.json"
    settings.write_text(json.dumps({**SMALL, "validation": 0, "epochs": 1}))
    path = drawn.write(tmp_path / "own.parquet", own(1))
    status, out, err = call(
        capsys, "train", "-c", path, "--from-scratch", "--config", settings, "--run", tmp_path / "run"
    )
    assert status == 0, err
    assert out == ""
    assert (tmp_path / "run" / "house.onnx").is_file()


def test_the_commands_open_the_own_model(
    own_run: Path, own_table: Path, photo: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = own_run / "model"
    (tmp_path / "a.jpg").write_bytes(photo)
    status, out, err = call(capsys, "search", tmp_path / "a.jpg", "-c", own_table, "--model", model, "--json")
    assert status == 0, err
    assert set(json.loads(out)["labels"]) == {"made.of", "type", "boxed"}
    status, out, _ = call(capsys, "similar", "1003", "-c", own_table, "--model", model, "-k", 2)
    assert (status, out.count("Drawn ")) == (0, 2)
    assert call(capsys, "embed", own_table, "--model", model, "--out", tmp_path / "a.npz")[0] == 0
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["vector"].shape == (72, 16)
        assert {"label_made.of", "label_type", "label_boxed"} <= set(file.files)
    status, out, err = call(capsys, "evaluate", "-c", own_table, "--model", model, "--json")
    assert status == 0, err
    report = json.loads(out)["all"]
    counted = {"made.of": 64, "type": 72, "boxed": 72, "taken for products": 72}
    assert {column: report[column]["products"] for column in report} == counted
    drawn.write(tmp_path / "other.parquet", [{key: entry[key] for key in ("id", "image")} for entry in own(1)])
    assert (
        "none of the columns that the model knows"
        in call(capsys, "evaluate", "-c", tmp_path / "other.parquet", "--model", model)[2]
    )
    status, out, err = call(capsys, "similar", "1003", "-c", own_table, "--model", tmp_path / "none")
    assert (status, out) == (2, "")
    assert "There is no folder" in err


def test_the_environment_names_the_model(own_run: Path, own_table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_MODEL", str(own_run / "model"))
    assert Recommender.open(own_table).encoder.dimension == 16
    monkeypatch.setenv("RECOMMENDER_MODEL", str(own_run / "none"))
    with pytest.raises(ModelError, match="There is no folder"):
        Recommender.open(own_table)


# ---------------------------------------------------------------- the app with it


def test_the_panel_shows_own_columns(shop: Recommender, photo: bytes) -> None:
    answer = dataclasses.replace(shop.recommend(photo, 3), known=1.0)
    headline, boxed = (dataclasses.replace(answer.labels[name], sure=True) for name in ("made.of", "boxed"))
    answer = dataclasses.replace(answer, labels={**answer.labels, "made.of": headline, "boxed": boxed})

    def panel(draw, given):  # its source is run elsewhere, where no name of this file is known
        draw(given)

    app = AppTest.from_function(panel, args=(prediction, answer)).run(timeout=60)
    assert not app.exception
    text = " ".join(str(element.value) for element in (*app.markdown, *app.caption))
    # The model's first column is the headline, the others stand below it.
    assert answer.labels["made.of"].best.label in text
    assert boxed.best.label in ("Yes", "No")
    assert re.search(rf"\b{boxed.best.label}\b", text)


def test_the_about_page_tells_of_the_own_model(own_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setenv("RECOMMENDER_MODEL", str(own_run / "model"))
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


def test_a_run_takes_up_the_classes_and_words_that_it_knows(own_run: Path) -> None:
    entries = [drawn.changed(e, type="Teapot") if e["type"] == "Caps" else e for e in own()]
    pool, _ = read(entries)
    shape = {key: tuple(value) if isinstance(value, list) else value for key, value in SMALL.items() if key != "lr"}
    config = dataclasses.replace(CONFIG, **{**shape, "sizes": (), "start_from": str(own_run / "model")})
    network, augment, masks = prepare(config, pool)
    fresh = network.head("type").weight.detach().clone()
    assert isinstance(network, HouseNet)
    take_up(network, config.start_from, pool, augment, masks)
    earlier = HouseNetFile(own_run / "model")
    for name in pool.classes["type"]:
        row = network.head("type").weight[pool.classes["type"].index(name)].detach().numpy()
        if name == "Teapot":
            np.testing.assert_array_equal(row, fresh[pool.classes["type"].index(name)].numpy())
        else:
            np.testing.assert_array_equal(row, earlier.row("type", name))
    words = TextTower(own_run / "model" / "house-words.safetensors")
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


def test_a_column_that_can_not_be_measured_is_named(tmp_path: Path, own_settings: Path, capsys: Any) -> None:
    entries = own()
    pool, _ = read(entries)
    learnt = dict(zip(pool.ids, ~pool.validation, strict=True))
    names = iter("ABABAB")
    for entry in entries:
        entry["sort"] = next(names, None) if learnt[str(entry["id"])] else None
    path = drawn.write(tmp_path / "few.parquet", entries)
    run = tmp_path / "run"
    arguments = ("train", "-c", path, "--from-scratch", "--config", own_settings, "--epochs", 1, "--run", run)
    arguments += ("--labels", "made.of,sort")
    status, out, err = call(capsys, *arguments)
    assert status == 0, err
    assert "sort" not in out
    assert "sort: learnt, and not measured, since none of those held back has a label." in err
    assert "made.of" in out
    assert "made.of: learnt" not in err
