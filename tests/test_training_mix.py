"""Two pictures in one: what is mixed, what is left alone, and what a mixed picture is called."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from torch import Tensor  # noqa: E402

from recommender.training.data import Pool  # noqa: E402
from recommender.training.loop import loss_of, train  # noqa: E402
from recommender.training.mix import Mixed, mixed  # noqa: E402
from tests.training_fixtures import CONFIG, stopped_after_an_epoch, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

N = 64


@pytest.fixture
def pixels() -> Tensor:
    """(64, 3, 40, 30): each picture one even grey of its own, so that any mixture can be told apart."""
    return (torch.arange(N) / N)[:, None, None, None].expand(N, 3, 40, 30).clone()


def source(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_mixed_picture_holds_both_by_their_shares(pixels: Tensor) -> None:
    out = mixed(pixels, torch.ones(N, dtype=torch.bool), 1.0, source())
    own, other = pixels[:, 0, 0, 0], pixels[out.partner, 0, 0, 0]
    np.testing.assert_allclose(out.pixels.mean((1, 2, 3)), out.share * own + (1 - out.share) * other, atol=1e-5)
    assert (out.partner != torch.arange(N)).all()
    assert sorted(out.partner.tolist()) == list(range(N))
    even = out.pixels.flatten(1).std(1) < 1e-6
    # Half are faded, half have a box; a box may also lie so that nothing of it, or all, is seen.
    assert 0.4 * N <= int(even.sum()) <= 0.6 * N
    boxed = out.pixels[~even]
    assert all(len(picture.unique()) == 2 for picture in boxed)


def test_shares_are_of_all_sizes(pixels: Tensor) -> None:
    share = mixed(pixels, torch.ones(N, dtype=torch.bool), 1.0, source()).share
    assert share.min() < 0.25
    assert share.max() > 0.75
    assert ((share >= 0) & (share <= 1)).all()


def test_about_the_asked_part_is_mixed_and_never_what_shows_no_product(pixels: Tensor) -> None:
    there = torch.arange(N) % 4 > 0
    out = mixed(pixels, there, 0.5, source())
    assert 0.3 < (~out.alone).float().sum() / there.sum() < 0.7
    assert out.alone[~there].all()
    assert there[out.partner[~out.alone]].all()
    assert torch.equal(out.pixels[out.alone], pixels[out.alone])
    assert torch.equal(out.partner[out.alone], torch.arange(N)[out.alone])


def test_what_went_in_is_not_changed(pixels: Tensor) -> None:
    before = pixels.clone()
    mixed(pixels, torch.ones(N, dtype=torch.bool), 1.0, source())
    assert torch.equal(pixels, before)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_pictures_are_mixed_or_left_alone(pixels: Tensor, n: int) -> None:
    out = mixed(pixels[:n], torch.ones(n, dtype=torch.bool), 1.0, source())
    assert out.pixels.shape == (n, 3, 40, 30)
    assert int((out.partner != torch.arange(n)).sum()) == (0 if n < 2 else n)


def test_without_mixing_nothing_is_drawn(pixels: Tensor) -> None:
    random = source()
    out = mixed(pixels, torch.ones(N, dtype=torch.bool), 0.0, random)
    assert out.alone.all()
    assert torch.equal(random.get_state(), source().get_state())


def test_the_loss_of_a_mixed_picture_is_that_of_both_by_their_shares() -> None:
    torch.manual_seed(0)
    config = dataclasses.replace(CONFIG, smoothing=0.0)
    logits = {"season": torch.randn(3, 4)}
    labels = {"season": torch.tensor([0, 2, 1])}
    there = torch.ones(3, dtype=torch.bool)
    mix = Mixed(torch.zeros(3, 3, 2, 2), torch.tensor([1, 0, 2]), torch.tensor([0.7, 0.4, 1.0]))
    logs = logits["season"].log_softmax(1)
    want = -(0.7 * logs[0, 0] + 0.3 * logs[0, 2] + 0.4 * logs[1, 2] + 0.6 * logs[1, 0] + logs[2, 1]) / 3
    weight = dict(config.loss_weights)["season"]
    assert float(loss_of(logits, labels, there, config, mix=mix)) == pytest.approx(float(weight * want), rel=1e-5)
    # Of the first picture only the partner's part is known, of the second only its own.
    labels = {"season": torch.tensor([-1, 2, 1])}
    want = -(0.3 * logs[0, 2] + 0.4 * logs[1, 2] + logs[2, 1]) / 1.7
    assert float(loss_of(logits, labels, there, config, mix=mix)) == pytest.approx(float(weight * want), rel=1e-5)


def test_a_run_that_mixes_learns_other_weights_and_goes_on_as_if_it_had_not_stopped(pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, mixing=0.5, epochs=2, sizes=())
    whole = train(config, pool, tmp_path / "whole")
    assert torch.equal(weights(stopped_after_an_epoch(config, pool, tmp_path / "run")), weights(whole))
    apart = train(dataclasses.replace(config, mixing=0.0), pool, tmp_path / "apart")
    assert not torch.equal(weights(apart), weights(whole))
