"""What the documents say to type is there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from recommender.catalog import load_catalog
from recommender.settings import ROOT

SAYING = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "recommender" / "cli").glob("*.py")),
]
PRODUCT = re.compile(r"(?:recommender similar |[?&]product=)(\d+)")


def test_products_are_named() -> None:
    assert sum(len(PRODUCT.findall(path.read_text(encoding="utf-8"))) for path in SAYING) >= 3


@pytest.mark.parametrize("path", SAYING, ids=lambda path: path.name)
def test_named_products_are_in_the_demo(path: object) -> None:
    ids = set(load_catalog("demo").ids)
    assert set(PRODUCT.findall(path.read_text(encoding="utf-8"))) <= ids  # type: ignore[attr-defined]


def test_benchmarks_start_as_the_documents_say() -> None:
    said = {
        name
        for path in [*SAYING, *sorted((ROOT / "benchmarks").glob("*.py"))]
        for name in re.findall(r"python -m (benchmarks\.\w+)", path.read_text(encoding="utf-8"))
    }
    assert said == {f"benchmarks.{path.stem}" for path in (ROOT / "benchmarks").glob("*.py")}
    for name in sorted(said):
        found = subprocess.run(
            [sys.executable, "-c", f"import {name}"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stderr


def test_what_the_documents_do_not_say() -> None:
    assert "python benchmarks/" not in "".join(path.read_text(encoding="utf-8") for path in SAYING)
