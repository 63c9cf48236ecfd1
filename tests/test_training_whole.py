"""Convolutions in whole numbers: near to what they stand for, and the same wherever they are computed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("onnx", reason="the export needs onnx")

import onnxruntime as ort  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from recommender.training.export import as_bytes, encoder_arrays, graph, round_as_stored  # noqa: E402
from recommender.training.loop import outputs  # noqa: E402
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, HouseNet  # noqa: E402
from recommender.training.whole import (  # noqa: E402
    LARGEST,
    MIDDLE,
    as_pixels,
    as_whole,
    as_whole_weights,
    folded,
    in_whole_numbers,
    step_for,
)
from tests.training_fixtures import CONFIG, SIZE  # noqa: E402


def lively(layer: ConvNorm) -> ConvNorm:
    """The layer with a norm that does something."""
    with torch.no_grad():
        layer.norm.running_mean.normal_()
        layer.norm.running_var.uniform_(0.2, 3)
        layer.norm.weight.normal_()
        layer.norm.bias.normal_()
    return layer.eval()


def network(**changed: object) -> HouseNet:
    """One whose norms and branches all do something."""
    torch.manual_seed(0)
    made = HouseNet(dataclasses.replace(CONFIG, **changed), {"kind": 2})
    for layer in made.modules():
        if isinstance(layer, ConvNorm):
            lively(layer)
    return made.eval()


def pictures(n: int, seed: int = 0) -> np.ndarray:
    """Blocks of colour with some noise, (n, h, w, 3) uint8."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (n, 5, 5, 3)).repeat(-(-SIZE[0] // 5), 1).repeat(-(-SIZE[1] // 5), 2)
    coarse = coarse[:, : SIZE[0], : SIZE[1]]
    return (coarse + rng.integers(-20, 20, coarse.shape)).clip(0, 255).astype(np.uint8)


def standardised(canvases: np.ndarray) -> torch.Tensor:
    return (torch.from_numpy(canvases).permute(0, 3, 1, 2).float() / 255 - PIXEL_MEAN) / PIXEL_STD


def run(made: HouseNet, canvases: np.ndarray) -> np.ndarray:
    """What ONNX Runtime makes of the rounded network."""
    config = made.config
    blocks = [config.blocks, *(blocks for _, blocks in config.beside)]
    model = graph(encoder_arrays(made), config.size, blocks, config.aspects, config.mirrored)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"canvas": canvases})[0]


def test_bytes_and_steps_are_near_the_weights() -> None:
    weights = np.random.default_rng(0).normal(size=(5, 4, 3, 3)).astype(np.float32)
    weights *= np.array([1e-6, 1e-3, 0, 1, 1e3], np.float32)[:, None, None, None]
    small, step = as_bytes(weights)
    assert small.dtype == np.int8
    assert step.shape == (5, 1, 1, 1)
    # Each row is as near as its own largest weight lets it be: 255 levels, of which zero is one.
    largest = np.abs(weights).max((1, 2, 3), keepdims=True)
    assert (np.abs(small * step - weights) <= 0.501 * largest / 127).all()
    assert np.abs(small).max((1, 2, 3)).tolist() == [127, 127, 0, 127, 127]


def test_folding_is_the_same_function() -> None:
    torch.manual_seed(0)
    layer = lively(ConvNorm(3, 5, stride=2))
    x = torch.randn(2, 3, 9, 8)
    weight, bias = folded(layer)
    got = F.conv2d(x, weight, bias, stride=2, padding=1)
    torch.testing.assert_close(got, layer(x), atol=1e-5, rtol=1e-4)


def test_two_products_fit_into_sixteen_bits() -> None:
    assert 2 * 255 * LARGEST <= 2**15 - 1


def test_a_step_cuts_off_what_is_rare() -> None:
    values = torch.cat([torch.rand(100_000), torch.tensor([2.0])])
    step = step_for(values, 0)

    def off(step: float) -> float:
        return float((as_whole(values, step, 0) * step - values).square().sum())

    assert 1 / 255 < step < 2 / 255
    assert off(step) < 0.95 * min(off(1 / 255), off(2 / 255))
    assert step_for(values[:-1] - 0.5, MIDDLE) == pytest.approx(0.5 / 127, rel=0.1)
    assert step_for(torch.zeros(3), 0) > 0


def test_a_step_is_measured_all_over_the_picture() -> None:
    maps = torch.rand(4, 64, 4096, 3)
    maps[..., 0] /= 10
    assert step_for(maps, 0) > 0.8 / 255


def test_nothing_stays_nothing_and_the_rest_stays_near() -> None:
    values = torch.linspace(-3, 3, 100)
    near = as_whole(values, 3 / 127, MIDDLE) * 3 / 127
    assert (near - values).abs().max() <= 0.5 * 3 / 127 + 1e-6
    assert as_whole(torch.tensor([-1.0, 0.0, 9.0]), 0.01, 0).tolist() == [0, 0, 255]
    assert as_whole(torch.tensor([-9.0, 0.0, 9.0]), 0.01, MIDDLE).tolist() == [-128, 0, 127]


