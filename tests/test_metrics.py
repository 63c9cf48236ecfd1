"""Measures against scikit-learn and SciPy, by hand, and at their bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.neighbors import NearestNeighbors

from recommender.classifiers import ColumnScores
from recommender.evaluation.labels import measure_labels
from recommender.evaluation.metrics import (
    calibration_error_by_chance,
    expected_calibration_error,
    independent,
    mean_interval,
    wilson_interval,
)
from recommender.evaluation.retrieval import neighbour_precision
from tests.conftest import unit_rows


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (0, 30), (1, 3), (17, 20), (500, 1000), (20, 20)])
def test_wilson_against_scipy(hits: int, n: int) -> None:
    want = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert wilson_interval(hits / n, n) == pytest.approx((want.low, want.high), abs=1e-4)


def test_equal_values_of_a_group_are_worth_one() -> None:
    rng = np.random.default_rng(0)
    each = (rng.random(400) < 0.7).astype(float)
    groups = np.repeat(np.arange(400), 5)
    assert independent(np.repeat(each, 5), groups) == pytest.approx(400, rel=3e-3)
    assert independent(each) == 400
    # Groups that say nothing about their values leave nearly all of them.
    alone = rng.random(2000)
    assert independent(alone, groups) > 1700
    assert independent(np.ones(10), np.repeat([0, 1], 5)) == 2
    assert independent(np.array([])) == 0
    for n in (2, 3, 10, 100):  # each a group of its own
        assert independent(alone[:n], np.arange(n)) == pytest.approx(n)
        assert mean_interval(alone[:n], np.arange(n)) == pytest.approx(mean_interval(alone[:n]))
    assert independent(np.array([0, 0, 1, 1]), np.zeros(4)) == 1  # of one group there is no saying what others are like


def test_intervals_of_groups_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    sizes = rng.geometric(0.4, 300)
    groups = np.repeat(np.arange(300), sizes)
    held = {"grouped": 0, "alone": 0}
    for _ in range(300):
        # Of half of the groups all are right or wrong together.
        whole = rng.random(300) < 0.5
        right = np.where(
            np.repeat(whole, sizes), np.repeat(rng.random(300) < 0.8, sizes), rng.random(len(groups)) < 0.8
        )
        for name, drawn in (("grouped", groups), ("alone", None)):
            low, high = mean_interval(right, drawn)
            held[name] += low <= 0.8 <= high
    assert held["grouped"] >= 0.92 * 300
    assert held["alone"] <= 0.9 * 300


def test_wilson_of_nothing_says_nothing() -> None:
    assert wilson_interval(math.nan, 0) == (0.0, 1.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wilson_holds_the_share_inside_its_bounds(n: int, part: float) -> None:
    share = round(part * n) / n
    low, high = wilson_interval(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_calibration_error_by_hand() -> None:
    # Two bins of fifteen: three answers at 0.9, two of them right, and one at 0.5 that is right.
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.5, 0.5], [0.2, 0.8]])
    labels = np.array([0, 1, 1, 0, -1])
    want = 3 / 4 * abs(2 / 3 - 0.9) + 1 / 4 * abs(1 - 0.5)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(want)


def test_calibration_error_at_its_bounds() -> None:
    certain = np.eye(4)[[0, 1, 2, 3]]
    assert expected_calibration_error(certain, np.arange(4)) == 0
    assert expected_calibration_error(certain, np.array([1, 2, 3, 0])) == 1
    assert expected_calibration_error(certain, np.full(4, -1)) == 0


def test_calibration_error_tells_honest_from_boastful() -> None:
    rng = np.random.default_rng(0)
    top = rng.uniform(0.5, 1, 40_000)
    probabilities = np.stack([top, 1 - top], 1)
    labels = (rng.random(40_000) > top).astype(int)
    assert expected_calibration_error(probabilities, labels) < 0.015
    boastful = probabilities**3 / (probabilities**3).sum(1, keepdims=True)
    assert expected_calibration_error(boastful, labels) > 0.1


def test_what_chance_makes_of_the_calibration_error() -> None:
    rng = np.random.default_rng(1)

    def drawn(n: int) -> tuple[np.ndarray, np.ndarray]:
        top = rng.uniform(0.5, 1, n)
        return np.stack([top, 1 - top], 1), (rng.random(n) > top).astype(int)

    # Of samples from a model that is exactly right, one in twenty lies above.
    samples = [drawn(300) for _ in range(200)]
    above = [expected_calibration_error(p, y) > calibration_error_by_chance(p) for p, y in samples]
    assert 0.01 <= np.mean(above) <= 0.1
    # A hundred times as many pictures leave a tenth of it.
    few, many = (calibration_error_by_chance(drawn(n)[0]) for n in (300, 30_000))
    assert few == pytest.approx(10 * many, rel=0.2)
    assert calibration_error_by_chance(np.eye(4)) == 0
    assert math.isnan(calibration_error_by_chance(np.empty((0, 4))))


def test_neighbour_precision_against_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    shop, queries = unit_rows(rng, 400, 8), unit_rows(rng, 300, 8)
    labels, wanted = rng.integers(5, size=400), rng.integers(5, size=300)
    near = NearestNeighbors(n_neighbors=10, metric="cosine").fit(shop).kneighbors(queries, return_distance=False)
    want = (labels[near] == wanted[:, None]).mean()
    found = neighbour_precision(queries, wanted, shop, labels)
    assert found.accuracy == pytest.approx(want, abs=1e-3)
    assert found.low < want < found.high
    assert found.products == 300


@pytest.mark.parametrize("k", [3, 4, 50])
def test_neighbour_precision_of_a_small_shop(k: int) -> None:
    shop = np.eye(4, dtype=np.float32)
    labels = np.array(["a", "a", "b", "b"])
    assert neighbour_precision(shop[:1], np.array(["a"]), shop, labels, 1).accuracy == 1.0
    found = neighbour_precision(shop[:1], np.array(["b"]), shop, labels, k).accuracy
    assert found == pytest.approx(2 / min(k, 4), abs=0.35)
    assert neighbour_precision(shop[:1], np.array(["b"]), shop, labels, 50).accuracy == 0.5


def test_measure_labels_leaves_the_unknown_out() -> None:
    scores = {
        "gender": ColumnScores(("Men", "Women"), np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.7, 0.3]]), 0.5),
        "season": ColumnScores(("Fall",), np.ones((4, 1)), 0.5),
    }
    truth = {
        "gender": np.array(["Men", "Men", None, "Robots"], dtype=object),
        "season": np.array([None, np.nan, None, None], dtype=object),
        "colour": np.array(["Red"] * 4, dtype=object),
    }
    found = measure_labels(scores, truth)
    assert set(found) == {"gender"}
    gender = found["gender"]
    assert gender.products == 3
    assert gender.accuracy == pytest.approx(1 / 3)
    assert (gender.low, gender.high) == wilson_interval(1 / 3, 3)
    want = (abs(1 - 0.9) + abs(0 - 0.8) + abs(0 - 0.7)) / 3
    assert gender.calibration_error == pytest.approx(want)
    assert gender.to_dict()["accuracy"] == 0.3333
