"""A catalogue: one Parquet table of products, held as a frame of columns and the encoded pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.errors import CatalogError
from recommender.settings import ASSETS

DEMO = ASSETS / "demo" / "catalogue.parquet"
# The vocabulary of the fashion data set; only id and image are required.
LABEL_COLUMNS = ("masterCategory", "subCategory", "articleType", "gender", "baseColour", "season", "usage", "pattern")


@dataclass(frozen=True)
class Catalog:
    """Products in the order of their table.

    Attributes
    ----------
    name
        Short name, as given to :func:`load_catalog`.
    frame
        All columns but the picture; ``id`` is text and unique.
    images
        Encoded pictures, one a row.
    fingerprint
        Hash of ids and pictures: what embeddings of this catalogue depend on.
    skipped
        One sentence for each row that could not be used.
    """

    name: str
    frame: pd.DataFrame
    images: pa.ChunkedArray
    fingerprint: str
    skipped: tuple[str, ...] = ()
    path: Path | None = field(default=None, compare=False)

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def ids(self) -> list[str]:
        """Product ids in row order."""
        return self.frame["id"].tolist()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.ids)}

    def row_of(self, product_id: str) -> int:
        """Row of a product; raises CatalogError if there is none of that id."""
        row = self._rows.get(str(product_id))
        if row is None:
            raise CatalogError(f"The catalogue {self.name!r} has no product with the id {str(product_id)[:80]!r}.")
        return row

    def image(self, row: int) -> bytes:
        """Encoded picture of a row."""
        return self.images[row].as_py()

    def columns_of(self, row: int) -> dict[str, object]:
        """All columns of a row but the picture, as plain Python values; missing ones are None."""
        return {name: _plain(self.frame[name].iat[row]) for name in self.frame.columns}

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Which of the known label columns this catalogue has."""
        return tuple(column for column in LABEL_COLUMNS if column in self.frame.columns)


def load_catalog(name: str | Path = "demo") -> Catalog:
    """Open the shipped catalogue (``"demo"``) or a Parquet table in the catalogue layout.

    Raises
    ------
    CatalogError
        If the table is missing, is not Parquet, or has no usable ``id`` and ``image``.
    """
    path = DEMO if str(name) == "demo" else Path(name)
    if not path.is_file():
        hint = (
            "" if path.suffix else " The shipped one is called 'demo'; others are given as the path of a Parquet file."
        )
        raise CatalogError(f"There is no catalogue {str(name)!r}.{hint}")
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise CatalogError(f"{path.name} can't be read as a Parquet table: {str(error).splitlines()[0]}") from error
    return from_table(table, name="demo" if path == DEMO else path.stem, path=path)


def from_table(table: pa.Table, name: str, path: Path | None = None) -> Catalog:
    """A catalogue from a table with ``id`` and ``image``; rows that lack either are listed and left out."""
    missing = {"id", "image"} - set(table.column_names)
    if missing:
        raise CatalogError(
            f"The table {name!r} lacks the column {' and '.join(sorted(missing))}. "
            f"It has: {', '.join(table.column_names) or 'no columns'}."
        )
    ids = ["" if key is None else str(key) for key in table.column("id").to_pylist()]
    images = _image_bytes(table.column("image"), name)
    empty = images.is_null().to_pylist()
    keep, skipped, seen = [], [], set()
    for row, key in enumerate(ids):
        if not key or empty[row]:
            skipped.append(f"Row {row + 1}: no {'id' if not key else 'picture'}.")
        elif key in seen:
            skipped.append(f"Row {row + 1}: the id {key!r} appears again.")
        else:
            keep.append(row)
            seen.add(key)
    if len(keep) < len(ids):
        table, images, ids = table.take(keep), images.take(keep), [ids[row] for row in keep]
    frame = table.drop_columns(["id", "image"]).to_pandas()
    frame.insert(0, "id", pd.Series(ids, dtype="str", index=frame.index))
    return Catalog(name, frame, images, _fingerprint(ids, images), tuple(skipped), path)


def _image_bytes(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """The bytes of an image column: a struct with ``bytes``, or binary itself."""
    kind = column.type
    if pa.types.is_struct(kind) and kind.get_field_index("bytes") >= 0:
        # One row group's bytes stay one buffer: no copy a picture.
        parts = [chunk.field("bytes") if not chunk.null_count else _checked(chunk) for chunk in column.chunks]
        return pa.chunked_array(parts, type=kind.field("bytes").type)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column
    raise CatalogError(
        f"The column image of {name!r} holds {kind}. "
        "It has to hold encoded pictures: a struct with a field 'bytes', or binary."
    )


def _checked(chunk: pa.StructArray) -> pa.Array:
    """The field ``bytes`` with the struct's own nulls applied, which ``field`` leaves out."""
    return pa.array([None if row is None else row["bytes"] for row in chunk.to_pylist()], pa.binary())


def _fingerprint(ids: Sequence[str], images: pa.ChunkedArray) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for key, image in zip(ids, _buffers(images), strict=True):
        digest.update(key.encode())
        digest.update(len(image).to_bytes(8, "little"))
        digest.update(image)
    return digest.hexdigest()


def _buffers(images: pa.ChunkedArray) -> Iterator[bytes]:
    for chunk in images.chunks:
        for value in chunk:
            yield value.as_py()


def _plain(value: object) -> object:
    """NumPy scalars and missing values to what JSON knows."""
    if value is None or (not isinstance(value, str | list | dict) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return value
    return value.item() if hasattr(value, "item") else value
