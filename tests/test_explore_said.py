"""What the page "Explore" says: of pairs, of prices and kinds, of a photo's place, and of what is looked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommender.app import map_resources, resources
from recommender.app.components.map_plot import MapView, Panel, Tips, payload
from recommender.app.components.map_selection import csv_file
from recommender.app.components.map_trail import Trail, _told
from recommender.app.state import Key, Step
from recommender.app.wording import capital, money, plain
from recommender.maps.colours import colour_by
from recommender.maps.map import Placement
from tests.test_app import keys, open_app, words
from tests.test_explore import EXPLORE, explore, listed


def test_the_two_of_a_pair_are_told_apart() -> None:
    app = explore(view="labels")
    app.segmented_control(key=Key.MAP_DOUBT).set_value("twins").run()
    shown = [key for key in keys(app, "doubt_") if key.endswith("_details")]
    captions = [one.value for one in app.caption]
    for key in shown:
        side = int(key.split("_")[3])
        product = resources.product(resources.shop().catalogue.ids[int(key.split("_")[1 + side])])
        price = money(product.columns["price"])
        end = " · ".join(part for part in (price, f"No. {plain(product.id)}") if part)
        assert any(caption.endswith(end) for caption in captions), key
    assert shown
    assert "The first pairs show the same picture" in words(app)


def test_the_order_of_suspected_labels_is_said() -> None:
    """The votes are shown beside each, and are not what it goes by."""
    share = map_resources.suspects("articleType").share
    assert (np.diff(share) > 0).any()
    told = next(one.value for one in explore(view="labels").caption if "in doubt" in one.value)
    assert "The order goes by three things together, of which the votes are one" in told


def test_what_a_legend_says_of_all_products_is_said_to_be_of_all() -> None:
    frame = resources.shop().catalogue.frame
    n = len(frame)
    tips = Tips(b"", [], np.zeros((0, n), np.uint16))
    view = MapView([Panel("PCA", np.zeros((n, 2), np.float32))], colour_by(frame, "articleType"), "Type", tips)
    note = payload(view)["legend"]["note"]
    assert "rarer values" in note
    part = payload(replace(view, kept=np.arange(n) < 50))["legend"]["note"]
    assert part == f"Of all {n:,} products: {note}"


def test_spreadsheets_are_told_the_encoding_of_a_csv() -> None:
    file = csv_file(pd.DataFrame({"id": ["7"], "brand": ["Isenbrück"]}), np.array([0]))
    assert file.startswith(b"\xef\xbb\xbfid,brand")
    assert "Isenbrück" in file.decode("utf-8-sig")


@pytest.mark.parametrize("text", ["👗", "!!!", " … "])
def test_what_says_nothing_is_not_looked_for(text: str) -> None:
    app = explore()
    app.text_input(key=Key.MAP_WORDS).set_value(text).run()
    assert not app.exception
    assert " found" not in words(app)
    assert not listed(app)
    assert not app.info


def test_a_product_asked_for_is_not_grey_on_the_map() -> None:
    match = map_resources.words().match("red women shoes")
    catalogue = resources.shop().catalogue
    pick = next(one for one in resources.picks() if not match[catalogue.row_of(one)])
    app = open_app()
    app.session_state[Key.MAP_WORDS] = "red women shoes"
    app.button(key=f"pick_map_{pick}").click().run()
    assert app.session_state[Key.MAP_LOOKED] == pick
    assert app.text_input(key=Key.MAP_WORDS).value == ""
    # Words that it is found by stay, and so they do for a link.
    found = catalogue.ids[int(np.flatnonzero(match)[0])]
    app = explore()
    app.text_input(key=Key.MAP_WORDS).set_value("red women shoes").run()
    for product, kept in ((found, "red women shoes"), (pick, "")):
        app.query_params["product"] = product
        app.run()
        assert app.text_input(key=Key.MAP_WORDS).value == kept


def test_a_selected_product_is_not_grey_on_the_map_either() -> None:
    app = explore()
    app.session_state[Key.MAP_SELECTED] = (3, 7)
    app.text_input(key=Key.MAP_WORDS).set_value("purple submarine").run()
    app.button(key=keys(app, "mapped_map_")[0]).click().run()
    assert not app.exception
    assert app.session_state[Key.MAP_LOOKED] == resources.shop().catalogue.ids[3]
    assert app.text_input(key=Key.MAP_WORDS).value == ""


def test_the_part_of_a_selection_is_kept_on_another_page() -> None:
    app = explore()
    app.session_state[Key.MAP_SELECTED] = tuple(range(40))
    app.run()
    app.segmented_control(key=Key.MAP_PART).set_value("oddest").run()
    odd = listed(app)
    app.switch_page("recommender/app/pages/find_similar.py").run()
    app.switch_page(EXPLORE).run()
    assert app.segmented_control(key=Key.MAP_PART).value == "oddest"
    assert listed(app) == odd


def test_of_two_maps_it_is_said_which() -> None:
    point, sample = np.zeros(2, np.float32), Step("sample", "x", "Sample photo")
    near, own = (Trail(placed=Placement(point, how, 46)) for how in ("neighbours", "own step"))
    assert "was placed among its nearest products in 46 ms." in _told({"tsne": near}, sample)
    said = _told({"tsne": near, "pca": near}, sample)
    assert "among its nearest products on the t-SNE map in 46 ms and" in said
    assert "among its nearest products on the PCA map in 46 ms." in said
    assert "by PCA's own step in 46 ms." in _told({"tsne": near, "pca": own}, sample)


def test_kinds_and_prices_are_written_as_elsewhere() -> None:
    frame = resources.shop().catalogue.frame
    points, tips = np.zeros((len(frame), 2), np.float32), Tips(b"", [], np.zeros((0, len(frame)), np.uint16))
    panel = Panel("PCA", points, map_resources.names("pca", "pattern"))
    sent = payload(MapView([panel], colour_by(frame, "pattern"), "Pattern", tips))
    kinds = {entry["name"] for entry in sent["legend"]["entries"]}
    assert {capital(value) for value in frame["pattern"].dropna()} <= kinds
    # A kind that is switched off has no name on the map: both have to be written alike.
    assert {name["text"] for name in sent["panels"][0]["names"]} <= kinds
    assert {entry["name"] for entry in sent["legend"]["entries"]}.isdisjoint(frame["pattern"])


def test_a_scale_of_prices_is_one_of_money() -> None:
    app = explore(by="price")
    args = next(e for e in app.main if e.type == "component_instance").proto
    assert '"low": "$' in args.json_args
    assert '"high": "$' in args.json_args
    app.selectbox(key=Key.MAP_BY).set_value("year").run()
    args = next(e for e in app.main if e.type == "component_instance").proto
    assert "$" not in args.json_args


@pytest.mark.parametrize("view", ["map", "clusters", "labels"])
def test_what_words_rule_out_on_the_map_is_said(view: str) -> None:
    app = explore(view=view)
    app.text_input(key=Key.MAP_WORDS).set_value("shoes, not red or turquoisish, under 50").run()
    assert not app.exception
    said = [caption.value for caption in app.caption]
    assert any("Left out: what is described by **red**." in line and "Prices up to **" in line for line in said)
    assert any("No product is described by **turquoisish**, so there is nothing to leave out." in line for line in said)
    app.text_input(key=Key.MAP_WORDS).set_value("red shoes").run()
    assert not any("Left out" in caption.value for caption in app.caption)
