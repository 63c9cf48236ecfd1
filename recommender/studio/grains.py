"""Weaves and grains of the materials, and a short way to write node trees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import bpy

Socket: TypeAlias = bpy.types.NodeSocket


class Tree:
    """A node tree with short ways to make and join nodes."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def node(self, kind: str, inputs: dict | None = None, **props: Any) -> bpy.types.Node:
        """Node ``ShaderNode<kind>`` with properties set and inputs given a value or a socket."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in props.items():
            setattr(node, name, value)
        for name, value in (inputs or {}).items():
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, node.inputs[name])
            else:
                node.inputs[name].default_value = value
        return node

    def math(self, operation: str, a: Any, b: Any = 0.0) -> Socket:
        """Result of a math node."""
        return self.node("Math", {0: a, 1: b}, operation=operation).outputs[0]

    def uv(self, layer: str = "UVMap") -> Socket:
        """Coordinates of a UV layer."""
        return self.node("UVMap", uv_map=layer).outputs["UV"]

    def place(self) -> Socket:
        """Object coordinates (m)."""
        return self.node("TexCoord").outputs["Object"]

    def noise(
        self,
        vector: Socket,
        size: float,
        detail: float = 2.0,
        distortion: float = 0.0,
        stretch: tuple[float, float, float] = (1, 1, 1),
    ) -> Socket:
        """Noise in 0..1 whose blobs are about ``size`` metres."""
        scaled = self.node("VectorMath", {0: vector, 1: stretch}, operation="MULTIPLY").outputs[0]
        return self.node(
            "TexNoise", {"Vector": scaled, "Scale": 1 / size, "Detail": detail, "Distortion": distortion}
        ).outputs["Fac"]

    def mix(self, factor: Any, a: Any, b: Any, blend: str = "MIX") -> Socket:
        """Mix two colours."""
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type, node.blend_type = "RGBA", blend
        for socket, value in ((node.inputs[0], factor), (node.inputs[6], a), (node.inputs[7], b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = value
        return node.outputs[2]


# -- weaves and grains: each returns (colour factor or None, height 0..1 or None) ---------------


def _none(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    return None, None


def _bands(tree: Tree, pitch: float, direction: str, distortion: float = 0.6) -> Socket:
    """Parallel threads of ``pitch`` metres across X, Y or the diagonal of the cloth."""
    size = {"DIAGONAL": 10.0}.get(direction, 20.0)
    return tree.node(
        "TexWave",
        {
            "Vector": tree.uv(),
            "Scale": 6.2832 / size / pitch,
            "Distortion": distortion,
            "Detail": 1.0,
            "Detail Scale": 2.0,
        },
        bands_direction=direction,
    ).outputs["Fac"]


def _plain(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Plain weave: over and under, with slubs."""
    across, along = _bands(tree, pitch, "X"), _bands(tree, pitch, "Y")
    slub = tree.noise(tree.uv(), pitch * 3, 3.0, 0.0, (1.0, 0.25, 1.0))
    return None, tree.math("ADD", tree.math("MULTIPLY", across, along), slub)


