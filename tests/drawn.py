"""A small catalogue of drawn products, for tests that need a shop but not the shipped one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

COLOURS = {
    "Red": (190, 30, 40),
    "Blue": (40, 70, 170),
    "Green": (40, 130, 60),
    "Black": (25, 25, 28),
    "Yellow": (235, 200, 50),
    "Pink": (235, 130, 170),
}
# articleType to its categories and its outline, in hundredths of the picture.
SHAPES: dict[str, tuple[str, str, tuple[tuple[int, int], ...]]] = {
    "Tshirts": (
        "Apparel",
        "Topwear",
        ((30, 15), (70, 15), (95, 35), (82, 48), (72, 40), (72, 88), (28, 88), (28, 40), (18, 48), (5, 35)),
    ),
    "Trousers": ("Apparel", "Bottomwear", ((32, 8), (68, 8), (74, 94), (56, 94), (50, 35), (44, 94), (26, 94))),
    "Dresses": ("Apparel", "Dress", ((40, 8), (60, 8), (64, 40), (84, 92), (16, 92), (36, 40))),
    "Casual Shoes": ("Footwear", "Shoes", ((10, 40), (35, 40), (60, 55), (92, 62), (92, 72), (10, 72))),
    "Handbags": (
        "Accessories",
        "Bags",
        ((15, 40), (35, 40), (42, 22), (58, 22), (65, 40), (85, 40), (88, 85), (12, 85)),
    ),
    "Caps": (
        "Accessories",
        "Headwear",
        ((20, 60), (25, 40), (50, 30), (72, 42), (76, 58), (96, 64), (76, 66), (20, 66)),
    ),
}
SEASONS = ("Summer", "Winter", "Fall")


def draw(
    article: str, colour: str, number: int = 0, size: tuple[int, int] = (60, 80), striped: bool = False
) -> Image.Image:
    """A flat product on white; ``number`` varies its place, size and shade a little."""
    rng = np.random.default_rng((number, *article.encode()))
    shade = tuple(int(np.clip(c + rng.integers(-14, 15), 0, 255)) for c in COLOURS[colour])
    zoom, dx, dy = rng.uniform(0.85, 1.0), rng.uniform(-3, 3), rng.uniform(-3, 3)
    picture = Image.new("RGB", (size[0] * 2, size[1] * 2), "white")
    outline = [
        ((50 + (x - 50) * zoom + dx) / 100 * picture.width, (50 + (y - 50) * zoom + dy) / 100 * picture.height)
        for x, y in SHAPES[article][2]
    ]
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    body = Image.new("RGB", picture.size, shade)
    if striped:
        for y in range(0, body.height, 12):
            ImageDraw.Draw(body).rectangle((0, y, body.width, y + 5), fill=(245, 245, 245))
    picture.paste(body, mask=mask)
    return picture.resize(size, Image.Resampling.BOX)


def jpeg(picture: Image.Image) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def rows(copies: int = 3) -> list[dict[str, Any]]:
    """Every article type in every colour, ``copies`` times, in the layout of a catalogue."""
    out: list[dict[str, Any]] = []
    for article, (master, sub, _) in SHAPES.items():
        for colour in COLOURS:
            for copy in range(copies):
                number = len(out)
                striped = copy == 2
                out.append(
                    {
                        "id": str(1000 + number),
                        "gender": ("Women", "Men", "Unisex")[copy % 3] if master != "Accessories" else "Women",
                        "masterCategory": master,
                        "subCategory": sub,
                        "articleType": article,
                        "baseColour": colour,
                        "season": SEASONS[number % 3],
                        "year": 2010 + number % 5,
                        "usage": "Casual",
                        "productDisplayName": f"Drawn {'Striped ' if striped else ''}{colour} {article}",
                        "price": None if number % 29 == 28 else 5.0 + number * 0.5,
                        "brand": f"House {number % 4}",
                        "pattern": "striped" if striped else "plain",
                        "isFragile": article == "Handbags",
                        "image": {"bytes": jpeg(draw(article, colour, number, striped=striped)), "path": None},
                    }
                )
    return out


def table(entries: list[dict[str, Any]] | None = None) -> pa.Table:
    """The rows as an Arrow table."""
    return pa.Table.from_pylist(rows() if entries is None else entries)


def write(path: Path, entries: list[dict[str, Any]] | None = None) -> Path:
    """The rows as a Parquet file."""
    pq.write_table(table(entries), path)
    return path


def changed(entry: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """A copy of a row with other values."""
    return {**entry, **values}
