"""Training on a small drawn pool: the split, the changed pictures, the loss, going on after a stop, and the export."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx", reason="the export needs onnx")

from onnx import numpy_helper  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402
from scipy.optimize import minimize_scalar  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402

from recommender.classifiers import HouseClassifier  # noqa: E402
from recommender.classifiers.base import softmax  # noqa: E402
from recommender.encoders.house import HouseEncoder  # noqa: E402
from recommender.errors import DataMissingError, ModelError  # noqa: E402
from recommender.images import letterbox  # noqa: E402
from recommender.training.augment import Augment, foreground, foregrounds, margins  # noqa: E402
from recommender.training.calibrate import fit  # noqa: E402
from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import LABEL_COLUMNS, Pool, data_folder, load_pool  # noqa: E402
from recommender.training.export import deploy, export, folded  # noqa: E402
from recommender.training.groups import bare_title, duplicate_groups, validation_mask  # noqa: E402
from recommender.training.heads import refit_heads  # noqa: E402
from recommender.training.loop import average, epoch_rows, learning_rate, loss_of, outputs, prepare, train  # noqa: E402
from recommender.training.network import ConvNorm, HouseNet  # noqa: E402
from recommender.training.report import finish, halves  # noqa: E402
from tests import drawn  # noqa: E402

SIZE = (48, 36)
CONFIG = dataclasses.replace(
    TrainConfig(),
    size=SIZE,
    widths=(8, 12, 16, 16),
    blocks=(0, 1, 1, 0),
    dim=16,
    epochs=3,
    batch=16,
    sizes=((0, (40, 30)), (1, SIZE)),
    text_width=8,
    text_hidden=16,
    text_memory=32,
    head_epochs=4,
    seed=3,
)


def picture(article: str, colour: str, number: int, size: tuple[int, int] = (60, 80)) -> dict[str, object]:
    return {"bytes": drawn.jpeg(drawn.draw(article, colour, number, size)), "path": None}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three training tables, drawn: 108 products, some at a higher resolution, and 20 phone photos."""
    folder = tmp_path_factory.mktemp("data")
    shop = pd.DataFrame(drawn.rows())
    shop["id"] = shop["id"].astype(int)
    shop.loc[5, "season"] = None
    shop.to_parquet(folder / "fashion_products.parquet")
    sharp = [
        {"id": int(row["id"]), "image": picture(row["articleType"], row["baseColour"], n, (168, 224))}
        for n, row in list(enumerate(drawn.rows()))[::4]
    ]
    pd.DataFrame(sharp).to_parquet(folder / "fashion_products_224.parquet")
    rng = np.random.default_rng(0)
    phone = []
    for number in range(20):
        # Large patches: fine noise would be the same grey everywhere, and all photos twins.
        scene = Image.fromarray(rng.integers(20, 220, (4, 3, 3), dtype=np.uint8)).resize((60, 80))
        scene.paste(drawn.draw("Tshirts", "Red", number, (30, 40)), (15, 20))
        label = ("T-Shirt", "Pants", "Hat", "Body")[number % 4]
        phone.append({"id": f"p{number}", "label": label, "image": {"bytes": drawn.jpeg(scene), "path": None}})
    pd.DataFrame(phone).to_parquet(folder / "clothing_photos.parquet")
    return folder


@pytest.fixture(scope="module")
def pool(tables: Path) -> Pool:
    return load_pool(tables, SIZE, 0.3)


