"""Render the catalogue: many pictures in a few processes, then one table.

Every picture goes into a work folder under a name that holds a fingerprint of its
design, so an interrupted run goes on where it stopped and a changed design is
rendered again. Worker processes render a batch and end, since Blender's memory
only grows.
"""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageEnhance

from recommender.errors import RecommenderError
from recommender.files import atomic
from recommender.studio import articles as families
from recommender.studio.describe import Described, designs
from recommender.studio.design import Design

if TYPE_CHECKING:
    import pyarrow

# Raise this when pictures of unchanged designs would look different: it makes a run render all anew.
STUDIO_VERSION = 3
WIDTH, HEIGHT, QUALITY = 240, 320, 90
BATCH = 20  # pictures a worker process makes before it is replaced
TRIES = 2  # times that a picture may bring its process down

Progress = Callable[[int, int, str], None]


class RenderError(RecommenderError):
    """Some pictures could not be made; the finished ones are kept for the next run."""


@dataclass(frozen=True)
class Job:
    """One picture to make: where and how, in the studio or as a snapshot."""

    design: Design
    path: Path
    samples: int
    snapshot: bool = False


def fingerprint(design: Design, samples: int, snapshot: bool = False) -> str:
    """Twelve hex digits that change with anything that the picture depends on, save the code itself."""
    about = {k: v for k, v in sorted(asdict(design).items()) if k != "id"}
    text = repr((STUDIO_VERSION, WIDTH, HEIGHT, QUALITY, samples, about, *(["snapshot"] if snapshot else [])))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def picture(
    design: Design, samples: int = 16, width: int = WIDTH, height: int = HEIGHT, threads: int = 1
) -> Image.Image:
    """Model one design and take its picture. Needs Blender."""
    from recommender.studio.scene import Studio

    studio = Studio(design)
    families.load()[design.articleType].build(design, studio)
    return studio.render(None, width, height, samples, threads)


