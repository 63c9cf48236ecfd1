"""Bytes become a safe, upright RGB picture, or one clear sentence about why they can't."""

from recommender.images.canvas import letterbox
from recommender.images.photo import Photo, open_photo, picture_bytes
from recommender.images.source import EXTENSIONS, Source

__all__ = ["EXTENSIONS", "Photo", "Source", "letterbox", "open_photo", "picture_bytes"]
