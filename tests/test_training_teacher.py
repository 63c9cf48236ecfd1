"""What an earlier model thinks of the pictures, learnt beside their labels."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.training.data import Pool  # noqa: E402
from recommender.training.export import export  # noqa: E402
from recommender.training.loop import loss_of, outputs, train  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.teacher import Opinion, opinions  # noqa: E402
from tests.training_fixtures import CONFIG, rounded, stopped_after_an_epoch, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)


@pytest.fixture(scope="module")
def earlier(trained: tuple[HouseNet, Path], pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a trained network with the heads that a model ships."""
    folder = tmp_path_factory.mktemp("earlier")
    shipped = {column: pool.classes[column] for column in (*pool.columns, "kind")}
    one = dict.fromkeys(shipped, 1.0)
    export(rounded(trained[0], pool), {"classes": shipped, "temperature": one, "sure_from": one}, folder)
    return folder / "house.safetensors"


def test_opinions_are_those_of_the_earlier_model_on_both_views(
    earlier: Path, trained: tuple[HouseNet, Path], pool: Pool
) -> None:
    said, between = opinions(dataclasses.replace(CONFIG, start_from=str(earlier)), pool)
    # Auxiliary heads are in no file, and clean pictures say nothing of "kind".
    assert set(said) == set(pool.columns)
    learnt = ~pool.validation
    seen, plain = outputs(trained[0], pool.small)
    seen_mirrored, mirrored = outputs(trained[0], np.ascontiguousarray(pool.small[:, :, ::-1]))
    assert (between[torch.from_numpy(pool.validation)] == 0).all()
    sums = seen + seen_mirrored
    np.testing.assert_allclose(
        between.float()[learnt], (sums / np.linalg.norm(sums, axis=1, keepdims=True))[learnt], atol=0.02
    )
    for column, shares in said.items():
        assert (shares[torch.from_numpy(pool.validation)] == 0).all()
        want = (torch.from_numpy(plain[column]).softmax(1) + torch.from_numpy(mirrored[column]).softmax(1)) / 2
        np.testing.assert_allclose(shares.float()[learnt], want[learnt], atol=0.02)


def test_a_model_that_does_not_know_all_classes_has_no_opinion(earlier: Path, pool: Pool) -> None:
    classes = {**pool.classes, "season": [*pool.classes["season"], "Monsoon"]}
    said = opinions(dataclasses.replace(CONFIG, start_from=str(earlier)), dataclasses.replace(pool, classes=classes))
    assert set(said.shares) == set(pool.columns) - {"season"}


def test_asking_does_not_change_what_a_run_draws(earlier: Path, pool: Pool) -> None:
    before = torch.get_rng_state()
    opinions(dataclasses.replace(CONFIG, start_from=str(earlier)), pool)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_loss_is_between_that_of_the_labels_and_that_of_the_opinions() -> None:
    torch.manual_seed(0)
    logits = {"season": torch.randn(5, 3)}
    labels = {"season": torch.tensor([0, 2, -1, 1, 1])}
    teacher = {"season": torch.rand(5, 3).softmax(1)}
    there = torch.tensor([True, True, True, True, False])

    def loss(share: float) -> float:
        return float(loss_of(logits, labels, there, dataclasses.replace(CONFIG, teaching=share), teacher))

    weight = dict(CONFIG.loss_weights)["season"]
    # Rows without a label, and such that show no product, do not count on either side.
    told = [0, 1, 3]
    logs = logits["season"].log_softmax(1)[told]
    assert loss(1.0) == pytest.approx(float(-weight * (teacher["season"][told] * logs).sum(1).mean()), rel=1e-5)
    assert loss(0.0) == pytest.approx(float(loss_of(logits, labels, there, CONFIG)), rel=1e-6)
    assert loss(0.25) == pytest.approx(0.75 * loss(0.0) + 0.25 * loss(1.0), rel=1e-5)


def test_a_taught_run_goes_on_as_if_it_had_not_stopped(earlier: Path, pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, start_from=str(earlier), teaching=0.5, epochs=2, sizes=())
    whole = train(config, pool, tmp_path / "whole")
    assert torch.equal(weights(stopped_after_an_epoch(config, pool, tmp_path / "run")), weights(whole))
    untaught = train(dataclasses.replace(config, teaching=0.0), pool, tmp_path / "untaught")
    assert not torch.equal(weights(untaught), weights(whole))
    assert json.loads((tmp_path / "whole" / "config.json").read_text())["teaching"] == 0.5


def test_the_distance_is_that_of_the_plain_pictures() -> None:
    wanted = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]], dtype=torch.float16)
    opinion = Opinion({}, wanted)
    vectors = torch.tensor([[0.0, 1.0], [0.6, 0.8], [-1.0, 0.0]])
    rows = np.array([1, 0, 2])
    plain = torch.tensor([True, True, False])
    assert float(opinion.distance(vectors, rows, plain)) == pytest.approx((0.0 + 0.4**2 + 0.8**2) / 2, abs=1e-3)
    assert float(opinion.distance(vectors, rows, torch.zeros(3, dtype=torch.bool))) == 0


def test_a_run_that_matches_its_start_keeps_to_what_it_saw(earlier: Path, pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(
        CONFIG, start_from=str(earlier), matching=50.0, composite=0.8, nothing=0.0, epochs=4, sizes=()
    )
    opinion = opinions(config, pool)
    rows = np.flatnonzero(~pool.validation & ~pool.photo)

    def far(network: HouseNet) -> float:
        seen = torch.from_numpy(outputs(network, pool.small[rows])[0])
        return float(opinion.distance(seen, rows, torch.ones(len(rows), dtype=torch.bool)))

    matched = train(config, pool, tmp_path / "matched")
    free = train(dataclasses.replace(config, matching=0.0), pool, tmp_path / "free")
    assert far(matched) < 0.5 * far(free)
    assert torch.equal(weights(stopped_after_an_epoch(config, pool, tmp_path / "run")), weights(matched))
