"""Reducers: vectors in, a map of the plane out. Importing this registers them all."""

from recommender.reduction import isomap, kernel_pca, pca, tsne, umap  # noqa: F401  (they register themselves)
from recommender.reduction.base import REDUCERS, Placer, Progress, Reducer

__all__ = ["REDUCERS", "Placer", "Progress", "Reducer"]
