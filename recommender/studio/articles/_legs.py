"""Patterns and details that everything with legs shares: waistbands, flies, pockets, washes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import lopsided
from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._finish import (
    darker,
)
from recommender.studio.articles._garment import Garment
from recommender.studio.articles._outline import Edge, Points, curve, inset, resample, symmetric
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio


@dataclass(frozen=True)
class Legs:
    """Right half of a pair of trousers in metres; hems at z = 0, waist at z = ``length``."""

    length: float = 1.04
    rise: float = 0.255
    waist: float = 0.195
    hip: float = 0.238
    knee: float = 0.115
    hem: float = 0.10
    apart: float = 0.03
    dip: float = 0.018
    stance: float = 0.03
    high: float = 0.0

    def half(self) -> list[Edge]:
        """Right half of the outline, crotch to centre of the waist."""
        top = self.length
        fork = top - self.rise
        inner = self.apart
        mid = 0.52 * fork
        inseam = curve(
            [(0, fork), (0.004, fork - 0.05), (0.5 * inner + self.stance * 0.3, mid), (inner + self.stance, 0)]
        )
        low = inner + self.stance
        hem = np.array([(low, 0.0), (low + 1.55 * self.hem, 0.006)])
        outer = curve(
            [
                (low + 1.55 * self.hem, 0.006),
                (0.5 * inner + 0.3 * self.stance + 1.6 * self.knee, mid),
                (0.96 * self.hip, fork - 0.07),
                (self.hip, fork + 0.03),
                (self.hip - 0.003, fork + 0.09),
                (self.waist, top),
            ]
        )
        waist = curve([(self.waist, top), (0.5 * self.waist, top - 0.75 * self.dip), (0, top - self.dip)])
        return [Edge("inseam", inseam), Edge("cuff", hem, True), Edge("outseam", outer), Edge("waist", waist, True)]

    def back(self) -> dict[str, Points]:
        """The back of the waist stands higher."""
        lift = self.high
        return {
            "waist": curve(
                [(self.waist, self.length), (0.5 * self.waist, self.length + 0.7 * lift), (0, self.length + lift)]
            )
        }

    def pin(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Held by the waistband, a little by the hems."""
        waist = np.clip((z - (self.length - self.dip - 0.06)) / 0.03, 0, 1)
        return np.maximum(waist, 0.25 * np.clip(1 - z / 0.02, 0, 1))

    def sew(
        self,
        rng: np.random.Generator,
        drape: Drape,
        depth: float = 0.85,
        folds: float = 2.2,
        crease_depth: float = 0.0045,
    ) -> Garment:
        """Cut, sew, inflate and drape."""
        g = Garment(
            symmetric(self.half()), self.back(), depth=depth, spacing=max(0.0085, min(0.0145, 0.022 * self.length))
        )
        g.drape(drape, self.pin, rng)
        g.deepen(folds)
        lopsided(g, rng, 0.8)
        g.refine()
        g.fold(self.creases(rng), depth=crease_depth)
        return g

    def creases(self, rng: np.random.Generator) -> np.ndarray:
        """Where trousers crease: fanning out from the fork, across the knees, above the hems."""
        fork = self.length - self.rise
        spots = []
        for sign in (1, -1):
            centre = sign * (0.5 * self.apart + 0.6 * self.stance + 0.78 * self.knee)
            for k in range(4):
                turn = rng.uniform(0.25, 0.7) - 0.22 * k
                at = fork + 0.05 - 0.035 * k + rng.normal(0, 0.006)
                spots.append(
                    (
                        sign * rng.uniform(0.05, 0.09),
                        at,
                        sign * turn,
                        rng.uniform(0.03, 0.07),
                        rng.uniform(0.008, 0.014),
                    )
                )
            for level, count, spread in ((0.47, 6, 0.10), (0.07, 5, 0.05)):
                for _ in range(max(1, round(count * min(1.0, fork / 0.78) ** 1.5))):
                    x = centre + rng.normal(0, 0.4) * self.knee
                    z = fork * level + rng.normal(0, spread) * fork * 0.6
                    spots.append((x, z, rng.normal(0, 0.35), rng.uniform(0.03, 0.06), rng.uniform(0.008, 0.016)))
        return np.array(spots)

    def waist_at(self, part: float, below: float = 0.0) -> np.ndarray:
        """Point of the front waist at ``part`` of its half width, ``below`` metres under it; negative part: left."""
        x = part * self.waist
        return np.array([x, self.length - self.dip * (1 - part**2) - below])


