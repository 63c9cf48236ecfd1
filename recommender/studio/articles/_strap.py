"""Watch straps and bracelets: leather, rubber or links, bending away above and below the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.studio.articles._print import INK, PAPER, STEEL, luminance, mix, put, surface
from recommender.studio.articles._solid import Array, Solid, box, grid, join, slab, tube
from recommender.studio.design import Design

if TYPE_CHECKING:
    import bpy

    from recommender.studio.articles.watches import Plan
    from recommender.studio.scene import Studio

METALS = {"Silver", "Steel", "Gold", "Copper", "Bronze", "Rose Gold", "Metallic"}


def _course(plan: Plan, count: int, start: float) -> tuple[Array, Array, Array]:
    """Path of the upper strap in the (y, z) plane, its distance along and its slope angle (radians)."""
    reach = plan.height * 0.5 + plan.width * 0.62
    a = np.linspace(0, 1, count)
    bend = np.pi * 0.62
    length = (reach - start) * 1.30
    turn = bend * a**1.25
    step = length / (count - 1)
    y = np.concatenate([[0], np.cumsum(np.sin((turn[1:] + turn[:-1]) / 2)) * step]) + plan.width * 0.035
    z = np.concatenate([[0], np.cumsum(np.cos((turn[1:] + turn[:-1]) / 2)) * step]) + start
    return np.stack([y, z], axis=1), a * length, turn


def build(studio: Studio, design: Design, plan: Plan, metal: bpy.types.Material, coat: bpy.types.Material) -> None:
    """Upper strap and its mirror image below."""
    start = plan.height * 0.47
    if plan.strap == "rubber" and plan.shape != "round":
        start = plan.height * 0.34
    if plan.strap == "links":
        _links(studio, plan, metal if plan.case in (*METALS, "Coat") else coat, start)
        return
    rubber = plan.strap == "rubber"
    material = studio.material("rubber" if rubber else "leather", design.colour)
    course, along, turn = _course(plan, 40, start)
    half = plan.strap_width / 2 * np.interp(np.arange(40), [0, 4, 39], [1.0, 1.0, 0.84])
    if rubber and plan.shape != "round":
        flare = np.clip(1 - along / (plan.width * 0.3), 0, 1) ** 1.5
        half = half + flare * (plan.width * 0.42 - half[0])
    thick = plan.width * (0.05 if rubber else 0.075)
    u = np.linspace(-1, 1, 25)
    profile = (1 - np.abs(u) ** 2.6) * (0.25 if rubber else 1.0) * np.interp(1, [0, 1], [0, 1])
    ridge: Array = np.zeros((40, 25))
    if rubber and studio.rng.random() < 0.6:
        ridge = 0.35 * (np.abs(u)[None] < 0.72) * (np.sin(along / plan.width * 2 * np.pi * 4.5) > -0.2)[:, None]
    fat = np.interp(along, [0, along[-1] * 0.25, along[-1]], [1.0, 0.85, 0.45])[:, None]
    lift = thick * (profile[None] * fat + ridge * 0.35)
    ny, nz = -np.cos(turn), np.sin(turn)
    points = np.stack(
        [u[None] * half[:, None], course[:, :1] + lift * ny[:, None], course[:, 1:] + lift * nz[:, None]], 2
    )
    edge = points[:, [0, -1]] + np.stack([0 * ny, -ny, -nz], 1)[:, None] * thick * 0.7
    skin = np.concatenate([edge[:, :1], points, edge[:, 1:]], axis=1)
    uv = np.stack(np.broadcast_arrays(skin[..., 0], along[:, None]), -1)
    strap = grid(skin, uv)
    put(studio, join([strap, strap.scaled(z=-1)]), material, "strap", 60)
    if not rubber:
        _stitches(studio, design, plan, points, half)


def _stitches(studio: Studio, design: Design, plan: Plan, points: Array, half: Array) -> None:
    """Thread along both edges of a leather strap."""
    rng = studio.rng
    tone = (
        mix(design.colour, PAPER, 0.75)
        if rng.random() < 0.4
        else mix(design.colour, INK if luminance(design.colour) > 0.2 else PAPER, 0.25)
    )
    parts = []
    for column in (3, 21):
        line = points[1:, column] + (0, -0.0001, 0)
        for i in range(0, len(line) - 1, 2):
            a, b = line[i], line[i] + (line[i + 1] - line[i]) * 1.15
            parts.append(tube(np.array([a, (a + b) / 2, b]), plan.width * 0.006, sides=5))
    thread = join(parts)
    put(studio, join([thread, thread.scaled(z=-1)]), studio.material("cotton", tone), "thread")


def _links(studio: Studio, plan: Plan, main: bpy.types.Material, start: float) -> None:
    """Metal bracelet: rows of links, three or five across."""
    rng = studio.rng
    pitch = plan.width * float(rng.uniform(0.13, 0.2))
    course, along, turn = _course(plan, 120, start)
    shares = [(0.3, 0.4, 0.3), (0.22, 0.56, 0.22), (0.16, 0.22, 0.24, 0.22, 0.16), (1.0,)][int(rng.integers(4))]
    thick = plan.width * 0.075
    sets: list[list[Solid]] = [[], []]
    rows = int(along[-1] / pitch)
    for row in range(rows):
        x = -0.5
        for k, share in enumerate(shares):
            offset = 0.5 if k % 2 and len(shares) > 1 else 0.0
            s = (row + 0.5 + offset * 0.5) * pitch
            y, z = np.interp(s, along, course[:, 0]), np.interp(s, along, course[:, 1])
            bend = np.degrees(np.interp(s, along, turn))
            width = plan.strap_width * np.interp(s, [0, along[-1]], [1.0, 0.8])
            link = slab(box(share * width * 0.96, pitch * 0.93, pitch * 0.2, 3), thick, thick * 0.16)
            link = link.turned("x", -bend).moved((x + share / 2) * width, y, z)
            sets[k % 2].append(link)
            x += share
    two = str(rng.choice(["same", "same", "polished"]))
    for k, links in enumerate(sets):
        if links:
            solid = join(links)
            shiny = main
            if k == 1 and two == "polished" and plan.case in ("Steel", "Silver"):
                shiny = surface(mix(STEEL, PAPER, 0.4), 0.12, 1.0)
            put(studio, join([solid, solid.scaled(z=-1)]), shiny, "links")
    fill = slab(box(plan.strap_width * 0.97, plan.width * 0.2, 0.001, 3), thick * 0.9, 0.0005)
    fill = fill.moved(y=plan.width * 0.04, z=start - plan.width * 0.09)
    put(studio, join([fill, fill.scaled(z=-1)]), main, "endlink")
    spine = grid(
        np.stack(
            [
                np.column_stack([np.full(120, x), course[:, 0] + thick * 0.3, course[:, 1]])
                for x in (-plan.strap_width * 0.37, plan.strap_width * 0.37)
            ],
            axis=1,
        )
    )
    put(studio, join([spine, spine.scaled(z=-1)]), surface(mix(INK, STEEL, 0.12), 0.5), "spine")
