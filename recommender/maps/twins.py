"""Products that are in a catalogue twice.

Vectors are made to tell kinds and not copies, so two black shoes may be as much alike to them as two copies of one
photo. Therefore what they call alike is looked at once more as thumbnails. docs/clusters.md says how both bounds were
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from recommender.errors import RecommenderError
from recommender.images.alike import gaps, thumbnails
from recommender.images.canvas import letterbox
from recommender.images.photo import open_photo
from recommender.maps.neighbours import HELD, Neighbours
from recommender.settings import Settings

MOST = 2_000
TWINS = 0.976
"""Cosine from which on two products are likely the same one."""
GAP = 0.015
"""Difference of two thumbnails of the same photo, at most, where copies were cropped or moved a little."""
CANVAS, CELL = (80, 60), 10
"""Thumbnails have 8 by 6 cells."""
STEP = 50
"""Pictures between two words of how far it is."""


@dataclass(frozen=True, eq=False)
class Twins:
    """Pairs of products that look the same: rows (m, 2) int64, the smaller first, and similarity (m,), highest first.

    ``total`` is how many such pairs were found, of which those given are the most similar.
    """

    pairs: np.ndarray
    similarity: np.ndarray
    total: int

    def __len__(self) -> int:
        return len(self.pairs)


def near_duplicates(
    vectors: np.ndarray,
    threshold: float = TWINS,
    most: int = MOST,
    near: Neighbours | None = None,
    progress: Callable[[float], None] | None = None,
) -> Twins:
    """Pairs of products whose similarity is ``threshold`` or more, the most similar first.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length.
    most
        The most pairs that are given; memory stays bounded by it and by a block of similarities.
    near
        Neighbours found before: then only they are looked at, and of a product with more twins the nearest are found.

    Raises
    ------
    RecommenderError
        If the threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise RecommenderError(f"A similarity to be called the same lies above 0 and is at most 1, not {threshold}.")
    kept, similar, total = np.empty((0, 2), np.int64), np.empty(0, np.float32), 0
    # Rounding may leave a product and its copy a little short of 1.
    found = _near_pairs(near, threshold - 1e-6) if near else _all_pairs(vectors, threshold - 1e-6, progress)
    for pairs, similarity in found:
        total += len(pairs)
        kept, similar = np.concatenate([kept, pairs]), np.concatenate([similar, similarity])
        best = np.lexsort((kept[:, 1], kept[:, 0], -similar))[:most]
        kept, similar = kept[best], similar[best]
    return Twins(kept, np.minimum(similar, 1), total)


def thumbnail_of(data: bytes, settings: Settings | None = None) -> np.ndarray:
    """(c,) float32 of a product's picture; raises ImageError where it is none or beyond the limits of ``settings``."""
    picture = open_photo(data, replace(settings or Settings(), decode_side=2 * max(CANVAS))).picture
    return np.asarray(thumbnails(letterbox(picture, CANVAS)[None], CELL)[0])


def same_pictures(
    twins: Twins, thumbnail: Callable[[int], np.ndarray], progress: Callable[[float], object] | None = None
) -> Twins:
    """Those of ``twins`` whose pictures are the same but for their size, their quality, some pixels of margin.

    ``thumbnail`` gives a row's :func:`thumbnail_of`. ``total`` is then how many are left.
    """
    rows = np.unique(twins.pairs)
    seen = []
    for done, row in enumerate(rows, 1):
        seen.append(thumbnail(int(row)))
        if progress and (done % STEP == 0 or done == len(rows)):
            progress(done / len(rows))
    if not seen:
        return twins
    sides = np.stack(seen)[np.searchsorted(rows, twins.pairs)]
    same = gaps(sides[:, 0], sides[:, 1]) <= GAP
    return Twins(twins.pairs[same], twins.similarity[same], int(same.sum()))


def _near_pairs(near: Neighbours, threshold: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rows, places = np.nonzero(near.similarity >= threshold)
    pairs = np.sort(np.stack([rows, near.rows[rows, places]], axis=1).astype(np.int64), axis=1)
    pairs, first = np.unique(pairs, axis=0, return_index=True)
    yield pairs, near.similarity[rows, places][first]


def _all_pairs(
    vectors: np.ndarray, threshold: float, progress: Callable[[float], None] | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    n = len(vectors)
    block = max(HELD // max(n, 1), 1)
    for start in range(0, n, block):
        # Only the columns from this block on: each pair once.
        similar = vectors[start : start + block] @ vectors[start:].T
        rows, columns = np.nonzero(similar >= threshold)
        rows, columns = rows[columns > rows], columns[columns > rows]
        yield np.stack([rows, columns], axis=1).astype(np.int64) + start, similar[rows, columns]
        if progress:
            progress(min(start + block, n) / n)
