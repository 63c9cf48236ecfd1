"""Indexes: nearest products for a unit vector. Importing this registers them all."""

from recommender.index.auto import AutoIndex
from recommender.index.base import INDEXES, Index
from recommender.index.exact import ExactIndex
from recommender.index.hnsw import HnswIndex

__all__ = ["INDEXES", "AutoIndex", "ExactIndex", "HnswIndex", "Index"]
