"""What is usual in a class, learnt from studio photos and snapshots."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.classifiers.familiar import Familiar
from recommender.training.familiar import REFUSED, fit_familiar

ONE = np.eye(4, dtype=np.float32)[:1]


def vectors_of(nearness: np.ndarray) -> np.ndarray:
    """Unit vectors as near as that to the one prototype."""
    return np.stack([nearness, np.sqrt(1 - nearness**2), *np.zeros((2, len(nearness)))], 1).astype(np.float32)


def learnt(snapshots: int, imagined: bool = False) -> Familiar:
    """Two classes: of the first there are studio photos alone, of the second snapshots too, which are less near."""
    rng = np.random.default_rng(0)
    nearness = np.concatenate([rng.uniform(0.9, 0.99, 400), rng.uniform(0.5, 0.7, snapshots)])
    predicted = np.concatenate([np.arange(400) % 2, np.ones(snapshots, int)])
    snapshot = np.arange(len(nearness)) >= 400
    return fit_familiar(
        ONE,
        vectors_of(nearness),
        np.zeros(len(nearness)),
        predicted,
        "subCategory",
        2,
        snapshot,
        snapshot & imagined,
        np.arange(len(nearness)),
    )


def test_a_class_of_studio_photos_is_no_stricter_with_snapshots_than_others_are() -> None:
    without, withal = learnt(0), learnt(100)
    assert without.low[0] == pytest.approx(0.9, abs=0.01)
    assert withal.low == pytest.approx([0.5, 0.5], abs=0.03)
    assert withal.usual[0] == pytest.approx(without.usual[0], abs=0.03)
    snap, zero = vectors_of(np.array([0.8])), np.zeros(1)
    assert without.log_odds(snap, zero, np.zeros(1, int))[0] < 0 < withal.log_odds(snap, zero, np.zeros(1, int))[0]


def test_what_is_imagined_says_how_far_and_neither_what_is_usual_nor_how_many_are_refused() -> None:
    real, imagined, without = learnt(100), learnt(100, imagined=True), learnt(0)
    assert imagined.low == pytest.approx(real.low)
    assert imagined.usual == pytest.approx(without.usual)
    assert real.usual[1] < imagined.usual[1]
    assert imagined.bound > real.bound  # of the photos that were taken, all are near


def test_a_class_that_nothing_is_taken_for_is_as_all_are() -> None:
    rng = np.random.default_rng(1)
    nearness = rng.uniform(0.5, 0.99, 300)
    none, each = np.zeros(300, bool), np.arange(300)
    vectors = vectors_of(nearness)
    rule = fit_familiar(ONE, vectors, np.zeros(300), np.zeros(300, int), "subCategory", 2, none, none, each)
    low, usual = np.quantile(nearness, [0.01, 0.5])
    assert rule.low[1] == pytest.approx(low, abs=1e-3)
    assert rule.usual[1] == pytest.approx(usual, abs=1e-3)


def test_so_many_are_refused_as_the_bound_says() -> None:
    rng = np.random.default_rng(2)
    nearness, sure = rng.uniform(0.5, 0.99, 3000), rng.uniform(0.6, 0.999, 3000)
    predicted, photo = np.arange(3000) % 2, np.arange(3000) % 5 == 0
    vectors, energies = vectors_of(nearness), np.zeros(3000)
    none, each = np.zeros(3000, bool), np.arange(3000)
    rule = fit_familiar(ONE, vectors, energies, predicted, "subCategory", 2, photo, none, each, sure)
    odds = rule.log_odds(vectors, energies, predicted) + np.log(sure / (1 - sure))
    assert (odds < rule.bound).mean() == pytest.approx(REFUSED, abs=1e-3)


def test_as_many_new_photos_are_refused_as_the_bound_says() -> None:
    """What is usual in a class of few photos hangs on each of them, so that none of these is strange to it."""
    rng = np.random.default_rng(3)
    refused, among_themselves = [], []
    for _ in range(40):
        usual, classes = rng.uniform(0.6, 0.9, 60), 60
        predicted = np.repeat(np.arange(classes), 20)
        nearness = np.clip(usual[predicted] + rng.normal(0, 0.05, (2, len(predicted))), 0, 0.999)
        vectors, none, zero = [vectors_of(part) for part in nearness], np.zeros(len(predicted), bool), np.zeros(1200)
        rule = fit_familiar(ONE, vectors[0], zero, predicted, "subCategory", classes, none, none, np.arange(1200))
        old, new = (rule.log_odds(part, zero, predicted) for part in vectors)
        refused.append((new < rule.bound).mean())
        among_themselves.append((old < rule.bound).mean())
    assert np.mean(refused) == pytest.approx(REFUSED, rel=0.3)
    assert np.mean(among_themselves) < np.mean(refused)


@pytest.mark.parametrize("groups", [1, 2, 12])
def test_photos_of_few_groups_have_a_bound_too(groups: int) -> None:
    nearness = np.random.default_rng(4).uniform(0.5, 0.99, 24)
    zero, none = np.zeros(24), np.zeros(24, bool)
    drawn = np.arange(24) >= 12  # of other products than those that were photographed
    of = np.where(drawn, 12, 0) + np.arange(24) % groups
    rule = fit_familiar(ONE, vectors_of(nearness), zero, np.zeros(24, int), "subCategory", 1, none, drawn, of)
    assert np.isfinite(rule.bound)
