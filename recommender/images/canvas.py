"""From an upright RGB picture to the fixed canvas that an encoder reads."""

from __future__ import annotations

import numpy as np
from PIL import Image

WHITE = (255, 255, 255)


def letterbox(picture: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """The whole picture, centred on a white canvas of ``size``.

    Parameters
    ----------
    picture
        RGB, any size.
    size
        (height, width) in pixels.

    Returns
    -------
    (height, width, 3) uint8. The aspect ratio is kept. Reducing averages over all
    source pixels, so that large and small copies of a photo give nearly the same canvas.
    """
    height, width = size
    scale = min(width / picture.width, height / picture.height)
    inner = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    if inner != picture.size:
        # Far larger pictures are first reduced by whole factors, which is much faster and as good.
        picture = picture.resize(inner, Image.Resampling.BICUBIC, reducing_gap=2.0)
    canvas = np.full((height, width, 3), 255, np.uint8)
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = np.asarray(picture)
    return canvas
