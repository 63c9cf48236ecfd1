"""Classifiers: unit vectors in, labels with probabilities out."""

from recommender.classifiers.base import Classifier, ColumnScores
from recommender.classifiers.house import HouseClassifier
from recommender.classifiers.neighbours import NeighbourClassifier

__all__ = ["Classifier", "ColumnScores", "HouseClassifier", "NeighbourClassifier"]
