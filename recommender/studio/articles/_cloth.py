"""Low-level help for garments: Blender meshes from arrays, cloth modifier, sums over mesh edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import bpy


@dataclass(frozen=True)
class Drape:
    """How the cloth behaves: surplus of cloth across and along, gas pressure, bending stiffness, frames of fall."""

    across: float = 0.03
    along: float = 0.02
    pressure: float = 0.5
    bending: float = 0.2
    frames: int = 12
    stiffness: float = 25.0


def mesh_of(name: str, co: np.ndarray, tris: np.ndarray) -> bpy.types.Mesh:
    import bpy

    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(co))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(co, np.float32).ravel())
    mesh.loops.add(tris.size)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(tris, np.int32).ravel())
    mesh.polygons.add(len(tris))
    mesh.polygons.foreach_set("loop_start", np.arange(0, tris.size, tris.shape[1], dtype=np.int32))
    mesh.update(calc_edges=True)
    return mesh


def paint_uv(mesh: bpy.types.Mesh, name: str, uv: np.ndarray) -> None:
    layer = mesh.uv_layers.new(name=name)
    layer.data.foreach_set("uv", np.ascontiguousarray(uv, np.float32).ravel())


def object_of(name: str, co: np.ndarray, tris: np.ndarray) -> bpy.types.Object:
    import bpy

    return bpy.data.objects.new(name, mesh_of(name, co, tris))


def add_cloth_modifier(obj: bpy.types.Object, rest: np.ndarray, pin: np.ndarray, drape: Drape) -> None:
    """Give ``obj`` a cloth modifier with rest shape ``rest`` and pins."""
    obj.shape_key_add(name="Basis")
    key = obj.shape_key_add(name="rest")
    key.data.foreach_set("co", rest.astype(np.float32).ravel())
    group = obj.vertex_groups.new(name="pin")
    for weight in np.unique(np.round(pin[pin > 0.02], 1)):
        group.add(np.flatnonzero(np.round(pin, 1) == weight).tolist(), float(weight), "REPLACE")
    cloth = obj.modifiers.new("cloth", "CLOTH")
    cloth.collision_settings.use_collision = False
    cloth.collision_settings.use_self_collision = False
    cloth.point_cache.frame_start = 1
    cloth.point_cache.frame_end = drape.frames
    s = cloth.settings
    s.quality = 3
    s.mass = 0.25
    s.air_damping = 2
    s.tension_stiffness = s.compression_stiffness = drape.stiffness
    s.shear_stiffness = 0.6 * drape.stiffness
    s.bending_stiffness = drape.bending
    s.tension_damping = s.compression_damping = s.shear_damping = 10
    s.vertex_group_mass = "pin"
    s.rest_shape_key = key
    s.use_pressure = drape.pressure != 0
    s.uniform_pressure_force = drape.pressure


def rim_edges(tris: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges with one face only, and all edges."""
    pairs = np.sort(np.vstack([tris[:, [0, 1]], tris[:, [1, 2]], tris[:, [2, 0]]]), axis=1)
    pairs, uses = np.unique(pairs, axis=0, return_counts=True)
    return pairs[uses == 1], pairs


def open_rim(tris: np.ndarray, n: int) -> np.ndarray:
    """Vertices on open borders."""
    rim = np.zeros(n, bool)
    rim[rim_edges(tris)[0]] = True
    return rim


def relax(edges: np.ndarray, fixed: np.ndarray, load: float) -> np.ndarray:
    """Solve the graph's Poisson equation with zeros at ``fixed`` (conjugate gradients)."""
    n = len(fixed)
    i, j = edges.T
    degree = np.bincount(np.r_[i, j], minlength=n).astype(float)

    def apply(u: np.ndarray) -> np.ndarray:
        return (degree * u - np.bincount(i, u[j], n) - np.bincount(j, u[i], n)) * ~fixed

    x = np.zeros(n)
    r = np.full(n, load) * ~fixed
    p, size = r.copy(), r @ r
    for _ in range(500):
        step = apply(p)
        alpha = size / max(p @ step, 1e-30)
        x += alpha * p
        r -= alpha * step
        new = r @ r
        if new < 1e-16 * n:
            break
        p, size = r + new / size * p, new
    return x
