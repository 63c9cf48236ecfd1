"""Clusters: products that look alike, as groups with names. Importing this registers the methods."""

from recommender.clustering import kmeans, spectral  # noqa: F401  (they register themselves)
from recommender.clustering.base import CLUSTERINGS, Method, Progress
from recommender.clustering.choose import Choice, choose
from recommender.clustering.cluster import Clustering, cluster

__all__ = ["CLUSTERINGS", "Choice", "Clustering", "Method", "Progress", "choose", "cluster"]
