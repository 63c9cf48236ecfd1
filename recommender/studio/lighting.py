"""Lights of the studio: soft boxes around the camera and a bright white room.

The boxes scale with the product, so a ring and a coat are lit alike. Their power
is chosen such that a matt surface facing the camera shows about its own albedo.
"""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix, Vector

ROOM = 0.52  # radiance of the room that matt surfaces see


def setup(
    scene: bpy.types.Scene, camera: bpy.types.Object, centre: np.ndarray, radius: float, seed: int, floor: bool
) -> None:
    """Light the product of ``radius`` metres around ``centre``; ``floor`` adds the shadow-catching ground."""
    rng = np.random.default_rng([seed, 2])
    side = -1.0 if rng.random() < 0.7 else 1.0
    axes = np.array(camera.matrix_world.to_3x3())
    right, up, back = axes[:, 0], axes[:, 1], axes[:, 2]
    key = rng.uniform(0.40, 0.52)
    _box(
        scene,
        centre,
        radius,
        side * right * rng.uniform(0.7, 1.0) + up * rng.uniform(0.5, 0.9) + back,
        key,
        4.0,
        2.4,
        floor,
    )
    _box(scene, centre, radius, -side * right * 1.3 + up * 0.1 + back * 0.6, key * 0.30, 4.0, 3.0, floor)
    if floor:
        _box(scene, centre, radius, np.array([0.0, 0.0, 1.0]) + back * 0.15, 0.30, 4.0, 3.6, floor)
        _ground(scene, centre, radius)
    _room(scene, back, floor)


def _box(
    scene: bpy.types.Scene,
    centre: np.ndarray,
    radius: float,
    direction: np.ndarray,
    share: float,
    distance: float,
    size: float,
    floor: bool,
) -> None:
    """Soft box at ``distance`` radii in ``direction`` that gives ``share`` of albedo on a facing matt surface."""
    direction = direction / np.linalg.norm(direction)
    if floor and direction[2] < 0.15:
        direction = direction + np.array([0, 0, 0.15 - direction[2]])
        direction /= np.linalg.norm(direction)
    metres = distance * radius
    data = bpy.data.lights.new("softbox", "AREA")
    data.shape, data.size = "SQUARE", size * radius
    data.energy = share * np.pi**2 * metres**2
    light = bpy.data.objects.new("softbox", data)
    scene.collection.objects.link(light)
    turn = Vector(direction).to_track_quat("Z", "Y").to_matrix().to_4x4()
    light.matrix_world = Matrix.Translation(Vector(centre + direction * metres)) @ turn
    light.visible_camera = False


def _ground(scene: bpy.types.Scene, centre: np.ndarray, radius: float) -> None:
    """White floor at z = 0 that takes the product's shadow and goes over into pure white around it.

    A shadow catcher would do the same at twice the cost, and its edges stay noisy.
    """
    size = radius * 40
    mesh = bpy.data.meshes.new("ground")
    mesh.from_pydata([(-size, -size, 0), (size, -size, 0), (size, size, 0), (-size, size, 0)], [], [(0, 1, 2, 3)])
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    new, link = tree.nodes.new, tree.links.new
    matt, glow, white, lift = (
        new("ShaderNodeBsdfDiffuse"),
        new("ShaderNodeEmission"),
        new("ShaderNodeEmission"),
        new("ShaderNodeAddShader"),
    )
    matt.inputs["Color"].default_value = (0.88, 0.88, 0.88, 1)
    glow.inputs["Strength"].default_value = 0.17
    white.inputs["Strength"].default_value = 1.03
    link(matt.outputs[0], lift.inputs[0])
    link(glow.outputs[0], lift.inputs[1])
    place, away, ramp = new("ShaderNodeNewGeometry"), new("ShaderNodeVectorMath"), new("ShaderNodeMapRange")
    away.operation, ramp.interpolation_type = "DISTANCE", "SMOOTHSTEP"
    away.inputs[1].default_value = (centre[0], centre[1], 0)
    link(place.outputs["Position"], away.inputs[0])
    link(away.outputs["Value"], ramp.inputs["Value"])
    ramp.inputs["From Min"].default_value, ramp.inputs["From Max"].default_value = radius * 1.15, radius * 2.3
    far, seen, path, out = (
        new("ShaderNodeMixShader"),
        new("ShaderNodeMixShader"),
        new("ShaderNodeLightPath"),
        new("ShaderNodeOutputMaterial"),
    )
    link(ramp.outputs["Result"], far.inputs["Fac"])
    link(lift.outputs[0], far.inputs[1])
    link(white.outputs[0], far.inputs[2])
    link(path.outputs["Is Camera Ray"], seen.inputs["Fac"])
    link(matt.outputs[0], seen.inputs[1])
    link(far.outputs[0], seen.inputs[2])
    link(seen.outputs[0], out.inputs["Surface"])
    material.cycles.emission_sampling = "NONE"
    mesh.materials.append(material)
    scene.collection.objects.link(bpy.data.objects.new("ground", mesh))


