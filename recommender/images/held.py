"""How much of a picture a decoder holds in memory at once, as its header tells before anything is decoded."""

from __future__ import annotations

import re

from PIL import ImageFile

_TILE_WIDTH, _TILE_LENGTH = 322, 323
# Markers of a JPEG file (ITU-T T.81, table B.1): frames, the start of a scan, and all that have a length.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_SIZED = re.compile(rb"\xff[^\xff\x00\x01\xd0-\xd9]")


def held_whole(image: ImageFile.ImageFile, data: bytes) -> int:
    """How many times as much memory as a JPEG that is decoded row by row the opened ``image`` takes, at most.

    2 for formats that are held at their full size; 4 for a JPEG of several scans, all of whose coefficients are
    held before the first pixel is there, however small it is wanted. 4 also for a WebP, of which Pillow holds a whole
    film's canvas beside the picture, and where grey has alpha or colours have 16 bits, which are held in more than one
    mode on the way to eight bits of colour.
    """
    if image.format not in ("JPEG", "MPO"):
        wide = image.mode in ("LA", "La") or (image.mode in ("RGB", "RGBA") and ";16" in _stored_as(image))
        return 4 if image.format == "WEBP" or wide else 2
    return 4 if image.info.get("progressive") or _has_several_scans(data) else 1


def _stored_as(image: ImageFile.ImageFile) -> str:
    """What Pillow calls the way in which the file's pixels are stored, such as "RGBA;16B"."""
    return " ".join(str(tile[3]) for tile in image.tile[:1])


def tile_pixels(image: ImageFile.ImageFile) -> int:
    """Pixels of a tile of a TIFF file, which is decoded whole and may be larger than the picture; 0 without tiles."""
    tags = getattr(image, "tag_v2", {})
    sides = tags.get(_TILE_WIDTH), tags.get(_TILE_LENGTH)
    width, length = (side if isinstance(side, int) else 0 for side in sides)
    return width * length


def _has_several_scans(data: bytes) -> bool:
    """Whether the first scan of a JPEG file holds fewer of its colours than the picture has."""
    at, colours = 2, 0
    while found := _SIZED.search(data, at):  # past fill bytes and whatever else decoders skip, however many
        at = found.start()
        marker = data[at + 1]
        if marker in _FRAMES:
            colours = int.from_bytes(data[at + 9 : at + 10])
        if marker == _SCAN:
            return data[at + 4 : at + 5] < bytes([colours])
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return False
