"""The map in a real browser: WebGL in software, a real lasso, on a phone's and a desktop's width."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from recommender.app import map_resources, resources
from tests.browser import (
    CARD,
    MAP,
    PATIENCE,
    Open,
    circle,
    map_drawn,
    place_of,
    sample_photo,
    settled,
    sideways,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FrameLocator, Page

LAYERS = "() => document.querySelector('.plot').data.map(trace => trace.x.length)"
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"
ROOM_BELOW = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return main.scrollHeight - main.clientHeight;
}"""
NAMES = "() => document.querySelector('.plot').layout.annotations.map(one => one.text)"


def _ids(page: Page) -> list[str]:
    """Ids of the products in the gallery under the map."""
    page.locator(CARD).first.wait_for()
    settled(page)
    classes = page.locator(CARD).evaluate_all("cards => cards.map(card => card.className)")
    return [re.search(r"st-key-mapped_card_(\S+)", name)[1] for name in classes]


def _alone() -> int:
    """The product that lies farthest from the third nearest one on the map by PCA."""
    points = map_resources.atlas().map("pca").points
    far = np.linalg.norm(points[:, None] - points[None], axis=2)
    return int(np.partition(far, 3, axis=1)[:, 3].argmax())


@pytest.mark.parametrize("width", [390, 1280])
def test_a_lasso_selects_what_it_goes_round(show: Open, width: int) -> None:
    page = show("/explore?map=pca", width=width)
    chart = map_drawn(page)
    chart.get_by_role("button", name="Lasso").click()
    page.locator(MAP).scroll_into_view_if_needed()
    row = _alone()
    circle(page, place_of(page, chart, row), 8)
    page.get_by_text(re.compile(r"^\d+ selected$")).wait_for()
    count = int(page.get_by_text(re.compile(r"^\d+ selected$")).inner_text().split()[0])
    assert 1 <= count <= 24  # as many are listed, so that its product is among them
    strong = chart.locator("body").evaluate(LAYERS)[2]
    assert strong == count
    assert resources.shop().catalogue.ids[row] in _ids(page)
    assert sideways(page) <= 0
    page.locator(".st-key-map_release button").click()
    page.get_by_text(re.compile(r"^\d+ selected$")).wait_for(state="detached")
    _coloured(page, chart, resources.facts().size)


def test_a_box_takes_everything_and_a_double_click_lets_go(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    chart.get_by_role("button", name="Box").click()
    box = chart.locator(".plot").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    page.mouse.up()
    page.get_by_text(f"{resources.facts().size:,} selected").wait_for()
    assert len(_ids(page)) == 24
    chart.get_by_role("button", name="Move").click()
    page.mouse.dblclick(box["x"] + 5, box["y"] + 5)
    page.get_by_text(f"{resources.facts().size:,} selected").wait_for(state="detached")


def _still(page: Page, chart: FrameLocator) -> None:
    """Wait until the hand rests and what is seen is what is drawn."""
    page.wait_for_timeout(150)
    chart.locator(".inner:not(.moving)").first.wait_for()
    page.wait_for_timeout(150)


def _span(chart: FrameLocator) -> float:
    return float(
        chart.locator("body").evaluate(
            "() => { const r = document.querySelector('.plot')._fullLayout.xaxis.range; return r[1] - r[0]; }"
        )
    )


def test_a_hand_drags_the_map_and_the_wheel_zooms_around_the_pointer(show: Open) -> None:
    page = show("/explore?map=pca", height=560)
    chart = map_drawn(page)
    middle = place_of(page, chart, 7)[1] - 280
    assert 0 < middle < page.evaluate(ROOM_BELOW)  # the wheel could scroll the page both ways
    page.evaluate("by => document.querySelector('[data-testid=stMain]').scrollBy(0, by)", middle)
    scrolled = page.evaluate(SCROLLED)
    assert scrolled > 0
    x, y = place_of(page, chart, 7)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x + 16 * step, y - 10 * step)
    page.mouse.up()
    _still(page, chart)
    assert place_of(page, chart, 7) == pytest.approx((x + 80, y - 50), abs=1.5)
    x, y, span = *place_of(page, chart, 7), _span(chart)
    page.mouse.move(x, y)
    for _ in range(4):
        page.mouse.wheel(0, -100)
    _still(page, chart)
    assert place_of(page, chart, 7) == pytest.approx((x, y), abs=1.5)
    assert _span(chart) == pytest.approx(span * math.exp(-0.72), rel=0.01)
    assert chart.locator(".plot").evaluate("plot => plot.style.transform") == ""
    assert page.evaluate(SCROLLED) == scrolled


