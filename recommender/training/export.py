"""The trained network as files: ONNX with the encoder, safetensors with the heads, one for words.

The encoder's weights are stored once, in the ONNX file, under the names that the network gives them, so that training
takes them up from there (:mod:`recommender.training.start`); batch norm is folded into the
convolutions. These, most of the weights, are bytes with a step of its own for each output
channel (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018, section 2.1), and so
is what they see (:mod:`recommender.training.whole`);
the rest is of half precision. The ONNX graph is written node by node: it takes uint8 canvases as they come and
makes single-precision weights of the halved ones, which ONNX Runtime does once, at load.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from recommender.encoders.house import digest_of
from recommender.files import atomic, to_disk
from recommender.training.backdrop import SIDE, SIDES, WHITE
from recommender.training.network import DARK, LACKING, PIXEL_MEAN, PIXEL_STD, PLACES, HouseNet, TextNet
from recommender.training.start import shape_of
from recommender.training.whole import MEAN, MIDDLE, WholeStages, in_whole_numbers

OPSET = 17
# Start, end, axis and step of what turns a row of pixels around: from the last one to before the first.
MIRROR = {"from": -1, "to": -(2**31), "axis": 3, "by": -1}
# Start, end and axis of all rows.
VIEWS = {"from": 0, "to": 2**31, "axis": 0}
AGAIN = "give the same command again: if a run led here, its checkpoint is still there."


def as_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, ...) int8 and the (n, 1, ...) float32 steps whose product is nearest to ``weights`` (n, ...)."""
    axes = tuple(range(1, weights.ndim))
    step = np.maximum(np.abs(weights).max(axes, keepdims=True), 1e-8).astype(np.float32) / 127
    return np.round(weights / step).astype(np.int8), step


def round_as_stored(network: HouseNet, pictures: np.ndarray) -> None:
    """Give a network what its files will hold, in place: what is measured then is what is shipped.

    Its convolutions become whole numbers, whose steps are measured on ``pictures`` (n, h, w, 3) uint8.
    """
    pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    x = ((pixels - PIXEL_MEAN) / PIXEL_STD).to(memory_format=torch.channels_last)
    network.eval()
    for _, tower in network.towers():
        tower.stages = in_whole_numbers(cast(nn.Sequential, tower.stages), x)
    halve(network)


def halve(network: HouseNet) -> None:
    """Round the linear layers to half precision, in place."""
    with torch.no_grad():
        for linear in network.modules():
            if isinstance(linear, nn.Linear):
                for part in linear.parameters():
                    part.copy_(part.half())


def encoder_arrays(network: HouseNet) -> dict[str, np.ndarray]:
    """Name to array: what the ONNX file holds of a network that is rounded (:func:`round_as_stored`)."""
    out: dict[str, Tensor] = {}
    small: dict[str, np.ndarray] = {}
    for tower, part in network.towers():
        small |= {f"{tower}stages.{name}": array for name, array in cast(WholeStages, part.stages).arrays().items()}
        out[f"{tower}project.weight"], out[f"{tower}project.bias"] = part.project.weight, part.project.bias
    if network.beside:
        out["join.weight"] = network.join.weight
        out |= {f"foretell.{name}": part for name, part in network.foretell.named_parameters()}
    if network.config.aspects:
        out["aspects.weight"], out["aspects.bias"] = network.aspects.weight, network.aspects.bias
        out["waves.weight"], out["waves.bias"] = network.waves.weight, network.waves.bias
        out["blend.weight"] = network.blend.weight
    return {**small, **_halved(out)}


def head_arrays(network: HouseNet, columns: Iterable[str]) -> dict[str, np.ndarray]:
    """Name to array: the heads of ``columns``, and the scale of all."""
    out = {}
    for column in columns:
        head = network.head(column)
        out[f"heads.{column}.weight"], out[f"heads.{column}.bias"] = head.weight, head.bias
    return {**_halved(out), "scale": network.scale.detach().float().numpy()}


