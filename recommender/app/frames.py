"""Pictures in the shapes that the screen has room for. Nothing is kept here: photos of visitors come through."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

CARD = (360, 480)
"""Width and height of the pictures on cards, in pixels; all cards have the same."""

TILE = (320, 320)
"""Width and height of the thumbnails of samples."""

SHEET = (120, 160)
"""Width and height of a picture on a contact sheet."""

TALLEST = 1.5
"""Height by width from which a photo is given margins, so that it doesn't push the page down."""


def framed(preview: bytes) -> bytes:
    """A photo as it is, or with empty margins at its sides where it is very tall."""
    from PIL import Image

    with Image.open(io.BytesIO(preview)) as picture:
        if picture.height <= TALLEST * picture.width:
            return preview
        canvas = Image.new("RGBA", (round(picture.height / TALLEST), picture.height))
        canvas.paste(picture.convert("RGB"), ((canvas.width - picture.width) // 2, 0))
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


def on_card(data: bytes) -> bytes:
    """A product's picture in the shape of a card: whole, on white where it is of another shape."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as picture:
        if abs(picture.width * CARD[1] - picture.height * CARD[0]) <= max(CARD):
            return data
        return _jpeg(ImageOps.pad(picture.convert("RGB"), CARD, Image.Resampling.LANCZOS, color="white"))


def as_tile(data: bytes) -> bytes:
    """An upright square out of the middle of a photo."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    return _jpeg(ImageOps.fit(upright, TILE, Image.Resampling.LANCZOS))


def in_a_row(pictures: Sequence[bytes]) -> bytes:
    """A contact sheet: pictures beside each other, each whole and on white."""
    from PIL import Image, ImageOps

    width, height = SHEET
    sheet = Image.new("RGB", (width * len(pictures), height), "white")
    for place, data in enumerate(pictures):
        with Image.open(io.BytesIO(data)) as picture:
            sheet.paste(ImageOps.pad(picture.convert("RGB"), SHEET, color="white"), (width * place, 0))
    return _jpeg(sheet)


def _jpeg(picture: Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
