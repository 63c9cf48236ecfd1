"""Small pictures and picture files for the tests, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
MODES = (
    "1",
    "L",
    "P",
    "LA",
    "PA",
    "RGB",
    "RGBA",
    "RGBX",
    "RGBa",
    "La",
    "CMYK",
    "YCbCr",
    "LAB",
    "HSV",
    "I",
    "F",
    "I;16",
)
CORNERS = ((220, 30, 30), (30, 200, 40), (40, 50, 220), (230, 220, 40))

# What undoes the transposition that each EXIF orientation stands for.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def make_picture(width: int = 64, height: int = 48) -> Image.Image:
    """RGB whose quarters are red, green (above), blue and yellow (below), so that every turn of it shows."""
    pixels = np.empty((height, width, 3), np.uint8)
    for number, colour in enumerate(CORNERS):
        rows = slice(None, height // 2) if number < 2 else slice(height // 2, None)
        columns = slice(None, width // 2) if number % 2 == 0 else slice(width // 2, None)
        pixels[rows, columns] = colour
    return Image.fromarray(pixels)


def corner_colours(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, in the order of ``CORNERS``."""
    width, height = picture.size
    places = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    places += [(x, 3 * height // 4) for x, _ in places]
    return [picture.convert("RGB").getpixel(place) for place in places]


def make_mode(mode: str, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """The picture of :func:`make_picture` in any mode of Pillow."""
    picture = make_picture(*size)
    if mode == "LAB":
        from PIL import ImageCms

        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(picture, srgb, lab, outputMode="LAB")
    if mode in ("La", "RGBa"):
        return picture.convert("LA" if mode == "La" else "RGBA").convert(mode)
    if mode == "PA":
        return picture.convert("P").convert("PA")
    if mode == "I;16":
        return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    return picture.convert(mode)


def encode(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The file of a picture in a format."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def photo_bytes(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """The file of :func:`make_picture` in a format."""
    return encode(make_picture(*size), kind, **options)


def oriented_bytes(orientation: int, kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A file that shows :func:`make_picture` upright where its EXIF orientation is applied."""
    picture = make_picture(*size)
    if orientation in _STORED:
        picture = picture.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encode(picture, kind, exif=exif.tobytes())


def animated_bytes(kind: str, frames: int = 3, size: tuple[int, int] = (64, 48)) -> bytes:
    """An animation of which only the first frame is :func:`make_picture`."""
    others = [Image.new("RGB", size, (10 * number, 0, 0)) for number in range(1, frames)]
    return encode(make_picture(*size), kind, save_all=True, append_images=others, duration=50)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def upload(data: bytes, name: str = "photo.jpg") -> io.BytesIO:
    """A file as an upload brings it: bytes that can be read and a name."""
    file = io.BytesIO(data)
    file.name = name
    return file
