"""A button pressed while something is typed: leaving the field brings other cards, and still the press counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recommender.app import resources
from tests.browser import GALLERY, Open, cards, sample_photo, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SAMPLE = "watch-on-table"
# Of the answer to the sample, but not of that to the sample and these words.
WORDS = "in gold"


def press(page: Page, button: Locator, held: int = 200) -> None:
    """Press as a hand does, which takes a while to let go."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(held)
    page.mouse.up()


def typed(show: Open) -> tuple[Page, str]:
    """An answer with words typed, but not yet taken, and a product that they will take away."""
    sample = resources.sample(SAMPLE).path
    kept = {product.id for product in resources.shop().recommend(sample, 24, words=WORDS).products}
    page = show(f"/?sample={SAMPLE}")
    chosen = next(product for product in cards(page) if product not in kept)
    page.get_by_label("Like this photo, but").fill(WORDS)
    assert "words" not in page.url
    return page, chosen


@pytest.mark.parametrize("held", [0, 100, 300])
def test_more_like_a_card_that_the_words_take_away(show: Open, held: int) -> None:
    page, chosen = typed(show)
    press(page, page.locator(f".st-key-found_more_{chosen} button"), held)
    page.wait_for_url(f"**product={chosen}&words=in+gold")
    settled(page)
    page.get_by_role("heading", name=resources.product(chosen).title).wait_for()
    # The page begins anew at its top, without a frame around all of it for somebody who used the mouse.
    page.wait_for_function("document.activeElement.dataset.testid == 'stMain'")
    assert not page.evaluate("document.activeElement.matches(':focus-visible')")


def test_details_of_a_card_that_the_words_take_away(show: Open) -> None:
    page, chosen = typed(show)
    press(page, page.locator(f".st-key-found_details_{chosen} button"))
    page.get_by_role("dialog").get_by_text(f"No. {chosen}").wait_for()
    page.wait_for_url("**words=in+gold")
    settled(page)
    assert page.get_by_role("dialog").is_visible()


def test_a_place_on_the_map_of_a_card_that_the_words_take_away(show: Open) -> None:
    page, chosen = typed(show)
    press(page, page.locator(f".st-key-found_map_{chosen} button:visible"))
    page.wait_for_url(f"**/explore?**product={chosen}")


def test_other_words_and_a_card_at_once(show: Open) -> None:
    page = show("/?find=red+women+shoes")
    chosen = cards(page)[2]
    page.get_by_role("searchbox", name="You look for").fill("blue dress")
    press(page, page.locator(f".st-key-found_more_{chosen} button"))
    page.wait_for_url(f"**find=blue+dress&product={chosen}")


def test_a_field_is_left_for_what_is_no_button_as_ever(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    field = page.get_by_label("Like this photo, but")
    field.fill("in red")
    page.locator(GALLERY).first.locator("strong").first.click()
    page.wait_for_url("**words=in+red")
    assert not field.evaluate("field => field === document.activeElement")


def test_a_page_that_is_drawn_anew_breaks_nothing(show: Open) -> None:
    page = show("/?find=red+women+shoes")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    chosen = cards(page)[0]
    page.locator(f".st-key-found_more_{chosen} button").dblclick()
    page.wait_for_url(f"**product={chosen}")
    settled(page)
    page.get_by_role("heading", name=resources.product(chosen).title).wait_for()
    page.get_by_role("link", name="About").first.click()
    page.wait_for_url("**/about**")
    settled(page)
    assert broken == []
