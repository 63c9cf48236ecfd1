"""Words that learn on once a model's vectors are finished."""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recommender.training import refit_words as module  # noqa: E402
from recommender.training.aspects import with_aspects  # noqa: E402
from recommender.training.data import Pool  # noqa: E402
from recommender.training.heads import refit_heads  # noqa: E402
from recommender.training.loop import outputs, train  # noqa: E402
from recommender.training.network import HouseNet  # noqa: E402
from recommender.training.refit_words import refit_words  # noqa: E402
from tests.training_fixtures import CONFIG  # noqa: E402

pytest_plugins = ("tests.training_fixtures",)

CONFIG = dataclasses.replace(CONFIG, dim=64, text_weight=0.4)


@pytest.fixture(scope="module")
def made(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> HouseNet:
    network = train(CONFIG, pool, tmp_path_factory.mktemp("run"))
    refit_heads(network, pool, CONFIG)
    return with_aspects(network, pool, ("articleType", "baseColour"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small pool has few steps in an epoch."""
    monkeypatch.setattr(module, "EPOCHS", 40)
    monkeypatch.setattr(module, "RATE", 5e-3)


def right(network: HouseNet, pool: Pool, vectors: np.ndarray) -> float:
    """How often the picture that is nearest to "articleType" in words is of it."""
    names = pool.classes["articleType"]
    with torch.inference_mode():
        texts = network.text([f"{name}" for name in names]).numpy()
    nearest = (texts @ vectors.T).argsort(1)[:, ::-1][:, :5]
    return float((pool.labels["articleType"][nearest] == np.arange(len(names))[:, None]).mean())


def test_words_know_the_finished_vectors_better(made: HouseNet, pool: Pool, quick: None) -> None:
    before = {name: weight.clone() for name, weight in made.state_dict().items()}
    vectors = outputs(made, pool.small)[0]
    taught = copy.deepcopy(made)
    refit_words(taught, pool)
    assert right(taught, pool, vectors) > right(made, pool, vectors)
    for name, weight in taught.state_dict().items():
        changed = name.startswith("text.") and name != "text.log_scale"
        assert torch.equal(weight, before[name]) is not changed, name


def test_no_text_has_what_is_of_the_thumbnail(made: HouseNet, pool: Pool, quick: None) -> None:
    taught = copy.deepcopy(made)
    refit_words(taught, pool)
    unread = int(made.waves.out_features)
    assert not taught.text.out.weight[-unread:].any()
    assert not taught.text.out.bias[-unread:].any()
    assert taught.text.out.weight[:-unread].any(1).all()


def test_it_goes_a_part_of_the_way_and_the_same_one_each_time(
    made: HouseNet, pool: Pool, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {}
    for further in (1.0, 0.7, 0.7):
        monkeypatch.setattr(module, "FURTHER", further)
        taught = copy.deepcopy(made)
        refit_words(taught, pool)
        way = taught.text.out.weight.detach() - made.text.out.weight.detach()
        if further in ways:
            torch.testing.assert_close(way, ways[further], atol=0, rtol=0)
        ways[further] = way
    torch.testing.assert_close(ways[0.7], 0.7 * ways[1.0], atol=1e-5, rtol=1e-4)


def test_what_has_no_title_teaches_nothing(made: HouseNet, pool: Pool) -> None:
    untitled = dataclasses.replace(pool, titles=[""] * len(pool))
    for weight, learnt in ((made.config.text_weight, untitled), (0.0, pool)):
        taught = copy.deepcopy(made)
        taught.config = dataclasses.replace(made.config, text_weight=weight)
        refit_words(taught, learnt)
        for name, weight in taught.text.state_dict().items():
            assert torch.equal(weight, made.text.state_dict()[name])
