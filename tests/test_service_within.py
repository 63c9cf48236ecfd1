"""Search within the categories that the model takes a photo for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recommender.catalog import from_table
from recommender.classifiers import ColumnScores
from recommender.service import Recommender
from tests import drawn


class Oracle:
    """A classifier that says what a test wants: probabilities of the classes of one column."""

    def __init__(self, column: str, probabilities: dict[str, float]) -> None:
        self.column, self.said = column, probabilities

    def scores(self, vectors: np.ndarray) -> dict[str, ColumnScores]:
        row = np.array(list(self.said.values()), np.float32)
        return {self.column: ColumnScores(tuple(self.said), np.tile(row, (len(vectors), 1)), 0.6)}

    def known(self, vectors: np.ndarray) -> np.ndarray:
        return np.full(len(vectors), 0.25, np.float32)


def saying(shop: Recommender, column: str, **limits: Any) -> Any:
    """The shop with another opinion: ``saying(shop, "subCategory")({"Shoes": 1.0})``."""

    def with_opinion(probabilities: dict[str, float]) -> Recommender:
        opinion = Oracle(column, probabilities)
        return Recommender(
            shop.catalogue, shop.encoder, opinion, shop.vectors, shop.index, replace(shop.settings, **limits)
        )

    return with_opinion


def test_within_one_sure_category(shop: Recommender, photo: bytes) -> None:
    answer = saying(shop, "subCategory")({"Topwear": 0.05, "Shoes": 0.92, "Bags": 0.03}).recommend(
        photo, 100, within="subCategory"
    )
    assert answer.within == ("subCategory", ("Shoes",))
    assert answer.available == len(answer.products) == 18
    assert {product.columns["subCategory"] for product in answer.products} == {"Shoes"}


def test_within_as_many_as_hold_the_mass(shop: Recommender, photo: bytes) -> None:
    unsure = {"Topwear": 0.05, "Shoes": 0.45, "Bags": 0.41, "Dress": 0.09}
    answer = saying(shop, "subCategory", mass=0.9)(unsure).recommend(photo, 100, within="subCategory")
    assert answer.within == ("subCategory", ("Shoes", "Bags", "Dress"))
    assert answer.available == 54
    answer = saying(shop, "subCategory", mass=0.8)(unsure).recommend(photo, 100, within="subCategory")
    assert answer.within == ("subCategory", ("Shoes", "Bags"))
    answer = saying(shop, "subCategory", mass=1.0, most_categories=2)(unsure).recommend(photo, within="subCategory")
    assert answer.within == ("subCategory", ("Shoes", "Bags"))


def test_within_goes_on_until_something_passes_the_filter(shop: Recommender, photo: bytes) -> None:
    sure = saying(shop, "subCategory")({"Shoes": 0.95, "Bags": 0.02, "Dress": 0.02, "Topwear": 0.01})
    answer = sure.recommend(photo, 100, where={"articleType": "Dresses"}, within="subCategory")
    assert {product.columns["articleType"] for product in answer.products} == {"Dresses"}
    assert answer.available == 18
    # Bags were looked at and hold nothing that passes, so they are not said to have been searched.
    assert answer.within == ("subCategory", ("Shoes", "Dress"))


def test_within_categories_that_the_catalogue_lacks(shop: Recommender, photo: bytes) -> None:
    sure = saying(shop, "subCategory")({"Perfumes": 0.95, "Bags": 0.05})
    answer = sure.recommend(photo, 100, within="subCategory")
    assert answer.within == ("subCategory", ("Bags",))
    assert answer.available == 18
    nothing = saying(shop, "subCategory")({"Perfumes": 1.0})
    assert nothing.recommend(photo, within="subCategory").available == 0


def test_why_nothing_is_within_is_said_as_it_is(shop: Recommender, photo: bytes) -> None:
    unnamed = "The model names none of the values of subCategory that the products to choose from have."
    no_filter = saying(shop, "subCategory")({"Perfumes": 1.0}).recommend(photo, within="subCategory")
    assert no_filter.within == ("subCategory", ())
    assert no_filter.passed == len(shop.catalogue)
    unlike = saying(shop, "subCategory")({"Shoes": 1.0}).recommend(
        photo, where={"articleType": "Caps"}, within="subCategory"
    )
    for answer in (no_filter, unlike):
        assert unnamed in str(answer)
        assert unnamed in answer._repr_html_()
        assert "filters" not in str(answer)
    for opinion in ({"Perfumes": 1.0}, {"Shoes": 1.0}):
        filtered = saying(shop, "subCategory")(opinion).recommend(
            photo, where={"gender": "Robots"}, within="subCategory"
        )
        assert str(filtered).endswith("No product passes the filters.")
        assert "No product passes the filters." in filtered._repr_html_()


def test_within_with_nothing_left_names_the_likely_ones_only(shop: Recommender, photo: bytes) -> None:
    sure = saying(shop, "subCategory")({"Shoes": 0.95, "Bags": 0.03, "Dress": 0.02})
    answer = sure.recommend(photo, where={"gender": "Robots"}, within="subCategory")
    assert answer.within == ("subCategory", ("Shoes",))
    assert answer.products == ()


@pytest.mark.parametrize("column", ["masterCategory", "subCategory", "articleType"])
def test_within_goes_by_the_shipped_model(shop: Recommender, photo: bytes, column: str) -> None:
    answer = shop.recommend(photo, 200, within=column)
    assert answer.within is not None
    assert answer.within[0] == column
    assert {product.columns[column] for product in answer.products} == set(answer.within[1])
    assert len(answer.products) == answer.available > 0


def test_within_categories_that_are_numbers(photo: bytes) -> None:
    numbers = {"Topwear": 1, "Shoes": 2, "Bags": 3}
    entries = [drawn.changed(row, subCategory=numbers.get(row["subCategory"], 4)) for row in drawn.rows()]
    numbered = Recommender.open(from_table(drawn.table(entries), "numbered"))
    answer = saying(numbered, "subCategory")({"1": 0.05, "2": 0.95}).recommend(photo, 100, within="subCategory")
    assert answer.within == ("subCategory", ("2",))
    assert {product.columns["subCategory"] for product in answer.products} == {2}
    assert answer.available == 18
