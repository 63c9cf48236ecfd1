"""Maps of a catalogue, and what can be read off them."""

from recommender.maps.map import EmbeddingMap, Placement, draw

__all__ = ["EmbeddingMap", "Placement", "draw"]
