"""Vectors that hold what the network says of labels."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

torch = pytest.importorskip("torch", reason="training needs torch")
from torch.nn.functional import cross_entropy  # noqa: E402

onnx = pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.classifiers.house import KIND  # noqa: E402
from recommender.encoders.house import HouseEncoder, digest_of  # noqa: E402
from recommender.errors import ModelError  # noqa: E402
from recommender.models import open_house  # noqa: E402
from recommender.settings import Settings  # noqa: E402
from recommender.text import TextTower  # noqa: E402
from recommender.training import aspects  # noqa: E402
from recommender.training.apart import tower_shape  # noqa: E402
from recommender.training.aspects import WEIGHT, with_aspects  # noqa: E402
from recommender.training.command import Ask, configured  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.familiar import prototypes_of  # noqa: E402
from recommender.training.heads import refit_heads  # noqa: E402
from recommender.training.imagined import placed  # noqa: E402
from recommender.training.join import join  # noqa: E402
from recommender.training.loop import outputs, train  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import IMAGINED, finish  # noqa: E402
from recommender.training.start import loaded  # noqa: E402
from tests.drawn import COLOURS, draw, jpeg  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402
from tests.training_own import call  # noqa: E402

pytest_plugins = ("tests.training_fixtures", "tests.training_own")

COLUMNS = ("articleType", "baseColour")
# Three eighths of the dimensions are no longer the vectors' own.
CONFIG = dataclasses.replace(CONFIG, dim=64)


def pixels(pictures: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255


@pytest.fixture(scope="module")
def plain(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> HouseNet:
    network = train(CONFIG, pool, tmp_path_factory.mktemp("run"))
    refit_heads(network, pool, CONFIG)
    return network


@pytest.fixture(scope="module")
def made(plain: HouseNet, pool: Pool) -> HouseNet:
    return with_aspects(plain, pool, COLUMNS)


def test_similarity_is_that_of_the_vectors_and_of_what_is_said(plain: HouseNet, made: HouseNet, pool: Pool) -> None:
    vectors = outputs(plain, pool.small)[0]
    want = vectors @ vectors.T
    with torch.inference_mode():
        own = made.own(pixels(pool.small)).numpy()
        said = made.said(torch.from_numpy(vectors)).split(made.config.aspects, 1)
    np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1, atol=1e-5)
    lacking = np.full(len(vectors), float(len(COLUMNS)))
    for shares in (part.numpy() for part in said):
        want = want + WEIGHT * shares @ shares.T
        lacking -= (shares**2).sum(1)
    filled = np.sqrt(lacking)[:, None] * own
    want = want + WEIGHT * filled @ filled.T
    got = outputs(made, pool.small)[0]
    np.testing.assert_allclose(np.linalg.norm(got, axis=1), 1, atol=1e-5)
    # Forty dimensions hold nearly all of the vectors and of the shares.
    got, want = got @ got.T, want / (1 + WEIGHT * len(COLUMNS))
    assert np.abs(got - want).mean() < 0.02
    assert np.corrcoef(got.ravel(), want.ravel())[0, 1] > np.corrcoef(got.ravel(), (vectors @ vectors.T).ravel())[0, 1]


def test_what_is_said_of_learnt_pictures_is_a_little_firmer_than_the_heads(
    plain: HouseNet, made: HouseNet, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = np.flatnonzero(~pool.validation)
    vectors, logits = outputs(plain, pool.small[rows])
    before = [torch.from_numpy(logits[column]) for column in COLUMNS]

    def losses(said: Sequence[torch.Tensor]) -> list[float]:
        truth = [torch.from_numpy(pool.labels[column][rows]) for column in COLUMNS]
        return [float(cross_entropy(each, labels, ignore_index=-1)) for each, labels in zip(said, truth, strict=True)]

    with torch.inference_mode():
        said = made.aspects(torch.from_numpy(vectors)).split(made.config.aspects, 1)
    assert all(now < then for now, then in zip(losses(said), losses(before), strict=True))
    # A part of the way, so that the heads' own word still counts most.
    monkeypatch.setattr(aspects, "FURTHER", 1.0)
    whole = aspects.firmer(plain, pool, COLUMNS, vectors)
    monkeypatch.setattr(aspects, "FURTHER", 0.0)
    none = aspects.firmer(plain, pool, COLUMNS, vectors)
    for start, part, end in zip(none, (made.aspects.weight, made.aspects.bias), whole, strict=True):
        torch.testing.assert_close(part.detach(), start + 0.3 * (end - start), atol=1e-4, rtol=1e-3)
    seen = torch.from_numpy(vectors) @ none[0].T + none[1]
    torch.testing.assert_close(seen, torch.cat(before, 1), atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("dim", [CONFIG.dim, 256])
def test_what_shares_lack_is_alike_only_for_nearly_the_same_picture(dim: int) -> None:
    """Or unsure pictures would be near to each other for being unsure; so in any network, however it is made."""
    made = HouseNet(dataclasses.replace(CONFIG, dim=dim, aspects=(3,)), {"articleType": 3})
    drawn = [draw(article, colour) for article in ("Tshirts", "Handbags", "Trousers") for colour in COLOURS]
    saved = [Image.open(io.BytesIO(jpeg(picture))).convert("RGB") for picture in drawn]
    with torch.inference_mode():
        own, again = (made.own(pixels(np.stack([np.asarray(one) for one in each]))).numpy() for each in (drawn, saved))
    assert (own * again).sum(1).mean() > 0.9
    different = (own @ own.T)[~np.eye(len(own), dtype=bool)]
    assert np.abs(different.mean()) < 0.25


def test_labels_stay(plain: HouseNet, made: HouseNet, pool: Pool) -> None:
    before, after = outputs(plain, pool.small)[1], outputs(made, pool.small)[1]
    for column, logits in before.items():
        assert np.corrcoef(after[column].ravel(), logits.ravel())[0, 1] > 0.98, column
        assert (after[column].argmax(1) == logits.argmax(1)).mean() > 0.95, column


def test_what_tells_strangers_is_kept(plain: HouseNet, made: HouseNet) -> None:
    """No training picture shows one, so the principal directions of these need not hold what tells it."""
    read = plain.head(KIND).weight.detach()
    turned = made.blend.weight.detach()[:, : plain.config.dim]
    np.testing.assert_allclose(read @ turned.T @ turned, read, atol=1e-4)


def test_what_is_said_does_not_count_in_the_nearness_to_prototypes(
    plain: HouseNet, made: HouseNet, pool: Pool, tmp_path: Path
) -> None:
    apart = copy.deepcopy(made)
    half = CONFIG.dim // 2
    with torch.no_grad():  # one half of the numbers holds the first numbers of the vectors, the other what is said
        apart.blend.weight.zero_()
        apart.blend.weight[:half, :half] = torch.eye(half)
        apart.blend.weight[half:, CONFIG.dim : CONFIG.dim + half] = torch.eye(half)
    finish(apart, pool, apart.config, tmp_path, heads=False)
    prototypes = load_file(tmp_path / "house.safetensors")["prototypes"].astype(np.float32)
    assert np.abs(prototypes[:, half:]).max() < 1e-3
    train = np.flatnonzero(~pool.validation)
    some = np.random.default_rng(CONFIG.seed).permutation(train)[:IMAGINED]
    seen = np.concatenate([pool.small[train], placed(apart.config, pool, some)[0]])
    vectors = outputs(apart, seen)[0]
    alone = outputs(plain, seen)[0][:, :half]
    alone /= np.linalg.norm(alone, axis=1, keepdims=True)
    snapshot = np.concatenate([pool.photo[train], np.ones(len(seen) - len(train), bool)])
    want = (alone @ prototypes_of(alone, snapshot, CONFIG.seed).T).max(1)
    length = np.linalg.norm(vectors[:, :half], axis=1)
    near = (vectors @ prototypes.T).max(1) / (length / length.mean())
    assert np.abs(near - want).mean() < 0.01


def test_the_files_hold_it_and_training_goes_on_from_them(made: HouseNet, pool: Pool, tmp_path: Path) -> None:
    made = copy.deepcopy(made)
    finish(made, pool, made.config, tmp_path, heads=False)  # which rounds its weights
    vectors, logits = outputs(made, pool.small)
    encoder, classifier = open_house(dataclasses.replace(Settings(), model=tmp_path))
    assert isinstance(encoder, HouseEncoder)
    np.testing.assert_allclose(encoder.encode(pool.small), vectors, atol=1e-4)
    np.testing.assert_allclose(classifier.logits("articleType", vectors), logits["articleType"], atol=2e-3)
    again = loaded(tmp_path, pool, CONFIG)[0]
    assert (outputs(again, pool.small)[0] * vectors).sum(1).min() > 0.998  # no whole numbers between its layers
    config = tmp_path / "on.json"
    config.write_text(f'{{"start_from": {str(tmp_path)!r}, "epochs": 1}}'.replace("'", '"'))
    settings = configured(Ask(config=config))
    assert settings.aspects == tuple(len(pool.classes[column]) for column in COLUMNS)
    settings = dataclasses.replace(CONFIG, aspects=settings.aspects, start_from=str(tmp_path), epochs=1, lr=1e-4)
    learnt = train(settings, pool, tmp_path / "run")
    assert all(torch.isfinite(weight).all() for weight in learnt.parameters())
    assert not torch.equal(learnt.aspects.weight, again.aspects.weight)
    moved = outputs(learnt, pool.small)[0]
    assert (moved * vectors).sum(1).mean() > 0.9
    for models in ((tmp_path, tmp_path), (tmp_path, tmp_path, tmp_path)):
        with pytest.raises(ModelError, match="one tower each"):
            join(models[0], models[1:], pool, CONFIG)


def test_a_model_whose_vectors_hold_labels_in_an_earlier_way_is_refused(
    made: HouseNet, pool: Pool, tmp_path: Path
) -> None:
    made = copy.deepcopy(made)
    finish(made, pool, made.config, tmp_path, heads=False)
    network = onnx.load(str(tmp_path / "house.onnx"))
    for part in network.graph.initializer:
        part.name = part.name.replace("waves.", "other.")
    data = network.SerializeToString()
    (tmp_path / "house.onnx").write_bytes(data)
    with safe_open(tmp_path / "house.safetensors", framework="np") as file:
        about = json.loads(file.metadata()["house"]) | {"encoder": digest_of(data)}
    save_file(load_file(tmp_path / "house.safetensors"), tmp_path / "house.safetensors", {"house": json.dumps(about)})
    with pytest.raises(ModelError, match="an earlier version put labels into its vectors"):
        loaded(tmp_path, pool, CONFIG)
    with pytest.raises(ModelError, match="an earlier version put labels into its vectors"):
        tower_shape(tmp_path, 0)  # before any picture is read


def test_a_run_of_an_earlier_version_is_not_taken_up(made: HouseNet, pool: Pool, tmp_path: Path) -> None:
    config = dataclasses.replace(CONFIG, aspects=made.config.aspects, epochs=1)
    train(config, pool, tmp_path)
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    state["network"] = {name: value for name, value in state["network"].items() if not name.startswith("waves.")}
    torch.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(ModelError, match="a run of an earlier version"):
        train(config, pool, tmp_path)


def test_words_move_with_the_vectors(plain: HouseNet, made: HouseNet, pool: Pool, tmp_path: Path) -> None:
    for name, network in (("plain", plain), ("made", made)):
        network = copy.deepcopy(network)
        finish(network, pool, network.config, tmp_path / name, heads=False)
    words = ["red shirt", "brown shoes", "a blue bag"]
    found = []
    for name, network in (("plain", plain), ("made", made)):
        tower = TextTower(tmp_path / name / "house-words.safetensors")
        found.append(tower.encode(words) @ outputs(network, pool.small)[0].T)
    assert min(np.corrcoef(*rows)[0, 1] for rows in zip(*found, strict=True)) > 0.8


def test_what_cannot_be_an_aspect(plain: HouseNet, made: HouseNet, pool: Pool) -> None:
    with pytest.raises(ModelError, match=r"no labels 'cut' .* There are: .*articleType"):
        with_aspects(plain, pool, ("articleType", "cut"))
    with pytest.raises(ModelError, match=KIND):
        with_aspects(plain, pool, (KIND,))
    with pytest.raises(ModelError, match="already"):
        with_aspects(made, pool, COLUMNS)


def test_the_command_takes_aspects(
    own_run: Path, own_table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own_run / "model"
    arguments = ("join", folder, folder, "-c", own_table, "--out", tmp_path / "both")
    status, _, err = call(capsys, *arguments, "--aspects", "cut")
    assert status == 2
    assert "There are no labels 'cut'" in err
    status, out, err = call(capsys, *arguments, "--aspects", "type, boxed")
    assert status == 0, err
    assert "type\t" in out
    assert open_house(dataclasses.replace(Settings(), model=tmp_path / "both"))[0] is not None
