"""Pictures made of held-out ones, to calibrate with."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

from recommender.classifiers.house import KIND  # noqa: E402
from recommender.training.augment import foregrounds  # noqa: E402
from recommender.training.data import KINDS, Pool  # noqa: E402
from recommender.training.imagined import placed, strange  # noqa: E402
from recommender.training.loop import outputs  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.report import finish  # noqa: E402
from tests.training_fixtures import CONFIG, SIZE  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)


def test_products_that_can_be_cut_out_are_put_elsewhere(pool: Pool) -> None:
    rows = np.flatnonzero(pool.validation)
    white = pool.small[rows][:, [0, -1]].min((1, 2, 3)) > 235
    made, of = placed(CONFIG, pool, rows)
    cut = foregrounds(pool.small[rows]).any((1, 2)) & ~pool.photo[rows]
    assert of.tolist() == rows[cut].tolist()
    assert made.shape == (cut.sum(), *SIZE, 3)
    assert made.dtype == np.uint8
    assert white[cut].mean() > 0.9
    # A wide photo has white above and below it, a narrow one beside it, none all around.
    assert ((made[:, [0, -1]].min((1, 2, 3)) > 235) & (made[:, :, [0, -1]].min((1, 2, 3)) > 235)).mean() < 0.2
    np.testing.assert_array_equal(made, placed(CONFIG, pool, rows)[0])


def test_snapshots_have_surroundings_of_their_own(pool: Pool) -> None:
    snaps = dataclasses.replace(pool, photo=np.ones_like(pool.photo))
    assert placed(CONFIG, snaps, np.arange(20))[0].shape == (0, *SIZE, 3)


def test_there_is_a_stranger_for_every_picture(pool: Pool) -> None:
    rows = np.arange(40)
    made = strange(CONFIG, pool, rows)
    assert made.shape == (40, *SIZE, 3)
    assert made.dtype == np.uint8
    assert (made != pool.small[rows]).any((1, 2, 3)).all()


def test_invented_strangers_can_make_it_less_sure_that_a_product_is_there_but_not_surer(
    trained: tuple[HouseNet, Path], pool: Pool, tmp_path: Path
) -> None:
    held = np.flatnonzero(pool.validation)
    here, not_here = (outputs(trained[0], made)[0] for made in (pool.small[held], strange(CONFIG, pool, held)))
    telling = torch.from_numpy(here.mean(0) - not_here.mean(0))
    between = torch.from_numpy(np.concatenate([here, not_here]).mean(0)) @ telling

    def temperature(strength: float) -> float:
        network = copy.deepcopy(trained[0])
        head, product = network.head(KIND), KINDS.index("product")
        with torch.no_grad():
            head.weight.zero_()
            head.bias.zero_()
            head.weight[product] = strength * telling / network.scale
            head.bias[product] = -strength * between
        return finish(network, pool, CONFIG, tmp_path, heads=False)["temperature"][KIND]

    assert temperature(0.1) == 1
    assert temperature(1000) > 1
