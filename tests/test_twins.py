"""Products that are there twice: planted ones have to be found, on made-up vectors and on the shipped catalogue."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from recommender.errors import ImageError, RecommenderError
from recommender.maps.neighbours import neighbours
from recommender.maps.twins import Twins, near_duplicates, same_pictures, thumbnail_of
from recommender.service import Recommender
from tests.conftest import unit_rows


def marked_duplicates(demo: Recommender) -> set[tuple[int, int]]:
    catalogue = demo.catalogue
    return {
        (min(row, catalogue.row_of(other)), max(row, catalogue.row_of(other)))
        for row, other in enumerate(catalogue.frame["duplicateOf"])
        if isinstance(other, str)
    }


@pytest.fixture(scope="module")
def found(demo: Recommender) -> Twins:
    return same_pictures(near_duplicates(demo.vectors), lambda row: thumbnail_of(demo.catalogue.image(row)))


def test_marked_duplicates_of_the_shipped_catalogue_are_found(demo: Recommender, found: Twins) -> None:
    marked = marked_duplicates(demo)
    assert len(marked) >= 5
    assert marked <= {(int(one), int(other)) for one, other in found.pairs}
    assert found.total == len(found)


def test_the_bounds_are_no_net_that_everything_falls_into(demo: Recommender, found: Twins) -> None:
    assert len(found) < 5 * len(marked_duplicates(demo))


def test_pictures_of_twins_are_the_same_but_for_size_and_quality(demo: Recommender) -> None:
    """Where vectors can't tell: all pairs of four products count as alike."""
    catalogue = demo.catalogue
    bags = np.flatnonzero((catalogue.frame["articleType"] == "Handbags").to_numpy())[:2]
    pictures = [catalogue.image(int(row)) for row in bags]
    copy = io.BytesIO()
    Image.open(io.BytesIO(pictures[0])).resize((131, 173)).save(copy, "JPEG", quality=40)
    moved = Image.new("RGB", (240, 320), "white")
    moved.paste(Image.open(io.BytesIO(pictures[0])), (2, 2))
    shifted = io.BytesIO()
    moved.save(shifted, "PNG")
    files = [pictures[0], pictures[1], copy.getvalue(), shifted.getvalue()]
    every = near_duplicates(np.repeat(np.eye(1, 4, dtype=np.float32), 4, axis=0))
    assert every.total == 6
    seen: list[float] = []
    same = same_pictures(every, lambda row: thumbnail_of(files[row]), seen.append)
    assert same.pairs.tolist() == [[0, 2], [0, 3], [2, 3]]
    assert (same.total, len(same.similarity), seen) == (3, 3, [1.0])
    none = near_duplicates(np.eye(4, dtype=np.float32))
    assert len(same_pictures(none, lambda row: thumbnail_of(files[row]))) == 0


def test_a_picture_is_held_to_the_shops_own_limits(demo: Recommender) -> None:
    data = demo.catalogue.image(0)
    with pytest.raises(ImageError):
        thumbnail_of(data, dataclasses.replace(demo.settings, max_pixels=100))
    with pytest.raises(ImageError):
        thumbnail_of(b"no picture")
    assert thumbnail_of(data, demo.settings).shape == (8 * 6 * 3,)


def test_pairs_are_those_of_a_full_comparison(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit_rows(rng, 150, 3)
    similar = vectors @ vectors.T
    want = {(i, j) for i in range(150) for j in range(i + 1, 150) if similar[i, j] >= 0.98}
    monkeypatch.setattr("recommender.maps.twins.HELD", 150 * 40)
    seen: list[float] = []
    found = near_duplicates(vectors, 0.98, progress=seen.append)
    assert {tuple(pair) for pair in found.pairs.tolist()} == want
    assert found.similarity.tolist() == sorted(found.similarity, reverse=True)
    assert seen[-1] == 1
    assert len(seen) == 4
    few = near_duplicates(vectors, 0.98, most=5)
    assert few.total == len(want)
    assert few.pairs.tolist() == found.pairs[:5].tolist()
    known = near_duplicates(vectors, 0.98, near=neighbours(vectors, 149))
    assert {tuple(pair) for pair in known.pairs.tolist()} == want


def test_twins_of_next_to_nothing(rng: np.random.Generator) -> None:
    for n in (0, 1):
        assert near_duplicates(unit_rows(rng, n, 4)).pairs.shape == (0, 2)
    copies = np.repeat(unit_rows(rng, 1, 4), 4, axis=0)
    found = near_duplicates(copies, 1.0)
    assert found.pairs.tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    assert (found.similarity <= 1).all()
    for wrong in (0.0, 1.1, -1.0, float("nan")):
        with pytest.raises(RecommenderError, match="above 0"):
            near_duplicates(copies, wrong)
