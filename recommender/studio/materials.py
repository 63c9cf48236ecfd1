"""Procedural materials of the studio, as Cycles node trees.

Weaves and grains are driven by the UV layer ``UVMap`` in metres, slow unevenness
and wrinkles by object coordinates, so they run on across seams.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import bpy

from recommender.studio.design import RGB
from recommender.studio.grains import GRAINS, Socket, Tree
from recommender.studio.patterns import Pattern


@dataclass(frozen=True)
class Surface:
    """What a kind of material is like.

    ``pitch`` (m) and ``depth`` (m) are the size and relief of weave or grain,
    ``wrinkle`` the relief (m) of small creases, ``mottle`` how uneven the colour is.
    """

    grain: str = "none"
    pitch: float = 0.001
    depth: float = 0.0
    roughness: float = 0.8
    sheen: float = 0.0
    specular: float = 0.3
    wrinkle: float = 0.0
    mottle: float = 0.03
    metallic: float = 0.0
    coat: float = 0.0
    transmission: float = 0.0
    ior: float = 1.5
    anisotropic: float = 0.0
    colour: RGB | None = None


KINDS: dict[str, Surface] = {
    "cotton": Surface("plain", 0.0011, 0.00016, 0.88, 0.12, 0.2, 0.0011, 0.04),
    "jersey": Surface("jersey", 0.0014, 0.00020, 0.90, 0.15, 0.2, 0.0010, 0.05),
    "knit": Surface("knit", 0.0055, 0.0016, 0.95, 0.30, 0.15, 0.0006, 0.08),
    "denim": Surface("twill", 0.0016, 0.00030, 0.90, 0.08, 0.2, 0.0012, 0.16),
    "silk": Surface("plain", 0.0008, 0.00004, 0.42, 0.15, 0.5, 0.0014, 0.03, anisotropic=0.4),
    "satin": Surface("plain", 0.0008, 0.00003, 0.30, 0.10, 0.6, 0.0016, 0.02, anisotropic=0.6),
    "linen": Surface("plain", 0.0016, 0.00030, 0.90, 0.10, 0.2, 0.0018, 0.09),
    "wool": Surface("felt", 0.0022, 0.00045, 0.96, 0.35, 0.15, 0.0008, 0.08),
    "leather": Surface("leather", 0.0022, 0.00022, 0.45, 0.0, 0.45, 0.0005, 0.10, coat=0.12),
    "suede": Surface("felt", 0.0014, 0.00018, 0.97, 0.40, 0.1, 0.0004, 0.14),
    "patent": Surface("none", 0.002, 0.0, 0.14, 0.0, 0.6, 0.0002, 0.01, coat=1.0),
    "canvas": Surface("plain", 0.0022, 0.00038, 0.92, 0.10, 0.2, 0.0008, 0.07),
    "mesh": Surface("mesh", 0.0042, 0.0009, 0.85, 0.10, 0.25, 0.0, 0.03),
    "rubber": Surface("felt", 0.0012, 0.00004, 0.62, 0.0, 0.35, 0.0, 0.03),
    "foam": Surface("felt", 0.0016, 0.00012, 0.92, 0.0, 0.2, 0.0, 0.03),
    "plastic": Surface("none", 0.002, 0.0, 0.28, 0.0, 0.5, 0.0, 0.01),
    "metal": Surface("brushed", 0.0004, 0.0, 0.24, 0.0, 0.5, 0.0, 0.0, 1.0, anisotropic=0.4, colour=(0.66, 0.66, 0.67)),
    "gold": Surface("none", 0.0006, 0.0, 0.20, 0.0, 0.5, 0.0, 0.02, 1.0, colour=(0.83, 0.56, 0.20)),
    "silver": Surface("none", 0.0006, 0.0, 0.17, 0.0, 0.5, 0.0, 0.01, 1.0, colour=(0.80, 0.80, 0.80)),
    "rosegold": Surface("none", 0.0006, 0.0, 0.20, 0.0, 0.5, 0.0, 0.02, 1.0, colour=(0.83, 0.47, 0.36)),
    "glass": Surface("none", 0.002, 0.0, 0.02, 0.0, 0.5, 0.0, 0.0, transmission=1.0, ior=1.45),
    "clear_glass": Surface(
        "none", 0.002, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, transmission=1.0, ior=1.45, colour=(0.97, 0.985, 0.98)
    ),
    "liquid": Surface("none", 0.002, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, transmission=1.0, ior=1.33),
    "gem": Surface("none", 0.002, 0.0, 0.0, 0.0, 0.8, 0.0, 0.0, transmission=0.75, ior=2.2),
    "paper": Surface("felt", 0.0009, 0.00002, 0.80, 0.0, 0.3, 0.0002, 0.02),
    "wood": Surface("wood", 0.012, 0.0001, 0.50, 0.0, 0.4, 0.0, 0.02, coat=0.1),
}
KINDS["steel"] = KINDS["metal"]


def make(
    kind: str,
    colour: RGB,
    given: bool = True,
    pattern: Pattern | None = None,
    scale: float = 1.0,
    roughness: float | None = None,
    bump: float = 1.0,
    wrinkle: float = 1.0,
    mottle: float | None = None,
    melange: float = 0.0,
    sheen: float | None = None,
    metallic: float | None = None,
    coat: float | None = None,
    fade: float = 0.0,
    emission: float = 0.0,
    alpha: float = 1.0,
) -> bpy.types.Material:
    """Material of ``kind`` in linear RGB ``colour``.

    ``bump`` and ``wrinkle`` multiply the relief, ``mottle`` replaces the unevenness,
    ``melange`` (0..1) mixes in light fibres, ``fade`` (0..1) washes the colour out in
    large patches (denim). Metals keep their own colour unless one is ``given``.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown material {kind!r}; known: {', '.join(KINDS)}")
    about = KINDS[kind]
    changes: dict[str, Any] = {
        "roughness": roughness,
        "mottle": mottle,
        "sheen": sheen,
        "metallic": metallic,
        "coat": coat,
    }
    about = replace(about, **{k: v for k, v in changes.items() if v is not None})
    if about.colour is not None and not given:
        colour = about.colour
    material = bpy.data.materials.new(kind)
    material.use_nodes = True
    tree = Tree(material.node_tree)
    base = (*colour, 1.0)
    tint, height = GRAINS[about.grain](tree, about.pitch * scale)
    shade = base if pattern is None else _printed(tree, base, pattern)
    shade = _uneven(tree, shade, about.mottle, tint, melange, fade)
    normal = _relief(tree, about, height, scale, bump, wrinkle)
    shader = _principled(tree, about, colour, shade, normal)
    if emission:
        shader.inputs["Emission Strength"].default_value = emission
        shader.inputs["Emission Color"].default_value = base
    if alpha < 1.0:
        shader.inputs["Alpha"].default_value = alpha
    surface = shader.outputs[0]
    if about.transmission:
        surface = _light_through(tree, surface, colour)
    out = tree.node("OutputMaterial", {"Surface": surface})
    out.is_active_output = True
    return material


