"""Embed any number of pictures in a stream from paths, folders and tables."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.catalog.catalog import ROWS, check_columns, check_ids, product_id, unreadable
from recommender.errors import CatalogError, ImageError
from recommender.files import atomic, takes_file, to_disk
from recommender.images import EXTENSIONS, Source, open_photo
from recommender.models import open_model, open_words
from recommender.settings import Settings
from recommender.text.features import MOST_LETTERS, MOST_WORDS

CHUNK = 64
LONGEST = MOST_WORDS * (MOST_LETTERS + 1)
"""Characters of a query that are read."""

_OURS = re.compile(r"id|vector|known|failed|failed_reason|(label|probability)_.*", re.DOTALL)

Item = tuple[str, Source | None]
Progress = Callable[[int, int], None]


@dataclass
class Chunk:
    """What one worker made of some pictures: those that could be read, and why the others could not."""

    ids: list[str]
    vectors: np.ndarray
    labels: dict[str, tuple[np.ndarray, np.ndarray]]
    known: np.ndarray | None
    failed: list[tuple[str, str]]


def items(sources: Sequence[Path]) -> tuple[int, Iterator[Item]]:
    """How many pictures the sources hold, and a stream of (id, picture).

    A Parquet table gives its ``id`` and ``image`` (a row without an id is called "row" and its
    number); a folder every picture below it, named by its path inside, which begins with the folder where
    there are several; any other path is a picture named as it was given, whether it is there or not.

    Raises
    ------
    CatalogError
        If a table can't be read or lacks a column, or an id is too long for the file.
    """
    total = 0
    # A Path itself would raise at a name that no file can have.
    folders = [os.path.isdir(source) for source in sources]
    streams: list[Iterator[Item]] = []
    for source, is_folder in zip(sources, folders, strict=True):
        if is_folder:
            # Names come in a fixed order, so that the output does not depend on the file system.
            files = sorted(p for p in source.rglob("*") if p.suffix.lower().lstrip(".") in EXTENSIONS and p.is_file())
            total += len(files)
            found = [((path if sum(folders) > 1 else path.relative_to(source)).as_posix(), path) for path in files]
            check_ids((key for key, _ in found), "path of a picture")
            streams.append(iter(found))
        elif source.suffix.lower() in (".parquet", ".pq"):
            table = _table(source)
            total += table.metadata.num_rows
            for batch in _batches(table, source, ["id"]):
                check_ids(map(product_id, batch.column("id").to_pylist()), f"id in {source.name}")
            streams.append(_rows(table, source))
        else:
            total += 1
            check_ids([str(source)], "path of a picture")
            streams.append(iter([(str(source), source)]))
    return total, (item for stream in streams for item in stream)


def _table(path: Path) -> pq.ParquetFile:
    try:
        table = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from error
    check_columns(table.schema_arrow, path.name, table.metadata.num_rows)
    return table


def _batches(table: pq.ParquetFile, path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Some columns, a few rows at a time; raises CatalogError where the file is damaged."""
    batches = table.iter_batches(batch_size=ROWS, columns=columns)
    while True:
        try:
            batch = next(batches, None)
            if batch is not None:
                batch.validate(full=True)
        except (pa.ArrowException, OSError) as error:  # damage further down in the file
            raise unreadable(path, error) from error
        if batch is None:
            return
        yield batch


def _rows(table: pq.ParquetFile, path: Path) -> Iterator[Item]:
    number = 0
    for batch in _batches(table, path, ["id", "image"]):
        for key, image in zip(batch.column("id").to_pylist(), batch.column("image").to_pylist(), strict=True):
            number += 1
            yield (
                product_id(key) or f"row {number}",
                image.get("bytes") if isinstance(image, dict) else image,
            )


