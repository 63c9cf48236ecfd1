"""A catalogue with columns of its own, and a model that the command line trained on it."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")


from recommender.catalog import Catalog, from_table  # noqa: E402
from recommender.cli import main  # noqa: E402
from recommender.training.catalogue import pool_of  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from tests import drawn  # noqa: E402

SMALL = {
    "size": [40, 32],
    "widths": [8, 8, 12, 12],
    "blocks": [0, 1, 0, 0],
    "dim": 16,
    "epochs": 3,
    "batch": 16,
    "lr": "5e-3",
    "text_width": 8,
    "text_hidden": 16,
    "text_memory": 16,
    "validation": 0.3,
}
CONFIG = dataclasses.replace(TrainConfig(), size=(40, 32), validation=0.3)


def catalogue(entries: list[dict[str, Any]], name: str = "mine") -> Catalog:
    return from_table(drawn.table(entries), name)


def own(copies: int = 2) -> list[dict[str, Any]]:
    """Products with columns that no other catalogue has, some with a name that torch can't take."""
    entries = []
    for number, row in enumerate(drawn.rows(copies)):
        made = {"Apparel": "Cotton", "Footwear": "Leather", "Accessories": "Felt"}[row["masterCategory"]]
        entries.append(
            {
                "id": row["id"],
                "image": row["image"],
                "productDisplayName": row["productDisplayName"],
                "made.of": None if number % 9 == 0 else made,
                "type": row["articleType"],
                "boxed": row["masterCategory"] == "Footwear",
            }
        )
    return entries


def read(entries: list[dict[str, Any]], **changes: Any) -> tuple[Pool, list[str]]:
    said: list[str] = []
    return pool_of(catalogue(entries), dataclasses.replace(CONFIG, **changes), said.append), said


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Status, stdout and stderr of a command."""
    before, sys.argv = sys.argv, ["recommender", *map(str, arguments)]
    try:
        main()
    except SystemExit as left:
        status = int(left.code or 0)
    finally:
        sys.argv = before
    return (status, *capsys.readouterr())


@pytest.fixture(scope="session")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn.write(tmp_path_factory.mktemp("own") / "mine.parquet", own())


@pytest.fixture(scope="session")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "run.json"
    path.write_text(json.dumps(SMALL))
    return path


@pytest.fixture(scope="session")
def own_run(own_table: Path, own_settings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a run by the command line, with the model in its folder ``model``."""
    run = tmp_path_factory.mktemp("run")
    arguments = [
        "train",
        "-c",
        own_table,
        "--from-scratch",
        "--config",
        own_settings,
        "--run",
        run,
        "--out",
        run / "model",
    ]
    before, sys.argv = sys.argv, ["recommender", *map(str, arguments)]
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        sys.argv = before
    assert not left.value.code
    return run
