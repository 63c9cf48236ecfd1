"""Parts of the map in a real browser: its legend, its names, what it tells Python, and what it says without Plotly."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from recommender.app import map_resources, resources
from recommender.maps.colours import Categories
from tests.browser import CARD, CATCH, MAP, Open, counted, map_drawn

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def test_a_double_click_in_the_legend_meets_the_entry_under_it(show: Open) -> None:
    """The first click brings "Show all", for which there has to be room already."""
    page = show("/explore?map=pca&by=brand", width=390)
    chart = map_drawn(page)
    entry = chart.locator(".entry").nth(3)
    entry.scroll_into_view_if_needed()
    name = entry.inner_text()
    place = entry.bounding_box()
    assert place
    page.mouse.dblclick(place["x"] + 30, place["y"] + place["height"] / 2)
    counted(chart.locator('.entry[aria-pressed="true"]'), 1)
    assert chart.locator('.entry[aria-pressed="true"]').inner_text() == name
    assert entry.bounding_box() == place
    chart.get_by_role("button", name="Show all").click()
    counted(chart.locator('.entry[aria-pressed="false"]'), 0)
    assert not chart.get_by_role("button", name="Show all").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scrollbars_are_of_the_theme_and_the_page_shines_through(show: Open, theme: str) -> None:
    page = show("/explore?map=pca&by=brand", width=700, theme=theme)
    chart = map_drawn(page)
    assert chart.locator(".entries").evaluate("list => getComputedStyle(list).colorScheme") == theme
    chart.locator(".legend-head").scroll_into_view_if_needed()
    head, frame = chart.locator(".legend-head").bounding_box(), page.locator(MAP).bounding_box()
    assert head
    assert frame
    with Image.open(io.BytesIO(page.screenshot())) as seen:
        inside, outside = (seen.getpixel((int(x), int(head["y"]) + 4)) for x in (frame["x"] + frame["width"] - 9, 4))
    assert inside == outside


def test_the_name_of_ones_own_photo_is_moved_into_the_frame(show: Open) -> None:
    chart = map_drawn(show("/explore?map=pca"))
    names = """() => {
        const own = { text: "Your photo", x: 0.01, y: 0.5, level: 0, lift: 18 };
        const other = { ...own, text: "Shoes", y: 0.2, lift: 0 };
        const out = { ...own, x: -0.3, y: 0.8 };
        const place = (x, y) => [400 * x, 400 * y];
        return namesWithRoom([own, other, out], 0, place, 400, 400).map(({ text, shift }) => [text, shift]);
    }"""
    assert chart.locator("body").evaluate(names) == [["Your photo", 40]]


def test_names_are_text_whatever_they_hold(show: Open) -> None:
    chart = map_drawn(show("/explore?map=pca"))
    chart.locator("body").evaluate(CATCH)
    hostile = '<a href="javascript:alert(1)">&amp;</a>'
    shown = """(_, text) => {
        const chart = caught.charts[0];
        const middle = chart.present().map(([low, high]) => (low + high) / 2);
        chart.panel = { ...chart.panel, names: [{ text, x: middle[0], y: middle[1], level: 0 }] };
        chart.rename(caught.state);
        const names = [...document.querySelectorAll('.plot .annotation-text')];
        return names.map(name => [name.textContent, name.querySelectorAll('a').length]);
    }"""
    assert chart.locator("body").evaluate(shown, hostile) == [[hostile, 0]]


def test_a_kind_that_is_switched_off_has_no_name_on_the_map(show: Open) -> None:
    chart = map_drawn(show("/explore?map=pca&by=gender"))
    names = chart.locator(".plot .annotation-text")
    first = chart.locator(".entry").first
    kind = first.locator(".name").inner_text()
    chart.get_by_text(kind, exact=True).locator("visible=true").first.wait_for()
    assert len(set(names.all_text_contents())) > 1
    first.dblclick()
    counted(chart.locator('.entry[aria-pressed="true"]'), 1)
    chart.locator("body").evaluate("() => new Promise(done => setTimeout(done, 300))")
    assert set(names.all_text_contents()) == {kind}


def test_kinds_of_which_nothing_is_looked_at_are_neither_in_the_legend_nor_on_the_map(show: Open) -> None:
    page = show("/explore?map=pca&view=labels")
    chart = map_drawn(page)
    types = resources.shop().catalogue.frame["articleType"]
    doubted = map_resources.suspects("articleType").rows
    colours = map_resources.colouring("articleType")
    assert isinstance(colours, Categories)
    shown = {one.text for one in colours.swatches} & set(types)
    absent = shown - set(types.iloc[doubted])
    assert absent
    entries = chart.locator(".entry")
    entries.first.wait_for()
    counts = [int(text.replace(",", "")) for text in chart.locator(".entry .count").all_inner_texts()]
    assert min(counts) > 0
    assert sum(counts) == len(doubted)
    names = set(chart.locator(".plot .annotation-text").all_text_contents())
    assert names
    assert names.isdisjoint(absent)
    # What is switched off stays, to be switched on again; with the last one off, all are on.
    entries.first.dblclick()
    counted(chart.locator('.entry[aria-pressed="true"]'), 1)
    counted(entries, len(counts))
    page.wait_for_timeout(300)  # longer than a double click
    entries.first.click()
    counted(chart.locator('.entry[aria-pressed="true"]'), len(counts))


def test_a_selection_is_not_lost_behind_what_follows_while_python_is_busy(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    chart.locator("body").evaluate(CATCH)
    # The first one keeps Python busy; Streamlit lays the two that wait together, and the newer value wins.
    last = """() => {
        const [chart] = caught.charts;
        const [[left, right], [low, high]] = chart.present();
        caught.looked(5, true);
        caught.selected(chart, [[left, low], [right, low], [right, high], [left, high]], false);
        caught.looked(7, true);
        return caught.titleOf(7);
    }"""
    title = chart.locator("body").evaluate(last)
    page.locator(".st-key-map_pointed").get_by_text(title, exact=True).wait_for()
    page.get_by_text(f"{resources.facts().size:,} selected").wait_for()
    counted(page.locator(CARD), 24)


def test_a_map_that_could_not_be_loaded_says_so(show: Open, window: BrowserContext) -> None:
    window.route("**/plotly.min.js*", lambda route: route.abort())
    try:
        page = show("/explore?map=pca")
        page.frame_locator(MAP).get_by_text("The map could not be loaded. Reload the page to try again.").wait_for()
    finally:
        window.unroute("**/plotly.min.js*")
    page.reload()
    map_drawn(page).locator(".plot").wait_for()
