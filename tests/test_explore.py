"""The page "Explore": what it shows, what it takes from the browser, and odd catalogues."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from recommender.app import map_link, map_resources, resources
from recommender.app.components import map_controls
from recommender.app.components.map_export import standalone
from recommender.app.components.map_plot import MapView, Panel, Spot, Tips, payload
from recommender.app.components.map_quality import sentences
from recommender.app.components.map_ready import time_left
from recommender.app.map_link import MapLink
from recommender.app.state import PAGE, Key
from recommender.app.url import MAP_NAMES
from recommender.catalog.catalog import Catalog, from_table
from recommender.maps.colours import OTHER, categories, colour_by
from recommender.maps.labels import Name
from recommender.maps.map import EmbeddingMap
from recommender.service import Recommender
from recommender.settings import ROOT
from tests import drawn
from tests.test_app import keys, words
from tests.test_map_events import mask_of

EXPLORE = "recommender/app/pages/explore.py"


def explore(**params: str | list[str]) -> AppTest:
    """The page after its first run, on the quickest map; opened with these query parameters."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.switch_page(EXPLORE)
    for name, value in {"map": "pca", **params}.items():
        app.query_params[name] = value
    return app.run()


def listed(app: AppTest) -> list[str]:
    """Ids of the products in the gallery under the map."""
    return [key.removeprefix("mapped_more_") for key in keys(app, "mapped_more_")]


# The page.


def test_the_map_opens_with_what_it_is_worth() -> None:
    app = explore()
    assert not app.exception
    assert f"{resources.facts().size:,} products" in words(app)
    assert "trustworthiness" in words(app)
    assert app.query_params["map"] == "pca"
    assert not listed(app)


def test_a_selection_on_the_map_is_listed_and_let_go() -> None:
    app = explore()
    catalogue = resources.shop().catalogue
    rows = [3, 17, 40, 41]
    app.session_state[Key.MAP_PLOT] = {"kind": "select", "turn": "a-1", "mask": mask_of(rows, len(catalogue))}
    app.run()
    assert not app.exception
    assert listed(app) == [catalogue.ids[row] for row in rows]
    assert "4 selected" in words(app)
    app.button(key="map_release").click().run()
    assert not listed(app)


def test_a_pointed_product_is_shown_and_only_a_click_is_linked() -> None:
    app = explore()
    product = resources.product(resources.shop().catalogue.ids[5])
    app.session_state[Key.MAP_PLOT] = {"kind": "look", "turn": "a-1", "row": 5}
    app.run()
    assert product.title in words(app)
    assert "product" not in app.query_params
    app.session_state[Key.MAP_PLOT] = {"kind": "click", "turn": "a-2", "row": 5}
    app.run()
    assert app.query_params["product"] == product.id


def test_what_came_while_python_was_busy_is_taken_too_and_once() -> None:
    app = explore()
    ids = resources.shop().catalogue.ids
    chosen = {"kind": "select", "turn": "a-3", "mask": mask_of([3, 17], len(ids))}
    app.session_state[Key.MAP_PLOT] = {"kind": "look", "turn": "a-4", "row": 5, "before": [chosen]}
    app.run()
    assert not app.exception
    assert listed(app) == [ids[3], ids[17]]
    assert resources.product(ids[5]).title in words(app)
    app.button(key="map_release").click().run()
    assert not listed(app)
    # What is known already comes along with the next look; of two things that are new, the last is the last.
    clicked = {"kind": "click", "turn": "a-5", "row": 9}
    app.session_state[Key.MAP_PLOT] = {"kind": "look", "turn": "a-6", "row": 7, "before": [chosen, clicked]}
    app.run()
    assert not listed(app)
    assert app.query_params["product"] == ids[9]
    assert app.session_state[Key.MAP_LOOKED] == ids[7]
    # A new frame counts from the start.
    app.session_state[Key.MAP_PLOT] = {"kind": "look", "turn": "b-2", "row": 8, "before": [{**chosen, "turn": "b-1"}]}
    app.run()
    assert listed(app) == [ids[3], ids[17]]
    assert app.session_state[Key.MAP_LOOKED] == ids[8]


def test_a_large_selection_comes_in_helpings() -> None:
    app = explore()
    rows = tuple(range(2 * PAGE + 3))
    app.session_state[Key.MAP_SELECTED] = rows
    app.run()
    assert len(listed(app)) == PAGE
    app.button(key="map_show_more").click().run()
    assert len(listed(app)) == 2 * PAGE
    app.segmented_control(key=Key.MAP_PART).set_value("oddest").run()
    assert 0 < len(listed(app)) < PAGE
    assert set(listed(app)) <= {resources.shop().catalogue.ids[row] for row in rows}


