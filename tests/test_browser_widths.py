"""Pages in narrow windows, in a real browser: nothing is cut, nothing sticks out."""

from __future__ import annotations

import pytest

from tests.browser import Open, cards, map_drawn, sideways

# By how many pixels a control sticks out of the box with a frame that it stands in.
OUT = """control => {
    let box = control;
    const framed = (one) => one.dataset.testid === "stVerticalBlock" && getComputedStyle(one).borderTopWidth !== "0px";
    while (!framed(box)) box = box.parentElement;
    return control.getBoundingClientRect().right - box.getBoundingClientRect().right;
}"""
# Texts that go beyond the page's margin, where they are cut, but for those that are for ears alone.
CUT = """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
    .filter(part => [...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(part => !part.closest('[class*="_map_"] button'))
    .filter(part => part.getBoundingClientRect().right > window.innerWidth - 15)
    .map(part => part.textContent)"""


def test_the_order_stays_in_its_box(show: Open) -> None:
    page = show("/?sample=tee-on-bed")
    cards(page)
    for width in (360, 390, 700, 768, 820, 900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        for key in ("within", "sort"):
            control = page.locator(f".st-key-{key}")
            assert control.evaluate(OUT) < 0, (width, key)
            assert control.locator("input").evaluate("input => input.scrollWidth <= input.clientWidth"), (width, key)


@pytest.mark.parametrize("address", ["/?sample=tee-on-bed", "/?sample=sunglasses-on-tiles", "/?product=245001"])
def test_no_text_is_cut_at_the_narrowest(show: Open, address: str) -> None:
    """At 400 % of 1280 pixels, of which two scrollbars take some."""
    page = show(address, width=300)
    cards(page)
    assert page.evaluate(CUT) == []
    assert sideways(page) == 0


def test_the_tools_of_the_map_are_all_there_at_the_narrowest(show: Open) -> None:
    chart = map_drawn(show("/explore?map=pca", width=320))
    reach = "() => Math.max(...[...document.querySelectorAll('.tool')].map(tool => tool.getBoundingClientRect().right))"
    assert chart.locator("body").evaluate(reach) <= chart.locator("body").evaluate("() => window.innerWidth")


def test_no_count_of_letters_lies_over_what_is_looked_for_on_the_map(show: Open) -> None:
    page = show("/explore", width=1280)
    page.get_by_label("Find on the map").fill("shoes, not red or turquoisish, under 50")
    count = page.locator(".st-key-map_words [data-testid='InputInstructions']").first
    count.wait_for(state="attached")
    assert not count.is_visible()
