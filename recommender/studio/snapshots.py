"""Products as somebody would snap them at home, at random: what a search made for studio pictures is tested with.

Each design is set down on some floor, table or cloth, in the light of a room, and photographed from where one stands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from recommender.studio.design import Design
from recommender.studio.photos import bounds, build, phone, put
from recommender.studio.rooms import FLOORS, LIGHTS
from recommender.studio.scene import Studio

LAID = ("Ties", "Scarves", "Socks", "Watches", "Belts")
"""Sub-categories that lie flat as clothes do; everything else stands."""
GROUNDS = ("#8f8a86", "#6f8088", "#b98a5c", "#a38d74", "#5d6b78", "#c2a27c", "#7d7468", "#d8d2c6")
WALLS = ("#d8d0c2", "#bfc9c4", "#cfd2d2", "#b9c2bd", "#d5cfc4", "#9fb0c0")


def snapshot(design: Design, samples: int = 16, width: int = 240, height: int = 320, threads: int = 1) -> Image.Image:
    """One snapshot of a design; scene, light and camera follow from its seed alone."""
    rng = np.random.default_rng([design.seed, 17])
    studio = Studio(design)
    parts = build(studio, design)
    low, high = bounds(parts)
    clothes = design.masterCategory == "Apparel"
    flat = clothes or design.subCategory in LAID
    put(parts, flat=flat, turn=rng.uniform(-25, 25), squash=rng.uniform(0.25, 0.5) if clothes else 1.0)
    about: dict[str, Any] = {}
    if rng.random() < 0.6:
        about["colour"] = str(rng.choice(GROUNDS))
    if not flat and rng.random() < 0.6:
        about["wall"] = max(0.5, 1.2 * float((high - low).max())) + rng.uniform(0, 0.4)
        about["wall_colour"] = str(rng.choice(WALLS))
    studio.setting(str(rng.choice(FLOORS)), str(rng.choice(list(LIGHTS))), exposure=rng.uniform(1.2, 1.6), **about)
    studio.view(
        azimuth=rng.uniform(-20, 20),
        elevation=rng.uniform(55, 82) if flat else rng.uniform(12, 40),
        fill=rng.uniform(0.55, 0.88),
        lens=rng.uniform(26, 36),
        tilt=rng.uniform(-7, 7),
    )
    return phone(studio.render(None, width, height, samples, threads), rng.uniform(2, 5), rng)
