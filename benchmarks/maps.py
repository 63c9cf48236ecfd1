"""How long the maps of a catalogue take, how good they are, and how long a photo takes to be placed on them.

    python -m benchmarks.maps [TABLE.parquet] [METHOD ...]

Without a table, the training tables' 39,631 products where they are on this machine, and the demo catalogue otherwise.
Times are printed as passed / of the processor: on a machine that does other things as well, they differ.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from recommender import Recommender
from recommender.atlas import Atlas
from recommender.errors import DataMissingError
from recommender.maps import Placement
from recommender.settings import Settings
from recommender.training.data import data_folder

BOUND_MAP = 180.0  # seconds for 39,631 products
BOUND_PLACE = 300.0  # milliseconds
ROUNDS = 60


def table() -> str:
    try:
        return str(data_folder() / "fashion_products.parquet")
    except DataMissingError:
        return "demo"


def measure(shop: Recommender, method: str) -> None:
    """Build the map in an empty workspace, open it again from there, and place photos on it."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Settings(workspace=Path(folder))
        # The shipped maps of the demo catalogue would be opened instead: another key makes it a map of its own.
        other = replace(shop.catalogue, fingerprint=f"{shop.catalogue.fingerprint} measured")
        again = Recommender(other, shop.encoder, shop.classifier, shop.vectors, shop.index, empty)
        started, worked = time.perf_counter(), time.process_time()
        drawn = Atlas(again).map(method)
        took, work = time.perf_counter() - started, time.process_time() - worked
        atlas = Atlas(again)
        started = time.perf_counter()
        atlas.map(method)
        opened = time.perf_counter() - started
    bound = f", {took / BOUND_MAP:.2f} of the bound" if method == "tsne" and len(shop.vectors) > 30_000 else ""
    print(f"{method}: {took:.1f} s / {work:.1f} s{bound}; opened again in {opened * 1000:.0f} ms. {drawn.note}")
    print("  " + ", ".join(f"{name} {value:.4f}" for name, value in drawn.quality.items()))
    rng = np.random.default_rng(0)
    photos = noisy(shop.vectors[rng.permutation(len(shop.vectors))[:ROUNDS]], rng)
    by_neighbours, work_by_neighbours = placed(atlas, method, photos)
    started = time.perf_counter()
    atlas.warm(method)
    atlas.warmed(method)
    warm = time.perf_counter() - started
    own, own_work = placed(atlas, method, photos)
    extent = float(np.ptp(drawn.points, axis=0).max())
    apart = [float(np.linalg.norm(a.point - b.point)) / extent for a, b in zip(own, by_neighbours, strict=True)]
    print(f"  by neighbours: {spread(by_neighbours, work_by_neighbours)}")
    print(f"  by the {own[0].how}, warm in {warm:.1f} s: {spread(own, own_work)}")
    print(f"  between the two: median {statistics.median(apart):.2%} of the map's width")


def noisy(vectors: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Vectors of unit length near the given ones, as other photos of the same things have."""
    moved = vectors + rng.normal(scale=0.3 / np.sqrt(vectors.shape[1]), size=vectors.shape)
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


def placed(atlas: Atlas, method: str, photos: np.ndarray) -> tuple[list[Placement], list[float]]:
    """Where each photo lies, and the milliseconds of the processor that it took."""
    found, work = [], []
    for photo in photos:
        before = time.process_time()
        found.append(atlas.place(method, photo))
        work.append((time.process_time() - before) * 1000)
    return found, work


def spread(found: list[Placement], work: list[float]) -> str:
    """Medians of the time that passed and of the processor's, and the former's ratio to the bound."""
    ms = statistics.median(one.ms for one in found)
    return f"median {ms:.1f} ms / {statistics.median(work):.1f} ms, {ms / BOUND_PLACE:.2f} of the bound"


def main(catalogue: str, methods: list[str]) -> None:
    shop = Recommender.open(catalogue)
    print(f"{len(shop.catalogue)} products of {shop.catalogue.name}")
    for method in methods or Atlas.methods:
        measure(shop, method)


if __name__ == "__main__":
    given = sys.argv[1:]
    tables = [name for name in given if name == "demo" or Path(name).suffix]
    main(tables[0] if tables else table(), [name for name in given if name not in tables])
