"""What is measured of a catalogue: what is wrong is said first, and figures that flatter say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender import service  # noqa: E402
from recommender.classifiers import HouseClassifier  # noqa: E402
from recommender.evaluation import report  # noqa: E402
from recommender.training import data  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import call, own  # noqa: E402

pytest_plugins = ("tests.training_own",)

# ---------------------------------------------------------------- what is wrong is said before anything is embedded


def never(*_: object, **__: object) -> Any:
    raise AssertionError("it was embedded")


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    status, out, err = call(capsys, *arguments)
    assert (status, out) == (2, "")
    return err.splitlines()[-1]


def test_what_evaluate_cannot_do_is_said_first(
    drawn_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "embed_catalogue", never)
    rows = drawn.rows(1)

    def table(name: str, **changes: object) -> Path:
        return drawn.write(tmp_path / f"{name}.parquet", [drawn.changed(row, **changes) for row in rows])

    bare = [{key: row[key] for key in ("id", "image")} for row in rows]
    other = drawn.write(tmp_path / "bare.parquet", bare)
    for against, words in (
        (tmp_path / "none.parquet", "There is no catalogue"),
        (other, "The catalogue 'bare' has no column 'articleType' to compare by."),
        (table("lists", articleType=["a", "b"]), "'lists' holds things that are no labels"),
        (table("blank", articleType=None), "The catalogue 'blank' names no articleType to compare by."),
    ):
        assert words in refused(capsys, "evaluate", "-c", drawn_path, "--against", against)
    assert "has none of the columns that the model knows: " in refused(capsys, "evaluate", "-c", other)


def test_a_folder_without_pictures_is_said_before_the_tables_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(data, "load_pool", never)
    (tmp_path / "fashion_products.parquet").write_bytes(b"large")
    (tmp_path / "other").mkdir()
    said = refused(capsys, "evaluate", "--validation", "--data", tmp_path, "--other", tmp_path / "other")
    assert "There is no readable picture in" in said


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("price", "Error: A filter reads column=value"),
        ("colour=Red", "Error: The catalogue has no column 'colour'. Did you mean 'baseColour'?"),
        ("price=9..1", "Error: The range for price is upside down"),
    ],
)
def test_a_wrong_filter_is_said_before_the_shop_is_opened(
    drawn_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    where: str,
    words: str,
) -> None:
    monkeypatch.setenv("RECOMMENDER_WORKSPACE", str(tmp_path))  # where no vectors are kept yet
    monkeypatch.setattr(service, "embed_catalogue", never)
    for question in (("search", "photo.jpg"), ("similar", "1000"), ("find", "red")):
        assert refused(capsys, *question, "-c", drawn_path, "--where", where).startswith(words)


# ---------------------------------------------------------------- what the model was calibrated on


def measured(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[dict[str, Any], str]:
    status, out, err = call(capsys, "evaluate", "--json", *arguments)
    assert status == 0, err
    return json.loads(out), err


def test_what_a_model_was_calibrated_on_is_measured_by_halves_and_said(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = own_run / "model"
    about = HouseClassifier(model / "house.safetensors").about
    # However the table is called now.
    for table in (own_table, drawn.write(tmp_path / "renamed.parquet", own())):
        found, err = measured(capsys, "-c", table, "--model", model)
        held = about["split"]["validation"]
        assert f"Of the {held} that it has not learnt its training held back {held} and calibrated it on them" in err
        for column in about["measured"]:
            part = found["not learnt"][column]
            # As it was measured when the model was made, by halves; and not what it was fitted to.
            assert {key: part[key] for key in about["measured"][column]} == pytest.approx(
                about["measured"][column], abs=2e-3
            )
            assert part["calibrated_on"] is True
        assert found["not learnt"]["taken for products"]["calibrated_on"] is True
        assert not any("calibrated_on" in part for part in found["all"].values())


def test_what_came_later_was_not_calibrated_on(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = own_run / "model"
    held = HouseClassifier(model / "house.safetensors").about["split"]["validation"]
    more = drawn.write(tmp_path / "more.parquet", [*own(), *(drawn.changed(e, id=f"n{e['id']}") for e in own(4)[108:])])
    found, err = measured(capsys, "-c", more, "--model", model)
    rest = found["not learnt"]["type"]["products"]
    assert rest == held + 36
    said = err.split("its training held back ")[1].split(" ")[0]
    assert held <= int(said) < rest
    # A catalogue of which nothing was learnt has nothing that was held back.
    new = drawn.write(tmp_path / "new.parquet", [drawn.changed(e, id=f"n{e['id']}") for e in own(4)[108:]])
    found, err = measured(capsys, "-c", new, "--model", model)
    assert set(found) == {"all"}
    assert "held back" not in err
    assert "calibrated_on" not in found["all"]["type"]
    # Nor has one of which too many are there to be compared: all that was not learnt may be.
    monkeypatch.setattr(report, "MANY", 10)
    found, err = measured(capsys, "-c", more, "--model", model)
    assert f"its training held back {rest} and" in err
    assert found["not learnt"]["type"]["calibrated_on"]
    assert np.isfinite(found["not learnt"]["type"]["calibration_error"])
