"""The maps of one shop: computed once, kept, opened at once after that, and a photo's place on them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from recommender.errors import RecommenderError
from recommender.jobs import Job, Report
from recommender.maps.map import EmbeddingMap, Placement, draw, packed, unpacked
from recommender.maps.placing import by_neighbours
from recommender.reduction import REDUCERS, Placer
from recommender.reduction.quality import knn_accuracy
from recommender.service import WITHIN, Recommender
from recommender.workspace import SHIPPED, Workspace, drop_shipped, fingerprint, read_arrays, write_arrays

# Counts up when a method's map changes for the same parameters: maps of before are then not opened any more.
LAYOUT = "maps-1"

_log = logging.getLogger(__name__)


class Atlas:
    """All maps of one shop. Safe to share between threads: what two people ask for is computed once.

    Examples
    --------
    >>> atlas = Atlas(Recommender.open())  # doctest: +SKIP
    >>> atlas.map("tsne").quality["trustworthiness"]  # doctest: +SKIP
    """

    methods: tuple[str, ...] = tuple(REDUCERS)

    def __init__(self, shop: Recommender) -> None:
        self._shop = shop
        self._workspace = Workspace(shop.settings)
        self._lock = threading.Lock()
        self._maps: dict[str, EmbeddingMap] = {}
        self._jobs: dict[str, Job[EmbeddingMap]] = {}
        self._placers: dict[str, Job[Placer]] = {}

    def ready(self, method: str) -> bool:
        """Whether the map is at hand; raises RecommenderError if there is no such method."""
        with self._lock:
            return self._opened(method) is not None

    def map(self, method: str, progress: Report | None = None) -> EmbeddingMap:
        """The map of a method, computed and kept first where it is not at hand.

        Parameters
        ----------
        method
            One of :attr:`methods`.
        progress
            Called in the caller's thread with the share done and the seconds left (infinite until there is something
            to go by). Whatever it raises ends the waiting, not the computing.

        Raises
        ------
        RecommenderError
            If there is no such method.
        """
        with self._lock:
            found = self._opened(method)
            if found is not None:
                return found
            if method not in self._jobs or self._jobs[method].done:
                self._jobs[method] = Job(lambda report: self._compute(method, report))
            job = self._jobs[method]
        return job.wait(progress)

    def warm(self, method: str) -> None:
        """Prepare the method's own step for :meth:`place` in the background; nothing where the map is not at hand."""
        with self._lock:
            found = self._opened(method)
            if found is not None and method not in self._placers:
                self._placers[method] = Job(lambda report: self._restored(found))

    def warmed(self, method: str) -> bool:
        """Whether :meth:`place` goes by the method's own step; waits for a :meth:`warm` that is under way."""
        job = self._placers.get(method)
        if job is None:
            return False
        try:
            job.wait()
        except Exception:  # it has been logged; neighbours go on placing
            return False
        return True

    def place(self, method: str, vector: np.ndarray) -> Placement:
        """Where a photo of the vector (d,) lies on a map that is at hand.

        By the method's own step once :meth:`warm` has prepared it, by the nearest products until then.

        Raises
        ------
        RecommenderError
            If the map is not at hand, or the vector is not one of this shop's encoder.
        """
        started = time.perf_counter()
        vector = np.asarray(vector, np.float32)
        if vector.shape != self._shop.vectors.shape[1:] or not np.isfinite(vector).all():
            d = self._shop.vectors.shape[1]
            raise RecommenderError(f"A place on the map needs a vector of {d} finite numbers.")
        with self._lock:
            found = self._opened(method)
        if found is None:
            raise RecommenderError(
                f"The {REDUCERS.card(method).title} map of the catalogue {self._shop.catalogue.name!r} has to be "
                "computed before a photo can be placed on it."
            )
        point, how = self._own_step(method, vector), "own step"
        if point is None:
            point, how = by_neighbours(self._shop.vectors, found.points, vector), "neighbours"
        return Placement(point, how, (time.perf_counter() - started) * 1000)

    def ship(self, progress: Callable[[float], None] | None = None) -> list[Path]:
        """Compute every map anew and put it beside the demo catalogue, in place of those shipped before."""
        written = []
        for number, method in enumerate(self.methods):
            path = SHIPPED / self._name(method)
            write_arrays(path, packed(draw(REDUCERS.create(method), self._shop.vectors)))
            written.append(path)
            if progress:
                progress((number + 1) / len(self.methods))
        drop_shipped("map", {path.name for path in written})
        return written

    def _name(self, method: str) -> str:
        """The file's name: it holds the fingerprint of everything that the map depends on."""
        shop, reducer = self._shop, REDUCERS.create(method)
        key = fingerprint(shop.catalogue.fingerprint, shop.encoder.fingerprint, repr(reducer), LAYOUT)
        return f"map-{method}-{key}.npz"

    def _opened(self, method: str) -> EmbeddingMap | None:
        """The map from memory or disk. Called with the lock held."""
        if method not in self._maps:
            n = len(self._shop.vectors)
            found = self._workspace.find(self._name(method), lambda path: unpacked(method, read_arrays(path), n))
            if found is None:
                return None
            self._maps[method] = self._told(found)
        return self._maps[method]

    def _compute(self, method: str, report: Callable[[float], None]) -> EmbeddingMap:
        drawn = draw(REDUCERS.create(method), self._shop.vectors, report)
        self._workspace.keep(self._name(method), packed(drawn))
        found = self._told(drawn)
        with self._lock:
            self._maps[method] = found
        return found

    def _told(self, found: EmbeddingMap) -> EmbeddingMap:
        """The map with what it says of the labels: these may change without the pictures, so it isn't kept on disk."""
        frame = self._shop.catalogue.frame
        shares = {
            column: knn_accuracy(found.points, frame[column].to_numpy(object)) for column in WITHIN if column in frame
        }
        quality = {**found.quality, **{column: share for column, share in shares.items() if share is not None}}
        note = REDUCERS.create(found.method).note(len(found.points))
        return replace(found, quality=quality, note=note)

    def _restored(self, found: EmbeddingMap) -> Placer:
        try:
            placer = REDUCERS.create(found.method).restore(self._shop.vectors, found.points)
            placer.place(self._shop.vectors[:1])  # the first time may compile
        except Exception:
            _log.exception("The own step of the %s map can't be prepared", found.method)
            raise
        return placer

    def _own_step(self, method: str, vector: np.ndarray) -> np.ndarray | None:
        """(2,) by the method's own step; None where it is not ready, busy, or leads nowhere."""
        job = self._placers.get(method)
        if job is None or not job.done or not self.warmed(method):
            return None
        try:
            point = job.wait().place(vector[None])[0]
        except TimeoutError:
            return None
        return point if np.isfinite(point).all() else None
