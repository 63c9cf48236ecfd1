"""Words to the vectors of pictures: what a visitor types finds what it describes."""

from recommender.text.features import features, tokens
from recommender.text.tower import TextTower

__all__ = ["TextTower", "features", "tokens"]
