"""The pipeline as a whole: a photo in, labels and products out, on the shipped model and a real index."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import recommender
from recommender.catalog import LABEL_COLUMNS, from_table, select
from recommender.errors import CatalogError, FilterError, ImageError, RecommenderError
from recommender.images import open_photo
from recommender.index import AutoIndex
from recommender.results import KNOWN_ENOUGH, Recommendation
from recommender.service import BATCH, Recommender
from recommender.settings import ASSETS, Settings
from tests import drawn
from tests.conftest import unit_rows
from tests.factories import upload


def tiny(n: int) -> Recommender:
    return Recommender.open(from_table(drawn.table(drawn.rows()[:n]), "tiny"))


# ---------------------------------------------------------------- a photo


def test_a_photo_gives_labels_and_the_nearest_products(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, k=7)
    assert set(answer.labels) == set(LABEL_COLUMNS)
    for column, guess in answer.labels.items():
        assert guess.column == column
        assert 1 <= len(guess.candidates) <= 5
        shares = [candidate.probability for candidate in guess.candidates]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1 + 1e-5
        assert guess.best is guess.candidates[0]
        limit = shop.classifier.scores(answer.vector[None])[column].sure_from
        assert guess.sure == (guess.best.probability >= limit)
    assert len(answer.products) == 7
    assert answer.available == len(shop.catalogue)
    assert answer.within is None
    assert 0 <= answer.known <= 1
    assert answer.vector.shape == (shop.encoder.dimension,)
    similar = shop.vectors @ answer.vector
    best = np.sort(similar)[::-1][:7]
    np.testing.assert_allclose([product.similarity for product in answer.products], best.clip(0, 1), atol=1e-5)
    for product in answer.products:
        row = shop.catalogue.row_of(product.id)
        assert product.image == shop.catalogue.image(row)
        assert product.columns == shop.catalogue.columns_of(row)
        assert product.title == product.columns["productDisplayName"]


def test_a_catalogue_picture_finds_its_own_product(shop: Recommender) -> None:
    for row in range(0, len(shop.catalogue), 9):
        answer = shop.recommend(shop.catalogue.image(row), k=1)
        np.testing.assert_allclose(answer.vector, shop.vectors[row], atol=1e-5)
        assert answer.products[0].similarity == pytest.approx(1, abs=1e-5)


def test_the_preview_is_the_photo_upright_and_small(shop: Recommender, photo: bytes) -> None:
    with Image.open(io.BytesIO(shop.recommend(photo).preview)) as preview:
        assert preview.format == "JPEG"
        assert preview.size == (240, 320)
        assert np.abs(np.subtract(preview.getpixel((120, 160)), drawn.COLOURS["Red"])).max() < 40


def test_timings_add_up(shop: Recommender, photo: bytes) -> None:
    ms = shop.recommend(photo).ms
    assert min(ms.decode, ms.encode, ms.search) > 0
    assert ms.total >= ms.decode + ms.encode + ms.search
    assert set(ms.to_dict()) == {"decode", "encode", "search", "total"}


def test_every_kind_of_source_is_one_photo(shop: Recommender, photo: bytes, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo)
    picture = Image.open(io.BytesIO(photo))
    sources = [photo, str(tmp_path / "photo.jpg"), tmp_path / "photo.jpg", upload(photo), picture, np.asarray(picture)]
    answers = [[p.id for p in shop.recommend(source, 5).products] for source in sources]
    assert all(answer == answers[0] for answer in answers)


def test_a_bad_photo_raises_its_error(shop: Recommender) -> None:
    with pytest.raises(ImageError, match="text file"):
        shop.recommend(b"no photo at all")


def test_limits_come_from_the_settings(drawn_path: Path, photo: bytes) -> None:
    shop = Recommender.open(drawn_path, settings=Settings(max_bytes=2000, max_pixels=240 * 320 - 1))
    with pytest.raises(ImageError, match="MB that are allowed"):
        shop.recommend(photo + bytes(2000))
    with pytest.raises(ImageError, match="million pixels"):
        shop.recommend(Image.new("RGB", (240, 320)))


@pytest.mark.parametrize("k", [0, -3, 2.0, "3", None, True, float("nan")])
def test_k_is_a_whole_number_from_one_up(shop: Recommender, photo: bytes, k: Any) -> None:
    for ask in (
        lambda: shop.recommend(photo, k),
        lambda: shop.recommend_many([photo], k),
        lambda: shop.similar_to("1000", k),
    ):
        with pytest.raises(FilterError, match="whole number from 1 up, not"):
            ask()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 200),
    st.fixed_dictionaries(
        {},
        optional={
            "gender": st.sampled_from(["Women", "Men", "Robots", ["Men", "Unisex"]]),
            "baseColour": st.lists(st.sampled_from([*drawn.COLOURS, "Ultraviolet"]), max_size=3),
            "price": st.sampled_from([(10, 30), (None, 5), (1000, None)]),
        },
    ),
)
def test_always_min_of_k_and_available(shop: Recommender, k: int, where: dict[str, Any]) -> None:
    passed = select(shop.catalogue.frame, where)
    answer = shop.similar_to("1050", k, where)
    passed[50] = False
    assert answer.available == passed.sum()
    assert len(answer.products) == min(k, passed.sum())
    assert all(passed[shop.catalogue.row_of(product.id)] for product in answer.products)


def test_where_narrows_the_search(shop: Recommender, photo: bytes) -> None:
    where = {"gender": "women", "baseColour": ["Red", "Blue"], "price": (10, None)}
    answer = shop.recommend(photo, 500, where)
    want = {e["id"] for e in drawn.rows() if e["gender"] == "Women" and e["baseColour"] in ("Red", "Blue")}
    want &= {e["id"] for e in drawn.rows() if e["price"] is not None and e["price"] >= 10}
    assert {product.id for product in answer.products} == want
    assert answer.available == len(want) > 0


def test_where_nothing_is_left(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, where={"gender": "Robots"}, within="articleType")
    assert answer.products == ()
    assert answer.available == 0
    assert answer.labels


def test_a_wrong_filter_is_one_sentence(shop: Recommender, photo: bytes) -> None:
    with pytest.raises(FilterError, match="no column 'colour'"):
        shop.recommend(photo, where={"colour": "Red"})
    with pytest.raises(FilterError, match="masterCategory, subCategory, articleType, not within 'gender'"):
        shop.recommend(photo, within="gender")
    bare = from_table(drawn.table(drawn.rows()[:3]).drop_columns(["subCategory"]), "bare")
    with pytest.raises(FilterError, match="'bare' has no column 'subCategory'"):
        Recommender.open(bare).recommend(photo, within="subCategory")


# ---------------------------------------------------------------- many photos


def test_many_photos_in_order_with_bad_ones_between(shop: Recommender, photo: bytes, tmp_path: Path) -> None:
    pictures = [drawn.jpeg(drawn.draw(article, "Blue", 77)) for article in drawn.SHAPES]
    photos: list[Any] = [pictures[i % 6] for i in range(BATCH * 2 + 5)]
    bad = {0: b"bad", 1: tmp_path / "none.jpg", BATCH: b"", BATCH + 3: 42, len(photos) - 1: b"%PDF"}
    for place, thing in bad.items():
        photos[place] = thing
    answers = list(shop.recommend_many(photos, 3))
    assert len(answers) == len(photos)
    alone = [shop.recommend(picture, 3) for picture in pictures]
    for number, answer in enumerate(answers):
        if number in bad:
            assert isinstance(answer, ImageError)
            continue
        assert isinstance(answer, Recommendation)
        want = alone[number % 6]
        np.testing.assert_allclose(answer.vector, want.vector, atol=1e-4)
        assert answer.products[0].similarity == pytest.approx(want.products[0].similarity, abs=1e-4)
        assert answer.labels["articleType"].best.label == want.labels["articleType"].best.label
    assert "none.jpg" in str(answers[1])


def test_each_of_many_photos_has_its_own_known_and_no_preview_unless_asked_for(shop: Recommender, photo: bytes) -> None:
    photos = [photo, b"no photo", ASSETS / "samples" / "empty-chair.jpg"]
    clear, _, strange = shop.recommend_many(photos, 3)
    assert isinstance(clear, Recommendation)
    assert isinstance(strange, Recommendation)
    assert clear.known == pytest.approx(shop.recommend(photos[0]).known, abs=1e-3)
    assert strange.known == pytest.approx(shop.recommend(photos[2]).known, abs=1e-3)
    assert strange.known < KNOWN_ENOUGH < clear.known
    assert (clear.preview, strange.preview) == (b"", b"")
    assert all(isinstance(a, ImageError) or a.preview for a in shop.recommend_many(photos, 3, preview=True))


def test_nothing_but_bad_photos(shop: Recommender) -> None:
    assert [type(answer) for answer in shop.recommend_many([b"x"] * 40)] == [ImageError] * 40
    assert list(shop.recommend_many([])) == []


def test_many_photos_are_read_as_they_are_asked_for(shop: Recommender, photo: bytes) -> None:
    read = []

    def photos() -> Any:
        for number in range(BATCH * 3):
            read.append(number)
            yield photo

    answers = shop.recommend_many(photos(), 1)
    assert read == []
    next(answers)
    assert len(read) == BATCH


def test_a_wrong_question_is_noticed_before_the_first_photo(shop: Recommender) -> None:
    def photos() -> Any:
        raise AssertionError("a photo was asked for")
        yield

    for wrong in ({"k": 0}, {"where": {"nothing": 1}}, {"within": "brand"}):
        with pytest.raises(FilterError):
            shop.recommend_many(photos(), **wrong)  # type: ignore[arg-type]


def test_visitors_share_a_shop(shop: Recommender) -> None:
    pictures = [drawn.jpeg(drawn.draw(article, "Green", 5)) for article in drawn.SHAPES] * 4
    alone = [[p.id for p in shop.recommend(picture, 5).products] for picture in pictures]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda picture: [p.id for p in shop.recommend(picture, 5).products], pictures))
    assert together == alone


# ---------------------------------------------------------------- a product


def test_similar_products_leave_the_product_out_by_its_id(shop: Recommender) -> None:
    for product_id in shop.catalogue.ids[::11]:
        answer = shop.similar_to(product_id, 500)
        assert len(answer.products) == answer.available == len(shop.catalogue) - 1
        assert product_id not in {product.id for product in answer.products}


def test_a_twin_is_not_mistaken_for_the_product() -> None:
    entries = drawn.rows()[:6]
    # Twins before and behind: whichever of the three comes first, the other two are results.
    twins = [drawn.changed(entries[3], id=key) for key in ("before", "itself", "behind")]
    shop = Recommender.open(from_table(drawn.table([twins[0], *entries[:3], twins[1], twins[2]]), "twins"))
    for key in ("before", "itself", "behind"):
        answer = shop.similar_to(key, 2)
        assert {product.id for product in answer.products} == {"before", "itself", "behind"} - {key}
        assert [product.similarity for product in answer.products] == pytest.approx([1, 1], abs=1e-5)


def test_a_product_and_its_neighbours(shop: Recommender) -> None:
    answer = shop.similar_to("1007", 4, {"baseColour": "Red"})
    assert answer.labels == {}
    assert answer.known == 1.0
    assert answer.preview == shop.catalogue.image(7)
    assert {product.columns["baseColour"] for product in answer.products} == {"Red"}
    want = np.sort((shop.vectors @ shop.vectors[7])[select(shop.catalogue.frame, {"baseColour": "Red"})])[::-1]
    np.testing.assert_allclose([p.similarity for p in answer.products], want[:4].clip(0, 1), atol=1e-5)


def test_what_is_given_out_does_not_change_the_shop(shop: Recommender) -> None:
    before = shop.vectors.copy()
    shop.similar_to("1007").vector[:] = 0
    shop.recommend(shop.catalogue.image(7)).vector[:] = 0
    np.testing.assert_array_equal(shop.vectors, before)


def test_a_product_by_id(shop: Recommender) -> None:
    product = shop.product("1003")
    assert (product.id, product.similarity) == ("1003", 1.0)
    assert product.image == shop.catalogue.image(3)
    for ask in (shop.product, shop.similar_to):
        with pytest.raises(CatalogError, match="no product with the id '7'"):
            ask("7")  # type: ignore[operator]


# ---------------------------------------------------------------- small and odd catalogues


def test_a_catalogue_of_one(photo: bytes) -> None:
    shop = tiny(1)
    assert [product.id for product in shop.recommend(photo).products] == ["1000"]
    answer = shop.similar_to("1000")
    assert answer.products == ()
    assert answer.available == 0
    assert shop.recommend(photo, within="articleType").available == 1


def test_a_catalogue_of_two(photo: bytes) -> None:
    shop = tiny(2)
    assert len(shop.recommend(photo, 50).products) == 2
    assert [product.id for product in shop.similar_to("1001").products] == ["1000"]


@pytest.mark.parametrize("encoder", ["colour", "house"])
def test_a_catalogue_without_labels(photo: bytes, encoder: str) -> None:
    bare = from_table(drawn.table(drawn.rows()[:5]).select(["id", "image"]), "bare")
    answer = Recommender.open(bare, encoder).recommend(photo)
    assert len(answer.products) == 5
    assert set(answer.labels) == (set(LABEL_COLUMNS) if encoder == "house" else set())
    assert answer.products[0].title == f"Product {answer.products[0].id}"


def test_another_encoder_goes_by_the_neighbours_labels(drawn_path: Path) -> None:
    shop = Recommender.open(drawn_path, "colour")
    answer = shop.recommend(drawn.draw("Handbags", "Blue", 300))
    assert answer.labels["articleType"].best.label == "Handbags"
    assert answer.labels["baseColour"].best.label == "Blue"
    assert answer.products[0].columns["articleType"] == "Handbags"


def test_the_neighbours_labels_are_those_of_the_catalogue_however_it_holds_them() -> None:
    """Numbers and truths are labels, and a blank is none, though most products have it."""
    entries = [
        drawn.changed(entry, season=entry["year"], usage=entry["articleType"] == "Handbags",
                      gender="Women" if number % 9 == 0 else " ", subCategory=["a list"])
        for number, entry in enumerate(drawn.rows())
    ]  # fmt: skip
    shop = Recommender.open(from_table(drawn.table(entries), "odd"), "colour")
    answer = shop.recommend(shop.catalogue.image(40))
    assert {c.label for c in answer.labels["season"].candidates} == {"2010", "2011", "2012", "2013", "2014"}
    assert {c.label for c in answer.labels["usage"].candidates} == {"Yes", "No"}
    assert "subCategory" not in answer.labels
    # As of the one name that hardly any product has, nothing is said of it.
    assert "gender" not in answer.labels


def test_an_unknown_encoder(drawn_path: Path) -> None:
    with pytest.raises(RecommenderError, match="There is no encoder 'clip'"):
        Recommender.open(drawn_path, "clip")


def test_the_answer_does_not_depend_on_the_index(shop: Recommender) -> None:
    graph = AutoIndex(shop.vectors, exact_below=0)
    assert graph.chosen(10) == "hnsw"
    other = Recommender(shop.catalogue, shop.encoder, shop.classifier, shop.vectors, graph)
    for key in shop.catalogue.ids[::13]:
        assert shop.similar_to(key, 10).to_dict()["products"] == other.similar_to(key, 10).to_dict()["products"]


def test_similarity_is_never_outside_of_zero_and_one(shop: Recommender, rng: np.random.Generator) -> None:
    vectors = unit_rows(rng, len(shop.catalogue), shop.encoder.dimension)
    vectors[1] = -vectors[0]
    odd = Recommender(shop.catalogue, shop.encoder, shop.classifier, vectors, AutoIndex(vectors))
    shares = [product.similarity for product in odd.similar_to("1000", 500).products]
    assert min(shares) == 0.0
    assert max(shares) <= 1.0


def test_progress_is_reported(drawn_path: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    Recommender.open(drawn_path, "colour", Settings(workspace=tmp_path), progress=lambda *report: seen.append(report))
    assert seen == [(108, 108)]


def test_the_package_offers_it() -> None:
    assert recommender.Recommender is Recommender
    with pytest.raises(AttributeError, match="no attribute 'Recommenders'"):
        recommender.Recommenders  # noqa: B018


# ---------------------------------------------------------------- what ships


def test_the_shipped_catalogue(demo: Recommender) -> None:
    assert len(demo.catalogue) >= 400
    assert demo.catalogue.skipped == ()
    assert demo.catalogue.frame["articleType"].nunique() >= 20
    assert {*LABEL_COLUMNS, "price", "brand", "isFragile", "season", "year"} <= set(demo.catalogue.frame.columns)
    for row in range(0, len(demo.catalogue), 97):
        assert open_photo(demo.catalogue.image(row)).original_size == (240, 320)
        assert len(demo.similar_to(demo.catalogue.ids[row]).products) == 12


def test_the_shipped_vectors_are_of_the_shipped_model(demo: Recommender) -> None:
    rows = np.linspace(0, len(demo.catalogue) - 1, 25).astype(int)
    canvases = [demo.encoder.prepare(open_photo(demo.catalogue.image(row)).picture) for row in rows]
    np.testing.assert_allclose(demo.encoder.encode(np.stack(canvases)), demo.vectors[rows], atol=2e-3)
