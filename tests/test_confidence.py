"""What the likeliest label claims is what held; the order of labels stays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from recommender.catalog import LABEL_COLUMNS
from recommender.classifiers import HouseClassifier
from recommender.classifiers.base import softmax
from recommender.classifiers.confidence import confident
from recommender.classifiers.house import HOUSE_WEIGHTS
from recommender.errors import ModelError
from recommender.evaluation.metrics import expected_calibration_error
from recommender.evaluation.report import _calibrated
from recommender.training.calibrate import BAND, UNTOLD, cross_fitted, fit

POINTS = [(0.0, 0.0), (0.5, 0.4), (0.8, 0.6), (1.0, 1.0)]


def test_the_top_label_is_mapped_and_the_rest_share_what_is_left() -> None:
    found = confident(np.array([[0.8, 0.15, 0.05], [0.1, 0.3, 0.6], [0.0, 1.0, 0.0]], np.float32), POINTS)
    np.testing.assert_allclose(found[0], [0.6, 0.3, 0.1], atol=1e-6)
    np.testing.assert_allclose(found[1].argmax(), 2)
    np.testing.assert_allclose(found[1, 2], 0.4 + 0.2 / 3, atol=1e-6)
    np.testing.assert_allclose(found[2], [0, 1, 0], atol=1e-6)
    assert found.dtype == np.float32


def test_without_points_nothing_changes() -> None:
    shares = softmax(np.random.default_rng(0).normal(size=(5, 4)))
    assert confident(shares, []) is shares
    assert confident(shares[:, :1], POINTS).shape == (5, 1)
    assert confident(shares[:0], POINTS).shape == (0, 4)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.integers(0, 10**6), st.floats(0.1, 30))
def test_the_order_of_labels_stays_and_rows_sum_to_one(held: list[float], seed: int, sharpness: float) -> None:
    low, high = sorted(held)
    shares = softmax(sharpness * np.random.default_rng(seed).normal(size=(20, 5)))
    found = confident(shares, [(0.0, 0.0), (0.4, low), (0.9, high), (1.0, 1.0)])
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    assert (found.argmax(1) == shares.argmax(1)).all()
    for row, before in zip(found, shares, strict=True):
        order = np.argsort(-before, kind="stable")
        assert (np.diff(row[order]) <= 1e-6).all()


def bumpy(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are too sure in the middle and right at both ends, which no temperature mends."""
    rng = np.random.default_rng(seed)
    claimed = rng.uniform(0.4, 0.999, n)
    held = np.where((claimed > 0.65) & (claimed < 0.9), claimed - 0.2, claimed)
    logits = np.zeros((n, 4))
    logits[:, 0] = np.log(3 * claimed / (1 - claimed))
    labels = np.where(rng.random(n) < held, 0, rng.integers(1, 4, n))
    return logits, labels


def test_a_bump_that_no_temperature_mends_is_mended() -> None:
    logits, labels = bumpy(4000, 1)
    found = fit(logits, labels)
    fresh, truth = bumpy(4000, 2)
    plain = expected_calibration_error(softmax(fresh / found.temperature), truth)
    mended = expected_calibration_error(found.probabilities(fresh), truth)
    assert plain > 0.05
    assert mended < 0.6 * plain
    claimed, held = np.array(found.points).T
    assert (np.diff(claimed) > 0).all()
    assert (np.diff(held) >= 0).all()
    assert (held[1:-1] < 1).all()  # nothing but certainty is certain


def test_few_rows_map_nothing() -> None:
    logits, labels = bumpy(2 * BAND - 1, 1)
    assert fit(logits, labels).points == ()
    assert len(fit(*bumpy(2 * BAND, 1)).points) == 4


