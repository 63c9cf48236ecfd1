"""What the page says of a question in words: what it left out, and between which prices it looked."""

from __future__ import annotations

from recommender.app import resources, state
from recommender.app.components.gallery import PAGE
from recommender.app.state import Key
from tests.test_app import ABOUT, found, keys, open_app, words

EXPLORE = "recommender/app/pages/explore.py"


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


def test_words_that_have_no_such_price_are_said() -> None:
    said = words(open_app(find="watch under 20"))
    assert "Prices up to **\\$20**." in said
    assert "No product described by **watch** has such a price: the cheapest costs **\\$35.99**." in said
    assert "Prices from **\\$22.50** to **\\$37.50**." in words(open_app(find="$30 dress"))


def test_words_that_change_nothing_are_said() -> None:
    said = words(open_app(find="cheap shoes size 42"))
    assert "No product is described by **cheap**, **size** or **42**, so they change nothing." in said
    assert "Sort by **Cheapest first**" in said
    said = words(open_app(find="floral shoes"))
    assert "No product is described by **floral**: only its look is searched for." in said
    assert "Sort by" not in said


def test_a_guess_is_said_to_be_one() -> None:
    said = words(open_app(find="zeppelin"))
    assert "Nothing here is called **zeppelin**: only its look is searched for, as a guess." in said


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


def test_a_long_text_is_cut_at_a_blank_that_is_near() -> None:
    assert state.heard("shirt " * 40) == ("shirt " * 40)[: state.MOST_LETTERS].strip()
    assert state.heard("a " + "あ" * 300) == "a " + "あ" * (state.MOST_LETTERS - 2)
    assert len(state.heard("x" * 500)) == state.MOST_LETTERS


def test_the_map_says_what_words_leave() -> None:
    app = open_app()
    app.switch_page(EXPLORE).run()
    app.text_input(key=Key.MAP_WORDS).set_value("shoes under 1").run()
    assert "**shoes under 1** leaves no product" in app.info[0].value
    app.text_input(key=Key.MAP_WORDS).set_value("submarine").run()
    assert "No product is described by **submarine**" in app.info[0].value


# ---------------------------------------------------------------- what is pressed and what is shown


def test_a_press_counts_where_words_take_all_cards_away() -> None:
    app = open_app()
    app.switch_page(EXPLORE).run()
    app.text_input(key=Key.MAP_WORDS).set_value("red women shoes").run()
    key = keys(app, "mapped_more_")[0]
    app.text_input(key=Key.MAP_WORDS).set_value("purple submarine")
    app.button(key=key).click().run()
    assert not app.exception
    assert app.query_params["product"] == key.removeprefix("mapped_more_")


def test_a_press_that_was_not_done_is_forgotten() -> None:
    app = open_app()
    app.session_state[Key.PRESSED] = (resources.shop().catalogue.ids[0], "more")
    app.switch_page(ABOUT).run()
    app.switch_page("recommender/app/pages/find_similar.py").run()
    assert app.title[0].value == "Find it by photo"


def test_another_filter_shows_one_helping_of_every_step() -> None:
    app = open_app(sample=resources.samples()[0].name)
    app.button(key="show_more").click().run()
    assert len(found(app)) == 2 * PAGE
    app.button(key=f"found_more_{found(app)[0]}").click().run()
    app.button(key="crumb_0").click().run()
    assert len(found(app)) == 2 * PAGE
    app.button(key=f"found_more_{found(app)[0]}").click().run()
    app.text_input(key=Key.WORDS).set_value("red").run()
    app.button(key="crumb_0").click().run()
    assert len(found(app)) == PAGE
