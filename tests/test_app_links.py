"""What an address says, what a link leads to, and what stays when the visitor moves on."""

from __future__ import annotations

import pandas as pd
import pytest

from recommender.app import map_resources, resources, url
from recommender.app.state import PAGE, Key, Step
from recommender.app.wording import is_given
from recommender.errors import CatalogError, ModelError
from tests.test_app import ABOUT, facet, found, keys, open_app, sample_bytes, words

EXPLORE = "recommender/app/pages/explore.py"


def test_a_link_that_only_filters_keeps_its_filters() -> None:
    app = open_app(colour="Red", price="10-40", words="in red", sort="cheapest")
    assert app.title[0].value == "Find it by photo"
    assert app.session_state[facet("colour").key] == ["Red"]
    assert app.session_state[Key.PRICE] == (10, 40)
    assert app.session_state[Key.WORDS] == "in red"
    assert app.query_params["colour"] == "Red"


def test_a_link_names_a_sample_or_words_only_where_the_trail_is_walked_from_them() -> None:
    sample, words, photo, product = (Step(kind, kind, "") for kind in ("sample", "words", "photo", "product"))
    assert url.names([]) == (0, None, None, None)
    assert url.names([sample]) == (0, "sample", None, None)
    assert url.names([words]) == (0, None, "words", None)
    assert url.names([sample, product, product]) == (0, "sample", None, "product")
    assert url.names([words, product]) == (0, None, "words", "product")
    assert url.names([photo, product]) == (1, None, None, "product")
    assert url.names([sample, photo]) == (1, None, None, None)
    assert url.names([words, sample]) == (0, None, None, None)
    assert url.names([photo, photo, product]) == (2, None, None, "product")


def test_links_that_lead_nowhere() -> None:
    app = open_app(product="no such product", gender="Martians", price="cheap", sort="?", within="here")
    assert not app.exception
    assert "no such product" in app.warning[0].value
    assert app.title[0].value == "Find it by photo"
    assert open_app(sample="../../etc/passwd").warning


def test_choices_survive_the_about_page() -> None:
    name = resources.samples()[0].name
    app = open_app(sample=name, gender=resources.facts().values["gender"][0])
    before = found(app)
    app.switch_page(ABOUT).run()
    app.switch_page("recommender/app/pages/find_similar.py").run()
    assert found(app) == before
    assert app.query_params["sample"] == name


def test_a_shop_that_does_not_open_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise CatalogError("The catalogue is damaged.")

    monkeypatch.setattr(resources, "facts", refuse)
    app = open_app()
    assert not app.exception
    assert "The catalogue is damaged." in words(app)


def test_a_mistake_of_ours_is_not_shown_as_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(resources, "facts", fail)
    app = open_app()
    assert not app.exception
    assert "on our side" in words(app)
    assert "secret detail" not in words(app)


def test_a_way_back_from_what_fails_leads_to_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **named: object) -> None:
        raise ModelError("The model has no words.")

    monkeypatch.setattr(type(resources.shop()), "find", fail)
    app = open_app(find="red shoes")
    assert "The model has no words." in words(app)
    app.button(key="excuse_start").click().run()
    assert app.title[0].value == "Find it by photo"
    assert not app.query_params


@pytest.mark.parametrize("number", ["1", "3", "0", "x", "12"])
def test_a_link_from_somebody_elses_photo_opens_the_start(number: str) -> None:
    app = open_app(photo=number)
    assert not app.exception
    assert bool(app.info) == (number in "13")
    assert app.title[0].value == "Find it by photo"
    assert not app.query_params


def test_a_sample_is_opened_though_a_link_counts_photos_too() -> None:
    sample = resources.samples()[0].name
    app = open_app(photo="1", sample=sample)
    assert not app.info
    assert dict(app.query_params) == {"sample": sample}


def test_a_photo_is_forgotten_where_it_is_left() -> None:
    app = open_app()
    app.file_uploader(key="start_file").upload("photo.jpg", sample_bytes(), "image/jpeg").run()
    assert {kind for kind, _, _ in app.session_state[Key.ANSWERS]} == {"photo"}
    app.button(key=keys(app, "found_more_")[0]).click().run()
    assert {kind for kind, _, _ in app.session_state[Key.ANSWERS]} == {"photo", "product"}
    app.button(key="crumb_-1").click().run()
    assert app.title[0].value == "Find it by photo"
    assert {kind for kind, _, _ in app.session_state[Key.ANSWERS]} == {"product"}


def test_words_that_are_not_asked_with_are_nothing_to_clear() -> None:
    app = open_app(find="red women shoes")
    app.button(key=keys(app, "found_more_")[0]).click().run()
    app.text_input(key=Key.WORDS).set_value("in yellow").run()
    assert keys(app, "clear")
    app.button(key="crumb_0").click().run()
    assert app.query_params["find"] == "red women shoes"
    assert not keys(app, "clear")


def test_a_way_back_from_a_map_that_fails_leads_to_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ModelError("The maps can't be read.")

    monkeypatch.setattr(map_resources, "atlas", fail)
    app = open_app()
    app.switch_page(EXPLORE).run()
    assert "The maps can't be read." in words(app)
    app.button(key="excuse_start").click().run()
    assert app.title[0].value == "Find it by photo"


def test_values_that_are_not_there_are_none_of_any_kind() -> None:
    assert not any(map(is_given, (None, float("nan"), pd.NA, pd.NaT, "")))
    assert all(map(is_given, (0, False, "0", 2**60)))


def test_of_a_gallery_that_grew_the_first_and_the_longest_answer_are_kept() -> None:
    app = open_app(product=resources.picks()[0])
    for _ in range(3):
        app.button(key="show_more").click().run()
    assert not app.exception
    asked = [ask.k for _, _, ask in app.session_state[Key.ANSWERS]]
    assert asked == [PAGE, 4 * PAGE]
