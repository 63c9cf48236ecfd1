"""A training configuration from a file: what it replaces, and what is said of a wrong one. And the curves of a run."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.errors import ConfigError, ModelError
from recommender.settings import SHIPPED_MODEL
from recommender.training.command import Ask, configured, run_folder
from recommender.training.config import SHIPPED, TrainConfig, for_catalogue
from recommender.training.config_file import read_config
from recommender.training.curves import COLOURS, draw
from recommender.training.metrics import append, keep_before, read


def written(folder: Path, text: str, name: str = "run.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_values_replace_defaults(tmp_path: Path) -> None:
    text = """
    epochs: 4           # a comment
    lr: 1e-3            # text to YAML 1.1
    size: [128, 96]
    labels: [material, "made.of"]
    loss_weights: {material: 2, kind: 0.5}
    restarts: [[2, 0.001, 0.1]]
    bf16: false
    """
    base = TrainConfig()
    found = read_config(written(tmp_path, text)).over(base)
    assert found == dataclasses.replace(
        base, epochs=4, lr=1e-3, size=(128, 96), sizes=(), labels=("material", "made.of"),
        loss_weights=(("material", 2.0), ("kind", 0.5)), restarts=((2, 0.001, 0.1),), bf16=False,
    )  # fmt: skip
    assert read_config(written(tmp_path, "")).over(base) == base


def test_the_stored_configuration_can_be_given_again(tmp_path: Path) -> None:
    for config in (TrainConfig(), for_catalogue(), dataclasses.replace(for_catalogue(True), labels=("a", "b"))):
        path = written(tmp_path, json.dumps(config.to_dict()), "config.json")
        assert read_config(path).over(TrainConfig()) == config


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("epoch: 4", "there is no setting 'epoch'. Did you mean 'epochs'?"),
        ("zebra: 4", "there is no setting 'zebra'. There are: size, widths, "),
        ("4: 4", "there is no setting 4."),
        ("epochs: four", 'epochs has to be a whole number, not "four".'),
        ("epochs: 4.5", "epochs has to be a whole number, not 4.5."),
        ("epochs: true", "epochs has to be a whole number, not true."),
        ("epochs: 0", "epochs has to be at least 1, not 0."),
        ("batch: 1", "batch has to be at least 2, not 1."),
        ("lr: fast", 'lr has to be a number, not "fast".'),
        ("lr: .nan", "lr has to be a finite number, not NaN."),
        ("lr: -1", "lr has to be from 1e-09 to 10, not -1."),
        ("mixing: 1", "mixing has to be from 0 to 0.9, not 1."),
        ("seed: 20261121190630", "seed has to be from 0 to 4294967295, not 20261121190630."),
        ("validation: 1", "validation has to be from 0 to 0.9, not 1."),
        ("weight_decay: 1e300", "weight_decay has to be from 0 to 1000"),
        ("restarts: [[0, -0.01, 0.3]]", "restarts has to be made of an epoch, an lr and a share from 0 to 1 each"),
        ("restarts: [[3, 0.01, 1.7]]", "restarts has to be made of an epoch"),
        ("restarts: [[-1, 0.01, 0.3]]", "restarts has to be made of an epoch"),
        ("restarts: [[30, 0.01, 0.3], [10, 0.01, 0.3]]", "restarts has to be a list whose epochs rise"),
        ("sizes: [[20, [80, 60]], [0, [64, 48]]]", "sizes has to be a list whose epochs rise"),
        ("sizes: [[0, [80, 60]], [0, [64, 48]]]", "sizes has to be a list whose epochs rise"),
        ("ties: titles", 'ties has to be one of designs, photos, rows, not "titles".'),
        ("bf16: 1", "bf16 has to be true or false, not 1."),
        ("loss_weights: {material: -2}", "loss_weights has to be made of weights of at least 0"),
        ("loss_weights: {2024-05-01: x}", "loss_weights has to be text, not a dict."),
        (f"lr: {'9' * 400}", "lr has to be a number"),
        ("start_from: [a]", 'start_from has to be text, not ["a"].'),
        ("labels: material", 'labels has to be a list, not "material".'),
        ("size: [96]", "size has to be made of 2 values each, not [96]."),
        ("size: [8, 8]", "size has to be at least 32 pixels high and wide, not [8, 8]."),
        ("size: [100000, 100000]", "size has to be at most 1024 pixels high and wide, not [100000, 100000]."),
        ("sizes: [[0, [64, 2000]]]", "sizes has to be at most 1024 pixels high and wide"),
        (f"dim: {10**30}", f"dim has to be at most 1000000, not {10**30}."),
        (f"near_memory: {10**21}", "near_memory has to be at most 1000000, not 1"),
        (f"widths: [8, {10**30}]", "widths has to be a list of numbers of at most 1000000, not [8, 1"),
        ("threads: 100000", "threads has to be from 1 to 256, not 100000."),
        ("threads: 0", "threads has to be from 1 to 256, not 0."),
        ("widths: []", "widths has to be a list of positive whole numbers, not []."),
        ("aspects: [7, 0]", "aspects has to be a list of positive whole numbers, not [7, 0]."),
        ("widths: [8, 8]", "widths and blocks have to be of one length"),
        ("- epochs", "has to hold settings as 'name: value'"),
        ("epochs: [", "is no YAML: "),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(written(tmp_path, text)).over(TrainConfig())
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("run.yaml")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        read_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match=r"run\.json is no JSON"):
        read_config(written(tmp_path, "epochs: 4", "run.json"))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="can't be read"):
        read_config(tmp_path / "bytes.yaml")


@pytest.mark.parametrize(("name", "text"), [("run.json", '{"epochs": 4}'), ("run.yaml", "epochs: 4")])
def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path, name: str, text: str) -> None:
    path = written(tmp_path, f"\ufeff{text}", name)
    assert configured(Ask(config=path)) == dataclasses.replace(TrainConfig(), epochs=4)


def test_what_is_asked_for_goes_before_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, f"epochs: 4\nseed: 5\nlabels: [gender]\nstart_from: {SHIPPED_MODEL}")
    found = configured(Ask(catalogue="demo", config=path, epochs=2))
    assert (found.epochs, found.seed, found.labels, found.start_from) == (2, 5, ("gender",), str(SHIPPED_MODEL))
    assert found.lr == for_catalogue().lr
    # The shape is that of the weights that are taken up, and of no others.
    assert found.beside == configured(Ask(catalogue="demo")).beside != ()
    there = found
    found = configured(Ask(catalogue="demo", config=path, labels=["usage"], seed=0, from_scratch=True))
    assert (found.epochs, found.seed, found.labels, found.start_from) == (4, 0, ("usage",), "")
    assert found.beside == ()
    # A joined network that nobody taught is none: the file of a run that went on from one is told so.
    warm = dataclasses.replace(configured(Ask(catalogue="demo")), aspects=(3, 4))
    again = written(tmp_path, json.dumps(warm.to_dict()), "config.json")
    said: list[str] = []
    assert configured(Ask(catalogue="demo", config=again), said.append) == warm
    assert said == []
    found = configured(Ask(catalogue="demo", config=again, from_scratch=True), said.append)
    assert found == dataclasses.replace(warm, start_from="", beside=(), aspects=())
    assert [line.split(" of ")[0] for line in said] == ["From scratch, beside and aspects"]
    assert configured(Ask(catalogue="demo")).start_from == SHIPPED
    more = configured(Ask(catalogue="demo", config=written(tmp_path, "blocks: [0, 3, 3, 1]", "more.yaml")))
    assert (more.blocks, more.widths, more.beside) == ((0, 3, 3, 1), there.widths, there.beside)
    with pytest.raises(ModelError, match="can't be used: it is missing"):
        configured(Ask(catalogue="demo", config=written(tmp_path, "start_from: none")))
    back = written(tmp_path, f"keep_start: 0.5\nteacher: {SHIPPED_MODEL}\nstart_from: {SHIPPED_MODEL}", "back.yaml")
    with pytest.raises(ConfigError, match="keep_start can't be used with a teacher"):
        configured(Ask(config=back))
    matching = written(tmp_path, f"matching: 5\nstart_from: {SHIPPED_MODEL}")
    assert configured(Ask(config=matching)).matching == 5
    for ask in (Ask(config=matching, from_scratch=True), Ask(config=written(tmp_path, "matching: 5", "other.yaml"))):
        with pytest.raises(ConfigError, match="matching needs a teacher or start_from"):
            configured(ask)
    assert configured(Ask()) == TrainConfig()
    assert run_folder(Ask(catalogue="a/mine.parquet")) == Path("runs/mine")
    assert run_folder(Ask()) == Path("runs/house")


# ---------------------------------------------------------------- metrics and curves


def line(epoch: int, **accuracy: float) -> dict[str, Any]:
    return {"epoch": epoch, "loss": 8.0 - epoch, "validation_loss": 7.0 - epoch / 2, "accuracy": accuracy}


def test_lines_are_kept_up_to_an_epoch(tmp_path: Path) -> None:
    assert read(tmp_path) == []
    for epoch in range(4):
        append(tmp_path, line(epoch, größe=0.5))
    with (tmp_path / "metrics.jsonl").open("a") as lines:
        lines.write('{"epoch": 4, "lo')
    assert [entry["epoch"] for entry in read(tmp_path)] == [0, 1, 2, 3]
    keep_before(tmp_path, 2)
    assert read(tmp_path) == [line(0, größe=0.5), line(1, größe=0.5)]
    assert (tmp_path / "curves.png").is_file()


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\r", "\x0b"])
def test_a_column_may_be_called_what_ends_a_line(tmp_path: Path, end: str) -> None:
    lines = [line(epoch, **{f"made{end}of": 0.5}) for epoch in range(3)]
    for one in lines:
        append(tmp_path, one)
    assert read(tmp_path) == lines
    keep_before(tmp_path, 2)
    assert read(tmp_path) == lines[:2]


def places(lines: list[dict[str, Any]], colour: tuple[int, int, int]) -> np.ndarray:
    """(n, 2) rows and columns of the pixels of a colour on the right half, left of the legend."""
    pixels = np.asarray(draw(lines))
    half = pixels.shape[1] // 2
    found = np.argwhere((pixels[:, half:] == colour).all(2))
    return found[found[:, 1] < 2 * 420]


def test_curves_rise_where_the_accuracy_rises() -> None:
    lines = [line(epoch, up=0.2 + 0.1 * epoch, down=0.9 - 0.1 * epoch) for epoch in range(6)]
    for colour, sign in ((COLOURS[0], -1), (COLOURS[1], 1)):
        found = places(lines, colour)
        assert np.sign(np.corrcoef(found.T)[0, 1]) == sign
        assert np.ptp(found[:, 1]) > 600


@pytest.mark.parametrize("lines", [[], [line(0, a=1.0)], [{"epoch": 0, "loss": float("nan")}], [line(0), line(1)]])
def test_curves_of_nearly_nothing(lines: list[dict[str, Any]]) -> None:
    assert draw(lines).size == draw([]).size


def test_many_columns_fit() -> None:
    draw([line(epoch, **{f"a column with a long name {n}": n / 40 for n in range(40)}) for epoch in range(3)])
