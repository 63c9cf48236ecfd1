"""A training run on a small drawn pool: the loss, the schedule, and going on after a stop."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")


from recommender.errors import ModelError  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.loop import average, epoch_rows, learning_rate, loss_of, prepare, train  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from tests.training_fixtures import CONFIG, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

# ---------------------------------------------------------------- the loss and the schedule


def logits_of(rng: np.random.Generator, n: int) -> dict[str, torch.Tensor]:
    return {
        column: torch.from_numpy(rng.normal(size=(n, 3)).astype(np.float32)) for column, _ in TrainConfig().loss_weights
    }


def test_the_loss_leaves_unknown_labels_out(rng: np.random.Generator) -> None:
    logits = logits_of(rng, 6)
    there = torch.ones(6, dtype=torch.bool)
    labels = {column: torch.from_numpy(rng.integers(0, 3, 6)) for column in logits}
    labels["season"] = torch.tensor([0, -1, 2, -1, -1, -1])
    before = loss_of(logits, labels, there, CONFIG)
    # Whatever the network says where the label is unknown costs nothing; where it is known it does.
    free = {**logits, "season": logits["season"].clone()}
    free["season"][[1, 3, 4, 5]] = 100.0 * torch.randn(4, 3)
    assert torch.equal(loss_of(free, labels, there, CONFIG), before)
    dear = {**logits, "season": logits["season"].clone()}
    dear["season"][2, 0] += 5
    assert loss_of(dear, labels, there, CONFIG) > before + 0.1
    assert loss_of(logits, {column: torch.full((6,), -1) for column in logits}, there, CONFIG) == 0


def test_the_loss_of_nothing_is_that_of_kind_alone(rng: np.random.Generator) -> None:
    logits = logits_of(rng, 4)
    labels = {column: torch.ones(4, dtype=torch.int64) for column in logits}
    there = torch.zeros(4, dtype=torch.bool)
    got = loss_of(logits, labels, there, CONFIG)
    weight = dict(CONFIG.loss_weights)["kind"]
    want = weight * torch.nn.functional.cross_entropy(
        logits["kind"], torch.zeros(4, dtype=torch.int64), label_smoothing=CONFIG.smoothing
    )
    assert got == pytest.approx(float(want))


def check_cycle(rates: list[float], peak: float) -> None:
    """One rise to the peak, then a fall to almost nothing."""
    top = int(np.argmax(rates))
    assert max(rates) == pytest.approx(peak, rel=0.01)
    assert (np.diff(rates[: top + 1]) > 0).all()
    assert (np.diff(rates[top:]) < 0).all()
    assert 0 < rates[-1] < peak / 100


def test_the_learning_rate_rises_and_falls_in_each_cycle() -> None:
    config = dataclasses.replace(CONFIG, epochs=5, restarts=((3, 1e-3, 0.2),))
    check_cycle([learning_rate(config, epoch) for epoch in np.linspace(0, 2.999, 300)], config.lr)
    check_cycle([learning_rate(config, epoch) for epoch in np.linspace(3, 5, 200)], 1e-3)
    # A run that ends before its restart is one whole cycle.
    short = dataclasses.replace(config, epochs=3)
    check_cycle([learning_rate(short, epoch) for epoch in np.linspace(0, 3, 300)], config.lr)


def test_an_epoch_sees_each_product_once_and_no_validation(pool: Pool) -> None:
    config = dataclasses.replace(CONFIG, batch=1)
    rows = np.concatenate(list(epoch_rows(config, pool, 0)))
    counts = np.bincount(rows, minlength=len(pool))
    assert (counts[pool.validation] == 0).all()
    assert (counts[~pool.validation & ~pool.photo] == 1).all()
    assert (counts[~pool.validation & pool.photo] == config.photo_repeats).all()
    assert (np.concatenate(list(epoch_rows(config, pool, 1))) != rows).any()
    # Of many batches all are full; of few none is, or a small pool would leave out half of itself each time.
    assert {len(batch) for batch in epoch_rows(dataclasses.replace(CONFIG, batch=3), pool, 0)} == {3}
    few = list(epoch_rows(dataclasses.replace(CONFIG, batch=40), pool, 0))
    assert sorted(np.concatenate(few)) == sorted(rows)
    assert max(map(len, few)) - min(map(len, few)) <= 1
    assert 20 <= len(few[0]) <= 60
    # A pool that is smaller than a batch is one batch, not none.
    (all_of_it,) = epoch_rows(dataclasses.replace(CONFIG, batch=10_000), pool, 0)
    assert len(all_of_it) == len(rows)


def test_average_moves_towards_the_new_weights() -> None:
    new, kept = torch.nn.BatchNorm1d(2), torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        new.weight.fill_(3.0)
        new.running_mean.fill_(10.0)
        new.num_batches_tracked.fill_(7)
    average(new, kept, 0.75)
    assert kept.weight.tolist() == [1.5, 1.5]
    assert kept.running_mean.tolist() == [2.5, 2.5]
    assert kept.num_batches_tracked == 7


# ---------------------------------------------------------------- a run


def test_training_learns(pool: Pool, trained: tuple[HouseNet, Path]) -> None:
    _, run = trained
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2]
    assert lines[-1]["loss"] < lines[0]["loss"]
    assert {"articleType", "garment"} <= set(lines[-1]["accuracy"])
    assert json.loads((run / "config.json").read_text())["dim"] == 16


def test_the_seed_decides_the_run(pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path) -> None:
    again = train(CONFIG, pool, tmp_path / "again")
    assert torch.equal(weights(again), weights(trained[0]))
    other = prepare(dataclasses.replace(CONFIG, seed=4), pool)[0]
    assert not torch.equal(weights(other), weights(prepare(CONFIG, pool)[0]))


class Killed(Exception):  # noqa: N818
    pass


def test_a_run_that_was_stopped_ends_like_one_that_was_not(
    pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path
) -> None:
    def stop(report: dict[str, float]) -> None:
        if report["epoch"] == 1:
            raise Killed

    with pytest.raises(Killed):
        train(CONFIG, pool, tmp_path, stop)
    torch.manual_seed(99)  # what else has drawn meanwhile does not matter
    seen: list[float] = []
    network = train(CONFIG, pool, tmp_path, lambda report: seen.append(report["epoch"]))
    assert min(seen) == 1
    assert torch.equal(weights(network), weights(trained[0]))
    assert len((tmp_path / "metrics.jsonl").read_text().splitlines()) == 3


def test_another_configuration_or_pool_overwrites_no_run(
    pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path
) -> None:
    checkpoint = (trained[1] / "checkpoint.pt").read_bytes()
    (tmp_path / "checkpoint.pt").write_bytes(checkpoint)
    held_back = dataclasses.replace(pool, validation=~pool.validation)
    retaken = dataclasses.replace(pool, small=255 - pool.small)
    other = dataclasses.replace(CONFIG, lr=1e-3, epochs=1)
    for config, data in ((other, pool), (CONFIG, held_back), (CONFIG, retaken)):
        with pytest.raises(ModelError, match="another configuration or other data"):
            train(config, data, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
    assert (tmp_path / "checkpoint.pt").read_bytes() == checkpoint
    seen: list[float] = []
    train(CONFIG, pool, tmp_path, lambda report: seen.append(report["epoch"]))
    assert seen == []  # the run was complete


def test_a_damaged_checkpoint_is_one_sentence(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(b"half a checkpoint")
    with pytest.raises(ModelError, match=r"checkpoint\.pt is damaged\. Remove it"):
        train(CONFIG, pool, tmp_path)


@pytest.mark.parametrize("state", [{"model_state_dict": {}, "epoch": 3}, [1, 2], {"config": {"epochs": 1}}])
def test_a_checkpoint_of_another_program_is_one_sentence_and_stays(pool: Pool, tmp_path: Path, state: object) -> None:
    torch.save(state, tmp_path / "checkpoint.pt")
    before = (tmp_path / "checkpoint.pt").read_bytes()
    with pytest.raises(ModelError, match="no checkpoint of this program"):
        train(CONFIG, pool, tmp_path)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


def test_a_checkpoint_of_the_former_optimiser_is_one_sentence_and_stays(
    pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path
) -> None:
    state = torch.load(trained[1] / "checkpoint.pt", weights_only=True)
    state["optimiser"] = state["optimiser"]["adam"]
    torch.save(state, tmp_path / "checkpoint.pt")
    before = (tmp_path / "checkpoint.pt").read_bytes()
    with pytest.raises(ModelError, match="run of an earlier version"):
        train(CONFIG, pool, tmp_path)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


def test_a_run_that_goes_astray_is_one_sentence(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"astray in epoch 1: its loss is no number any more\. Give a smaller lr"):
        train(dataclasses.replace(CONFIG, lr=1e30, warmup=0.0), pool, tmp_path)
    assert not (tmp_path / "checkpoint.pt").exists()