def _room(scene: bpy.types.Scene, back: np.ndarray, floor: bool) -> None:
    """World light: even for matt surfaces, with bright and dark fields for metal and glass.

    Polished things show what stands around them. A room of one white makes them flat,
    so reflections see a bright overhead field that falls off to grey below, and
    refraction sees white behind the product and dark flags at the sides, which draws
    the edges of glass.
    """
    world = bpy.data.worlds.new("room")
    scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    tree.nodes.clear()
    new, link = tree.nodes.new, tree.links.new
    out, even, gloss, glass, white = (new("ShaderNodeOutputWorld"), *(new("ShaderNodeBackground") for _ in range(4)))
    white.inputs["Color"].default_value = (1, 1, 1, 1)
    white.inputs["Strength"].default_value = 1.03  # stays white through the denoiser
    even.inputs["Color"].default_value = (1, 1, 1, 1)
    even.inputs["Strength"].default_value = ROOM
    coordinate = new("ShaderNodeTexCoord")

    def field(axis: tuple, stops: list[tuple[float, float]]) -> bpy.types.Node:
        dot = new("ShaderNodeVectorMath")
        dot.operation = "DOT_PRODUCT"
        dot.inputs[1].default_value = axis
        link(coordinate.outputs["Generated"], dot.inputs[0])
        remap = new("ShaderNodeMapRange")
        remap.inputs["From Min"].default_value = -1.0
        link(dot.outputs["Value"], remap.inputs["Value"])
        ramp = new("ShaderNodeValToRGB")
        for k, (at, value) in enumerate(stops):
            stop = ramp.color_ramp.elements[k] if k < 2 else ramp.color_ramp.elements.new(at)
            stop.position, stop.color = at, (value, value, value, 1)
        link(remap.outputs["Result"], ramp.inputs["Fac"])
        return ramp

    link(
        field((0, 0, 1), [(0.0, 0.45), (1.0, 1.0), (0.42, 0.30), (0.52, 0.22), (0.62, 0.75)]).outputs["Color"],
        gloss.inputs["Color"],
    )
    link(
        field(tuple(-back), [(0.0, 0.5), (1.0, 1.0), (0.55, 0.12), (0.86, 0.25), (0.93, 1.0)]).outputs["Color"],
        glass.inputs["Color"],
    )
    path = new("ShaderNodeLightPath")
    first, second, third = (new("ShaderNodeMixShader") for _ in range(3))
    link(path.outputs["Is Glossy Ray"], first.inputs["Fac"])
    link(even.outputs[0], first.inputs[1])
    link(gloss.outputs[0], first.inputs[2])
    link(path.outputs["Is Transmission Ray"], second.inputs["Fac"])
    link(first.outputs[0], second.inputs[1])
    link(glass.outputs[0], second.inputs[2])
    link(path.outputs["Is Camera Ray"], third.inputs["Fac"])
    link(second.outputs[0], third.inputs[1])
    link(white.outputs[0], third.inputs[2])
    link(third.outputs[0], out.inputs["Surface"])
