"""Half the bits only where the processor is fast with them: elsewhere training would take longer."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.training import loop, muon  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.precision import native_bfloat16  # noqa: E402
from tests.training_fixtures import CONFIG, weights  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

CPUINFO = Path("/proc/cpuinfo")


@pytest.mark.skipif(not CPUINFO.exists(), reason="only Linux lists what the processor can do")
def test_native_is_what_has_units_of_its_own() -> None:
    flags = next((line for line in CPUINFO.read_text().splitlines() if line.startswith("flags")), "")
    assert native_bfloat16() == ("amx_tile" in flags.split())


def test_a_run_is_in_full_precision_where_half_is_not_native(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(name: str, native: bool, bf16: bool) -> torch.Tensor:
        monkeypatch.setattr(loop, "native_bfloat16", lambda: native)
        monkeypatch.setattr(muon, "native_bfloat16", lambda: native)
        config = dataclasses.replace(CONFIG, bf16=bf16, epochs=1, sizes=())
        return weights(loop.train(config, pool, tmp_path / name))

    full = run("full", native=False, bf16=False)
    assert torch.equal(run("asked in vain", native=False, bf16=True), full)
    assert not torch.equal(run("half", native=True, bf16=True), full)


@pytest.mark.parametrize("native", [True, False])
def test_steps_are_orthogonal_in_either_precision(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muon, "native_bfloat16", lambda: native)
    torch.manual_seed(3)
    strengths = torch.linalg.svdvals(muon.orthogonal(torch.randn(16, 90)))
    assert strengths.min() > 0.6
    assert strengths.max() < 1.3
