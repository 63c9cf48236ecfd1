"""Places outside the studio: floors, cloths, walls and the light of a room, for sample photos.

Lengths are metres. Everything here is scenery: it is left out of the automatic framing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from recommender.studio import geometry, materials
from recommender.studio.design import RGB
from recommender.studio.grains import Tree
from recommender.studio.palette import linear

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

FLOORS = ("planks", "table", "carpet", "cloth", "bed", "tiles")
LIGHTS = {  # colour of the window or lamp, of the room, share of the room, where the light comes from
    "day": ((1.0, 0.98, 0.94), (0.86, 0.93, 1.0), 0.34, (-0.8, 0.25, 0.75)),
    "warm": ((1.0, 0.70, 0.42), (1.0, 0.80, 0.60), 0.26, (0.6, 0.5, 0.9)),
    "cold": ((0.78, 0.90, 1.0), (0.80, 0.92, 1.0), 0.45, (0.4, -0.2, 1.0)),
    "dusk": ((1.0, 0.80, 0.58), (0.62, 0.72, 1.0), 0.30, (-0.9, -0.1, 0.45)),
}


def furnish(
    studio: Studio,
    floor: str,
    colour: str | None = None,
    size: float = 6.0,
    wall: float | None = None,
    wall_colour: str = "#cfc8bb",
) -> None:
    """Put a floor of ``size`` metres at z = 0, and a wall ``wall`` metres behind the middle if given."""
    if floor not in FLOORS:
        raise ValueError(f"unknown floor {floor!r}; known: {', '.join(FLOORS)}")
    studio.backdrop = True
    _floor(studio, floor, colour, size)
    if wall is not None:
        mesh = geometry.make_mesh(
            [(-size, wall, -1), (size, wall, -1), (size, wall, size), (-size, wall, size)], [(0, 1, 2, 3)], name="wall"
        )
        studio.add(mesh, materials.make("paper", linear(wall_colour)), frame=False)


def _floor(studio: Studio, kind: str, colour: str | None, size: float) -> None:
    """The ground itself: flat, or draped for cloth and bed."""
    if kind in ("cloth", "bed"):
        mesh = draped(studio.rng, size=min(size, 2.4), relief=0.010 if kind == "cloth" else 0.03)
        material = materials.make(
            "linen" if kind == "cloth" else "cotton",
            linear(colour or ("#8d9a94" if kind == "cloth" else "#d8d2c6")),
            wrinkle=0.6,
        )
    else:
        half = size / 2
        mesh = geometry.make_mesh(
            [(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)], [(0, 1, 2, 3)], name="floor"
        )
        make = {"planks": planks, "table": table_top, "carpet": carpet, "tiles": tiles}[kind]
        material = make(linear(colour)) if colour else make()
    studio.add(mesh, material, frame=False)


def draped(rng: np.random.Generator, size: float, relief: float, steps: int = 180) -> bpy.types.Mesh:
    """Cloth lying loosely: long soft folds of up to ``relief`` metres, sunk so that products lie on top."""
    at = np.linspace(-size / 2, size / 2, steps)
    x, y = np.meshgrid(at, at)
    height = np.zeros_like(x)
    for _ in range(14):
        turn, wave = rng.uniform(0, np.pi), rng.uniform(0.10, 0.45)
        along = x * np.cos(turn) + y * np.sin(turn) + 0.03 * np.sin(rng.uniform(4, 9) * (y - x) + rng.uniform(0, 6))
        fold = np.sin(2 * np.pi * along / wave + rng.uniform(0, 6))
        local = np.exp(-((x - rng.uniform(-0.6, 0.6)) ** 2 + (y - rng.uniform(-0.6, 0.6)) ** 2) / rng.uniform(0.1, 0.5))
        height += np.sign(fold) * np.abs(fold) ** 1.5 * local * wave
    height = height / np.abs(height).max() * relief - relief
    mesh = geometry.loft(np.stack([x, y, height], axis=2), closed=False, name="cloth")
    mesh.polygons.foreach_set("use_smooth", np.full(len(mesh.polygons), True))
    return mesh


def _material(name: str) -> tuple[bpy.types.Material, Tree]:
    """An empty node material."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, Tree(material.node_tree)


def _finish(tree: Tree, colour: Any, height: Any, relief: float, roughness: float, specular: float = 0.4) -> None:
    """Shader and output for a floor of a colour and a height (0..1, ``relief`` metres)."""
    bump = tree.node("Bump", {"Height": height, "Distance": relief, "Strength": 1.0}).outputs[0]
    shader = tree.node(
        "BsdfPrincipled", {"Base Color": colour, "Roughness": roughness, "Normal": bump, "Specular IOR Level": specular}
    )
    tree.node("OutputMaterial", {"Surface": shader.outputs[0]})


def _grain(tree: Tree, vector: Any, across: float = 0.012) -> Any:
    """Wood grain 0..1: lines along the second axis that wander, and pores."""
    bend = tree.noise(vector, 0.22, 2.0, 0.0, (1.0, 0.18, 1.0))
    split = tree.node("SeparateXYZ", {0: vector})
    at = tree.math("ADD", split.outputs[0], tree.math("MULTIPLY", bend, 0.16))
    ring = tree.math("SINE", tree.math("MULTIPLY", at, 6.2832 / across))
    pores = tree.noise(vector, 0.0035, 3.0, 0.0, (1.0, 0.025, 1.0))
    return tree.math("ADD", tree.math("MULTIPLY", ring, 0.16), pores)


