"""Pictures made of held-out ones, to calibrate with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch")

from recommender.training.augment import foregrounds
from recommender.training.data import Pool
from recommender.training.imagined import placed, strange
from tests.training_fixtures import CONFIG, SIZE

pytest_plugins = ("tests.training_fixtures",)


def test_products_that_can_be_cut_out_are_put_elsewhere(pool: Pool) -> None:
    rows = np.flatnonzero(pool.validation)
    white = pool.small[rows][:, [0, -1]].min((1, 2, 3)) > 235
    made = placed(CONFIG, pool, rows)
    cut = foregrounds(pool.small[rows]).any((1, 2)) & ~pool.photo[rows]
    assert made.shape == (cut.sum(), *SIZE, 3)
    assert made.dtype == np.uint8
    assert white[cut].mean() > 0.9
    # A wide photo has white above and below it, a narrow one beside it, none all around.
    assert ((made[:, [0, -1]].min((1, 2, 3)) > 235) & (made[:, :, [0, -1]].min((1, 2, 3)) > 235)).mean() < 0.2
    np.testing.assert_array_equal(made, placed(CONFIG, pool, rows))


def test_snapshots_have_surroundings_of_their_own(pool: Pool) -> None:
    snaps = dataclasses.replace(pool, photo=np.ones_like(pool.photo))
    assert placed(CONFIG, snaps, np.arange(20)).shape == (0, *SIZE, 3)


def test_there_is_a_stranger_for_every_picture(pool: Pool) -> None:
    rows = np.arange(40)
    made = strange(CONFIG, pool, rows)
    assert made.shape == (40, *SIZE, 3)
    assert made.dtype == np.uint8
    assert (made != pool.small[rows]).any((1, 2, 3)).all()
