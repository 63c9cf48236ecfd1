"""How much two pictures differ, looked at from so far away that a shift of some pixels does not count."""

from __future__ import annotations

import numpy as np


def thumbnails(pictures: np.ndarray, cell: int) -> np.ndarray:
    """(n, h, w, 3) uint8 to float32 rows of cell means, (n, h // cell * w // cell * 3)."""
    n, h, w, _ = pictures.shape
    rows = []
    for start in range(0, n, 2048):
        part = pictures[start : start + 2048, : h // cell * cell, : w // cell * cell]
        means = part.reshape(len(part), h // cell, cell, w // cell, cell, 3).mean((2, 4), dtype=np.float32)
        rows.append(means.reshape(len(part), -1))
    return np.concatenate(rows)


def gaps(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) squared differences of thumbnails (n, c), as shares of the smaller of both squared contrasts with white.

    Set against less, all small things on white would be alike.
    """
    contrast = np.minimum(((255 - ones) ** 2).sum(1), ((255 - others) ** 2).sum(1)) + 1.0
    return np.asarray(((ones - others) ** 2).sum(1) / contrast)
