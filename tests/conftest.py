"""What several tests share: a workspace of their own, and shops that are opened once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from recommender.catalog import Catalog, load_catalog
from recommender.service import Recommender
from recommender.settings import ROOT, Settings
from tests import drawn

# Their asserts explain themselves as those of a test module do.
pytest.register_assert_rewrite(
    "tests.browser", "tests.training_fixtures", "tests.training_joined", "tests.training_own"
)

from tests.browser import browser, server, show, window  # noqa: E402, F401  (fixtures)


@pytest.fixture(scope="session", autouse=True)
def own_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the workspace of whoever runs it; subprocesses inherit this one."""
    folder = tmp_path_factory.mktemp("workspace")
    before = {name: os.environ.get(name) for name in ("RECOMMENDER_WORKSPACE", "PYTHONPATH")}
    os.environ["RECOMMENDER_WORKSPACE"] = str(folder)
    os.environ["PYTHONPATH"] = str(ROOT)
    yield folder
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def drawn_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet table of 108 drawn products."""
    return drawn.write(tmp_path_factory.mktemp("catalogues") / "drawn.parquet")


@pytest.fixture(scope="session")
def drawn_catalogue(drawn_path: Path) -> Catalog:
    return load_catalog(drawn_path)


@pytest.fixture(scope="session")
def shop(drawn_catalogue: Catalog) -> Recommender:
    """The drawn catalogue behind the shipped model."""
    return Recommender.open(drawn_catalogue)


@pytest.fixture(scope="session")
def demo() -> Recommender:
    """The shipped catalogue behind the shipped model."""
    return Recommender.open()


@pytest.fixture
def opened(drawn_catalogue: Catalog, tmp_path: Path) -> Callable[..., Recommender]:
    """Opens the drawn catalogue, or another one, with a workspace of the test's own; again and again the same one."""

    def make(catalogue: Catalog | Path = drawn_catalogue, encoder: str = "colour") -> Recommender:
        return Recommender.open(catalogue, encoder, Settings(workspace=tmp_path / "workspace"))

    return make


@pytest.fixture
def photo() -> bytes:
    """A drawn T-shirt that is in no catalogue, as a file."""
    return drawn.jpeg(drawn.draw("Tshirts", "Red", 999, size=(240, 320)))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def unit_rows(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """(n, d) float32 of unit length in random directions."""
    vectors = rng.normal(size=(n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
