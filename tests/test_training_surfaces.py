"""What cut-out products are put on, and what happens around them there."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from recommender.images.canvas import letterbox
from recommender.training.augment import ASIDE, Augment
from recommender.training.placing import COMPANY, FRAMED, accompanied, framed, frames, shaded, slimmed
from recommender.training.surfaces import KINDS, surfaces

SIZE = (80, 60)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def disc(n: int, radius: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Red discs on white and their masks."""
    y, x = np.mgrid[-1 : 1 : SIZE[0] * 1j, -1 : 1 : SIZE[1] * 1j]
    mask = np.broadcast_to(255 * (np.hypot(y * SIZE[0] / SIZE[1], x) < radius), (n, *SIZE)).astype(np.uint8)
    pictures = np.full((n, *SIZE, 3), 255, np.uint8)
    pictures[mask > 0] = (200, 0, 0)
    return pictures, mask


def test_surfaces_follow_their_seed_and_differ() -> None:
    first, again, other = (surfaces(12, SIZE, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (12, *SIZE, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len({picture.tobytes() for picture in first}) == 12


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_surface_has_a_texture(kind) -> None:
    y, x = np.meshgrid(np.linspace(-1, 1, 80), np.linspace(-0.75, 0.75, 60), indexing="ij")
    for seed in range(20):
        made = kind((x, y), np.full(3, 128.0), np.random.default_rng(seed))
        assert made.shape == (*SIZE, 3)
        assert np.isfinite(made).all()
        assert made.std() > 0.5


def test_surfaces_are_sharp() -> None:
    made = surfaces(200, SIZE, np.random.default_rng(0)).astype(float).mean(3)
    steps = np.abs(np.diff(made, axis=2)).mean((1, 2))
    assert np.mean(steps > 4) > 0.3
    assert steps.max() > 15


def test_a_shadow_lies_beside_what_stands_on_a_surface_and_nowhere_else() -> None:
    back, alpha = torch.full((64, 3, *SIZE), 0.8), torch.from_numpy(disc(64)[1]).unsqueeze(1).float() / 255
    dark = shaded(back, alpha, seeded())
    assert (dark <= back + 1e-6).all()
    assert torch.allclose(dark[..., :3, :3], back[..., :3, :3])
    assert dark[:, 0, 40, 30].min() < 0.5
    assert dark[:, 0, 40, 30].std() > 0.05  # as dark as the light is hard


def test_other_products_lie_aside_on_some_backgrounds() -> None:
    pictures, mask = disc(200)
    moved = torch.cat([torch.from_numpy(pictures), torch.from_numpy(mask)[..., None]], 3).permute(0, 3, 1, 2) / 255
    red = accompanied(torch.zeros(200, 3, *SIZE), moved, torch.ones(200, 2), seeded())[:, 0]
    assert COMPANY - 0.15 < (red.flatten(1).amax(1) > 0.4).float().mean() < COMPANY + 0.1
    middle, whole = red[:, 35:45, 25:35].mean(), red.mean()
    assert middle < whole


def test_what_lies_beside_a_product_lies_in_the_photo() -> None:
    pictures, mask = disc(200, 0.3)
    moved = torch.cat([torch.from_numpy(pictures), torch.from_numpy(mask)[..., None]], 3).permute(0, 3, 1, 2) / 255
    wide = torch.tensor([[0.45, 1.0]]).expand(200, 2)
    red = [accompanied(torch.zeros(200, 3, *SIZE), moved, s, seeded())[:, 0] for s in (torch.ones(200, 2), wide)]
    inside = [(one[:, 22:58].sum() / one.sum()).item() for one in red]
    assert inside[0] < 0.7 < 0.9 < inside[1]


def test_some_products_on_a_background_are_small_and_off_the_middle() -> None:
    pictures, mask = disc(600, 0.5)
    grey = np.full((1, *SIZE, 3), 128, np.uint8)
    augment = Augment(grey, 1.0, 0.0, 0)
    layers = torch.cat([torch.from_numpy(pictures), torch.from_numpy(mask)[..., None]], 3).permute(0, 3, 1, 2) / 255
    all_of, none_of = torch.ones(600, dtype=torch.bool), torch.zeros(600, dtype=torch.bool)
    alpha = augment._move(layers, all_of, none_of, none_of, torch.ones(600))[:, 3]
    area = alpha.flatten(1).sum(1)
    y, x = torch.meshgrid(torch.linspace(-1, 1, SIZE[0]), torch.linspace(-1, 1, SIZE[1]), indexing="ij")
    off = torch.hypot((alpha * x).flatten(1).sum(1) / area, (alpha * y).flatten(1).sum(1) / area)
    small = area < area.sort().values[100]
    assert off[small].mean() > 1.3 * off[~small].mean()
    assert 0.5 * ASIDE < (off > 0.33).float().mean() < ASIDE


def test_few_have_two_others_beside_them() -> None:
    moved = torch.zeros(300, 4, *SIZE)
    moved[:, 3, 20:60, 15:45] = 1
    moved[0::3, 0], moved[1::3, 1], moved[2::3, 2] = 1, 1, 1  # each one's neighbours in the batch are of other colours
    seen = (accompanied(torch.zeros(300, 3, *SIZE), moved, torch.ones(300, 2), seeded()) > 0.4).flatten(2).any(2).sum(1)
    assert (seen > 0).float().mean() == pytest.approx(COMPANY, abs=0.1)
    assert (seen > 1).float().mean() == pytest.approx(COMPANY**2, abs=0.08)


def test_some_photos_are_wide_and_a_few_narrow() -> None:
    shares = frames(2000, seeded())
    wide, narrow = (shares < 1).float().mean(0)
    assert wide > 2 * narrow > 0
    assert wide + narrow == pytest.approx(FRAMED, abs=0.04)
    assert not (shares < 1).all(1).any()
    assert shares.min() > 0.4


def test_what_a_photo_does_not_fill_is_white_as_the_letterbox_leaves_it() -> None:
    made = framed(torch.zeros(3, 3, *SIZE), torch.tensor([[1.0, 1.0], [0.5, 1.0], [1.0, 0.8]]))[:, 0]
    wide, narrow = (
        np.asarray(letterbox(Image.new("RGB", form), SIZE))[..., 0] / 255.0 for form in ((300, 200), (480, 800))
    )
    assert made[0].max() == 0
    np.testing.assert_array_equal(made[1], wide)
    np.testing.assert_array_equal(made[2], narrow)


def test_things_are_smaller_in_a_photo_that_does_not_fill_the_canvas_and_strangers_are_framed_too() -> None:
    pictures, mask = disc(400, 0.7)
    grey = np.full((1, *SIZE, 3), 128, np.uint8)
    pixels, _ = Augment(grey, 1.0, 0.0, 0)(pictures, mask)
    barred = (pixels[:, :, 0] == 1).all(1).all(1)
    assert 0.2 < barred.float().mean() < 0.5
    red = ((pixels[:, 0] - pixels[:, 1]) > 0.25).flatten(1).float().sum(1)
    assert red[barred].median() < 0.6 * red[~barred].median()
    strangers, there = Augment(grey, 0.0, 1.0, 0)(pictures, mask)
    assert not there.any()
    grounds = (strangers[:, :, 40, 0] < 0.9).all(1)  # not on white anyhow
    assert 0.1 < (strangers[grounds][:, :, 0] == 1).all(1).all(1).float().mean() < 0.4


def test_one_alone_has_no_company_but_itself_and_none_is_no_trouble() -> None:
    augment = Augment(np.zeros((1, *SIZE, 3), np.uint8), 1.0, 0.0, 0)
    assert accompanied(torch.zeros(0, 3, *SIZE), torch.zeros(0, 4, *SIZE), torch.ones(0, 2), seeded()).shape == (
        0,
        3,
        *SIZE,
    )
    pictures, mask = disc(1)
    pixels, there = augment(pictures, mask)
    assert pixels.shape == (1, 3, *SIZE)
    assert there.all()


def test_thin_things_keep_their_rim_and_half_of_the_others_lose_it() -> None:
    large = torch.from_numpy(disc(200, 0.8)[1]).unsqueeze(1).float() / 255
    left = slimmed(large, seeded()).flatten(1).sum(1)
    assert 0.35 < (left < large[0].sum()).float().mean() < 0.65
    thin = torch.zeros(50, 1, *SIZE)
    thin[..., 40, :] = 1
    assert torch.equal(slimmed(thin, seeded()), thin)


def test_what_lies_on_a_floor_is_seen_from_any_side() -> None:
    pictures, _ = disc(400)
    pictures[:, 40:] = 255  # what is left points upwards
    mask = np.where(pictures[..., 1] < 255, 255, 0).astype(np.uint8)
    pixels, _ = Augment(np.full((1, *SIZE, 3), 255, np.uint8), 1.0, 0.0, 3)(pictures, mask)
    red = pixels[:, 0] - pixels[:, 1] > 0.25
    red_in_half = red[:, :40].flatten(1).sum(1), red[:, 40:].flatten(1).sum(1)
    assert 0.03 < (red_in_half[1] > 2 * red_in_half[0]).float().mean() < 0.3
