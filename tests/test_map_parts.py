"""What is shown beside and on a map: words, colours, names; each on good and on hostile input."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import RecommenderError
from recommender.maps import colours, palettes
from recommender.maps.colours import (
    MOST,
    NO_VALUE,
    OTHER,
    Categories,
    Scale,
    categories,
    colour_by,
    scale,
    true_colours,
)
from recommender.maps.labels import FIRST, LETTER, LINE, SCREEN, Name, place_names
from recommender.service import Recommender
from recommender.text.own_words import Words, match

FRAME = pd.DataFrame(
    {
        "id": ["1001", "1002", "1003", "A-12/3", "1005"],
        "gender": ["Women", "Men", "Women", "Girls", None],
        "masterCategory": ["Footwear", "Apparel", "Apparel", "Accessories", None],
        "subCategory": ["Shoes", "Topwear", "Topwear", "Jewellery", None],
        "articleType": ["Casual Shoes", "Tshirts", "Dresses", "Earrings", None],
        "baseColour": ["Red", "Navy Blue", "Sea Green", "Multi", None],
        "year": [2012.0, 2013.0, 2012.0, None, None],
        "price": [10.0, 20.0, 30.0, None, 50.0],
        "isFragile": [False, False, True, False, False],
        "productDisplayName": ["Puma Women Café Sneaker", "Lee Men's T-shirt", "Zest Hoodie", None, None],
    }
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("   ", [0, 1, 2, 3, 4]),
        ("(.*[", [0, 1, 2, 3, 4]),
        ("red women shoes", [0]),
        ("RED WOMEN'S SHOE", [0]),
        ("shoes men", []),  # "men" is no part of "women" here
        ("women", [0, 2]),
        ("woman’s", [0, 2]),
        ("men's t-shirt", [1]),
        ("mens t shirts", [1]),
        ("tshirt", [1]),
        ("shirt", []),  # a T-shirt is none
        ("dress", [2]),
        ("dresse", [2]),
        ("dresses", [2]),
        ("hoodies", [2]),
        ("sea-green", [2]),
        ("cafe", [0]),
        ("sneak", [0]),
        ("1002", [1]),
        ("100", [0, 1, 2, 4]),
        ("a-12/3", [3]),
        ("girl jewelry", [3]),
        ("2012", [0, 2]),
        ("none", []),
        ("nan", []),
        ("zebra", []),
        ("red " * 2500, [0]),
    ],
)
def test_words_find(text: str, rows: list[int]) -> None:
    found = match(FRAME, text)
    assert found.dtype == bool
    assert np.flatnonzero(found).tolist() == rows


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_upsets_the_words(text: str) -> None:
    assert WORDS.match(text).shape == (len(FRAME),)
    assert WORDS.match(text * 50).shape == (len(FRAME),)


WORDS = Words(FRAME)


def test_every_product_is_found_by_its_own_title_and_id(demo: Recommender) -> None:
    frame = demo.catalogue.frame
    words = Words(frame)
    for row in range(0, len(frame), 7):
        assert words.match(frame["productDisplayName"][row])[row]
        assert np.flatnonzero(words.match(frame["id"][row])).tolist() == [row]


def test_words_of_a_frame_without_columns_or_rows() -> None:
    assert match(pd.DataFrame({"id": ["1"]}), "red").tolist() == [False]
    assert match(FRAME.iloc[:0], "red").tolist() == []
    assert match(pd.DataFrame({"other": [[1, 2]]}), "").tolist() == [True]


def test_colours_can_be_told_apart_with_every_kind_of_sight() -> None:
    for count, least in ((4, 0.14), (8, 0.07), (12, 0.05), (30, 0.03)):
        pairs = palettes.distinct(count)
        for page, colour in ((palettes.LIGHT_PAGE, 0), (palettes.DARK_PAGE, 1)):
            chosen = [pair[colour] for pair in pairs]
            assert min(palettes.contrast(one, page) for one in chosen) >= 3
            seen = palettes.views(palettes.linear(chosen))
            apart = palettes.gaps(seen, seen)[~np.eye(count, dtype=bool)]
            assert apart.min() >= least


def test_colours_against_known_values() -> None:
    # Ottosson's and WCAG's own examples: white has lightness 1, and 21 is the contrast of black and white.
    assert palettes.oklab(palettes.linear(["#ffffff"]))[0] == pytest.approx([1, 0, 0], abs=1e-4)
    assert palettes.oklab(palettes.linear(["#ff0000"]))[0] == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)
    assert palettes.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palettes.texts(palettes.linear(["#12ab9f"])) == ["#12ab9f"]
    # Red and green of like lightness come near to each other where one kind of cone is missing; blue does not change.
    normal, protan, deutan, _ = palettes.views(palettes.linear(["#b05a2c", "#6b7a2c"])).swapaxes(0, 1)
    full = np.linalg.norm(normal[0] - normal[1])
    assert np.linalg.norm(protan[0] - protan[1]) < 0.6 * full
    assert np.linalg.norm(deutan[0] - deutan[1]) < 0.6 * full


def hue(colour: str) -> float:
    _, a, b = palettes.oklab(palettes.linear([colour]))[0]
    return float(np.degrees(np.arctan2(b, a)))


def test_categories_are_shades_of_their_department(demo: Recommender) -> None:
    frame = demo.catalogue.frame
    departments = colour_by(frame, "masterCategory")
    assert isinstance(departments, Categories)
    base = {swatch.text: swatch for swatch in departments.swatches}
    for column in ("subCategory", "articleType"):
        found = colour_by(frame, column)
        assert isinstance(found, Categories)
        first = set()
        for swatch in found.swatches:
            if swatch.text == OTHER:
                continue
            assert swatch.parent is not None
            assert (swatch.text == f"Other in {swatch.parent}") == swatch.text.startswith("Other")
            turn = abs((hue(swatch.light) - hue(base[swatch.parent].light) + 180) % 360 - 180)
            assert turn <= 30
            if swatch.parent not in first:
                assert (swatch.light, swatch.dark) == (base[swatch.parent].light, base[swatch.parent].dark)
            first.add(swatch.parent)
        assert len({swatch.light for swatch in found.swatches}) == len(found.swatches)


def test_codes_say_what_the_column_says(demo: Recommender) -> None:
    frame = demo.catalogue.frame
    for column in demo.catalogue.label_columns:
        found = colour_by(frame, column)
        assert isinstance(found, Categories)
        assert found.codes.dtype == np.uint8
        texts = np.array([swatch.text for swatch in found.swatches])[found.codes]
        shown = ~np.strings.startswith(texts, OTHER)
        assert (texts[shown] == frame[column].to_numpy(object)[shown]).all()
        assert np.bincount(found.codes).tolist() == [swatch.count for swatch in found.swatches]


def test_the_rarest_become_other_and_missing_ones_are_named() -> None:
    values = [f"kind {i}" for i in range(40) for _ in range(40 - i)] + [None] * 7
    found = categories(values)
    assert len(found.swatches) == 29 + 2
    assert [swatch.text for swatch in found.swatches[-2:]] == [OTHER, NO_VALUE]
    assert found.swatches[-2].count == sum(range(1, 12))
    assert found.swatches[-1].count == 7
    assert found.note == "11 rarer values, 66 products in all, are shown as Other."
    assert len(categories(values[: -7 - sum(range(1, 11))]).swatches) == 30
    assert categories([None, None]).swatches[0].text == NO_VALUE
    assert categories([]).codes.shape == (0,)


def test_the_rarest_stay_in_their_department() -> None:
    values = [f"shoe {i}" for i in range(25) for _ in range(9)] + [f"bag {i}" for i in range(20) for _ in range(5)]
    values += ["Pen", "Ink", None]
    parents = ["Shoes"] * 225 + ["Bags"] * 100 + ["Desk", None, None]
    found = categories(values, parents)
    tail = {swatch.text: (swatch.count, swatch.parent) for swatch in found.swatches[-3:]}
    assert tail == {"Other in Bags": (80, "Bags"), OTHER: (2, None), NO_VALUE: (1, None)}
    texts = [found.swatches[code].text for code in found.codes]
    assert texts[-4:] == ["Other in Bags", OTHER, OTHER, NO_VALUE]
    assert len({swatch.light for swatch in found.swatches}) == len(found.swatches) == 25 + 4 + 3
    assert found.note == "18 rarer values, 82 products in all, are shown as Other or Other in their department."
    many = categories([f"value {i}" for i in range(900)], [f"department {i}" for i in range(900)])
    assert len(many.swatches) == 30


def test_a_value_of_the_legends_own_name_is_not_taken_for_it() -> None:
    values = ["Other"] * 50 + [f"kind {i:02}" for i in range(40) for _ in range(3)]
    found = categories(values)
    told = {swatch.text: swatch.count for swatch in found.swatches}
    assert (told["Other"], told["Other (rarer values)"]) == (50, 36)
    assert np.bincount(found.codes).tolist() == [swatch.count for swatch in found.swatches]
    assert found.swatches[found.codes[0]].text == "Other"
    assert found.note == "12 rarer values, 36 products in all, are shown as Other (rarer values)."


@pytest.mark.parametrize("many", [50, 1])
def test_a_value_of_the_name_of_a_departments_rest_is_not_taken_for_it(many: int) -> None:
    """Whether it is among those that are shown or so rare that it is among the rest, of another department."""
    values = ["Other in Shoes"] * many + [f"shoe {i:02}" for i in range(40) for _ in range(3)] + ["bag"] * 9
    parents = ["Bags"] * many + ["Shoes"] * 120 + ["Bags"] * 9
    found = categories(values, parents)
    assert np.bincount(found.codes).tolist() == [swatch.count for swatch in found.swatches]
    assert {found.swatches[code].parent for code in found.codes[many:-9]} == {"Shoes"}
    assert {found.swatches[code].parent for code in found.codes[:many]} == {"Bags"}
    assert len({swatch.text for swatch in found.swatches}) == len(found.swatches)


def test_numbers_as_large_as_there_are_have_a_scale() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = scale(np.array([1e308, -1e308, 0, 1] * 50))
        assert found.codes[:4].tolist() == [254, 0, 127, 127]
        most = np.finfo(float).max
        assert scale(np.array([-most] * 200 + [most, np.inf])).codes[-3:].tolist() == [0, 254, 255]


def test_colour_words_have_the_colour_they_name() -> None:
    found = true_colours(["Navy Blue", "Dark mint green", "Multi", "Zorp", None, "White", "Black", "Gray"])
    swatch = {one.text: one for one in found.swatches}
    navy = palettes.linear([swatch["Navy Blue"].light])[0]
    assert navy.argmax() == 2
    assert palettes.linear([swatch["Dark mint green"].light])[0].argmax() == 1
    assert palettes.contrast(swatch["White"].light, palettes.LIGHT_PAGE) >= 1.4
    assert palettes.contrast(swatch["Black"].dark, palettes.DARK_PAGE) >= 1.4
    assert swatch["White"].dark == "#ffffff"
    assert len({one.light for one in found.swatches}) == len(found.swatches)
    assert found.note == "Not the name of a colour we know: Zorp."


def test_numbers_have_a_scale() -> None:
    found = colour_by(pd.DataFrame({"price": [*np.linspace(10, 110, 201), None, 9e9]}), "price")
    assert isinstance(found, Scale)
    assert found.codes[-2] == 255
    assert found.missing == 1
    assert (found.low, found.high) == (11.0, 109.5)
    assert (found.codes[0], found.codes[-1]) == (0, 254)
    assert (np.diff(found.codes[:201].astype(int)) >= 0).all()
    assert len(found.light) == len(found.dark) == 256
    lightness = palettes.oklab(palettes.linear(found.light[:255]))[:, 0]
    assert (np.diff(lightness) < 1e-3).all()
    assert (np.diff(palettes.oklab(palettes.linear(found.dark[:255]))[:, 0]) > -1e-3).all()
    flat = colour_by(pd.DataFrame({"price": [5.0, 5.0, np.inf]}), "price")
    assert isinstance(flat, Scale)
    assert flat.codes.tolist() == [0, 0, 255]
    empty = colour_by(pd.DataFrame({"price": [np.nan, np.nan]}), "price")
    assert isinstance(empty, Scale)
    assert empty.missing == 2


def test_many_departments_take_no_longer_and_the_rare_ones_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    families = palettes.families
    monkeypatch.setattr(palettes, "families", lambda sizes: (asked.append(len(sizes)), families(sizes))[1])
    number = np.concatenate([np.arange(400), np.arange(20)])
    frame = pd.DataFrame(
        {"masterCategory": [f"Shelf {n:03}" for n in number], "subCategory": [f"Box {n}" for n in number]}
    )
    for column in ("masterCategory", "subCategory"):
        found = colour_by(frame, column)
        assert isinstance(found, Categories)
        assert max(asked) <= MOST
        assert len(found.swatches) == MOST
        assert found.swatches[-1].text == "Other"
        assert sum(swatch.count for swatch in found.swatches) == 420


def test_odd_columns_have_colours_too() -> None:
    truths = colour_by(FRAME, "isFragile")
    assert isinstance(truths, Categories)
    assert [swatch.text for swatch in truths.swatches] == ["No", "Yes"]
    lists = colour_by(pd.DataFrame({"sizes": [["S"], None, ["S"]]}), "sizes")
    assert isinstance(lists, Categories)
    assert lists.codes.tolist() == [0, 1, 0]
    alone = colour_by(FRAME.drop(columns="masterCategory"), "articleType")
    assert isinstance(alone, Categories)
    assert len({swatch.light for swatch in alone.swatches}) == 5
    with pytest.raises(RecommenderError, match="no column 'brand'"):
        colour_by(FRAME, "brand")
    empty = FRAME.assign(masterCategory=None, subCategory=np.nan, baseColour=None, articleType=None)
    for column in ("masterCategory", "subCategory", "baseColour", "articleType"):
        found = colour_by(empty, column)
        assert isinstance(found, Categories)
        assert [(swatch.text, swatch.count) for swatch in found.swatches] == [(NO_VALUE, 5)]
        assert colour_by(FRAME.iloc[:0], column).codes.shape == (0,)
    single = colour_by(FRAME.assign(masterCategory=None), "articleType")
    assert isinstance(single, Categories)
    assert len({swatch.light for swatch in single.swatches}) == 5
    many = true_colours([f"kind {i}" for i in range(300)])
    assert many.swatches[-1].text == OTHER
    assert len(many.swatches) <= colours.MOST_COLOUR_WORDS + 1


def test_kinds_are_numbers_without_a_point() -> None:
    found = colour_by(pd.DataFrame({"pattern": [7.0, 7.0, None, 12.5]}), "pattern")
    assert isinstance(found, Categories)
    assert [swatch.text for swatch in found.swatches] == ["7", "12.5", NO_VALUE]


def test_names_stand_at_the_densest_spots(rng: np.random.Generator) -> None:
    middles = {"Shirts": (0.0, 0.0), "Bags": (10.0, 0.0), "Hats": (0.0, 8.0)}
    points = np.concatenate([rng.normal(middle, 0.3, (200, 2)) for middle in middles.values()])
    # Strays in plenty must not draw a name away, as they would a mean.
    points[:80] = rng.uniform(4, 8, (80, 2))
    names = place_names(points, np.repeat(list(middles), 200))
    assert {name.text for name in names} == set(middles)
    for name in names:
        assert np.hypot(*(np.array([name.x, name.y]) - middles[name.text])) < 0.6
        assert name.level == 0
        assert name.count == 200


def boxes_overlap(names: list[Name], scale: float) -> bool:
    for i, one in enumerate(names):
        for other in names[:i]:
            wide = LETTER * (len(one.text) + len(other.text)) / 2
            if abs(one.x - other.x) * scale < wide and abs(one.y - other.y) * scale < LINE:
                return True
    return False


def test_names_never_cover_each_other_and_closer_views_have_more(rng: np.random.Generator) -> None:
    values = np.array([f"Category number {i}" for i in range(120)], object)[rng.integers(0, 120, 6000)]
    points = rng.normal(size=(120, 2))[[int(value.split()[-1]) for value in values]] + rng.normal(0, 0.05, (6000, 2))
    names = place_names(points, values)
    scale = min(np.array(SCREEN) / np.ptp(points, axis=0))
    shown = [[name for name in names if name.level <= level] for level in range(5)]
    for level, some in enumerate(shown):
        assert not boxes_overlap(some, scale * 2**level)
    assert len(shown[0]) <= FIRST
    assert len(shown[0]) < len(shown[2]) < len(shown[4])
    assert names == place_names(points, values)


def test_names_of_next_to_nothing() -> None:
    assert place_names(np.zeros((0, 2)), []) == ()
    assert place_names(np.zeros((2, 2)), [None, " "]) == ()
    assert place_names(np.full((2, 2), np.nan), ["a", "b"]) == ()
    one, *rest = place_names(np.zeros((3, 2)), ["Bags", "Bags", None])
    assert (one.text, one.x, one.y, one.level, one.count, rest) == ("Bags", 0, 0, 0, 2, [])
