"""Labels with probabilities: the house model's heads, and the vote of neighbours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import save_file
from sklearn.neighbors import KNeighborsClassifier

from recommender.catalog import LABEL_COLUMNS
from recommender.classifiers import ColumnScores, HouseClassifier, NeighbourClassifier
from recommender.classifiers.base import energy, softmax
from recommender.classifiers.familiar import ENERGY_WEIGHT, Familiar
from recommender.classifiers.house import HOUSE_WEIGHTS
from recommender.classifiers.neighbours import TEMPERATURE, K
from recommender.encoders.house import HouseEncoder
from recommender.errors import ModelError
from tests.conftest import unit_rows

VECTORS = unit_rows(np.random.default_rng(2), 9, 256)


def check_scores(scores: dict[str, ColumnScores], n: int) -> None:
    """What every classifier's answer has to be."""
    for score in scores.values():
        assert score.probabilities.shape == (n, len(score.classes))
        assert score.probabilities.dtype == np.float32
        assert (score.probabilities >= 0).all()
        np.testing.assert_allclose(score.probabilities.sum(1), 1, atol=1e-5)
        assert len(set(score.classes)) == len(score.classes)
        assert 0 < score.sure_from <= 1


def test_best() -> None:
    score = ColumnScores(("a", "b"), np.array([[0.7, 0.3], [0.2, 0.8]], np.float32), 0.5)
    labels, probabilities = score.best()
    assert labels.tolist() == ["a", "b"]
    np.testing.assert_allclose(probabilities, [0.7, 0.8])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), min_size=1, max_size=4))
def test_softmax_is_a_distribution_and_keeps_the_order(rows: list[list[float]]) -> None:
    logits = np.array(rows)
    found = softmax(logits)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-5)
    assert (found[np.arange(len(rows)), logits.argmax(1)] == found.max(1)).all()


def test_energy_by_hand() -> None:
    np.testing.assert_allclose(energy(np.log([[1.0, 2.0, 5.0], [1, 1, 1]])), np.log([8.0, 3.0]))
    np.testing.assert_allclose(energy(np.array([[1e4, 0.0]])), [1e4])


def test_softmax_by_hand() -> None:
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]], atol=1e-7)
    np.testing.assert_allclose(softmax(np.array([[1e4, 0.0]])), [[1, 0]], atol=1e-7)


# ---------------------------------------------------------------- the house model


def test_house_contract() -> None:
    classifier = HouseClassifier()
    for n in (0, 1, 9):
        scores = classifier.scores(VECTORS[:n])
        assert set(scores) == set(LABEL_COLUMNS)
        check_scores(scores, n)
        known = classifier.known(VECTORS[:n])
        assert known.shape == (n,)
        assert ((known >= 0) & (known <= 1)).all()
    alone = classifier.scores(VECTORS[3:4])
    together = classifier.scores(VECTORS)
    for column, score in together.items():
        np.testing.assert_allclose(alone[column].probabilities[0], score.probabilities[3], atol=1e-5)


