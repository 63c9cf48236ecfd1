"""T-shirts, tops, vests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles import _trim as trim
from recommender.studio.articles._bodice import Bodice
from recommender.studio.articles._garment import Drape, Garment
from recommender.studio.articles._outline import inset, mirrored
from recommender.studio.design import Design, article

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

def darker(colour, by: float = 0.6):
    """Thread colour: the cloth's, darker."""
    return tuple(by * c for c in colour)


def body_size(design: Design, rng: np.random.Generator) -> Bodice:
    """Basic T-shirt pattern for the wearer."""
    u = rng.uniform
    if design.gender == "Women":
        return Bodice(length=u(0.60, 0.66), chest=u(0.212, 0.228), waist=u(0.190, 0.212), hem=u(0.212, 0.235), shoulder=u(0.178, 0.192),
                      drop=u(0.042, 0.055), armhole=u(0.195, 0.215), collar=u(0.085, 0.105), neck_depth=u(0.09, 0.13),
                      sleeve=u(0.10, 0.17), cuff=u(0.135, 0.155), droop=u(0.80, 1.0))
    if design.gender in ("Boys", "Girls"):
        slim = 0.9 if design.gender == "Girls" else 1.0
        return Bodice(length=u(0.46, 0.52), chest=slim * u(0.19, 0.205), waist=slim * u(0.182, 0.2), hem=slim * u(0.192, 0.21),
                      shoulder=slim * u(0.160, 0.172), drop=u(0.03, 0.036), armhole=u(0.165, 0.18), collar=u(0.072, 0.08), neck_depth=u(0.06, 0.08),
                      sleeve=u(0.12, 0.15), cuff=u(0.125, 0.14), droop=u(0.65, 0.9), back_depth=0.014)
    return Bodice(length=u(0.69, 0.75), chest=u(0.255, 0.275), waist=u(0.242, 0.268), hem=u(0.250, 0.272), shoulder=u(0.218, 0.232),
                  drop=u(0.046, 0.06), armhole=u(0.235, 0.255), collar=u(0.082, 0.094), neck_depth=u(0.085, 0.11),
                  sleeve=u(0.19, 0.23), cuff=u(0.165, 0.185), droop=u(0.85, 1.05))


def add_cloth(studio: Studio, g: Garment, cloth, sleeve=None, print_box=None) -> None:
    """Add the garment; sleeves in another material if given."""
    if sleeve is None or not g.regions:
        studio.add(g.mesh(print_box=print_box), cloth)
        return
    studio.add(g.mesh(region=0, print_box=print_box), cloth)
    studio.add(g.mesh("sleeves", region=1, print_box=print_box), sleeve)


def inner_neck(studio: Studio, g: Garment, material, width: float = 0.012) -> None:
    """Tape along the inside of the back neck and the maker's label."""
    line = g.border("neck", 1)
    studio.add(trim.band(g, mirrored(line)[:, :], -width, side=1, inside=True, rim=False), material)
    low = line[:, 1].min() - width
    label = trim.rectangle(-0.022, low - 0.026, 0.022, low)
    light = np.mean(studio.design.colour) > 0.35
    tag = studio.material("satin", (0.05, 0.05, 0.06) if light else (0.75, 0.75, 0.73))
    studio.add(trim.patch(g, label, side=1, height=0.001, inside=True), tag)


def edge_bands(studio: Studio, g: Garment, name: str, width: float, material, sides=(0, 1), height: float = 0.0016) -> None:
    """Bands along every border called ``name``, front and back."""
    for side in sides:
        for e in g.edges[side]:
            if e.name == name:
                studio.add(trim.band(g, e.points, width, side, height), material)


def stitched(studio: Studio, g: Garment, name: str, away: float, material, rows: int = 1) -> None:
    """Rows of stitches parallel to the borders called ``name``."""
    for side in (0, 1):
        for e in g.edges[side]:
            if e.name == name:
                for k in range(rows):
                    studio.add(trim.stitch(g, inset(e.points, away + 0.005 * k), side, 0.0012), material)


@article("Tshirts", "Topwear", "Apparel", genders={"Men": 47, "Women": 10, "Boys": 5, "Girls": 1},
         colours={"White": 10, "Black": 10, "Blue": 9, "Grey": 6, "Red": 5, "Green": 5, "Navy Blue": 4, "Yellow": 3,
                  "Purple": 3, "Pink": 2, "Orange": 1, "Brown": 1, "Maroon": 1},
         patterns={"plain": 4, "striped": 2, "graphic": 4}, usages={"Casual": 9, "Sports": 1},
         seasons={"Summer": 6, "Fall": 4}, price=(9, 35), nouns=("T-shirt", "Tee"))
def tshirt(design: Design, studio: Studio) -> None:
    """Crew, V-neck, polo or henley; short sleeves, some long, some sleeves in the second colour."""
    rng = studio.rng
    size = body_size(design, rng)
    style = rng.choice(["crew", "v", "polo", "henley"], p=[0.45, 0.17, 0.28, 0.10] if design.pattern != "graphic" else [0.8, 0.2, 0, 0])
    if style == "v":
        size = replace(size, neck="v", neck_depth=size.neck_depth + 0.05)
    drape = Drape(across=rng.uniform(0.02, 0.05), along=rng.uniform(0.015, 0.03), pressure=rng.uniform(0.2, 0.8), bending=rng.uniform(0.1, 0.4))
    g = size.sew(rng, drape, bust=0.022 if design.gender == "Women" else 0.0)
    cloth = studio.material("jersey", pattern=studio.pattern())
    plain = studio.material("jersey")
    accent = studio.material("jersey", design.accent)
    thread = studio.material("cotton", darker(design.colour, 0.62))
    box = None
    if design.pattern == "graphic":
        w = size.chest * rng.uniform(1.0, 1.25)
        box = (0.0, size.armpit[1] - rng.uniform(0.0, 0.05), w, w)
    add_cloth(studio, g, cloth, print_box=box)
    ringer = rng.random() < 0.2
    rib = accent if ringer else plain
    if style in ("crew", "v"):
        edge_bands(studio, g, "neck", rng.uniform(0.014, 0.022), rib, sides=(0,))
        inner_neck(studio, g, rib)
    else:
        inner_neck(studio, g, plain)
        for m in trim.fold_collar(g, stand=0.02, leaf=0.04, point=0.062, gap=0.012, spread=0.5):
            studio.add(m, rib, solidify=0.0015)
    if ringer:
        edge_bands(studio, g, "cuff", 0.016, rib)
    else:
        stitched(studio, g, "cuff", 0.022, thread)
    stitched(studio, g, "hem", 0.022, thread)
    seam = size.arm_curve()
    for line in (seam, mirrored(seam)):
        studio.add(trim.stitch(g, line, 0, 0.0012, 0.0006), thread)
    studio.view(azimuth=rng.uniform(-6, 6), elevation=rng.uniform(0, 5), fill=rng.uniform(0.82, 0.94), shadow=False)