def test_words_find_products() -> None:
    app = explore()
    catalogue = resources.shop().catalogue
    app.text_input(key=Key.MAP_WORDS).set_value("red women shoes").run()
    found = np.flatnonzero(map_resources.words().match("red women shoes"))
    assert len(found)
    assert listed(app) == [catalogue.ids[row] for row in found[:PAGE]]
    app.text_input(key=Key.MAP_WORDS).set_value(catalogue.ids[7]).run()
    assert catalogue.ids[7] in listed(app)
    app.text_input(key=Key.MAP_WORDS).set_value("purple submarine").run()
    assert "purple submarine" in app.info[0].value
    assert not listed(app)


def test_colours_are_linked_and_every_column_works() -> None:
    app = explore()
    for column in map_resources.colour_columns():
        app.selectbox(key=Key.MAP_BY).set_value(column).run()
        assert not app.exception, column
        usual = column == map_controls.first_column()  # which the address leaves out
        assert app.query_params.get("by") == (None if usual else column)


def test_another_view_keeps_the_column_in_its_link() -> None:
    column = next(one for one in map_resources.colour_columns() if one != map_controls.first_column())
    app = explore(by=column, view="clusters")
    assert (app.query_params["by"], app.query_params["view"]) == (column, "clusters")
    app.segmented_control(key=Key.MAP_VIEW).set_value("map").run()
    assert app.selectbox(key=Key.MAP_BY).value == column


def test_clusters_are_described_and_can_be_selected() -> None:
    app = explore(view="clusters")
    assert not app.exception
    found = map_resources.atlas().clusters("kmeans")
    assert f"The {found.k} clusters" in words(app)
    assert not app.error
    app.toggle(key=Key.MAP_REASONS).set_value(True).run()
    assert "silhouette" in words(app)
    app.button(key="cluster_1").click().run()
    assert listed(app) == [resources.shop().catalogue.ids[row] for row in found.rows(1)[:PAGE]]


def test_the_number_of_clusters_can_be_chosen() -> None:
    app = explore(view="clusters")
    app.toggle(key=Key.MAP_OWN_K).set_value(True).run()
    app.slider(key=Key.MAP_K).set_value(5).run()
    assert not app.exception
    assert "The 5 clusters" in words(app)


def test_a_link_with_nonsense_still_opens() -> None:
    app = explore(map=["nonsense", "pca"], by="image", view="%00", product="no such product")
    assert not app.exception
    assert "no such product" in app.warning[0].value


# Links.


@given(st.dictionaries(st.sampled_from(MAP_NAMES), st.lists(st.text(max_size=8), max_size=3)))
def test_any_link_is_read(params: dict[str, list[str]]) -> None:
    link = map_link.parse(params, ("tsne", "pca"), ("gender",))
    assert set(link.methods) <= {"tsne", "pca"}
    assert link.column in ("", "gender")


def test_links_come_back_as_they_went() -> None:
    link = MapLink(("pca", "tsne"), "gender", "clusters", "1001")
    assert map_link.parse(map_link.build(link), ("tsne", "pca"), ("gender",)) == link
    assert map_link.build(MapLink()) == {}


# What the browser is sent.


def a_view(catalogue: Catalog, titles: list[str]) -> MapView:
    n = len(catalogue)
    points = np.arange(2 * n, dtype=np.float32).reshape(n, 2)
    panel = Panel("PCA", points, [Name("<b>Bags</b>", 1, 2, 0, 3)], [Spot(0.5, 1.5, "Your photo")], [1])
    colours = colour_by(catalogue.frame, "gender")
    tips = Tips("\n".join(titles).encode(), [{"values": ["a", "b"]}], np.zeros((1, n), np.uint16))
    return MapView([panel], colours, "For", tips, kept=np.arange(n) % 2 == 0, selected=np.array([0, 2]))


def test_the_payload_is_a_number_or_a_byte_a_row(drawn_catalogue: Catalog) -> None:
    n = len(drawn_catalogue)
    sent = payload(a_view(drawn_catalogue, ["t"] * n))
    x, y = np.frombuffer(sent["points"], "<f4").reshape(2, n)
    assert (x == np.arange(0, 2 * n, 2)).all()
    assert (y == x + 1).all()
    assert len(sent["codes"]) == len(sent["kept"]) == len(sent["selected"]) == n
    assert len(sent["fact_codes"]) == 2 * n
    assert np.flatnonzero(np.frombuffer(sent["selected"], np.uint8)).tolist() == [0, 2]
    assert sum(entry["count"] for entry in sent["legend"]["entries"]) == n
    assert len(sent["palettes"]["light"]) == len(sent["palettes"]["dark"]) == len(sent["legend"]["entries"])


