"""Parts of jewellery: cut stones, settings, beads, chains and the motifs made of them.

A motif hangs from the origin into -z and faces -y; sizes are metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import INK, ROSE, STEEL, put, surface
from recommender.studio.articles._solid import Array, Solid, ball, join, lathe, slab, smooth, tube
from recommender.studio.design import RGB, Design

if TYPE_CHECKING:
    import bpy

    from recommender.studio.scene import Studio

TURN = 2 * np.pi
METALS: dict[str, RGB] = {
    "Silver": (0.90, 0.90, 0.91),
    "Steel": STEEL,
    "Gold": (0.92, 0.67, 0.28),
    "Copper": ROSE,
    "Bronze": (0.42, 0.27, 0.12),
}


class Kit:
    """Solids of one piece by the material they are made of: metal, gem, small (stones) or pearl."""

    def __init__(self) -> None:
        self.parts: dict[str, list[Solid]] = {}

    def add(self, kind: str, *solids: Solid) -> None:
        """Add solids of one material."""
        self.parts.setdefault(kind, []).extend(solids)

    def take(
        self, other: Kit, x: float = 0.0, y: float = 0.0, z: float = 0.0, turn: float = 0.0, size: float = 1.0
    ) -> None:
        """Add a copy of another piece, scaled, turned clockwise (degrees) and moved."""
        for kind, solids in other.parts.items():
            whole = join(solids).scaled(size, size, size).turned("y", turn).moved(x, y, z)
            self.add(kind, whole)

    def turned(self, axis: str, degrees: float) -> Kit:
        """Return a rotated copy."""
        out = Kit()
        for kind, solids in self.parts.items():
            out.add(kind, join(solids).turned(axis, degrees))
        return out

    def lowest(self) -> float:
        """Least z of all points (m)."""
        return min(float(s.points[:, 2].min()) for solids in self.parts.values() for s in solids)

    def place(self, studio: Studio, materials: dict[str, bpy.types.Material], frame: bool = True) -> None:
        """Add everything to the studio, one object a material."""
        for kind, solids in self.parts.items():
            put(studio, join(solids), materials[kind], kind, 15 if kind in ("gem", "small") else 40, frame)


def materials(design: Design, rng: np.random.Generator) -> dict[str, bpy.types.Material]:
    """Metal and stones for a product: a metal's name is the metal, any other colour is the stones'."""
    own = design.baseColour in METALS
    tone = METALS[design.baseColour] if own else METALS["Gold" if rng.random() < 0.65 else "Silver"]
    stone = (0.88, 0.90, 0.93) if own else design.colour
    gem = surface(stone, 0.06, 0.8 if own else 0.0, Coat_Weight=0.0 if own else 0.6, Coat_Roughness=0.03)
    hard = own or design.baseColour in ("White", "Cream")
    return {
        "metal": surface(tone, float(rng.uniform(0.12, 0.24)), 1.0),
        "gem": gem,
        "small": surface((0.86, 0.88, 0.92), 0.08, 0.85) if own else gem,
        "pearl": surface((0.84, 0.80, 0.74) if hard else stone, 0.22, 0.0, Coat_Weight=0.7, Coat_Roughness=0.1),
        "dome": surface(tone, 0.22, 1.0) if own else surface(design.colour, 0.22, 0.0, Coat_Weight=0.5),
        "dark": surface(INK, 0.3),
    }


def stone(radius: float, sides: int = 8, tall: float = 1.0, wide: float = 1.0) -> Solid:
    """Cut stone centred on the origin; 4 sides make a square cut."""
    r = radius
    ring = [(r * 0.35, -r * 0.6), (r, 0), (r * 0.86, r * 0.26), (r * 0.55, r * 0.42), (0, r * 0.42)]
    solid = lathe(ring, sides).turned("z", 180 / sides).turned("x", 90)
    return solid.scaled(wide, 1, tall)


def pear(radius: float) -> Solid:
    """Drop-shaped cut stone, point up."""
    solid = stone(radius, 14)
    z = solid.points[:, 2] / radius
    lift = np.clip(z, 0, None)
    points = solid.points * np.column_stack([1 - 0.45 * lift**1.5, np.ones_like(z), 1 + 0.65 * lift])
    return Solid(points, solid.faces, solid.uv)


def hoop(radius: float, wire: float, tall: float = 1.0, sides: int = 8, count: int = 56) -> Solid:
    """Ring of wire facing the viewer, centred on the origin."""
    t = np.arange(count) / count * TURN
    return tube(np.column_stack([radius * np.cos(t), 0 * t, tall * radius * np.sin(t)]), wire, closed=True, sides=sides)


def around(count: int, radius: float, tall: float = 1.0, start: float = 0.0) -> Array:
    """Points (count, 3) on an ellipse facing the viewer and their clockwise angle in the last column (degrees)."""
    t = np.arange(count) / count * 360 + start
    return np.column_stack([radius * np.sin(np.radians(t)), tall * radius * np.cos(np.radians(t)), t])


def halo(kit: Kit, radius: float, count: int, size: float, tall: float = 1.0, z: float = 0.0) -> None:
    """Small stones in a ring, each in a metal seat."""
    for x, dz, _ in around(count, radius, tall):
        kit.add("small", stone(size * 0.85, 6).moved(x, -size * 0.3, z + dz))
    kit.add("metal", hoop(radius, size * 0.95, tall).scaled(1, 0.55, 1).moved(z=z))


def solitaire(size: float, rng: np.random.Generator) -> Kit:
    """One stone, with or without a ring of small ones."""
    kit = Kit()
    sides, tall = int(rng.choice([8, 4, 12])), float(rng.choice([1.0, 1.0, 1.3]))
    r = size * 0.5
    kit.add("gem", stone(r, sides, tall).moved(z=-r * tall))
    for x, z, _ in around(4, r * 0.96, tall, 45.0):
        kit.add("metal", ball(r * 0.17, 10).moved(x, -r * 0.2, z - r * tall))
    if sides != 4 and rng.random() < 0.7:
        halo(kit, r * 1.28, int(rng.integers(14, 20)), r * 0.2, tall, -r * tall)
    else:
        kit.add("metal", hoop(r * 1.02, r * 0.1, tall).moved(y=r * 0.1, z=-r * tall))
    return kit


def flower(size: float, rng: np.random.Generator) -> Kit:
    """Petals of metal or stones round a middle stone."""
    kit = Kit()
    n, r = int(rng.integers(5, 9)), size * 0.5
    petals = str(rng.choice(["gem", "dome", "small"]))
    for x, z, turn in around(n, r * 0.62):
        leaf = pear(r * 0.3).turned("y", 180) if petals != "dome" else ball(r * 0.34, 14).scaled(0.72, 0.4, 1.15)
        kit.add(petals, leaf.turned("y", turn).moved(x, 0, z - r))
        kit.add("metal", hoop(r * 0.33, r * 0.05, 1.15).turned("y", turn).moved(x, r * 0.06, z - r))
    kit.add("gem", stone(r * 0.3).moved(y=-r * 0.12, z=-r))
    kit.add("metal", hoop(r * 0.32, r * 0.07).moved(y=-r * 0.05, z=-r))
    return kit


def teardrop(size: float, rng: np.random.Generator) -> Kit:
    """Open drop of wire with a stone inside."""
    kit = Kit()
    t = np.linspace(0, TURN, 60, endpoint=False)
    w = float(rng.uniform(0.28, 0.4))
    path = np.column_stack([size * w * np.sin(t) * np.sin(t / 2) ** 1.2, 0 * t, -size * 0.5 * (1 - np.cos(t))])
    kit.add("metal", tube(path, size * 0.035, closed=True, sides=8))
    if rng.random() < 0.5:
        for i in range(0, 60, 3):
            if 8 < i < 53:
                kit.add("small", stone(size * 0.04, 6).moved(path[i, 0], -size * 0.03, path[i, 2]))
    drop = pear(size * 0.17).moved(y=-size * 0.01, z=-size * 0.68)
    kit.add("gem", drop)
    kit.add("metal", tube(np.array([(0, 0, 0), (0, 0, -size * 0.2), (0, 0, -size * 0.42)]), size * 0.014, sides=6))
    return kit


def crescent(size: float, rng: np.random.Generator) -> Kit:
    """Half moon with beads on its rim and a fringe."""
    kit = Kit()
    r = size * 0.5
    a = np.radians(np.linspace(-140, 140, 40))
    outer = np.column_stack([r * np.sin(a), -r * np.cos(a)])
    inner = np.column_stack([r * 0.62 * np.sin(a), -r * 0.62 * np.cos(a) + r * 0.27])[::-1]
    kit.add("metal", slab(np.vstack([outer, inner]), size * 0.04, size * 0.008).moved(z=-r))
    t = np.radians(np.linspace(-135, 135, 23))
    for b in t:
        kit.add(
            "small" if rng.random() < 0.5 else "metal",
            ball(r * 0.055, 8).moved(r * 0.97 * np.sin(b), -size * 0.03, -r * np.cos(b) * 0.97 - r),
        )
    for b in np.radians(np.linspace(-80, 80, 9)):
        kit.add("gem", stone(r * 0.1).moved(r * 0.74 * np.sin(b), -size * 0.03, -r * 0.74 * np.cos(b) - r * 0.98))
    if rng.random() < 0.7:
        for b in np.radians(np.linspace(-60, 60, 7)):
            x, z = r * 1.1 * np.sin(b), -r * np.cos(b) * 1.1 - r
            kit.add("pearl", ball(r * 0.09, 12).moved(x, 0, z))
    return kit


def bell(size: float, rng: np.random.Generator) -> Kit:
    """Dome-shaped drop with a fringe of beads, under a flower."""
    kit = Kit()
    kit.take(flower(size * 0.42, rng))
    r, top = size * 0.33, -size * 0.46
    dome = [
        (r * 0.12, top),
        *[(r * k, top - size * z) for k, z in smooth([(0.2, 0.0), (0.7, 0.1), (0.95, 0.24), (1.0, 0.36)], 16)],
    ]
    kit.add("dome", lathe(dome[::-1], 40))
    for z, wire in ((-0.2, 0.05), (-0.34, 0.07)):
        k = float(np.interp(-z, [0.1, 0.24, 0.36], [0.7, 0.95, 1.0]))
        kit.add("metal", hoop(r * k, r * wire).turned("x", 90).moved(z=top + size * z))
    for i in range(14):
        t = i / 14 * TURN
        kit.add("gem", ball(r * 0.1, 8).moved(r * 0.9 * np.cos(t), r * 0.9 * np.sin(t), top - size * 0.27))
        kit.add("pearl", ball(r * 0.13, 10).moved(r * np.cos(t), r * np.sin(t), top - size * 0.41))
    kit.add("pearl", ball(r * 0.2, 12).moved(z=top - size * 0.42))
    return kit


def ladder(size: float, rng: np.random.Generator) -> Kit:
    """Stones hanging in a line, growing downward."""
    kit = Kit()
    n, z = int(rng.integers(3, 6)), 0.0
    for k in range(n):
        r = size * 0.5 / n * (0.6 + 0.55 * k / n)
        kit.add("gem" if k == n - 1 else "small", stone(r * 0.85).moved(z=z - r))
        kit.add("metal", hoop(r * 0.92, r * 0.16).moved(z=z - r))
        z -= 2.12 * r
    return kit


def circle(size: float, rng: np.random.Generator) -> Kit:
    """Flat ring set with stones, at times with a second one inside."""
    kit = Kit()
    r = size * 0.5
    halo(kit, r * 0.9, int(rng.integers(22, 30)), r * 0.1, 1.0, -r)
    if rng.random() < 0.5:
        kit.take(solitaire(size * 0.3, rng), z=-size * 0.34)
    return kit


def heart(size: float, rng: np.random.Generator) -> Kit:
    """Heart, solid or of wire, with a stone."""
    kit = Kit()
    t = np.linspace(0, TURN, 64, endpoint=False)
    x, z = 16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    outline = np.column_stack([-x, z - 6.0]) / 34 * size
    if rng.random() < 0.5:
        kit.add("metal", slab(outline, size * 0.07, size * 0.03, dome=size * 0.05).moved(z=-size * 0.36))
        kit.add("gem", stone(size * 0.09).moved(x=size * 0.16, y=-size * 0.1, z=-size * 0.28))
    else:
        path = np.column_stack([outline[:, 0], 0 * t, outline[:, 1] - size * 0.36])
        kit.add("metal", tube(path, size * 0.045, closed=True))
        kit.add("gem", stone(size * 0.15).moved(z=-size * 0.45))
        kit.add("metal", hoop(size * 0.16, size * 0.025).moved(z=-size * 0.45))
    return kit


def chain(path: Array, pitch: float, wire: float) -> Solid:
    """Chain of oval links along a path (m, 3); ``pitch`` is a link's length in metres."""
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    at = np.arange(pitch / 2, s[-1], pitch * 0.72)
    centre = np.column_stack([np.interp(at, s, path[:, k]) for k in range(3)])
    ahead = np.gradient(centre, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    link = hoop(pitch * 0.34, wire, 1.5, 5, 14).points
    faces = hoop(pitch * 0.34, wire, 1.5, 5, 14).faces
    out = []
    for k, (c, w) in enumerate(zip(centre, ahead, strict=True)):
        side = np.cross(w, (0.02, 1.0, 0.01))
        side /= np.maximum(np.linalg.norm(side), 1e-9)
        deep = np.cross(side, w)
        lean = np.radians(45 if k % 2 else -45)
        a, b = side * np.cos(lean) + deep * np.sin(lean), deep * np.cos(lean) - side * np.sin(lean)
        out.append(Solid(c + link[:, :1] * a + link[:, 1:2] * b + link[:, 2:] * w, faces))
    return join(out)


def beads(kit: Kit, kind: str, path: Array, radius: float, gap: float = 0.0) -> None:
    """Round beads along a path."""
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    one = ball(radius, 14)
    for at in np.arange(radius, s[-1], 2 * radius + gap):
        kit.add(kind, one.moved(*(np.interp(at, s, path[:, k]) for k in range(3))))


MOTIFS = {
    "solitaire": solitaire,
    "flower": flower,
    "teardrop": teardrop,
    "crescent": crescent,
    "bell": bell,
    "ladder": ladder,
    "circle": circle,
    "heart": heart,
}
