"""The clusters of a catalogue: who belongs to which, and what they are called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recommender.clustering.base import CLUSTERINGS, Progress
from recommender.clustering.choose import Choice, choose, sample_note, sums_and_sizes
from recommender.clustering.naming import name_clusters
from recommender.errors import RecommenderError

SEED = 7
# Share of the time that goes into finding the number of clusters.
CHOOSING = 0.9
# Begins the sentence on clusters that came out empty.
_FEWER = "Only "


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters in the order of their size, the largest first.

    Attributes
    ----------
    method
        Registered name.
    labels
        (n,) int32: the cluster of each product, from 0; each number is there.
    centroids
        (k, d) float32 of unit length: the clusters' mean directions.
    names
        k different names.
    choice
        What was measured for each number of clusters.
    note
        What was simplified, in a few sentences; empty where nothing was.
    """

    method: str
    labels: np.ndarray
    centroids: np.ndarray
    names: tuple[str, ...]
    choice: Choice
    note: str = ""

    @property
    def k(self) -> int:
        """Number of clusters."""
        return len(self.names)

    @property
    def sizes(self) -> np.ndarray:
        """(k,) number of products of each cluster."""
        return np.bincount(self.labels, minlength=self.k)

    def rows(self, cluster: int) -> np.ndarray:
        """Rows of a cluster's products, ascending."""
        return np.flatnonzero(self.labels == cluster)

    def typical(self, vectors: np.ndarray, cluster: int, n: int) -> np.ndarray:
        """The ``n`` rows of a cluster that are most like its mean direction, most like it first."""
        rows = self.rows(cluster)
        return rows[np.lexsort((rows, -(vectors[rows] @ self.centroids[cluster])))[:n]]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays that ``np.savez`` keeps without pickling."""
        return {
            "labels": self.labels,
            "centroids": self.centroids,
            "ks": self.choice.ks,
            "inertia": self.choice.inertia,
            "silhouette": self.choice.silhouette,
            "words": np.array(json.dumps({"method": self.method, "names": self.names, "note": self.note})),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Clustering:
        """The clustering that :meth:`to_arrays` gave.

        Raises
        ------
        RecommenderError
            If the arrays are not those of one.
        """
        try:
            words = json.loads(str(arrays["words"]))
            labels, centroids = np.asarray(arrays["labels"], np.int32), np.asarray(arrays["centroids"], np.float32)
            measured = [np.asarray(arrays[part]) for part in ("ks", "inertia", "silhouette")]
            names = tuple(map(str, words["names"]))
            fits = (
                labels.ndim == 1
                and set(np.unique(labels)) == set(range(len(names)))
                and centroids.shape == (len(names), centroids.shape[-1])
                and bool(np.isfinite(centroids).all())
                and len({part.shape for part in measured}) == 1
            )
            method, kept = str(words["method"]), str(words["note"])
            # What was kept before may say less of the method than is said today; of these clusters it says it all.
            note = _noted(method, len(labels), kept[kept.find(_FEWER) :] if _FEWER in kept else "")
            found = cls(method, labels, centroids, names, Choice(*measured), note)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise RecommenderError("The kept clusters can't be read. They have to be computed again.") from error
        if not fits:
            raise RecommenderError("The kept clusters do not fit together. They have to be computed again.")
        return found


def cluster(
    vectors: np.ndarray,
    frame: pd.DataFrame,
    method: str = "kmeans",
    k: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    choice: Choice | None = None,
) -> Clustering:
    """Cluster a catalogue.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length.
    frame
        The catalogue's columns, which the clusters' names are made of.
    method
        A registered name; see :data:`CLUSTERINGS`.
    k
        Number of clusters, from 1 to n; None for the suggested one.
    progress
        Called with the share done.
    choice
        What an earlier call measured on the same vectors with the same method: then it is not measured again.

    Raises
    ------
    RecommenderError
        If there is no product, no such method, or ``k`` is out of range.
    """
    n = len(vectors)
    if n == 0:
        raise RecommenderError("There is no product to cluster.")
    if k is not None and not 1 <= k <= n:
        raise RecommenderError(f"{n:,} products can be put into 1 to {n:,} clusters, not into {k:,}.")
    tool = CLUSTERINGS.create(method)
    report = progress or (lambda share: None)
    choice = choice or choose(tool, vectors, seed, progress=lambda share: report(CHOOSING * share))
    wanted = choice.suggested if k is None else k
    labels = _by_size(tool.fit(vectors, wanted, seed) if wanted > 1 else np.zeros(n, np.int64))
    centroids = _directions(vectors, labels)
    fewer = (
        f"{_FEWER}{len(centroids)} of the {wanted} clusters hold products, as the others look the same."
        if len(centroids) < wanted
        else ""
    )
    note = _noted(method, n, fewer)
    found = Clustering(method, labels, centroids, name_clusters(labels, frame), choice, note)
    report(1.0)
    return found


def _noted(method: str, n: int, fewer: str) -> str:
    """What a method simplifies for ``n`` products, and the choice of the number; then a sentence on these clusters."""
    return " ".join(filter(None, [CLUSTERINGS.create(method).note(n), sample_note(n), fewer]))


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Labels without gaps, from the largest cluster to the smallest; equal ones by their first product."""
    _, first, numbers, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(sizes), np.int32)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return place[numbers]


def _directions(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(k, d) float32 mean directions of the clusters; the first product's where the vectors cancel out."""
    sums, _ = sums_and_sizes(vectors, labels)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    first = vectors[np.unique(labels, return_index=True)[1]]
    return np.where(lengths > 1e-6, sums / np.maximum(lengths, 1e-6), first).astype(np.float32)
