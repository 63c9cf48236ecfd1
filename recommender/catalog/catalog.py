"""A catalogue: one Parquet table of products, held as a frame of columns and the encoded pictures."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.catalog.values import as_json
from recommender.errors import CatalogError
from recommender.settings import ASSETS

DEMO = ASSETS / "demo" / "catalogue.parquet"
# The vocabulary of the fashion data set; only id and image are required.
ROWS = 32
"""Rows of a table that are read at once: so many pictures of the largest size that is opened are below 2 GiB."""
MOST_ID_LETTERS = 1000
"""Letters of an id that is written to an npz: NumPy makes room for the longest in every row."""
LABEL_COLUMNS = ("masterCategory", "subCategory", "articleType", "gender", "baseColour", "season", "usage", "pattern")


@dataclass(frozen=True, eq=False)
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
            key = str(product_id)
            for line in self.skipped:
                if line.startswith(_left_out(key)):
                    raise CatalogError(f"{line.rstrip('.')}. So the catalogue {self.name!r} is searched without it.")
            raise CatalogError(f"The catalogue {self.name!r} has no product with the id {key[:80]!r}.")
        return row

    def image(self, row: int) -> bytes:
        """Encoded picture of a row."""
        return self.images[row].as_py()

    def columns_of(self, row: int) -> dict[str, object]:
        """All columns of a row but the picture, as plain Python values; missing ones are None."""
        return {name: as_json(values[row]) for name, values in self._values.items()}

    @cached_property
    def _values(self) -> dict[str, list[Any]]:
        # A list gives a value a hundred times faster than a frame does.
        return {name: self.frame[name].tolist() for name in self.frame.columns}

    def without(self, reasons: Mapping[int, str]) -> Catalog:
        """The catalogue without some rows, each with the reason that is added to ``skipped``."""
        if not reasons:
            return self
        keep = np.array([row not in reasons for row in range(len(self))])
        gone = tuple(f"{_left_out(self.ids[row])}{reason}" for row, reason in sorted(reasons.items()))
        frame = self.frame[keep].reset_index(drop=True)
        images = self.images.filter(pa.array(keep))  # take would put all pictures into one array first: 2 GiB at most
        # Of other products: what is kept of them on disk, such as vectors, must not be taken for theirs.
        own = _fingerprint(frame["id"].tolist(), images)
        return replace(self, frame=frame, images=images, fingerprint=own, skipped=(*self.skipped, *gone))

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Which of the known label columns this catalogue has."""
        return tuple(column for column in LABEL_COLUMNS if column in self.frame.columns)


def _left_out(key: str) -> str:
    """How the line about a product begins that is left out."""
    return f"Product {key!r}: "


def load_catalog(name: str | Path = "demo") -> Catalog:
    """Open the shipped catalogue (``"demo"``) or a Parquet table in the catalogue layout.

    Raises
    ------
    CatalogError
        If the table is missing, is not Parquet, or has no usable ``id`` and ``image``.
    """
    path = _table_at(name)
    try:
        # Not read_table: it takes folder names such as "gender=Men" for columns.
        with pq.ParquetFile(path) as file:
            # In parts, since Arrow can't read more than 2 GiB of structs at once.
            table = pa.Table.from_batches(file.iter_batches(ROWS), file.schema_arrow)
            table.validate(full=True)  # text that is none would come to light at the first look at its product
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    return from_table(table, name_of(name), path)


def columns_of(name: str | Path) -> list[str]:
    """The columns of the catalogue that :func:`load_catalog` opens so but for the picture, without reading a row.

    Raises
    ------
    CatalogError
        If the table is missing, or is not Parquet.
    """
    path = _table_at(name)
    try:
        with pq.ParquetFile(path) as file:
            return [column for column in file.schema_arrow.names if column != "image"]
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error


def _table_at(name: str | Path) -> Path:
    """The file of a catalogue; raises CatalogError if there is none."""
    path = DEMO if str(name) == "demo" else Path(name)
    try:
        there, folder = path.is_file(), path.is_dir()
    except OSError:  # a name that no file can have, or a folder that may not be looked into
        there = folder = False
    if folder:
        raise CatalogError(f"{str(name)[:200]!r} is a folder and no catalogue: give the path of one Parquet file.")
    if not there:
        hint = (
            "" if path.suffix else " The shipped one is called 'demo'; others are given as the path of a Parquet file."
        )
        raise CatalogError(f"There is no catalogue {str(name)[:200]!r}.{hint}")
    return path


