"""A baseline without weights: where which colours are.

Histograms of hue, saturation and value over a grid of cells, in the manner of Swain and
Ballard, "Color Indexing", 1991. It knows nothing of what a thing is, which makes it the
measure of what the trained encoders add.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from recommender.encoders.base import ENCODERS, unit
from recommender.images.canvas import letterbox
from recommender.registry import Card

GRID = (4, 3)
BINS = (8, 3, 3)  # hue, saturation, value
SIZE = (96, 72)

CARD = Card(
    name="colour",
    title="Colour histogram",
    source="Swain and Ballard, Color Indexing, IJCV 1991",
    licence="MIT",
    dimension=GRID[0] * GRID[1] * BINS[0] * BINS[1] * BINS[2],
)


class ColourEncoder:
    """Square roots of the HSV histogram of each cell (the Hellinger map), of unit length."""

    card = CARD
    dimension = CARD.dimension
    fingerprint = "colour-1"

    def prepare(self, picture: Image.Image) -> np.ndarray:
        return letterbox(picture, SIZE)

    def encode(self, canvases: np.ndarray) -> np.ndarray:
        """(n, h, w, 3) uint8 to (n, dimension) float32 of unit length."""
        out = np.zeros((len(canvases), self.dimension), np.float32)
        cells = GRID[0] * GRID[1]
        rows, columns = np.indices(SIZE)
        cell = rows * GRID[0] // SIZE[0] * GRID[1] + columns * GRID[1] // SIZE[1]
        for i, canvas in enumerate(canvases):
            hsv = np.asarray(Image.fromarray(canvas).convert("HSV"), np.int64)
            bins = [hsv[..., channel] * BINS[channel] // 256 for channel in range(3)]
            number = ((cell * BINS[0] + bins[0]) * BINS[1] + bins[1]) * BINS[2] + bins[2]
            # White counts little: it is the background that all products share.
            weight = np.where(canvas.min(2) >= 240, 0.02, 1.0)
            out[i] = np.bincount(number.ravel(), weight.ravel(), cells * int(np.prod(BINS)))
        return unit(np.sqrt(out))


ENCODERS.register(CARD, ColourEncoder)