def parts() -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and description of the shipped heads."""
    with safe_open(HOUSE_WEIGHTS, framework="np") as file:
        names = [name for name in file.keys() if name.startswith(("heads.", "scale", "prototypes"))]  # noqa: SIM118
        arrays = {name: file.get_tensor(name) for name in names}
        return arrays, json.loads(file.metadata()["house"])


def written(path: Path, arrays: dict[str, np.ndarray], about: object) -> Path:
    save_file(arrays, path, metadata={"house": json.dumps(about)})
    return path


def test_house_is_a_linear_head_over_a_temperature(tmp_path: Path) -> None:
    arrays, about = parts()
    about["temperature"]["season"] = 2.5
    about["confidence"]["season"] = []  # what claims are mapped to: tests/test_confidence.py
    classifier = HouseClassifier(written(tmp_path / "house.safetensors", arrays, about))
    weight, bias = (arrays[f"heads.season.{part}"].astype(np.float64) for part in ("weight", "bias"))
    logits = (float(arrays["scale"]) * VECTORS.astype(np.float64) @ weight.T + bias) / 2.5
    want = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(classifier.scores(VECTORS)["season"].probabilities, want, atol=1e-4)


def familiar(arrays: dict[str, np.ndarray], about: dict[str, Any], low: float, usual: float) -> tuple[Any, Any]:
    """Arrays and description with a rule of the same bounds for all classes."""
    many = len(about["classes"]["subCategory"])
    rule = {"column": "subCategory", "low": [low] * many, "usual": [usual] * many}
    return {**arrays, "prototypes": VECTORS[:3].astype(np.float16)}, {**about, "familiar": rule}


def test_what_is_not_familiar_is_less_known(tmp_path: Path) -> None:
    arrays, about = parts()
    path = tmp_path / "house.safetensors"

    def known(low: float, usual: float) -> np.ndarray:
        return HouseClassifier(written(path, *familiar(arrays, about, low, usual))).known(VECTORS)

    kind = HouseClassifier(written(path, arrays, drop(parts()[1], "familiar"))).known(VECTORS)
    assert (known(-50, -49) > 0.99).all()
    assert (known(50, 51) < 1e-3).all()
    logits = float(arrays["scale"]) * VECTORS @ arrays["heads.subCategory.weight"].T.astype(np.float32)
    energies = energy((logits + arrays["heads.subCategory.bias"]) / about["temperature"]["subCategory"])
    score = (VECTORS @ VECTORS[:3].T).max(1) + ENERGY_WEIGHT * energies
    odds = np.log(kind / (1 - kind)) + 4 * (score - 0.5) / 0.4
    np.testing.assert_allclose(known(0.5, 0.9), 1 / (1 + np.exp(-odds)), atol=2e-3)
    arrays, about = familiar(arrays, about, 0.5, 0.9)
    about["familiar"]["bound"] = 2.0
    found = HouseClassifier(written(path, arrays, about)).known(VECTORS)
    np.testing.assert_allclose(found, 1 / (1 + np.exp(2 - odds)), atol=2e-3)


def test_the_bounds_are_those_of_the_predicted_class() -> None:
    rule = Familiar(np.eye(2, dtype=np.float32), "subCategory", np.array([0.2, 0.8]), np.array([0.6, 1.2]))
    vectors = np.array([[1.0, 0.0], [1.0, 0.0]], np.float32)
    np.testing.assert_allclose(rule.log_odds(vectors, np.zeros(2), np.array([0, 1])), [8, 2], atol=1e-6)
    np.testing.assert_allclose(rule.log_odds(0 * vectors, np.zeros(2), np.array([0, 1])), [-2, -8], atol=1e-6)


def test_a_model_may_lack_the_rule_and_the_head_that_say_what_is_a_product(tmp_path: Path) -> None:
    arrays, about = parts()
    path = tmp_path / "house.safetensors"
    full = HouseClassifier(written(path, arrays, about)).known(VECTORS)
    without_rule = HouseClassifier(written(path, arrays, drop(about, "familiar"))).known(VECTORS)
    assert (without_rule >= full).all()
    assert (without_rule > full + 0.01).any()
    assert without_rule.std() > 0
    classifier = HouseClassifier(written(path, arrays, drop(about, "classes", "kind")))
    assert classifier.known(VECTORS).tolist() == [1.0] * len(VECTORS)
    assert set(classifier.scores(VECTORS)) == set(LABEL_COLUMNS)


def test_heads_of_another_training_are_refused(tmp_path: Path) -> None:
    arrays, about = parts()
    path = written(tmp_path / "house.safetensors", arrays, {**about, "encoder": "a" * 32})
    HouseClassifier(path)
    HouseClassifier(path, encoder="a" * 32)
    with pytest.raises(ModelError, match="are of different trainings"):
        HouseClassifier(path, encoder="b" * 32)


def test_the_shipped_files_belong_together() -> None:
    HouseClassifier(encoder=HouseEncoder().fingerprint)


def test_a_missing_or_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "house.safetensors"
    with pytest.raises(ModelError, match=r"missing: house\.safetensors\. Train it with"):
        HouseClassifier(path)
    data = HOUSE_WEIGHTS.read_bytes()
    for bad in (b"", b"no model", data[:5000], b"\xff" * 64):
        path.write_bytes(bad)
        with pytest.raises(ModelError, match="damaged or no house model"):
            HouseClassifier(path)


def drop(about: dict[str, Any], *keys: str) -> dict[str, Any]:
    place = about
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    return about


@pytest.mark.parametrize(
    "spoil",
    [
        lambda about: [],
        lambda about: {},
        lambda about: drop(about, "temperature"),
        lambda about: drop(about, "temperature", "season"),
        lambda about: drop(about, "sure_from", "usage"),
        lambda about: {**about, "temperature": {**about["temperature"], "season": 0}},
        lambda about: {**about, "classes": {**about["classes"], "season": ["one"]}},
        lambda about: {**about, "classes": {**about["classes"], "height": ["one"]}},
        lambda about: {**about, "classes": {**about["classes"], "kind": ["a", "b"]}},
        lambda about: {**about, "familiar": {**about["familiar"], "column": "height"}},
        lambda about: {**about, "familiar": {**about["familiar"], "low": [0.05]}},
        lambda about: {**about, "familiar": {**about["familiar"], "usual": about["familiar"]["low"]}},
        lambda about: {**about, "familiar": {"column": "subCategory"}},
        lambda about: {**about, "familiar": {**about["familiar"], "bound": float("nan")}},
    ],
)
def test_a_wrong_description_is_noticed_when_it_is_opened(tmp_path: Path, spoil: Any) -> None:
    arrays, about = parts()
    with pytest.raises(ModelError, match="damaged or no house model"):
        HouseClassifier(written(tmp_path / "house.safetensors", arrays, spoil(about)))


def test_a_file_without_a_description(tmp_path: Path) -> None:
    save_file(parts()[0], tmp_path / "house.safetensors")
    with pytest.raises(ModelError, match="damaged or no house model"):
        HouseClassifier(tmp_path / "house.safetensors")


# ---------------------------------------------------------------- the vote of neighbours


def test_neighbours_by_hand() -> None:
    shop = np.array([[1, 0], [0.6, 0.8], [1, 0], [0, 1]], np.float32)
    classifier = NeighbourClassifier(shop, {"gender": ["Men", "Women", None, "Women"], "usage": [None, "", None, ""]})
    scores = classifier.scores(np.array([[1, 0]], np.float32))
    assert set(scores) == {"gender"}
    men, women = 1.0, np.exp((0.6 - 1) / TEMPERATURE) + np.exp(-1 / TEMPERATURE)
    assert scores["gender"].classes == ("Men", "Women")
    np.testing.assert_allclose(
        scores["gender"].probabilities, [[men / (men + women), women / (men + women)]], atol=1e-6
    )
    np.testing.assert_allclose(classifier.known(np.array([[0.8, 0.6], [-1, 0]], np.float32)), [0.96, 0.0], atol=1e-6)


def test_neighbours_that_are_far_off_vote_as_those_that_are_near() -> None:
    """What counts is how much nearer one is than another."""
    classifier = NeighbourClassifier(np.array([[1, 0], [0.8, 0.6]], np.float32), {"gender": ["Men", "Women"]})
    men = np.exp((-1 + 0.8) / TEMPERATURE)
    far = classifier.scores(np.array([[-1, 0]], np.float32))["gender"].probabilities
    np.testing.assert_allclose(far, [[men / (1 + men), 1 / (1 + men)]], rtol=1e-5)


@pytest.mark.parametrize("n", [1, 2, K, K + 1, 300])
def test_neighbours_against_scikit_learn(n: int) -> None:
    rng = np.random.default_rng(n)
    shop, queries = unit_rows(rng, n, 12), unit_rows(rng, 25, 12)
    labels = rng.choice(["a", "b", "c"], n)
    classifier = NeighbourClassifier(shop, {"articleType": labels.tolist()})
    scores = classifier.scores(queries)
    check_scores(scores, 25)
    sk = KNeighborsClassifier(min(K, n), metric="cosine", algorithm="brute", weights=lambda d: np.exp(-d / TEMPERATURE))
    want = sk.fit(shop.astype(np.float64), labels).predict_proba(queries.astype(np.float64))
    assert scores["articleType"].classes == tuple(sk.classes_)
    np.testing.assert_allclose(scores["articleType"].probabilities, want, atol=1e-5)


def test_neighbours_do_not_vote_for_a_label_that_hardly_any_product_has(rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, 200, 4)
    farthest = int((vectors @ vectors[0]).argmin())
    season: list[str | None] = [None] * 200
    season[farthest] = "Summer"
    classifier = NeighbourClassifier(vectors, {"season": season, "gender": ["Men"] * 200})
    assert list(classifier.scores(vectors[:1])) == ["gender"]


def test_neighbours_of_nothing(rng: np.random.Generator) -> None:
    classifier = NeighbourClassifier(unit_rows(rng, 30, 4), {"gender": ["Men"] * 30})
    check_scores(classifier.scores(np.empty((0, 4), np.float32)), 0)
    assert classifier.known(np.empty((0, 4), np.float32)).shape == (0,)
