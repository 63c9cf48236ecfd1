"""Encoders: pictures in, unit vectors out. Importing this registers them all."""

from recommender.encoders import colour, house, pretrained  # noqa: F401  (they register themselves)
from recommender.encoders.base import ENCODERS, Encoder, unit

__all__ = ["ENCODERS", "Encoder", "unit"]