def name_of(name: str | Path) -> str:
    """What the catalogue that :func:`load_catalog` opens so is called: the shipped one however it is reached."""
    path = DEMO if str(name) == "demo" else Path(name)
    return "demo" if os.path.abspath(path) == os.path.abspath(DEMO) else path.stem


def from_table(table: pa.Table, name: str, path: Path | None = None) -> Catalog:
    """A catalogue from a table with ``id`` and ``image``; rows that lack either are listed and left out."""
    check_columns(table.schema, name, table.num_rows)
    ids = [product_id(key) for key in table.column("id").to_pylist()]
    images = _image_bytes(table.column("image"))
    empty = images.is_null().to_pylist()
    keep, skipped, seen = np.zeros(len(ids), bool), [], set()
    for row, key in enumerate(ids):
        if not key or empty[row]:
            skipped.append(f"{_left_out(key)}There is no picture in its row." if key else f"Row {row + 1}: no id.")
        elif key in seen:
            skipped.append(f"Row {row + 1}: the id {key!r} appears again.")
        else:
            keep[row] = True
            seen.add(key)
    table = table.drop_columns(["id", "image"])
    if not keep.all():
        kept = pa.array(keep)
        table, images, ids = table.filter(kept), images.filter(kept), [ids[row] for row in np.flatnonzero(keep)]
    for place, column in enumerate(table.schema):
        table = table.set_column(place, column.name, _usual(table.column(place)))
    lists = {place: values for place in range(table.num_columns) if (values := _lists(table.column(place))) is not None}
    frame = _frame(table.drop_columns([table.column_names[place] for place in lists]), name)
    for place, values in lists.items():
        frame.insert(place, table.column_names[place], pd.Series(values, index=frame.index, dtype=object))
    for place, column in enumerate(table.schema):
        if pa.types.is_integer(column.type) and table.column(place).null_count:
            # Not floats: a year would be 2012.0, and from 2^53 on digits would be lost.
            kind = "UInt64" if pa.types.is_unsigned_integer(column.type) else "Int64"
            frame[column.name] = pd.Series(table.column(place).to_pylist(), index=frame.index, dtype=kind)
    frame.insert(0, "id", pd.Series(ids, dtype="str", index=frame.index))
    return Catalog(name, frame, images, _fingerprint(ids, images), tuple(skipped), path)


def _frame(table: pa.Table, name: str) -> pd.DataFrame:
    """The table as a frame; columns that pandas can't hold, such as dates after the year 9999, as text.

    Raises
    ------
    CatalogError
        If a column can't be read as text either.
    """
    try:
        # What pandas noted about an index when it wrote the table would hide a column.
        return table.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, ValueError, OverflowError):
        pass
    for place, column in enumerate(table.schema):
        part = table.select([place])
        try:
            part.to_pandas(ignore_metadata=True)
        except (pa.ArrowException, ValueError, OverflowError) as error:
            plain = column.type.value_type if pa.types.is_dictionary(column.type) else pa.utf8()
            try:
                table = table.set_column(place, column.name, table.column(place).cast(plain))
                table.select([place]).to_pandas(ignore_metadata=True)
            except (pa.ArrowException, ValueError, OverflowError):
                reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
                raise CatalogError(
                    f"The column {column.name!r} of {name!r} can't be read: {reason}. "
                    "Leave it out, or store it as text."
                ) from error
    return table.to_pandas(ignore_metadata=True)


def _lists(column: pa.ChunkedArray) -> list[Any] | None:
    """A column of lists or structs as plain Python values; None where it is another, or pandas has to hold it."""
    kind = column.type
    if not pa.types.is_nested(kind):
        return None
    if getattr(kind, "value_type", None) in (pa.float32(), pa.float64()):
        return None  # pandas loses nothing of them, and vectors would take ten times the room as Python's numbers
    try:
        # Of whole numbers pandas would make floats where one of them is missing, in whatever row.
        return column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError, KeyError):  # dates that Python can't hold, or an unknown zone
        return None


