"""What the page says of a question in words: what it left out, and between which prices it looked."""

from __future__ import annotations

from recommender.app import resources
from recommender.app.components.gallery import PAGE
from recommender.app.state import Key
from tests.test_app import found, open_app, words


def test_what_words_rule_out_is_said() -> None:
    app = open_app(find="shoes not red, under 50, without logos")
    assert not app.exception
    answer = resources.shop().find("shoes not red, under 50, without logos", k=PAGE)
    assert found(app) == [product.id for product in answer.products]
    said = words(app)
    assert "Left out: what is described by **red**." in said
    assert "No product is described by **logos**, so there is nothing to leave out." in said
    assert "Prices up to **\\$50**." in said
    assert f"of **{answer.available:,}** products that your words don't rule out" in said
    assert "Prices from **\\$20** to **\\$50**." in words(open_app(find="shoes between 20 and 50"))
    assert "Prices from **\\$20**." in words(open_app(find="shoes over 20"))


def test_filters_and_what_words_rule_out_are_both_said() -> None:
    app = open_app(find="shoes not red", gender="Men")
    assert "products that pass your filters and your words don't rule out" in words(app)


def test_words_that_leave_nothing_are_the_reason() -> None:
    app = open_app(find="shoes under 1")
    assert "Your words rule out every product" in app.info[0].value
    assert "Prices up to **\\$1**." in words(app)
    app = open_app(find="shoes under 1", gender="Men")
    assert "Nothing is left by your words and the filters" in words(app)
    app = open_app(sample=resources.samples()[0].name, words="under 1")
    assert "Your words rule out every product" in app.info[0].value
    assert "Prices up to **\\$1**." in words(app)


def test_words_that_can_not_be_used_are_said() -> None:
    name = resources.samples()[0].name
    app = open_app(sample=name)
    before = found(app)
    app.text_input(key=Key.WORDS).set_value("赤い靴").run()
    assert not app.exception
    assert found(app) == before
    assert "Nothing is known of these words, so they change nothing." in words(app)
    app.text_input(key=Key.WORDS).set_value("zapatos rojos").run()
    assert "only their look is searched for" in words(app)


def test_a_mark_is_no_question() -> None:
    app = open_app(find="red women shoes")
    app.text_input(key="words_again").set_value("!!!").run()
    assert "Say in words what you look for" in app.toast[0].value
    assert app.query_params["find"] == "red women shoes"
