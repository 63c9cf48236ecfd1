"""What training learns from: duplicates and the split, the pool, and pictures that are changed."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs torch")


from recommender.errors import DataMissingError  # noqa: E402
from recommender.images import letterbox  # noqa: E402
from recommender.training.augment import Augment, foreground, foregrounds, margins  # noqa: E402
from recommender.training.data import LABEL_COLUMNS, Pool, data_folder, load_pool  # noqa: E402
from recommender.training.groups import bare_title, duplicate_groups, validation_mask  # noqa: E402
from tests import drawn  # noqa: E402
from tests.training_fixtures import SIZE  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

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


@pytest.mark.parametrize("value", [255, 254, 128, 0])
def test_placeholders_are_one_group(value: int) -> None:
    assert len(np.unique(duplicate_groups(np.full((70, 80, 60, 3), value, np.uint8)))) == 1


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


def test_fewer_ties_make_an_easier_split() -> None:
    pictures = scenes(4)
    pictures[1] = pictures[0]
    titles = ["one", "two", "two", "three"]
    assert groups_of(duplicate_groups(pictures, titles, "photos")) == {
        frozenset({0, 1}),
        frozenset({2}),
        frozenset({3}),
    }
    assert len(np.unique(duplicate_groups(pictures, titles, "rows"))) == 4


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


def test_a_title_may_be_missing(tables: Path, tmp_path: Path) -> None:
    for name in ("fashion_products_224", "clothing_photos"):
        shutil.copy(tables / f"{name}.parquet", tmp_path)
    shop = pd.read_parquet(tables / "fashion_products.parquet")
    shop.loc[2, "productDisplayName"] = None
    shop.to_parquet(tmp_path / "fashion_products.parquet")
    pool = load_pool(tmp_path, SIZE, 0.3)
    assert pool.titles[2] == ""
    assert names_of(pool, "pattern", 2) is None
    assert pool.titles[5] == shop["productDisplayName"][5]


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


def test_what_is_nothing_shows_no_product(pool: Pool) -> None:
    black = np.zeros((64, *SIZE, 3), np.uint8)
    white = np.full((1, *SIZE, 3), 255, np.uint8)
    pixels, there = Augment(white, 0.0, 1.0, 0, clean=1.0)(black, black[..., 0])
    assert not there.any()
    # Three in four are backgrounds or lumps; the rest is cut up, which a black picture does not show.
    assert 0.5 < (pixels.mean((1, 2, 3)) > 0.2).float().mean() < 0.95
    _, there = Augment(pool.small[:1], 0.5, 0.0, 0)(pool.small[:32], foregrounds(pool.small[:32]))
    assert there.all()


def test_pictures_without_a_mask_are_not_cut_out() -> None:
    red = np.zeros((64, *SIZE, 3), np.uint8)
    red[..., 0] = 255
    pixels, _ = Augment(np.full((1, *SIZE, 3), 0, np.uint8), 1.0, 0.0, 0)(red, np.zeros((64, *SIZE), np.uint8))
    assert (pixels[:, 0, 24, 18] > 0.4).float().mean() > 0.9
