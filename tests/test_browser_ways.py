"""The ways from page to page in a real browser: cards, pictures that are pressed, and the Back button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recommender.app import resources
from recommender.app.components.map_plot import FIRST_HEIGHT
from tests.browser import (
    CARD,
    GALLERY,
    MAP,
    PATIENCE,
    SHOWS,
    Open,
    cards,
    circle,
    counted,
    map_drawn,
    place_of,
    sample_photo,
    settled,
    stays,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def test_more_like_this_and_back(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    first = cards(page)
    page.locator(f".st-key-found_more_{first[1]} button").click()
    page.wait_for_url(f"**product={first[1]}**")
    page.locator(".st-key-panel_details").wait_for()
    settled(page)
    assert first[1] not in cards(page)
    page.locator(".st-key-crumb_0 button").click()
    page.wait_for_function("!location.search.includes('product')")
    settled(page)
    assert cards(page) == first


def test_the_back_button_leads_to_ones_own_photo_and_forward_on_from_it(show: Open) -> None:
    page = show()
    page.locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    settled(page)
    first = cards(page)
    page.locator(f".st-key-found_more_{first[1]} button").click()
    page.wait_for_url(f"**product={first[1]}**")
    page.locator(".st-key-panel_details").wait_for()
    settled(page)
    second = cards(page)
    page.locator(f".st-key-found_more_{second[1]} button").click()
    page.wait_for_url(f"**product={second[1]}**")
    settled(page)
    page.go_back()
    page.wait_for_url(f"**product={first[1]}**")
    stays(page, second)
    page.go_back()
    stays(page, first)
    assert "product" not in page.url
    assert page.get_by_text("Your photo", exact=True).first.is_visible()
    page.go_forward()
    page.wait_for_url(f"**product={first[1]}**")
    stays(page, second)
    assert page.locator(".st-key-crumb_0").is_visible()


def test_the_back_button_leads_from_ones_own_photo_to_the_start(show: Open) -> None:
    page = show()
    page.locator('input[type="file"]').set_input_files(sample_photo())
    page.wait_for_url("**photo=1**")
    cards(page)
    settled(page)
    page.go_back()
    page.get_by_text("Find it by photo").wait_for()
    page.go_forward()
    page.get_by_text("Photos are not kept").wait_for()
    assert page.get_by_text("Find it by photo").is_visible()


def test_the_back_button_leads_from_a_sample_to_the_start(show: Open) -> None:
    page = show()
    page.get_by_role("radio", name="Samples").click()
    page.locator('[class*="st-key-start_sample_"] button').first.click()
    page.wait_for_url("**sample=**")
    cards(page)
    settled(page)
    page.go_back()
    page.get_by_text("Find it by photo").wait_for()
    assert "sample" not in page.url


def test_forward_leads_along_the_whole_way_from_a_sample(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    crumbs, galleries = page.locator('[class*="st-key-crumb_"]'), [cards(page)]
    for many in (1, 2):
        product = galleries[-1][1]
        page.locator(f".st-key-found_more_{product} button").click()
        page.wait_for_url(f"**product={product}**")
        counted(crumbs, many + 1)
        page.locator(f".st-key-found_card_{product}").wait_for(state="detached")
        settled(page)
        galleries.append(cards(page))
    for gallery in galleries[-2::-1]:
        page.go_back()
        stays(page, gallery)
    for gallery in galleries[1:]:
        page.go_forward()
        stays(page, gallery)
    counted(crumbs, 3)


def test_the_back_button_leads_from_words_to_the_words_before(show: Open) -> None:
    page = show()
    page.get_by_test_id("stChatInputTextArea").fill("red women shoes")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=red+women+shoes**")
    settled(page)
    first = cards(page)
    page.get_by_role("heading", name="You look for").wait_for()
    page.get_by_role("searchbox", name="You look for").fill("blue dress")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=blue+dress**")
    page.wait_for_function(f"shown => !({SHOWS})(shown)", arg=[GALLERY, first])
    settled(page)
    second = cards(page)
    page.locator(f".st-key-found_more_{second[1]} button").click()
    page.wait_for_url(f"**product={second[1]}**")
    page.locator(".st-key-panel_details").wait_for()
    settled(page)
    page.go_back()
    stays(page, second)
    page.go_back()
    stays(page, first)
    assert page.get_by_role("searchbox", name="You look for").input_value() == "red women shoes"
    page.go_back()
    page.get_by_text("Find it by photo").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
def test_more_like_a_card_far_down_leads_up_to_the_answer(show: Open, width: int) -> None:
    page = show(f"/?sample={sample_photo().stem}", width=width)
    last = cards(page)[-1]
    for product in (last, None):
        chosen = product or cards(page)[-1]
        button = page.locator(f".st-key-found_more_{chosen} button")
        button.scroll_into_view_if_needed()
        button.click()
        page.wait_for_url(f"**product={chosen}**")
        page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop < 5")
        page.wait_for_function("document.activeElement.dataset.testid == 'stMain'")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[data-testid=stMain]') !== null")
        assert page.evaluate("document.activeElement.getBoundingClientRect().top < 300")


def test_a_card_that_is_on_the_trail_leads_up_as_well(show: Open) -> None:
    shop, product = resources.shop(), resources.picks()[0]
    near = [one.id for one in shop.similar_to(product, 24).products]
    other = next(one for one in near if product in [back.id for back in shop.similar_to(one, 24).products])
    page = show(f"/?product={product}", width=390)
    page.locator(f".st-key-found_more_{other} button").click()
    page.wait_for_url(f"**product={other}**")
    settled(page)
    page.locator(GALLERY).last.scroll_into_view_if_needed()
    page.locator(f".st-key-found_more_{product} button").evaluate("button => button.click()")
    page.wait_for_url(f"**product={product}**")
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop < 5")


def test_the_details_lead_to_similar_products(show: Open) -> None:
    product = resources.shop().catalogue.ids[5]
    page = show(f"/explore?map=pca&product={product}")
    page.locator(".st-key-map_details button").click()
    page.get_by_role("dialog").get_by_role("button", name="More like this").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.wait_for_url(f"**/?**product={product}**")
    page.locator(GALLERY).first.wait_for()
    settled(page)
    page.go_back()
    map_drawn(page)
    page.wait_for_url("**/explore?map=pca**")


def test_a_step_that_offers_other_breadths_shows_its_own(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}&within=subCategory")
    shows = "said => document.querySelector('.st-key-within input')?.value === said"
    first = cards(page)[0]
    page.wait_for_function(shows, arg="Likely categories")
    page.locator(f".st-key-found_more_{first} button").click()
    page.wait_for_url(f"**product={first}**")
    page.wait_for_function(shows, arg=f"Only {resources.product(first).columns['subCategory']}")
    settled(page)
    page.locator(".st-key-chip_gender button").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Women", exact=True).click()
    page.wait_for_url("**gender=Women**")
    settled(page)
    assert "within=subCategory" in page.url


def test_back_to_an_answer_that_was_taken_off_the_map_meanwhile(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    answer, first = page.url, cards(page)
    page.get_by_role("link", name="Explore").click()
    map_drawn(page)
    page.locator(".st-key-explore_take_off button").click()
    page.locator(".st-key-explore_take_off").wait_for(state="detached")
    settled(page)
    page.go_back()
    stays(page, first)
    assert page.url == answer


def test_back_from_the_map_is_the_answer(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    page.locator(GALLERY).first.wait_for()
    page.get_by_role("link", name="Explore").click()
    page.locator(MAP).wait_for(timeout=2 * PATIENCE)
    map_drawn(page)
    page.go_back()
    page.locator(GALLERY).first.wait_for()
    page.wait_for_url(f"**sample={sample_photo().stem}**")


def test_a_card_leads_to_its_place(show: Open) -> None:
    page = show("/")
    card = page.locator('[class*="st-key-pick_map_"] button').first
    card.click()
    page.wait_for_url("**/explore?**product=**")
    chart = map_drawn(page)
    chart.locator(".ring:visible").wait_for()
    box, ring = chart.locator(".plot").bounding_box(), chart.locator(".ring").bounding_box()
    assert box
    assert ring
    assert abs(ring["x"] + ring["width"] / 2 - box["x"] - box["width"] / 2) < 5


def test_a_card_below_the_map_scrolls_up_to_it(show: Open) -> None:
    page = show("/explore?map=pca")
    chart = map_drawn(page)
    chart.get_by_role("button", name="Lasso").click()
    circle(page, place_of(page, chart, 7), 60)
    page.locator(CARD).first.wait_for()
    settled(page)
    page.locator('[class*="st-key-mapped_map_"] button:visible').last.click()  # which scrolls down to it first
    chart.locator(".ring:visible").wait_for()
    page.wait_for_function("""() => {
        const box = document.querySelector('iframe[src*="map_plot.map"]').getBoundingClientRect();
        return box.top >= 0 && box.top + 400 <= window.innerHeight;
    }""")


def test_back_from_a_place_on_the_map_is_the_map_and_then_the_answer(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    answer, first = page.url, cards(page)
    page.locator(f".st-key-found_map_{first[0]} button:visible").click()
    page.wait_for_url(f"**/explore?product={first[0]}")
    map_drawn(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('product')")
    settled(page)
    assert "/explore" in page.url
    page.go_back()
    page.wait_for_url(answer)
    stays(page, first)


def test_the_icons_of_cards_have_names(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    shown = cards(page)
    counted(page.get_by_role("button", name="Show on the map"), len(shown))
    clipped = page.locator(f".st-key-found_map_{shown[0]} button:visible [data-testid=stMarkdownContainer]")
    words = clipped.bounding_box()
    assert words
    assert max(words["width"], words["height"]) <= 1
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[class*=found_card_]') !== null"):
            break
    names = set()
    for _ in range(6):
        names.add(page.evaluate("(document.activeElement.ariaLabel ?? '') + document.activeElement.innerText"))
        page.keyboard.press("Tab")
    assert not any("Fullscreen" in name for name in names)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_picture_is_pressed_like_its_name(show: Open, width: int) -> None:
    page = show(width=width)
    page.get_by_role("radio", name="Samples").click()
    page.locator('[class*="st-key-start_tile_"]').first.click(position={"x": 20, "y": 20})
    page.wait_for_url("**sample=**")
    card = page.locator(f".st-key-found_card_{cards(page)[3]}")
    settled(page)
    picture = card.locator("img").bounding_box()
    assert picture
    card.click(position={"x": picture["width"] / 2, "y": picture["height"] - 5})
    page.get_by_role("dialog").get_by_text(f"No. {cards(page)[3]}").wait_for()


def test_the_other_buttons_of_a_card_are_their_own(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    chosen = cards(page)[2]
    page.locator(f".st-key-found_more_{chosen} button").click()
    page.wait_for_url(f"**product={chosen}**")
    assert page.get_by_role("dialog").count() == 0


def test_a_variant_is_chosen_by_its_picture(show: Open) -> None:
    ids = resources.shop().catalogue.ids
    product = next(resources.product(one) for one in ids if resources.siblings(one))
    other = resources.siblings(product.id)[0]
    page = show(f"/?product={product.id}")
    page.locator(".st-key-panel_details button").click()
    page.locator(f".st-key-also_card_{other}").click(position={"x": 20, "y": 20})
    page.get_by_role("dialog").get_by_text(f"No. {other}").wait_for()


def test_the_place_of_the_map_is_kept_until_it_is_there(show: Open, window: BrowserContext) -> None:
    late = "**/component/recommender.app.components.map_plot.map/index.html*"
    window.route(late, lambda route: None)  # never answered
    try:
        page = show("/explore?map=pca")
        page.get_by_role("button", name="This map as a page of its own").wait_for()
        # The placeholder may be drawn anew while one looks: its box is asked for until there is one.
        page.wait_for_function(
            "high => [...document.querySelectorAll('[data-testid=stSkeleton]')].at(-1)?.offsetHeight === high",
            arg=FIRST_HEIGHT,
        )
    finally:
        window.unroute(late)


@pytest.mark.parametrize("button", ["explore_photo", "new_photo"])
def test_a_photo_that_is_none_is_a_sentence_in_the_dialog(show: Open, button: str) -> None:
    page = show("/explore?map=pca" if button == "explore_photo" else f"/?sample={sample_photo().stem}")
    page.locator(f".st-key-{button} button").click()
    dialog = page.get_by_role("dialog")
    none = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"just some text"}
    dialog.locator('input[type="file"]').set_input_files([none])
    dialog.get_by_role("alert").wait_for()
    dialog.locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("Your photo").first.wait_for()
    dialog.wait_for(state="detached")
