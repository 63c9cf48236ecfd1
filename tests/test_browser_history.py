"""Back to addresses that nobody asked for: those at which the navigation, or the way to the map, enters a page."""

from __future__ import annotations

from recommender.app import resources
from tests.browser import Open, cards, map_drawn, sample_photo, settled, stays


def test_back_to_where_the_navigation_led_keeps_ones_own_photo(show: Open) -> None:
    page = show("/explore?map=pca")
    page.locator(".st-key-explore_photo button").click()
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(sample_photo())
    page.get_by_text("was placed").wait_for()
    page.get_by_role("link", name="Find similar").click()
    page.wait_for_url("**/?photo=1")
    settled(page)
    first = cards(page)
    page.get_by_role("link", name="About").click()
    page.wait_for_url("**/about**")
    settled(page)
    page.go_back()
    page.wait_for_url("**/?photo=1")
    stays(page, first)
    for _ in range(2):  # the empty address at which the navigation entered is the answer's too
        page.go_back()
        settled(page)
        if "explore" in page.url:
            break
        stays(page, first)
    page.wait_for_url("**/explore?map=pca**")
    page.get_by_text("was placed").wait_for()


def test_back_to_where_the_navigation_led_keeps_the_map(show: Open) -> None:
    page = show("/explore?map=pca&by=gender")
    map_drawn(page)
    page.get_by_role("link", name="About").click()
    page.wait_for_url("**/about**")
    settled(page)
    page.get_by_role("link", name="Explore").click()
    page.wait_for_url("**/explore?map=pca&by=gender")
    page.go_back()
    page.wait_for_url("**/explore?map=pca&by=gender")
    chart = map_drawn(page)
    assert chart.locator(".legend strong").inner_text() == "For"
    page.go_back()
    page.wait_for_url("**/about**")


def test_the_address_of_an_answer_is_no_link_to_the_map(show: Open) -> None:
    page = show(f"/?sample={sample_photo().stem}")
    asked = cards(page)[1]
    page.locator(f".st-key-found_more_{asked} button").click()
    page.wait_for_url(f"**product={asked}**")
    page.locator(f".st-key-found_card_{asked}").wait_for(state="detached")
    settled(page)
    other = cards(page)[2]
    page.locator(f".st-key-found_map_{other} button:visible").click()
    page.wait_for_url(f"**/explore?product={other}")
    map_drawn(page)
    page.go_back()
    page.wait_for_url("**/explore?sample=**")
    settled(page)
    assert page.locator(".st-key-map_pointed").get_by_text(resources.product(asked).title).count() == 0


def test_back_from_a_product_on_the_map_keeps_how_the_map_is_shown(show: Open) -> None:
    page = show("/explore?map=pca&by=gender")
    map_drawn(page)
    page.get_by_role("link", name="Find similar").click()
    page.get_by_role("radio", name="Samples").click()
    page.locator('[class*="st-key-start_sample_"] button').first.click()
    page.wait_for_url("**sample=**")
    settled(page)
    first = cards(page)[0]
    page.locator(f".st-key-found_map_{first} button:visible").click()
    page.wait_for_url(f"**/explore?map=pca&by=gender&product={first}")
    page.go_back()
    page.wait_for_url("**/explore?map=pca&by=gender")
    chart = map_drawn(page)
    assert chart.locator(".legend strong").inner_text() == "For"
