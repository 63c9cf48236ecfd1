"""From a trained network to files: calibration, the heads' last step, and the export."""

from __future__ import annotations

import copy
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx", reason="the export needs onnx")

from onnx import numpy_helper  # noqa: E402
from safetensors import safe_open  # noqa: E402
from safetensors.numpy import load_file, save_file  # noqa: E402
from scipy.optimize import minimize_scalar  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402

from recommender.classifiers import HouseClassifier  # noqa: E402
from recommender.classifiers.base import softmax  # noqa: E402
from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import ModelError  # noqa: E402
from recommender.training.augment import Augment  # noqa: E402
from recommender.training.calibrate import fit  # noqa: E402
from recommender.training.data import LABEL_COLUMNS, Pool  # noqa: E402
from recommender.training.export import encoder_arrays, export, head_arrays, round_as_stored  # noqa: E402
from recommender.training.heads import refit_heads  # noqa: E402
from recommender.training.loop import outputs  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import finish, halves  # noqa: E402
from recommender.training.start import loaded, shape_at, take_up  # noqa: E402
from recommender.training.whole import folded  # noqa: E402
from tests.training_fixtures import CONFIG, SIZE  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

# ---------------------------------------------------------------- calibration


def shares(logits: np.ndarray) -> np.ndarray:
    """Softmax in double precision, whose rows add up as closely as the references want."""
    found = np.exp(logits - logits.max(1, keepdims=True))
    return found / found.sum(1, keepdims=True)


