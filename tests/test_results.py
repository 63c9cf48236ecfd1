"""What an answer says of itself: doubts about the photo, words alone, and texts without end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from recommender.catalog import from_table
from recommender.results import KNOWN_ENOUGH, MOST_LETTERS, LabelGuess, LabelScore, Product, Recommendation
from recommender.service import Recommender
from recommender.settings import ASSETS
from tests import drawn

NO_PRODUCT = "I don't see a product here."


def test_a_photo_of_no_product_is_said_to_be_one(shop: Recommender) -> None:
    answer = shop.recommend(ASSETS / "samples" / "empty-chair.jpg", 3)
    assert answer.known < KNOWN_ENOUGH
    assert str(answer).startswith(NO_PRODUCT)
    assert str(answer).count("\n") == len(answer.labels) + 3
    assert answer._repr_html_().startswith("<p>I don&#x27;t see a product here.")
    assert answer.to_dict()["known"] == round(answer.known, 4)


@pytest.mark.parametrize(("known", "doubted"), [(KNOWN_ENOUGH, False), (KNOWN_ENOUGH - 1e-6, True)])
def test_from_how_known_on_nothing_is_doubted(shop: Recommender, photo: bytes, known: float, doubted: bool) -> None:
    answer = replace(shop.recommend(photo, 3), known=known)
    assert (NO_PRODUCT in str(answer)) == doubted
    assert ("<p>" in answer._repr_html_()) == doubted


def test_products_and_words_are_no_photo_to_doubt(shop: Recommender) -> None:
    for answer in (shop.similar_to("1007", 3), shop.find("pink handbags", 3)):
        assert NO_PRODUCT not in str(answer) + answer._repr_html_()


def test_json_says_what_was_searched(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, 2, {"gender": "Men"}, "subCategory", "red zeppelin")
    found = json.loads(json.dumps(replace(answer, known=np.float32(0.25)).to_dict(), allow_nan=False))
    assert answer.within is not None
    assert found["within"] == {"column": "subCategory", "names": list(answer.within[1])}
    assert found["available"] == answer.available > 2
    assert found["unknown_words"] == ["zeppelin"]
    assert found["known"] == 0.25
    plain = shop.recommend(photo, 2).to_dict()
    assert (plain["within"], plain["available"], plain["unknown_words"]) == (None, len(shop.catalogue), [])


def test_likeness_to_words_is_not_said(shop: Recommender, photo: bytes) -> None:
    answer = shop.find("pink handbags", 3)
    assert [product["similarity"] for product in answer.to_dict()["products"]] == [None] * 3
    assert "%" not in str(answer)
    for pictured in (shop.similar_to("1007", 3, words="red"), shop.recommend(photo, 3, words="red")):
        shown = [product["similarity"] for product in pictured.to_dict()["products"]]
        assert shown == [round(product.similarity, 4) for product in pictured.products]


def test_likeness_to_a_photo_is_said_where_there_are_no_labels(
    photo: bytes, opened: Callable[..., Recommender]
) -> None:
    """And no preview either, as on the command line."""
    bare = opened(from_table(drawn.table(drawn.rows()[:5]).select(["id", "image"]), "bare"))
    (answer,) = bare.recommend_many([photo], 3)
    assert isinstance(answer, Recommendation)
    assert answer.labels == {}
    assert str(answer).count("%") == 3
    assert all(product["similarity"] is not None for product in answer.to_dict()["products"])


@pytest.mark.parametrize("title", [None, "", "  ", "\t\n"])
def test_a_product_without_a_title_is_called_by_its_number(title: str | None) -> None:
    assert Product("7", 1.0, {"productDisplayName": title}, b"").title == "Product 7"


def test_a_text_without_end_is_cut_for_people_only(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, 1)
    endless = "endless\x1b" * 400_000
    product = replace(answer.products[0], id=endless, columns={"productDisplayName": endless})
    guess = LabelGuess(endless, (LabelScore(endless, 0.9),), True)
    answer = replace(answer, products=(product,), labels={endless: guess})
    assert len(str(answer)) < 5 * MOST_LETTERS
    # Column, label, title, and in the terminal the id.
    for shown, texts in ((str(answer), 4), (answer._repr_html_(), 3)):
        assert shown.count("…") == texts
        assert shown.count("endless") <= texts * MOST_LETTERS / len("endless")
    assert answer.products[0].title == endless
    assert answer.to_dict()["products"][0]["productDisplayName"] == endless
    whole = replace(product, columns={"productDisplayName": "x" * MOST_LETTERS})
    assert "x" * MOST_LETTERS in str(replace(answer, products=(whole,)))
