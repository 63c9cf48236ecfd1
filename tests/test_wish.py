"""What a question in words wants and what it rules out: "shoes, not red, under 50"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import WordsError
from recommender.service import Recommender
from recommender.settings import ASSETS
from recommender.text import Words
from recommender.text.spelling import CALLED, folded
from recommender.text.wish import MOST, Wish, denied_in, read_wish

SHIRT = ASSETS / "samples" / "shirt-on-planks.jpg"
FREE = (None, None)
FRAME = pd.DataFrame(
    {
        "id": ["506028", "1042", "1043", "1044", "1045"],
        "gender": ["Women", "Men", "Boys", "Girls", "Women"],
        "articleType": ["Flip Flops", "Sports Shoes", "Tshirts", "Tshirts", "Scarves"],
        "baseColour": ["Red", "Blue", "Red", "Navy Blue", "Green"],
        "pattern": ["plain", "striped", "plain", "plain", "plain"],
        "price": [12.5, 80.0, np.nan, 20.0, 49.99],
        "productDisplayName": ["Underhaugh flip flops", "Bolt shoes", "No Fear tee", "Ærø tee", "Orsted scarf"],
    }
)
WORDS = Words(FRAME)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("not red shoes", "shoes", ("red",)),
        ("shirt, not blue", "shirt", ("blue",)),
        ("shoes that aren't black", "shoes that", ("black",)),
        ("shoes that are not too black", "shoes that are", ("black",)),
        ("I won’t wear black shoes", "I shoes", ("black",)),
        ("not red or blue shoes", "shoes", ("red", "blue")),
        ("shirt, not red, blue or green", "shirt", ("red", "blue", "green")),
        ("shoes not red/black", "shoes", ("red", "black")),
        ("neither black nor white bag", "bag", ("black", "white")),
        ("no red, no blue shoes", "shoes", ("red", "blue")),
        ("tops, nothing pink", "tops", ("pink",)),
        ("t-shirts (no print)", "tshirts", ("print",)),
        ("anything but black bag", "anything bag", ("black",)),
        ("bags in any colour but black", "bags in any colour", ("black",)),
        ("bags other than black", "bags", ("black",)),
        ("dress without stripes", "dress", ("stripes",)),
        ("tshirt w/o print", "tshirt", ("print",)),
        ("dress without long sleeves for women", "dress for women", ("long sleeves",)),
        ("shirt without stripes, checks or dots", "shirt", ("stripes", "checks", "dots")),
        ("shoes without laces, blue", "shoes blue", ("laces",)),
        ("without laces shoes", "shoes", ("laces",)),
        ("non-leather belt", "belt", ("leather",)),
        # A shade belongs to its colour, and alone is ruled out where the thing itself is wanted.
        ("trousers not dark blue", "trousers", ("dark blue",)),
        ("red but not dark red", "red but", ("dark red",)),
        ("not dark navy blue jeans", "jeans", ("dark navy blue",)),
        ("not dark jeans", "jeans", ("dark",)),
        ("neither too dark nor too light jeans", "jeans", ("dark", "light")),
        ("red shoes, not bright shoes", "red shoes shoes", ("bright",)),
        ("jeans, nothing too dark", "jeans", ("dark",)),
        ("table, not dark wood", "table", ("dark wood",)),
        ("dress without pale stripes", "dress", ("pale stripes",)),
        # "And" joins like to like, and goes on with what is wanted otherwise.
        ("not red and blue", "", ("red", "blue")),
        ("no red, green and yellow", "", ("red", "green", "yellow")),
        ("no red, green, and yellow shoes", "shoes", ("red", "green", "yellow")),
        ("shirt, not striped and dotted", "shirt", ("striped", "dotted")),
        ("a dress, not red, and long sleeves", "a dress long sleeves", ("red",)),
        ("dress not red and size m", "dress size m", ("red",)),
        ("dress without stripes and size m", "dress size m", ("stripes",)),
        ("dress without stripes, and long sleeves", "dress long sleeves", ("stripes",)),
        ("shoes, not striped and red", "shoes red", ("striped",)),
        ("shirt, not red, size m or l", "shirt size m or l", ("red",)),
        ("dress, not red, long sleeves and pockets", "dress long sleeves and pockets", ("red",)),
        ("without red and blue stripes", "", ("red", "blue stripes")),
        ("dress not red and not blue", "dress", ("red", "blue")),
        # Of these only the colour, or the measure, is what is not wanted.
        ("don't show me shoes in red", "shoes", ("red",)),
        ("do not show me shoes in dark red or blue", "do shoes", ("dark red", "blue")),
        ("not red shoes in blue", "shoes in blue", ("red",)),
        ("bag, no more than 15 inches", "bag more than 15 inches", ()),
        ("no bags over 15 inches", "bags over 15 inches", ()),
        ("not 2019 shoes", "shoes", ("2019",)),
        ("shoes not", "shoes", ()),
        ("not", "", ()),
        # What these say "no" to is nothing that a product is.
        ("not only red shoes", "red shoes", ()),
        ("nothing but red shoes", "red shoes", ()),
        ("no, white shoes", "white shoes", ()),
        ("this is not for me, I need black shoes", "this is I need black shoes", ()),
        ("I don't like it. Show me red shoes", "I Show me red shoes", ()),
        ("don't you have red bags?", "you have red bags", ()),
        ("I can't find red shoes", "I red shoes", ()),
        ("couldn't see a black bag", "a black bag", ()),
        ("shirt no. 5", "shirt 5", ()),
        ("navy or black trousers", "navy or black trousers", ()),
        ("white & gold watch", "white & gold watch", ()),
        ("no-iron shirt", "no-iron shirt", ()),
    ],
)
def test_what_is_ruled_out(text: str, wanted: str, unwanted: tuple[str, ...]) -> None:
    assert read_wish(text) == Wish(wanted, unwanted)


LIKE_NOT_RED = [
    "it's not red",
    "it’s really not red",
    "do not want red",
    "please not red",
    "but not red",
    "I don't want red",
    "I'd like the same, not red",
    "anything but red",
    "all but red",
    "it must not be red",
]


@pytest.mark.parametrize("text", LIKE_NOT_RED)
def test_small_words_are_not_wanted_beside_what_is_ruled_out(text: str) -> None:
    assert read_wish(text) == Wish("", ("red",))
    np.testing.assert_array_equal(WORDS.match(text), WORDS.match("not red"))
    assert read_wish("something under 50") == Wish("", (), (None, 50.0))
    assert read_wish("something for me") == Wish("something for me")


def test_things_of_the_catalogue_are_wanted_in_other_shades() -> None:
    frame = pd.DataFrame({"articleType": ["Jeans", "Jeans"], "baseColour": ["Blue", "Red"]})
    words = Words(frame.assign(productDisplayName=["Jeans", "Dark jeans"]))
    assert words.wish("women, not dark jeans") == Wish("women jeans", ("dark",))
    assert words.match("not dark jeans").tolist() == [True, False]
    assert words.match("red but not dark red").tolist() == [False, False]
    assert words.wish("without blue jeans") == Wish("jeans", ("blue",))
    assert words.wish("shirts, not jeans in red") == Wish("shirts in red", ("jeans",))
    assert words.match("jeans, not dark blue").all()
    assert words.idle(words.wish("jeans, not dark blue")) == ("dark blue",)


def test_of_a_long_title_only_the_beginning_is_read() -> None:
    title = "no " + "ab, " * 4000 + "or cd"
    assert 0 < len(denied_in(title)) < MOST


def test_a_long_list_is_read_once() -> None:
    looked = 0

    def named(words: Sequence[str]) -> bool:
        nonlocal looked
        looked += 1
        return False

    assert read_wish("no " + "ab, " * 140 + "or cd", named=named).unwanted == ("ab", "cd")
    assert looked < 140 * 30  # of every comma's rest anew it would be some 10,000


@given(st.text(max_size=80))
def test_any_text_is_a_wish(text: str) -> None:
    found = read_wish(text)
    assert len(found.wanted) <= len(text)
    assert all(any(map(str.isalnum, phrase)) for phrase in found.unwanted)


def test_nothing_that_is_ruled_out_matches() -> None:
    assert WORDS.match("tshirts not blue").tolist() == [False, False, True, False, False]
    assert WORDS.match("not blue").tolist() == [True, False, True, False, True]
    assert WORDS.match("without stripes").tolist() == [True, False, True, True, True]
    assert WORDS.match("under 50").tolist() == [True, False, False, True, True]  # what costs nobody knows what is not
    assert WORDS.match("scarf not").tolist() == [False] * 4 + [True]  # as it is typed


def test_what_is_called_so_is_no_negation() -> None:
    assert WORDS.wish("no fear tee, under 20") == Wish("no fear tee", (), (None, 20.0))
    assert WORDS.match("no fear").tolist() == [False, False, True, False, False]
    assert WORDS.wish("no red tee").unwanted == ("red",)
    vegan = Words(pd.DataFrame({"productDisplayName": ["Vegan non-leather belt", "Leather belt"]}))
    assert vegan.wish("non-leather belt").unwanted == ()
    for text in ("belt, not leather", "belt without leather"):
        assert vegan.wish(text).unwanted == ("leather",)


def test_what_is_ruled_out_together_is_one() -> None:
    """The other half of a name is not wanted, and who has half of it is not left out."""
    assert WORDS.wish("not navy blue tee") == Wish("tee", ("navy blue",))
    assert WORDS.match("not navy blue").tolist() == [True, True, True, False, True]
    assert WORDS.match("no flip flops").tolist() == [False] + [True] * 4
    assert WORDS.fits(WORDS.wish("tee without green laces")).all()


def test_another_name_of_what_is_wanted_is_not_ruled_out() -> None:
    assert WORDS.match("scarf, not ladies").tolist() == [False] * 5
    glasses = Words(pd.DataFrame({"articleType": ["Sunglasses"]}))
    assert glasses.match("sunglasses, not goggles").all()
    assert glasses.idle(glasses.wish("sunglasses, not goggles")) == ("goggles",)


def test_every_other_name_is_looked_up() -> None:
    for word, others in CALLED.items():
        assert word == folded(word), word
        frame = pd.DataFrame({"articleType": [others[0].title(), "Nothing"]})
        assert Words(frame).match(word).tolist() == [True, False], word


def test_all_words_are_the_whole(rng: np.random.Generator) -> None:
    titles = [" ".join(rng.choice(list("abcdefghjkmn"), 7)) for _ in range(300)]
    words = Words(pd.DataFrame({"productDisplayName": titles}))
    assert all(words.shares(title)[0][row] == 1 for row, title in enumerate(titles))


def test_what_nobody_is_described_by_can_not_be_ruled_out() -> None:
    wish = WORDS.wish("tee without logo")
    assert WORDS.fits(wish).all()
    assert WORDS.idle(wish) == ("logo",)
    assert WORDS.idle(WORDS.wish("tee, not red, without stripes or dots")) == ("dots",)


def test_a_whole_question_is_no_beginning() -> None:
    """As a person types, what is begun narrows the list; in a question "me" would draw men, and 50 an id."""
    for text in ("sho", "under", "50", "104"):
        assert WORDS.shares(text)[1] == (text,)
        assert WORDS.match(text).any()
    assert WORDS.shares("shirts for me")[1] == ("shirts",)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tee shirt", [2, 3]),
        ("tee-shirt", [2, 3]),
        ("flipflops", [0]),
        ("t shirts", [2, 3]),
        ("ladies", [0, 4]),
        ("kids", [2, 3]),
        ("trainers", [1]),
        ("stripes", [1]),
        ("scarf", [4]),
        ("scarves", [4]),
        ("aero", [3]),
        ("ørsted", [4]),
        ("sports-shoes", [1]),
        ("flip-flop", [0]),
    ],
)
def test_other_ways_to_say_it(text: str, rows: list[int]) -> None:
    assert np.flatnonzero(WORDS.match(text)).tolist() == rows
    assert np.flatnonzero(WORDS.shares(text)[0] == 1).tolist() == rows


def test_two_words_that_products_have_as_one() -> None:
    frame = pd.DataFrame({"id": ["1", "2", "3"], "productDisplayName": ["Earrings", "Ring", "Head phones for a head"]})
    words = Words(frame)
    assert words.shares("ear rings")[0].tolist() == [1, 0, 0]
    frame.loc[3] = ["4", "Headphones"]
    assert Words(frame).shares("head phones")[0].tolist() == [0, 0, 1, 0]  # called so in two words as well


# ---------------------------------------------------------------- in the shop


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("not red shoes", "baseColour", "Red"),
        ("shirt, not blue", "baseColour", "Blue"),
        ("dress without stripes", "pattern", "striped"),
    ],
)
def test_find_leaves_out(demo: Recommender, text: str, column: str, value: str) -> None:
    answer = demo.find(text, k=2000)
    rest = demo.catalogue.frame[column].str.contains(value)
    assert len(answer.products) == answer.available == int((~rest.fillna(False).astype(bool)).sum())
    assert not [product for product in answer.products if value in str(product.columns[column])]
    assert answer.rules_out
    assert answer.not_left_out == ()


def test_a_picture_and_what_it_is_not_to_be(demo: Recommender) -> None:
    red = demo.recommend(SHIRT, words="in red").products[0].id
    for answer in (demo.recommend(SHIRT, k=24, words="not blue"), demo.similar_to(red, k=24, words="not blue")):
        assert answer.left_out == ("blue",)
        assert not [product for product in answer.products if "Blue" in str(product.columns["baseColour"])]
    # Nothing else is wanted, so the picture alone decides among the others.
    alike = [product.id for product in demo.similar_to(red, k=60).products]
    left = [key for key in alike if "Blue" not in str(demo.product(key).columns["baseColour"])]
    assert [product.id for product in answer.products] == left[:24]


def test_only_what_is_not_wanted_is_no_question(demo: Recommender) -> None:
    for text in ("not red", "under 50", "something under 50", *LIKE_NOT_RED):
        with pytest.raises(WordsError, match="not only what it must not be"):
            demo.find(text)


def test_small_words_beside_a_picture_change_nothing(demo: Recommender) -> None:
    """What they look like is chance, and counts more than the picture."""
    want = demo.recommend(SHIRT, k=24, words="not red")
    for text in LIKE_NOT_RED:
        asked = demo.recommend(SHIRT, k=24, words=text)
        assert [product.id for product in asked.products] == [product.id for product in want.products], text
        assert (asked.unknown_words, asked.left_out) == ((), ("red",))
    plain = demo.recommend(SHIRT, k=24)
    for text in ("in 赤", "it's 赤, please", "something for me"):
        asked = demo.recommend(SHIRT, k=24, words=text)
        assert asked.unread, text
        assert [product.id for product in asked.products] == [product.id for product in plain.products], text


def test_an_answer_tells_what_words_rule_out(demo: Recommender) -> None:
    answer = demo.find("red zeppelin shoes, not blue, without logos, between 20 and 1000.5", k=3)
    said = (
        "No product is described by: zeppelin.",
        "Left out: blue.",
        "Nothing was left out for: logos. No product is described so.",
        "Prices from 20 to 1,000.50.",
    )
    assert answer.understood == said
    assert str(answer) == "\n".join([*said, answer.listing()])
    assert all(f"<p>{sentence}</p>" in answer._repr_html_() for sentence in said)
    assert demo.find("shoes over 20").understood == ("Prices from 20.",)
    assert demo.find("shoes under 50").understood == ("Prices up to 50.",)
    assert demo.find("red shoes").understood == ()
    odd = replace(answer, left_out=("<b>\n",), unread=True)
    assert "Left out: &lt;b&gt;" in odd._repr_html_()
    assert "Left out: <b> ." in str(odd)
    assert odd.understood[0] == "Nothing is known of these words, so they change nothing."


def test_what_words_rule_out_is_said(demo: Recommender) -> None:
    answer = demo.find("shoes without logos, under 30")
    assert (answer.left_out, answer.not_left_out) == ((), ("logos",))
    said = answer.to_dict()
    assert (said["left_out"], said["not_left_out"], said["prices"]) == ([], ["logos"], [None, 30.0])
    assert "left by the words" in str(demo.find("shoes under 0"))


def test_words_of_which_nothing_is_known_change_nothing(demo: Recommender) -> None:
    plain, asked = demo.recommend(SHIRT, k=12), demo.recommend(SHIRT, k=12, words="赤い靴")
    assert asked.unread
    assert [product.id for product in asked.products] == [product.id for product in plain.products]
    for words in ("red", "not red", "cheaper"):
        assert not demo.recommend(SHIRT, k=12, words=words).unread


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("red shoes, no heels in blue", "red shoes in blue", ("heels",)),
        ("a bag, not a backpack in black", "a bag in black", ("backpack",)),
        ("don't show me shoes in red", "shoes", ("red",)),
        ("not black blue shoes", "blue shoes", ("black",)),
        ("not white gold ring", "gold ring", ("white",)),
        ("shoes, not navy blue", "shoes", ("navy blue",)),
        ("ring, not rose gold", "ring", ("rose gold",)),
        ("no bright colours", "", ("bright",)),
        ("nothing in dark colors", "", ("dark",)),
        ("not deep neck dress", "dress", ("deep neck",)),
    ],
)
def test_what_is_ruled_out_is_no_more_than_was_said(text: str, wanted: str, unwanted: tuple[str, ...]) -> None:
    assert WORDS.wish(text) == Wish(wanted, unwanted)


def test_a_shop_may_sort_things_under_others() -> None:
    words = Words(pd.DataFrame({"articleType": ["Others", "Shoes", "Others"], "baseColour": ["Blue", "Blue", "Red"]}))
    assert words.match("others, not red").tolist() == [True, False, False]


def test_a_long_text_is_read_as_far_as_questions_are() -> None:
    assert len(read_wish('under 5" ' * 10_000).wanted) <= MOST