def overconfident(n: int = 4000, times: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are ``times`` too large for how often they are right."""
    rng = np.random.default_rng(0)
    honest = 1.5 * rng.normal(size=(n, 5))
    labels = np.array([rng.choice(5, p=row) for row in shares(honest)])
    return honest * times, labels


def test_calibration_finds_the_temperature_and_lowers_the_loss() -> None:
    logits, labels = overconfident()
    found = fit(logits, labels)
    assert found.temperature == pytest.approx(3.0, rel=0.08)
    assert log_loss(labels, shares(logits / found.temperature)) < log_loss(labels, shares(logits)) - 0.3
    best = minimize_scalar(lambda t: log_loss(labels, shares(logits / t)), bounds=(0.1, 10), method="bounded")
    assert found.temperature == pytest.approx(best.x, rel=0.02)


def test_calibration_leaves_unknown_labels_out() -> None:
    logits, labels = overconfident(1000)
    more = np.concatenate([logits, 50 * np.ones((300, 5))])
    assert fit(more, np.concatenate([labels, np.full(300, -1)])) == fit(logits, labels)
    assert fit(logits, np.full(1000, -1)).temperature == 1.0


def test_a_few_rows_ask_for_no_extreme_temperature() -> None:
    few = 6.0 * np.eye(5)
    assert 0.3 < fit(few, np.arange(5)).temperature < 1  # all are right: by themselves they would ask for certainty
    assert 1 < fit(few, np.roll(np.arange(5), 1)).temperature < 20
    assert fit(few[:0], np.arange(0)).temperature == 1


def test_sure_is_where_answers_hold() -> None:
    logits, labels = overconfident(20_000)
    found = fit(logits, labels, right=0.75)
    probabilities = softmax(logits / found.temperature)
    top, hit = probabilities.max(1), probabilities.argmax(1) == labels
    assert 0.5 < found.sure_from < 0.95
    assert hit[(top >= found.sure_from) & (top < found.sure_from + 0.1)].mean() >= 0.72
    assert hit[top < found.sure_from - 0.05].mean() < 0.75
    assert fit(40.0 * np.eye(5)[labels], labels).sure_from == 0.5


# ---------------------------------------------------------------- export


Shipped = tuple[Path, dict, HouseNet]


def test_refitting_the_heads_makes_them_better_and_leaves_the_vectors_alone(
    trained: tuple[HouseNet, Path], pool: Pool
) -> None:
    network = copy.deepcopy(trained[0])
    rows = np.flatnonzero(~pool.validation)

    def loss() -> float:
        logits = outputs(network, pool.small[rows])[1]["articleType"]
        labels = pool.labels["articleType"][rows]
        known = labels >= 0
        return float(log_loss(labels[known], shares(logits[known]), labels=range(logits.shape[1])))

    before, vectors, kind = loss(), outputs(network, pool.small)[0], network.heads["kind"].weight.clone()
    refit_heads(network, pool, dataclasses.replace(CONFIG, head_epochs=20))
    assert loss() < before - 0.1
    np.testing.assert_array_equal(outputs(network, pool.small)[0], vectors)
    assert torch.equal(network.heads["kind"].weight, kind)


def test_only_the_column_that_claims_learns_smoothed_labels(trained: tuple[HouseNet, Path], pool: Pool) -> None:
    plain, smooth = copy.deepcopy(trained[0]), copy.deepcopy(trained[0])
    refit_heads(plain, pool, dataclasses.replace(CONFIG, head_smoothing=0.0))
    refit_heads(smooth, pool, dataclasses.replace(CONFIG, head_smoothing=0.3))
    for column in plain.columns:
        assert torch.equal(plain.head(column).weight, smooth.head(column).weight) == (column != "subCategory")
    # Where there is no such column, that of the most classes claims.
    classes = {column: names for column, names in pool.classes.items() if column != "subCategory"}
    pool = dataclasses.replace(pool, classes=classes, labels={column: pool.labels[column] for column in classes})
    assert pool.claiming == max(pool.columns, key=lambda column: len(classes[column]))
    network = HouseNet(CONFIG, {column: len(names) for column, names in classes.items()})
    plain, smooth = copy.deepcopy(network), copy.deepcopy(network)
    refit_heads(plain, pool, dataclasses.replace(CONFIG, head_smoothing=0.0))
    refit_heads(smooth, pool, dataclasses.replace(CONFIG, head_smoothing=0.3))
    for column in plain.columns:
        assert torch.equal(plain.head(column).weight, smooth.head(column).weight) == (column != pool.claiming)


@pytest.fixture(scope="module")
def shipped(trained: tuple[HouseNet, Path], pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """The files of the trained network, what is told of it, and the network as it was exported."""
    folder = tmp_path_factory.mktemp("shipped")
    network = copy.deepcopy(trained[0])
    about = finish(network, pool, CONFIG, folder)
    return folder, about, network


def test_the_files_hold_what_the_network_is(shipped: Shipped, pool: Pool) -> None:
    folder, about, network = shipped
    encoder = HouseEncoder(folder / "house.onnx")
    assert (encoder.size, encoder.dimension) == (SIZE, 16)
    vectors, logits = outputs(network, pool.small)
    found = encoder.encode(pool.small)
    np.testing.assert_allclose(found, vectors, atol=1e-5)
    assert np.abs(found - found[:1]).max() > 1e-2  # and they are not all one vector
    scores = HouseClassifier(folder / "house.safetensors", encoder.fingerprint).scores(found)
    assert set(scores) == set(LABEL_COLUMNS)
    for column, score in scores.items():
        assert list(score.classes) == pool.classes[column]
        want = softmax(logits[column] / about["temperature"][column])
        np.testing.assert_allclose(score.probabilities, want, atol=1e-4)
        # What is told of the model is true of its files.
        rows = np.flatnonzero(pool.validation & ~pool.photo & (pool.labels[column] >= 0))
        if len(rows):
            right = (score.probabilities.argmax(1) == pool.labels[column])[rows].mean()
            assert about["measured"][column]["accuracy"] == pytest.approx(right, abs=1e-4)


def test_the_heads_are_tied_to_their_encoder(shipped: Shipped) -> None:
    with pytest.raises(ModelError, match="are of different trainings"):
        HouseClassifier(shipped[0] / "house.safetensors", HouseEncoder().fingerprint)


def test_what_is_told_of_the_model(shipped: Shipped, pool: Pool) -> None:
    _, about, _ = shipped
    for column in LABEL_COLUMNS:
        assert about["temperature"][column] > 0
        assert 0.5 <= about["sure_from"][column] <= 1
    measured = about["measured"]["articleType"]
    assert 0 <= measured["low"] <= measured["accuracy"] <= measured["high"] <= 1
    assert measured["products"] == (pool.validation & ~pool.photo & (pool.labels["articleType"] >= 0)).sum()
    json.dumps(about)


def test_only_the_named_heads_are_stored(trained: tuple[HouseNet, Path], tmp_path: Path) -> None:
    heads = head_arrays(trained[0], ["season"])
    assert list(heads) == ["heads.season.weight", "heads.season.bias", "scale"]
    network = HouseNet(CONFIG, {"kind": 2})
    round_as_stored(network, np.random.default_rng(0).integers(0, 256, (8, *SIZE, 3), np.uint8))
    kinds = {name: array.dtype.name for name, array in encoder_arrays(network).items()}
    assert {kind for name, kind in kinds.items() if not name.startswith("stages.")} == {"float16"}
    parts = {"weight": "int8", "step": "float32", "bias": "int32", "sees": "float32", "gives": "float32"}
    assert {part: kinds[f"stages.0.0.{part}"] for part in parts} == parts
    about = {
        "classes": {"kind": ["nothing", "product"]},
        "temperature": {"kind": 1.0},
        "sure_from": {"kind": 0.5},
    }
    export(network, about, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"house.onnx", "house.safetensors", "house-words.safetensors"}
    assert HouseClassifier(tmp_path / "house.safetensors").scores(np.eye(16, dtype=np.float32)) == {}


def test_the_encoder_is_stored_once_and_taken_up_as_it_was(
    shipped: Shipped, trained: tuple[HouseNet, Path], pool: Pool
) -> None:
    # Training lays the weights out channels last; a file that takes the buffer as it lies would scramble them.
    folder, _, network = shipped
    assert not trained[0].stages[1][0].conv.weight.is_contiguous()
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(folder / "house.onnx").graph.initializer}
    own = {name for name in stored if not name.startswith("byte_") and not name.endswith(".zeros")} - {"mean", "std"}
    assert own == set(encoder_arrays(network))
    assert not set(stored) & set(load_file(folder / "house.safetensors"))
    again = HouseNet(CONFIG, {column: len(names) for column, names in pool.classes.items()})
    plain = Augment(pool.small[:1], 0.0, 0.0, 1)
    take_up(again, folder, pool, plain, np.zeros(pool.small.shape[:3], np.uint8))
    for layer in ("stages.0.0", "stages.1.2.second", "stages.3.0"):
        weight, bias = folded(again.get_submodule(layer))
        steps = stored[f"{layer}.step"].reshape(-1, 1, 1, 1)
        np.testing.assert_allclose(weight.detach(), stored[f"{layer}.weight"] * steps, rtol=2e-4, atol=1e-6)
        by = stored[f"{layer}.sees"] * stored[f"{layer}.step"]
        np.testing.assert_allclose(bias.detach(), stored[f"{layer}.bias"] * by, rtol=2e-4, atol=1e-4)
    # What it sees between its layers is no whole number again: that is all that differs.
    alike = (outputs(again, pool.small)[0] * outputs(network, pool.small)[0]).sum(1)
    assert alike.min() > 0.998


def test_a_model_of_before_there_were_whole_numbers_is_taken_up(shipped: Shipped, pool: Pool, tmp_path: Path) -> None:
    """Its biases and what its layers see were fractions, so that its file says nothing of their steps."""
    model = onnx.load(shipped[0] / "house.onnx")
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    layers = [name.removesuffix(".sees") for name in stored if name.endswith(".sees")]
    assert len(layers) > 4
    for layer in layers:
        by = stored.pop(f"{layer}.sees") * stored[f"{layer}.step"]
        stored[f"{layer}.bias"] = (stored[f"{layer}.bias"] * by).astype(np.float16)
        del stored[f"{layer}.gives"]
    del model.graph.initializer[:]
    model.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in stored.items())
    onnx.save(model, tmp_path / "house.onnx")
    with safe_open(shipped[0] / "house.safetensors", framework="np") as file:
        about = json.loads(file.metadata()["house"])
    del about["encoder"]
    save_file(load_file(shipped[0] / "house.safetensors"), tmp_path / "house.safetensors", {"house": json.dumps(about)})
    now, before = (loaded(folder, pool, CONFIG)[0] for folder in (shipped[0], tmp_path))
    alike = (outputs(now, pool.small)[0] * outputs(before, pool.small)[0]).sum(1)
    assert alike.min() > 0.9999


@pytest.mark.parametrize("content", [None, b"no graph"])
def test_a_model_without_its_encoder_is_no_start(content: bytes | None, shipped: Shipped, tmp_path: Path) -> None:
    shutil.copy(shipped[0] / "house.safetensors", tmp_path)
    if content:
        (tmp_path / "house.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"house\.onnx beside it"):
        shape_at(tmp_path)


def test_a_model_beside_another_ones_encoder_is_no_start(shipped: Shipped, tmp_path: Path) -> None:
    shutil.copy(shipped[0] / "house.safetensors", tmp_path)
    other = onnx.load(shipped[0] / "house.onnx")
    other.doc_string = "another training"
    onnx.save(other, tmp_path / "house.onnx")
    with pytest.raises(ModelError, match="are of different trainings"):
        shape_at(tmp_path)


def test_halves_go_by_group(pool: Pool) -> None:
    rows = np.arange(len(pool))
    half = halves(pool, rows)
    for group in np.unique(pool.groups):
        assert len(set(half[pool.groups == group].tolist())) == 1
    assert 0.2 < half.mean() < 0.8