@pytest.mark.parametrize("stride", [1, 2])
def test_weights_make_up_for_what_others_were_rounded_by(stride: int) -> None:
    torch.manual_seed(1)
    coarse = torch.rand(16, 12, 6, 5)  # more weights than are rounded at a time
    seen = (255 * F.interpolate(coarse, (24, 20), mode="bilinear")).round()  # neighbours go together, as in pictures
    weight = torch.randn(8, 12, 3, 3)
    whole, step = as_whole_weights(weight, seen, stride, torch.zeros(8))
    assert whole.abs().max() <= LARGEST
    assert torch.equal(whole, whole.round())
    plain = (weight / step.view(-1, 1, 1, 1)).round()

    def off(weights: torch.Tensor) -> float:
        changed = F.conv2d(seen, weights * step.view(-1, 1, 1, 1) - weight, stride=stride, padding=1)
        return float(changed.square().mean())

    assert off(whole) < 0.3 * off(plain)


def test_weights_that_are_whole_already_stay_so() -> None:
    whole = torch.randint(-LARGEST, LARGEST + 1, (4, 3, 3, 3), generator=torch.manual_seed(0)).float()
    whole[:, 0, 0, 0] = LARGEST
    step = torch.tensor([0.1, 0.02, 3.0, 1.0])
    found, steps = as_whole_weights(whole * step.view(-1, 1, 1, 1), torch.rand(4, 3, 8, 8), 1, torch.zeros(4))
    assert torch.equal(found, whole)
    torch.testing.assert_close(steps, step)


def test_a_channel_is_right_on_average() -> None:
    torch.manual_seed(2)
    layer = lively(ConvNorm(3, 16, stride=2))
    x = standardised(pictures(32))
    made = in_whole_numbers(torch.nn.Sequential(torch.nn.Sequential(layer)), x).stages[0]["0"]
    got = made.sums(as_pixels(x)) * (made.sees * made.step)[:, None, None]
    assert (got - layer(x)).mean((0, 2, 3)).abs().max() < (made.sees * made.step).max()


def test_stages_of_whole_numbers_see_what_the_others_see() -> None:
    made, x = network(), standardised(pictures(64))
    with torch.no_grad():
        want = made.stages(x)
        got = in_whole_numbers(made.stages, x)(x)
    assert got.shape == want.shape
    assert (got - want).square().mean() < 1e-3 * want.square().mean()
    whole = got / got[got > 0].min()
    assert whole.max() <= 255


def test_what_nobody_saw_while_measuring_stays_in_bounds() -> None:
    made = network()
    round_as_stored(made, pictures(16))
    odd = np.stack([np.full((*SIZE, 3), value, np.uint8) for value in (0, 255)])
    np.testing.assert_allclose(run(made, odd), outputs(made, odd)[0], atol=1e-5)


def test_a_channel_may_have_a_bias_alone() -> None:
    made, canvases = network(), pictures(32)
    with torch.no_grad():
        made.stages[1][2].second.norm.weight[3] = 0
        made.stages[1][2].second.norm.bias[3] = 0.5
    want = outputs(made, canvases)[0]
    round_as_stored(made, canvases)
    np.testing.assert_allclose(run(made, canvases), outputs(made, canvases)[0], atol=1e-5)
    assert (run(made, canvases) * want).sum(1).min() > 0.99


@pytest.mark.parametrize("mirrored", [False, True])
def test_onnx_runtime_computes_the_same_numbers(mirrored: bool) -> None:
    made = network(beside=((CONFIG.widths, CONFIG.blocks),), mirrored=mirrored)
    round_as_stored(made, pictures(64))
    seen = pictures(128, seed=1)
    seen[::2, :6], seen[::2, -6:], seen[::2, :, :6], seen[::2, :, -6:] = 255, 255, 255, 255  # half of them on white
    got = run(made, seen)
    np.testing.assert_allclose(got, outputs(made, seen)[0], atol=1e-5)
    np.testing.assert_array_equal(np.concatenate([run(made, one[None]) for one in seen[:8]]), got[:8])


def test_a_mirrored_network_sees_a_picture_and_its_mirror_image_alike() -> None:
    made = network(mirrored=True)
    canvases = pictures(8)
    turned = np.ascontiguousarray(canvases[:, :, ::-1])
    np.testing.assert_allclose(outputs(made, canvases)[0], outputs(made, turned)[0], atol=1e-5)
    assert np.abs(outputs(network(), canvases)[0] - outputs(network(), turned)[0]).max() > 1e-3
    round_as_stored(made, canvases)
    np.testing.assert_allclose(run(made, canvases), run(made, turned), atol=1e-5)
    made.train()  # what learns sees one of both at a time
    with torch.no_grad():
        alone = made.embed(torch.from_numpy(canvases).permute(0, 3, 1, 2).float() / 255)
        other = made.embed(torch.from_numpy(turned).permute(0, 3, 1, 2).float() / 255)
    assert (alone - other).abs().max() > 1e-3
