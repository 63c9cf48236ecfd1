"""What the pages are made of: links, pictures of one shape, and words."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from recommender.app import resources, url
from recommender.app.frames import CARD, framed, on_card
from recommender.app.state import SORTS, WITHIN, Key
from recommender.app.wording import listing, money, plain, share, shorten
from recommender.results import LabelGuess, LabelScore
from recommender.service import Recommender
from recommender.settings import ASSETS

KNOWN = {"category": ("Shirts", "Casual Shoes"), "gender": ("Men", "Women"), "colour": ("Red", "Off White")}
BOUNDS = (5.0, 250.0)
VIEWS = st.builds(
    url.View,
    photos=st.integers(0, 6),
    sample=st.none() | st.just("shirt"),
    find=st.none() | st.just("red women shoes"),
    product=st.none() | st.text(min_size=1, max_size=9),
    words=st.sampled_from(["", "in red"]),
    filters=st.dictionaries(st.sampled_from(sorted(KNOWN)), st.none(), max_size=3).map(
        lambda chosen: {name: KNOWN[name] for name in chosen}
    ),
    price=st.none() | st.tuples(st.integers(5, 100), st.integers(101, 249)).map(lambda p: (float(p[0]), float(p[1]))),
    sort=st.sampled_from(list(SORTS)),
    within=st.sampled_from(WITHIN),
)


@given(VIEWS)
def test_a_link_gives_back_its_view(view: url.View) -> None:
    assert url.parse(url.build(view), KNOWN, BOUNDS) == view


@given(
    st.dictionaries(
        st.sampled_from(["price", "sort", "within", "gender", "photo", "sample", "find", "words"]),
        st.lists(st.text(max_size=12)),
    )
)
def test_any_link_is_read(params: dict[str, list[str]]) -> None:
    view = url.parse(params, KNOWN, BOUNDS)
    assert view.sort in SORTS
    assert view.within in WITHIN
    assert 0 <= view.photos <= 9


@pytest.mark.parametrize(
    ("text", "price"), [("1-100", (5, 100)), ("100-999", (100, 250)), ("80-20", (20, 80)), ("7.9-9.9", (7, 9))]
)
def test_prices_stay_within_the_bounds(text: str, price: tuple[float, float]) -> None:
    assert url.parse({"price": [text]}, KNOWN, BOUNDS).price == price


@pytest.mark.parametrize("text", ["nan-20", "inf-3", "1-2", "300-400", "20", "a-b", "10-20-30", "5-250"])
def test_prices_that_say_nothing_are_left_out(text: str) -> None:
    assert url.parse({"price": [text]}, KNOWN, BOUNDS).price is None


def test_cards_are_all_of_one_shape() -> None:
    out = io.BytesIO()
    Image.new("RGB", (500, 90), "red").save(out, "JPEG")
    with Image.open(io.BytesIO(on_card(out.getvalue()))) as picture:
        assert picture.size == CARD
    for product_id in resources.picks():
        with Image.open(io.BytesIO(resources.picture(product_id))) as picture:
            assert picture.width * 4 == pytest.approx(picture.height * 3, rel=0.02)


def test_very_tall_photos_get_margins() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 400), "red").save(out, "JPEG")
    with Image.open(io.BytesIO(framed(out.getvalue()))) as picture:
        assert picture.height / picture.width == pytest.approx(1.5, rel=0.02)


def test_words() -> None:
    assert plain("5$ [a] *b*  :red[c]") == r"5\$ \[a\] \*b\* \:red\[c\]"
    assert plain("Bath &amp; Body") == r"Bath \&amp; Body"
    assert money(12) == r"\$12"
    assert money(1234.5) == r"\$1,234.50"
    assert money(float("nan")) == ""
    assert listing([]) == ""
    assert shorten("Navy striped shirt", 14) == "Navy striped…"


def test_what_is_not_quite_sure_is_not_said_to_be_certain() -> None:
    shown = [share(value) for value in (0.0, 0.934, 0.994, 0.9951, 0.9999)]
    assert shown == [f"{number}\u202f%" for number in (0, 93, 99, 99, 99)]
    assert share(1.0) == share(1 - 1e-7) == "100\u202f%"


@pytest.mark.parametrize("sure", [True, False])
def test_what_a_shop_gives_away_is_no_kind_of_thing(demo: Recommender, sure: bool) -> None:
    from recommender.app.components.prediction import prediction

    answer = demo.recommend(ASSETS / "samples" / "bottle-on-tiles.jpg", 1)
    candidates = (LabelScore("Free Gifts", 0.6), LabelScore("Water Bottle", 0.2), LabelScore("Deodorant", 0.1))
    kind = LabelGuess("articleType", candidates, sure)
    shown = replace(answer, known=1.0, labels={**answer.labels, "articleType": kind})

    def panel(draw, given):  # its source is run elsewhere, where no name of this file is known
        draw(given)

    app = AppTest.from_function(panel, args=(prediction, shown)).run(timeout=60)
    assert not app.exception
    text = " ".join(str(element.value) for element in app.markdown)
    assert "Not sure: Water Bottle or Deodorant?" in text
    assert "Free Gifts" not in text


def test_a_trail_holds_few_photos_of_ones_own() -> None:
    def walk() -> None:
        from recommender.app import state
        from recommender.app.state import Step

        state.start(Step("photo", "0", "Your photo", b"0"))
        for number in range(1, 9):
            state.go_on(Step("product", f"p{number}", "A product"))
            state.go_on(Step("photo", str(number), "Your photo", bytes(number)))

    app = AppTest.from_function(walk).run(timeout=60)
    assert not app.exception
    trail = app.session_state[Key.TRAIL]
    assert [step.key for step in trail if step.kind == "photo"] == ["3", "4", "5", "6", "7", "8"]
    assert [step.key for step in trail if step.kind == "product"] == [f"p{number}" for number in range(1, 9)]


def test_a_trail_that_was_taken_off_the_map_is_there_again_where_it_leads_elsewhere() -> None:
    def walk() -> None:
        import streamlit as st

        from recommender.app import state
        from recommender.app.state import Key, Step

        one, other = Step("product", "p1", "A product"), Step("product", "p2", "Another")
        state.start(one)
        st.session_state[Key.MAP_OFF] = True
        state.restart([one])  # as the browser's Back button does
        assert st.session_state.get(Key.MAP_OFF)
        state.go_on(other)
        assert not st.session_state.get(Key.MAP_OFF)

    assert not AppTest.from_function(walk).run(timeout=60).exception
