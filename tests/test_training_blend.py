"""A finished network drawn back towards the model that it began from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from torch import nn  # noqa: E402

from recommender.training.blend import drawn_back  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.export import export  # noqa: E402
from recommender.training.loop import outputs, prepare, train  # noqa: E402
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, HouseNet  # noqa: E402
from recommender.training.start import take_up  # noqa: E402
from tests.training_fixtures import CONFIG, rounded, stopped_after_an_epoch, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)


@pytest.fixture(scope="module")
def config(trained: tuple[HouseNet, Path], pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    """Two more epochs from a trained network, of which half is to stay. It knows no ``season`` and no words."""
    folder = tmp_path_factory.mktemp("earlier")
    shipped = {column: pool.classes[column] for column in (*pool.columns, "kind") if column != "season"}
    one = dict.fromkeys(shipped, 1.0)
    export(rounded(trained[0], pool), {"classes": shipped, "temperature": one, "sure_from": one}, folder)
    (folder / "house-words.safetensors").unlink()
    return dataclasses.replace(CONFIG, start_from=str(folder), keep_start=0.5, epochs=2, sizes=())


@pytest.fixture(scope="module")
def end(config: TrainConfig, pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> HouseNet:
    """The same run without being drawn back."""
    return train(dataclasses.replace(config, keep_start=0.0), pool, tmp_path_factory.mktemp("end"))


def begun(config: TrainConfig, pool: Pool) -> HouseNet:
    network, augment, masks = prepare(config, pool)
    take_up(network, config.start_from, pool, augment, masks)
    return network


def test_weights_are_the_mean_of_both_ends(config: TrainConfig, end: HouseNet, pool: Pool, tmp_path: Path) -> None:
    mean = train(config, pool, tmp_path / "run").state_dict()
    start, after = begun(config, pool).state_dict(), end.state_dict()
    for name in ("stages.1.0.0.weight", "stages.1.2.second.1.weight", "project.weight", "heads.articleType.weight"):
        assert not torch.allclose(start[name], after[name])
        np.testing.assert_allclose(mean[name], (start[name] + after[name]) / 2, rtol=1e-4, atol=1e-6)


def test_what_the_start_did_not_know_stays_as_it_was_learnt(config: TrainConfig, end: HouseNet, pool: Pool) -> None:
    mean = drawn_back(end, config, pool, prepare(config, pool)[2])
    for column in ("season", *pool.auxiliary):
        assert torch.equal(mean.head(column).weight, end.head(column).weight)
    assert torch.equal(mean.text.table.weight, end.text.table.weight)


def test_shares_lead_from_one_end_to_the_other(config: TrainConfig, end: HouseNet, pool: Pool) -> None:
    """Hardly any share is the finished network, and nearly all the start, as far as norms taken anew are."""
    start, masks = begun(config, pool).eval(), prepare(config, pool)[2]
    vectors = {}
    for share in (0.001, 0.99):
        drawn = drawn_back(end, dataclasses.replace(config, keep_start=share), pool, masks)
        vectors[share] = outputs(drawn, pool.small)[0]
    to_end = [(vectors[share] * outputs(end, pool.small)[0]).sum(1).mean() for share in (0.001, 0.99)]
    to_start = [(vectors[share] * outputs(start, pool.small)[0]).sum(1).mean() for share in (0.001, 0.99)]
    assert to_end[0] > 0.95
    assert to_start[1] > 0.95
    assert to_end[0] > to_end[1]
    assert to_start[1] > to_start[0]


def test_norms_fit_the_mean_and_not_the_ends(config: TrainConfig, end: HouseNet, pool: Pool) -> None:
    mean = drawn_back(end, config, pool, prepare(config, pool)[2])
    assert not mean.training
    pixels = torch.from_numpy(pool.small[~pool.validation]).permute(0, 3, 1, 2).float() / 255
    layer = mean.stages[0][0]
    with torch.no_grad():
        seen = layer.conv((pixels - PIXEL_MEAN) / PIXEL_STD)
    norm = layer.norm
    assert isinstance(norm, nn.BatchNorm2d)
    off = (seen.mean((0, 2, 3)) - norm.running_mean).abs() / norm.running_var.sqrt()
    assert off.max() < 0.5
    assert norm.momentum == nn.BatchNorm2d(1).momentum


def test_nothing_of_the_finished_network_is_changed(config: TrainConfig, end: HouseNet, pool: Pool) -> None:
    before = weights(end)
    drawn_back(end, config, pool, prepare(config, pool)[2])
    assert torch.equal(weights(end), before)


def test_a_run_that_was_stopped_ends_alike(config: TrainConfig, pool: Pool, tmp_path: Path) -> None:
    whole = train(config, pool, tmp_path / "whole")
    assert torch.equal(weights(stopped_after_an_epoch(config, pool, tmp_path / "parts")), weights(whole))


def test_without_a_start_there_is_nothing_to_keep(trained: tuple[HouseNet, Path], pool: Pool, tmp_path: Path) -> None:
    kept = train(dataclasses.replace(CONFIG, keep_start=0.5), pool, tmp_path / "run")
    assert torch.equal(weights(kept), weights(trained[0]))
