"""The app in a real browser: photos, filters and details, on a phone's and a desktop's width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from recommender.app import resources
from tests.browser import GALLERY, Open, cards, sample_photo, settled, sideways, stays

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


def test_upload(show: Open) -> None:
    page = show()
    page.locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    assert len(cards(page)) >= 12
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


def test_upload_asks_for_images_so_that_phones_offer_their_camera(show: Open) -> None:
    accepted = show(width=390).locator('input[type="file"]').get_attribute("accept")
    assert accepted is not None
    assert "image/*" in accepted


def test_camera(show: Open) -> None:
    page = show()
    page.get_by_role("radio", name="Camera").click()
    page.get_by_role("button", name="Take Photo").click()
    page.get_by_text("Your photo", exact=True).wait_for()
    assert len(cards(page)) >= 12


def _only_red(page: Page) -> None:
    page.get_by_role("button", name="Colour").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Red", exact=True).click()
    page.wait_for_url("**colour=Red**")
    settled(page)


def _goes_on_without_colour(page: Page, product: str) -> None:
    """The next click counts, and brings back no filter."""
    page.locator(f".st-key-found_more_{product} button").click()
    page.wait_for_url(f"**product={product}**")
    settled(page)
    assert "colour" not in page.url


def test_filter(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    before = cards(page)
    _only_red(page)
    assert cards(page) != before
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function("!location.search.includes('colour')")
    stays(page, before)
    # What the closed chip held must not come back with the next click, nor cost that click.
    _goes_on_without_colour(page, before[1])


def test_a_filter_that_back_lifts_stays_lifted(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    before = cards(page)
    _only_red(page)
    gone = [one for one in before if one not in cards(page)][-1]
    page.keyboard.press("Escape")
    page.go_back()
    page.wait_for_function("!location.search.includes('colour')")
    page.locator(f".st-key-found_more_{gone}").wait_for()
    settled(page)
    assert cards(page) == before
    _goes_on_without_colour(page, before[1])


def test_details_open_and_lead_on(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    before = cards(page)
    first = before[0]
    page.locator(f".st-key-found_details_{first} button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(f"No. {first}").wait_for()
    dialog.get_by_role("button", name="More like this").click()
    page.wait_for_url(f"**product={first}**")
    dialog.wait_for(state="hidden")
    settled(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('product')")
    assert "sample" in page.url
    stays(page, before)


def test_the_details_name_the_variant_that_was_chosen(show: Open) -> None:
    ids = resources.shop().catalogue.ids
    product = next(resources.product(one) for one in ids if resources.siblings(one))
    other = resources.product(resources.siblings(product.id)[0])
    assert other.title != product.title
    page = show(f"/?product={product.id}")
    page.locator(".st-key-panel_details button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("heading", name=product.title).wait_for()
    dialog.locator(f".st-key-also_variant_{other.id} button").click()
    dialog.get_by_text(f"No. {other.id}").wait_for()
    assert dialog.get_by_role("heading", name=other.title).is_visible()
    assert dialog.get_by_role("heading", name=product.title).count() == 0


def test_bad_file_and_then_a_good_one(show: Open) -> None:
    page = show()
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    page.get_by_test_id("stAlert").wait_for()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Find it by photo").is_visible()
    chooser.set_input_files(sample_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    assert len(cards(page)) >= 12


def test_another_photo_from_the_answer(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    cards(page)
    page.get_by_role("button", name="New photo").click()
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.wait_for_function("!location.search.includes('sample')")


@pytest.mark.parametrize("path", ["/", "/?sample={sample}", "/about"])
def test_a_phone_never_scrolls_sideways(show: Open, path: str) -> None:
    page = show(path.format(sample=sample_photo().stem), width=390)
    assert sideways(page) <= 0


def test_a_phone_has_two_cards_a_row_and_a_desktop_more(show: Open) -> None:
    rows = {}
    for width in (390, 1280, 1920):
        page = show(f"/?sample={sample_photo().stem}", width=width)
        cards(page)
        settled(page)
        tops = page.locator(GALLERY).evaluate_all("cards => cards.map(card => card.getBoundingClientRect().top)")
        rows[width] = sum(abs(top - tops[0]) < 2 for top in tops)
    assert rows[390] == 2
    assert 4 <= rows[1280] < rows[1920]


def test_every_page_has_a_title_and_one_first_heading(show: Open) -> None:
    titles = set()
    paths = ("/", f"/?sample={sample_photo().stem}", "/?find=red+shoes", "/explore?map=pca", "/about")
    for path in paths:
        page = show(path)
        page.wait_for_function("document.querySelectorAll('h1').length === 1")
        titles.add(page.title())
    assert titles == {"Find it by photo", "Explore · Find it by photo", "About · Find it by photo"}
    page.get_by_role("link", name="Explore").click()
    page.wait_for_function("document.title.startsWith('Explore')")


@pytest.mark.parametrize("what", ["product", "find"])
def test_a_shared_link_puts_no_link_of_a_stranger_on_the_page(show: Open, what: str) -> None:
    hostile = "www.evil.com https://evil.com bob@evil.com xmpp:bob@evil.com bob&commat;evil.com www&period;evil.com"
    page = show(f"/?{what}={quote(hostile)}")
    page.get_by_text("evil.com").first.wait_for()
    assert page.locator('a[href*="evil"]').count() == 0


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_both_themes(show: Open, theme: str, dark: bool) -> None:
    page = show(theme=theme)
    colour = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    assert (red + green + blue < 3 * 80) is dark


def test_nothing_is_fetched_from_elsewhere(show: Open, window: BrowserContext, server: str) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    cards(show(f"/?sample={sample_photo().stem}"))
    assert asked
    # Pictures made in the page itself have data: and blob: addresses.
    assert [one for one in asked if not one.startswith((server, "data:", "blob:"))] == []