def _halved(tensors: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    # Contiguous: safetensors writes the buffer as it lies, and a network in channels-last order lies otherwise.
    return {
        name: np.ascontiguousarray(tensor.detach().float().numpy().astype(np.float16))
        for name, tensor in tensors.items()
    }


def export(
    network: HouseNet,
    about: dict[str, Any],
    folder: Path,
    words: bool = True,
    more: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> None:
    """Write ``house.safetensors``, ``house.onnx`` and ``house-words.safetensors`` of a network into ``folder``.

    It is rounded already (:func:`round_as_stored`).
    ``about`` is stored as JSON in the safetensors header and needs ``classes``,
    ``temperature`` and ``sure_from`` by column. The fingerprint of the ONNX file is stored with
    it, so that heads and words are never used on the vectors of another encoder. Without ``words``
    the text tower was taught nothing: it is not written, and one that is there is removed. ``more``
    are further arrays for the first file. Where one file can't be written all stay as they were.

    Raises
    ------
    ModelError
        If they can't be written.
    """
    import onnx
    from safetensors.numpy import save

    arrays = {**head_arrays(network.eval(), about["classes"]), **more}
    config = network.config
    blocks = [config.blocks, *(blocks for _, blocks in config.beside)]
    model = graph(encoder_arrays(network), config.size, blocks, config.aspects, config.mirrored)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    about = {**about, **shape_of(config), "size": config.size, "encoder": digest_of(data)}
    files = {"house.safetensors": save(arrays, {"house": json.dumps(about)}), "house.onnx": data}
    if words:
        files["house-words.safetensors"] = save(
            tower(network.text), {"words": json.dumps({"encoder": about["encoder"]})}
        )
    # All are written before the first one takes its place: an earlier model there stays whole.
    with to_disk(folder, AGAIN), ExitStack() as drafts:
        for name, content in files.items():
            drafts.enter_context(atomic(folder / name)).write_bytes(content)
    if not words:
        (folder / "house-words.safetensors").unlink(missing_ok=True)


def tower(text: TextNet) -> dict[str, np.ndarray]:
    """The text tower's arrays. The table, most of it, as bytes with a step of its own for each row."""
    table, step = as_bytes(text.table.weight.detach().float().numpy())
    out = {"table": table, "step": step[:, 0]}
    for name, layer in (("hidden", text.hidden), ("out", text.out)):
        out[f"{name}.weight"] = layer.weight.detach().float().numpy().astype(np.float16)
        out[f"{name}.bias"] = layer.bias.detach().float().numpy().astype(np.float16)
    return {name: np.ascontiguousarray(array) for name, array in out.items()}


class _Graph:
    """Collects nodes and initialisers; every call gives the name of its output.

    A branch of a graph also reads what ``whole`` names. It holds weights of its own, or they would not be laid out
    for the processor at load.
    """

    def __init__(self, arrays: dict[str, np.ndarray], whole: _Graph | None = None) -> None:
        self.arrays = arrays
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.numbers: Iterator[int] = whole.numbers if whole else count()

    def constant(self, name: str, value: np.ndarray) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def node(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = name or f"{kind.lower()}_{next(self.numbers)}"
        outputs = [name, f"{name}.at"] if kind == "TopK" else [name]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, name=name, **attributes))
        return name

    def weight(self, name: str) -> str:
        from onnx import TensorProto

        return self.node("Cast", self.constant(name, self.arrays[name]), to=TensorProto.FLOAT)

    def stored(self, name: str) -> str:
        return self.constant(name, self.arrays[name])

    def byte(self, value: int) -> str:
        return self.constant(f"byte_{next(self.numbers)}", np.array(value, np.uint8))

    def choice(self, condition: str, yes: _Graph, seen: str, otherwise: str, kind: Any, dims: Sequence[Any]) -> str:
        """``seen`` of the branch ``yes`` where the condition holds, or else what this graph names ``otherwise``.

        Both have numbers of one ``kind`` and of ``dims``, where a name stands for any number.
        """
        from onnx import helper

        no = _Graph(self.arrays, self)
        ways = {"then_branch": (yes, seen), "else_branch": (no, no.node("Identity", otherwise))}
        made = {
            way: helper.make_graph(
                branch.nodes,
                way,
                [],
                [helper.make_tensor_value_info(out, kind, dims)],
                initializer=branch.constants,
            )
            for way, (branch, out) in ways.items()
        }
        return self.node("If", condition, **made)

    def unit(self, x: str, name: str = "") -> str:
        return self.node("LpNormalization", x, name=name, axis=1, p=2)

    def ramp(self, x: str, name: str, ends: tuple[float, float]) -> str:
        low, high = ends
        x = self.node("Sub", x, self.constant(f"{name}.from", np.array(low, np.float32)))
        x = self.node("Div", x, self.constant(f"{name}.over", np.array(high - low, np.float32)))
        x = self.node("Max", x, self.constant(f"{name}.none", np.array(0, np.float32)))
        return self.node("Min", x, self.constant(f"{name}.all", np.array(1, np.float32)))

    def conv(self, x: str, name: str, sees: int = 0, gives: int = 0, stride: int = 1) -> str:
        """A convolution of bytes; ``sees`` and ``gives`` are those that are nothing."""
        return self.node(
            "QLinearConv",
            x,
            self.stored(f"{name}.sees"),
            self.byte(sees),
            self.stored(f"{name}.weight"),
            self.stored(f"{name}.step"),
            self.constant(f"{name}.zeros", np.zeros(len(self.arrays[f"{name}.step"]), np.int8)),
            self.stored(f"{name}.gives"),
            self.byte(gives),
            self.stored(f"{name}.bias"),
            kernel_shape=[3, 3],
            pads=[1, 1, 1, 1],
            strides=[stride, stride],
        )

    def number(self, x: str, step: str, zero: int = 0) -> str:
        """Bytes to what they stand for."""
        return self.node("DequantizeLinear", x, step, self.byte(zero))


def graph(
    arrays: dict[str, np.ndarray],
    size: tuple[int, int],
    blocks: Sequence[tuple[int, ...]],
    aspects: tuple[int, ...] = (),
    mirrored: bool = False,
) -> Any:
    """ONNX model: ``canvas`` (n, h, w, 3) uint8 to ``vector`` (n, d) float32 of unit length.

    ``blocks`` are those of each tower, ``aspects`` the numbers of classes of the labels that the vector holds. If
    ``mirrored``, a tower alone looks at the mirror image too, and several of them do where a picture is on white.
    """
    from onnx import TensorProto, helper

    g = _Graph(arrays)
    view = g.node("Transpose", "canvas", perm=[0, 3, 1, 2])
    pixels = g.node("Cast", "canvas", to=TensorProto.FLOAT)
    x = g.node("Transpose", pixels, perm=[0, 3, 1, 2])
    x = g.node("Sub", x, g.constant("mean", np.array(255 * PIXEL_MEAN, np.float32)))
    x = g.node("Div", x, g.constant("std", np.array(255 * PIXEL_STD, np.float32)))
    half = g.constant("half", np.array(0.5, np.float32)) if mirrored else ""
    if len(blocks) == 1:
        y = _tower(g, _both(g, view) if mirrored else view, "", blocks[0], half)
    else:
        white = _on_white(g, pixels)
        other = g.node("Sub", g.constant("one", np.array(1, np.float32)), white)
        any_white = g.node(
            "Greater", g.node("ReduceMax", white, keepdims=0), g.constant("zero", np.array(0, np.float32))
        )
        # What is asked of pictures on white costs nothing where no picture of a batch is.
        if mirrored:
            look = _Graph(arrays, g)
            view = g.choice(any_white, look, _both(look, view), view, TensorProto.UINT8, ["views", 3, *size])
            half = g.node("Mul", white, half)
        first = g.unit(_tower(g, view, "", blocks[0], half))
        seen = [first]
        for i, own in enumerate(blocks[1:]):
            guess = g.unit(g.node("Gemm", first, g.weight(f"foretell.{i}.weight"), transB=1))
            look = _Graph(arrays, g)
            sight = look.unit(_tower(look, view, f"beside.{i}.", own, half))
            sight = g.choice(any_white, look, sight, guess, TensorProto.FLOAT, ["n", "d"])
            seen.append(g.node("Add", g.node("Mul", white, sight), g.node("Mul", other, guess)))
        y = g.node("Gemm", g.node("Concat", *seen, axis=1), g.weight("join.weight"), transB=1)
    if aspects:
        y = _with_aspects(g, g.unit(y), aspects, _own(g, x, size))
    g.unit(y, "vector")
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


def _on_white(g: _Graph, pixels: str) -> str:
    """:func:`recommender.training.backdrop.on_white` of (n, h, w, 3) in [0, 255]."""
    white = g.ramp(g.node("ReduceMin", pixels, axes=[3], keepdims=0), "white", WHITE)
    ends = [g.constant(f"side.{end}", np.array([end], np.int64)) for end in (0, -1)]
    shares = [
        g.node("ReduceMean", g.node("Gather", white, end, axis=axis), axes=[3 - axis], keepdims=0)
        for axis in (1, 2)
        for end in ends
    ]
    best, last = g.constant("sides", np.array([SIDES], np.int64)), g.constant("last", np.array([SIDES - 1], np.int64))
    share = g.node("Gather", g.node("TopK", g.node("Concat", *shares, axis=1), best, axis=1), last, axis=1)
    return g.ramp(share, "share", SIDE)


def _with_aspects(g: _Graph, vector: str, aspects: tuple[int, ...], own: str) -> str:
    """The vector with what is said of it, and what that lacks in the directions of ``own``, (n, d) of any length."""
    logits = g.node("Gemm", vector, g.weight("aspects.weight"), g.weight("aspects.bias"), transB=1)
    borders = [g.constant(f"aspects.{at}", np.array([at], np.int64)) for at in np.cumsum((0, *aspects))]
    axis = g.constant("aspects.axis", np.array([1], np.int64))
    shares = g.node(
        "Concat",
        *(g.node("Softmax", g.node("Slice", logits, start, end, axis), axis=1) for start, end in pairwise(borders)),
        axis=1,
    )
    full = g.constant("aspects.full", np.array(len(aspects), np.float32))
    lacking = g.node("Sub", full, g.node("ReduceSumSquare", shares, axes=[1], keepdims=1))
    lacking = g.node("Sqrt", g.node("Max", lacking, g.constant("aspects.lacking", np.array(LACKING, np.float32))))
    seen = g.node("Concat", vector, shares, g.node("Mul", lacking, own), axis=1)
    return g.node("Gemm", seen, g.weight("blend.weight"), transB=1)


def _own(g: _Graph, x: str, size: tuple[int, int]) -> str:
    """:meth:`recommender.training.network.HouseNet.own` of standardised pixels (n, 3, h, w)."""
    down, across = (
        nn.functional.adaptive_avg_pool1d(torch.eye(long)[None], many)[0].numpy()
        for long, many in zip(size, PLACES, strict=True)
    )
    x = g.node("MatMul", g.constant("places.down", np.ascontiguousarray(down.T)), x)
    x = g.node("Flatten", g.node("MatMul", x, g.constant("places.across", across)), axis=1)
    x = g.node("Mul", x, g.constant("places.by", np.array(-PIXEL_STD, np.float32)))
    x = g.node("Add", x, g.constant("places.dark", np.array(1 + DARK - PIXEL_MEAN, np.float32)))
    return g.unit(g.node("Cos", g.node("Gemm", g.unit(x), g.weight("waves.weight"), g.weight("waves.bias"), transB=1)))


def _both(g: _Graph, view: str) -> str:
    """Bytes (n, 3, h, w) to (2n, 3, h, w): the pictures, and then their mirror images."""
    ends = [g.constant(f"mirror.{part}", np.array([at], np.int64)) for part, at in MIRROR.items()]
    return g.node("Concat", view, g.node("Slice", view, *ends), axis=0)


def _mean_view(g: _Graph, x: str, tower: str, half: str) -> str:
    """(2n, d) with mirror images to (n, d), where these count ``half`` (n, 1); (n, d) stay as they are."""
    begin, end, axis = (g.constant(f"{tower}views.{part}", np.array([at], np.int64)) for part, at in VIEWS.items())
    many = g.node("Shape", "canvas", end=1)
    own, other = g.node("Slice", x, begin, many, axis), g.node("Slice", x, g.node("Neg", many), end, axis)
    return g.node("Add", own, g.node("Mul", half, g.node("Sub", other, own)))


def _tower(g: _Graph, x: str, tower: str, blocks: tuple[int, ...], half: str) -> str:
    """What a tower sees in bytes (n, 3, h, w), or (2n, 3, h, w) with mirror images: (n, d) of any length.

    Mirror images count ``half``, (n, 1) or a number, where that is given.
    """
    sees = MEAN
    for s, many in enumerate(blocks):
        stage = f"{tower}stages.{s}"
        x, sees = g.conv(x, f"{stage}.0", sees, stride=2), 0
        step = f"{stage}.0.gives"
        for block in range(2, 2 + many):
            first, second = f"{stage}.{block}.first", f"{stage}.{block}.second"
            branch = g.conv(g.conv(x, first), second, gives=MIDDLE)
            both = g.node("Add", g.number(x, step), g.number(branch, f"{second}.gives", MIDDLE))
            step = g.stored(f"{stage}.{block}.gives")
            x = g.node("QuantizeLinear", both, step, g.byte(0))
    x = g.number(x, step)
    x = g.node("Flatten", g.node("Concat", g.node("GlobalAveragePool", x), g.node("GlobalMaxPool", x), axis=1), axis=1)
    x = _mean_view(g, x, tower, half) if half else x
    return g.node("Gemm", x, g.weight(f"{tower}project.weight"), g.weight(f"{tower}project.bias"), transB=1)