def leg_size(design: Design, rng: np.random.Generator) -> Legs:
    """Straight trousers for the wearer."""
    u = rng.uniform
    if design.gender == "Women":
        return Legs(
            length=u(0.98, 1.06),
            rise=u(0.205, 0.235),
            waist=u(0.152, 0.164),
            hip=u(0.184, 0.198),
            knee=u(0.082, 0.096),
            hem=u(0.075, 0.11),
            apart=u(0.006, 0.022),
            dip=u(0.016, 0.026),
            stance=u(0.0, 0.03),
            high=0.008,
        )
    if design.gender in ("Boys", "Girls"):
        return Legs(
            length=u(0.68, 0.76),
            rise=u(0.185, 0.205),
            waist=u(0.140, 0.150),
            hip=u(0.164, 0.178),
            knee=u(0.080, 0.092),
            hem=u(0.078, 0.09),
            apart=u(0.006, 0.02),
            dip=0.012,
            stance=u(0.01, 0.06),
            high=0.006,
        )
    return Legs(
        length=u(1.0, 1.08),
        rise=u(0.235, 0.265),
        waist=u(0.178, 0.190),
        hip=u(0.204, 0.220),
        knee=u(0.100, 0.116),
        hem=u(0.090, 0.112),
        apart=u(0.006, 0.022),
        dip=u(0.012, 0.022),
        stance=u(0.0, 0.04),
        high=0.008,
    )


def waistband(
    studio: Studio,
    g: Garment,
    size: Legs,
    cloth: bpy.types.Material,
    width: float = 0.038,
    thread: bpy.types.Material | None = None,
    height: float = 0.0025,
) -> None:
    """Waistband in front, its inside at the back and the label there."""
    studio.add(trim.band(g, g.border("waist", 0), width, 0, height), cloth)
    back = g.border("waist", 1)
    inner = studio.material("cotton", darker(studio.design.colour, 0.75))
    studio.add(trim.band(g, back, width, 1, 0.002, inside=True), inner)
    studio.add(trim.band(g, back, width, 1, 0.002), cloth)
    top = size.length + size.high - 0.006
    light = np.mean(studio.design.colour) > 0.35
    tag = (
        studio.material("leather", (0.22, 0.10, 0.04))
        if thread
        else studio.material("satin", (0.06,) * 3 if light else (0.7,) * 3)
    )
    studio.add(trim.patch(g, trim.rectangle(-0.026, top - 0.03, 0.026, top), 1, 0.0015, inside=True), tag)
    if thread:
        for away in (0.004, width - 0.004):
            studio.add(trim.stitch(g, inset(g.border("waist", 0), away), 0, 0.0011, height + 0.0006), thread)


def belt_loops(
    studio: Studio, g: Garment, size: Legs, cloth: bpy.types.Material, spots: Sequence[float], width: float = 0.038
) -> None:
    """Narrow loops over the waistband."""
    for part in spots:
        x, z = size.waist_at(part)
        box = trim.rectangle(x - 0.006, z - width - 0.008, x + 0.006, z + 0.002)
        studio.add(trim.patch(g, box, 0, 0.003, 0.006, lift=0.003), cloth)


def fly(
    studio: Studio,
    g: Garment,
    size: Legs,
    thread: bpy.types.Material,
    width: float = 0.038,
    rows: int = 2,
    thick: float = 0.0011,
) -> None:
    """Front seam and the J of the fly's stitching in threads as ``thick`` (metres)."""
    top = size.length - size.dip - width
    fork = size.length - size.rise
    centre = np.array([(0.0, top), (0.0, fork + 0.004)])
    studio.add(trim.stitch(g, centre, 0, 0.0022, 0.0008), studio.material("cotton", darker(studio.design.colour, 0.5)))
    side = 1.0 if studio.design.gender != "Women" or studio.rng.random() < 0.6 else -1.0
    end = fork + 0.35 * (top - fork)
    for k in range(rows):
        w = 0.036 - 0.006 * k
        line = curve([(side * w, top), (side * w, end + 0.05), (side * 0.6 * w, end + 0.012), (0, end)], 8)
        studio.add(trim.stitch(g, line, 0, thick), thread)


