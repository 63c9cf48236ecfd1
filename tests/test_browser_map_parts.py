"""Parts of the map in a real browser: its legend, its names, and what it says where it can't draw."""

from __future__ import annotations

from tests.test_browser import (  # noqa: F401  (fixtures)
    Open,
    browser,
    playwright,
    pytestmark,
    server,
    show,
    window,
)
from tests.test_browser_map import MAP, _drawn


def test_a_double_click_in_the_legend_meets_the_entry_under_it(show: Open) -> None:  # noqa: F811
    """The first click brings "Show all", for which there has to be room already."""
    page = show("/explore?map=pca&by=brand", width=390)
    chart = _drawn(page)
    entry = chart.locator(".entry").nth(3)
    entry.scroll_into_view_if_needed()
    name = entry.inner_text()
    place = entry.bounding_box()
    assert place
    page.mouse.dblclick(place["x"] + 30, place["y"] + place["height"] / 2)
    playwright.expect(chart.locator('.entry[aria-pressed="true"]')).to_have_count(1)
    assert chart.locator('.entry[aria-pressed="true"]').inner_text() == name
    assert entry.bounding_box() == place
    chart.get_by_role("button", name="Show all").click()
    playwright.expect(chart.locator('.entry[aria-pressed="false"]')).to_have_count(0)
    assert not chart.get_by_role("button", name="Show all").is_visible()


def test_the_name_of_ones_own_photo_is_moved_into_the_frame(show: Open) -> None:  # noqa: F811
    chart = _drawn(show("/explore?map=pca"))
    names = """() => {
        const own = { text: "Your photo", x: 0.01, y: 0.5, level: 0, lift: 18 };
        const other = { ...own, text: "Shoes", y: 0.2, lift: 0 };
        const out = { ...own, x: -0.3, y: 0.8 };
        const place = (x, y) => [400 * x, 400 * y];
        return namesWithRoom([own, other, out], 0, place, 400, 400).map(({ text, shift }) => [text, shift]);
    }"""
    assert chart.locator("body").evaluate(names) == [["Your photo", 40]]


def test_a_map_that_could_not_be_loaded_says_so(show: Open, window: playwright.BrowserContext) -> None:  # noqa: F811
    window.route("**/plotly.min.js*", lambda route: route.abort())
    try:
        page = show("/explore?map=pca")
        page.frame_locator(MAP).get_by_text("The map could not be loaded. Reload the page to try again.").wait_for()
    finally:
        window.unroute("**/plotly.min.js*")
    page.reload()
    _drawn(page).locator(".plot").wait_for()
