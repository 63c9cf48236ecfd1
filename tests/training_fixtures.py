"""What the tests of training share: a small drawn pool, a configuration to match, and one run that was not stopped."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx", reason="the export needs onnx")


from recommender.training.config import TrainConfig  # noqa: E402
from recommender.training.data import Pool, load_pool  # noqa: E402
from recommender.training.export import round_as_stored  # noqa: E402
from recommender.training.loop import train  # noqa: E402
from recommender.training.network import ConvNorm, HouseNet, Residual  # noqa: E402
from recommender.training.whole import KINDS, MIDDLE, WholeConv, WholeResidual, WholeStages  # noqa: E402
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


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def pool(tables: Path) -> Pool:
    return load_pool(tables, SIZE, 0.3)


@pytest.fixture(scope="session")
def trained(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> tuple[HouseNet, Path]:
    """A network trained without a stop, and its run folder."""
    run = tmp_path_factory.mktemp("run")
    return train(CONFIG, pool, run), run


def weights(network: HouseNet) -> torch.Tensor:
    return torch.cat([value.detach().float().flatten() for value in network.state_dict().values()])


class _Stopped(Exception):  # noqa: N818
    pass


def stopped_after_an_epoch(config: TrainConfig, pool: Pool, run: Path) -> HouseNet:
    """The network of a run that was stopped after its first epoch and then taken up again."""

    def stop(*_: object) -> None:
        raise _Stopped

    with pytest.raises(_Stopped):
        train(config, pool, run, each_epoch=stop)
    return train(config, pool, run)


def in_the_numbers_of_its_file(network: HouseNet, file: Path) -> None:
    """Give a network that was taken up from an ONNX file the whole numbers that the file holds, in place."""
    graph = onnx.load(file).graph
    graphs = [graph, *(part.g for node in graph.node if node.op_type == "If" for part in node.attribute)]
    held = {part.name: torch.tensor(onnx.numpy_helper.to_array(part)) for each in graphs for part in each.initializer}

    def conv(name: str, layer: ConvNorm, zero: int = 0) -> WholeConv:
        return WholeConv({kind: held[f"{name}.{kind}"] for kind in KINDS}, layer.conv.stride[0], zero)

    def whole(name: str, layer: torch.nn.Module) -> WholeConv | WholeResidual:
        if isinstance(layer, ConvNorm):
            return conv(name, layer)
        first, second = conv(f"{name}.first", layer.first), conv(f"{name}.second", layer.second, MIDDLE)
        return WholeResidual(first, second, held[f"{name}.gives"])

    for tower, part in network.towers():
        part.stages = WholeStages(
            [
                {
                    str(i): whole(f"{tower}stages.{s}.{i}", layer)
                    for i, layer in enumerate(stage)
                    if isinstance(layer, ConvNorm | Residual)
                }
                for s, stage in enumerate(part.stages)
            ]
        )


def rounded(network: HouseNet, pool: Pool) -> HouseNet:
    """A copy of the network in the numbers that its files would hold."""
    made = copy.deepcopy(network)
    round_as_stored(made, pool.small)
    return made
