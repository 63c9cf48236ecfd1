"""How long the map of a large catalogue takes in Chromium with WebGL in software: drawn, recoloured, selected, moved.

    python -m benchmarks.map_page products.parquet [rounds]

The table is embedded and its PCA map computed first where that has not been done before. Needs Chromium and the
packages of requirements-dev.txt.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, sync_playwright

from benchmarks.startup import FLAGS, free_port
from recommender.atlas import Atlas
from recommender.service import Recommender
from recommender.settings import ROOT

PATIENCE = 120_000  # milliseconds
MAP = 'iframe[src*="map_plot.map"]'
CARD = '[class*="st-key-mapped_card_"]'
BOUNDS = {
    "points drawn (s)": 3.0,
    "coloured anew (s)": 3.0,
    "lasso to gallery (s)": 3.0,
    # Ten pictures a second are the fewest that the eye takes for motion.
    "panning, median frame (ms)": 100,
    "panning, slowest of twenty frames (ms)": 100,
    "zooming, median frame (ms)": 100,
    "zooming, slowest of twenty frames (ms)": 100,
    "drawn sharp after the hand has rested (ms)": 1000,
}
# From now until what is seen is what is drawn, and is on the screen.
SHARP = """() => new Promise((done) => {
  const [began, inner] = [performance.now(), document.querySelector('.inner')];
  const wait = () => requestAnimationFrame((now) => {
    if (inner.classList.contains('moving')) wait();
    else requestAnimationFrame(() => requestAnimationFrame((then) => done(then - began)));
  });
  wait();
})"""
# When each frame that followed a change of the view was shown: what does not move the points is no motion.
WATCH = """() => {
  const plot = document.querySelector('.plot');
  const seen = window.seenFrames = [];
  window.watching = true;
  let view = null;
  const frame = (now) => {
    if (!window.watching) return;
    const { xaxis, yaxis } = plot._fullLayout;
    const present = [...xaxis.range, ...yaxis.range, plot.style.transform].join();
    if (present !== view) seen.push(now);
    view = present;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
# The app opens the shipped catalogue: here the same app opens another one.
APP = """
import runpy
from functools import partial
from recommender.service import Recommender
if not isinstance(Recommender.open, partial):
    Recommender.open = partial(Recommender.open, {table!r})
runpy.run_path({app!r})
"""


def once(page: Page, address: str) -> dict[str, float]:
    """Open the map in a fresh page, change its colours, and draw a lasso around the middle of it."""
    page.goto(f"{address}/explore?map=pca&by=subCategory")
    map_ = page.frame_locator(MAP)
    body = map_.locator("body")
    map_.locator("body[data-drawn]").wait_for(state="attached")
    # From the first byte of the map's own page, plotly.js and the data included.
    drawn = body.evaluate("() => performance.getEntriesByName('drawn')[0].startTime / 1000")
    page.get_by_role("combobox", name="Colour by").click()
    before = body.get_attribute("data-drawn")
    started = time.perf_counter()
    page.get_by_role("option", name="Colour", exact=True).click()
    map_.locator(f"body:not([data-drawn='{before}'])").wait_for(state="attached")
    coloured = time.perf_counter() - started
    return {
        "points drawn (s)": drawn,
        "coloured anew (s)": coloured,
        **motion(page, map_),
        "lasso to gallery (s)": lasso(page, map_),
        "points": body.evaluate("() => document.querySelector('.plot').data.reduce((n, t) => n + t.x.length, 0)"),
    }


def motion(page: Page, map_: FrameLocator) -> dict[str, float]:
    """Milliseconds between frames that show the points elsewhere, while a hand drags the map and turns the wheel."""
    body = map_.locator("body")
    box = map_.locator(".plot").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def times(of: str, act: Callable[[int], None], steps: int) -> dict[str, float]:
        body.evaluate(WATCH)
        for step in range(steps):
            act(step)
            page.wait_for_timeout(1000 / 60)
        seen = body.evaluate("() => { window.watching = false; return window.seenFrames; }")
        gaps = [after - before for before, after in pairwise(seen)]
        slow = statistics.quantiles(gaps, n=20)[-1]
        return {f"{of}, median frame (ms)": statistics.median(gaps), f"{of}, slowest of twenty frames (ms)": slow}

    page.mouse.move(x, y)
    page.mouse.down()
    panned = times("panning", lambda i: page.mouse.move(x + 3 * (i % 60), y + 2 * (i % 60)), 120)
    page.mouse.up()
    zoomed = times("zooming", lambda i: page.mouse.wheel(0, -30 if i < 60 else 30), 120)
    return {**panned, **zoomed, "drawn sharp after the hand has rested (ms)": body.evaluate(SHARP)}


def lasso(page: Page, map_: FrameLocator) -> float:
    """Seconds from letting go of the mouse to the first card of the gallery."""
    map_.get_by_role("button", name="Lasso").click()
    box = map_.locator(".plot").bounding_box()
    assert box
    x, y, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 90
    page.mouse.move(x + radius, y)
    page.mouse.down()
    for step in range(1, 31):
        angle = 2 * math.pi * step / 30
        page.mouse.move(x + radius * math.cos(angle), y + radius * math.sin(angle))
    started = time.perf_counter()
    page.mouse.up()
    page.locator(CARD).first.wait_for()
    return time.perf_counter() - started


def main(table: str, rounds: int) -> None:
    Atlas(Recommender.open(table)).map("pca")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "app.py"
        script.write_text(APP.format(table=str(Path(table).resolve()), app=str(ROOT / "streamlit_app.py")))
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
        server = subprocess.Popen(
            [*command, f"--server.port={port}"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            found = visits(f"http://localhost:{port}", rounds)
        finally:
            server.kill()
            server.wait()
    print(f"{found[0]['points']:,.0f} points")
    for what, bound in BOUNDS.items():
        median = statistics.median(one[what] for one in found)
        print(f"{what}: median {median:.2f}, {median / bound:.2f} of the bound {bound:g}")


def visits(address: str, rounds: int) -> list[dict[str, float]]:
    """Wait for the server, and go there; the first visit opens the catalogue and does not count."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    found = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for _ in range(rounds + 1):
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(PATIENCE)
            found.append(once(page, address))
            page.close()
    return found[1:]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
