"""Procedural materials of the studio, as Cycles node trees.

Weaves and grains are driven by the UV layer ``UVMap`` in metres, slow unevenness
and wrinkles by object coordinates, so they run on across seams.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import bpy

from recommender.studio.design import RGB
from recommender.studio.patterns import Pattern

Socket = bpy.types.NodeSocket


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
    "clear_glass": Surface("none", 0.002, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, transmission=1.0, ior=1.45,
                           colour=(0.97, 0.985, 0.98)),
    "liquid": Surface("none", 0.002, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, transmission=1.0, ior=1.33),
    "gem": Surface("none", 0.002, 0.0, 0.0, 0.0, 0.8, 0.0, 0.0, transmission=0.75, ior=2.2),
    "paper": Surface("felt", 0.0009, 0.00002, 0.80, 0.0, 0.3, 0.0002, 0.02),
    "wood": Surface("wood", 0.012, 0.0001, 0.50, 0.0, 0.4, 0.0, 0.02, coat=0.1),
}
KINDS["steel"] = KINDS["metal"]


class Tree:
    """A node tree with short ways to make and join nodes."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def node(self, kind: str, inputs: dict | None = None, **props) -> bpy.types.Node:
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

    def math(self, operation: str, a, b=0.0) -> Socket:
        """Result of a math node."""
        return self.node("Math", {0: a, 1: b}, operation=operation).outputs[0]

    def uv(self, layer: str = "UVMap") -> Socket:
        """Coordinates of a UV layer."""
        return self.node("UVMap", uv_map=layer).outputs["UV"]

    def place(self) -> Socket:
        """Object coordinates (m)."""
        return self.node("TexCoord").outputs["Object"]

    def noise(self, vector: Socket, size: float, detail: float = 2.0, distortion: float = 0.0,
              stretch: tuple[float, float, float] = (1, 1, 1)) -> Socket:
        """Noise in 0..1 whose blobs are about ``size`` metres."""
        scaled = self.node("VectorMath", {0: vector, 1: stretch}, operation="MULTIPLY").outputs[0]
        return self.node("TexNoise", {"Vector": scaled, "Scale": 1 / size, "Detail": detail,
                                      "Distortion": distortion}).outputs["Fac"]

    def mix(self, factor, a, b, blend: str = "MIX") -> Socket:
        """Mix two colours."""
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type, node.blend_type = "RGBA", blend
        for socket, value in ((node.inputs[0], factor), (node.inputs[6], a), (node.inputs[7], b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = value
        return node.outputs[2]


def make(kind: str, colour: RGB, given: bool = True, pattern: Pattern | None = None, scale: float = 1.0,
         roughness: float | None = None, bump: float = 1.0, wrinkle: float = 1.0, mottle: float | None = None,
         melange: float = 0.0, sheen: float | None = None, metallic: float | None = None, coat: float | None = None,
         fade: float = 0.0, emission: float = 0.0, alpha: float = 1.0) -> bpy.types.Material:
    """Material of ``kind`` in linear RGB ``colour``.

    ``bump`` and ``wrinkle`` multiply the relief, ``mottle`` replaces the unevenness,
    ``melange`` (0..1) mixes in light fibres, ``fade`` (0..1) washes the colour out in
    large patches (denim). Metals keep their own colour unless one is ``given``.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown material {kind!r}; known: {', '.join(KINDS)}")
    about = KINDS[kind]
    changes = {"roughness": roughness, "mottle": mottle, "sheen": sheen, "metallic": metallic, "coat": coat}
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


def _principled(tree: Tree, about: Surface, colour: RGB, shade, normal: Socket | None) -> bpy.types.Node:
    """The shader itself."""
    inputs = {"Base Color": shade, "Roughness": about.roughness, "Metallic": about.metallic, "IOR": about.ior,
              "Specular IOR Level": about.specular, "Sheen Weight": about.sheen, "Sheen Roughness": 0.45,
              "Sheen Tint": tuple(min(1.0, 0.25 + 0.9 * c) for c in colour) + (1.0,),
              "Coat Weight": about.coat, "Coat Roughness": 0.08, "Transmission Weight": about.transmission,
              "Anisotropic": about.anisotropic}
    if normal is not None:
        inputs["Normal"] = normal
        if about.coat:
            inputs["Coat Normal"] = normal
    return tree.node("BsdfPrincipled", inputs)


def _light_through(tree: Tree, surface: Socket, colour: RGB) -> Socket:
    """Let shadow rays through glass, tinted, as caustics are off."""
    tint = tuple(0.35 + 0.6 * c for c in colour) + (1.0,)
    clear = tree.node("BsdfTransparent", {"Color": tint})
    path = tree.node("LightPath")
    return tree.node("MixShader", {0: path.outputs["Is Shadow Ray"], 1: surface, 2: clear.outputs[0]}).outputs[0]


def _printed(tree: Tree, base: tuple, pattern: Pattern) -> Socket:
    """Colour of a patterned cloth: a repeating tile in metres or a print with its own UV layer."""
    image = bpy.data.images.load(str(pattern.path), check_existing=True)
    image.pack()
    if pattern.placed:
        node = tree.node("TexImage", {"Vector": tree.uv("PrintMap")}, image=image, extension="CLIP",
                         interpolation="Linear")
        return tree.mix(node.outputs["Alpha"], base, node.outputs["Color"])
    size = (1 / pattern.width, 1 / pattern.height, 1.0)
    at = tree.node("VectorMath", {0: tree.uv(), 1: size}, operation="MULTIPLY").outputs[0]
    return tree.node("TexImage", {"Vector": at}, image=image, extension="REPEAT").outputs["Color"]


def _uneven(tree: Tree, shade, mottle: float, tint: Socket | None, melange: float, fade: float):
    """Colour with the small unevenness of a real surface, fibres and washed-out patches."""
    if tint is not None:
        shade = tree.mix(1.0, shade, tint, "MULTIPLY")
    if mottle:
        slow = tree.noise(tree.place(), 0.035, 2.0)
        value = tree.node("MapRange", {"Value": slow, "From Min": 0.3, "From Max": 0.7, "To Min": 1 - mottle,
                                       "To Max": 1 + mottle * 0.6}).outputs[0]
        shade = tree.mix(1.0, shade, value, "MULTIPLY")
    if fade:
        patch = tree.noise(tree.place(), 0.16, 3.0, 0.4)
        value = tree.node("MapRange", {"Value": patch, "From Min": 0.42, "From Max": 0.72, "To Min": 0.0,
                                       "To Max": fade}).outputs[0]
        shade = tree.mix(value, shade, (0.62, 0.68, 0.74, 1.0))
    if melange:
        fine = tree.noise(tree.uv(), 0.0035, 3.0, 0.0, (1.0, 0.45, 1.0))
        value = tree.node("MapRange", {"Value": fine, "From Min": 0.35, "From Max": 0.65, "To Min": -0.32 * melange,
                                       "To Max": 0.32 * melange}).outputs[0]
        bright = tree.math("ADD", 1.0, value)
        shade = tree.mix(1.0, shade, bright, "MULTIPLY")
    return shade


def _relief(tree: Tree, about: Surface, height: Socket | None, scale: float, bump: float,
            wrinkle: float) -> Socket | None:
    """Normal with creases (cm) under weave or grain (mm)."""
    normal = None
    if about.wrinkle * wrinkle > 0:
        creases = tree.noise(tree.place(), 0.06, 3.0, 0.6)
        normal = tree.node("Bump", {"Height": creases, "Distance": about.wrinkle * wrinkle * 4,
                                    "Strength": 1.0}).outputs[0]
    if height is not None and about.depth * bump > 0:
        inputs = {"Height": height, "Distance": about.depth * scale * bump, "Strength": 1.0}
        if normal is not None:
            inputs["Normal"] = normal
        normal = tree.node("Bump", inputs).outputs[0]
    return normal


# -- weaves and grains: each returns (colour factor or None, height 0..1 or None) ---------------

def _none(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    return None, None


def _bands(tree: Tree, pitch: float, direction: str, distortion: float = 0.6) -> Socket:
    """Parallel threads of ``pitch`` metres across X, Y or the diagonal of the cloth."""
    size = {"DIAGONAL": 10.0}.get(direction, 20.0)
    return tree.node("TexWave", {"Vector": tree.uv(), "Scale": 6.2832 / size / pitch, "Distortion": distortion,
                                 "Detail": 1.0, "Detail Scale": 2.0}, bands_direction=direction).outputs["Fac"]


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
    shade = tree.node("MapRange", {"Value": height, "From Min": -0.3, "From Max": 0.9, "To Min": 0.72,
                                   "To Max": 1.08}).outputs[0]
    return shade, tree.math("ADD", height, tree.math("MULTIPLY", fuzz, 0.25))


def _twill(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Denim: diagonal ridges, light weft showing between them, slubby threads."""
    ridge = _bands(tree, pitch, "DIAGONAL", 0.8)
    slub = tree.noise(tree.uv(), pitch * 2, 3.0, 0.0, (1.6, 0.12, 1.0))
    shade = tree.node("MapRange", {"Value": tree.math("ADD", ridge, slub), "From Min": 0.5, "From Max": 1.5,
                                   "To Min": 0.80, "To Max": 1.22}).outputs[0]
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
    shade = tree.node("MapRange", {"Value": holes, "From Min": 0.15, "From Max": 0.55, "To Min": 1.05,
                                   "To Max": 0.45}).outputs[0]
    return shade, tree.math("SUBTRACT", 1.0, tree.math("MAXIMUM", holes, 0.0))


def _brushed(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Fine scratches in one direction, as streaks of light and dark: relief of that size would only sparkle."""
    streak = tree.noise(tree.uv(), pitch, 1.0, 0.0, (1.0, 0.03, 1.0))
    return tree.node("MapRange", {"Value": streak, "From Min": 0.3, "From Max": 0.7, "To Min": 0.88,
                                  "To Max": 1.08}).outputs[0], None


def _wood(tree: Tree, pitch: float) -> tuple[Socket | None, Socket | None]:
    """Grain lines along the second UV axis and fine pores."""
    bend = tree.noise(tree.uv(), pitch * 12, 2.0, 0.0, (1.0, 0.15, 1.0))
    split = tree.node("SeparateXYZ", {0: tree.uv()})
    at = tree.math("ADD", split.outputs[0], tree.math("MULTIPLY", bend, pitch * 5))
    ring = tree.math("SINE", tree.math("MULTIPLY", at, 6.2832 / pitch))
    pores = tree.noise(tree.uv(), 0.0016, 2.0, 0.0, (1.0, 0.03, 1.0))
    both = tree.math("ADD", tree.math("MULTIPLY", ring, 0.25), pores)
    shade = tree.node("MapRange", {"Value": both, "From Min": 0.1, "From Max": 0.9, "To Min": 0.62,
                                   "To Max": 1.15}).outputs[0]
    return shade, both


GRAINS: dict[str, Callable[[Tree, float], tuple[Socket | None, Socket | None]]] = {
    "none": _none, "plain": _plain, "jersey": _jersey, "knit": _knit, "twill": _twill, "felt": _felt,
    "leather": _leather, "mesh": _mesh, "brushed": _brushed, "wood": _wood,
}
