"""What the house model takes for one photo on one core, beside MobileNetV3-small at 224 pixels.

    python -m benchmarks.one_photo [rounds]

Canvas to vector in ONNX Runtime, one after the other in each round, so that all three had the same processor. The
weights of the other network are random: they take as long as any.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import onnxruntime as ort
import torch

from recommender.encoders.house import HOUSE_ONNX, HouseEncoder
from recommender.encoders.torchvision_repair import import_torchvision
from recommender.images import open_photo
from recommender.settings import ROOT

BOUND = 4.0  # milliseconds
REFERENCE = 1.1  # milliseconds that MobileNetV3-small takes where the bound was set


def session(model: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def mobilenet() -> Callable[[], object]:
    """A look of timm's MobileNetV3-small at one picture."""
    import_torchvision()
    import timm

    network = timm.create_model("mobilenetv3_small_100", pretrained=False).eval()
    file = io.BytesIO()
    picture = torch.zeros(1, 3, 224, 224)
    torch.onnx.export(network, (picture,), file, input_names=["x"], dynamo=False)
    look = session(file.getvalue())
    return lambda: look.run(None, {"x": picture.numpy()})


def main(rounds: int) -> None:
    torch.set_num_threads(1)
    encoder, look = HouseEncoder(threads=1), session(HOUSE_ONNX.read_bytes())
    scene = encoder.prepare(open_photo((ROOT / "assets/samples/tee-on-bed.jpg").read_bytes()).picture)
    white = np.full_like(scene, 255)
    white[20:60, 15:45] = scene[20:60, 15:45]
    runs: dict[str, Callable[[], object]] = {
        "on white": lambda: look.run(None, {"canvas": white[None]}),
        "on another background": lambda: look.run(None, {"canvas": scene[None]}),
        "MobileNetV3-small": mobilenet(),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for at in range(rounds + 20):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            if at >= 20:  # the first ones find nothing in the caches
                times[name].append(1000 * (time.perf_counter() - started))
    medians = {name: statistics.median(each) for name, each in times.items()}
    reference = medians["MobileNetV3-small"]
    for name, median in medians.items():
        scaled = median / reference * REFERENCE
        print(
            f"{name}: {median:.2f} ms, {median / BOUND:.2f} of the bound; {median / reference:.2f} times "
            f"MobileNetV3-small, {scaled:.2f} ms where that takes {REFERENCE}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
