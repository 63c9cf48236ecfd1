"""What narrows and orders the answers: the chips, the price, the breadth and the suggestions."""

from __future__ import annotations

import pytest

from recommender.app import resources
from recommender.app.components.suggestions import Suggestion
from recommender.app.state import FACETS, PAGE, Key
from tests.test_app import control, count, facet, found, open_app, words


def test_filter_narrows_and_is_linked() -> None:
    app = open_app(sample=resources.samples()[0].name)
    before = count(app)[1]
    value = resources.facts().values["colour"][0]
    app.pills(key=control(app, facet("colour").key)).set_value([value]).run()
    assert count(app)[1] < before
    assert app.query_params["colour"] == value
    assert {resources.product(i).columns["baseColour"] for i in found(app)} == {value}
    app.button(key="clear").click().run()
    assert count(app)[1] == before
    assert "colour" not in app.query_params


def test_price_filter() -> None:
    app = open_app(sample=resources.samples()[0].name)
    limits, before = resources.facts().prices, count(app)[1]
    assert limits
    prices = sorted(resources.product(i).columns["price"] for i in found(app))
    middle = float(prices[len(prices) // 2])
    app.slider(key=control(app, Key.PRICE)).set_value((limits[0], middle)).run()
    assert all(resources.product(i).columns["price"] <= middle for i in found(app))
    assert count(app)[1] == int((resources.shop().catalogue.frame["price"] <= middle).sum()) < before
    assert app.query_params["price"] == f"{limits[0]:g}-{middle:g}"


def test_suggestions_are_offered_and_not_forced() -> None:
    product = resources.product(resources.picks()[0])
    app = open_app(product=product.id)
    offered = app.pills(key="suggested")
    assert offered.value == []
    whole = count(app)[1]
    assert not any(app.session_state.get(one.key) for one in FACETS)
    gender = str(product.columns["gender"])
    offered.set_value([Suggestion(facet("gender"), gender)]).run()
    assert app.query_params["gender"] == gender
    assert app.pills(key=control(app, facet("gender").key)).value == [gender]
    assert count(app)[1] < whole
    app.pills(key="suggested").set_value([]).run()
    assert "gender" not in app.query_params


@pytest.mark.parametrize(("sample", "told"), [("wallet-by-mug", True), ("bag-on-chair", False)])
def test_no_price_is_suggested_for_what_may_be_anything(sample: str, told: bool) -> None:
    app = open_app(sample=sample)
    offered = [one for pills in app.get("button_group") if pills.key == "suggested" for one in pills.options]
    assert any("$" in one for one in offered) == told


@pytest.mark.parametrize(("order", "sign"), [("cheapest", 1), ("dearest", -1)])
def test_sort_by_price(order: str, sign: int) -> None:
    app = open_app(sample=resources.samples()[0].name, sort=order)
    prices = [sign * resources.product(i).columns["price"] for i in found(app)]
    assert prices == sorted(prices)
    app.selectbox(key="sort").set_value("similarity").run()
    assert "sort" not in app.query_params


def test_within_the_predicted_category() -> None:
    app = open_app(sample=resources.samples()[0].name)
    app.selectbox(key="within").set_value("masterCategory").run()
    assert app.query_params["within"] == "masterCategory"
    assert " within **" in words(app)
    assert count(app)[1] < resources.facts().size


def test_within_the_category_of_a_product() -> None:
    product = resources.product(resources.picks()[0])
    app = open_app(product=product.id, within="articleType")
    assert {resources.product(i).columns["articleType"] for i in found(app)} == {product.columns["articleType"]}


def test_a_category_that_two_columns_name_is_offered_once() -> None:
    frame = resources.shop().catalogue.frame
    product = frame[frame["subCategory"] == frame["articleType"]].iloc[0]
    app = open_app(product=product["id"], within="subCategory")
    only = f"Only {product['articleType']}"
    assert app.selectbox(key="within").options == ["Whole catalogue", f"Only {product['masterCategory']}", only]
    assert app.selectbox(key="within").value == "subCategory"  # what was chosen, for the next product too
    assert {resources.product(i).columns["articleType"] for i in found(app)} == {product["articleType"]}


def test_a_filter_that_names_another_category_is_what_is_said() -> None:
    product = resources.product(resources.picks()[0])
    other = next(v for v in resources.facts().values["category"] if v != product.columns["articleType"])
    app = open_app(product=product.id, within="articleType", category=other)
    assert {resources.product(i).columns["articleType"] for i in found(app)} == {other}
    assert "that pass your filters" in words(app)
    assert " within **" not in words(app)
    assert "within" not in app.query_params
    # What would contradict the filter is not offered until it is lifted.
    assert app.selectbox(key="within").value == "all"
    only = f"Only {product.columns['articleType']}"
    assert only not in app.selectbox(key="within").options
    app.multiselect(key=control(app, facet("category").key)).set_value([]).run()
    assert only in app.selectbox(key="within").options


def test_a_filter_is_not_said_to_be_what_the_photo_shows() -> None:
    app = open_app(sample="tee-on-bed", within="articleType", category="Jeans")
    assert {resources.product(i).columns["articleType"] for i in found(app)} == {"Jeans"}
    assert "products that pass your filters" in words(app)
    assert " within **" not in words(app)
    assert app.selectbox(key="within").value == "all"


def test_a_breadth_that_is_not_offered_is_left() -> None:
    app = open_app(find="red shoes", within="articleType")
    assert "Search in" not in [box.label for box in app.selectbox]
    assert "within" not in app.query_params
    app.button(key=f"found_more_{found(app)[0]}").click().run()
    assert app.selectbox(key="within").value == "all"


def test_one_product_is_not_several() -> None:
    frame = resources.shop().catalogue.frame
    counts = frame.groupby(["articleType", "baseColour"], observed=True)["id"].count()
    category, colour = counts[counts == 1].index[0]
    app = open_app(sample=resources.samples()[0].name, category=category, colour=colour)
    assert "**1** of **1** product that passes your filters" in words(app)


def test_nothing_found_offers_a_way_out() -> None:
    frame = resources.shop().catalogue.frame
    values = resources.facts().values
    pairs = set(zip(frame["articleType"], frame["baseColour"], strict=True))
    category, colour = next((a, b) for a in values["category"] for b in values["colour"] if (a, b) not in pairs)
    app = open_app(sample=resources.samples()[0].name, category=category, colour=colour)
    assert not app.exception
    assert "Nothing passes" in words(app)
    app.button(key="clear_empty").click().run()
    assert len(found(app)) == PAGE


def test_each_helping_is_sorted_by_itself() -> None:
    app = open_app(sample=resources.samples()[0].name, sort="cheapest")
    assert "The most similar **24** of **1,600** products in the whole catalogue, cheapest first" in words(app)
    first = found(app)
    app.button(key="show_more").click().run()
    assert found(app)[:PAGE] == first
    prices = [resources.product(i).columns["price"] for i in found(app)]
    assert prices[PAGE:] == sorted(prices[PAGE:])
    assert "each helping cheapest first" in words(app)


def test_counts_say_what_they_count() -> None:
    frame = resources.shop().catalogue.frame
    own = frame[frame["articleType"] == "Backpacks"]
    red = own[own["baseColour"] == "Red"]
    app = open_app(product=own.iloc[0]["id"])
    assert "**1,599** other products in the whole catalogue" in words(app)
    app = open_app(product=own.iloc[0]["id"], within="articleType", colour="Red")
    others = len(red) - (own.iloc[0]["id"] in set(red["id"]))
    assert f"of **{others}** other products within **Backpacks** that pass your filters" in words(app)


def test_a_facet_of_many_values_is_a_list_to_choose_from() -> None:
    app = open_app(sample=resources.samples()[0].name)
    types = resources.facts().values["category"][:2]
    app.multiselect(key=control(app, facet("category").key)).set_value(list(types)).run()
    assert not app.exception
    assert app.query_params["category"] == list(types)
    assert {resources.product(i).columns["articleType"] for i in found(app)} <= set(types)
    frame = resources.shop().catalogue.frame
    assert count(app)[1] == int(frame["articleType"].isin(types).sum())


def test_the_price_that_is_suggested_is_what_is_asked_for() -> None:
    app = open_app(sample=resources.samples()[0].name)
    offered = app.pills(key="suggested")
    (wanted,) = [label.strip("\\") for label in offered.options if "$" in label]
    low, high = (float(end) for end in wanted.strip("$").split("–"))
    offered.set_value([Suggestion(None, wanted, (low, high))]).run()
    assert app.session_state[Key.PRICE] == (low, high)
    assert all(low <= resources.product(i).columns["price"] <= high for i in found(app))
    app.pills(key="suggested").set_value([]).run()
    assert "price" not in app.query_params
