"""Two small models that were trained apart, and the one that they make."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.training.data import Pool  # noqa: E402
from recommender.training.join import join  # noqa: E402
from recommender.training.loop import train  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import finish  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402

SECOND = dataclasses.replace(
    CONFIG, widths=(8, 8, 8, 12), blocks=(0, 0, 1, 0), sizes=(), seed=8, epochs=2, text_weight=0.0
)


@pytest.fixture(scope="module")
def models(trained: tuple[HouseNet, Path], pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    first, second = (tmp_path_factory.mktemp(name) for name in ("first", "second"))
    finish(copy.deepcopy(trained[0]), pool, CONFIG, first)
    finish(train(SECOND, pool, second), pool, SECOND, second)
    return first, second


@pytest.fixture(scope="module")
def joined(models: tuple[Path, Path], pool: Pool) -> HouseNet:
    return join(models[0], models[1:], pool, CONFIG, 0.5)
