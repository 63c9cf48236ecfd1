"""The optimiser of the convolutions: what a step is, how large it is, and what it leaves to AdamW."""

from __future__ import annotations

import copy

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.training.muon import MATCH, Muon, orthogonal  # noqa: E402


@pytest.mark.parametrize("shape", [(6, 40), (40, 6), (12, 12)])
def test_orthogonal_keeps_directions_and_evens_their_strengths(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    left, strengths, right = torch.linalg.svd(torch.randn(shape), full_matrices=False)
    strengths = torch.linspace(1, 0.3, len(strengths))
    found = orthogonal(left * strengths @ right)
    assert found.shape == shape
    assert found.dtype == torch.float32
    # In the basis of the matrix itself it is a diagonal of ones, within what five steps in bfloat16 give.
    inner = left.T @ found @ right.T
    assert (inner.diagonal() > 0.6).all()
    assert (inner.diagonal() < 1.3).all()
    assert (inner - torch.diag(inner.diagonal())).abs().max() < 0.1


def test_a_step_is_as_large_as_that_of_adam() -> None:
    torch.manual_seed(2)
    network = torch.nn.Conv2d(16, 24, 3, bias=False)
    before = network.weight.detach().clone()
    optimiser = Muon(network, lr=0.01, weight_decay=0.0)
    network.weight.grad = 1000 * torch.randn_like(network.weight)  # how steep it is does not matter
    optimiser.step()
    moved = (network.weight - before).detach()
    assert moved.square().mean().sqrt() == pytest.approx(MATCH * 0.01, rel=0.25)
    assert (moved * network.weight.grad).sum() < 0  # downhill


def test_all_but_kernels_is_learnt_by_adam() -> None:
    torch.manual_seed(3)
    mine = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.Flatten(), torch.nn.Linear(3, 2)
    )
    other = torch.nn.ParameterList(p.detach().clone() for p in mine.parameters())
    optimiser = Muon(mine, lr=0.02, weight_decay=0.5)
    adam = torch.optim.AdamW(
        [
            {"params": [p for p in other if p.ndim == 2], "weight_decay": 0.5},
            {"params": [p for p in other if p.ndim == 1], "weight_decay": 0.0},
        ],
        lr=0.02,
    )
    for _ in range(3):
        for own, theirs in zip(mine.parameters(), other, strict=True):
            own.grad = torch.ones_like(own)
            theirs.grad = torch.ones_like(theirs)
        optimiser.step()
        adam.step()
    for own, theirs in zip(mine.parameters(), other, strict=True):
        assert own.ndim == 4 or torch.allclose(own, theirs, atol=1e-6)


def test_kernels_decay_and_those_without_a_gradient_stay() -> None:
    network = torch.nn.ModuleList([torch.nn.Conv2d(2, 2, 3, bias=False) for _ in range(2)])
    before = [conv.weight.detach().clone() for conv in network]
    optimiser = Muon(network, lr=0.1, weight_decay=0.5)
    network[0].weight.grad = torch.zeros_like(before[0])
    optimiser.step()
    assert torch.allclose(network[0].weight, before[0] * 0.95)
    assert torch.equal(network[1].weight, before[1])


def test_the_rate_holds_for_both_and_the_state_can_be_taken_up() -> None:
    def one_step(network: torch.nn.Module, optimiser: Muon, seed: int) -> None:
        torch.manual_seed(seed)
        for parameter in network.parameters():
            parameter.grad = torch.randn(parameter.shape)
        optimiser.step()
        optimiser.zero_grad()
        assert all(parameter.grad is None for parameter in network.parameters())

    torch.manual_seed(4)
    first = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3), torch.nn.Linear(2, 2))
    optimiser = Muon(first, lr=1.0, weight_decay=0.01)
    optimiser.set_rate(0.0)
    before = torch.cat([p.detach().flatten() for p in first.parameters()])
    one_step(first, optimiser, 1)
    assert torch.equal(before, torch.cat([p.detach().flatten() for p in first.parameters()]))

    optimiser.set_rate(0.1)
    second = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3), torch.nn.Linear(2, 2))
    second.load_state_dict(first.state_dict())
    other = Muon(second, lr=0.1, weight_decay=0.01)
    other.load_state_dict(copy.deepcopy(optimiser.state_dict()))
    for seed in (2, 3):
        one_step(first, optimiser, seed)
        one_step(second, other, seed)
    for one, two in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, two)
