"""Training on a catalogue of one's own: what is learnt from it, what is said of it, and the run."""

from __future__ import annotations

import dataclasses
import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from PIL import Image  # noqa: E402

from recommender.errors import CatalogError  # noqa: E402
from recommender.training.catalogue import pool_of  # noqa: E402
from recommender.training.groups import COMMON  # noqa: E402
from recommender.training.network import TextNet  # noqa: E402
from recommender.training.words import Words  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_own import CONFIG, call, catalogue, own, read  # noqa: E402

pytest_plugins = ("tests.training_own",)

# ---------------------------------------------------------------- what is learnt


def test_the_columns_that_sort_products_are_learnt() -> None:
    entries = drawn.rows(2)
    pool, said = read(entries)
    kinds = {"masterCategory", "subCategory", "articleType", "gender", "baseColour", "season"}
    assert set(pool.columns) == {*kinds, "brand", "isFragile"}
    # Two copies have no stripes, and all are for casual use.
    assert "The column 'usage' is left out: its only value is 'Casual', so there is nothing to tell apart." in said
    assert any(line.startswith("The column 'pattern' is left out") for line in said)
    assert pool.ids.tolist() == [entry["id"] for entry in entries]
    assert [pool.classes["articleType"][i] for i in pool.labels["articleType"]] == [e["articleType"] for e in entries]
    assert pool.classes["isFragile"] == ["No", "Yes"]
    assert pool.titles[3] == entries[3]["productDisplayName"]
    assert pool.small.shape == (72, 40, 32, 3)
    assert 0 < pool.validation.mean() < 0.6
    for group in np.unique(pool.groups):
        assert len(set(pool.validation[pool.groups == group].tolist())) == 1


def test_what_is_held_back_does_not_depend_on_the_size_that_is_learnt() -> None:
    small, large = (
        pool_of(catalogue(own(3)), dataclasses.replace(CONFIG, size=size), str) for size in ((40, 32), (128, 96))
    )
    assert large.small.shape[1:3] == (128, 96)
    np.testing.assert_array_equal(small.groups, large.groups)
    np.testing.assert_array_equal(small.validation, large.validation)


def test_the_named_columns_are_learnt_numbers_too() -> None:
    entries = [drawn.changed(entry, year=float(entry["year"])) for entry in drawn.rows(2)]
    pool, said = read(entries, labels=("year", "gender"))
    assert pool.columns == ("year", "gender")
    assert pool.classes["year"] == ["2010", "2011", "2012", "2013", "2014"]
    assert said == []


def test_missing_labels_and_titles_are_unknown() -> None:
    entries = own()
    entries[4] = drawn.changed(entries[4], productDisplayName=None)
    pool, _ = read(entries)
    assert set(pool.columns) == {"made.of", "type", "boxed"}
    assert (pool.labels["made.of"] == -1).sum() == 8
    assert pool.titles[4] == ""
    # Products without a title are not one product for that.
    bare = [{key: value for key, value in entry.items() if key != "productDisplayName"} for entry in own()]
    pool, said = read(bare)
    assert len(np.unique(pool.groups)) > 40
    assert [line.split(",")[0] for line in said] == ["There are no titles in Latin letters (column productDisplayName)"]
    assert "find goes by" in said[0]
    assert "can't be searched" not in said[0]