def encode(image: Image.Image, quality: int = QUALITY) -> bytes:
    """JPEG bytes with full colour resolution."""
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    return out.getvalue()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is either whole or not there."""
    with atomic(path) as draft:
        draft.write_bytes(data)


def error_file(job: Job) -> Path:
    """Where a worker leaves the message of a picture that failed."""
    return job.path.with_suffix(".error")


def _work(jobs: list[Job], parent: int) -> None:
    """Make a batch of pictures (runs in a process of its own)."""
    for job in jobs:
        if os.getppid() != parent:  # the run was killed
            return
        if job.path.exists():
            continue
        try:
            write_atomically(job.path, encode(_take(job)))
        except Exception as error:  # one bad design must not stop the others
            write_atomically(error_file(job), f"{type(error).__name__}: {error}".encode())


def _take(job: Job) -> Image.Image:
    if job.snapshot:
        from recommender.studio.snapshots import snapshot

        return snapshot(job.design, job.samples, WIDTH, HEIGHT)
    return picture(job.design, job.samples)


def run_jobs(jobs: list[Job], processes: int, progress: Progress | None = None) -> None:
    """Make all pictures that are missing; raise :class:`RenderError` at the end if some failed."""
    total = len(jobs)
    for job in jobs:
        error_file(job).unlink(missing_ok=True)
    waiting = deque(job for job in jobs if not job.path.exists())
    reported = total - len(waiting)
    if progress and reported:
        progress(reported, total, "")
    context = multiprocessing.get_context("spawn")
    running: list[tuple[multiprocessing.process.BaseProcess, list[Job]]] = []
    open_jobs = {job.path: job for job in waiting}
    crashes: dict[Path, int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                size = max(1, min(BATCH, -(-len(waiting) // processes)))
                batch = [waiting.popleft() for _ in range(min(size, len(waiting)))]
                worker: multiprocessing.process.BaseProcess = context.Process(
                    target=_work, args=(batch, os.getpid()), daemon=True
                )
                worker.start()
                running.append((worker, batch))
            time.sleep(0.2)
            ended = [(w, b) for w, b in running if not w.is_alive()]
            running = [(w, b) for w, b in running if w.is_alive()]
            for worker, batch in ended:
                worker.join()
                _give_back(batch, waiting, crashes, worker.exitcode)
            for path in [p for p, j in open_jobs.items() if p.exists() or error_file(j).exists()]:
                job = open_jobs.pop(path)
                reported += 1
                if progress:
                    progress(reported, total, job.design.articleType)
    finally:
        for worker, _ in running:
            worker.terminate()
    failed = [f"{j.design.id} {j.design.articleType}: {error_file(j).read_text()}" for j in jobs if not j.path.exists()]
    if failed:
        raise RenderError(f"{len(failed)} of {total} pictures failed:\n" + "\n".join(failed))


def _give_back(batch: list[Job], waiting: deque[Job], crashes: dict[Path, int], code: int | None) -> None:
    """Put back what an ended process left undone; give up on a picture that keeps killing its process."""
    left = [j for j in batch if not j.path.exists() and not error_file(j).exists()]
    if left:
        first = left[0]
        crashes[first.path] = crashes.get(first.path, 0) + 1
        if crashes[first.path] >= TRIES:
            write_atomically(error_file(first), f"the process ended with code {code}".encode())
            left = left[1:]
    waiting.extend(left)


def near_copy(data: bytes, ident: str) -> bytes:
    """The same picture as another seller would upload it: cropped a little, another exposure and quality."""
    number = int(hashlib.sha256(ident.encode()).hexdigest()[:8], 16)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    w, h = image.size
    left, top = 1 + number % 4, 1 + (number >> 4) % 4
    image = image.crop((left, top, w - 3, h - 4)).resize((w, h), Image.Resampling.BICUBIC)
    image = ImageEnhance.Brightness(image).enhance(0.98 + 0.04 * ((number >> 8) % 100) / 100)
    return encode(image, 76 + (number >> 16) % 10)


def render_catalogue(
    out: str | Path,
    articles: Iterable[str] | None = None,
    seed: int = 7,
    count: int = 1600,
    processes: int = 2,
    samples: int = 16,
    progress: Progress | None = None,
    work: str | Path | None = None,
    snapshots: bool = False,
) -> Path:
    """Render ``count`` products and write them as one Parquet table.

    Parameters
    ----------
    out : file to write; replaced only when everything is done
    articles : article types to draw from (default: all that are registered)
    seed, count : which products; see :func:`recommender.studio.describe.designs`
    processes, samples : renderers at once (one thread each) and Cycles samples a pixel
    progress : called with (done, total, article type) after each picture
    work : folder for finished pictures (default: ``.<name>-pictures`` beside ``out``)
    snapshots : each product once, where people live (:mod:`recommender.studio.snapshots`), instead of in the studio
    """
    out = Path(out)
    work = Path(work) if work else out.parent / f".{out.stem}-pictures"
    work.mkdir(parents=True, exist_ok=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    products = designs(count, seed, articles)
    if snapshots:
        products = [p for p in products if p.duplicateOf is None]
    if not products:
        raise ValueError("no products to render")
    jobs = {
        p.id: Job(p.design, work / f"{p.id}-{fingerprint(p.design, samples, snapshots)}.jpg", samples, snapshots)
        for p in products
        if p.duplicateOf is None
    }
    run_jobs(list(jobs.values()), max(1, processes), progress)
    pictures = {ident: job.path.read_bytes() for ident, job in jobs.items()}
    for p in products:
        if p.duplicateOf is not None:
            first = pictures[p.duplicateOf]
            pictures[p.id] = first if p.copy == "exact" else near_copy(first, p.id)
    write_table(out, products, pictures)
    return out


def table(products: list[Described], pictures: dict[str, bytes]) -> pyarrow.Table:
    """The catalogue as an Arrow table, in the columns of the fashion data set and a few more."""
    import pyarrow as pa

    order = (
        "id",
        "gender",
        "masterCategory",
        "subCategory",
        "articleType",
        "baseColour",
        "season",
        "year",
        "usage",
        "productDisplayName",
        "price",
        "brand",
        "pattern",
        "isFragile",
        "variantOf",
        "duplicateOf",
    )
    other = {"year": pa.int16(), "price": pa.float64(), "isFragile": pa.bool_()}
    columns, fields = [], []
    for name in order:
        kind = other.get(name, pa.string())
        columns.append(pa.array([_value(p, name) for p in products], type=kind))
        fields.append(pa.field(name, kind))
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns.append(pa.array([{"bytes": pictures[p.id], "path": f"{p.id}.jpg"} for p in products], type=image))
    fields.append(pa.field("image", image))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _value(product: Described, column: str) -> Any:
    """What a column of the table says about a product."""
    if column == "productDisplayName":
        return product.title
    return getattr(product, column) if hasattr(product, column) else getattr(product.design, column)


def write_table(out: Path, products: list[Described], pictures: dict[str, bytes], group: int = 64) -> None:
    """Write the Parquet file atomically, in row groups of ``group`` products."""
    import pyarrow.parquet as pq

    with atomic(out) as draft:
        pq.write_table(table(products, pictures), draft, compression="zstd", row_group_size=group)
