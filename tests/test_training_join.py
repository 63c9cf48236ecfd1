"""Models that were trained apart, made one."""

from __future__ import annotations

import copy
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.classifiers.house import KIND, HouseClassifier  # noqa: E402
from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import ModelError  # noqa: E402
from recommender.models import open_house  # noqa: E402
from recommender.settings import Settings  # noqa: E402
from recommender.text import TextTower  # noqa: E402
from recommender.training.backdrop import on_white  # noqa: E402
from recommender.training.command import Ask, configured, joining  # noqa: E402
from recommender.training.config import SHIPPED  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.heads import refit_heads  # noqa: E402
from recommender.training.join import check_models, directions, join  # noqa: E402
from recommender.training.loop import outputs  # noqa: E402
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, HouseNet  # noqa: E402
from recommender.training.report import finish  # noqa: E402
from recommender.training.start import loaded  # noqa: E402
from tests import drawn, training_own  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402
from tests.training_joined import SECOND  # noqa: E402
from tests.training_own import call  # noqa: E402

pytest_plugins = ("tests.training_fixtures", "tests.training_joined", "tests.training_own")


def white_of(pictures: np.ndarray) -> np.ndarray:
    return on_white(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255)[:, 0].numpy()


def alone(model: Path, pool: Pool, pictures: np.ndarray, mirrored: bool) -> np.ndarray:
    """What a model makes of pictures, and of their mirror images too where that is asked for."""
    network = loaded(model, pool, CONFIG)[0]
    network.mirrored = mirrored
    return outputs(network, pictures)[0]


