"""The index that the service uses: exact for few candidates, the graph for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from recommender.index.base import INDEXES, Found
from recommender.index.exact import ExactIndex
from recommender.index.hnsw import EF_SEARCH, HnswIndex
from recommender.registry import Card
from recommender.settings import Settings

MOST_COPIES = 16
"""Of one vector. Equal vectors link to each other alone and cut the graph: where a picture that says "not available"
is there some hundred times, other products are no longer found."""
STEP = 0.01
"""What coordinates are rounded to before copies are counted. Copies whose vectors differ by a millionth, as those of
one picture in two batches may, cut the graph as well, and so they do up to about a ten-thousandth. So little carries
hardly one of a hundred coordinates over an edge between two steps, and where it does many copies are still on either
side. Pictures of a cosine of 0.9999, which look the same still, are on two sides of some ten edges already."""

CARD = Card("auto", "Exact or HNSW, whichever fits", "This project", "MIT")


class AutoIndex:
    """Chooses for each query.

    Exact where at most ``exact_below`` products pass the filter, where the answer is
    larger than the graph looks at, or where the filter lets so little through that the
    graph would look in vain; the graph otherwise. Where one vector is there more than
    :data:`MOST_COPIES` times no graph is built.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length.
    graph
        Gives the graph; called only where there are more than ``exact_below`` vectors, so that
        a small catalogue never builds one.
    """

    def __init__(
        self,
        vectors: np.ndarray,
        graph: Callable[[], HnswIndex] | None = None,
        exact_below: int | None = None,
    ) -> None:
        self._exact = ExactIndex(vectors)
        self._exact_below = Settings().exact_below if exact_below is None else exact_below
        make = graph or (lambda: HnswIndex(vectors))
        large = len(vectors) > self._exact_below
        self._graph = make() if large and most_copies(vectors) <= MOST_COPIES else None

    def __len__(self) -> int:
        return len(self._exact)

    def chosen(self, k: int, allowed: np.ndarray | None = None) -> str:
        """``"exact"`` or ``"hnsw"``: which one a search like this goes to."""
        many = len(self) if allowed is None else int(np.count_nonzero(allowed))
        graph = self._graph is not None and many > self._exact_below and k <= EF_SEARCH // 2 and many * 4 >= len(self)
        return "hnsw" if graph else "exact"

    def search(self, query: np.ndarray, k: int, allowed: np.ndarray | None = None) -> Found:
        """The nearest allowed rows; see :class:`recommender.index.base.Index`."""
        if self._graph is not None and self.chosen(k, allowed) == "hnsw":
            return self._graph.search(query, k, allowed)
        return self._exact.search(query, k, allowed)


def most_copies(vectors: np.ndarray) -> int:
    """How often the commonest of (n, d) float32 vectors of unit length is there, rounded to :data:`STEP`."""
    if not vectors.size:
        return len(vectors)
    return max(Counter(map(bytes, np.rint(vectors / STEP).astype(np.int8))).values())


INDEXES.register(CARD, AutoIndex)
