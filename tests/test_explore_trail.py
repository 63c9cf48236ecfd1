"""The page "Explore": the visitor's queries on the map, doubtful labels, and maps that are yet to be computed."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from recommender.app import answers, map_link, map_resources, resources, state
from recommender.app.components import map_ready
from recommender.app.components.map_mistakes import Doubts, doubt_cards
from recommender.app.components.map_trail import _placed
from recommender.app.state import PAGE, Key, Step
from recommender.maps import neighbours
from recommender.maps.twins import near_duplicates, same_pictures, thumbnail_of
from tests.test_app import keys, open_app, words
from tests.test_explore import explore, listed


def test_what_is_listed_is_what_the_map_does_not_grey_out() -> None:
    catalogue = resources.shop().catalogue
    hits = np.flatnonzero(map_resources.words().match("red women shoes"))
    others = [row for row in range(len(catalogue)) if row not in hits][:3]
    for view in ("map", "clusters"):
        app = explore(view=view)
        app.session_state[Key.MAP_SELECTED] = tuple(others)
        app.text_input(key=Key.MAP_WORDS).set_value("red women shoes").run()
        assert listed(app) == [catalogue.ids[row] for row in hits[:PAGE]]
        assert f"{len(hits):,} found" in words(app)
        app.session_state[Key.MAP_SELECTED] = (others[0], int(hits[0]))
        app.run()
        assert listed(app) == [catalogue.ids[hits[0]]]
        assert "1 of 2 selected" in words(app)
        app.text_input(key=Key.MAP_WORDS).set_value("").run()
        assert len(listed(app)) == 2


def test_doubtful_labels_are_shown_beside_what_speaks_against_them() -> None:
    app = explore(view="labels")
    assert not app.exception
    found = map_resources.suspects("articleType")
    assert len(found) == found.total
    assert f"{len(found):,} suspected labels" in words(app)
    assert str(found.seen[0]) in words(app)
    pairs = {re.sub(r"_\d_details$", "", key) for key in keys(app, "doubt_") if key.endswith("_details")}
    assert f"doubt_{found.rows[0]}_{found.witnesses[0][0]}" in pairs
    app.text_input(key=Key.MAP_WORDS).set_value(str(resources.shop().catalogue.ids[found.rows[0]])).run()
    assert "1 suspected label among what you searched for" in words(app)
    assert "1 suspected labels" not in words(app)
    app.text_input(key=Key.MAP_WORDS).set_value("watches").run()
    assert "Among what you searched for, no label is contradicted by the neighbours." in [one.value for one in app.info]
    app.text_input(key=Key.MAP_WORDS).set_value("").run()
    app.segmented_control(key=Key.MAP_DOUBT).set_value("twins").run()
    assert not app.exception
    app.slider(key=Key.MAP_ALIKE).set_value(0.95).run()
    app.segmented_control(key=Key.MAP_DOUBT).set_value("labels").run()
    app.selectbox(key=Key.MAP_DOUBTED).set_value("season").run()
    app.segmented_control(key=Key.MAP_DOUBT).set_value("twins").run()
    app.segmented_control(key=Key.MAP_DOUBT).set_value("labels").run()
    assert app.selectbox(key=Key.MAP_DOUBTED).value == "season"
    app.segmented_control(key=Key.MAP_DOUBT).set_value("twins").run()
    assert app.slider(key=Key.MAP_ALIKE).value == 0.95
    assert not app.exception
    assert "Alike to **" in words(app)
    shop = resources.shop()
    near = near_duplicates(shop.vectors, 0.95, near=map_resources.neighbours().wait())
    twins = same_pictures(near, lambda row: thumbnail_of(shop.catalogue.image(row)))
    assert f"{len(twins):,} pairs, the most alike first" in words(app)
    assert ("of only so many the pictures" in words(app)) == (near.total > len(near))


def test_neighbours_that_could_not_be_found_once_are_looked_for_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    found, tries = neighbours.neighbours, []

    def at_second(*args: object) -> object:
        tries.append(args)
        if len(tries) == 1:
            raise MemoryError
        return found(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(neighbours, "neighbours", at_second)
    map_resources.neighbours.clear()
    assert "Something went wrong on our side" in words(explore(view="labels"))
    for _ in range(2):
        assert "suspected labels" in words(explore(view="labels"))
    assert len(tries) == 2


def test_of_what_was_searched_for_there_may_be_more_suspected_labels_than_were_kept() -> None:
    app = explore(view="labels")
    app.selectbox(key=Key.MAP_DOUBTED).set_value("season").run()
    found = map_resources.suspects("season")
    assert found.total > len(found)
    app.text_input(key=Key.MAP_WORDS).set_value("women").run()
    assert re.search(r"[\d,]+ or more suspected labels among what you searched for", words(app))


def test_that_no_label_is_doubtful_is_said_only_where_all_were_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "info", lambda text, icon: said.append(text))
    for cut in (False, True):
        doubt_cards(Doubts((), "season", at_least=cut), True)
    assert said == [
        "Among what you searched for, no label is contradicted by the neighbours.",
        "Among what you searched for, no label is among the most doubtful.",
    ]


def test_a_photo_is_placed_and_taken_off() -> None:
    app = explore()
    assert "was placed" not in words(app)
    product = resources.product(resources.shop().catalogue.ids[0])
    sample = Step("sample", resources.samples()[0].name, "Sample photo")
    app.session_state[Key.TRAIL] = [Step("product", product.id, product.title), sample]
    app.run()
    assert not app.exception
    assert "**Sample photo** was placed" in words(app)
    app.button(key="explore_take_off").click().run()
    assert "was placed" not in words(app)
    assert app.session_state[Key.TRAIL][-1] == sample  # the search itself goes on


def test_words_are_placed_on_the_map() -> None:
    app = explore()
    app.session_state[Key.TRAIL] = [state.words_step("red women shoes")]
    app.run()
    assert not app.exception
    assert "lead to the products that fit the words best" in words(app)
    assert "**“red women shoes”** was placed" in words(app)


def test_words_that_are_called_like_a_sample_have_a_place_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"words": (0.0, 0.0), "sample": (1.0, 1.0)}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(answers, "answer", lambda step, ask: SimpleNamespace(vector=places[step.kind]))
    atlas = SimpleNamespace(place=lambda method, vector: SimpleNamespace(point=vector, how="exact"))
    monkeypatch.setattr(map_resources, "atlas", lambda: atlas)
    name = resources.samples()[0].name
    steps = [state.words_step(name), Step("sample", name, "Sample photo")]
    assert len({step.key for step in steps}) == 1
    assert [_placed("pca", step).point for step in steps + steps] == [*places.values(), *places.values()]


def test_every_card_leads_to_the_map() -> None:
    app = open_app()
    product_id = resources.picks()[2]
    app.button(key=f"pick_map_{product_id}").click().run()
    assert not app.exception
    assert resources.product(product_id).title in words(app)
    # The browser may be on the other page still, whose address would be one more step for its Back button.
    assert not app.query_params
    app.session_state[Key.MAP_PLOT] = {"kind": "drawn", "turn": "a-1"}
    app.run()
    assert app.query_params["product"] == product_id


@pytest.mark.parametrize("kind", ["drawn", "click"])
def test_the_address_waits_for_the_first_word_of_the_map(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, list[str]] = {}
    monkeypatch.setattr(map_link, "_present", dict)
    monkeypatch.setattr(st, "query_params", SimpleNamespace(from_dict=written.update))
    monkeypatch.setattr(st, "session_state", {Key.MAP_PINNED: "5"})
    state.enter("")
    state.enter("explore")
    map_link.publish(("tsne",), "", "map")
    assert not written
    if kind == "click":
        st.session_state[Key.MAP_PINNED] = "7"
    {"drawn": map_link.publish_drawn, "click": map_link.publish_pinned}[kind]()
    assert written == {"map": ["tsne"], "product": ["7" if kind == "click" else "5"]}
    written.clear()
    map_link.publish_drawn()
    assert not written


def test_what_is_selected_among_doubtful_labels_is_listed_and_let_go() -> None:
    app = explore(view="labels")
    app.session_state[Key.MAP_SELECTED] = (3, 7, 11)
    app.run()
    assert "3 selected" in words(app)
    assert listed(app) == [resources.shop().catalogue.ids[row] for row in (3, 7, 11)]
    app.button(key="map_release").click().run()
    assert not listed(app)


def test_a_map_of_many_products_is_computed_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = set[str]()
    atlas = map_resources.atlas()
    monkeypatch.setattr(map_ready, "QUICK", 0)
    monkeypatch.setattr(type(atlas), "ready", lambda self, method: method in ready)
    whole = type(atlas).map

    def computed(self: object, method: str, *rest: object) -> object:
        ready.add(method)
        return whole(self, method)  # type: ignore[arg-type]

    monkeypatch.setattr(type(atlas), "map", computed)
    app = explore()
    assert "has not been computed yet" in words(app)
    app.button(key="map_compute_pca").click().run()
    assert not app.exception
    assert "has not been computed yet" not in words(app)
