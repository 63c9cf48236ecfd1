"""Words that no product is called by: other names for what there is, what nobody sees, and what is a guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recommender.service import Recommender
from recommender.text import Words, WordSearch
from tests.test_word_search import FRAME, of, words_of_shipped


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("coat", "Jackets"),
        ("raincoats", "Jackets"),
        ("parka", "Jackets"),
        ("suit", "Jackets"),
        ("cologne", "Perfume and Body Mist"),
        ("scent", "Perfume and Body Mist"),
        ("shawl", "Scarves"),
        ("glasses", "Sunglasses"),
        ("specs", "Sunglasses"),
        ("wristwatch", "Watches"),
        ("timepiece", "Watches"),
        ("cardigan", "Sweaters"),
        ("beanie", "Caps"),
        ("underwear", "Innerwear Vests"),
        ("chinos", "Trousers"),
        ("tights", "Leggings"),
    ],
)
def test_what_shops_call_otherwise_is_found(demo: Recommender, text: str, kind: str) -> None:
    answer = demo.find(text, k=24)
    assert answer.unknown_words == ()
    assert set(of(demo, [product.id for product in answer.products], "articleType")) == {kind}


def test_another_name_counts_only_where_nothing_is_called_by_the_word() -> None:
    kinds = ["Jackets", "Blazers", "Wine Glasses", "Sunglasses", "Leggings"]
    words = Words(pd.DataFrame({"id": list("12345"), "articleType": kinds}))
    for text, rows in (("blazer", [1]), ("coat", [0]), ("glasses", [2]), ("specs", [3]), ("tights", [4])):
        assert np.flatnonzero(words.match(text)).tolist() == rows, text
        assert np.flatnonzero(words.shares(text)[0]).tolist() == rows, text
    assert words.shares("tight spec")[1] == ("tight", "spec")  # these are no things, as their plurals are
    assert words.fits(words.wish("jackets, no coats")).all()


@pytest.mark.parametrize(
    ("text", "bare", "unseen"),
    [
        ("shoes size 42", "shoes", ("size", "42")),
        ("cheapest XL dress", "dress", ("cheapest", "xl")),
        ("affordable watch, thanks", "watch", ("affordable", "thanks")),
        ("striped size 36-38 zeppelin", "striped zeppelin", ("size", "36-38")),
    ],
)
def test_what_nobody_sees_does_not_change_the_order(
    demo: Recommender, text: str, bare: str, unseen: tuple[str, ...]
) -> None:
    asked, plain = demo.find(text, k=24), demo.find(bare, k=24)
    assert [product.id for product in asked.products] == [product.id for product in plain.products]
    assert asked.unseen_words == unseen
    assert set(unseen) <= set(asked.unknown_words)


def test_numbers_and_sizes_that_products_have_are_seen() -> None:
    frame = FRAME.assign(productDisplayName=["Arden 501", "Arden XL", "Bolt", "Bolt"])
    search = WordSearch(frame, np.tile(np.eye(1, 256, dtype=np.float32), (4, 1)), words_of_shipped())
    for text in ("red 501", "red XL"):
        asked = search.ask(text)
        assert asked.unseen == ()
        assert not np.array_equal(asked.vector, search.ask("red").vector)
    # Where nothing else is said, it is all that there is to go by.
    assert search.ask("cheap").unseen == ()
    assert search.ask("cheap").vector.any()


def test_words_of_which_none_is_known_are_said_to_be_guessed(demo: Recommender) -> None:
    answer = demo.find("zeppelin", k=2)
    assert answer.guessed
    assert answer.understood == ("No product is described by: zeppelin. What follows is a guess by the look.",)
    assert not demo.find("red zeppelin", k=2).guessed


@pytest.mark.parametrize("text", ["coat, not a parka", "parka not an anorak", "suit, not a blazer"])
def test_what_is_wanted_is_not_left_out_by_another_name_of_it(demo: Recommender, text: str) -> None:
    answer = demo.find(text, k=12)
    assert {product.columns["articleType"] for product in answer.products} == {"Jackets"}
    assert answer.left_out == ()