def _jersey(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Fine knit: ribs along the cloth with soft noise."""
    slub = tree.noise(tree.uv(), pitch * 2.5, 3.0, 0.0, (1.0, 0.4, 1.0))
    return None, tree.math("ADD", _bands(tree, pitch, "X", 1.0), slub)


def _knit(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Coarse knit: columns of V-shaped stitches."""
    split = tree.node("SeparateXYZ", {0: tree.uv()})
    u, v = split.outputs[0], split.outputs[1]
    fold = tree.math("PINGPONG", u, pitch / 2)
    slant = tree.math("ADD", v, tree.math("MULTIPLY", fold, 1.3))
    stitch = tree.math("SINE", tree.math("MULTIPLY", slant, 6.2832 / (pitch * 0.8)))
    column = tree.math("SINE", tree.math("MULTIPLY", fold, 6.2832 / pitch))
    fuzz = tree.noise(tree.uv(), pitch * 0.5, 3.0)
    height = tree.math("ADD", tree.math("MULTIPLY", column, 0.6), tree.math("MULTIPLY", stitch, 0.3))
    shade = tree.node(
        "MapRange", {"Value": height, "From Min": -0.3, "From Max": 0.9, "To Min": 0.72, "To Max": 1.08}
    ).outputs[0]
    return shade, tree.math("ADD", height, tree.math("MULTIPLY", fuzz, 0.25))


def _twill(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Denim: diagonal ridges, light weft showing between them, slubby threads."""
    ridge = _bands(tree, pitch, "DIAGONAL", 0.8)
    slub = tree.noise(tree.uv(), pitch * 2, 3.0, 0.0, (1.6, 0.12, 1.0))
    shade = tree.node(
        "MapRange",
        {"Value": tree.math("ADD", ridge, slub), "From Min": 0.5, "From Max": 1.5, "To Min": 0.80, "To Max": 1.22},
    ).outputs[0]
    return shade, tree.math("ADD", ridge, slub)


def _felt(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """No direction: felt, nap, matt rubber, paper."""
    return None, tree.noise(tree.place(), pitch, 4.0)


def _leather(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Grain: cells with creases between them."""
    warp = tree.node("VectorMath", {0: tree.place(), 1: (1, 1, 1)}, operation="MULTIPLY").outputs[0]
    cells = tree.node("TexVoronoi", {"Vector": warp, "Scale": 1 / pitch, "Smoothness": 0.6}, feature="SMOOTH_F1")
    broad = tree.noise(tree.place(), pitch * 6, 3.0)
    height = tree.math("SUBTRACT", tree.math("MULTIPLY", broad, 0.8), cells.outputs["Distance"])
    return None, height


def _mesh(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Sports mesh: rows of round holes that look dark."""
    split = tree.node("SeparateXYZ", {0: tree.uv()})
    wave = [tree.math("SINE", tree.math("MULTIPLY", split.outputs[k], 6.2832 / pitch)) for k in (0, 1)]
    holes = tree.math("MULTIPLY", *wave)
    shade = tree.node(
        "MapRange", {"Value": holes, "From Min": 0.15, "From Max": 0.55, "To Min": 1.05, "To Max": 0.45}
    ).outputs[0]
    return shade, tree.math("SUBTRACT", 1.0, tree.math("MAXIMUM", holes, 0.0))


def _brushed(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Fine scratches in one direction, as streaks of light and dark: relief of that size would only sparkle."""
    streak = tree.noise(tree.uv(), pitch, 1.0, 0.0, (1.0, 0.03, 1.0))
    return tree.node(
        "MapRange", {"Value": streak, "From Min": 0.3, "From Max": 0.7, "To Min": 0.88, "To Max": 1.08}
    ).outputs[0], None


def _wood(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Grain lines along the second UV axis and fine pores."""
    bend = tree.noise(tree.uv(), pitch * 12, 2.0, 0.0, (1.0, 0.15, 1.0))
    split = tree.node("SeparateXYZ", {0: tree.uv()})
    at = tree.math("ADD", split.outputs[0], tree.math("MULTIPLY", bend, pitch * 5))
    ring = tree.math("SINE", tree.math("MULTIPLY", at, 6.2832 / pitch))
    pores = tree.noise(tree.uv(), 0.0016, 2.0, 0.0, (1.0, 0.03, 1.0))
    both = tree.math("ADD", tree.math("MULTIPLY", ring, 0.25), pores)
    shade = tree.node(
        "MapRange", {"Value": both, "From Min": 0.1, "From Max": 0.9, "To Min": 0.62, "To Max": 1.15}
    ).outputs[0]
    return shade, both


GRAINS: dict[str, Callable[[Tree, float], tuple[Socket | None, Socket | None]]] = {
    "none": _none,
    "plain": _plain,
    "jersey": _jersey,
    "knit": _knit,
    "twill": _twill,
    "felt": _felt,
    "leather": _leather,
    "mesh": _mesh,
    "brushed": _brushed,
    "wood": _wood,
}
