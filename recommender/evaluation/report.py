"""The reports behind the published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from recommender.catalog import load_catalog
from recommender.classifiers import ColumnScores, HouseClassifier
from recommender.encoders.house import HouseEncoder
from recommender.errors import CatalogError
from recommender.evaluation.labels import measure_labels, neighbour_precision
from recommender.images import open_photo

Report = dict[str, dict[str, Any]]


def catalogue_report(name: str, by: str | None = None) -> Report:
    """Label accuracy on a catalogue's pictures, over all and for each value of the column ``by``."""
    shop = load_catalog(name)
    if by is not None and by not in shop.frame.columns:
        raise CatalogError(f"The catalogue {shop.name!r} has no column {by!r} to report by.")
    if not len(shop):
        raise CatalogError(f"The catalogue {shop.name!r} holds no product.")
    encoder = HouseEncoder()
    classifier = HouseClassifier(encoder=encoder.fingerprint)
    canvases = np.stack([encoder.prepare(open_photo(shop.image(row)).picture) for row in range(len(shop))])
    scores = classifier.scores(encoder.encode(canvases))
    labels = {column: shop.frame[column].to_numpy(object) for column in shop.label_columns}
    report = {"all": _measured(scores, labels)}
    if by:
        for value in sorted(shop.frame[by].dropna().unique(), key=str):
            rows = np.flatnonzero(shop.frame[by] == value)
            part = {c: ColumnScores(s.classes, s.probabilities[rows], s.sure_from) for c, s in scores.items()}
            report[str(value)] = _measured(part, {column: values[rows] for column, values in labels.items()})
    return report


def validation_report(data: Path | None = None) -> Report:
    """The shipped model on the validation products of the training tables.

    ``studio`` has the label accuracy; ``neighbours`` the share of the ten nearest training
    products of a validation product that are of its articleType, and of a phone photo that
    are of its garment class.
    """
    from recommender.training.config import TrainConfig
    from recommender.training.data import data_folder, load_pool

    config = TrainConfig()
    encoder = HouseEncoder()
    classifier = HouseClassifier(encoder=encoder.fingerprint)
    pool = load_pool(data_folder(data), encoder.size, config.validation)
    vectors = encoder.encode(pool.small)
    held = np.flatnonzero(pool.validation & ~pool.photo)
    shop = np.flatnonzero(~pool.validation & ~pool.photo)
    scores = classifier.scores(vectors[held])
    labels = {
        column: np.array([pool.classes[column][i] if i >= 0 else None for i in pool.labels[column][held]], dtype=object)
        for column in scores
    }
    kinds, garments = pool.labels["articleType"], pool.labels["garment"]
    phones = np.flatnonzero(pool.validation & pool.photo & np.isin(garments, np.unique(garments[shop])))
    shares = {
        "articleType@10": neighbour_precision(vectors[held], kinds[held], vectors[shop], kinds[shop]),
        "phone photo@10": neighbour_precision(vectors[phones], garments[phones], vectors[shop], garments[shop]),
    }
    return {
        "studio": _measured(scores, labels),
        "neighbours": {name: {"accuracy": round(share, 4)} for name, share in shares.items()},
    }


def _measured(scores: dict[str, ColumnScores], labels: dict[str, np.ndarray]) -> dict[str, Any]:
    return {column: found.to_dict() for column, found in measure_labels(scores, labels).items()}
