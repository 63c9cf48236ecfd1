"""A photo in its place on the maps of a shop."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.atlas import Atlas
from recommender.errors import RecommenderError
from recommender.maps.placing import by_neighbours
from recommender.reduction import REDUCERS
from tests.conftest import unit_rows


@pytest.mark.parametrize("method", tuple(REDUCERS))
def test_a_photo_is_placed_by_neighbours_until_the_own_step_is_warm(opened, method: str) -> None:
    shop = opened()
    Atlas(shop).map(method)
    atlas = Atlas(opened())  # from disk
    drawn_map = atlas.map(method)
    extent = np.ptp(drawn_map.points, axis=0).max()
    rows = range(0, len(shop.vectors), 12)
    for how in ("neighbours", "own step"):
        placements = [atlas.place(method, shop.vectors[row]) for row in rows]
        assert {one.how for one in placements} == {how}
        assert all(one.point.shape == (2,) and one.ms > 0 for one in placements)
        apart = [np.linalg.norm(one.point - drawn_map.points[row]) for one, row in zip(placements, rows, strict=True)]
        assert np.median(apart) < 0.05 * extent
        assert atlas.warmed(method) is (how == "own step")
        atlas.warm(method)
        assert atlas.warmed(method)


def test_a_vector_that_is_none_of_this_shop_is_refused(opened) -> None:
    shop = opened()
    atlas = Atlas(shop)
    d = shop.vectors.shape[1]
    with pytest.raises(RecommenderError, match="has to be computed before"):
        atlas.place("pca", shop.vectors[0])
    atlas.warm("pca")
    assert not atlas.warmed("pca")
    atlas.map("pca")
    for wrong in (np.zeros(d + 1), np.zeros((2, d)), np.full(d, np.nan)):
        with pytest.raises(RecommenderError, match=f"a vector of {d} finite numbers"):
            atlas.place("pca", wrong)


@pytest.mark.parametrize("trouble", ["busy", "astray", "broken"])
def test_where_the_own_step_fails_the_neighbours_place(opened, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    class Placer:
        def place(self, vectors: np.ndarray) -> np.ndarray:
            if trouble == "busy" and len(calls) > 0:
                raise TimeoutError
            calls.append(len(vectors))
            return np.full((len(vectors), 2), np.nan, np.float32)

    calls: list[int] = []

    def restore(self, vectors, points):
        if trouble == "broken":
            raise ValueError("no")
        return Placer()

    shop = opened()
    atlas = Atlas(shop)
    atlas.map("pca")
    monkeypatch.setattr(type(REDUCERS.create("pca")), "restore", restore)
    atlas.warm("pca")
    assert atlas.warmed("pca") is (trouble != "broken")
    placed = atlas.place("pca", shop.vectors[0])
    assert placed.how == "neighbours"
    assert np.isfinite(placed.point).all()


def test_an_own_step_that_failed_once_is_prepared_anew(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    reducer = type(REDUCERS.create("pca"))
    restore, tries = reducer.restore, []

    def at_second(self, vectors, points):
        tries.append(len(vectors))
        if len(tries) == 1:
            raise MemoryError
        return restore(self, vectors, points)

    atlas = Atlas(opened())
    atlas.map("pca")
    monkeypatch.setattr(reducer, "restore", at_second)
    atlas.warm("pca")
    assert not atlas.warmed("pca")
    for _ in range(2):
        atlas.warm("pca")
        assert atlas.warmed("pca")
    assert len(tries) == 2


def test_neighbours_in_two_corners_do_not_put_the_photo_between_them() -> None:
    rng = np.random.default_rng(0)
    centre = unit_rows(rng, 1, 32)
    alike = centre + rng.normal(scale=0.02, size=(10, 32))
    others = unit_rows(rng, 50, 32)
    vectors = np.concatenate([alike, others]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    corner, far = np.array([0, 0]), np.array([100, 100])
    points = np.concatenate([np.tile(corner, (6, 1)), np.tile(far, (4, 1)), np.full((50, 2), 50)]).astype(np.float32)
    points += rng.normal(scale=0.5, size=points.shape).astype(np.float32)
    placed = by_neighbours(vectors, points, centre[0])
    assert np.linalg.norm(placed - corner) < 2
