"""Training where there is no more room: one sentence, and what was kept before stays whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")
pytest.importorskip("resource", reason="Windows has no such limits")

from recommender.settings import ROOT  # noqa: E402
from tests.training_own import CONFIG, own, read  # noqa: E402

pytest_plugins = ("tests.training_own",)

# A file that grows over the limit can't be written any further, as on a full disk.
LIMITED = """
import resource, sys
from recommender.cli import main
from recommender.training import {module}

usual = {module}.{function}


def limited(*given, **named):
    found = usual(*given, **named)
    if {when}:
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
    return found


{module}.{function} = limited
main()
"""


def refused(code: str, *arguments: object) -> str:
    """The last line that a command says on stderr, whose disk becomes full."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def start(own_table: Path, own_settings: Path, run: Path) -> tuple[object, ...]:
    return "train", "-c", own_table, "--from-scratch", "--config", own_settings, "--run", run


@pytest.mark.parametrize(("room", "name"), [(3000, ""), (300_000, "checkpoint.pt")], ids=["curves", "checkpoint"])
def test_a_disk_that_becomes_full_in_an_epoch(
    own_table: Path, own_settings: Path, tmp_path: Path, room: int, name: str
) -> None:
    # After the checkpoint of the first epoch.
    code = LIMITED.format(module="loop", function="_save", when="given[3] == 1", room=room)
    said = refused(code, *start(own_table, own_settings, tmp_path))
    path = str(tmp_path / name)
    assert said.startswith(f"Error: {path!r} can't be written: is the disk full? Make room and give the same command")
    assert said.endswith("the checkpoint of the last epoch before is still there.")
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["epoch"] == 1
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_disk_that_is_full_from_the_beginning(own_table: Path, own_settings: Path, tmp_path: Path) -> None:
    code = LIMITED.format(module="loop", function="prepare", when="True", room=200)
    said = refused(code, *start(own_table, own_settings, tmp_path))
    assert said.endswith("is the disk full? Make room and give the same command again.")
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.parametrize("name", ["house.safetensors", "house.onnx", "house-words.safetensors"])
def test_a_disk_that_is_full_at_the_end(
    own_run: Path, own_table: Path, own_settings: Path, tmp_path: Path, name: str
) -> None:
    run = shutil.copytree(own_run, tmp_path / "run")
    model = run / "model"
    kept = {path.name: b"the model before" for path in model.iterdir()}
    room = (model / name).stat().st_size - 1
    for file, content in kept.items():
        (model / file).write_bytes(content)
    code = LIMITED.format(module="report", function="refit_heads", when="True", room=room)
    said = refused(code, *start(own_table, own_settings, run), "--out", model)
    assert said.startswith(f"Error: {str(model)!r} can't be written: is the disk full? Make room and give the same")
    assert said.endswith("its checkpoint is still there.")
    assert {path.name: path.read_bytes() for path in model.iterdir()} == kept
    assert torch.load(run / "checkpoint.pt", weights_only=True)["epoch"] == 3


def test_what_is_no_full_disk_is_told(tmp_path: Path) -> None:
    from recommender.errors import ModelError
    from recommender.training.loop import train
    from tests.training_own import SMALL

    (tmp_path / "config.json").mkdir()
    shape = {key: tuple(value) if isinstance(value, list) else value for key, value in SMALL.items() if key != "lr"}
    config = type(CONFIG)(**{**CONFIG.to_dict(), **shape, "sizes": ()})  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"can't be written: Is a directory\. Mend that and give the same command"):
        train(config, read(own(1))[0], tmp_path)
