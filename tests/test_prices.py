"""Prices in a question in words, and numbers that are none: "under 50", "up to 15 inches"."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recommender.service import Recommender
from recommender.text import Words
from recommender.text.prices import BAND
from recommender.text.wish import Wish, read_wish
from tests.test_wish import FREE, WORDS


@pytest.mark.parametrize(
    ("text", "wanted", "prices"),
    [
        ("shoes under 50", "shoes", (None, 50)),
        ("shoes under 1 000", "shoes", (None, 1000)),
        ("from 1\u202f000 to 12\u00a0500,50", "", (1000, 12500.5)),
        ("watch under 5000 rupees", "watch", (None, 5000)),
        ("all sizes under 50", "all sizes", (None, 50)),
        ("under 50 card holder", "card holder", (None, 50)),
        ("up to 15 in red", "in red", (None, 15)),
        ('"bags under 50"', '"bags "', (None, 50)),
        ("shoes under $49.99 for men", "shoes for men", (None, 49.99)),
        ("watch over 1,000 euros", "watch", (1000, None)),
        ("belt under 1,000.50", "belt", (None, 1000.5)),
        ("belt under 30,50", "belt", (None, 30.5)),
        ("belt under 30!", "belt", (None, 30)),
        ("bags between 80 and 20", "bags", (20, 80)),
        ("bags 20-40 dollars", "bags", (20, 40)),
        ("from $20 to $40", "", (20, 40)),
        ("scarf, at least 20 and at most £50", "scarf and", (20, 50)),
        ("for less than 30 bucks", "", (None, 30)),
        ("bag max. 30", "bag", (None, 30)),
        ("bag, 30 or less", "bag", (None, 30)),
        ("bag < 30eur", "bag", (None, 30)),
        ("under 30 backpack", "backpack", (None, 30)),
    ],
)
def test_prices(text: str, wanted: str, prices: tuple[float | None, float | None]) -> None:
    assert read_wish(text) == Wish(wanted, (), prices)
    assert read_wish(text, priced=False) == Wish(text, (), FREE)


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        ("dress not under 50", (50, None)),
        ("bag, not more than $50", (None, 50)),
        ("bag, I don't want to pay more than 50", (None, 50)),
        ("dress that isn't over 50", (None, 50)),
        ("nothing above 50", (None, 50)),
        ("no more than 50", (None, 50)),
        ("I don't want anything over 50", (None, 50)),
        ("shirt, nothing that costs more than 50", (None, 50)),
        ("can't afford more than 50", (None, 50)),
        ("bags, none over 50", (None, 50)),
        ("no bags over 50", (None, 50)),
        ("shoes under 50 but not under 20", (20, 50)),
        ("shoes over 20 and not over 50", (20, 50)),
        ("not black, under 50", (None, 50)),
    ],
)
def test_prices_that_are_denied(text: str, prices: tuple[float | None, float | None]) -> None:
    found = read_wish(text)
    assert found.prices == prices
    assert found.unwanted == (("black",) if "black" in text else ())


@pytest.mark.parametrize(
    "text",
    [
        "size 50",
        "under armour shirt",
        "under 12 months",
        "over 50 ml",
        "up to 1 litre",
        "backpack for laptops up to 15 inches",
        "laptop bag up to 15 in",
        'backpack up to 15"',
        "shirt with at least 3 buttons",
        "boots over 6 feet",
        "jacket max 30 degrees",
        "from 3 to 5 inches",
        "ring up to 2 carat",
        "at least 4 stars",
        "tent for at least 4 people",
        "under 5 years",
        "size 40 or over",
        "sizes from 36 to 42",
        "air max 90",
        "at least 8 cards",
        "under 50cm",
        "under 1e9",
        "up to 30%",
        "above 3-4",
        "size 36-38",
        "from 2012",
        "from 2011 to 2013",
        "dress for women over 50",
        "under 50 or over 100",
        "kids under 10",
        "shoes for boys under 12",
        "girls from 2 to 10",
        "children over 8",
        "dress 20-40",
        "dress for 30",
        "size around 42",
        "around 15 inches",
        "about 4 cards",
        "women around 50",
        "watch around 2012",
        "$30 or $40 shoes",
        "shoes 40+",
        "heels about 2 to 3 inches",
        "bag about 10 by 12 inches",
        "jeans for around 5'10",
        "$5 off shoes",
        "save $10 on bags",
        "3 for £20 socks",
        "backpack that weighs 2 pounds",
        "bag that weighs about 2 pounds",
        "shoes under 1'000",
        "clothes for my son around 10",
        "toys for my nephew under 8",
        "girls between 8 and 14",
        "kid's under 10",
    ],
)
def test_no_prices(text: str) -> None:
    assert read_wish(text) == Wish(text, (), FREE)


@pytest.mark.parametrize(
    ("text", "wanted", "prices"),
    [
        ("shoes $30+", "shoes", (30, None)),
        ("shoes $30 and up", "shoes", (30, None)),
        ("dresses from $50", "dresses", (50, None)),
        ("shoes starting at 50 dollars", "shoes", (50, None)),
        ("shoes more expensive than $50", "shoes", (50, None)),
        ("shoes $50 minimum", "shoes", (50, None)),
        ("shoes less expensive than $50", "shoes", (None, 50)),
        ("shoes upto $50", "shoes", (None, 50)),
        ("shoes $50 and under", "shoes", (None, 50)),
        ("shoes $50 at most", "shoes", (None, 50)),
        ("shoes max price $50", "shoes", (None, 50)),
        ("handbag budget $40", "handbag", (None, 40)),
        ("shoes under about $50", "shoes", (None, 50)),
        ("shoes not exceeding $50", "shoes", (None, 50)),
        # a number before the price is none
        ("jordan 1 $150", "jordan 1", (112.5, 187.5)),
        ("dress size 10 $50", "dress size 10", (37.5, 62.5)),
        ("socks pack of 3 $12", "socks pack of 3", (9, 15)),
        ("jeans 32 max 50", "jeans 32", (None, 50)),
        ("air max 90 max 100", "air max 90", (None, 100)),
        ("shoes size 42 max $60", "shoes size 42", (None, 60)),
    ],
)
def test_prices_in_other_words(text: str, wanted: str, prices: tuple[float | None, float | None]) -> None:
    assert read_wish(text) == Wish(wanted, (), prices)


@pytest.mark.parametrize(
    ("text", "wanted", "prices"),
    [
        ("shoes for men under 60", "shoes for men", (None, 60)),
        ("watch for men below 100", "watch for men", (None, 100)),
        ("jeans women max 40", "jeans women", (None, 40)),
        ("handbag for ladies up to 50", "handbag for ladies", (None, 50)),
        ("shoes for men less than 60", "shoes for men", (None, 60)),
        ("for women 60 or less", "for women", (None, 60)),
        ("for women under 60", "for women", (None, 60)),
        ("shoes for women over $60", "shoes for women", (60, None)),
        ("shoes for women around $60", "shoes for women", (45, 75)),
        ("shoes for kids under 30", "shoes for kids", (None, 30)),
        ("shoes for kids under $10", "shoes for kids", (None, 10)),
        ("kids shoes under 10", "kids shoes", (None, 10)),
        ("for girls cheaper than 8", "for girls", (None, 8)),
        ("girls from $2 to $10", "girls", (2, 10)),
    ],
)
def test_a_price_after_those_who_it_is_for(text: str, wanted: str, prices: tuple[float | None, float | None]) -> None:
    """Only what may be their age is none: "women over 50", "boys under 12"."""
    assert read_wish(text) == Wish(wanted, (), prices)


@pytest.mark.parametrize(
    ("text", "wanted", "amount"),
    [
        ("$30 dress", "dress", 30),
        ("dress about $30", "dress", 30),
        ("dress for 30 dollars", "dress", 30),
        ("dress for around 30", "dress", 30),
        ("dress ~30", "dress", 30),
        ("dress, roughly 30 or so", "dress", 30),
        ("dress £20", "dress", 20),
        ("$1,000.50 watch", "watch", 1000.5),
        ("bag at 29.99 euros!", "bag", 29.99),
    ],
)
def test_one_amount_is_around_what_it_may_cost(text: str, wanted: str, amount: float) -> None:
    least, most = round(amount * (1 - BAND), 2), round(amount * (1 + BAND), 2)
    assert read_wish(text) == Wish(wanted, (), (least, most))
    assert read_wish(text, priced=False) == Wish(text, (), FREE)


def test_one_amount_beside_what_else_is_said() -> None:
    assert read_wish("dress $20-40") == Wish("dress", (), (20, 40))
    assert read_wish("not black $30 dress") == Wish("dress", ("black",), (22.5, 37.5))
    assert read_wish("I won't spend $30").prices == FREE  # neither more nor less is said to be wanted
    assert read_wish("a $30 dress, not over $35").prices == (None, 35)
    assert WORDS.wish("about 4 litrons") == Wish("about 4 litrons")


def test_what_is_counted_is_no_price() -> None:
    """More than one of what no product is called is a measure, unless money is spoken of."""
    for text in ("up to 4 litrons", "from 2 to 3 straps", "up to 4 big litrons"):
        assert WORDS.wish(text) == Wish(text), text
    for text in ("up to 4 {}", "under 4 {} shoes", "4 or less, {}"):
        for word in ("ladies", "scarves", "floral", "flip flops", "sportsshoes", "please", "not", "(litrons)"):
            assert WORDS.wish(text.format(word)).prices == (None, 4.0), (text, word)
    for text in ("up to $4 litrons", "up to 4 euros litrons", "pay up to 4 litrons", "cheaper than 4 litrons"):
        assert WORDS.wish(text).prices == (None, 4.0), text


def test_a_price_in_single_precision_is_the_one_that_it_says() -> None:
    frame = pd.DataFrame({"id": ["1"], "price": np.array([49.99], np.float32)})
    assert Words(frame).match("under 49.99").all()


def test_find_up_to_a_price(demo: Recommender) -> None:
    answer = demo.find("shoes under 50", k=24)
    assert (answer.unknown_words, answer.prices) == ((), (None, 50.0))
    assert {product.columns["masterCategory"] for product in answer.products} == {"Footwear"}
    assert all(product.columns["price"] <= 50 for product in answer.products)
    assert answer.available == (demo.catalogue.frame["price"] <= 50).sum()
    assert demo.find("shoes under 50", k=24, where={"gender": "Men"}).available < answer.available


@pytest.mark.parametrize(
    ("text", "wanted", "most"),
    [
        ("shoes under 50 thanks", "shoes thanks", 50),
        ("red shoes under 50 pls", "red shoes pls", 50),
        ("under 15 gifts", "gifts", 15),
        ("under 50 vegan boots", "vegan boots", 50),
        ("dresses plus size under 50", "dresses plus size", 50),
        ("under 20 star wars tshirt", "star wars tshirt", 20),
        ("under 50 second hand bag", "second hand bag", 50),
        ("under 50 night dress", "night dress", 50),
        ("under 20 v-neck tshirt", "v-neck tshirt", 20),
        ("jeans under 60 501", "jeans 501", 60),
        ("perfume under 50 100 ml", "perfume 100 ml", 50),
        ("shoes under 1 200", "shoes", 1200),
        ("shoes under 10 000", "shoes", 10000),
        ("up to 15 inches", "up to 15 inches", None),
        ("at least 3 stars", "at least 3 stars", None),
        ("from 36 to 42", "", 42),
        ("shoes size 40 or less", "shoes size 40 or less", None),
    ],
)
def test_what_says_a_price_goes_on_to_say_it(text: str, wanted: str, most: float | None) -> None:
    wish = WORDS.wish(text)
    assert (wish.wanted, wish.prices[1]) == (wanted, most)


def test_a_shop_without_words_has_prices_all_the_same() -> None:
    words = Words(pd.DataFrame({"id": ["1", "2"], "price": [10.0, 60.0]}))
    assert words.wish("under 50 shoes") == Wish("shoes", (), (None, 50.0))


def test_words_that_have_no_such_price() -> None:
    frame = pd.DataFrame(
        {
            "id": list("123456"),
            "articleType": ["Watches", "Watches", "Caps", "Caps", "Rings", "Belts"],
            "baseColour": ["Red", "Blue", "Red", "Blue", "Blue", "Red"],
            "price": [90.0, 35.99, 12.0, 30.0, np.nan, 15.0],
        }
    )
    words = Words(frame)
    for text, beyond, price in (
        ("watch under 20", ("watch",), 35.99),
        ("red watch under 20", ("watch",), 35.99),
        ("blue caps under 20", ("blue",), 30.0),
        ("red caps over 20", ("red", "caps"), 12.0),
        ("red caps from 13 to 16", ("caps",), 12.0),
        ("watch not blue under 20", ("watch",), 90.0),
        ("watch belt under 1", ("watch",), 35.99),
        ("zeppelin watch over 100", ("watch",), 90.0),
        ("caps under 20", (), None),
        ("ring under 20", (), None),
        ("zeppelin under 20", (), None),
        ("watch", (), None),
    ):
        assert words.beyond(words.wish(text)) == (beyond, price), text
    assert Words(frame.drop(columns="price")).beyond(Wish("watch", (), (None, 20.0))) == ((), None)


def test_that_nothing_has_such_a_price_is_told(demo: Recommender) -> None:
    watches = demo.catalogue.frame.loc[demo.catalogue.frame["articleType"] == "Watches", "price"]
    said = demo.find("watch under 20", k=1).understood
    assert said[1] == f"No product at such a price is described by: watch. The cheapest costs {watches.min():,.2f}."
    assert f"The dearest costs {watches.max():g}." in demo.find("watch over 5000", k=1).understood[1]
    assert "The nearest costs" in demo.find("watch from 5 to 10", k=1).understood[1]
    assert demo.find("watch under 100", k=1).understood == ("Prices up to 100.",)


def test_a_price_for_men_holds(demo: Recommender) -> None:
    answer = demo.find("shoes for men under 60", k=24)
    assert (answer.unknown_words, answer.prices) == ((), (None, 60.0))
    assert all(product.columns["price"] <= 60 for product in answer.products)
