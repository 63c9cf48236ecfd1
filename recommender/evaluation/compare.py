"""What is found in another catalogue: whether the nearest products there are of the same kind."""

from __future__ import annotations

import numpy as np

from recommender.catalog import Catalog, load_catalog
from recommender.catalog.labels import has_labels, label_text
from recommender.encoders.house import HouseEncoder
from recommender.errors import CatalogError
from recommender.evaluation.retrieval import nearest
from recommender.settings import Settings
from recommender.vectors import embed_catalogue, usable

SAME = 0.9999
"""Cosine of the vectors of a picture that is in two catalogues, at least."""


def to_compare(shop: Catalog, against: str) -> Catalog:
    """The catalogue ``against``; CatalogError where there is no articleType, in it or ``shop``, to compare by."""
    there = load_catalog(against)
    for one in (shop, there):
        if "articleType" not in one.frame.columns:
            raise CatalogError(f"The catalogue {one.name!r} has no column 'articleType' to compare by.")
        if not has_labels(one.frame["articleType"]):
            raise CatalogError(f"The column 'articleType' of {one.name!r} holds things that are no labels.")
    _named(there)
    return there


def _named(there: Catalog) -> np.ndarray:
    """(n,) bool: which products have an articleType; CatalogError where none has."""
    named = np.array([kind is not None for kind in label_text(there.frame["articleType"])], bool)
    if not named.any():
        raise CatalogError(f"The catalogue {there.name!r} names no articleType to compare by.")
    return named


def nearest_there(
    vectors: np.ndarray, shop: Catalog, encoder: HouseEncoder, there: Catalog, settings: Settings
) -> np.ndarray:
    """(n,) share of the ten nearest products of the catalogue ``there`` that are of the same articleType.

    nan where a product's own is unknown; products there of unknown type don't count, nor does the product itself,
    where it is told by its ``id`` and an equal vector.
    """
    there, candidates = usable(there, embed_catalogue(there, encoder, settings), encoder, settings)
    own, kinds = (np.array(label_text(one.frame["articleType"]), dtype=object) for one in (shop, there))
    named = _named(there)
    candidates, kinds = candidates[named], kinds[named]
    row_of = {key: row for row, key in enumerate(np.array(there.ids, dtype=object)[named])}
    itself = np.array([row_of.get(key, -1) for key in shop.ids])
    itself[(vectors * candidates[itself]).sum(1) < SAME] = -1
    rows = nearest(vectors, candidates, 11)
    others = rows != itself[:, None]
    others &= others.cumsum(1) <= 10
    right = (kinds[rows] == own[:, None]) & others
    asked = np.array([kind is not None for kind in own]) & others.any(1)
    return np.where(asked, right.sum(1) / np.maximum(others.sum(1), 1), np.nan)