def test_titles_of_another_script_tie_products_and_teach_no_words() -> None:
    names = ["Рубашка " + "абвгдежзик"[n % 10] * (n // 10 + 1) for n in range(72)]
    names[1] = names[40]
    pool, said = read([drawn.changed(entry, productDisplayName=name) for entry, name in zip(own(), names, strict=True)])
    assert pool.groups[1] == pool.groups[40]
    assert len(np.unique(pool.groups)) > 40
    assert not any(pool.titles)
    assert [line.split(",")[0] for line in said] == ["There are no titles in Latin letters (column productDisplayName)"]


def test_one_long_title_does_not_fill_the_memory() -> None:
    entries = own()
    entries[7] = drawn.changed(entries[7], productDisplayName="endless " * 100_000)
    pool, _ = read(entries)
    tracemalloc.start()
    Words(TextNet(8, 8, 8), pool, CONFIG)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_title_that_many_have_makes_them_no_twins() -> None:
    many = [drawn.changed(entry, productDisplayName="Shirt") for entry in own()]
    few = [drawn.changed(entry, productDisplayName=f"Shirt {n // (COMMON // 2)}") for n, entry in enumerate(own())]
    assert len(np.unique(read(many)[0].groups)) > 40
    assert len(np.unique(read(few)[0].groups)) <= 72 // (COMMON // 2) + 1


def test_a_class_with_one_product_is_learnt_and_named() -> None:
    for row in range(0, 36, 5):  # whichever side the split would put it on
        entries = own(1)
        entries[row] = drawn.changed(entries[row], type="Teapot")
        pool, said = read(entries, validation=0.5, labels=("type",))
        assert not pool.validation[row]
        assert "type: there is only one product each of 'Teapot'; it is learnt from and not measured." in said


# ---------------------------------------------------------------- what can't be learnt


def sentence_of(entries: list[dict[str, Any]], **changes: Any) -> str:
    with pytest.raises(CatalogError) as caught:
        read(entries, **changes)
    return str(caught.value)


@pytest.mark.parametrize(("count", "words"), [(1, "1 product whose"), (2, "2 products whose"), (3, "3 products whose")])
def test_a_few_products_are_too_few(count: int, words: str) -> None:
    assert f"has {words} picture can be used; training needs 10 at least." in sentence_of(drawn.rows(1)[:count])


def test_unreadable_pictures_are_left_out_and_named() -> None:
    entries = own()
    for row in range(3, 11):
        entries[row] = drawn.changed(entries[row], image={"bytes": b"no picture", "path": None})
    pool, said = read(entries)
    assert len(pool) == 64
    assert pool.ids[3] == entries[11]["id"]
    np.testing.assert_array_equal(pool.small[3:], read(own())[0].small[11:])
    assert said[0].startswith(f"Left out: Product {entries[3]['id']!r}: ")
    assert said[5] == "Left out: 3 more like these."
    nothing = [drawn.changed(entry, image={"bytes": b"x", "path": None}) for entry in entries]
    assert "has 0 products whose picture can be used" in sentence_of(nothing)


def test_nothing_to_learn_is_one_sentence() -> None:
    bare = [{"id": entry["id"], "image": entry["image"], "code": f"c{entry['id']}"} for entry in drawn.rows(1)]
    assert "no column that could be learnt" in sentence_of(bare)
    assert sentence_of(bare).endswith("There are: id, code.")
    assert "no column that could be learnt" in sentence_of(bare, labels=("code",))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (
            ("colour", "type"),
            "has no column 'colour' to learn. There are: id, productDisplayName, made.of, type, boxed.",
        ),
        (("typ",), "has no column 'typ' to learn. Did you mean 'type'?"),
        (("kind",), "A column called 'kind' can't be learnt: the model uses that name for its own"),
    ],
)
def test_a_wrong_column_is_one_sentence(labels: tuple[str, ...], words: str) -> None:
    assert words in sentence_of(own(1), labels=labels)


def test_a_column_that_is_called_as_the_models_own_is_left_out_and_not_offered() -> None:
    entries = [drawn.changed(entry, kind=entry["type"]) for entry in own()]
    pool, said = read(entries)
    assert set(pool.columns) == {"made.of", "type", "boxed"}
    sentence = "The column 'kind' is left out: the model uses that name for its own; rename it to learn it."
    assert said == [sentence]
    assert read(entries, labels=("type",))[1] == []
    for wrong in ("zebra", "kinds"):
        assert "There are: id, productDisplayName, made.of, type, boxed." in sentence_of(entries, labels=(wrong,))
    bare = [{"id": entry["id"], "image": entry["image"], "kind": entry["kind"]} for entry in entries]
    said = []
    with pytest.raises(CatalogError, match=r"no column that could be learnt.* There are: id\.$"):
        pool_of(catalogue(bare), CONFIG, said.append)
    assert said == [sentence]


def test_columns_that_tell_nothing_are_left_out() -> None:
    entries = [drawn.changed(entry, one="same", code=entry["id"], empty=None, sizes=["S", "M"]) for entry in own(1)]
    pool, said = read(entries, labels=("type", "one", "code", "empty", "sizes"), validation=0.0)
    assert pool.columns == ("type",)
    assert [line.split(":")[0] for line in said] == [
        f"The column {name!r} is left out" for name in ("one", "code", "empty", "sizes")
    ]


# ---------------------------------------------------------------- a run by the command line


@pytest.fixture
def command(own_table: Path, own_settings: Path) -> list[object]:
    return ["train", "--catalogue", own_table, "--from-scratch", "--config", own_settings]


