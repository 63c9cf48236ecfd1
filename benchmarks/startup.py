"""From `streamlit run` to a page that answers, to the first recommendation, and the memory it takes.

    python -m benchmarks.startup [rounds]

Needs Chromium and the packages of requirements-dev.txt.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import psutil
from playwright.sync_api import Page, sync_playwright

from recommender.settings import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CARD = '[class*="st-key-found_card_"]'
PATIENCE = 30_000  # milliseconds
BOUNDS = {"page (s)": 4.0, "first recommendation (s)": 1.0, "resident memory (MB)": 600.0}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def once(page: Page) -> dict[str, float]:
    """Start a server, open the page, choose a sample photo, and stop it again."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless=true"]
    started = time.perf_counter()
    server = subprocess.Popen(
        [*command, f"--server.port={port}"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - started < PATIENCE / 1000:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.02)
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("heading", name="Find it by photo").wait_for()
        answered = time.perf_counter()
        page.goto(f"http://127.0.0.1:{port}/?sample={SAMPLE}")
        page.locator(CARD).first.wait_for()
        recommended = time.perf_counter()
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
    finally:
        page.close()
        server.kill()
        server.wait()
    return {
        "page (s)": answered - started,
        "first recommendation (s)": recommended - answered,
        "resident memory (MB)": memory,
    }


SAMPLE = next(path.stem for path in sorted((ROOT / "assets" / "samples").glob("*.jpg")))


def main(rounds: int) -> None:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        found = []
        for _ in range(rounds):
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            found.append(once(page))
    for what, bound in BOUNDS.items():
        median = statistics.median(one[what] for one in found)
        print(f"{what}: median {median:.2f}, {median / bound:.2f} of the bound {bound:g}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
