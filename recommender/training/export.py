"""The trained network as files: safetensors with encoder and heads, ONNX with the encoder, one for words.

The first two hold the same weights, with batch norm folded into the convolutions, so that they
agree to rounding. Convolutions, most of them, are bytes with a step of its own for each output
channel (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018, section 2.1);
the rest is of half precision. The ONNX graph is written node by node: it takes uint8 canvases as they come and
makes single-precision weights of the stored ones, which ONNX Runtime does once, at load.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from recommender.encoders.house import digest_of
from recommender.files import atomic
from recommender.training.network import PIXEL_MEAN, PIXEL_STD, ConvNorm, HouseNet, Residual, TextNet

OPSET = 17


def folded(layer: ConvNorm) -> tuple[Tensor, Tensor]:
    """Weight and bias of the convolution that a :class:`ConvNorm` is in evaluation mode."""
    conv, norm = layer.conv, layer.norm
    assert norm.running_mean is not None
    assert norm.running_var is not None
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return conv.weight * factor[:, None, None, None], norm.bias - norm.running_mean * factor


def as_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, ...) int8 and the (n, 1, ...) float32 steps whose product is nearest to ``weights`` (n, ...)."""
    axes = tuple(range(1, weights.ndim))
    step = np.maximum(np.abs(weights).max(axes, keepdims=True), 1e-8).astype(np.float32) / 127
    return np.round(weights / step).astype(np.int8), step


def round_as_stored(network: HouseNet) -> None:
    """Give a network the weights that its files will hold, in place: what is measured then is what is shipped."""
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, ConvNorm):
                weight, bias = folded(layer)
                stored, step = as_bytes(weight.float().numpy())
                layer.conv.weight.copy_(torch.from_numpy(stored * step))
                norm = layer.norm
                assert norm.running_mean is not None
                assert norm.running_var is not None
                norm.running_mean.zero_()
                norm.running_var.fill_(1 - norm.eps)
                norm.weight.fill_(1)
                norm.bias.copy_(bias.half())
        for linear in (network.project, *map(network.head, network.columns)):
            linear.weight.copy_(linear.weight.half())
            linear.bias.copy_(linear.bias.half())


