"""Printed and special surfaces of small goods: pictures from SVG, invented brand words, dark studio cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.lettering import line

if TYPE_CHECKING:
    import bpy

    from recommender.studio.articles._solid import Solid
    from recommender.studio.scene import Studio

RGB = tuple[float, float, float]

_HEADS = ("Ve", "Lo", "Ari", "Mo", "Ka", "Nu", "So", "El", "Fa", "Ori", "Ta", "Be", "Cy", "Hal", "Zen", "Ro")
_TAILS = ("lano", "ren", "dia", "vero", "mis", "tova", "lune", "rix", "sano", "vane", "quill", "dora", "lund", "bari")

INK: RGB = (0.012, 0.012, 0.014)
PAPER: RGB = (0.86, 0.86, 0.85)
STEEL: RGB = (0.62, 0.62, 0.64)
GOLD: RGB = (0.83, 0.57, 0.22)
ROSE: RGB = (0.80, 0.47, 0.34)


def brand(rng: np.random.Generator) -> str:
    """Invent a brand word."""
    return str(rng.choice(_HEADS)) + str(rng.choice(_TAILS))


def luminance(colour: RGB) -> float:
    """Relative luminance of a linear colour, 0..1."""
    return float(np.dot(colour[:3], (0.2126, 0.7152, 0.0722)))


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """Blend two linear colours; ``share`` of 1 gives ``b``."""
    red, green, blue = (float(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))
    return red, green, blue


def css(colour: RGB) -> str:
    """Write a linear colour as an sRGB hex code."""
    c = np.clip(np.asarray(colour[:3], dtype=float), 0, 1)
    s = np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(v) * 255):02x}" for v in s)


def text(
    word: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    weight: float = 0.8,
    gap: float = 1.6,
    fit: float | None = None,
    slant: float = 0.0,
) -> str:
    """SVG of a word centred on ``x`` with its baseline at ``y``; ``size`` is the capitals' height."""
    return line(word, x, y - size, size, colour, weight=weight, gap=gap, fit=fit, slant=slant)


def picture(svg: str, width: int) -> bpy.types.Image:
    """Rasterise SVG text to a packed Blender image ``width`` pixels wide."""
    import io

    import bpy
    import resvg_py
    from PIL import Image

    png = Image.open(
        io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True)))
    ).convert("RGBA")
    pixels = np.asarray(png, dtype=np.float32)[::-1] / 255
    image = bpy.data.images.new("print", png.width, png.height, alpha=True)
    image.pixels.foreach_set(np.ascontiguousarray(pixels).ravel())
    image.pack()
    return image


def printed(
    image: bpy.types.Image, rough: float = 0.4, metallic: float = 0.0, alpha: bool = True
) -> bpy.types.Material:
    """Material that shows ``image`` by the mesh's UVs, see-through where the image is."""
    import bpy

    material = bpy.data.materials.new("print")
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes["Principled BSDF"]
    texture = nodes.new("ShaderNodeTexImage")
    texture.image = image
    texture.extension = "EXTEND"
    links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    if alpha:
        links.new(texture.outputs["Alpha"], shader.inputs["Alpha"])
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Metallic"].default_value = metallic
    return material


def surface(colour: RGB, rough: float = 0.4, metallic: float = 0.0, **inputs: float) -> bpy.types.Material:
    """Plain Principled material; further inputs by name with underscores for blanks."""
    import bpy

    material = bpy.data.materials.new("surface")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour[:3], 1.0)
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Metallic"].default_value = metallic
    for name, value in inputs.items():
        shader.inputs[name.replace("_", " ")].default_value = value
    return material


def dark_cards(size: float, *, floor: bool = False, strength: float = 1.0) -> None:
    """Hang black cards round a thing ``size`` metres big that only reflections and refractions see.

    Bright metal and clear glass before white need something dark to mirror, as in a photographer's studio.
    """
    import bpy

    material = bpy.data.materials.new("card")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*(3 * [0.02 / max(strength, 0.1)]), 1.0)
    shader.inputs["Roughness"].default_value = 1.0
    for x, y, z, w, h, yaw in _CARDS if not floor else _CARDS[:2]:
        mesh = bpy.data.meshes.new("card")
        c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
        corners = [
            (x + c * u * w / 2, y + s * u * w / 2, z + v * h / 2) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        mesh.from_pydata((np.array(corners) * size).tolist(), [], [(0, 1, 2, 3)])
        mesh.materials.append(material)
        card = bpy.data.objects.new("card", mesh)
        card.visible_camera = card.visible_shadow = card.visible_diffuse = False
        bpy.context.scene.collection.objects.link(card)


# x, y, z, width, height in sizes of the thing; yaw in degrees.
_CARDS = (
    (-1.5, -0.3, 0.5, 0.9, 2.6, 80.0),
    (1.6, -0.2, 0.5, 0.7, 2.6, -80.0),
    (0.35, -3.0, 0.9, 0.5, 2.0, 8.0),
)


def put(
    studio: Studio,
    solid: Solid,
    material: bpy.types.Material,
    name: str = "part",
    crease: float = 38.0,
    frame: bool = True,
) -> bpy.types.Object:
    """Add a solid to the studio with its sharp edges kept; ``frame=False`` leaves it out of the framing."""
    return studio.add(solid.mesh(name, crease), material, smooth=True, frame=frame)