class Embedder:
    """One encoder, and the house heads where it is the house encoder."""

    def __init__(self, encoder: str = "house", settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.encoder, self.classifier = open_model(encoder, self.settings)

    def chunk(self, part: Sequence[Item]) -> Chunk:
        """Decode, encode and classify some pictures."""
        ids, canvases, failed = [], [], []
        for key, source in part:
            try:
                if source is None:
                    raise ImageError("There is no picture in this row.")
                canvases.append(self.encoder.prepare(open_photo(source, self.settings).picture))
                ids.append(key)
            except ImageError as error:
                failed.append((key, str(error)))
        vectors = (
            self.encoder.encode(np.stack(canvases)) if canvases else np.empty((0, self.encoder.dimension), np.float32)
        )
        labels, known = {}, None
        if self.classifier is not None:
            labels = {column: score.best() for column, score in self.classifier.scores(vectors).items()}
            known = self.classifier.known(vectors)
        return Chunk(ids, vectors, labels, known, failed)

    def stream(self, source: Iterable[Item], workers: int | None = None) -> Iterator[Chunk]:
        """Chunks in the order of the source, a few being worked on at a time."""
        # Decoding and ONNX Runtime both let go of the interpreter, so threads do share the cores.
        workers = workers or min(os.cpu_count() or 1, 4)
        waiting = iter(source)
        with ThreadPoolExecutor(workers) as pool:
            running: list[Future[Chunk]] = []
            while True:
                while len(running) < workers * 2 and (part := list(islice(waiting, CHUNK))):
                    running.append(pool.submit(self.chunk, part))
                if not running:
                    return
                yield running.pop(0).result()


def embed_to_file(
    sources: Sequence[Path],
    out: Path,
    encoder: str = "house",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> tuple[int, list[tuple[str, str]]]:
    """Embed ``sources`` into the npz ``out``; returns how many, and what failed as (id, reason).

    The file holds ``id`` (n,) text, ``vector`` (n, d) float32 of unit length, ``label_<column>``
    and ``probability_<column>`` (n,) and ``known`` (n,) where the encoder has heads, and
    ``failed`` and ``failed_reason`` (m,) text. No array is pickled. Where no picture could be read and
    :func:`holds_vectors` says so of ``out``, that is left as it was.

    Raises
    ------
    CatalogError
        If a table can't be read or lacks a column, an id is too long, or ``out`` can't be written.
    """
    _check_out(out)
    total, stream = items(sources)
    embedder = Embedder(encoder, settings)
    # The empty chunk brings width and columns where there is no picture at all.
    chunks = [embedder.chunk([])]
    done = 0
    for chunk in embedder.stream(stream):
        chunks.append(chunk)
        done += len(chunk.ids) + len(chunk.failed)
        if progress:
            progress(done, total)
    failed = [pair for chunk in chunks for pair in chunk.failed]
    if not any(chunk.ids for chunk in chunks) and holds_vectors(out):
        return 0, failed
    arrays: dict[str, np.ndarray] = {
        "id": np.array([key for chunk in chunks for key in chunk.ids], dtype=np.str_),
        "vector": np.concatenate([chunk.vectors for chunk in chunks]),
        "failed": np.array([key for key, _ in failed], dtype=np.str_),
        "failed_reason": np.array([reason for _, reason in failed], dtype=np.str_),
    }
    for column in chunks[0].labels:
        arrays[f"label_{column}"] = np.concatenate([chunk.labels[column][0] for chunk in chunks])
        arrays[f"probability_{column}"] = np.concatenate([chunk.labels[column][1] for chunk in chunks])
    if chunks[0].known is not None:
        arrays["known"] = np.concatenate([chunk.known for chunk in chunks if chunk.known is not None])
    _write(out, arrays)
    return len(arrays["id"]), failed


def _write(out: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write the arrays; raises CatalogError where they can't be, as on a full disk."""
    with to_disk(out, "embed again.", refusal=CatalogError), atomic(out) as draft, draft.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _check_out(out: Path) -> None:
    """Raise CatalogError unless vectors can be written to ``out`` and nothing else is lost by it."""
    if not takes_file(out):
        raise CatalogError(
            f"{str(out)!r} can't be written: give the path of an ordinary file in a folder that you may write to."
        )
    try:
        if not out.exists() or not out.stat().st_size:
            return
        with zipfile.ZipFile(out) as there:
            names = {name.removesuffix(".npy") for name in there.namelist()}
            ours = {"id", "vector"} <= names and all(_OURS.fullmatch(name) for name in names)
    except Exception:  # at a damaged archive zipfile raises nearly anything
        ours = False
    if not ours:
        raise CatalogError(
            f"{str(out)!r} is there already and holds no vectors: name another file, such as vectors.npz."
        )


def holds_vectors(out: Path) -> bool:
    """Whether a file holds the vector of at least one picture or query."""
    try:
        with np.load(out, allow_pickle=False) as there:
            return "vector" in there.files and len(there["id"]) > 0
    except Exception:  # there is none, or it is damaged: then NumPy and zipfile raise nearly anything
        return False


def words_to_file(lines: Path, out: Path, settings: Settings | None = None) -> int:
    """The vectors of a text file's lines, in the space of the house encoder's pictures; returns how many.

    The npz holds ``id`` (n,) text, the lines (as much as is read of them), and ``vector`` (n, d) float32 of unit
    length. Empty lines are left out; a line without any letter or digit has a vector of zeros.

    Raises
    ------
    CatalogError
        If the file can't be read or is no text, or ``out`` can't be written.
    ModelError
        If the model has no text tower.
    """
    _check_out(out)
    try:
        # Of a longer line no more is read anyhow, and NumPy would make room for the longest one in every row.
        asked = [line.strip()[:LONGEST] for line in lines.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"{str(lines)!r} can't be read as text in UTF-8, a query on each line.") from error
    vectors = open_words(settings or Settings()).encode(asked)
    _write(out, {"id": np.array(asked, dtype=np.str_), "vector": vectors})
    return len(asked)
