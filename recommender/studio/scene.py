"""The photo studio: an empty scene, its lights and camera, and the final picture.

A builder gets a :class:`Studio`, adds its parts and says from where to look. The
room is pure white to the camera, and the floor goes over into that white around
the product, so that the background is clean whatever the product's exposure.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from PIL import Image

from recommender.studio import lighting, materials, patterns, rooms
from recommender.studio.design import RGB, Design
from recommender.studio.geometry import box_uv

SENSOR = 36.0  # mm along the longer side of the frame


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send what Blender itself prints to the null device."""
    sys.stdout.flush()
    saved, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(null)


class Studio:
    """One empty scene for one design.

    Attributes
    ----------
    design : the product that stands in the studio
    rng : numpy generator, seeded by ``design.seed``: the only source of variation
    objects : everything added so far
    """

    def __init__(self, design: Design) -> None:
        with quiet():
            bpy.ops.wm.read_factory_settings(use_empty=True)
        self.design = design
        self.rng = np.random.default_rng([design.seed, 1])
        self.scene = bpy.context.scene
        self.objects: list[bpy.types.Object] = []
        self.framed: list[bpy.types.Object] = []
        self.backdrop = False  # set by rooms.furnish(): scenery in place of white
        self.light = "day"
        self.exposure = 1.0
        self._view: dict[str, Any] = {
            "azimuth": 0.0,
            "elevation": 0.0,
            "fill": 0.9,
            "lens": 85.0,
            "shadow": False,
            "tilt": 0.0,
        }
        self._shift = (0.0, 0.0)
        self._base: float | None = None
        self.blur: float | None = None  # f-number of the lens; None: all sharp

    # -- what a builder uses ------------------------------------------------------------

    def material(
        self,
        kind: str,
        colour: RGB | None = None,
        *,
        pattern: patterns.Pattern | None = None,
        scale: float = 1.0,
        **kw: Any,
    ) -> bpy.types.Material:
        """Material of ``kind`` (see :data:`materials.KINDS`) in linear RGB ``colour`` or the design's.

        ``scale`` enlarges weave or grain. More options: ``roughness``, ``bump`` and
        ``wrinkle`` (multiply the kind's own), ``mottle`` (unevenness of the colour).
        """
        if colour is None and self.design.baseColour == "Grey Melange":
            kw.setdefault("melange", 0.6)
        return materials.make(
            kind,
            self.design.colour if colour is None else colour,
            given=colour is not None,
            pattern=pattern,
            scale=scale,
            **kw,
        )

    def pattern(self, kind: str | None = None, scale: float = 1.0, **kw: Any) -> patterns.Pattern | None:
        """Image texture for the design's pattern (or ``kind``); None when plain. The same on each call."""
        kind = kind or self.design.pattern
        if kind == "plain":
            return None
        return patterns.draw(kind, self.design.colour, self.design.accent, self.design.seed, scale=scale, **kw)

    def add(
        self,
        item: bpy.types.Object | bpy.types.Mesh,
        material: bpy.types.Material | None = None,
        smooth: bool = True,
        subdivision: int = 0,
        solidify: float = 0.0,
        bevel: float = 0.0,
        frame: bool = True,
        matrix: Matrix | None = None,
    ) -> bpy.types.Object:
        """Put a part into the scene.

        ``solidify`` is a thickness (m), ``bevel`` a radius (m), ``subdivision`` a number
        of levels; ``frame=False`` keeps a part out of the automatic framing.
        """
        obj = item if isinstance(item, bpy.types.Object) else bpy.data.objects.new(item.name, item)
        if obj.name not in self.scene.collection.all_objects:
            self.scene.collection.objects.link(obj)
        if matrix is not None:
            obj.matrix_world = matrix
        mesh = obj.data
        if isinstance(mesh, bpy.types.Mesh):
            if "UVMap" not in mesh.uv_layers:
                box_uv(mesh)
            mesh.polygons.foreach_set("use_smooth", np.full(len(mesh.polygons), smooth))
        if material is not None:
            mesh.materials.clear()
            mesh.materials.append(material)
        self._modifiers(obj, subdivision, solidify, bevel)
        self.objects.append(obj)
        if frame:
            self.framed.append(obj)
        return obj

    @staticmethod
    def _modifiers(obj: bpy.types.Object, subdivision: int, solidify: float, bevel: float) -> None:
        """Thickness, round edges and smoothing, in the order in which they work together."""
        if solidify:
            thick = obj.modifiers.new("thickness", "SOLIDIFY")
            thick.thickness, thick.offset, thick.use_even_offset = abs(solidify), np.sign(-solidify), False
        if bevel:
            edge = obj.modifiers.new("edge", "BEVEL")
            edge.width, edge.segments, edge.limit_method = bevel, 3, "ANGLE"
            edge.angle_limit = np.radians(35)
            edge.harden_normals = False
        if subdivision:
            fine = obj.modifiers.new("fine", "SUBSURF")
            fine.levels = fine.render_levels = subdivision

    def view(
        self,
        azimuth: float = 0,
        elevation: float = 0,
        fill: float = 0.9,
        lens: float = 85,
        shadow: bool = True,
        tilt: float = 0,
        shift: tuple[float, float] = (0.0, 0.0),
        base: float | None = None,
    ) -> None:
        """Where the camera stands.

        ``azimuth`` turns it around the product (degrees, 0 = before it at -Y, positive
        towards +X), ``elevation`` raises it (90 = from above), ``tilt`` rolls it;
        ``fill`` is the share of the tighter side of the frame, ``lens`` is in mm on a
        36 mm sensor; ``shift`` moves the product in shares of the frame. ``base`` puts
        its lowest point on a line of the frame instead (share of its height from the
        top): shops place a kind of goods on the same line in all their pictures. With
        ``shadow`` it stands on the floor z = 0, without it floats before white.
        """
        self._view = {
            "azimuth": azimuth,
            "elevation": elevation,
            "fill": fill,
            "lens": lens,
            "shadow": shadow,
            "tilt": tilt,
        }
        self._shift, self._base = shift, base

    def take_up(self, design: Design) -> None:
        """Go on with another design in the same scene (several products in one photo)."""
        self.design = design
        self.rng = np.random.default_rng([design.seed, 1])

    def setting(self, floor: str, light: str = "day", exposure: float = 1.0, **about: Any) -> None:
        """Leave the studio: a floor of :data:`rooms.FLOORS` under a light of :data:`rooms.LIGHTS`."""
        rooms.furnish(self, floor, **about)
        self.light, self.exposure = light, exposure

    def render(
        self, path: str | Path | None = None, width: int = 240, height: int = 320, samples: int = 16, threads: int = 1
    ) -> Image.Image:
        """Take the picture; return it as RGB and save it to ``path`` (format by its suffix) if given."""
        camera, radius, centre = self._camera(width, height)
        if self.backdrop:
            rooms.light(self, self.light, centre, radius, self.exposure)
        else:
            lighting.setup(self.scene, camera, centre, radius, self.design.seed, floor=self._view["shadow"])
        # Twice as fine with a quarter of the samples costs the same and keeps weave and edges
        # through the denoiser.
        fine = 2 if max(width, height) <= 400 else 1
        self._settings(width * fine, height * fine, max(3, samples // fine**2), threads)
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "picture.png")
            self.scene.render.filepath = target
            with quiet():
                bpy.ops.render.render(write_still=True)
            with Image.open(target) as found:
                image = found.convert("RGB")
        if fine > 1:
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        if path is not None:
            path = Path(path)
            image.save(path, quality=92) if path.suffix.lower() in (".jpg", ".jpeg") else image.save(path)
        return image

    # -- camera -------------------------------------------------------------------------

    def _points(self) -> np.ndarray:
        """World positions (n, 3) of all framed vertices, modifiers applied."""
        graph = bpy.context.evaluated_depsgraph_get()
        graph.update()
        out = []
        for obj in self.framed:
            ready = obj.evaluated_get(graph)
            mesh = ready.to_mesh()
            if mesh is None or not len(mesh.vertices):
                continue
            at = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
            mesh.vertices.foreach_get("co", at)
            world = np.array(ready.matrix_world)
            out.append(at.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3])
            ready.to_mesh_clear()
        if not out:
            raise ValueError(f"{self.design.articleType}: nothing was added to the studio")
        return np.concatenate(out)

    def _camera(self, width: int, height: int) -> tuple[bpy.types.Object, float, np.ndarray]:
        """Place the camera so that the product fills the frame; also radius and centre of the product (m)."""
        view = self._view
        points = self._points()
        if not np.isfinite(points).all():
            raise ValueError(f"{self.design.articleType}: some vertices are not finite")
        a, e = np.radians(view["azimuth"]), np.radians(np.clip(view["elevation"], -89.9, 89.9))
        back = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
        right = np.array([np.cos(a), np.sin(a), 0.0])
        up = np.cross(back, right)
        r = np.radians(view["tilt"])
        right, up = right * np.cos(r) + up * np.sin(r), up * np.cos(r) - right * np.sin(r)
        longer = max(width, height)
        slope = np.array([width, height]) / longer * SENSOR / 2 / view["lens"]  # half frame at distance 1
        centre = (points.max(0) + points.min(0)) / 2
        radius = float(np.linalg.norm(points - centre, axis=1).max())
        target, distance = centre.copy(), radius / slope.min() * 1.1
        for _ in range(12):
            rel = points - target
            depth = np.maximum(distance - rel @ back, 1e-3 * distance)
            x, y = rel @ right / depth / slope[0], rel @ up / depth / slope[1]
            target = (
                target
                + right * (x.max() + x.min()) / 2 * distance * slope[0]
                + up * (y.max() + y.min()) / 2 * distance * slope[1]
            )
            half = max((x.max() - x.min()) / 2, (y.max() - y.min()) / 2)
            distance = max(distance * half / view["fill"], radius * 1.05)
        shift = np.array(self._shift)
        if self._base is not None:
            shift[1] = 0.5 + (y.max() - y.min()) / 4 - self._base
        move = shift * 2 * slope * distance
        target = target - right * move[0] - up * move[1]
        data = bpy.data.cameras.new("camera")
        data.lens, data.sensor_width, data.sensor_fit = view["lens"], SENSOR, "AUTO"
        data.clip_start, data.clip_end = distance * 0.01, distance * 50 + 50
        if self.blur:
            data.dof.use_dof, data.dof.focus_distance = True, distance
            data.dof.aperture_fstop = self.blur
        camera = bpy.data.objects.new("camera", data)
        self.scene.collection.objects.link(camera)
        at = target + back * distance
        camera.matrix_world = Matrix(
            [[*row, p] for row, p in zip(np.stack([right, up, back], 1), at, strict=True)] + [[0, 0, 0, 1]]
        )
        self.scene.camera = camera
        return camera, radius, centre

    def _settings(self, width: int, height: int, samples: int, threads: int) -> None:
        """Cycles on the processor, denoised, with plain (Standard) colours."""
        render, cycles = self.scene.render, self.scene.cycles
        render.engine = "CYCLES"
        render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
        render.threads_mode, render.threads = "FIXED", max(1, threads)
        render.film_transparent = False
        render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
        render.image_settings.color_depth, render.image_settings.compression = "8", 0
        render.filter_size = 1.2
        cycles.device, cycles.samples, cycles.seed = "CPU", samples, self.design.seed % 2**31
        cycles.use_adaptive_sampling = False
        cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
        cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "FAST"
        cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 9, 2, 3
        cycles.transmission_bounces, cycles.transparent_max_bounces = 8, 8
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.sample_clamp_indirect = 4.0
        self.scene.view_settings.view_transform = "Standard"
        self.scene.view_settings.look = "None"
        self.scene.view_settings.exposure, self.scene.view_settings.gamma = 0.0, 1.0