@pytest.fixture(scope="module")
def trained(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[HouseNet, Path]:
    """A network trained without a stop, and its run folder."""
    run = tmp_path_factory.mktemp("run")
    return train(CONFIG, pool, run), run


# ---------------------------------------------------------------- duplicates and the split


def scenes(count: int, seed: int = 0) -> np.ndarray:
    """(count, 48, 36, 3) uint8: smooth pictures that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(count):
        coarse = Image.fromarray(rng.integers(0, 230, (6, 5, 3), dtype=np.uint8))
        out.append(np.asarray(coarse.resize((36, 48), Image.Resampling.BICUBIC)))
    return np.stack(out)


def groups_of(found: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found == group).tolist()) for group in np.unique(found)}


def test_twins_are_one_group() -> None:
    pictures = scenes(8)
    rng = np.random.default_rng(1)
    noisy = np.clip(pictures[2].astype(int) + rng.integers(-6, 7, pictures[2].shape), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pictures[5]).save(buffer, "JPEG", quality=60)
    again = np.asarray(Image.open(buffer))
    found = duplicate_groups(np.concatenate([pictures, noisy[None], again[None], noisy[None]]))
    assert groups_of(found) == {frozenset(g) for g in ({0}, {1}, {2, 8, 10}, {3}, {4}, {5, 9}, {6}, {7})}


def test_small_things_on_white_are_no_twins() -> None:
    # Most of the picture is white in each: a plain difference of pixels would call them alike.
    small = np.stack([letterbox(drawn.draw(kind, "Black", 1, (12, 16)), (16, 12)) for kind in drawn.SHAPES])
    pictures = np.full((len(small), *SIZE, 3), 255, np.uint8)
    pictures[:, 16:32, 12:24] = small
    assert len(np.unique(duplicate_groups(pictures))) == len(small)


def test_titles_tie_what_pixels_do_not() -> None:
    pictures = scenes(4)
    assert len(np.unique(duplicate_groups(pictures, ["A shirt", "B shirt", "C shirt", "D shirt"]))) == 4
    found = duplicate_groups(pictures, ["A shirt", "B shirt", "A shirt", "B Shirt"])
    assert found[0] == found[2]
    assert found[1] != found[3]  # another spelling and another photo: not the same title


def test_a_design_in_another_colour_is_tied_by_title_and_shape() -> None:
    base = scenes(2)
    # The same light and dark in other colours.
    recoloured = np.clip(base[:1].astype(float) * [0.8, 0.95, 1.1], 0, 255).astype(np.uint8)[..., [2, 0, 1]]
    pictures = np.concatenate([base, recoloured])
    found = duplicate_groups(pictures, ["Oak Men Red Shirt", "Oak Men Green Shirt", "Oak Men Navy Blue Shirt"])
    assert found[0] == found[2]
    assert found[0] != found[1]
    assert len(np.unique(duplicate_groups(pictures, ["Oak Red Shirt", "Elm Shirt", "Ash Blue Shirt"]))) == 3


def test_ties_are_passed_on() -> None:
    pictures = scenes(4)
    pictures[1] = pictures[0]
    found = duplicate_groups(pictures, ["one", "two", "two", "three"])
    assert groups_of(found) == {frozenset({0, 1, 2}), frozenset({3})}


def test_bare_titles() -> None:
    assert bare_title("Oak Men's Navy-Blue & White Striped Shirt") == "oak men s striped shirt"
    assert bare_title("") == ""


def test_the_split_keeps_groups_whole_and_does_not_depend_on_order() -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 900, 3000)
    ids = [f"id{n}" for n in range(3000)]
    mask = validation_mask(groups, ids, 0.2)
    for group in np.unique(groups):
        assert len(set(mask[groups == group].tolist())) == 1
    assert 0.15 < mask.mean() < 0.25
    order = rng.permutation(3000)
    np.testing.assert_array_equal(validation_mask(groups[order] + 7, [ids[i] for i in order], 0.2), mask[order])
    assert (validation_mask(groups, ids, 0.2, salt="other") != mask).any()
    assert not validation_mask(groups, ids, 0.0).any()
    assert validation_mask(groups, ids, 1.0).all()


def test_the_pool(pool: Pool, tables: Path) -> None:
    assert len(pool) == 128
    assert pool.photo.sum() == 20
    assert pool.small.shape == (128, *SIZE, 3)
    assert (pool.sharp_of >= 0).sum() == len(pool.sharp) == 27
    row = int(np.flatnonzero(pool.sharp_of == 3)[0])
    assert pool.ids[row] == drawn.rows()[12]["id"]
    np.testing.assert_allclose(pool.sharp[3].astype(int), pool.small[row].astype(int), atol=90)
    for column in LABEL_COLUMNS:
        values, names = pool.labels[column], pool.classes[column]
        assert values.min() >= -1
        assert values.max() < len(names)
    truth = [names_of(pool, "articleType", row) for row in range(108)]
    assert truth == [entry["articleType"] for entry in drawn.rows()]
    assert pool.labels["season"][5] == -1
    assert [names_of(pool, "pattern", row) for row in range(3)] == [None, None, "striped"]
    assert [names_of(pool, "garment", row) for row in (0, 108, 111)] == ["T-Shirt", "T-Shirt", "Body"]
    assert names_of(pool, "articleType", 111) is None
    assert 0 < pool.validation.mean() < 1
    for group in np.unique(pool.groups):
        assert len(set(pool.validation[pool.groups == group].tolist())) == 1
    assert len(load_pool(tables, SIZE, 0.3, limit=10)) == 20


def names_of(pool: Pool, column: str, row: int) -> str | None:
    number = pool.labels[column][row]
    return pool.classes[column][number] if number >= 0 else None


def test_missing_tables_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: Path) -> None:
    with pytest.raises(DataMissingError, match=r"fashion_products\.parquet is missing.*--data.*RECOMMENDER_DATA"):
        data_folder(tmp_path)
    monkeypatch.setenv("RECOMMENDER_DATA", str(tables))
    assert data_folder() == tables


# ---------------------------------------------------------------- pictures


def test_foreground_holds_the_product_with_its_white_parts() -> None:
    canvas = np.full((*SIZE, 3), 255, np.uint8)
    canvas[10:38, 8:28] = (20, 90, 160)
    canvas[20:26, 14:20] = 255  # a white print on it
    mask = foreground(canvas)
    assert mask is not None
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) == {0, 255}
    assert (mask[11:37, 9:27] == 255).all()  # one pixel of rim is left out
    assert (mask[:10] == 0).all()
    assert (mask[10, 8:28] == 0).all()


@pytest.mark.parametrize("kind", ["white", "full", "clutter", "speck"])
def test_foreground_knows_when_it_cannot(kind: str) -> None:
    canvas = np.full((*SIZE, 3), 255, np.uint8)
    if kind == "full":
        canvas[:] = 90
    elif kind == "clutter":
        canvas = np.random.default_rng(0).integers(0, 255, canvas.shape).astype(np.uint8)
    elif kind == "speck":
        canvas[20:24, 20:24] = 0
    assert foreground(canvas) is None
    assert not foregrounds(canvas[None]).any()


def test_margins_come_from_the_rim() -> None:
    photos = np.full((3, *SIZE, 3), 120, np.uint8)
    photos[:, 12:36, 10:26] = (255, 0, 0)
    found = margins(photos, np.random.default_rng(0))
    assert found.shape == (6, *SIZE, 3)
    assert (found == 120).all()


@pytest.fixture
def augment() -> Augment:
    backgrounds = np.random.default_rng(0).integers(0, 255, (5, *SIZE, 3)).astype(np.uint8)
    return Augment(backgrounds, composite=0.5, nothing=0.2, seed=1)


def test_augment_keeps_shape_and_range(augment: Augment, pool: Pool) -> None:
    pictures, masks = pool.small[:64], foregrounds(pool.small[:64])
    before = pictures.copy()
    pixels, there = augment(pictures, masks)
    assert pixels.shape == (64, 3, *SIZE)
    assert pixels.dtype == torch.float32
    assert torch.isfinite(pixels).all()
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    assert there.shape == (64,)
    assert there.dtype == torch.bool
    assert 0 < there.float().mean() < 1
    np.testing.assert_array_equal(pictures, before)
    assert len(torch.unique(pixels.flatten(1), dim=0)) == 64
    one, _ = augment(pictures[:1], masks[:1])
    assert one.shape == (1, 3, *SIZE)


def test_augment_follows_its_seed(pool: Pool) -> None:
    backgrounds = pool.small[:3]
    made = [Augment(backgrounds, 0.5, 0.1, seed)(pool.small[:8], foregrounds(pool.small[:8]))[0] for seed in (4, 4, 5)]
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_what_is_nothing_shows_the_background_alone(pool: Pool) -> None:
    pixels, there = Augment(np.full((1, *SIZE, 3), 100, np.uint8), 0.5, 1.0, 0)(
        np.zeros((32, *SIZE, 3), np.uint8), np.zeros((32, *SIZE), np.uint8)
    )
    assert not there.any()
    # Relit and noisy, but of the background's brightness and not the black picture's.
    assert (pixels.mean((1, 2, 3)) > 0.2).all()
    _, there = Augment(pool.small[:1], 0.5, 0.0, 0)(pool.small[:32], foregrounds(pool.small[:32]))
    assert there.all()


def test_pictures_without_a_mask_are_not_cut_out() -> None:
    red = np.zeros((64, *SIZE, 3), np.uint8)
    red[..., 0] = 255
    pixels, _ = Augment(np.full((1, *SIZE, 3), 0, np.uint8), 1.0, 0.0, 0)(red, np.zeros((64, *SIZE), np.uint8))
    assert (pixels[:, 0, 24, 18] > 0.4).float().mean() > 0.9


# ---------------------------------------------------------------- the loss and the schedule


def logits_of(rng: np.random.Generator, n: int) -> dict[str, torch.Tensor]:
    return {
        column: torch.from_numpy(rng.normal(size=(n, 3)).astype(np.float32)) for column, _ in TrainConfig().loss_weights
    }


def test_the_loss_leaves_unknown_labels_out(rng: np.random.Generator) -> None:
    logits = logits_of(rng, 6)
    there = torch.ones(6, dtype=torch.bool)
    labels = {column: torch.from_numpy(rng.integers(0, 3, 6)) for column in logits}
    labels["season"] = torch.tensor([0, -1, 2, -1, -1, -1])
    before = loss_of(logits, labels, there, CONFIG)
    # Whatever the network says where the label is unknown costs nothing; where it is known it does.
    free = {**logits, "season": logits["season"].clone()}
    free["season"][[1, 3, 4, 5]] = 100.0 * torch.randn(4, 3)
    assert torch.equal(loss_of(free, labels, there, CONFIG), before)
    dear = {**logits, "season": logits["season"].clone()}
    dear["season"][2, 0] += 5
    assert loss_of(dear, labels, there, CONFIG) > before + 0.1
    assert loss_of(logits, {column: torch.full((6,), -1) for column in logits}, there, CONFIG) == 0


def test_the_loss_of_nothing_is_that_of_kind_alone(rng: np.random.Generator) -> None:
    logits = logits_of(rng, 4)
    labels = {column: torch.ones(4, dtype=torch.int64) for column in logits}
    there = torch.zeros(4, dtype=torch.bool)
    got = loss_of(logits, labels, there, CONFIG)
    weight = dict(CONFIG.loss_weights)["kind"]
    want = weight * torch.nn.functional.cross_entropy(
        logits["kind"], torch.zeros(4, dtype=torch.int64), label_smoothing=CONFIG.smoothing
    )
    assert got == pytest.approx(float(want))


def check_cycle(rates: list[float], peak: float) -> None:
    """One rise to the peak, then a fall to almost nothing."""
    top = int(np.argmax(rates))
    assert max(rates) == pytest.approx(peak, rel=0.01)
    assert (np.diff(rates[: top + 1]) > 0).all()
    assert (np.diff(rates[top:]) < 0).all()
    assert 0 < rates[-1] < peak / 100


def test_the_learning_rate_rises_and_falls_in_each_cycle() -> None:
    config = dataclasses.replace(CONFIG, epochs=5, restarts=((3, 1e-3, 0.2),))
    check_cycle([learning_rate(config, epoch) for epoch in np.linspace(0, 2.999, 300)], config.lr)
    check_cycle([learning_rate(config, epoch) for epoch in np.linspace(3, 5, 200)], 1e-3)
    # A run that ends before its restart is one whole cycle.
    short = dataclasses.replace(config, epochs=3)
    check_cycle([learning_rate(short, epoch) for epoch in np.linspace(0, 3, 300)], config.lr)


def test_an_epoch_sees_each_product_once_and_no_validation(pool: Pool) -> None:
    config = dataclasses.replace(CONFIG, batch=1)
    rows = np.concatenate(list(epoch_rows(config, pool, 0)))
    counts = np.bincount(rows, minlength=len(pool))
    assert (counts[pool.validation] == 0).all()
    assert (counts[~pool.validation & ~pool.photo] == 1).all()
    assert (counts[~pool.validation & pool.photo] == config.photo_repeats).all()
    assert (np.concatenate(list(epoch_rows(config, pool, 1))) != rows).any()
    assert {len(batch) for batch in epoch_rows(CONFIG, pool, 0)} == {CONFIG.batch}
    # A pool that is smaller than a batch is one batch, not none.
    (all_of_it,) = epoch_rows(dataclasses.replace(CONFIG, batch=10_000), pool, 0)
    assert len(all_of_it) == len(rows)


def test_average_moves_towards_the_new_weights() -> None:
    new, kept = torch.nn.BatchNorm1d(2), torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        new.weight.fill_(3.0)
        new.running_mean.fill_(10.0)
        new.num_batches_tracked.fill_(7)
    average(new, kept, 0.75)
    assert kept.weight.tolist() == [1.5, 1.5]
    assert kept.running_mean.tolist() == [2.5, 2.5]
    assert kept.num_batches_tracked == 7


# ---------------------------------------------------------------- a run


def weights(network: HouseNet) -> torch.Tensor:
    return torch.cat([value.detach().float().flatten() for value in network.state_dict().values()])


def test_training_learns(pool: Pool, trained: tuple[HouseNet, Path]) -> None:
    _, run = trained
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [0, 1, 2]
    assert lines[-1]["loss"] < lines[0]["loss"]
    assert {"articleType", "garment"} <= set(lines[-1])
    assert json.loads((run / "config.json").read_text())["dim"] == 16


def test_the_seed_decides_the_run(pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path) -> None:
    again = train(CONFIG, pool, tmp_path / "again")
    assert torch.equal(weights(again), weights(trained[0]))
    other = prepare(dataclasses.replace(CONFIG, seed=4), pool)[0]
    assert not torch.equal(weights(other), weights(prepare(CONFIG, pool)[0]))


class Killed(Exception):  # noqa: N818
    pass


def test_a_run_that_was_stopped_ends_like_one_that_was_not(
    pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path
) -> None:
    def stop(report: dict[str, float]) -> None:
        if report["epoch"] == 1:
            raise Killed

    with pytest.raises(Killed):
        train(CONFIG, pool, tmp_path, stop)
    torch.manual_seed(99)  # what else has drawn meanwhile does not matter
    seen: list[float] = []
    network = train(CONFIG, pool, tmp_path, lambda report: seen.append(report["epoch"]))
    assert min(seen) == 1
    assert torch.equal(weights(network), weights(trained[0]))
    assert len((tmp_path / "metrics.jsonl").read_text().splitlines()) == 3


def test_another_configuration_or_pool_overwrites_no_run(
    pool: Pool, trained: tuple[HouseNet, Path], tmp_path: Path
) -> None:
    checkpoint = (trained[1] / "checkpoint.pt").read_bytes()
    (tmp_path / "checkpoint.pt").write_bytes(checkpoint)
    held_back = dataclasses.replace(pool, validation=~pool.validation)
    for config, data in ((dataclasses.replace(CONFIG, lr=1e-3, epochs=1), pool), (CONFIG, held_back)):
        with pytest.raises(ModelError, match="another configuration or other data"):
            train(config, data, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
    assert (tmp_path / "checkpoint.pt").read_bytes() == checkpoint
    seen: list[float] = []
    train(CONFIG, pool, tmp_path, lambda report: seen.append(report["epoch"]))
    assert seen == []  # the run was complete


def test_a_damaged_checkpoint_is_one_sentence(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(b"half a checkpoint")
    with pytest.raises(ModelError, match=r"checkpoint\.pt is damaged\. Remove it"):
        train(CONFIG, pool, tmp_path)


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


def test_folding_is_the_same_function() -> None:
    torch.manual_seed(0)
    layer = ConvNorm(3, 5, stride=2)
    with torch.no_grad():
        layer.norm.running_mean.normal_()
        layer.norm.running_var.uniform_(0.2, 3)
        layer.norm.weight.normal_()
        layer.norm.bias.normal_()
    layer.eval()
    x = torch.randn(2, 3, 9, 8)
    weight, bias = folded(layer)
    want = layer(x)
    got = torch.nn.functional.conv2d(x, weight, bias, stride=2, padding=1)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-4)


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
    network = copy.deepcopy(network)
    # The files hold half precision: the network is compared with just those weights.
    with torch.no_grad():
        for part in network.modules():
            if isinstance(part, ConvNorm):
                weight, bias = (value.half().float() for value in folded(part))
                part.conv.weight.copy_(weight)
                part.norm.running_mean.zero_()
                part.norm.running_var.fill_(1 - part.norm.eps)
                part.norm.weight.fill_(1)
                part.norm.bias.copy_(bias)
        for value in [*network.project.parameters(), *network.heads.parameters()]:
            value.copy_(value.half().float())
    vectors, logits = outputs(network, pool.small)
    found = encoder.encode(pool.small)
    np.testing.assert_allclose(found, vectors, atol=1e-4)
    assert np.abs(found - found[:1]).max() > 1e-2  # and they are not all one vector
    scores = HouseClassifier(folder / "house.safetensors", encoder.fingerprint).scores(found)
    assert set(scores) == set(LABEL_COLUMNS)
    for column, score in scores.items():
        assert list(score.classes) == pool.classes[column]
        want = softmax(logits[column] / about["temperature"][column])
        np.testing.assert_allclose(score.probabilities, want, atol=2e-3)


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


def test_only_the_named_heads_are_stored(trained: tuple[HouseNet, Path], pool: Pool, tmp_path: Path) -> None:
    arrays = deploy(trained[0], {"season": pool.classes["season"]})
    assert [name for name in arrays if name.startswith("heads.")] == ["heads.season.weight", "heads.season.bias"]
    assert {array.dtype for name, array in arrays.items() if name != "scale"} == {np.dtype(np.float16)}
    network = HouseNet(CONFIG, {"kind": 2})
    about = {
        "classes": {"kind": ["nothing", "product"]},
        "temperature": {"kind": 1.0},
        "sure_from": {"kind": 0.5},
        "strange": {"column": "kind", "energies": [-1.0, 0.0], "shares": [0.0, 0.05]},
    }
    export(network, about, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"house.onnx", "house.safetensors", "house-words.safetensors"}
    assert HouseClassifier(tmp_path / "house.safetensors").scores(np.eye(16, dtype=np.float32)) == {}


def test_both_files_of_a_trained_network_hold_the_same_weights(
    trained: tuple[HouseNet, Path], pool: Pool, tmp_path: Path
) -> None:
    # Training lays the weights out channels last; a file that takes the buffer as it lies would scramble them.
    assert not trained[0].stages[1][0].conv.weight.is_contiguous()
    finish(copy.deepcopy(trained[0]), pool, CONFIG, tmp_path)
    weights = load_file(tmp_path / "house.safetensors")
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(tmp_path / "house.onnx").graph.initializer}
    assert set(stored) - {"mean", "std"} == {n for n in weights if not n.startswith("heads.") and n != "scale"}
    for name in set(stored) & set(weights):
        np.testing.assert_array_equal(stored[name], weights[name], err_msg=name)


def test_halves_go_by_group(pool: Pool) -> None:
    rows = np.arange(len(pool))
    half = halves(pool, rows)
    for group in np.unique(pool.groups):
        assert len(set(half[pool.groups == group].tolist())) == 1
    assert 0.2 < half.mean() < 0.8
