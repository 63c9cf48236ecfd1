"""What is wrong with an ask for a training, a joined model or one taken apart: said before any picture is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.training import catalogue, data  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import SMALL, call, own  # noqa: E402

pytest_plugins = ("tests.training_own",)

OWN = "the folder of the small model"
RUN = "the folder of the run that made it"
SHAPE = {name: SMALL[name] for name in ("size", "widths", "blocks", "dim")}


def _no_picture(*_: object) -> NoReturn:
    raise AssertionError("a picture was opened")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "open_photo", _no_picture)
    monkeypatch.setattr(data, "canvases", _no_picture)


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("arguments", "config", "words"),
    [
        (("train", "--labels", "typ"), {}, "has no column 'typ' to learn. Did you mean 'type'?"),
        (("train",), {"labels": ["typ"]}, "has no column 'typ' to learn. Did you mean 'type'?"),
        (("train", "--labels", "id"), {}, "has no column that could be learnt"),
        (("train",), {"widths": [48, 96, 192, 256], "blocks": [1, 1, 2, 1]}, "than the configuration, in widths"),
        (("train",), {"start_from": OWN, "dim": 256}, "than the configuration, in dim. Leave that out"),
        (("train",), {"teacher": "nowhere"}, "nowhere can't be used: it is missing or no house model."),
        (("train",), {"teacher": OWN}, "learnt pictures of 40×32 pixels, not of 80×60."),
        (("train", "--from-scratch"), {**SMALL, "dim": 24, "teacher": OWN}, "its vectors have 16 numbers, not 24."),
        (("train",), {"start_from": OWN, "widths": [8, 8, 8, 8], "blocks": [0, 1, 0, 0]}, "another shape than"),
        (("train",), {"start_from": OWN, "dim": 24}, "than the configuration, in dim. Leave that out"),
        (("train", "--from-scratch", "--epochs", "2", "--run", RUN), SMALL, "its config.json differs in epochs."),
        (("join", "shipped", "shipped"), {}, "Only models of one tower each, with vectors of one dimension, can be"),
        (("join", "shipped", "nowhere"), {}, "nowhere can't be used: it is missing or no house model."),
        (("join", "nowhere", "shipped"), {}, "nowhere can't be used: it is missing or no house model."),
        (("join", "shipped", OWN), {}, "learnt pictures of 40×32 pixels, not of 80×60."),
        (("join", OWN, OWN, "--aspects", "typ"), {}, "There are no labels 'typ' that could count as aspects. There"),
        (("apart", OWN, "--tower", "1"), {}, "there is no network 1"),
        (("apart", "nowhere"), {}, "nowhere can't be used: it is missing or no house model."),
    ],
)
def test_what_is_wrong_is_said_before_a_picture_is_read(
    arguments: tuple[str, ...],
    config: dict[str, Any],
    words: str,
    own_run: Path,
    own_table: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = {OWN: str(own_run / "model"), RUN: str(own_run)}
    given = [places.get(part, part) for part in arguments]
    if config:
        told = {name: places.get(value, value) if isinstance(value, str) else value for name, value in config.items()}
        (tmp_path / "run.json").write_text(json.dumps(told))
        given += ["--config", str(tmp_path / "run.json")]
    if "--run" not in given:
        given += ["--out", str(tmp_path / "out"), *(["--run", str(tmp_path / "run")] if given[0] == "train" else [])]
    status, out, err = call(capsys, *given, "-c", own_table)
    assert (status, out) == (2, ""), err
    assert words in err.splitlines()[-1]


@pytest.mark.usefixtures("unread")
def test_aspects_of_the_tables_are_known_too(own_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = own_run / "model"
    for name in ("fashion_products", "fashion_products_224", "clothing_photos"):
        drawn.write(tmp_path / f"{name}.parquet", drawn.rows(1))
    arguments = ("--aspects", "typ", "--data", tmp_path, "--out", tmp_path / "out")
    status, _, err = call(capsys, "join", model, model, *arguments)
    assert status == 2
    assert "There are no labels 'typ' that could count as aspects. There are: masterCategory, " in err


def test_what_belongs_to_a_catalogue_asks_for_one(
    own_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = own_run / "model", ("--data", tmp_path / "none", "--out", tmp_path / "out")
    (tmp_path / "run.yaml").write_text("labels: [type]")
    for labels in (("--labels", "type"), ("--config", tmp_path / "run.yaml")):
        status, _, err = call(capsys, "train", *labels, *out, "--run", tmp_path / "run")
        assert status == 2
        assert "labels are columns of a catalogue of your own: name its table with --catalogue" in err
    train = ("train", "--from-scratch", "--run", tmp_path / "run")
    for arguments in (train, ("join", model, model), ("apart", model)):
        status, _, err = call(capsys, *arguments, *out)
        assert status == 2
        assert "fashion_products.parquet is missing" in err
        assert "A table of your own is named with --catalogue." in err


@pytest.mark.parametrize("command", ["train", "join", "apart"])
def test_the_example_names_a_catalogue(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    example = " ".join(call(capsys, command, "--help")[1].split()).split("Example: ")[1]
    assert "products.parquet" in example


def test_the_model_that_a_run_goes_on_from_is_kept(
    own_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, run = tmp_path / "start", tmp_path / "run"
    shutil.copytree(own_run / "model", start)
    before = {path.name: path.read_bytes() for path in start.iterdir()}
    table = drawn.write(tmp_path / "mine.parquet", own(1))
    settings = {}
    for name in ("start_from", "teacher"):
        settings[name] = tmp_path / f"{name}.json"
        scratch = {"start_from": ""} if name == "teacher" else {}
        settings[name].write_text(json.dumps({**SMALL, "epochs": 1, **scratch, name: str(start)}))
        for folders in (("--out", start, "--run", run), ("--run", start), ("--run", start, "--out", start)):
            status, out, err = call(capsys, "train", "-c", table, "--config", settings[name], *folders)
            assert (status, out) == (2, "")
            assert "holds a model that this is made of, and would lose it. Name another folder." in err
    assert {path.name: path.read_bytes() for path in start.iterdir()} == before
    # A run that began elsewhere goes on in its own folder, which holds a model by then.
    for said in ("Training from", "Training on from"):
        status, _, err = call(capsys, "train", "-c", table, "--config", settings["start_from"], "--run", run)
        assert status == 0, err
        assert said in err
    assert (run / "house.onnx").is_file()