def _usual(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as what everything else reads.

    Decimals and halves are floats, text stored as binary is text, and numbers or dates stored as places in a list of
    values (Arrow's dictionaries) are these values.
    """
    kind = column.type
    if pa.types.is_dictionary(kind) and not (
        pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
    ):
        with contextlib.suppress(pa.ArrowException):
            return _usual(column.cast(kind.value_type))
    if pa.types.is_decimal(kind):
        # By way of text: Arrow's own way is a little off, and 26.99 would be 26.990000000000002.
        return column.cast(pa.string()).cast(pa.float64())
    if pa.types.is_float16(kind):
        return column.cast(pa.float32())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        with contextlib.suppress(pa.ArrowInvalid):  # no text: a picture, say
            return column.cast(pa.utf8() if pa.types.is_binary(kind) else pa.large_utf8())
    return column


def product_id(value: Any) -> str:
    """An id of a table as text, "" where there is none; a whole number that a gap made a float is one again."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def check_ids(ids: Iterable[str], what: str = "id in the catalogue") -> None:
    """Raise CatalogError if one of ``ids`` is too long for an npz; ``what`` they are begins the sentence."""
    for key in ids:
        if len(key) > MOST_ID_LETTERS:
            raise CatalogError(
                f"The {what} that begins with {key[:40]!r} has {len(key):,} letters, and an npz makes room for the "
                f"longest in every row: shorten it to {MOST_ID_LETTERS:,} at most."
            )


def check_columns(schema: pa.Schema, name: str, rows: int) -> None:
    """Raise CatalogError unless there is one ``id``, and one ``image`` that holds encoded pictures, if it has rows."""
    twice = sorted({column for column in schema.names if schema.names.count(column) > 1})
    if twice:
        raise CatalogError(f"The table {name!r} has more than one column {' and '.join(twice)}.")
    missing = {"id", "image"} - set(schema.names)
    if missing:
        raise CatalogError(
            f"The table {name!r} lacks the column {' and '.join(sorted(missing))}. "
            f"It has: {', '.join(schema.names) or 'no columns'}."
        )
    kind = schema.field("image").type
    place = kind.get_field_index("bytes") if pa.types.is_struct(kind) else -1
    inner = kind.field(place).type if place >= 0 else kind
    # Text must not pass: what opens pictures would take it for the path of a file.
    if not (pa.types.is_binary(inner) or pa.types.is_large_binary(inner)):
        if not rows:  # what an empty column is of says nothing
            raise CatalogError(f"The table {name!r} has no rows: there is no product in it.")
        raise CatalogError(
            f"The column image of {name!r} holds {kind}. "
            "It has to hold encoded pictures: a struct with a binary field 'bytes', or binary."
        )


def unreadable(path: Path, error: Exception) -> CatalogError:
    """What to say of a file that Arrow can't read."""
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return CatalogError(f"{path.name} can't be read as a Parquet table: {reason}.")


def _image_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The bytes of a checked image column: a struct with ``bytes``, or binary itself."""
    kind = column.type
    if pa.types.is_struct(kind):
        # One row group's bytes stay one buffer: no copy a picture.
        parts = [chunk.field("bytes") if not chunk.null_count else _checked(chunk) for chunk in column.chunks]
        return pa.chunked_array(parts, type=kind.field("bytes").type)
    return column


def _checked(chunk: pa.StructArray) -> pa.Array:
    """The field ``bytes`` with the struct's own nulls applied, which ``field`` leaves out."""
    return pa.array([None if row is None else row["bytes"] for row in chunk.to_pylist()], chunk.field("bytes").type)


def _fingerprint(ids: Sequence[str], images: pa.ChunkedArray) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for key, image in zip(ids, _buffers(images), strict=True):
        digest.update(len(key.encode()).to_bytes(8, "little"))
        digest.update(key.encode())
        digest.update(len(image).to_bytes(8, "little"))
        digest.update(image)
    return digest.hexdigest()


def _buffers(images: pa.ChunkedArray) -> Iterator[bytes]:
    for chunk in images.chunks:
        for value in chunk:
            yield value.as_py()