def planks(colour: RGB = (0.36, 0.19, 0.085), width: float = 0.12) -> bpy.types.Material:
    """Boards with joints, each of its own tone."""
    material, tree = _material("planks")
    turned = tree.node("Mapping", {"Vector": tree.uv(), "Rotation": (0, 0, 1.5708)}).outputs[0]
    brick = tree.node(
        "TexBrick",
        {
            "Vector": turned,
            "Color1": (0.82, 0.80, 0.78, 1),
            "Color2": (1.12, 1.08, 1.04, 1),
            "Mortar": (0.16, 0.14, 0.12, 1),
            "Scale": 1.0,
            "Mortar Size": 0.0018,
            "Brick Width": 1.1,
            "Row Height": width,
            "Bias": 0.0,
        },
    )
    grain = _grain(tree, tree.uv())
    lines = tree.node(
        "MapRange", {"Value": grain, "From Min": 0.2, "From Max": 0.85, "To Min": 0.55, "To Max": 1.2}
    ).outputs[0]
    shade = tree.mix(1.0, (*colour, 1.0), brick.outputs["Color"], "MULTIPLY")
    shade = tree.mix(1.0, shade, lines, "MULTIPLY")
    height = tree.math("SUBTRACT", tree.math("MULTIPLY", grain, 0.25), brick.outputs["Fac"])
    _finish(tree, shade, height, 0.0012, 0.42)
    return material


def table_top(colour: RGB = (0.30, 0.15, 0.07)) -> bpy.types.Material:
    """One polished board."""
    material, tree = _material("table")
    grain = _grain(tree, tree.uv(), 0.02)
    lines = tree.node(
        "MapRange", {"Value": grain, "From Min": 0.2, "From Max": 0.85, "To Min": 0.6, "To Max": 1.25}
    ).outputs[0]
    _finish(tree, tree.mix(1.0, (*colour, 1.0), lines, "MULTIPLY"), grain, 0.0003, 0.30, 0.5)
    return material


def carpet(colour: RGB = (0.30, 0.29, 0.31)) -> bpy.types.Material:
    """Short pile, flecked."""
    material, tree = _material("carpet")
    pile = tree.noise(tree.uv(), 0.006, 4.0, 0.3)
    patch = tree.noise(tree.uv(), 0.25, 2.0)
    tone = tree.math("ADD", tree.math("MULTIPLY", pile, 1.3), tree.math("MULTIPLY", patch, 0.35))
    fleck = tree.node(
        "MapRange", {"Value": tone, "From Min": 0.4, "From Max": 1.2, "To Min": 0.5, "To Max": 1.35}
    ).outputs[0]
    _finish(tree, tree.mix(1.0, (*colour, 1.0), fleck, "MULTIPLY"), pile, 0.006, 1.0, 0.05)
    return material


def tiles(colour: RGB = (0.52, 0.50, 0.47)) -> bpy.types.Material:
    """Square stone tiles."""
    material, tree = _material("tiles")
    brick = tree.node(
        "TexBrick",
        {
            "Vector": tree.uv(),
            "Color1": (0.92, 0.92, 0.92, 1),
            "Color2": (1.05, 1.05, 1.05, 1),
            "Mortar": (0.5, 0.5, 0.5, 1),
            "Scale": 1.0,
            "Mortar Size": 0.004,
            "Brick Width": 0.3,
            "Row Height": 0.3,
        },
        offset=0.0,
    )
    cloud = tree.noise(tree.uv(), 0.12, 5.0, 0.8)
    tone = tree.node(
        "MapRange", {"Value": cloud, "From Min": 0.3, "From Max": 0.7, "To Min": 0.8, "To Max": 1.1}
    ).outputs[0]
    shade = tree.mix(1.0, tree.mix(1.0, (*colour, 1.0), brick.outputs["Color"], "MULTIPLY"), tone, "MULTIPLY")
    _finish(tree, shade, tree.math("SUBTRACT", 1.0, brick.outputs["Fac"]), 0.002, 0.35)
    return material


def light(studio: Studio, kind: str, centre: np.ndarray, radius: float, strength: float = 1.0) -> None:
    """Window or lamp at one side and a dim room around; ``strength`` 1 exposes a mid grey rightly."""
    lamp_colour, room_colour, room, direction = LIGHTS[kind]
    direction = np.asarray(direction) / np.linalg.norm(direction)
    distance = max(1.2, 4.5 * radius)
    data = bpy.data.lights.new("window", "AREA")
    data.shape, data.size, data.size_y = "RECTANGLE", distance * 0.45, distance * 0.65
    data.energy = 0.85 * strength * np.pi**2 * distance**2
    data.color = lamp_colour
    lamp = bpy.data.objects.new("window", data)
    studio.scene.collection.objects.link(lamp)
    turn = Vector(direction).to_track_quat("Z", "Y").to_matrix().to_4x4()
    lamp.matrix_world = Matrix.Translation(Vector(centre + direction * distance)) @ turn
    lamp.visible_camera = False
    world = bpy.data.worlds.new("room")
    studio.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*room_colour, 1.0)
    background.inputs["Strength"].default_value = room * strength