def scoop_pockets(
    studio: Studio,
    g: Garment,
    size: Legs,
    thread: bpy.types.Material,
    width: float = 0.038,
    metal: bpy.types.Material | None = None,
    thick: float = 0.0011,
) -> None:
    """Curved front pockets with two rows of stitches, rivets and a coin pocket."""
    top = size.length - width - 0.006
    lining = studio.material("denim", darker(studio.design.colour, 0.55))
    for sign in (1, -1):
        a = np.array([0.56 * size.waist, top - 0.3 * size.dip])
        b = np.array([0.985 * size.hip, top - 0.075])
        line = curve(
            [
                tuple(a),
                (a[0] + 0.15 * (b[0] - a[0]), b[1] + 0.028),
                (a[0] + 0.55 * (b[0] - a[0]), b[1] + 0.004),
                tuple(b),
            ]
        )
        line = line * [sign, 1]
        studio.add(trim.stitch(g, line, 0, 0.003, 0.0004), lining)
        for away in (0.004, 0.010):
            studio.add(trim.stitch(g, inset(line, -sign * away), 0, thick), thread)
        if metal is not None:
            for spot in (a + np.array([0.004, -0.012]), b + np.array([-0.014, -0.002])):
                studio.add(trim.disc(g, tuple(spot * [sign, 1]), 0.0045, 0, 0.0015), metal)


def wash(g: Garment, mesh: bpy.types.Mesh, rng: np.random.Generator, size: Legs, strength: float) -> None:
    """Vertex attribute ``wash`` (0..1): faded thighs and knees, whiskers at the hips, pale ridges of folds."""
    x, z = g.flat.T
    fork = size.length - size.rise
    leg = 0.8 * size.apart + 0.3 * size.stance + 0.8 * size.knee
    across = np.exp(-(((np.abs(x) - leg) / 0.05) ** 2))
    thigh = np.exp(-(((z - 0.72 * fork - 0.06) / (0.24 * fork)) ** 2))
    knee = 0.5 * np.exp(-(((z - 0.42 * fork) / (0.16 * fork)) ** 2))
    phase = rng.uniform(0, 6.28)
    rays = np.sin(150 * (z - fork - 0.35 * np.abs(x)) + phase + 3 * np.sin(9 * x) + 2 * np.sin(23 * x + 31 * z))
    whisk = (
        0.16 * np.clip(rays - 0.3, 0, 1) * np.exp(-(((z - fork - 0.02) / 0.06) ** 2)) * np.clip(np.abs(x) / 0.08, 0, 1)
    )
    noise = sum(np.sin(g.flat @ rng.normal(0, 40, 2) + rng.uniform(0, 6.28)) for _ in range(5)) / 5
    value = np.clip(strength * (across * (thigh + knee) * (1 + 0.35 * noise) + whisk), 0, 1)
    layer = mesh.attributes.new("wash", "FLOAT", "POINT")
    layer.data.foreach_set("value", value.astype(np.float32))


def washed(material: bpy.types.Material, pale: RGB = (0.52, 0.62, 0.74)) -> bpy.types.Material:
    """Let ``material`` turn ``pale`` where the mesh's attribute ``wash`` says so."""
    tree = material.node_tree
    shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    target = shader.inputs["Base Color"]
    mix = tree.nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    mix.inputs[7].default_value = (*pale, 1)
    if target.links:
        tree.links.new(target.links[0].from_socket, mix.inputs[6])
    else:
        mix.inputs[6].default_value = target.default_value
    fade = tree.nodes.new("ShaderNodeAttribute")
    fade.attribute_name = "wash"
    tree.links.new(fade.outputs["Fac"], mix.inputs[0])
    tree.links.new(mix.outputs[2], target)
    return material


def lines(
    studio: Studio,
    g: Garment,
    name: str,
    away: float,
    material: bpy.types.Material,
    width: float = 0.0012,
    sides: Sequence[int] = (0,),
) -> None:
    """A row of stitches ``away`` metres inside every border called ``name``."""
    for side in sides:
        for e in g.edges[side]:
            if e.name == name:
                studio.add(trim.stitch(g, inset(resample(e.points, 0.012), away), side, width), material)


def legs_below(
    studio: Studio, rng: np.random.Generator, fork: float, kind: str, colour: RGB, scale: float = 1.0
) -> None:
    """What a long top is shown with: legs that start under its hem and run out of the picture.

    ``fork`` is the height of the crotch over the top's hem (metres).
    """
    slim = kind == "jersey"
    size = Legs(
        length=1.0,
        rise=0.22,
        waist=0.145,
        hip=0.16 if slim else 0.170,
        knee=0.070 if slim else 0.086,
        hem=0.06,
        apart=0.02 if slim else 0.008,
        stance=0.015,
    )
    g = Garment(symmetric(size.half()), size.back(), depth=0.8, spacing=0.016)
    g.even(3)
    lopsided(g, rng, 0.6)
    g.refine()
    g.fold(size.creases(rng), 0.002 if slim else 0.004)
    g.co[:, 2] -= size.length - size.rise - fork
    g.co *= scale
    mesh = g.mesh("legs")
    material = studio.material(kind, colour)
    if kind == "denim":
        wash(g, mesh, rng, size, 0.4)
        material = washed(material)
    studio.add(mesh, material, frame=False)