def _principled(tree: Tree, about: Surface, colour: RGB, shade: Any, normal: Socket | None) -> bpy.types.Node:
    """The shader itself."""
    inputs = {
        "Base Color": shade,
        "Roughness": about.roughness,
        "Metallic": about.metallic,
        "IOR": about.ior,
        "Specular IOR Level": about.specular,
        "Sheen Weight": about.sheen,
        "Sheen Roughness": 0.45,
        "Sheen Tint": (*tuple(min(1.0, 0.25 + 0.9 * c) for c in colour), 1.0),
        "Coat Weight": about.coat,
        "Coat Roughness": 0.08,
        "Transmission Weight": about.transmission,
        "Anisotropic": about.anisotropic,
    }
    if normal is not None:
        inputs["Normal"] = normal
        if about.coat:
            inputs["Coat Normal"] = normal
    return tree.node("BsdfPrincipled", inputs)


def _light_through(tree: Tree, surface: Socket, colour: RGB) -> Socket:
    """Let shadow rays through glass, tinted, as caustics are off."""
    tint = (*tuple(0.35 + 0.6 * c for c in colour), 1.0)
    clear = tree.node("BsdfTransparent", {"Color": tint})
    path = tree.node("LightPath")
    return tree.node("MixShader", {0: path.outputs["Is Shadow Ray"], 1: surface, 2: clear.outputs[0]}).outputs[0]


