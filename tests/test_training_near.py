"""What training adds to labels: neighbours that agree, and strangers to learn what is no product."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.training.augment import Augment  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.near import AGREEMENT, DOUBT, OTHERS, SHARPNESS, Neighbours  # noqa: E402
from recommender.training.nothing import furnished, lumps, shuffled, strangers  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402

HERE = torch.ones(2, dtype=torch.bool)


def pool(types: list[int], photo: list[bool] | None = None, groups: list[int] | None = None, **more: object) -> Pool:
    n = len(types)
    labels = {"articleType": np.array(types)}
    classes = {"articleType": ["Caps", "Ties"]}
    if photo:
        labels = {"garment": np.array(types)}
        classes = {"garment": ["Hat", "Shirt"]}
    return Pool(
        ids=np.arange(n),
        small=np.zeros((n, 4, 3, 3), np.uint8),
        sharp=np.zeros((0, 4, 3, 3), np.uint8),
        sharp_of=np.full(n, -1),
        labels=labels,
        classes=classes,
        photo=np.array(photo or [False] * n),
        groups=np.arange(n) if groups is None else np.array(groups),
        validation=np.zeros(n, bool),
        titles=[""] * n,
        auxiliary=("garment",) if photo else (),
    )


def losses(near: Neighbours, vectors: torch.Tensor, anchors: list[int], remembered: dict[int, torch.Tensor]) -> float:
    """The loss of ``anchors`` against what is put into the memory."""
    for row, vector in remembered.items():
        near.vectors[row], near.seen[row] = vector.half(), True
    there = torch.ones(len(anchors), dtype=torch.bool)
    return float(near.loss(vectors, np.array(anchors), there, np.random.default_rng(0)))


X, Y = torch.eye(CONFIG.dim)[0], torch.eye(CONFIG.dim)[1]


def test_the_loss_is_that_of_the_agreeing_share() -> None:
    """Two neighbours at similarity 1 and 0: the share of the near one is a logistic function."""
    config = dataclasses.replace(CONFIG, near_memory=4000)
    found = losses(Neighbours(pool([0, 0, 1]), config), X[None], [0], {1: X, 2: Y})
    # 4,000 draws of two: their shares are even to some percent, which counts little before exp(20).
    assert found == pytest.approx(-math.log(1 + DOUBT), abs=1e-4)
    found = losses(Neighbours(pool([0, 0, 1]), config), X[None], [0], {1: Y, 2: X})
    assert found == pytest.approx(-math.log(math.exp(-SHARPNESS) + DOUBT), abs=1e-3)
    found = losses(Neighbours(pool([0, 0, 1]), config), X[None], [0], {1: X, 2: X})
    assert found == pytest.approx(math.log(2) * AGREEMENT["articleType"], abs=0.05)


def test_twins_and_unknown_labels_do_not_count() -> None:
    near = Neighbours(pool([0, 0, 1], groups=[0, 0, 2]), CONFIG)
    assert losses(near, X[None], [0], {1: X, 2: Y}) == 0  # its one agreeing neighbour is its twin
    near = Neighbours(pool([0, 0, -1]), CONFIG)
    assert losses(near, X[None], [0], {1: Y, 2: X}) == pytest.approx(-math.log(1 + DOUBT), abs=1e-4)
    near = Neighbours(pool([-1, 0, 1]), CONFIG)
    assert losses(near, X[None], [0], {1: X, 2: Y}) == 0


def test_a_phone_photo_is_held_against_products_alone() -> None:
    photo = [True, True, False, False]
    near = Neighbours(pool([0, 0, 0, 1], photo), CONFIG)
    # The other phone photo lies right there and agrees; of the products the near one does not.
    wrong = losses(near, X[None], [0], {1: X, 2: Y, 3: X})
    assert wrong == pytest.approx(-OTHERS * math.log(math.exp(-SHARPNESS) + DOUBT), abs=0.01)
    near = Neighbours(pool([0, 0, 0, 1], photo), CONFIG)
    assert losses(near, X[None], [0], {1: X, 2: X, 3: Y}) == pytest.approx(0, abs=0.01)
    near = Neighbours(pool([0, 0, 0, 1], photo), CONFIG)
    assert losses(near, X[None], [2], {1: X, 3: X}) == 0  # and a product asks nothing of phone photos


def test_a_batch_is_remembered_without_what_shows_nothing() -> None:
    near = Neighbours(pool([0, 0, 1]), CONFIG)
    there = torch.tensor([True, False])
    assert float(near.loss(torch.stack([X, Y]), np.array([2, 0]), there, np.random.default_rng(0))) == 0
    assert near.seen.tolist() == [False, False, True]
    assert torch.equal(near.vectors[2].float(), X)
    again = Neighbours(pool([0, 0, 1]), CONFIG)
    again.load_state_dict(near.state_dict())
    assert torch.equal(again.seen, near.seen)


def test_the_loss_pulls_towards_what_agrees() -> None:
    vector = torch.nn.functional.normalize(X + Y, dim=0)[None].requires_grad_()
    near = Neighbours(pool([0, 0, 1]), CONFIG)
    near.vectors[1], near.vectors[2], near.seen[1:] = X.half(), Y.half(), True
    near.loss(vector, np.array([0]), HERE[:1], np.random.default_rng(0)).backward()
    assert vector.grad is not None
    assert vector.grad[0, 0] < 0 < vector.grad[0, 1]


# ---------------------------------------------------------------- strangers


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_shuffled_tiles_are_all_there_in_other_places() -> None:
    tiles = torch.arange(12.0).reshape(4, 3) / 12
    picture = tiles.repeat_interleave(5, 0).repeat_interleave(6, 1).expand(2, 3, 20, 18)
    found = shuffled(picture, seeded())
    assert found.shape == picture.shape
    assert torch.equal(found[0, 0, ::5, ::6].flatten().sort().values, tiles.flatten())
    assert not torch.equal(found, picture)
    odd = shuffled(torch.rand(1, 3, 23, 17), seeded())  # sizes that no tile divides
    assert odd.shape == (1, 3, 23, 17)


def test_lumps_stand_on_their_ground() -> None:
    stuff = torch.zeros(64, 3, 40, 30)
    found = lumps(torch.full((64, 3, 40, 30), 0.5), stuff, seeded())
    covered = (found < 0.1).all(1).float().mean((1, 2))
    assert ((covered > 0.02) & (covered < 0.95)).float().mean() > 0.95
    ground = found[:, 0, 0, 0]
    assert {round(float(value), 2) for value in ground} >= {0.5, 1.0}
    assert torch.equal(lumps(stuff + 0.5, stuff, seeded()), found)


def test_a_floor_under_lumps_is_out_of_focus() -> None:
    """What lies on one in focus may be something small that is sold."""
    floor = (torch.arange(40)[:, None] % 4 < 2).float().expand(64, 3, 40, 30)
    found = lumps(floor, torch.zeros(64, 3, 40, 30), seeded())
    ground = found[:, 0, :, 0]
    assert 0.03 < (ground.amax(1) < 0.8).float().mean() < 0.3
    assert (ground.diff(dim=1).abs() > 0.7).float().mean() < 0.1


def test_furniture_stands_on_legs_and_leaves_the_rest_of_the_room_as_it_is() -> None:
    room, stuff = torch.full((64, 3, 80, 60), 0.1), torch.ones(64, 3, 80, 60)
    found = furnished(room, stuff, seeded())
    there = (found != room).any(1)
    covered = there.float().mean((1, 2))
    assert ((covered > 0.02) & (covered < 0.6)).all()
    # Below a board there is more room than legs.
    widest = there.sum(2).amax(1)
    lowest = torch.stack([rows[rows > 0][-3] for rows in there.sum(2)])
    assert (lowest < 0.6 * widest).float().mean() > 0.9
    assert torch.equal(furnished(room, stuff, seeded()), found)


def test_strangers_are_bare_cut_up_or_made() -> None:
    picture, back, stuff = torch.zeros(300, 3, 20, 15), torch.full((300, 3, 20, 15), 0.5), torch.ones(300, 3, 20, 15)
    found = strangers(picture, back, stuff, seeded())
    bare = (found == 0.5).flatten(1).all(1)
    cut = (found == 0).flatten(1).all(1)  # of a black picture the tiles are black too
    shares = [float(share.float().mean()) for share in (bare, cut, ~bare & ~cut)]
    assert shares == pytest.approx([0.36, 0.24, 0.4], abs=0.08)
    assert strangers(picture[:0], back[:0], stuff[:0], seeded()).shape == (0, 3, 20, 15)


def test_phone_photos_never_stay_as_they_are_and_have_no_rim() -> None:
    grey = np.full((64, 40, 30, 3), 128, np.uint8)
    masks, phones = np.zeros((64, 40, 30), np.uint8), np.ones(64, bool)
    backgrounds = np.zeros((1, 40, 30, 3), np.uint8)
    pixels, there = Augment(backgrounds, 0.5, 0.0, 0, clean=1.0)(grey, masks, phones)
    assert there.all()
    assert (pixels - 128 / 255).abs().flatten(1).amax(1).gt(0.01).float().mean() > 0.9  # relit, each in its way
    # However it is turned and shifted, no other background comes in at the corners (an erased box may).
    corners = pixels[:, :, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners.amin((1, 2)) > 0.15).float().mean() > 0.9
    plain, _ = Augment(backgrounds, 0.5, 0.0, 0, clean=1.0)(grey, masks)
    assert torch.allclose(plain[:, :, 20, 15], torch.tensor(128 / 255), atol=1e-3)
