"""What the tests in a real browser share: Debian's Chromium, driven by Playwright. They skip where there is none."""

from __future__ import annotations

import io
import math
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
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageOps

from recommender.settings import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page

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
SHOWS = """([gallery, cards]) => [...document.querySelectorAll(gallery)]
    .map(card => card.className.match(/st-key-found_card_(\\S+)/)[1]).join() === cards.join()"""
MAP = 'iframe[src*="map_plot.map"]'
CARD = '[class*="st-key-mapped_card_"]'
# Pixel (x, y) of a row in the window of the map's own page.
PIXEL = """(_, row) => {
    const place = document.querySelector('.plot'), box = place.getBoundingClientRect();
    const {xaxis, yaxis} = place._fullLayout;
    const trace = place.data[2];
    return [box.left + xaxis.l2p(trace.x[row]), box.top + yaxis.l2p(trace.y[row])];
}"""

# The map itself, which its page keeps to itself, as ``window.caught``.
CATCH = """() => {
    const { pick } = EmbeddingMap.prototype;
    EmbeddingMap.prototype.pick = function (tool) { window.caught = this; pick.call(this, tool); };
    document.querySelector('[data-name="pan"]').click();
}"""

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a camera that shows the first sample."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements-dev.txt)")
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: apt-get install chromium")
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    with Image.open(sample_photo()) as picture:
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
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all tests, so that the app's scripts are loaded once."""
    with browser.new_context(permissions=["camera"]) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as the README says but on a free port, and only where there is a browser."""
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


@pytest.fixture
def show(server: str, window: BrowserContext) -> Iterator[Open]:
    """Open the app in a fresh page; ``show(path, width=…, height=…, theme=…)`` gives it."""
    pages = []

    def opened(path: str = "/", *, width: int = 1280, height: int = 900, theme: str = "light") -> Page:
        page = window.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        page.goto(server + path)
        page.get_by_role("heading").first.wait_for()
        settled(page)
        return page

    yield opened
    for page in pages:
        page.close()


def sample_photo() -> Path:
    """The first of the shipped samples, which the camera shows too."""
    return sorted(SAMPLES.glob("*.jpg"))[0]


def settled(page: Page) -> None:
    """Wait until the app's script has run to its end."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def counted(found: Locator, count: int) -> None:
    """Wait until there are so many of these."""
    from playwright.sync_api import expect

    expect(found).to_have_count(count)


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
            .map(part => part.scrollWidth - part.clientWidth))"""
    )


def cards(page: Page) -> list[str]:
    """Ids of the products in the gallery."""
    page.locator(GALLERY).first.wait_for()
    classes = page.locator(GALLERY).evaluate_all("cards => cards.map(card => card.className)")
    return [re.search(r"st-key-found_card_(\S+)", name)[1] for name in classes]


def stays(page: Page, ids: list[str]) -> None:
    """Wait until the gallery holds these, and see that it keeps them."""
    # The first card alone is no sign: it may stand in the answer before, too.
    page.wait_for_function(SHOWS, arg=[GALLERY, ids])
    settled(page)
    assert cards(page) == ids


def map_drawn(page: Page) -> FrameLocator:
    """The map's own page, once everything is drawn."""
    chart = page.frame_locator(MAP)
    chart.locator("body[data-drawn]").wait_for(state="attached")
    settled(page)
    return chart


def place_of(page: Page, chart: FrameLocator, row: int) -> tuple[float, float]:
    """Where a row is in the browser's window."""
    frame = page.locator(MAP).bounding_box()
    assert frame
    x, y = chart.locator("body").evaluate(PIXEL, row)
    return frame["x"] + x, frame["y"] + y


def circle(page: Page, middle: tuple[float, float], radius: float) -> None:
    """Draw round a place with the mouse held down."""
    turns = [2 * math.pi * step / 24 for step in range(25)]
    path = [(middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)) for turn in turns]
    page.mouse.move(*path[0])
    page.mouse.down()
    for x, y in path[1:]:
        page.mouse.move(x, y)
    page.mouse.up()
