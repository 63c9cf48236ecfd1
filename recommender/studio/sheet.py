"""``python -m recommender.studio.sheet``: a contact sheet of a catalogue, a few products of each article type."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image

TILE = (120, 160)
GAP = 4


def contact_sheet(table: Path, out: Path, each: int = 3, wide: int = 12) -> tuple[int, int]:
    """Write the first ``each`` products of every article type to ``out``, ``wide`` a row; gives the size in pixels."""
    import pyarrow.parquet as pq

    columns = pq.read_table(table, columns=["articleType", "duplicateOf", "variantOf", "image"]).to_pylist()
    kinds: dict[str, list[bytes]] = {}
    for row in columns:
        if row["duplicateOf"] is None and row["variantOf"] is None:
            kinds.setdefault(row["articleType"], []).append(row["image"]["bytes"])
    tiles = [image for kind in sorted(kinds) for image in kinds[kind][:each]]
    step = (TILE[0] + GAP, TILE[1] + GAP)
    sheet = Image.new("RGB", (wide * step[0] + GAP, -(-len(tiles) // wide) * step[1] + GAP), "#d8d4cc")
    for number, image in enumerate(tiles):
        with Image.open(io.BytesIO(image)) as picture:
            place = (GAP + number % wide * step[0], GAP + number // wide * step[1])
            sheet.paste(picture.convert("RGB").resize(TILE, Image.Resampling.LANCZOS), place)
    sheet.save(out, quality=85)
    return sheet.size


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m recommender.studio.sheet", description=__doc__)
    parser.add_argument("table", type=Path, help="a catalogue in Parquet")
    parser.add_argument("out", type=Path, help="the picture to write")
    parser.add_argument("--each", type=int, default=3, help="products of each article type")
    options = parser.parse_args()
    print("{} x {} pixels".format(*contact_sheet(options.table, options.out, options.each)))


if __name__ == "__main__":
    main()
