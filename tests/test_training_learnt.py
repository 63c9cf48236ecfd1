"""What a model has learnt is known of it, so that no figure is of that: in training, in joining and in measuring."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.errors import ModelError  # noqa: E402
from recommender.settings import SHIPPED_MODEL  # noqa: E402
from recommender.training.catalogue import pool_of  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.learnt import digests, learnt_by  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import CONFIG, call, catalogue, own  # noqa: E402

pytest_plugins = ("tests.training_own",)


def test_equal_pictures_have_one_digest(rng: np.random.Generator) -> None:
    pictures = rng.integers(0, 255, (3, 80, 60, 3), np.uint8)
    pictures[2] = pictures[0]
    changed = pictures.copy()
    changed[0, 5, 5, 0] ^= 1
    first, second, third = digests(pictures).tolist()
    assert first == third != second
    assert digests(changed)[0] != first
    assert digests(pictures[:0]).shape == (0,)


def test_what_was_learnt_is_not_held_back_whatever_the_catalogue_is_called(own_run: Path) -> None:
    more = [*own(), *(drawn.changed(entry, id=f"new {entry['id']}") for entry in own(4)[108:])]
    renamed = catalogue(more, "renamed")
    config = TrainConfig(**{**CONFIG.to_dict(), "validation": 0.6})  # type: ignore[arg-type]
    known = learnt_by([own_run / "model" / "house.safetensors"])
    assert len(known)
    said: list[str] = []
    alone = pool_of(renamed, config, said.append)
    assert np.isin(alone.digests[alone.validation], known).any()
    assert not any("can't be held back" in line for line in said)
    after = pool_of(renamed, config, said.append, earlier=[str(own_run / "model")])
    learnt = np.isin(after.digests, known)
    assert after.validation.any()
    assert not after.validation[np.isin(after.groups, after.groups[learnt])].any()
    assert (alone.validation & ~after.validation).sum() == sum(
        int(line.split()[0]) for line in said if "can't be held back to be measured" in line
    )


def test_a_model_knows_what_those_before_it_learnt(
    own_run: Path, own_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = drawn.write(tmp_path / "other.parquet", [drawn.changed(e, id=f"x{e['id']}") for e in own(4)[72:]])
    own_shape = {key: value for key, value in json.loads(own_settings.read_text()).items() if key != "lr"}
    config = tmp_path / "on.json"
    config.write_text(json.dumps({**own_shape, "epochs": 1, "start_from": str(own_run / "model")}))
    status, _, err = call(capsys, "train", "-c", table, "--config", config, "--run", tmp_path / "on")
    assert status == 0, err
    first, second = (learnt_by([folder / "house.safetensors"]) for folder in (own_run / "model", tmp_path / "on"))
    assert np.isin(first, second).all()
    assert len(second) > len(first)


def test_measuring_tells_what_was_learnt_from_what_was_not(
    own_run: Path, own_table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = own_run / "model"
    held = json.loads(call(capsys, "evaluate", "-c", own_table, "--model", model, "--json")[1])
    assert held["not learnt"]["type"]["products"] < held["all"]["type"]["products"] == 72
    status, out, err = call(capsys, "evaluate", "-c", own_table, "--model", model)
    assert status == 0
    learnt = 72 - held["not learnt"]["type"]["products"]
    assert f"The model has learnt {learnt} of these 72 pictures" in err
    lines = {
        line.split()[0]: line for line in out.splitlines()[: out.splitlines().index("not learnt")] if line[0] == " "
    }
    found = held["all"]["type"]
    wanted = f"{found['accuracy']:.1%} ({found['low']:.1%} to {found['high']:.1%}, n 72)  ECE"
    assert wanted in lines["type"]


def test_the_shipped_model_tells_what_it_learnt_and_not_the_demo(demo_digests: np.ndarray) -> None:
    known = learnt_by([SHIPPED_MODEL / "house.safetensors"])
    assert len(known) > 30_000
    assert not np.isin(demo_digests, known).any()


@pytest.fixture
def demo_digests() -> np.ndarray:
    from recommender.catalog import load_catalog

    return pool_of(load_catalog("demo"), TrainConfig(), lambda line: None).digests


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "house.safetensors").write_text("none")
    for path in (tmp_path / "house.safetensors", tmp_path / "missing"):
        with pytest.raises(ModelError, match="missing or no house model"):
            learnt_by([path])
