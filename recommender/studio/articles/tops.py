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
        return Bodice(length=u(0.60, 0.67), chest=u(0.188, 0.202), waist=u(0.166, 0.186), hem=u(0.190, 0.212),
                      shoulder=u(0.165, 0.178), drop=u(0.040, 0.052), armhole=u(0.185, 0.20), collar=u(0.080, 0.098),
                      neck_depth=u(0.09, 0.13), sleeve=u(0.10, 0.17), cuff=u(0.120, 0.14), droop=u(0.6, 0.85))
    if design.gender in ("Boys", "Girls"):
        slim = 0.92 if design.gender == "Girls" else 1.0
        return Bodice(length=u(0.46, 0.52), chest=slim * u(0.170, 0.185), waist=slim * u(0.164, 0.182), hem=slim * u(0.172, 0.192),
                      shoulder=slim * u(0.148, 0.160), drop=u(0.03, 0.036), armhole=u(0.155, 0.17), collar=u(0.068, 0.076),
                      neck_depth=u(0.06, 0.08), sleeve=u(0.12, 0.15), cuff=u(0.115, 0.13), droop=u(0.5, 0.75), back_depth=0.014)
    return Bodice(length=u(0.71, 0.77), chest=u(0.230, 0.248), waist=u(0.216, 0.240), hem=u(0.224, 0.246), shoulder=u(0.204, 0.218),
                  drop=u(0.046, 0.06), armhole=u(0.225, 0.245), collar=u(0.080, 0.09), neck_depth=u(0.085, 0.11),
                  sleeve=u(0.19, 0.23), cuff=u(0.150, 0.17), droop=u(0.65, 0.9))


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
    drape = Drape(across=rng.uniform(0.05, 0.10), along=0.0, pressure=rng.uniform(0.2, 0.6), bending=rng.uniform(0.3, 0.8), frames=14)
    g = size.sew(rng, drape, bust=0.022 if design.gender == "Women" else 0.0)
    cloth = studio.material("jersey", pattern=studio.pattern(), wrinkle=0.35)
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
