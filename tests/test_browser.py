"""The app in a real browser: Debian's Chromium, driven by Playwright. Skipped where there is none."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from recommender.app import resources

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements-dev.txt)")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
SAMPLES = ROOT / "assets" / "samples"
OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
PATIENCE = 60_000
GALLERY = '[class*="st-key-found_card_"]'

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"There is no {CHROMIUM}: apt-get install chromium")

Open = Callable[..., "playwright.Page"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as the README says but on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("streamlit") / "log.txt"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "streamlit_app.py",
        "--server.headless=true",
        "--server.fileWatcherType=none",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"], cwd=ROOT, stdout=out, stderr=out, env=os.environ | {"NO_COLOR": "1"}
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The app did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[playwright.Browser]:
    """Chromium with a camera that shows the first sample."""
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    with Image.open(_photo()) as picture:
        frame = ImageOps.pad(ImageOps.exif_transpose(picture).convert("RGB"), (640, 480), color="white")
    still = io.BytesIO()
    frame.save(still, "JPEG", quality=90)
    film.write_bytes(still.getvalue() * 30)
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=[*OPTIONS, f"--use-file-for-fake-video-capture={film}"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def window(browser: playwright.Browser) -> Iterator[playwright.BrowserContext]:
    """One context for all tests, so that the app's scripts are loaded once."""
    with browser.new_context(permissions=["camera"]) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def show(server: str, window: playwright.BrowserContext) -> Iterator[Open]:
    """Open the app in a fresh page; ``show(path, width=…, theme=…)`` gives it."""
    pages = []

    def opened(path: str = "/", *, width: int = 1280, theme: str = "light") -> playwright.Page:
        page = window.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(server + path)
        page.get_by_role("heading").first.wait_for()
        _settled(page)
        return page

    yield opened
    for page in pages:
        page.close()


def _photo() -> Path:
    return sorted(SAMPLES.glob("*.jpg"))[0]


def _cards(page: playwright.Page) -> list[str]:
    """Ids of the products in the gallery."""
    page.locator(GALLERY).first.wait_for()
    classes = page.locator(GALLERY).evaluate_all("cards => cards.map(card => card.className)")
    return [re.search(r"st-key-found_card_(\S+)", name)[1] for name in classes]


def _settled(page: playwright.Page) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def _sideways(page: playwright.Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .map(part => part.scrollWidth - part.clientWidth))"""
    )


def test_upload(show: Open) -> None:
    page = show()
    page.locator('input[type="file"]').set_input_files(_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    assert len(_cards(page)) >= 12
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
    assert len(_cards(page)) >= 12


def _only_red(page: playwright.Page) -> None:
    page.get_by_role("button", name="Colour").click()
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Red", exact=True).click()
    page.wait_for_url("**colour=Red**")
    _settled(page)


def _goes_on_without_colour(page: playwright.Page, product: str) -> None:
    """The next click counts, and brings back no filter."""
    page.locator(f".st-key-found_more_{product} button").click()
    page.wait_for_url(f"**product={product}**")
    _settled(page)
    assert "colour" not in page.url


def test_filter(show: Open) -> None:
    page = show(f"/?sample={_photo().stem}")
    before = _cards(page)
    _only_red(page)
    assert _cards(page) != before
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function("!location.search.includes('colour')")
    _settled(page)
    assert _cards(page) == before
    # What the closed chip held must not come back with the next click, nor cost that click.
    _goes_on_without_colour(page, before[1])


def test_a_filter_that_back_lifts_stays_lifted(show: Open) -> None:
    page = show(f"/?sample={_photo().stem}")
    before = _cards(page)
    _only_red(page)
    gone = [one for one in before if one not in _cards(page)][-1]
    page.keyboard.press("Escape")
    page.go_back()
    page.wait_for_function("!location.search.includes('colour')")
    page.locator(f".st-key-found_more_{gone}").wait_for()
    _settled(page)
    assert _cards(page) == before
    _goes_on_without_colour(page, before[1])


def test_details_open_and_lead_on(show: Open) -> None:
    page = show(f"/?sample={_photo().stem}")
    first = _cards(page)[0]
    page.locator(f".st-key-found_details_{first} button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(f"No. {first}").wait_for()
    dialog.get_by_role("button", name="More like this").click()
    page.wait_for_url(f"**product={first}**")
    dialog.wait_for(state="hidden")
    _settled(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('product')")
    _settled(page)
    assert "sample" in page.url
    assert _cards(page)[0] == first


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
    chooser.set_input_files(_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    assert len(_cards(page)) >= 12


def test_another_photo_from_the_answer(show: Open) -> None:
    page = show(f"/?sample={_photo().stem}")
    _cards(page)
    page.get_by_role("button", name="New photo").click()
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(_photo())
    page.get_by_text("Your photo", exact=True).wait_for()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.wait_for_function("!location.search.includes('sample')")


@pytest.mark.parametrize("path", ["/", "/?sample={sample}", "/about"])
def test_a_phone_never_scrolls_sideways(show: Open, path: str) -> None:
    page = show(path.format(sample=_photo().stem), width=390)
    assert _sideways(page) <= 0


def test_a_phone_has_two_cards_a_row_and_a_desktop_more(show: Open) -> None:
    rows = {}
    for width in (390, 1280, 1920):
        page = show(f"/?sample={_photo().stem}", width=width)
        _cards(page)
        _settled(page)
        tops = page.locator(GALLERY).evaluate_all("cards => cards.map(card => card.getBoundingClientRect().top)")
        rows[width] = sum(abs(top - tops[0]) < 2 for top in tops)
    assert rows[390] == 2
    assert 4 <= rows[1280] < rows[1920]


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_both_themes(show: Open, theme: str, dark: bool) -> None:
    page = show(theme=theme)
    colour = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    assert (red + green + blue < 3 * 80) is dark


def test_nothing_is_fetched_from_elsewhere(show: Open, window: playwright.BrowserContext, server: str) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    _cards(show(f"/?sample={_photo().stem}"))
    assert asked
    # Pictures made in the page itself have data: and blob: addresses.
    assert [one for one in asked if not one.startswith((server, "data:", "blob:"))] == []
