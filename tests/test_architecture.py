"""The floors of the house: what may import what, read from the sources and tried in fresh interpreters."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.settings import ROOT

# A module imports from floors below its own; modules of one package, and of the same floor where it says so, too.
FLOORS = {
    "errors": 0, "settings": 0, "registry": 0, "results": 0, "files": 0, "jobs": 0, "threads": 0,
    "catalog": 1, "images": 1,
    "encoders": 2, "classifiers": 2, "text": 2, "reduction": 2, "clustering": 2,
    "index": 3, "training": 3, "evaluation": 3, "maps": 3, "studio": 3, "models": 3, "vectors": 3,
    "service": 4, "workspace": 4, "embedding": 4, "atlas": 4,
    "app": 5, "cli": 5,
    "__main__": 6, "streamlit_app": 6,
}  # fmt: skip
# On these floors the modules are there for each other; on the others they are siblings that don't know of each other.
TOGETHER = {0, 3, 4, 6}
SOURCES = sorted(path for path in (ROOT / "recommender").rglob("*.py")) + [
    path for path in [ROOT / "streamlit_app.py"] if path.is_file()
]


def part(path: Path) -> str:
    """The module or package right below ``recommender`` that a file belongs to."""
    inside = path.relative_to(ROOT).parts
    return Path(inside[1] if inside[0] == "recommender" else inside[0]).stem


def imports(source: str, package: str = "") -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that a source imports, wherever in it; relative names are made absolute."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            # "from recommender import service" names a module only in its second half.
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def wrong(home: str, name: str) -> str | None:
    """Why a module of the part ``home`` must not import ``name``; None where it may."""
    steps = name.split(".")
    if steps[0] == "streamlit" and FLOORS[home] < 5:
        return f"{name} on floor {FLOORS[home]}"
    if steps[0] != "recommender" or len(steps) < 2 or steps[1] == home:
        return None
    if steps[1] not in FLOORS:
        return None if steps[1] in ("__version__", "Recommender") else f"{steps[1]} has no floor"
    above, own = FLOORS[steps[1]], FLOORS[home]
    if above > own:
        return f"{name} on floor {above} from floor {own}"
    return f"{name}, a sibling of {home}" if above == own and own not in TOGETHER else None


def test_every_module_has_a_floor() -> None:
    assert len(SOURCES) > 40
    assert {part(path) for path in SOURCES} - {"__init__"} <= set(FLOORS)


def test_no_import_goes_up() -> None:
    found = []
    for path in SOURCES:
        home = part(path)
        if home == "__init__":
            continue
        package = ".".join(path.relative_to(ROOT).parts[:-1])
        for line, name in imports(path.read_text(encoding="utf-8"), package):
            reason = wrong(home, name)
            if reason:
                found.append(f"{path.relative_to(ROOT)}:{line}: {reason}")
    assert found == []


@pytest.mark.parametrize(
    ("home", "source"),
    [
        ("catalog", "from recommender.encoders import ENCODERS"),
        ("catalog", "def late():\n    import recommender.index.hnsw"),
        ("images", "from recommender.catalog import load_catalog"),
        ("encoders", "from recommender.classifiers.base import softmax"),
        ("encoders", "from ..index import INDEXES"),
        ("index", "from recommender import service"),
        ("service", "import streamlit as st"),
        ("service", "from streamlit import session_state"),
        ("service", "from recommender.app.state import State"),
        ("evaluation", "from recommender.surprise import Box"),
    ],
)
def test_the_check_finds_what_is_wrong(home: str, source: str) -> None:
    assert [reason for _, name in imports(source, f"recommender.{home}") if (reason := wrong(home, name))]


@pytest.mark.parametrize(
    ("home", "source"),
    [
        ("service", "from recommender.workspace import Workspace"),
        ("training", "from recommender.catalog.patterns import PATTERNS"),
        ("app", "import streamlit\nfrom recommender.service import Recommender\nfrom recommender import __version__"),
        ("catalog", "from .filters import select\nfrom recommender.errors import FilterError"),
    ],
)  # fmt: skip
def test_the_check_lets_through_what_is_right(home: str, source: str) -> None:
    assert not [name for _, name in imports(source, f"recommender.{home}") if wrong(home, name)]


def loaded(code: str) -> set[str]:
    """Top-level packages that are loaded after some code has run in a fresh interpreter."""
    code = textwrap.dedent(code) + "\nimport sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("LOADED ")[1].split())


HEAVY = {"torch", "torchvision", "timm", "sklearn", "scipy", "streamlit", "matplotlib", "onnx", "IPython"}


def test_a_search_loads_neither_torch_nor_timm(drawn_path: Path) -> None:
    found = loaded(
        f"""
        from PIL import Image
        from recommender.service import Recommender
        shop = Recommender.open({str(drawn_path)!r})
        photo = Image.new("RGB", (60, 80), "red")
        assert shop.recommend(photo, 3, {{"gender": "Men"}}, "articleType").products
        assert len(shop.similar_to("1000", 3).products) == 3
        """
    )
    assert "onnxruntime" in found
    assert not found & HEAVY


def test_the_package_alone_loads_next_to_nothing() -> None:
    assert not loaded("import recommender, recommender.cli") & (HEAVY | {"numpy", "pandas", "pyarrow", "onnxruntime"})
