"""From the many ways in which files store colour to plain RGB, as it looks on a screen."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from recommender.images.canvas import WHITE

_MAX_PROFILE_BYTES = 4 * 2**20
_WITH_PROFILE = ("L", "RGB", "CMYK")


def resizable(picture: Image.Image) -> Image.Image:
    """The same picture in a mode that can be averaged: L, RGB, RGBA, CMYK, YCbCr, LAB, HSV, I or F."""
    mode = picture.mode
    if mode in ("RGBA", "I", "F"):
        return picture
    if mode.startswith("I;"):
        clear = picture.info.get("transparency")
        return _without(picture.convert("I"), clear) if isinstance(clear, int) else picture.convert("I")
    if mode == "La":
        picture = picture.convert("LA")
    if mode == "RGBa" or picture.has_transparency_data:
        return picture.convert("RGBA")
    if mode in ("1", "P", "RGBX"):
        return picture.convert("L" if mode == "1" else "RGB")
    return picture


def to_rgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB of a :func:`resizable` picture: alpha on white, and its ICC ``profile`` turned into sRGB."""
    if picture.mode in ("I", "F"):
        picture = _scaled_to_bytes(picture)
    if picture.mode == "RGBA":
        canvas = Image.new("RGB", picture.size, WHITE)
        canvas.paste(picture, mask=picture.getchannel("A"))
        picture = canvas
    if profile and len(profile) <= _MAX_PROFILE_BYTES and picture.mode in _WITH_PROFILE:
        transform = _to_srgb(profile, picture.mode)
        if transform is not None:
            return transform.apply(picture)
    return picture.convert("RGB")


@lru_cache(maxsize=8)
def _to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform of a profile, or None if it is sRGB already or of no use. Threads may share it."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(opened).lower():
            return None
        return ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _without(picture: Image.Image, clear: int) -> Image.Image:
    """RGBA of a grey picture whose value ``clear`` is see-through (PNG, third edition, 11.3.1.1)."""
    alpha = Image.fromarray(np.where(np.asarray(picture) == clear, 0, 255).astype(np.uint8))
    return Image.merge("LA", (_scaled_to_bytes(picture), alpha)).convert("RGBA")


def _scaled_to_bytes(picture: Image.Image) -> Image.Image:
    """L from 16 or 32 bits or float: the smallest usual range that holds the values becomes 0 to 255."""
    values = np.nan_to_num(np.asarray(picture, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    peak = float(values.max())
    top = next((usual for usual in (1.0, 255.0, 65535.0) if peak <= usual), peak)
    return Image.fromarray(np.clip(values / top * 255 + 0.5, 0, 255).astype(np.uint8))