def deploy(network: HouseNet, classes: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """Name to array: what both files hold. Heads of columns not in ``classes`` are left out.

    A convolution is ``.weight`` (o, i, 3, 3) int8, its ``.step`` (o, 1, 1, 1) float32 and ``.bias`` (o,).
    """
    out: dict[str, Tensor] = {}
    small: dict[str, np.ndarray] = {}
    for s, stage in enumerate(network.stages):
        assert isinstance(stage, nn.Sequential)
        for i, layer in enumerate(stage):
            parts = {"": layer} if isinstance(layer, ConvNorm) else {}
            if isinstance(layer, Residual):
                parts = {".first": layer.first, ".second": layer.second}
            for part, conv in parts.items():
                name = f"stages.{s}.{i}{part}"
                weight, out[f"{name}.bias"] = folded(conv)
                small[f"{name}.weight"], small[f"{name}.step"] = as_bytes(weight.detach().float().numpy())
    out["project.weight"], out["project.bias"] = network.project.weight, network.project.bias
    for column in classes:
        head = network.head(column)
        out[f"heads.{column}.weight"], out[f"heads.{column}.bias"] = head.weight, head.bias
    arrays = {name: tensor.detach().float().numpy().astype(np.float16) for name, tensor in out.items()}
    # Contiguous: safetensors writes the buffer as it lies, and a network in channels-last order lies otherwise.
    both = {name: np.ascontiguousarray(array) for name, array in {**small, **arrays}.items()}
    return {**both, "scale": network.scale.detach().float().numpy()}


def export(
    network: HouseNet,
    about: dict[str, Any],
    folder: Path,
    words: bool = True,
    more: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> None:
    """Write ``house.safetensors``, ``house.onnx`` and ``house-words.safetensors`` into ``folder``.

    ``about`` is stored as JSON in the safetensors header and needs ``classes``,
    ``temperature`` and ``sure_from`` by column. The fingerprint of the ONNX file is stored with
    it, so that heads and words are never used on the vectors of another encoder. Without ``words``
    the tower was taught nothing: it is not written, and one that is there is removed. ``more``
    are further arrays for the first file.
    """
    import onnx
    from safetensors.numpy import save_file

    arrays = {**deploy(network.eval(), about["classes"]), **more}
    config = network.config
    model = graph(arrays, config.size, config.blocks)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    about = {**about, "widths": config.widths, "blocks": config.blocks, "size": config.size, "encoder": digest_of(data)}
    with atomic(folder / "house.safetensors") as draft:
        save_file(arrays, draft, metadata={"house": json.dumps(about)})
    with atomic(folder / "house.onnx") as draft:
        draft.write_bytes(data)
    if not words:
        (folder / "house-words.safetensors").unlink(missing_ok=True)
        return
    with atomic(folder / "house-words.safetensors") as draft:
        save_file(tower(network.text), draft, metadata={"words": json.dumps({"encoder": about["encoder"]})})


def tower(text: TextNet) -> dict[str, np.ndarray]:
    """The text tower's arrays. The table, most of it, as bytes with a step of its own for each row."""
    table, step = as_bytes(text.table.weight.detach().float().numpy())
    out = {"table": table, "step": step[:, 0]}
    for name, layer in (("hidden", text.hidden), ("out", text.out)):
        out[f"{name}.weight"] = layer.weight.detach().float().numpy().astype(np.float16)
        out[f"{name}.bias"] = layer.bias.detach().float().numpy().astype(np.float16)
    return {name: np.ascontiguousarray(array) for name, array in out.items()}


class _Graph:
    """Collects nodes and initialisers; every call gives the name of its output."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.arrays = arrays
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def weight(self, name: str) -> str:
        from onnx import TensorProto

        return self.node("Cast", self.constant(name, self.arrays[name]), to=TensorProto.FLOAT)

    def kernel(self, name: str) -> str:
        step = f"{name}.step"
        return self.node("Mul", self.weight(f"{name}.weight"), self.constant(step, self.arrays[step]))

    def conv(self, x: str, name: str, stride: int = 1) -> str:
        return self.node(
            "Conv",
            x,
            self.kernel(name),
            self.weight(f"{name}.bias"),
            kernel_shape=[3, 3],
            pads=[1, 1, 1, 1],
            strides=[stride, stride],
        )


def graph(arrays: dict[str, np.ndarray], size: tuple[int, int], blocks: tuple[int, ...]) -> Any:
    """ONNX model: ``canvas`` (n, h, w, 3) uint8 to ``vector`` (n, d) float32 of unit length."""
    from onnx import TensorProto, helper

    g = _Graph(arrays)
    x = g.node("Transpose", g.node("Cast", "canvas", to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    x = g.node("Sub", x, g.constant("mean", np.array(255 * PIXEL_MEAN, np.float32)))
    x = g.node("Div", x, g.constant("std", np.array(255 * PIXEL_STD, np.float32)))
    for s, many in enumerate(blocks):
        x = g.node("Relu", g.conv(x, f"stages.{s}.0", stride=2))
        for block in range(2, 2 + many):
            branch = g.conv(g.node("Relu", g.conv(x, f"stages.{s}.{block}.first")), f"stages.{s}.{block}.second")
            x = g.node("Relu", g.node("Add", x, branch))
    pooled = g.node("Concat", g.node("GlobalAveragePool", x), g.node("GlobalMaxPool", x), axis=1)
    flat = g.node("Flatten", pooled, axis=1)
    y = g.node("Gemm", flat, g.weight("project.weight"), g.weight("project.bias"), transB=1)
    g.nodes.append(helper.make_node("LpNormalization", [y], ["vector"], axis=1, p=2))
    dim = int(arrays["project.bias"].shape[0])
    made = helper.make_graph(
        g.nodes,
        "house",
        [helper.make_tensor_value_info("canvas", TensorProto.UINT8, ["n", *size, 3])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", dim])],
        initializer=g.constants,
    )
    return helper.make_model(
        made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9, producer_name="recommender"
    )
