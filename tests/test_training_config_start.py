"""How a configuration and the model that training starts from go together, and what a finished run keeps."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.errors import ModelError  # noqa: E402
from recommender.training import catalogue  # noqa: E402
from recommender.training.command import Ask, configured, ready, ready_to_learn  # noqa: E402
from recommender.training.config import SHIPPED, TrainConfig  # noqa: E402
from recommender.training.start import check_start, shape_at  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import SMALL, call, own  # noqa: E402

pytest_plugins = ("tests.training_own",)

SAID = "The model that training starts from learnt pictures of 40×32 pixels; this run trains on "


@pytest.fixture
def asked(tmp_path: Path) -> Any:
    """The settings of a run whose file names some, and what is said of them."""

    def settings(catalogue: str | None = "demo", from_scratch: bool = False, **named: Any) -> tuple[Any, list[str]]:
        said: list[str] = []
        path = tmp_path / "run.json"
        path.write_text(json.dumps(named))
        ask = Ask(catalogue=catalogue, config=path, from_scratch=from_scratch)
        return configured(ask, said.append), said

    return settings


# ---------------------------------------------------------------- what is as in the earlier model


def test_the_size_is_that_of_the_start(own_run: Path, asked: Any) -> None:
    for table in ("demo", None):  # without a catalogue there are stages, which end at the usual size
        found, said = asked(table, start_from=str(own_run / "model"))
        assert (found.size, found.sizes, said) == ((40, 32), (), [])
        found, said = asked(table, start_from=SHIPPED)
        usual = TrainConfig()
        assert (found.size, found.sizes, said) == (usual.size, () if table else usual.sizes, [])


def test_another_size_than_that_of_the_start_is_said(own_run: Path, asked: Any) -> None:
    start = str(own_run / "model")
    found, said = asked(start_from=start, size=[80, 60])
    assert (found.size, found.sizes) == ((80, 60), ())
    assert said == [f"{SAID}80×60. Leave size and sizes out of the configuration to go on with those."]
    (line,) = asked(start_from=start, sizes=[[0, [32, 32]], [2, [64, 48]]])[1]
    assert line.startswith(f"{SAID}64×48. ")
    for named in ({"size": [40, 32]}, {"sizes": [[0, [32, 32]], [2, [40, 32]]]}):
        assert asked(start_from=start, **named)[1] == []
    assert asked(from_scratch=True, start_from=start, size=[80, 60])[1] == []


def test_what_the_file_names_counts_also_where_it_is_usual(own_run: Path, asked: Any) -> None:
    assert asked()[0].mirrored
    assert not asked(mirrored=False)[0].mirrored
    usual = TrainConfig()
    for name in ("widths", "blocks", "dim", "text_width", "text_hidden"):
        start = str(own_run / "model")
        assert getattr(asked(start_from=start)[0], name) != getattr(usual, name)
        assert getattr(asked(start_from=start, **{name: getattr(usual, name)})[0], name) == getattr(usual, name)
    settings, said = asked(start_from=str(own_run / "model"), seed=5)
    assert asked(**settings.to_dict()) == (settings, said) == (settings, [])


def test_the_mirror_image_is_turned_on_and_off(
    own_run: Path, tmp_path: Path, asked: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    check_start(SHIPPED, asked(mirrored=False)[0])
    table = drawn.write(tmp_path / "mine.parquet", own(1))
    start = own_run / "model"
    for mirrored in (True, False):
        (tmp_path / "on.json").write_text(json.dumps({"start_from": str(start), "mirrored": mirrored, "epochs": 1}))
        start = tmp_path / str(mirrored)
        status, _, err = call(capsys, "train", "-c", table, "--config", tmp_path / "on.json", "--run", start)
        assert status == 0, err
        assert shape_at(start)["mirrored"] == mirrored


def test_what_counts_for_nothing_from_scratch_is_said(own_run: Path, asked: Any) -> None:
    found, said = asked(from_scratch=True, keep_start=0.5, teaching=0.3, aspects=[3])
    assert found.aspects == ()
    assert said == [
        "From scratch, aspects of the configuration counts for nothing: that belongs to models that were joined.",
        "From scratch, keep_start of the configuration counts for nothing: there are no starting weights to keep.",
        "From scratch, teaching of the configuration counts for nothing: "
        "there is no start_from or teacher to learn from.",
    ]
    assert asked(teaching=0.3, keep_start=0.5)[1] == []
    taught, said = asked(from_scratch=True, teaching=0.3, keep_start=0.5, teacher=str(own_run / "model"))
    assert taught.teaching == 0.3
    assert [line.split(" of ")[0] for line in said] == ["From scratch, keep_start"]


# ---------------------------------------------------------------- what a finished run keeps


@pytest.mark.parametrize("inside", [True, False])
def test_a_finished_run_without_its_checkpoint_is_kept(
    inside: bool,
    own_run: Path,
    own_table: Path,
    own_settings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = tmp_path / "run"
    shutil.copytree(own_run, run)
    (run / "checkpoint.pt").unlink()
    if inside:
        shutil.copytree(run / "model", run, dirs_exist_ok=True)
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}
    command = ("train", "-c", own_table, "--from-scratch", "--config", own_settings, "--run", run)
    status, out, err = call(capsys, *command, "--epochs", 2)
    assert (status, out) == (2, "")
    assert "its config.json differs in epochs. Name another run folder, or remove this one" in err
    with pytest.raises(ModelError, match="holds a run of its own, and would lose its model"):
        ready(run, SHIPPED)
    assert {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()} == before
    # The same one may be made again, and one that never came to an end may be changed.
    ask = Ask(catalogue=str(own_table), config=own_settings, from_scratch=True, run=run)
    ready_to_learn(ask, configured(ask))
    for name in ("house.safetensors", "metrics.jsonl"):
        (run / name).unlink(missing_ok=True)
    (run / "metrics.jsonl").touch()
    (tmp_path / "other.json").write_text(json.dumps({**SMALL, "seed": 9}))
    ask = Ask(catalogue=str(own_table), config=tmp_path / "other.json", from_scratch=True, run=run)
    ready_to_learn(ask, configured(ask))


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    "error", [MemoryError("18 GiB"), RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried")]
)
def test_too_little_memory_is_a_sentence(
    error: Exception,
    own_table: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(catalogue, "open_photo", full)
    status, out, err = call(capsys, "train", "-c", own_table, "--run", tmp_path)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("Error: This takes more memory than there is. Give fewer products, or a ")


def test_any_other_error_of_a_run_is_not_hidden(
    own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> NoReturn:
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(catalogue, "open_photo", wrong)
    with pytest.raises(RuntimeError, match="shapes differ"):
        call(capsys, "train", "-c", own_table, "--run", tmp_path)


def test_a_column_with_a_comma_is_named_in_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = [{**{name: row[name] for name in ("id", "image")}, "größe, cm": row["type"]} for row in own(1)]
    table = drawn.write(tmp_path / "mine.parquet", entries)
    status, out, err = call(capsys, "train", "-c", table, "--labels", "größe, cm", "--run", tmp_path / "run")
    assert (status, out) == (2, "")
    assert "The column 'größe, cm' can't be named by --labels" in err
    assert 'Leave --labels out, and give with --config a configuration with labels: ["größe, cm"].' in err
    assert "Did you mean" not in err
    (tmp_path / "run.yaml").write_text('labels: ["größe, cm"]', encoding="utf-8")
    ask = Ask(catalogue=str(table), config=tmp_path / "run.yaml")
    assert configured(ask).labels == ("größe, cm",)
    # Where its parts are columns of their own, these are meant.
    both = drawn.write(tmp_path / "both.parquet", [{**row, "größe": row["größe, cm"], "cm": "1"} for row in entries])
    err = call(capsys, "train", "-c", both, "--labels", "größe,typ", "--run", tmp_path / "run")[2]
    assert "has no column 'typ' to learn" in err