def test_the_wheel_stops_where_there_is_nothing_more_to_see(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    x, y, whole = *place_of(page, chart, 7), _span(chart)
    page.mouse.move(x, y)
    for way, most in ((1, 1 / 0.4), (-1, 1 / 1000)):
        for _ in range(40):
            page.mouse.wheel(0, 240 * way)
        _still(page, chart)
        assert _span(chart) == pytest.approx(whole * most, rel=0.01)


def test_what_is_drawn_slowly_is_moved_as_a_picture(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    x, y = place_of(page, chart, 7)
    chart.locator(".plot").evaluate("""plot => {
        window.seenMoves = [];
        const saw = new MutationObserver(() => window.seenMoves.push(plot.style.transform));
        saw.observe(plot, {attributeFilter: ["style"]});
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y)
    page.mouse.move(x + 60, y)
    page.wait_for_timeout(60)
    page.mouse.up()
    _still(page, chart)
    # No drawing had been timed yet, so the picture itself was moved, and then drawn where it had been moved to.
    moves = chart.locator("body").evaluate("() => window.seenMoves")
    assert any(move.startswith("translate(") for move in moves)
    assert moves[-1] == ""
    assert place_of(page, chart, 7) == pytest.approx((x + 60, y), abs=1.5)
    page.mouse.click(*place_of(page, chart, 7))
    chart.locator(".ring:visible").wait_for()


@pytest.mark.parametrize("tool", ["Move", "Lasso"])
def test_two_fingers_zoom_on_a_phone(show: Open, tool: str) -> None:
    page = show("/explore?map=pca", width=390)
    chart = map_drawn(page)
    chart.get_by_role("button", name=tool).click()
    page.locator(MAP).scroll_into_view_if_needed()
    box, span = chart.locator(".plot").bounding_box(), _span(chart)
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *fingers: tuple[float, float]) -> None:
        points = [{"x": left, "y": top, "id": number} for number, (left, top) in enumerate(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 9):
        # The first finger goes round something, which a lasso drawn by it alone would select.
        lifted = 60 * math.sin(math.pi * step / 8)
        touch("touchMove", (x - 40 - 5 * step, y - lifted), (x + 40 + 5 * step, y))
        page.wait_for_timeout(20)
    touch("touchEnd")
    _still(page, chart)
    assert _span(chart) == pytest.approx(span / 2, rel=0.02)
    # What is selected is drawn at once, long before the page lists it.
    assert chart.locator("body").evaluate(LAYERS) == [0, 0, resources.facts().size]


def test_pointing_shows_the_product_and_rings_it_on_both_maps(show: Open) -> None:
    page = show("/explore?map=pca&map=tsne")
    page.locator(MAP).wait_for(timeout=2 * PATIENCE)
    chart = map_drawn(page)
    assert chart.locator(".plot").count() == 2
    x, y = place_of(page, chart, 7)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    tip = chart.locator(".tip")
    tip.wait_for()
    assert chart.locator(".ring:visible").count() == 2
    page.locator(".st-key-map_pointed img").wait_for()
    title = tip.locator("strong").inner_text()
    assert title in page.locator(".st-key-map_pointed").inner_text()
    assert title in {resources.product(one).title for one in resources.shop().catalogue.ids}
    page.mouse.click(x, y)
    page.wait_for_url("**product=**")
    assert "map=pca&map=tsne" in page.url


def test_the_legend_switches_kinds_off_and_shows_one_alone(show: Open) -> None:
    page = show("/explore?map=pca&by=gender")
    chart = map_drawn(page)
    first = chart.locator(".entry").first
    count = int(first.locator(".count").inner_text().replace(",", ""))
    first.click()
    page.wait_for_timeout(300)  # longer than a double click
    assert chart.locator("body").evaluate(LAYERS)[0] == count
    assert first.get_attribute("aria-pressed") == "false"
    chart.get_by_role("button", name="Show all").click()
    chart.locator(".entry").first.dblclick()
    page.wait_for_timeout(300)
    assert chart.locator("body").evaluate(LAYERS)[2] == count


def test_other_clusters_are_all_switched_on(show: Open) -> None:
    page = show("/explore?map=pca&view=clusters")
    chart = map_drawn(page)
    chart.locator(".entry").nth(2).click()
    page.wait_for_timeout(300)
    assert chart.locator('.entry[aria-pressed="false"]').count() == 1
    page.get_by_role("radio", name="Spectral").click()
    settled(page)
    _coloured(page, chart, resources.facts().size)
    assert chart.locator('.entry[aria-pressed="false"]').count() == 0


def test_the_legend_stays_where_the_visitor_is_in_it(show: Open) -> None:
    page = show("/explore?map=pca&by=articleType")
    chart = map_drawn(page)
    entries = chart.locator(".entries")
    entries.evaluate("list => { list.scrollTop = 60; }")
    place = entries.evaluate("list => list.scrollTop")
    assert place > 0
    fifteenth = chart.locator(".entry").nth(14)
    name = fifteenth.inner_text()
    fifteenth.scroll_into_view_if_needed()
    place = entries.evaluate("list => list.scrollTop")
    fifteenth.dblclick()
    page.wait_for_timeout(300)
    on = chart.locator('.entry[aria-pressed="true"]')
    assert [one.inner_text() for one in on.all()] == [name]
    assert entries.evaluate("list => list.scrollTop") == place
    # Who goes by keyboard is still on the entry.
    fifteenth.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert chart.locator("body").evaluate("() => document.activeElement.innerText") == name


def test_another_view_keeps_the_map_and_what_is_selected_on_it(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    chart.get_by_role("button", name="Lasso").click()
    circle(page, place_of(page, chart, 7), 60)
    page.locator(CARD).first.wait_for()
    settled(page)
    strong = chart.locator("body").evaluate(LAYERS)[2]
    chart.locator("body").evaluate("body => { body.dataset.same = 'yes'; }")
    page.get_by_role("radio", name="Clusters").click()
    page.wait_for_url("**view=clusters**")
    settled(page)
    page.wait_for_timeout(500)
    assert chart.locator("body").get_attribute("data-same") == "yes"
    assert chart.locator("body").evaluate(LAYERS)[2] == strong
    assert page.get_by_text(re.compile(r"^\d+ selected$")).count() == 1


def test_words_and_the_slider_change_what_is_coloured(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    count = resources.facts().size
    assert chart.locator("body").evaluate(LAYERS)[2] == count
    page.get_by_role("searchbox").or_(page.get_by_placeholder("red women shoes")).first.fill("red shoes")
    page.get_by_text(re.compile(r"^\d+ found$")).wait_for()
    found = int(page.get_by_text(re.compile(r"^\d+ found$")).inner_text().split()[0])
    _coloured(page, chart, found)
    page = show("/explore?map=pca&view=labels")
    chart = map_drawn(page)
    page.get_by_role("radio", name="Near-duplicates").click()
    page.get_by_text("Alike to at least").wait_for()
    settled(page)
    page.wait_for_timeout(500)
    before = chart.locator("body").evaluate(LAYERS)[2]
    assert 0 < before < count
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.get_by_text("of only so many the pictures were compared").wait_for()
    settled(page)
    page.wait_for_timeout(500)
    assert chart.locator("body").evaluate(LAYERS)[2] > before


def _coloured(page: Page, chart: FrameLocator, count: int) -> None:
    """Wait until so many points are in the foreground."""
    for _ in range(50):
        if chart.locator("body").evaluate(LAYERS)[2] == count:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{chart.locator('body').evaluate(LAYERS)} are drawn, not {count} in the foreground")


def test_closer_views_have_other_names(show: Open) -> None:
    page = show("/explore?map=pca&by=articleType")
    chart = map_drawn(page)
    before = chart.locator("body").evaluate(NAMES)
    assert before
    for _ in range(4):
        chart.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(500)
    after = chart.locator("body").evaluate(NAMES)
    assert after
    assert set(after) - set(before)
    chart.get_by_role("button", name="Names on the map").click()
    page.wait_for_timeout(300)
    assert chart.locator("body").evaluate(NAMES) == []


def test_a_photo_lands_on_the_map(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    page.get_by_role("button", name="Your photo").click()
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("was placed").wait_for()
    chart.locator("body").evaluate("() => new Promise(done => setTimeout(done, 500))")
    assert "<b>Your photo</b>" in chart.locator("body").evaluate(NAMES)
    assert len(chart.locator("body").evaluate(LAYERS)) > 3


def test_the_map_as_a_page_of_its_own_opens_without_us(show: Open, tmp_path: Path) -> None:
    page = show("/explore?map=pca")
    map_drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="This map as a page of its own").click()
    download.value.save_as(tmp_path / "map.html")
    alone = page.context.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto((tmp_path / "map.html").as_uri())
    alone.locator("body[data-drawn]").wait_for(state="attached")
    assert alone.evaluate(LAYERS)[2] == resources.facts().size
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    alone.close()


@pytest.mark.parametrize("view", ["map", "clusters", "labels"])
def test_a_phone_never_scrolls_sideways(show: Open, view: str) -> None:
    page = show(f"/explore?map=pca&view={view}", width=390)
    page.locator(MAP).wait_for(timeout=2 * PATIENCE)
    chart = map_drawn(page)
    assert sideways(page) <= 0
    assert chart.locator("body").evaluate("body => document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_has_the_colours_of_the_app(show: Open, theme: str) -> None:
    page = show("/explore?map=pca", theme=theme)
    chart = map_drawn(page)
    app = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    paper = chart.locator("body").evaluate(
        "body => { body.style.background = document.querySelector('.plot').layout.paper_bgcolor;"
        " return getComputedStyle(body).backgroundColor; }"
    )
    assert paper == app


def test_nothing_is_fetched_from_elsewhere(show: Open, window: BrowserContext, server: str) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    map_drawn(show("/explore?map=pca"))
    assert any("plotly" in url for url in asked)
    assert [one for one in asked if not one.startswith((server, "data:", "blob:"))] == []