def test_numbers_have_a_scale_and_an_empty_column_a_sentence() -> None:
    frame = drawn.table().to_pandas()
    frame["empty"] = np.nan
    frame["large"] = np.where(np.arange(len(frame)) % 2, 1_250_000, 12_345_678.5)
    points = np.zeros((len(frame), 2), np.float32)
    tips = Tips(b"", [], np.zeros((0, len(frame)), np.uint16))
    legends = {
        column: payload(MapView([Panel("PCA", points)], colour_by(frame, column), column, tips))["legend"]
        for column in ("price", "empty", "large")
    }
    assert legends["price"]["scale"]
    assert legends["large"]["scale"] == {"low": "1,250,000", "high": "12,345,678.5"}
    assert legends["empty"]["scale"] is None
    assert legends["empty"]["note"] or legends["empty"]["entries"]


def test_the_page_of_its_own_holds_hostile_titles_as_text(drawn_catalogue: Catalog) -> None:
    nasty = "</script><script>alert(1)</script><!-- & \u2028 ' \""
    titles = [nasty] * len(drawn_catalogue)
    page = standalone(a_view(drawn_catalogue, titles), np.array([0, 2]), drawn_catalogue).decode()
    held = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert held
    data = json.loads(held[1])
    assert "<" not in held[1]
    assert base64.b64decode(data["args"]["titles"]["base64"]).decode().split("\n")[0] == nasty
    assert data["args"]["panels"][0]["names"][0]["text"] == "<b>Bags</b>"
    assert data["listed"] == [0, 2]
    assert data["selected"] == 2
    assert all(picture.startswith("data:image/jpeg;base64,") for picture in data["pictures"].values())
    # The browser looks for these two in every script: one opens, one closes, none in between.
    assert page.count("<script") == page.count("</script>")
    assert not re.search(r'(src|href)="http', page.split('id="data"')[0])


def test_quality_is_said_in_sentences() -> None:
    points = np.zeros((4, 2), np.float32)
    quality = {"trustworthiness": 0.9, "neighbours_kept": 0.5, "articleType": 0.75}
    said = " ".join(sentences(EmbeddingMap("pca", points, quality, 1.0, "Only landmarks.")))
    assert "Of the product that looks most like one" in said
    many = " ".join(sentences(EmbeddingMap("pca", np.zeros((40, 2), np.float32), quality, 1.0, "")))
    assert "Of the 10 products that look most like one" in many
    assert "its 10 nearest here" in many
    assert "50\u202f%" in said
    assert "(trustworthiness): 0.90, where 1 is perfect" in said
    assert "its type for 75\u202f%" in said
    assert said.endswith("Only landmarks.")
    assert "nothing to measure" in " ".join(sentences(EmbeddingMap("pca", points[:1], {}, 0.1)))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (float("inf"), "Starting…"),
        (3, "A few seconds left"),
        (44, "About 40 seconds left"),
        (89, "About 90 seconds left"),
    ],
)
def test_time_left(seconds: float, said: str) -> None:
    assert time_left(seconds) == said


# Odd catalogues.


def few(count: int) -> list[dict[str, Any]]:
    return drawn.rows(1)[:count]


def alike() -> list[dict[str, Any]]:
    """Twelve products with one picture."""
    entries = drawn.rows(1)[:12]
    return [drawn.changed(entry, image=entries[0]["image"]) for entry in entries]


def unlabelled() -> list[dict[str, Any]]:
    """Columns without a single value, and nothing else to go by."""
    return [{"id": e["id"], "image": e["image"], "gender": None, "price": None} for e in drawn.rows(1)[:9]]


@pytest.fixture(params=[partial(few, 1), partial(few, 2), partial(few, 3), alike, unlabelled])
def odd_shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    """The app over an odd catalogue instead of the shipped one."""
    catalogue = from_table(drawn.table(request.param()), "odd")
    streamlit.cache_resource.clear()
    monkeypatch.setattr(Recommender, "open", partial(Recommender.open, catalogue))
    yield catalogue
    streamlit.cache_resource.clear()


@pytest.mark.parametrize("view", ["map", "clusters", "labels"])
@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_odd_catalogues_are_shown(odd_shop: Catalog, view: str, method: str) -> None:
    app = explore(map=method, view=view)
    assert not app.exception
    assert "That didn't work" not in words(app)
    assert resources.facts().size == len(odd_shop)
    assert len(payload_points(app)) == 8 * len(odd_shop)


def payload_points(app: AppTest) -> bytes:
    """The points that the map on the screen was sent."""
    args = next(e for e in app.main if e.type == "component_instance").proto.special_args
    return next(one.bytes for one in args if one.key == "points")


def test_a_catalogue_without_anything_to_colour_by() -> None:
    assert {swatch.text for swatch in categories([None] * 4).swatches} == {"No value"}


def test_more_colours_than_can_be_told_apart_are_never_given() -> None:
    values = [f"cluster {number}" for number in range(300)]
    found = categories(values, most=300)
    assert len(found.swatches) <= 201
    assert found.swatches[found.codes[299]].text == OTHER
