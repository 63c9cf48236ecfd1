"""Suspected labels: planted ones have to be found, on made-up vectors and on the shipped catalogue."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.errors import RecommenderError
from recommender.maps.mistakes import suspects
from recommender.maps.neighbours import neighbours
from recommender.service import Recommender
from tests.conftest import unit_rows


def kinds(rng: np.random.Generator, names: list[str], each: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors of well separated kinds and their labels."""
    vectors = np.repeat(unit_rows(rng, len(names), 32), each, axis=0) + rng.normal(0, 0.04, (len(names) * each, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.repeat(np.array(names, object), each)


def test_neighbours_are_the_nearest_others(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit_rows(rng, 70, 6)
    monkeypatch.setattr("recommender.maps.neighbours.HELD", 700)  # several blocks, the last one short
    seen: list[float] = []
    near = neighbours(vectors, 5, seen.append)
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -2)
    assert (near.rows == np.argsort(-similar, axis=1)[:, :5]).all()
    assert near.similarity == pytest.approx(np.sort(similar, axis=1)[:, :-6:-1], abs=1e-6)
    assert seen == pytest.approx([i / 7 for i in range(1, 8)])
    assert neighbours(vectors[:3], 9).rows.shape == (3, 2)
    assert neighbours(vectors[:1], 9).rows.shape == (1, 0)
    copies = neighbours(np.repeat(vectors[:1], 6, axis=0), 3)
    assert all(row not in others for row, others in enumerate(copies.rows))


def test_wrong_labels_come_first_with_the_right_one_and_its_witnesses(rng: np.random.Generator) -> None:
    vectors, labels = kinds(rng, ["Bags", "Hats", "Shoes", "Ties"])
    right = labels.copy()
    labels[[3, 47, 130]] = ["Ties", "Shoes", "Bags"]
    labels[[10, 90]] = [None, " "]
    found = suspects(vectors, labels)
    assert set(found.rows[:3]) == {3, 47, 130}
    assert len(found) == 3
    assert (found.seen == right[found.rows]).all()
    assert (found.given == labels[found.rows]).all()
    assert (found.share > 0.9).all()
    for row, seen, witnesses in zip(found.rows, found.seen, found.witnesses, strict=True):
        assert row not in witnesses
        assert (labels[witnesses] == seen).all()
        similar = vectors[witnesses] @ vectors[row]
        assert similar.tolist() == sorted(similar, reverse=True)
    assert suspects(vectors, labels, most=1).rows.tolist() == found.rows[:1].tolist()
    assert suspects(vectors, labels, near=neighbours(vectors, 30)).rows.tolist() == found.rows.tolist()


def test_what_is_hard_to_tell_apart_comes_after_what_is_strange(rng: np.random.Generator) -> None:
    vectors, labels = kinds(rng, ["Feet", "Shoes", "Hats"], 60)
    # Sneakers and trainers share one place; a hat there is wrong.
    mixed = rng.permutation(60)
    labels[:60] = np.where(mixed < 40, "Sneakers", "Trainers")
    labels[[5, 60]] = ["Hats", "Hats"]
    found = suspects(vectors, labels)
    assert set(found.rows[:2]) == {5, 60}
    assert len(found) > 6
    assert set(found.given[2:]) <= {"Sneakers", "Trainers"}


def test_a_stranger_to_all_labels_is_no_first_suspect(rng: np.random.Generator) -> None:
    vectors, labels = kinds(rng, ["Bags", "Hats", "Shoes"])
    far = unit_rows(rng, 1, 32)[0] + 0.7 * vectors[50]
    vectors[7] = far / np.linalg.norm(far)  # a bag like no other, a little nearer to hats than to anything
    labels[100] = "Bags"
    found = suspects(vectors, labels)
    assert found.rows.tolist() == [100, 7]


def test_planted_labels_are_found_on_the_shipped_catalogue(demo: Recommender, rng: np.random.Generator) -> None:
    true = demo.catalogue.frame["articleType"].to_numpy(object)
    labels = true.copy()
    planted = rng.choice(len(labels), 36, replace=False)
    for row in planted:
        labels[row] = rng.choice([name for name in np.unique(true.astype(str)) if name != true[row]])
    found = suspects(demo.vectors, labels)
    assert np.isin(found.rows[:10], planted).mean() >= 0.8
    hit = np.isin(found.rows[:36], planted)
    assert hit.sum() >= 20
    assert (found.seen[:36] == true[found.rows[:36]])[hit].mean() > 0.7


def test_suspects_of_next_to_nothing(rng: np.random.Generator) -> None:
    for n in (0, 1, 2, 3):
        assert len(suspects(unit_rows(rng, n, 4), ["Bags", "Hats", "Bags"][:n])) <= 1
    vectors = unit_rows(rng, 9, 4)
    assert len(suspects(vectors, [None] * 9)) == 0
    assert len(suspects(vectors, ["Bags"] * 9)) == 0
    lonely = suspects(vectors, ["Bags"] + [None] * 7 + ["Hats"])
    assert set(lonely.rows) <= {0, 8}
    same = np.repeat(vectors[:1], 20, axis=0)
    odd = suspects(same, ["Bags"] * 19 + ["Hats"])
    assert odd.rows.tolist() in ([], [19])
    with pytest.raises(RecommenderError, match="9 products and 2 labels"):
        suspects(vectors, ["Bags", "Hats"])
    with pytest.raises(RecommenderError, match="one neighbour"):
        suspects(vectors, ["Bags"] * 9, k=0)