def test_each_half_is_measured_by_the_other() -> None:
    logits, labels = bumpy(1200, 3)
    half = np.arange(1200) % 2 == 0
    found = cross_fitted(logits, labels, half)
    np.testing.assert_array_equal(found[half], fit(logits[~half], labels[~half]).probabilities(logits[half]))
    # A label of its own half does not change a row's probabilities.
    turned = np.where(half, 3 - labels, labels)
    np.testing.assert_array_equal(cross_fitted(logits, turned, half)[half], found[half])
    assert cross_fitted(logits, labels, np.ones(1200, bool)).shape == logits.shape


@pytest.mark.parametrize("column", LABEL_COLUMNS)
def test_every_shipped_column_is_calibrated(column: str) -> None:
    about = HouseClassifier().about
    assert len(about["confidence"][column]) > 2
    # Of the 604 products whose title names a pattern, even probabilities that are exactly right would be further off.
    measurable = about["measured"][column]["products"] > 3000
    assert measurable == (column != "pattern")
    assert about["measured"][column]["calibration_error"] <= 0.03 or not measurable


def test_no_shipped_column_is_further_off_than_chance() -> None:
    measured = HouseClassifier().about["measured"]
    assert set(measured) == set(LABEL_COLUMNS)
    assert all(one["calibration_error"] <= max(0.03, one["by_chance"]) for one in measured.values())


def test_few_rows_are_no_evidence() -> None:
    always = np.tile([3.0, 0.0, 0.0], (15, 1))
    assert fit(always, np.ones(15, int)).sure_from == fit(always[:0], np.ones(0, int)).sure_from == UNTOLD
    assert fit(np.repeat(always, 2, axis=0), np.zeros(30, int)).sure_from == 0.5
    # Fifteen rows in each of two bands, all wrong: neither band tells, both together do.
    logits = np.concatenate(
        [np.tile([[1.2, 0, 0]], (15, 1)), np.tile([[2.6, 0, 0]], (15, 1)), np.tile([[9, 0, 0]], (9, 1))]
    )
    labels = np.repeat([1, 1, 0], [15, 15, 9])
    calibration = fit(logits, labels)
    assert calibration.sure_from > calibration.probabilities(logits)[:30].max(1).min()


def test_labels_that_a_model_has_none_of_are_not_calibrated() -> None:
    classifier = HouseClassifier()
    vectors = np.random.default_rng(0).normal(size=(40, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    half = np.arange(40) % 2 == 0
    assert _calibrated(classifier, "season", vectors, np.array(["AW", None] * 20, dtype=object), half) == {}
    found = _calibrated(classifier, "season", vectors, np.array(["AW", "Summer"] * 20, dtype=object), half)
    assert all(np.isfinite(value) for value in found.values())
    assert set(found) == {"calibration_error", "by_chance"}


@pytest.mark.parametrize("points", [[[0.0]], [[0.0, 0.0], [0.0, 1.0]], [[0.0, 0.5], [1.0, 0.2]], [[0, 0], [1, 2]], "x"])
def test_points_that_are_none_are_one_sentence(points: object, tmp_path: Path) -> None:
    path = tmp_path / "house.safetensors"
    with safe_open(HOUSE_WEIGHTS, framework="np") as file:
        about = json.loads(file.metadata()["house"])
    about["confidence"]["gender"] = points
    save_file(load_file(HOUSE_WEIGHTS), path, metadata={"house": json.dumps(about)})
    with pytest.raises(ModelError, match="damaged"):
        HouseClassifier(path)


def test_a_model_of_before_maps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "house.safetensors"
    with safe_open(HOUSE_WEIGHTS, framework="np") as file:
        about = json.loads(file.metadata()["house"])
    about.pop("confidence")
    save_file(load_file(HOUSE_WEIGHTS), path, metadata={"house": json.dumps(about)})
    now, before = HouseClassifier(), HouseClassifier(path)
    vectors = np.random.default_rng(0).normal(size=(50, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for column, scores in before.scores(vectors).items():
        plain = softmax(now.logits(column, vectors) / now.about["temperature"][column])
        np.testing.assert_allclose(scores.probabilities, plain, atol=1e-6)
        np.testing.assert_array_equal(scores.best()[0], now.scores(vectors)[column].best()[0])
