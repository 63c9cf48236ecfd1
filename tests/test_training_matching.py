"""A network that learns to see as a finished model does."""

from __future__ import annotations

import copy
import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import ModelError  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.loop import loss_of, outputs, prepare, train  # noqa: E402
from recommender.training.matching import Teacher  # noqa: E402
from recommender.training.mix import Mixed  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import finish  # noqa: E402
from recommender.training.start import take_up  # noqa: E402
from tests.training_fixtures import CONFIG, stopped_after_an_epoch, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)


@pytest.fixture(scope="module")
def model(trained: tuple[HouseNet, Path], pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    finish(copy.deepcopy(trained[0]), pool, CONFIG, folder)
    return folder


@pytest.fixture(scope="module")
def taught(model: Path) -> TrainConfig:
    """A pupil of another shape than its teacher's."""
    return dataclasses.replace(
        CONFIG, widths=(8, 8, 12, 16), teacher=str(model), teaching=0.5, matching=20.0, epochs=2, sizes=()
    )


def pixels_of(pool: Pool, n: int) -> torch.Tensor:
    return torch.from_numpy(pool.small[:n]).permute(0, 3, 1, 2).float() / 255


def apart(network: HouseNet, teacher: Teacher, pool: Pool) -> float:
    """Mean squared distance of both's vectors."""
    one, two = (outputs(net, pool.small)[0] for net in (network, teacher.network))
    return float(((one - two) ** 2).sum(1).mean())


def fresh(config: TrainConfig, pool: Pool) -> HouseNet:
    torch.manual_seed(3)
    return HouseNet(config, {column: len(names) for column, names in pool.classes.items()})


def test_the_teacher_sees_what_its_files_see(model: Path, taught: TrainConfig, pool: Pool) -> None:
    before = torch.get_rng_state()
    teacher = Teacher(taught, pool)
    assert torch.equal(torch.get_rng_state(), before)  # asking does not change what a run draws
    vectors, said = teacher.sees(pixels_of(pool, 20))
    np.testing.assert_allclose(vectors, HouseEncoder(model / "house.onnx").encode(pool.small[:20]), atol=0.02)
    # Auxiliary heads are in no file, and which pictures show no product the pool itself knows.
    assert set(said) == set(pool.columns)
    assert all(torch.allclose(shares.sum(1), torch.ones(20), atol=1e-3) for shares in said.values())
    assert not vectors.requires_grad


def test_a_pupil_begins_in_the_teachers_space(taught: TrainConfig, pool: Pool) -> None:
    teacher, pupil = Teacher(taught, pool), fresh(taught, pool)
    before = apart(pupil, teacher, pool)
    teacher.prepares(pupil, pool)
    assert apart(pupil, teacher, pool) < 0.5 * before
    for part in ("heads.season.weight", "text.out.weight", "scale"):
        assert torch.equal(pupil.state_dict()[part], teacher.network.state_dict()[part])
    # What is below the last layer stays the pupil's own.
    assert torch.equal(
        pupil.state_dict()["stages.1.0.0.weight"], fresh(taught, pool).state_dict()["stages.1.0.0.weight"]
    )


def test_a_pupil_of_several_towers_begins_there_too(taught: TrainConfig, pool: Pool) -> None:
    towers = dataclasses.replace(taught, beside=(((8, 8, 8, 12), (0, 0, 1, 0)),))
    teacher, pupil = Teacher(taught, pool), fresh(towers, pool)
    before, own = apart(pupil, teacher, pool), pupil.project.weight.clone()
    teacher.prepares(pupil, pool)
    assert apart(pupil, teacher, pool) < 0.5 * before
    assert torch.equal(pupil.project.weight, own)  # what makes one vector of its towers' is its last layer


def test_a_pupil_comes_nearer_to_its_teacher(taught: TrainConfig, pool: Pool, tmp_path: Path) -> None:
    teacher, prepared = Teacher(taught, pool), fresh(taught, pool)
    teacher.prepares(prepared, pool)
    near = train(taught, pool, tmp_path / "near")
    far = train(dataclasses.replace(taught, matching=0.0, teaching=0.0), pool, tmp_path / "far")
    assert apart(near, teacher, pool) < 0.9 * apart(far, teacher, pool)
    again = stopped_after_an_epoch(taught, pool, tmp_path / "stopped")
    assert torch.equal(weights(again), weights(near))


def test_what_the_teacher_says_of_a_picture_of_two_is_taken_as_it_is() -> None:
    torch.manual_seed(0)
    logits, seen = torch.randn(4, 3), torch.rand(4, 3).softmax(1)
    labels, there = {"season": torch.tensor([0, 2, -1, 1])}, torch.tensor([True, True, True, False])
    mix = Mixed(torch.zeros(4, 3, 1, 1), torch.tensor([1, 0, 2, 3]), torch.tensor([0.7, 0.7, 1.0, 1.0]))
    config = dataclasses.replace(CONFIG, teaching=1.0)
    loss = float(loss_of({"season": logits}, labels, there, config, mix=mix, seen={"season": seen}))
    # The third has no label but a teacher; the last one shows no product, so that nobody knows its season.
    want = -(seen[:3] * logits.log_softmax(1)[:3]).sum(1).mean() * dict(CONFIG.loss_weights)["season"]
    assert loss == pytest.approx(float(want), rel=1e-5)


def test_a_teacher_of_another_dimension_is_refused(taught: TrainConfig, pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="its vectors have 16 numbers, not 24"):
        train(dataclasses.replace(taught, dim=24), pool, tmp_path)


def test_a_teacher_of_another_picture_size_is_refused(taught: TrainConfig, pool: Pool) -> None:
    with pytest.raises(ModelError, match=f"learnt pictures of {CONFIG.size[0]}×{CONFIG.size[1]} pixels, not of 64×48"):
        Teacher(dataclasses.replace(taught, size=(64, 48)), pool)


def test_a_run_does_not_go_on_with_another_teacher(
    model: Path, taught: TrainConfig, pool: Pool, tmp_path: Path
) -> None:
    shutil.copytree(model, tmp_path / "teacher")
    config = dataclasses.replace(taught, teacher=str(tmp_path / "teacher"), epochs=1)
    train(config, pool, tmp_path / "run")
    train(config, pool, tmp_path / "run")
    network = HouseNet(CONFIG, {column: len(names) for column, names in pool.classes.items()})
    finish(network, pool, CONFIG, tmp_path / "teacher")
    with pytest.raises(ModelError, match="began from other weights"):
        train(config, pool, tmp_path / "run")


def test_a_teacher_that_knows_what_is_held_back_is_refused(taught: TrainConfig, pool: Pool, tmp_path: Path) -> None:
    more = pool.validation.copy()
    more[np.flatnonzero(~more)[:2]] = True
    with pytest.raises(ModelError, match=rf"it has learnt 2 of the {more.sum()} products that are held back now"):
        train(taught, dataclasses.replace(pool, validation=more), tmp_path)


def test_more_blocks_than_an_earlier_model_has_change_nothing_at_first(model: Path, pool: Pool) -> None:
    deeper = dataclasses.replace(CONFIG, blocks=tuple(many + 1 for many in CONFIG.blocks))
    network, augment, masks = prepare(deeper, pool)
    take_up(network, model, pool, augment, masks)
    same, *_ = prepare(CONFIG, pool)
    take_up(same, model, pool, augment, masks)
    np.testing.assert_allclose(outputs(network, pool.small)[0], outputs(same, pool.small)[0], atol=1e-4)
    shallow = prepare(dataclasses.replace(CONFIG, blocks=(0, 0, 1, 0)), pool)[0]
    with pytest.raises(ModelError, match="another shape"):
        take_up(shallow, model, pool, augment, masks)
