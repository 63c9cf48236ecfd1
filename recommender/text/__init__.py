"""Words to the vectors of pictures and to the products that are called so: what is typed finds what it describes."""

from recommender.text.features import features, tokens
from recommender.text.own_words import Words
from recommender.text.search import Question, WordSearch
from recommender.text.tower import TextTower

__all__ = ["Question", "TextTower", "WordSearch", "Words", "features", "tokens"]
