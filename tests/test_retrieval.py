"""Measures of what is found, against scikit-learn and by hand."""

from __future__ import annotations

import math
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from recommender.evaluation.metrics import auroc, mean_interval, wilson_interval
from recommender.evaluation.noise import label_agreement, same_pictures
from recommender.evaluation.report import COMMON, _common
from recommender.evaluation.retrieval import GRADES, graded_precision, nearest, recall, telling_apart
from tests.conftest import unit_rows


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=20), st.lists(st.integers(0, 6), min_size=1, max_size=20))
def test_auroc_against_scikit_learn(positive: list[int], negative: list[int]) -> None:
    truth = [1] * len(positive) + [0] * len(negative)
    want = roc_auc_score(truth, positive + negative)
    assert auroc(np.array(positive), np.array(negative)) == pytest.approx(want)


def test_auroc_of_nothing_is_no_number() -> None:
    assert math.isnan(auroc(np.array([]), np.array([1.0])))


def test_telling_apart_counts_what_was_drawn_together_as_less() -> None:
    rng = np.random.default_rng(4)
    one, strange = rng.normal(1, 1, 40), rng.normal(0, 1, 500)
    alone, five = telling_apart(one, strange), telling_apart(np.repeat(one, 5), strange, np.repeat(np.arange(40), 5))
    taken_apart = telling_apart(np.repeat(one, 5), strange)
    assert five.accuracy == pytest.approx(alone.accuracy)
    assert five.high - five.low == pytest.approx(alone.high - alone.low, rel=0.05)
    assert taken_apart.high - taken_apart.low < 0.6 * (five.high - five.low)
    assert telling_apart(one[:1], strange).low < telling_apart(one[:1], strange).high


def test_telling_apart_has_an_interval_that_narrows() -> None:
    rng = np.random.default_rng(0)
    few = telling_apart(rng.normal(1, 1, 20), rng.normal(0, 1, 20))
    many = telling_apart(rng.normal(1, 1, 2000), rng.normal(0, 1, 2000))
    assert few.low < few.accuracy < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    # Two unit normals, one apart: the area is the normal distribution function of 1 / sqrt(2).
    assert many.low < 0.5 * (1 + math.erf(0.5)) < many.high


def test_mean_interval_by_hand() -> None:
    low, high = mean_interval(np.array([0.25, 0.75] * 50))
    half = 1.96 * 0.25 * (100 / 99) ** 0.5 / 10
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half))
    assert mean_interval(np.array([True, False] * 50)) == wilson_interval(0.5, 100)


def test_intervals_of_hardly_anything_are_wide() -> None:
    assert mean_interval(np.array([])) == (0.0, 1.0)
    assert mean_interval(np.array([0.7])) == wilson_interval(0.7, 1)
    assert mean_interval(np.array([0.5, 0.5])) == wilson_interval(0.5, 2)
    assert mean_interval(np.array([1.0, 1.0]))[0] == wilson_interval(1.0, 2)[0] < 0.4
    apart = telling_apart(np.array([0.8, 0.9, 0.7]), np.array([0.1, 0.2]))
    assert (apart.accuracy, apart.low, apart.high) == (1.0, *wilson_interval(1.0, 2))


def test_nearest_is_in_order_and_leaves_out_the_query(rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 300, 8)
    rows = np.array([5, 299, 0])
    found = nearest(vectors[rows], vectors, 4, rows)
    for row, few in zip(rows, found, strict=True):
        similar = vectors @ vectors[row]
        similar[row] = -9
        assert few.tolist() == np.argsort(-similar)[:4].tolist()
    assert nearest(vectors[:2], vectors[:3], 10, np.array([0, 1])).shape == (2, 2)


def test_graded_precision_by_hand() -> None:
    vectors = np.array([[1.0, 0.0], [0.99, 0.14], [0.95, 0.31], [0.0, 1.0]], np.float32)
    labels = {column: np.zeros(4, int) for column in GRADES}
    labels["baseColour"] = np.array([0, 1, 0, 0])  # the nearest has another colour, the next none amiss
    found = graded_precision(np.array([0]), vectors, labels, k=2)
    assert found.accuracy == pytest.approx((4 / 5 + 1) / 2)
    assert found.products == 1


def test_what_is_not_known_is_not_graded() -> None:
    vectors = np.array([[1.0, 0.0], [0.99, 0.14], [0.0, 1.0]], np.float32)
    labels = {column: np.zeros(3, int) for column in GRADES}
    labels["baseColour"] = np.array([-1, -1, 0])  # two unknown colours are not one
    labels["gender"] = np.array([0, -1, 0])
    found = graded_precision(np.array([0, 1]), vectors, labels, k=1)
    assert found.accuracy == pytest.approx((3 / 4 + 3 / 3) / 2)


def test_recall_counts_the_one_product(rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 50, 8)
    assert recall(vectors, vectors, np.arange(50), k=1).accuracy == 1.0
    assert recall(vectors, vectors, np.arange(50)[::-1], k=1).accuracy == 0.0


def test_label_agreement_of_pairs_that_are_known() -> None:
    pairs = np.array([[0, 1], [1, 2], [2, 3], [0, 4]])
    labels = {"season": np.array([0, 0, 1, 1, -1]), "usage": np.full(5, -1)}
    found = label_agreement(pairs, labels)
    assert list(found) == ["season"]
    assert found["season"].accuracy == pytest.approx(2 / 3)
    assert found["season"].products == 3


def test_many_pairs_of_one_picture_tell_little_of_others() -> None:
    copies = np.array(list(combinations(range(20), 2)) + [[first, first + 1] for first in range(20, 60, 2)])
    odd = np.zeros(60, int)
    odd[:10] = 1  # one set of copies: 100 of its 190 pairs
    found = label_agreement(copies, {"season": odd})["season"]
    assert (found.accuracy, found.products) == (pytest.approx(110 / 210), 210)
    low, high = mean_interval(np.repeat([1, 0], [110, 100]))
    assert found.high - found.low > 1.2 * (high - low)


def test_the_same_picture_under_several_ids_is_told_from_one_that_is_alike(rng: np.random.Generator) -> None:
    pictures = np.repeat(rng.integers(0, 255, (1, 8, 6, 3), dtype=np.uint8), 4, axis=0)
    pictures[1, 0, 0, 0] += 1  # one design, in a colour of its own
    assert same_pictures(pictures).tolist() == [[0, 2], [0, 3], [2, 3]]
    assert same_pictures(pictures[:2]).shape == (0, 2)


def test_types_of_few_products_are_left_out_of_the_figure_for_common_ones() -> None:
    types = np.array([0] * COMMON + [1] * (COMMON - 1) + [-1])
    pool = SimpleNamespace(
        labels={"articleType": types},
        photo=np.zeros(len(types), bool),
        groups=np.arange(len(types)),
        classes={"articleType": ["Caps", "Ties"]},
    )
    held = np.array([0, 1, 2, COMMON, len(types) - 1])
    said = SimpleNamespace(best=lambda: (np.array(["Caps", "Ties", "Caps", "Ties", "Caps"], dtype=object), None))
    found = _common({"articleType": said}, pool, held)  # type: ignore[dict-item, arg-type]
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.products == 3
    rare = np.flatnonzero(types == 1)
    said = SimpleNamespace(best=lambda: (np.full(len(rare), "Ties", dtype=object), None))
    assert _common({"articleType": said}, pool, rare) is None  # type: ignore[dict-item, arg-type]
