"""One network of a joined model as a model of its own."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.classifiers.house import KIND  # noqa: E402
from recommender.errors import ModelError  # noqa: E402
from recommender.training.apart import apart  # noqa: E402
from recommender.training.aspects import with_aspects  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.imagined import strange  # noqa: E402
from recommender.training.join import join  # noqa: E402
from recommender.training.loop import outputs  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import finish  # noqa: E402
from recommender.training.start import about_at, loaded  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402
from tests.training_joined import SECOND  # noqa: E402
from tests.training_own import call  # noqa: E402

pytest_plugins = ("tests.training_fixtures", "tests.training_joined", "tests.training_own")


@pytest.fixture(scope="module")
def finished(joined: HouseNet, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The joined model as it would ship: with what is said of two columns in its vectors."""
    folder = tmp_path_factory.mktemp("finished")
    whole = with_aspects(copy.deepcopy(joined), pool, ["articleType", "baseColour"])
    finish(whole, pool, whole.config, folder, heads=False)
    return folder


def test_each_network_sees_what_it_saw_before_joining(finished: Path, models: tuple[Path, Path], pool: Pool) -> None:
    for tower, (model, shape) in enumerate(zip(models, (CONFIG, SECOND), strict=True)):
        network = apart(finished, tower, pool, CONFIG)
        assert (network.config.widths, network.config.blocks) == (shape.widths, shape.blocks)
        assert not network.config.beside
        assert not network.config.aspects
        before = outputs(loaded(model, pool, CONFIG)[0], pool.small)[0]
        np.testing.assert_allclose(outputs(network, pool.small)[0], before, atol=5e-3)


def test_its_labels_are_learnt_anew_and_strangers_told_as_before(
    finished: Path, models: tuple[Path, Path], pool: Pool
) -> None:
    network, first = apart(finished, 0, pool, CONFIG), loaded(models[0], pool, CONFIG)[0]
    own, before = outputs(network, pool.small)[1], outputs(first, pool.small)[1]
    for column in ("masterCategory", "articleType", "baseColour"):
        labels = pool.labels[column]
        right, was = ((said[column].argmax(1) == labels)[labels >= 0].mean() for said in (own, before))
        assert right > was - 0.05
    pictures = np.concatenate([pool.small, strange(CONFIG, pool, np.arange(40))])
    own, before = outputs(network, pictures)[1], outputs(first, pictures)[1]
    margins = [logits[KIND][:, 1] - logits[KIND][:, 0] for logits in (own, before)]
    assert np.corrcoef(margins)[0, 1] > 0.97
    np.testing.assert_allclose(margins[0], margins[1], atol=0.3 * np.abs(margins[1]).max())


def test_words_find_what_they_found(finished: Path, models: tuple[Path, Path], pool: Pool) -> None:
    network, first = apart(finished, 0, pool, CONFIG), loaded(models[0], pool, CONFIG)[0]
    vectors = outputs(first, pool.small)[0]
    with torch.inference_mode():
        found = [one.text(["red shirt", "brown shoes"]).numpy() @ vectors.T for one in (network, first)]
    # What both texts have in common, which a small tower's bias alone gives them, says nothing.
    apart_from, before = (each[0] - each[1] for each in found)
    assert np.corrcoef(apart_from, before)[0, 1] > 0.8


def test_what_was_taken_apart_can_be_joined_again(finished: Path, joined: HouseNet, pool: Pool, tmp_path: Path) -> None:
    for tower in (0, 1):
        network = apart(finished, tower, pool, CONFIG)
        finish(network, pool, network.config, tmp_path / str(tower), heads=False)
    again = outputs(join(tmp_path / "0", [tmp_path / "1"], pool, CONFIG, 0.5), pool.small)[0]
    before = outputs(joined, pool.small)[0]
    np.testing.assert_allclose(again @ again.T, before @ before.T, atol=0.02)


def test_there_are_no_more_networks_than_were_joined(finished: Path, models: tuple[Path, Path], pool: Pool) -> None:
    with pytest.raises(ModelError, match="has 2 networks, counted from 0: there is no network 2"):
        apart(finished, 2, pool, CONFIG)
    with pytest.raises(ModelError, match="has 1 network, counted from 0: there is no network 1"):
        apart(models[0], 1, pool, CONFIG)


def test_no_model_is_lost_by_making_another(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, both, run = own_run / "model", tmp_path / "both", tmp_path / "run"
    assert call(capsys, "join", model, model, "-c", own_table, "--aspects", "type,type", "--out", both)[0] == 0
    about = about_at(both)
    assert len(about["aspects"]) == 1
    run.mkdir()
    (run / "checkpoint.pt").write_bytes(b"hours of work")
    for arguments, words in (
        (("apart", both, "--out", both), "holds a model that this is made of"),
        (("apart", both, "--out", run), "holds a run of its own"),
        (("join", model, model, "--out", model), "holds a model that this is made of"),
        (("train", "--from-scratch", "--run", tmp_path / "new", "--out", run), "holds a run of its own"),
    ):
        # Known before any picture is read: there need be none.
        for source in (("-c", own_table), ("--data", tmp_path / "none")):
            status, _, err = call(capsys, *arguments, *source)
            assert status == 2
            assert words in err
    assert about_at(both) == about


def test_the_command_makes_a_model_of_its_own(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, both, first = own_run / "model", tmp_path / "both", tmp_path / "first"
    assert call(capsys, "join", model, model, "-c", own_table, "--out", both)[0] == 0
    status, out, err = call(capsys, "apart", both, "-c", own_table, "--out", first)
    assert status == 0, err
    assert "type\t" in out
    assert {path.name for path in first.iterdir()} == {path.name for path in model.iterdir()}
    for source in (("-c", own_table), ("--data", tmp_path / "none")):
        status, _, err = call(capsys, "apart", both, "--tower", 3, *source, "--out", first)
        assert status == 2
        assert "there is no network 3" in err
    status, _, err = call(capsys, "apart", both, "-c", own_table, "--data", tmp_path, "--out", first)
    assert status == 2
    assert "not with --catalogue" in err