def test_directions_are_orthonormal_and_the_strongest_first() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(200, 3)) @ rng.normal(size=(3, 6))
    found = directions([flat[:, :3].astype(np.float32), flat[:, 3:].astype(np.float32)], torch.zeros(0, 6), 3)
    np.testing.assert_allclose(found @ found.T, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(flat @ found.numpy().T @ found.numpy(), flat, atol=1e-4)
    strength = np.linalg.norm(flat @ found.numpy().T, axis=0)
    assert (np.diff(strength) < 0).all()


def test_directions_keep_what_has_to_be_read() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(200, 6)).astype(np.float32)
    flat[:, 5] = 0  # in which no vector has a part
    read = torch.eye(6)[[5]]
    found = directions([flat[:, :3], flat[:, 3:]], read, 3)
    np.testing.assert_allclose(found @ found.T, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(read @ found.T @ found, read, atol=1e-6)
    without = directions([flat[:, :3], flat[:, 3:]], read[:0], 3)
    np.testing.assert_allclose((found[1:] @ without[:2].T).abs(), np.eye(2), atol=1e-5)


def test_similarity_is_about_the_weighted_mean_of_both(joined: HouseNet, models: tuple[Path, Path], pool: Pool) -> None:
    pictures = pool.small[white_of(pool.small) == 1]
    assert len(pictures) > 40
    one, two = (alone(model, pool, pictures, True) for model in models)
    both = outputs(joined, pictures)[0]
    # The similarity of vectors of the lengths 1 and 1/2, side by side.
    np.testing.assert_allclose(both @ both.T, (one @ one.T + two @ two.T / 4) / 1.25, atol=0.06)
    assert np.corrcoef((both @ both.T).ravel(), (one @ one.T).ravel())[0, 1] < 0.999


def test_three_are_joined_as_two_are(models: tuple[Path, Path], pool: Pool, tmp_path: Path) -> None:
    joined = join(models[0], (models[1], models[0]), pool, CONFIG, 0.5)
    white = white_of(pool.small) == 1
    one, two, again = (alone(model, pool, pool.small[white], True) for model in (*models, models[0]))
    finish(joined, pool, joined.config, tmp_path, heads=False)  # which rounds its weights
    all_three = outputs(joined, pool.small)[0]
    both = all_three[white]
    np.testing.assert_allclose(both @ both.T, (one @ one.T + (two @ two.T + again @ again.T) / 4) / 1.5, atol=0.06)
    encoder, _ = open_house(dataclasses.replace(Settings(), model=tmp_path))
    assert isinstance(encoder, HouseEncoder)
    np.testing.assert_allclose(encoder.encode(pool.small), all_three, atol=1e-4)
    again = outputs(loaded(tmp_path, pool, CONFIG)[0], pool.small)[0]
    assert (again * all_three).sum(1).min() > 0.998  # no whole numbers between its layers


def test_the_second_tower_looks_at_white_backgrounds_alone(joined: HouseNet, pool: Pool) -> None:
    white = white_of(pool.small)
    assert (white[pool.photo] == 0).all()
    blind = copy.deepcopy(joined)
    torch.nn.init.ones_(blind.beside[0].project.weight)
    change = np.abs(outputs(blind, pool.small)[0] - outputs(joined, pool.small)[0]).max(1)
    assert (change[white == 0] < 1e-6).all()
    assert (change[white == 1] > 1e-3).all()


def test_the_mirror_image_is_looked_at_on_white_alone(joined: HouseNet, models: tuple[Path, Path], pool: Pool) -> None:
    white, turned = white_of(pool.small), np.ascontiguousarray(pool.small[:, :, ::-1])
    moved = np.abs(outputs(joined, pool.small)[0] - outputs(joined, turned)[0]).max(1)
    assert (moved[white == 1] < 1e-5).all()
    assert (moved[white == 0] > 1e-3).any()
    one, both = (alone(models[0], pool, pool.small, mirrored) for mirrored in (False, True))
    x = (torch.from_numpy(pool.small).permute(0, 3, 1, 2).float() / 255 - PIXEL_MEAN) / PIXEL_STD
    with torch.no_grad():
        first = joined.look(x, torch.from_numpy(white)[:, None]).numpy()
    np.testing.assert_allclose(first, np.where(white[:, None] == 1, both, one), atol=1e-5)


def test_models_of_other_picture_sizes_are_not_joined(models: tuple[Path, Path], pool: Pool) -> None:
    with pytest.raises(ModelError, match="learnt pictures of"):
        join(models[0], models[1:], pool, dataclasses.replace(CONFIG, size=(64, 48)), 0.5)


def test_models_of_other_dimensions_are_not_joined(models: tuple[Path, Path], pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, dim=24)
    finish(HouseNet(config, {column: len(names) for column, names in pool.classes.items()}), pool, config, tmp_path)
    with pytest.raises(ModelError, match=rf"can be joined: those of {tmp_path} have 24 numbers, those of .* 16\."):
        check_models(models[0], (models[1], tmp_path), CONFIG)
    check_models(models[0], models, CONFIG)


def test_joining_is_the_same_each_time(models: tuple[Path, Path], pool: Pool, tmp_path: Path) -> None:
    """Where a model lacks a class, its head has no row for it to begin with."""
    new = {**pool.classes, "season": [*pool.classes["season"], "Monsoon"]}
    made = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        made.append(join(models[0], models[1:], dataclasses.replace(pool, classes=new), CONFIG, 0.5).state_dict())
    assert all(torch.equal(value, made[1][name]) for name, value in made[0].items())


def test_what_stands_on_white() -> None:
    tee = np.full((6, 80, 60, 3), 255, np.uint8)
    tee[:, 20:60, 15:45] = 90
    tee[1, 60:, 15:45] = 90  # reaches the lower edge
    tee[2, :, :8] = tee[2, :, -8:] = 120  # a snapshot between white bars
    tee[3] = np.where(tee[3] == 255, 240, 90)  # nearly white
    tee[4] = np.where(tee[4] == 255, 225, 90)
    tee[5] = np.where(tee[5] == 255, 200, 90)  # grey
    assert white_of(tee).tolist() == [1, 1, 0, 1, 0, 0]


def test_without_white_backgrounds_there_is_nothing_to_join(models: tuple[Path, Path], pool: Pool) -> None:
    grey = dataclasses.replace(pool, small=np.minimum(pool.small, 180))
    with pytest.raises(ModelError, match="Only 0 pictures are on a plain white background"):
        join(models[0], models[1:], grey, CONFIG)


def test_labels_are_about_the_weighted_mean_of_both_towers_and_strangers_the_first_ones(
    joined: HouseNet, models: tuple[Path, Path], pool: Pool
) -> None:
    pictures = pool.small[white_of(pool.small) == 1]
    _, said = outputs(joined, pictures)
    apart = []
    for model in models:
        network = loaded(model, pool, CONFIG)[0]
        network.mirrored = True
        refit_heads(network, pool, CONFIG)
        apart.append(outputs(network, pictures)[1])
    # Sixteen dimensions do not hold all of two small networks' vectors.
    for column, (one, two) in {"kind": (1, 0), "articleType": (2 / 3, 1 / 3), "season": (2 / 3, 1 / 3)}.items():
        want = one * apart[0][column] + two * apart[1][column]
        assert np.corrcoef(said[column].ravel(), want.ravel())[0, 1] > 0.97
        assert np.abs(said[column] - want).mean() < 0.25 * np.abs(want).mean()


def test_strangers_are_told_as_the_first_one_tells_them(
    joined: HouseNet, models: tuple[Path, Path], pool: Pool, rng: np.random.Generator
) -> None:
    """No training picture shows one, so the principal directions of these need not hold what tells it."""
    strange = rng.integers(0, 255, (40, *pool.small.shape[1:]), np.uint8)
    first = loaded(models[0], pool, CONFIG)[0]
    apart, said = outputs(first, strange)[1][KIND], outputs(joined, strange)[1][KIND]
    np.testing.assert_allclose(said - said.mean(1, keepdims=True), apart - apart.mean(1, keepdims=True), rtol=0.3)
    with torch.no_grad():
        kept = joined.join.weight[:, : CONFIG.dim].T @ (joined.join.weight[:, : CONFIG.dim] @ first.head(KIND).weight.T)
    np.testing.assert_allclose(kept, first.head(KIND).weight.detach().T, atol=1e-4)


def test_the_files_hold_both_towers(joined: HouseNet, models: tuple[Path, Path], pool: Pool, tmp_path: Path) -> None:
    joined = copy.deepcopy(joined)
    about = finish(joined, pool, joined.config, tmp_path, heads=False)
    encoder, classifier = open_house(dataclasses.replace(Settings(), model=tmp_path))
    vectors, logits = outputs(joined, pool.small)
    assert isinstance(encoder, HouseEncoder)
    np.testing.assert_allclose(encoder.encode(pool.small), vectors, atol=1e-4)
    np.testing.assert_allclose(classifier.logits("articleType", vectors), logits["articleType"], atol=2e-3)
    assert about["measured"]["articleType"]["products"] > 0
    # Words find what the first model's words found, by and large.
    words = TextTower(tmp_path / "house-words.safetensors").encode(["red shirt", "brown shoes"])
    before = TextTower(models[0] / "house-words.safetensors").encode(["red shirt", "brown shoes"])
    of_first = outputs(loaded(models[0], pool, CONFIG)[0], pool.small)[0]
    agree = [np.corrcoef(words[i] @ vectors.T, before[i] @ of_first.T)[0, 1] for i in range(2)]
    assert min(agree) > 0.7
    # Training goes on from it, in its own shape, without being told.
    again = loaded(tmp_path, pool, CONFIG)[0]
    assert (outputs(again, pool.small)[0] * vectors).sum(1).min() > 0.998  # no whole numbers between its layers
    with pytest.raises(ModelError, match="one tower each"):
        join(tmp_path, models[1:], pool, CONFIG)
    config = tmp_path / "on.json"
    config.write_text(f'{{"start_from": {str(tmp_path)!r}}}'.replace("'", '"'))
    assert configured(Ask(config=config)).beside == ((SECOND.widths, SECOND.blocks),)


def test_the_command_joins_models_of_ones_own_catalogue(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = call(
        capsys,
        "join",
        *(own_run / "model" for _ in range(3)),
        "-c",
        own_table,
        "--weight",
        0.4,
        "--out",
        tmp_path / "both",
    )
    assert status == 0, err
    assert "type\t" in out
    assert {path.name for path in (tmp_path / "both").iterdir()} == {
        "house.onnx",
        "house.safetensors",
        "house-words.safetensors",
    }
    status, _, err = call(capsys, "join", own_run / "model", tmp_path / "none", "-c", own_table, "--out", tmp_path)
    assert status == 2
    assert "can't be used: it is missing or no house model" in err


def test_what_the_first_model_of_a_catalogue_held_back_and_learnt_stays_so(
    own_run: Path, own_table: Path, own_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = json.loads(own_settings.read_text())
    models = {}
    for name, changes in (("less", {"validation": 0.1}), ("mute", {"text_weight": 0})):
        (tmp_path / f"{name}.json").write_text(json.dumps({**own, **changes, "epochs": 1}))
        models[name] = tmp_path / name
        arguments = ("--from-scratch", "--labels", "type", "--config", tmp_path / f"{name}.json", "--run", models[name])
        status, _, err = call(capsys, "train", "-c", own_table, *arguments)
        assert status == 0, err
    first = own_run / "model"
    settings = joining(Ask(catalogue=str(own_table)), str(models["mute"]))
    assert (settings.validation, settings.labels, settings.start_from) == (0.3, ("type",), "")
    # However the catalogue is called now; of another one only columns of the same name can be learnt again.
    shutil.copy(own_table, tmp_path / "renamed.parquet")
    assert joining(Ask(catalogue=str(tmp_path / "renamed.parquet")), str(models["mute"])) == settings
    said: list[str] = []
    drawn.write(tmp_path / "part.parquet", [{k: row[k] for k in ("id", "image", "type")} for row in training_own.own()])
    part = joining(Ask(catalogue=str(tmp_path / "part.parquet")), str(first), said.append)
    assert (part.validation, part.labels) == (0.3, ("type",))
    assert [line.split("learnt: ")[1].split(".")[:2] for line in said] == [["'made", "of', 'boxed'"]]
    found = joining(Ask(catalogue="demo"), str(first))
    assert (found.labels, found.validation) == ((), 0.3)
    # The tables of the house model and a catalogue say nothing of each other.
    for ask, model in ((Ask(catalogue=str(own_table)), SHIPPED), (Ask(), str(first))):
        found, usual = joining(ask, model), configured(ask)
        assert (found.labels, found.validation, found.ties) == ((), usual.validation, usual.ties)
    status, _, err = call(capsys, "join", models["mute"], first, "-c", own_table, "--out", tmp_path / "both")
    assert status == 0, err
    about = HouseClassifier(tmp_path / "both" / "house.safetensors").about
    assert set(about["classes"]) == {"type", KIND}
    assert about["config"]["validation"] == 0.3
    # The first one never learnt words, so there are none.
    assert not (tmp_path / "both" / "house-words.safetensors").exists()
    # Only what neither has learnt is measured, though the first one held back more.
    status, _, err = call(capsys, "join", first, models["less"], "-c", own_table, "--out", tmp_path / "fewer")
    assert status == 0, err
    assert "can't be held back to be measured" in err
    held = [
        HouseClassifier(folder / "house.safetensors").about["split"]["validation"]
        for folder in (tmp_path / "fewer", models["less"], first)
    ]
    assert 0 < held[0] <= held[1] < held[2]
