"""The map for those who go by keyboard or screen reader, need contrast, or can't bear motion; in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from recommender.app import resources
from tests.browser import CATCH, MAP, Open, counted, map_drawn, settled

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

LAYERS = "() => document.querySelector('.plot').data.map(trace => trace.x.length)"
VIEW = """() => {
    const {xaxis, yaxis} = document.querySelector('.plot')._fullLayout;
    return [...xaxis.range, ...yaxis.range];
}"""
# Contrast by WCAG of each element that is found, as it is seen: through what is half transparent, on what is behind it.
CONTRAST = """(_, found) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const mixed = (one, other, share) => one.map((part, i) => part * share + other[i] * (1 - share));
    const light = (colour) => {
        const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = colour.map((part) => linear(part / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    // The text's colour and the one behind it, of a line of elements from the outermost to the one with the text.
    const painted = ([style, ...rest], under) => {
        const [[r, g, b, a], [red, green, blue, alpha]] = [rgba(style.backgroundColor), rgba(style.color)];
        const behind = mixed([r, g, b], under, a);
        const pair = rest.length ? painted(rest, behind) : [mixed([red, green, blue], behind, alpha), behind];
        return pair.map((one) => mixed(one, under, Number(style.opacity)));
    };
    const page = rgba(getComputedStyle(document.documentElement).getPropertyValue("--background")).slice(0, 3);
    return [...document.querySelectorAll(found)].map((element) => {
        const line = [];
        for (let one = element; one; one = one.parentElement) line.unshift(getComputedStyle(one));
        const [least, most] = painted(line, page).map(light).sort((one, other) => one - other);
        return (most + 0.05) / (least + 0.05);
    });
}"""


def _view(chart: FrameLocator) -> list[float]:
    """Left, right, low and high of what is drawn."""
    return [float(one) for one in chart.locator("body").evaluate(VIEW)]


def _press(page: Page, chart: FrameLocator, key: str) -> list[float]:
    """Press a key, and wait until what is seen is what is drawn."""
    page.keyboard.press(key)
    page.wait_for_timeout(150)
    chart.locator(".inner:not(.moving)").first.wait_for()
    page.wait_for_timeout(150)
    return _view(chart)


def test_the_keyboard_moves_and_zooms(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    chart.get_by_role("button", name="Download as PNG").focus()
    page.keyboard.press("Tab")
    inner = chart.get_by_role("application", name=re.compile("^Map of the products by PCA. Arrow keys"))
    assert inner.evaluate("inner => inner === document.activeElement")
    whole = left, right, low, high = _view(chart)
    width, height = right - left, high - low
    moves = {"ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowLeft": (-1, 0), "ArrowDown": (0, -1)}
    for key, (x, y) in moves.items():
        left, right, low, high = _view(chart)
        there = [left + x * width / 8, right + x * width / 8, low + y * height / 8, high + y * height / 8]
        assert _press(page, chart, key) == pytest.approx(there, abs=width / 1000)
    assert _view(chart) == pytest.approx(whole, abs=width / 500)
    for key, times in (("+", 1.6), ("-", 1 / 1.6), ("=", 1.6)):
        left, right, low, high = _view(chart)
        closer = _press(page, chart, key)
        assert closer[1] - closer[0] == pytest.approx((right - left) / times, rel=0.01)
        assert sum(closer[:2]) == pytest.approx(left + right, abs=width / 500)
        assert sum(closer[2:]) == pytest.approx(low + high, abs=width / 500)
    # What the browser itself has these keys for stays its own.
    before = _view(chart)
    assert _press(page, chart, "Control+ArrowRight") == before
    assert _press(page, chart, "0") == pytest.approx(whole, abs=width / 1000)


def test_enter_looks_at_what_is_in_the_middle_and_escape_lets_go(show: Open) -> None:
    page = show("/explore?map=pca&map=tsne")
    chart = map_drawn(page)
    inner = chart.locator(".inner").nth(1)
    inner.focus()
    for key in ("ArrowRight", "+", "+"):
        _press(page, chart, key)
    nearest = """() => {
        const plot = document.querySelectorAll('.plot')[1], { xaxis, yaxis } = plot._fullLayout;
        const middle = [xaxis, yaxis].map((axis) => (axis.range[0] + axis.range[1]) / 2), { x, y } = plot.data[2];
        const far = [...x].map((one, i) => Math.hypot(one - middle[0], y[i] - middle[1]));
        return far.indexOf(Math.min(...far));
    }"""
    product = resources.product(resources.shop().catalogue.ids[chart.locator("body").evaluate(nearest)])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**product={product.id}**")
    page.locator(".st-key-map_pointed").get_by_text(product.title, exact=True).wait_for()
    assert chart.get_by_role("status").inner_text() == product.title
    # The tip stands where the keyboard is, not on the first map.
    tip, place = chart.locator(".tip").bounding_box(), inner.bounding_box()
    assert tip
    assert place
    assert place["x"] <= tip["x"] + tip["width"] <= place["x"] + place["width"] + 16
    chart.locator("body").evaluate(CATCH)
    chart.locator("body").evaluate(
        "() => caught.selected(caught.charts[0], [[-9, -9], [9, -9], [9, 9], [-9, 9]], false)"
    )
    page.get_by_text(f"{resources.facts().size:,} selected").wait_for()
    inner.focus()
    page.keyboard.press("Escape")
    page.get_by_text(f"{resources.facts().size:,} selected").wait_for(state="detached")
    assert not chart.locator(".tip").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_goes_by_keyboard_sees_where_they_are(show: Open, theme: str) -> None:
    page = show("/explore?map=pca", theme=theme)
    chart = map_drawn(page)
    ring = """() => {
        const style = getComputedStyle(document.querySelector('.inner'), '::after');
        return style.content === 'none' ? null : [style.borderTopWidth, style.borderTopStyle, style.borderTopColor];
    }"""
    place = chart.locator(".inner").bounding_box()
    assert place
    page.mouse.click(place["x"] + 4, place["y"] + 4)
    assert chart.locator("body").evaluate(ring) is None  # a hand sees where it is
    chart.get_by_role("button", name="Download as PNG").focus()
    page.keyboard.press("Tab")
    width, style, colour = chart.locator("body").evaluate(ring)
    assert (width, style) == ("3px", "solid")
    chart.locator("body").evaluate(
        "(body, colour) => body.append(Object.assign(document.createElement('i'), { style: `color: ${colour}` }))",
        colour,
    )
    assert chart.locator("body").evaluate(CONTRAST, "i")[0] >= 3


def test_the_keyboard_shows_a_kind_alone(show: Open) -> None:
    chart = map_drawn(show("/explore?map=pca&by=gender"))
    entry = chart.locator(".entry").nth(1)
    count, name = entry.locator(".count").inner_text(), entry.inner_text()
    assert "Shift+Enter" in (entry.get_attribute("title") or "")
    entry.press("Shift+Enter")
    counted(chart.locator('.entry[aria-pressed="true"]'), 1)
    assert chart.locator('.entry[aria-pressed="true"]').inner_text() == name
    chart.locator("body").evaluate("() => new Promise(done => setTimeout(done, 300))")
    assert chart.locator("body").evaluate(LAYERS)[2] == int(count.replace(",", ""))
    entry.press("Enter")  # without Shift it is a click: the last one that is on, and so all are
    counted(chart.locator('.entry[aria-pressed="false"]'), 0)


def test_the_map_and_its_buttons_say_what_they_are(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    assert page.locator(MAP).get_attribute("title") == "Map of the products"
    switches = chart.locator(".tools button[aria-pressed]")
    names = {one.get_attribute("aria-label"): one.get_attribute("aria-pressed") for one in switches.all()}
    assert names == {"Move": "true", "Lasso": "false", "Box": "false", "Names on the map": "true"}
    chart.get_by_role("button", name="Names on the map").click()
    chart.get_by_role("button", name="Lasso").click()
    counted(chart.locator('[aria-pressed="true"][data-name="lasso"]'), 1)
    counted(chart.locator('.tools [aria-pressed="true"]'), 1)
    page.get_by_role("radio", name="Clusters").click()
    page.wait_for_url("**view=clusters**")
    settled(page)
    assert page.locator(MAP).get_attribute("title") == "Map of the products"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_legend_can_be_read_when_it_is_off(show: Open, theme: str) -> None:
    page = show("/explore?map=pca&by=gender", theme=theme)
    chart = map_drawn(page)
    first = chart.locator(".entry").first
    colour = "entry => getComputedStyle(entry.querySelector('.dot')).backgroundColor"
    filled = first.evaluate(colour)
    first.click()
    counted(chart.locator('.entry[aria-pressed="false"]'), 1)
    seen = chart.locator("body").evaluate(CONTRAST, ".entry .name, .entry .count")
    assert len(seen) == 2 * chart.locator(".entry").count()
    assert min(seen) >= 4.5
    # Off is said by more than a shade.
    assert first.evaluate(colour) == "rgba(0, 0, 0, 0)" != filled
    assert "line-through" in first.locator(".name").evaluate("name => getComputedStyle(name).textDecorationLine")


@pytest.mark.parametrize(("wanted", "way"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_the_page_glides_to_the_map_only_for_those_who_bear_it(show: Open, wanted: str, way: str) -> None:
    page = show("/explore?map=pca")
    page.emulate_media(reduced_motion=wanted)
    chart = map_drawn(page)
    page.evaluate("() => { Element.prototype.scrollIntoView = (how) => { window.scrolledBy = how.behavior; }; }")
    chart.locator("body").evaluate(CATCH)
    chart.locator("body").evaluate(
        """() => caught.update({ ...caught.told, focus: { row: 7, turn: 99 } }, caught.told.colours)"""
    )
    assert page.evaluate("() => window.scrolledBy") == way
