"""A catalogue's pictures as vectors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

from recommender.catalog import Catalog
from recommender.encoders import Encoder
from recommender.errors import CatalogError, ImageError
from recommender.images import open_photo
from recommender.settings import Settings

Progress = Callable[[int, int], None]


def embed_catalogue(
    shop: Catalog, encoder: Encoder, settings: Settings, progress: Progress | None = None
) -> np.ndarray:
    """Unit vectors (n, d) of a catalogue's pictures, in row order; zeros where a picture can't be used."""
    vectors = np.zeros((len(shop), encoder.dimension), np.float32)
    for start in range(0, len(shop), 256):
        stop = min(start + 256, len(shop))
        canvases = {}
        for row in range(start, stop):
            with contextlib.suppress(ImageError):
                canvases[row] = encoder.prepare(open_photo(shop.image(row), settings).picture)
        if canvases:
            vectors[list(canvases)] = encoder.encode(np.stack(list(canvases.values())))
        if progress:
            progress(stop, len(shop))
    return vectors


def usable(shop: Catalog, vectors: np.ndarray, settings: Settings) -> tuple[Catalog, np.ndarray]:
    """Catalogue and vectors without the products whose picture can't be used; these are listed as skipped."""
    reasons = {}
    for row in np.flatnonzero(~vectors.any(axis=1)).tolist():
        try:
            open_photo(shop.image(row), settings)
            reasons[row] = "The picture could not be used when the catalogue was embedded."
        except ImageError as error:
            reasons[row] = str(error)
    shop = shop.without(reasons)
    if not len(shop):
        raise CatalogError(f"The catalogue {shop.name!r} holds no product with a readable picture.")
    return shop, np.delete(vectors, list(reasons), axis=0) if reasons else vectors
