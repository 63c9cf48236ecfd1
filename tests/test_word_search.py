"""Searching by words, alone and beside a picture: on the shipped catalogue, text tower and model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.catalog import Catalog
from recommender.catalog.labels import naming_columns
from recommender.errors import CatalogError, FilterError, ModelError, WordsError
from recommender.models import words_of
from recommender.service import Recommender
from recommender.settings import ASSETS, SHIPPED_MODEL, Settings
from recommender.text import TextTower, Words, WordSearch
from recommender.text.search import LOOK, LOOK_ALONE, LOOK_UNSAID, MOST, OWN_WORDS

FRAME = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "gender": ["Women", "Women", "Men", "Men"],
        "baseColour": ["Red", "Blue", "Red", "Blue"],
        "productDisplayName": ["Arden flats", "Arden heels", "Bolt sneakers", "Bolt sneakers"],
    }
)
VECTORS = np.eye(4, dtype=np.float32)
SHIRT = ASSETS / "samples" / "shirt-on-planks.jpg"


def of(shop: Recommender, ids: list[str], column: str) -> list[str]:
    return [str(shop.product(i).columns[column]) for i in ids]


# ---------------------------------------------------------------- a product's own words


def test_a_rare_word_counts_more() -> None:
    shares, unknown = Words(FRAME).shares("red heels")
    assert unknown == ()
    rare, common = 1 + np.log(5 / 2), 1 + np.log(5 / 3)
    np.testing.assert_allclose(shares, np.array([common, rare, common, 0]) / (rare + common), rtol=1e-6)


def test_what_nobody_has_does_not_count_and_is_named() -> None:
    shares, unknown = Words(FRAME).shares("Dotted  RED Zeppelins, dotted")
    np.testing.assert_array_equal(shares, [1, 0, 1, 0])
    assert unknown == ("dotted", "zeppelins")
    shares, unknown = Words(FRAME).shares("zeppelin")
    assert not shares.any()
    assert unknown == ("zeppelin",)


def test_a_lone_letter_is_no_beginning_of_a_wish() -> None:
    """As a person types it narrows the list; in a whole wish it would draw the products of any such word."""
    shares, unknown = Words(FRAME).shares("red h")
    plain, _ = Words(FRAME).shares("red")
    assert unknown == ("h",)
    np.testing.assert_array_equal(shares, plain)
    assert Words(FRAME).match("h").any()


def test_own_columns_of_words_that_sort_products_are_read() -> None:
    many = pd.DataFrame(
        {
            "id": [str(number) for number in range(16)],
            "material": ["Oak", "Pine"] * 8,
            "boxed": [True, False] * 8,
            "note": [f"text {number}" for number in range(16)],
        }
    )
    assert Words(many).match("oak").tolist() == [True, False] * 8
    for text in ("true", "text"):  # truths are no words, and what no two products share names things
        assert Words(many).shares(text)[1] == (text,)


def test_a_few_products_and_many_values_are_described_too() -> None:
    few = pd.DataFrame({"id": [str(n) for n in range(12)], "material": ["Silk", "Linen"] * 6})
    assert Words(few).shares("linen")[0].tolist() == [0, 1] * 6
    assert Words(few).shares("linen")[1] == ()
    houses = [f"House {letter}{other}" for letter in "bcdfghjk" for other in "aeiouyx"]
    many = pd.DataFrame({"id": [str(n) for n in range(112)], "designer": houses * 2})
    many["collection"] = [f"Spring {1950 + n % 56}" for n in range(112)]
    many["person"] = [f"{house} Anders" for house in houses] + [f"{house} Brandt" for house in houses]
    for text in (houses[-1], "spring 2005", "kx brandt"):
        share, unknown = Words(many).shares(text)
        assert unknown == ()
        assert share.argmax() % 56 == 55, text
        assert (share == 1).sum() == (1 if "brandt" in text else 2)


def test_columns_that_name_nothing_are_not_read() -> None:
    odd = pd.DataFrame({"id": [f"A{n}" for n in range(20)]})
    odd["code"] = [f"quux{n}" for n in range(20)]
    odd["page"] = ["https://quux.example/shop", "https://quux.example/sale"] * 10
    odd["file"] = ["pictures/quux.jpg", "pictures/quux.png"] * 10
    odd["mail"] = ["quux@quux.example"] * 20
    odd["like"] = ["A1", "A2"] * 10
    odd["digits"] = ["77", "78"] * 10
    odd["text"] = ["Goes with quux and all of what else you may have at home, and with more besides."] * 20
    odd["list"] = [["quux"]] * 20
    odd["empty"] = None
    assert naming_columns(odd) == []
    assert Words(odd).shares("quux 77")[1] == ("quux", "77")
    assert Words(odd).match("a1").sum() == 1
    odd["wood"] = pd.Categorical([None, "Quux/Oak"] * 10)
    assert Words(odd).match("quux oak").tolist() == [False, True] * 10


def test_any_apostrophe_is_one() -> None:
    for sign in "'’`´＇":
        assert Words(FRAME).match(f"women{sign}s heels").tolist() == [False, True, False, False], sign
    assert Words(FRAME).shares("women´s zeppelin")[1] == ("zeppelin",)


def test_small_words_are_left_out_beside_others() -> None:
    words = Words(FRAME)
    for text in ("something in red for women", "a red women", "red women"):
        assert words.match(text).tolist() == [True, False, False, False], text
        assert words.shares(text)[1] == ()
    assert words.shares("for")[1] == ("for",)


# ---------------------------------------------------------------- what words mean


def test_without_a_tower_words_mean_what_is_called_so() -> None:
    search = WordSearch(FRAME, VECTORS, None)
    asked = search.ask("sneakers")
    np.testing.assert_allclose(asked.vector, np.array([0, 0, 1, 1]) / np.sqrt(2), rtol=1e-6)
    assert asked.scores(VECTORS).argsort()[::-1][:2].tolist() in ([2, 3], [3, 2])
    nothing = search.ask("zeppelin")
    assert nothing.says_nothing
    np.testing.assert_array_equal(nothing.scores(VECTORS), 0)


def test_words_that_nobody_knows_leave_the_picture_as_it_is() -> None:
    asked = WordSearch(FRAME, VECTORS, None).ask("zeppelin")
    np.testing.assert_array_equal(asked.scores(VECTORS, VECTORS[2]), VECTORS[2])


@pytest.mark.parametrize("text", ["", "  ", "!?", "—"])
def test_no_words_are_refused(demo: Recommender, text: str) -> None:
    with pytest.raises(WordsError, match="red women shoes"):
        demo.words.ask(text)
    with pytest.raises(WordsError):
        demo.find(text)


def test_a_pasted_page_is_cut(demo: Recommender) -> None:
    page = "red shoes " * 5_000
    np.testing.assert_array_equal(demo.words.ask(page).vector, demo.words.ask(page[:MOST]).vector)
    beyond = demo.words.ask("red shoes ".ljust(MOST) + "zeppelin blue")
    assert beyond.unknown == ()
    np.testing.assert_array_equal(beyond.shares, demo.words.ask("red shoes").shares)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_text_upsets_the_search(text: str) -> None:
    search = WordSearch(FRAME, np.tile(np.eye(1, 256, dtype=np.float32), (4, 1)), words_of_shipped())
    try:
        asked = search.ask(text)
    except WordsError:
        assert not any(letter.isalnum() for letter in text)
        return
    assert asked.shares.shape == (4,)
    assert np.isfinite(asked.vector).all()
    assert (asked.shares <= 1 + 1e-6).all()


def words_of_shipped() -> TextTower:
    return TextTower()


# ---------------------------------------------------------------- find


@pytest.mark.parametrize(
    ("text", "column", "value", "least"),
    [
        ("red women shoes", "baseColour", "Red", 9),
        ("red women shoes", "masterCategory", "Footwear", 12),
        ("silver watch", "articleType", "Watches", 12),
        ("something striped for men", "pattern", "striped", 12),
        ("handbags", "articleType", "Handbags", 12),
    ],
)
def test_words_find_what_they_say(demo: Recommender, text: str, column: str, value: str, least: int) -> None:
    answer = demo.find(text, k=12)
    assert len(answer.products) == 12
    assert of(demo, [product.id for product in answer.products], column).count(value) >= least
    assert answer.labels == {}
    assert answer.unknown_words == ()
    assert answer.ms.decode == 0
    assert answer.available == len(demo.catalogue)


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("silver watch", "articleType", "Watches"),
        ("blue dress", "articleType", "Dresses"),
        ("black wallet", "articleType", "Wallets"),
        ("red shoes", "masterCategory", "Footwear"),
    ],
)
def test_the_look_alone_finds_most_of_it_too(demo: Recommender, text: str, column: str, value: str) -> None:
    """What the text tower learnt from photographs holds for rendered products whose names it never reads."""
    found = by_look(demo, text, column)
    assert found.count(value) >= 8, found


def test_the_look_alone_finds_what_types_are_called(demo: Recommender) -> None:
    """Of each of the types with at least twelve products; and of none nothing."""
    types = demo.catalogue.frame["articleType"].value_counts()
    shares = [by_look(demo, name, "articleType").count(name) / 10 for name in types[types >= 12].index]
    assert len(shares) > 40
    assert np.mean(shares) > 0.8
    assert min(shares) > 0


def by_look(demo: Recommender, text: str, column: str) -> list[str]:
    bare = WordSearch(
        pd.DataFrame(index=range(len(demo.catalogue))), demo.vectors, words_of(demo.encoder, demo.settings)
    )
    asked = bare.ask(text)
    assert asked.unknown == tuple(word for word in text.lower().split() if word != "and")
    rows = np.argsort(-asked.scores(demo.vectors), kind="stable")[:10]
    return of(demo, [demo.catalogue.ids[row] for row in rows], column)


def test_the_order_is_by_the_scores(demo: Recommender) -> None:
    text = "green bottle"
    scores = demo.words.ask(text).scores(demo.vectors)
    want = [demo.catalogue.ids[row] for row in np.argsort(-scores, kind="stable")[:9]]
    assert [product.id for product in demo.find(text, k=9).products] == want


def test_a_word_of_no_product_is_named(demo: Recommender) -> None:
    answer = demo.find("floral dress")
    assert answer.unknown_words == ("floral",)
    assert of(demo, [product.id for product in answer.products], "articleType").count("Dresses") >= 10


def test_filters_hold_for_words(demo: Recommender) -> None:
    answer = demo.find("red shoes", k=2000, where={"gender": "Men"})
    assert set(of(demo, [product.id for product in answer.products], "gender")) == {"Men"}
    assert len(answer.products) == answer.available
    with pytest.raises(FilterError):
        demo.find("red", where={"no such column": "x"})
    with pytest.raises(FilterError):
        demo.find("red", k=0)


def test_another_encoder_goes_by_the_names_alone(drawn_catalogue: Catalog, tmp_path: Path) -> None:
    shop = Recommender.open(drawn_catalogue, "colour", Settings(workspace=tmp_path))
    answer = shop.find("pink handbags", k=3)
    assert {(p.columns["baseColour"], p.columns["articleType"]) for p in answer.products} == {("Pink", "Handbags")}
    with pytest.raises(WordsError, match="No product is described"):
        shop.find("zeppelin")


def test_words_of_another_training_are_refused(demo: Recommender, tmp_path: Path) -> None:
    for name in ("house.onnx", "house.safetensors", "house-words.safetensors"):
        (tmp_path / name).write_bytes((SHIPPED_MODEL / name).read_bytes())
    encoder = demo.encoder
    own = Settings(model=tmp_path)
    assert words_of(encoder, own) is not None
    (tmp_path / "house-words.safetensors").write_bytes(b"x")
    with pytest.raises(ModelError):
        words_of(encoder, own)
    (tmp_path / "house-words.safetensors").unlink()
    assert words_of(encoder, own) is None


# ---------------------------------------------------------------- beside a picture


def test_words_beside_a_photo(demo: Recommender) -> None:
    plain = demo.recommend(SHIRT, k=12)
    asked = demo.recommend(SHIRT, k=12, words="in red")
    ids = [product.id for product in asked.products]
    assert of(demo, ids, "baseColour").count("Red") == 12
    assert of(demo, ids[:2], "articleType").count("Shirts") >= 1
    assert of(demo, ids, "masterCategory").count("Apparel") >= 8
    assert asked.labels.keys() == plain.labels.keys()
    np.testing.assert_array_equal(asked.vector, plain.vector)
    # The badge on a card stays what it says: how alike the pictures are.
    row = demo.catalogue.row_of(ids[0])
    assert asked.products[0].similarity == pytest.approx(float(demo.vectors[row] @ plain.vector), abs=1e-5)


def test_words_beside_a_photo_keep_to_filters_and_categories(demo: Recommender) -> None:
    answer = demo.recommend(SHIRT, k=8, where={"gender": "Men"}, within="articleType", words="red")
    assert answer.within is not None
    for product in answer.products:
        assert product.columns["gender"] == "Men"
        assert product.columns["articleType"] in answer.within[1]


def test_words_beside_a_product(demo: Recommender) -> None:
    own = demo.catalogue.ids[int(np.flatnonzero(demo.catalogue.frame["articleType"] == "Dresses")[0])]
    answer = demo.similar_to(own, k=6, words="yellow zeppelin")
    assert own not in [product.id for product in answer.products]
    assert set(of(demo, [product.id for product in answer.products], "baseColour")) == {"Yellow"}
    assert answer.unknown_words == ("zeppelin",)
    with pytest.raises(CatalogError):
        demo.similar_to("no such id", words="red")


def test_wrong_words_are_noticed_before_the_first_photo(demo: Recommender) -> None:
    with pytest.raises(WordsError):
        demo.recommend_many(iter([]), words="?!")


def test_words_count_by_what_is_known_of_them_beside_a_picture() -> None:
    tower = words_of_shipped()
    products = np.eye(4, tower.dimension, dtype=np.float32)
    bare = pd.DataFrame({"id": FRAME["id"]})
    for frame, text, weight in ((bare, "red", LOOK_ALONE), (FRAME, "cheaper", LOOK_UNSAID), (FRAME, "red", LOOK)):
        asked = WordSearch(frame, products, tower).ask(text)
        look = asked.scores(products, products[0]) - OWN_WORDS * asked.shares
        vector = asked.vector[:4] * weight + np.array([1, 0, 0, 0])
        np.testing.assert_allclose(look / look[1], vector / vector[1], rtol=1e-5)


def test_what_nobody_sees_leaves_the_kind(demo: Recommender) -> None:
    """A look that is chance does not bring shorts beside a watch."""
    watch = demo.catalogue.ids[int(np.flatnonzero(demo.catalogue.frame["articleType"] == "Watches")[3])]
    answer = demo.similar_to(watch, k=24, words="cheaper")
    assert answer.unknown_words == ("cheaper",)
    assert of(demo, [product.id for product in answer.products], "articleType").count("Watches") >= 20