def test_the_run_folder(own_run: Path) -> None:
    lines = [json.loads(line) for line in (own_run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2]
    assert all({"loss", "validation_loss", "rate"} <= set(line) for line in lines)
    assert set(lines[0]["accuracy"]) == {"made.of", "type", "boxed"}
    config = json.loads((own_run / "config.json").read_text())
    assert (config["dim"], config["lr"], config["start_from"], config["labels"]) == (16, 5e-3, "", [])
    with Image.open(own_run / "curves.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(10**6)}
        assert {(0, 114, 178), (213, 94, 0), (0, 158, 115)} <= colours
    names = {path.name for path in (own_run / "model").iterdir()}
    assert names == {"house.onnx", "house.safetensors", "house-words.safetensors"}


def test_the_same_command_makes_the_same_model_also_after_a_kill(
    own_run: Path, command: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    from recommender.training import loop

    saved = loop._save

    def kill(*arguments: Any) -> None:
        saved(*arguments)
        if arguments[3] == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(loop, "_save", kill)
    assert call(capsys, *command, "--run", tmp_path)[0] == 130
    monkeypatch.undo()
    # The kill came after half a line of the next epoch had been written.
    with (tmp_path / "metrics.jsonl").open("a") as lines:
        lines.write('{"epoch": 2, "lo')
    status, out, err = call(capsys, *command, "--run", tmp_path)
    assert status == 0
    assert f"Training on from {tmp_path / 'checkpoint.pt'}" in err
    assert "Epoch 3 of 3: loss " in err
    assert err.index("Epoch 3 of 3") < err.index("Rounding, calibrating and measuring what came out …")
    assert "Epoch 2 of 3" not in err
    assert {line.split("\t")[0] for line in out.splitlines()} == {"made.of", "type", "boxed"}
    assert (tmp_path / "metrics.jsonl").read_text() == (own_run / "metrics.jsonl").read_text()
    for name in ("house.onnx", "house.safetensors", "house-words.safetensors"):
        assert (tmp_path / name).read_bytes() == (own_run / "model" / name).read_bytes()


def test_other_labels_do_not_go_on_with_a_run(
    own_run: Path, command: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (own_run / "checkpoint.pt").read_bytes()
    status, out, err = call(capsys, *command, "--run", own_run, "--labels", "type")
    assert (status, out) == (2, "")
    assert "holds a run of another configuration or other data" in err
    assert (own_run / "checkpoint.pt").read_bytes() == before


def test_the_epochs_are_told_with_the_time_left(
    command: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = call(capsys, *command, "--run", tmp_path, "--epochs", 2, "--labels", "type, boxed", "--seed", 4)
    assert status == 0
    assert "Training from scratch: " in err
    assert "columns type, boxed." in err
    told = [line for line in err.splitlines() if line.startswith("Epoch ")]
    assert [line[:12] for line in told] == ["Epoch 1 of 2", "Epoch 2 of 2"]
    assert told[-1].endswith("; 0 s left")
    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 4


def test_words_go_on_from_the_start(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text tower's shape is that of the start where nothing else is asked for; else it is said to begin anew."""
    asked = {"start_from": str(own_run / "model"), "epochs": 1, "size": [40, 32], "validation": 0.3}
    for name, more in (("same", {}), ("other", {"text_width": 9})):
        (tmp_path / f"{name}.yaml").write_text(json.dumps({**asked, **more}))
        run = tmp_path / name
        status, _, err = call(capsys, "train", "-c", own_table, "--config", tmp_path / f"{name}.yaml", "--run", run)
        assert status == 0, err
        assert ("Words are learnt anew" in err) == bool(more)
    assert json.loads((tmp_path / "same" / "config.json").read_text())["text_width"] == 8


def test_wrong_asks_are_one_sentence(own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn.write(tmp_path / "bare.parquet", [{"id": "1", "name": "no picture"}])
    (tmp_path / "run.yaml").write_text("epoch: 3")
    for arguments, words in (
        (["-c", tmp_path / "bare.parquet"], "lacks the column image"),
        (["-c", "nowhere"], "There is no catalogue 'nowhere'"),
        (["-c", own_table, "--labels", "typ"], "Did you mean 'type'?"),
        (
            ["-c", own_table, "--config", tmp_path / "run.yaml"],
            "run.yaml: there is no setting 'epoch'. Did you mean 'epochs'?",
        ),
    ):
        status, out, err = call(capsys, "train", *arguments, "--run", tmp_path / "run")
        assert (status, out) == (2, "")
        assert "Traceback" not in err
        assert words in err.splitlines()[-1]
