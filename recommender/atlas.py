"""The maps and clusters of one shop: computed once, kept, opened at once after that, and a photo's place on a map."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from recommender.clustering import CLUSTERINGS, Clustering, cluster
from recommender.clustering.cluster import CHOOSING, SEED
from recommender.clustering.naming import name_clusters
from recommender.errors import RecommenderError
from recommender.jobs import Job, Report
from recommender.maps.map import EmbeddingMap, Placement, draw, packed, unpacked
from recommender.maps.placing import by_neighbours
from recommender.reduction import REDUCERS, Placer
from recommender.reduction.quality import knn_accuracy
from recommender.service import WITHIN, Recommender
from recommender.workspace import SHIPPED, Workspace, drop_shipped, fingerprint, read_arrays, write_arrays

# Counts up when the same parameters come to give another map or other clusters: those of before are not opened then.
LAYOUT = "atlas-2"

T = TypeVar("T")
Share = Callable[[float], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Piece(Generic[T]):
    """Something that is computed once and kept.

    Attributes
    ----------
    file
        Name of the file; it holds the fingerprint of everything that the piece depends on.
    make
        Computes it, telling the share done.
    pack
        Turns it into the arrays of the file.
    unpack
        Turns these back; None where they are not of such a piece.
    """

    file: str
    make: Callable[[Share], T]
    pack: Callable[[T], Mapping[str, np.ndarray]]
    unpack: Callable[[Mapping[str, np.ndarray]], T | None]


class Atlas:
    """All maps and clusters of one shop. Safe to share between threads: what two people ask for is computed once.

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
        self._pieces: dict[str, Any] = {}
        self._jobs: dict[str, Job[Any]] = {}
        self._placers: dict[str, Job[Placer]] = {}

    def ready(self, method: str) -> bool:
        """Whether the map is at hand; raises RecommenderError if there is no such method."""
        return self._opened(self._map(method)) is not None

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
        return self._once(self._map(method), progress)

    def clusters(self, method: str = "kmeans", k: int | None = None, progress: Report | None = None) -> Clustering:
        """The clusters of a method, computed and kept first where they are not at hand.

        Parameters
        ----------
        method
            A registered name; see :data:`recommender.clustering.CLUSTERINGS`.
        k
            Number of clusters; None for the suggested one.
        progress
            As for :meth:`map`.

        Raises
        ------
        RecommenderError
            If there is no such method, or not that many clusters.
        """
        return self._once(self._clusters(method, k), progress)

    def warm(self, method: str) -> None:
        """Prepare the method's own step for :meth:`place` in the background, anew where that failed.

        Nothing where the map is not at hand.
        """
        found = self._opened(self._map(method))
        with self._lock:
            job = self._placers.get(method)
            if found is not None and (job is None or job.failed):
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
        found = self._opened(self._map(method))
        vector, d = np.asarray(vector, np.float32), self._shop.vectors.shape[1]
        if vector.shape != (d,) or not np.isfinite(vector).all():
            raise RecommenderError(f"A place on the map needs a vector of {d} finite numbers.")
        if found is None:
            raise RecommenderError(
                f"The {REDUCERS.card(method).title} map of the catalogue {self._shop.catalogue.name!r} has to be "
                "computed before a photo can be placed on it."
            )
        point, how = self._own_step(method, vector), "own step"
        if point is None:
            point, how = by_neighbours(self._shop.vectors, found.points, vector), "neighbours"
        return Placement(point, how, (time.perf_counter() - started) * 1000)

    def ship(self, progress: Report | None = None) -> list[Path]:
        """Compute every map and the suggested clusters anew and put them beside the demo catalogue.

        They take the place of those shipped before. ``progress`` gets how many are done, and how many there are.
        """
        pieces: list[Piece[Any]] = [self._map(method) for method in self.methods]
        pieces += [self._clusters(method, None) for method in CLUSTERINGS]
        for number, piece in enumerate(pieces):
            if progress:
                progress(number, len(pieces))
            write_arrays(SHIPPED / piece.file, piece.pack(piece.make(lambda share: None)))
        names = {piece.file for piece in pieces}
        drop_shipped("map", names)
        drop_shipped("clusters", names)
        return [SHIPPED / piece.file for piece in pieces]

    def _map(self, method: str) -> Piece[EmbeddingMap]:
        reducer, vectors = REDUCERS.create(method), self._shop.vectors

        def unpack(arrays: Mapping[str, np.ndarray]) -> EmbeddingMap | None:
            found = unpacked(method, arrays, len(vectors))
            return self._told(found) if found is not None else None

        return Piece(
            f"map-{method}-{self._key(repr(reducer))}.npz",
            lambda report: self._told(draw(reducer, vectors, report)),
            packed,
            unpack,
        )

    def _clusters(self, method: str, k: int | None) -> Piece[Clustering]:
        CLUSTERINGS.card(method)  # refuses a name that there is not
        frame, vectors = self._shop.catalogue.frame, self._shop.vectors

        def make(report: Share) -> Clustering:
            choice = None
            # What can't be is refused below, at once and not after the numbers have been compared.
            if k is not None and 1 <= k <= len(vectors):
                # These are compared once: the suggested clusters are at hand when others are asked for.
                choice = self.clusters(method, progress=lambda share, left: report(CHOOSING * share)).choice
            return cluster(vectors, frame, method, k, progress=report, choice=choice)

        def unpack(arrays: Mapping[str, np.ndarray]) -> Clustering | None:
            try:
                found = Clustering.from_arrays(arrays)
            except RecommenderError:
                return None
            return replace(found, names=name_clusters(found.labels, frame)) if fits(found) else None

        def fits(found: Clustering) -> bool:
            return len(found.labels) == len(vectors) and found.centroids.shape[1] == vectors.shape[1]

        key = self._key(method, str(k), str(SEED), "the middle")
        return Piece(f"clusters-{method}-{key}.npz", make, Clustering.to_arrays, unpack)

    def _key(self, *parts: str) -> str:
        shop = self._shop
        return fingerprint(
            shop.catalogue.fingerprint, shop.encoder.fingerprint, *shop.settings.decoding, *parts, LAYOUT
        )

    def _opened(self, piece: Piece[T]) -> T | None:
        """The piece from memory or disk."""
        with self._lock:
            return self._held(piece)

    def _held(self, piece: Piece[T]) -> T | None:
        if piece.file not in self._pieces:

            def read(path: Path) -> T | None:
                arrays = read_arrays(path)
                return None if arrays is None else piece.unpack(arrays)

            found = self._workspace.find(piece.file, read)
            if found is None:
                return None
            self._pieces[piece.file] = found
        return self._pieces[piece.file]

    def _once(self, piece: Piece[T], progress: Report | None) -> T:
        """The piece from memory or disk, or else from the one job that computes it for all who ask."""
        with self._lock:
            found = self._held(piece)
            if found is not None:
                return found
            job = self._jobs.get(piece.file)
            if job is None or job.done:
                job = self._jobs[piece.file] = Job(lambda report: self._made(piece, report))
        return job.wait(progress)

    def _made(self, piece: Piece[T], report: Share) -> T:
        found = piece.make(report)
        # First in memory: who asks while it is written gets this one, and not a second one read from the file.
        with self._lock:
            self._pieces[piece.file] = found
        self._workspace.keep(piece.file, piece.pack(found))
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
