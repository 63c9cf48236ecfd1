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


def usable(shop: Catalog, vectors: np.ndarray, encoder: Encoder, settings: Settings) -> tuple[Catalog, np.ndarray]:
    """Catalogue and vectors without the products whose picture can't be used; these are listed as skipped.

    A picture that could not be used when the others were embedded, and now can, is embedded here.

    Raises
    ------
    CatalogError
        If none can be used.
    """
    reasons = {}
    missing = np.flatnonzero(~vectors.any(axis=1)).tolist()
    vectors = vectors.copy() if missing else vectors
    for row in missing:
        try:
            vectors[row] = encoder.encode(encoder.prepare(open_photo(shop.image(row), settings).picture)[None])[0]
        except ImageError as error:
            reasons[row] = str(error)
    shop = shop.without(reasons)
    if not len(shop):
        raise CatalogError(f"The catalogue {shop.name!r} holds no product with a readable picture.")
    return shop, np.delete(vectors, list(reasons), axis=0) if reasons else vectors