def _printed(tree: Tree, base: tuple, pattern: Pattern) -> Socket:
    """Colour of a patterned cloth: a repeating tile in metres or a print with its own UV layer."""
    image = bpy.data.images.load(str(pattern.path), check_existing=True)
    image.pack()
    if pattern.placed:
        node = tree.node(
            "TexImage", {"Vector": tree.uv("PrintMap")}, image=image, extension="CLIP", interpolation="Linear"
        )
        return tree.mix(node.outputs["Alpha"], base, node.outputs["Color"])
    size = (1 / pattern.width, 1 / pattern.height, 1.0)
    at = tree.node("VectorMath", {0: tree.uv(), 1: size}, operation="MULTIPLY").outputs[0]
    return tree.node("TexImage", {"Vector": at}, image=image, extension="REPEAT").outputs["Color"]


def _uneven(tree: Tree, shade: Any, mottle: float, tint: Socket | None, melange: float, fade: float) -> Any:
    """Colour with the small unevenness of a real surface, fibres and washed-out patches."""
    if tint is not None:
        shade = tree.mix(1.0, shade, tint, "MULTIPLY")
    if mottle:
        slow = tree.noise(tree.place(), 0.035, 2.0)
        value = tree.node(
            "MapRange",
            {"Value": slow, "From Min": 0.3, "From Max": 0.7, "To Min": 1 - mottle, "To Max": 1 + mottle * 0.6},
        ).outputs[0]
        shade = tree.mix(1.0, shade, value, "MULTIPLY")
    if fade:
        patch = tree.noise(tree.place(), 0.16, 3.0, 0.4)
        value = tree.node(
            "MapRange", {"Value": patch, "From Min": 0.42, "From Max": 0.72, "To Min": 0.0, "To Max": fade}
        ).outputs[0]
        shade = tree.mix(value, shade, (0.62, 0.68, 0.74, 1.0))
    if melange:
        fine = tree.noise(tree.uv(), 0.0035, 3.0, 0.0, (1.0, 0.45, 1.0))
        value = tree.node(
            "MapRange",
            {"Value": fine, "From Min": 0.35, "From Max": 0.65, "To Min": -0.32 * melange, "To Max": 0.32 * melange},
        ).outputs[0]
        bright = tree.math("ADD", 1.0, value)
        shade = tree.mix(1.0, shade, bright, "MULTIPLY")
    return shade


def _relief(
    tree: Tree, about: Surface, height: Socket | None, scale: float, bump: float, wrinkle: float
) -> Socket | None:
    """Normal with creases (cm) under weave or grain (mm)."""
    normal = None
    if about.wrinkle * wrinkle > 0:
        creases = tree.noise(tree.place(), 0.06, 3.0, 0.6)
        normal = tree.node(
            "Bump", {"Height": creases, "Distance": about.wrinkle * wrinkle * 4, "Strength": 1.0}
        ).outputs[0]
    if height is not None and about.depth * bump > 0:
        inputs = {"Height": height, "Distance": about.depth * scale * bump, "Strength": 1.0}
        if normal is not None:
            inputs["Normal"] = normal
        normal = tree.node("Bump", inputs).outputs[0]
    return normal
