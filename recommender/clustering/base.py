"""What a clustering method is: unit vectors and a number in, a cluster for each out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from recommender.registry import Card, Registry

# Gets the share done, in [0, 1].
Progress = Callable[[float], None]


class Method(Protocol):
    """Puts products that are alike into the same cluster. The same seed gives the same clusters."""

    card: Card

    def fit(self, vectors: np.ndarray, k: int, seed: int) -> np.ndarray:
        """(n, d) float32 of unit length to (n,) cluster numbers below ``k``, of which some may be missing.

        ``k`` is from 1 to n. Fewer clusters come out where fewer than ``k`` vectors differ.
        """

    def scan(self, vectors: np.ndarray, ks: Sequence[int], seed: int) -> Iterator[np.ndarray]:
        """What :meth:`fit` gives for each of ``ks``, sharing the work."""

    def note(self, n: int) -> str:
        """What is simplified for ``n`` products, in one or two sentences; empty where nothing is."""


CLUSTERINGS: Registry[Method] = Registry("clustering method")
