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
    none = np.zeros(300, bool)
    rule = fit_familiar(ONE, vectors_of(nearness), np.zeros(300), np.zeros(300, int), "subCategory", 2, none, none)
    low, usual = np.quantile(nearness, [0.01, 0.5])
    assert rule.low[1] == pytest.approx(low, abs=1e-3)
    assert rule.usual[1] == pytest.approx(usual, abs=1e-3)


def test_so_many_are_refused_as_the_bound_says() -> None:
    rng = np.random.default_rng(2)
    nearness, sure = rng.uniform(0.5, 0.99, 3000), rng.uniform(0.6, 0.999, 3000)
    predicted, photo = np.arange(3000) % 2, np.arange(3000) % 5 == 0
    vectors, energies = vectors_of(nearness), np.zeros(3000)
    rule = fit_familiar(ONE, vectors, energies, predicted, "subCategory", 2, photo, np.zeros(3000, bool), sure)
    odds = rule.log_odds(vectors, energies, predicted) + np.log(sure / (1 - sure))
    assert (odds < rule.bound).mean() == pytest.approx(REFUSED, abs=1e-3)
