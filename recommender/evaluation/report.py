"""The reports behind the published figures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.catalog import Catalog, load_catalog
from recommender.catalog.labels import has_labels, label_text
from recommender.classifiers import ColumnScores, HouseClassifier
from recommender.classifiers.house import HOUSE_WEIGHTS, KIND
from recommender.encoders.house import HouseEncoder
from recommender.errors import CatalogError, ImageError, ModelError
from recommender.evaluation.compare import nearest_there, to_compare
from recommender.evaluation.labels import Measured, measure_labels
from recommender.evaluation.noise import label_agreement, same_pictures
from recommender.evaluation.retrieval import (
    GRADES,
    graded_precision,
    neighbour_precision,
    telling_apart,
)
from recommender.evaluation.words import words_report
from recommender.images import EXTENSIONS, letterbox, open_photo
from recommender.models import HOUSE_WORDS, open_house
from recommender.results import KNOWN_ENOUGH
from recommender.settings import Settings
from recommender.vectors import embed_catalogue, usable

if TYPE_CHECKING:
    from recommender.training.data import Pool

Report = dict[str, dict[str, Any]]
# What a shop files a product under; a row is right only if all are.
ALL_AT_ONCE = ("masterCategory", "subCategory", "gender", "season", "usage")
# Of fewer products a type can hardly be learnt, nor its share measured.
COMMON = 10
MANY = 60_000
"""Products of which each is compared with each other one, in a minute or two."""


def catalogue_report(
    name: str,
    by: str | None = None,
    against: str | None = None,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda line: None,
    other: Path | None = None,
) -> Report:
    """Label accuracy on a catalogue's pictures, over all and for each value of the column ``by``.

    "not learnt" are those that the model was not trained on, where it was on others. Where its training held some of
    them back it was calibrated on these: ``calibrated_on`` is true then, and the calibration error is that of each
    half under what is fitted to the other. Intervals allow for products of one design. With ``against``, a catalogue,
    also the share of a product's ten nearest products there, itself not among them, that have its articleType. "taken
    for products" is the share of pictures that are known enough not to be called something else. ``settings`` name the
    model; ``say`` is told of every product that is left out. ``other`` is a folder of photos of anything else: how well
    ``known`` tells them apart (the area under the ROC curve), and how many of them are not taken for products.
    """
    shop = load_catalog(name)
    if by is not None and by not in shop.frame.columns:
        raise CatalogError(f"The catalogue {shop.name!r} has no column {by!r} to report by.")
    if by is not None and not has_labels(shop.frame[by]):
        raise CatalogError(f"The column {by!r} holds lists or other things that are no labels to report by.")
    settings = settings or Settings()
    encoder, classifier = open_house(settings)
    # All of this first: what is wrong with it is no reason to have a large catalogue embedded.
    columns = _columns(classifier, shop, say)
    there = to_compare(shop, against) if against else None
    strangers = None if other is None else _strangers(encoder, other)
    shop, vectors = usable(shop, embed_catalogue(shop, encoder, settings), encoder, settings)
    for line in shop.skipped:
        say(f"Left out: {line}")
    scores = classifier.scores(vectors)
    labels = {column: np.array(label_text(shop.frame[column]), dtype=object) for column in columns}
    shares = nearest_there(vectors, shop, encoder, there, settings) if there is not None else None
    designs, learnt, held = _designs(shop, classifier, settings, say)
    score = classifier.known(vectors)
    known = score >= KNOWN_ENOUGH
    groups = {"all": np.arange(len(shop))}
    if learnt.any():
        say(f"The model has learnt {int(learnt.sum()):,} of these {len(shop):,} pictures: of these it knows too much.")
        if not learnt.all():
            groups["not learnt"] = np.flatnonzero(~learnt)
    if by:
        values = np.array(label_text(shop.frame[by]), dtype=object)
        for value in sorted({value for value in values if value is not None}):
            groups[f"{by} {value}" if value in groups else value] = np.flatnonzero(values == value)
    report = {}
    for title, rows in groups.items():
        part = {c: ColumnScores(s.classes, s.probabilities[rows], s.sure_from) for c, s in scores.items()}
        report[title] = _measured(part, {column: values[rows] for column, values in labels.items()}, designs[rows])
        report[title]["taken for products"] = Measured.of(known[rows], designs[rows]).to_dict()
        if shares is not None:
            typed = rows[~np.isnan(shares[rows])]
            if len(typed):
                report[title]["nearest articleType@10"] = Measured.of(shares[typed], designs[typed]).to_dict()
    if strangers is not None:
        strange = classifier.known(strangers)
        report["all"]["AUROC of known"] = telling_apart(score, strange, designs).to_dict()
        report["all"]["other things refused"] = Measured.of(strange < KNOWN_ENOUGH).to_dict()
    if held.any():
        rows = groups["not learnt"]
        say(
            f"Of the {len(rows):,} that it has not learnt its training held back {int(held.sum()):,} and calibrated it "
            "on them: the calibration error there is that of each half under what is fitted to the other, and more are "
            "taken for products than of new ones."
        )
        _own_up(report["not learnt"], classifier, vectors[rows], {c: v[rows] for c, v in labels.items()}, designs[rows])
    return report


def _columns(classifier: HouseClassifier, shop: Catalog, say: Callable[[str], None]) -> list[str]:
    """The columns of a catalogue that the model can be measured on; CatalogError where there is none."""
    known = [column for column in classifier.about["classes"] if column != KIND]
    there = [column for column in known if column in shop.frame.columns]
    found = [column for column in there if has_labels(shop.frame[column])]
    for column in there:
        if column not in found:
            say(f"The column {column!r} is left out: it holds lists or other things that are no labels.")
    if not found:
        raise CatalogError(
            f"The catalogue {shop.name!r} has none of the columns that the model knows: {', '.join(known)}."
        )
    return found


def _own_up(
    part: dict[str, Any],
    classifier: HouseClassifier,
    vectors: np.ndarray,
    labels: dict[str, np.ndarray],
    designs: np.ndarray,
) -> None:
    """Say in a part of a report that the model was calibrated on its products, and measure that by halves; in place."""
    from recommender.training.report import halves_of

    for column in labels:
        if column in part:
            part[column].update(_calibrated(classifier, column, vectors, labels[column], halves_of(designs)))
            part[column]["calibrated_on"] = True
    part["taken for products"]["calibrated_on"] = True


def _designs(
    shop: Catalog, classifier: HouseClassifier, settings: Settings, say: Callable[[str], None]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers (n,) of the designs that the products are of, and two bools (n,).

    These say whose picture the model has learnt, and whose its training held back. Where a part was learnt the latter
    are told by doing the split once more, so that a product that came later may be taken for one, and so may one that
    an earlier model's training held back.
    """
    from recommender.training.catalogue import titles_of
    from recommender.training.config import TrainConfig, held_back
    from recommender.training.groups import CANVAS, catalogue_groups, validation_mask
    from recommender.training.learnt import digests, learnt_by

    usual = replace(settings, decode_side=Settings.decode_side)  # as in training, or no picture would be the same
    few = len(shop) <= MANY
    pictures = np.empty((len(shop) if few else 0, *CANVAS, 3), np.uint8)  # of a large catalogue they would not fit
    told = np.empty(len(shop), np.uint32)
    for row in range(len(shop)):
        picture = letterbox(open_photo(shop.image(row), usual).picture, CANVAS)
        told[row] = digests(picture[None])[0]
        if few:
            pictures[row] = picture
    learnt = np.isin(told, learnt_by([settings.model / HOUSE_WEIGHTS.name]))
    share, ties = held_back(classifier.about, str(classifier.about.get("catalogue", "")))
    rest = ~learnt if learnt.any() and share else np.zeros(len(shop), bool)
    if not few:
        say(f"Which of more than {MANY:,} products are of one design would take too long: each counts alone.")
        return np.arange(len(shop)), learnt, rest  # nor can the split be told: all that is left may be held back
    titles = titles_of(shop.frame)
    designs = catalogue_groups(pictures, titles)
    if rest.any():
        tied = designs if ties == TrainConfig.ties else catalogue_groups(pictures, titles, ties)
        rest &= validation_mask(tied, shop.ids, share)
    return designs, learnt, rest


def validation_report(
    data: Path | None = None,
    other: Path | None = None,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """The shipped model on the validation products of the training tables.

    ``studio`` has the label accuracy with the calibration error of each half under what is fitted to the other, how
    often five columns are right at once, and articleType of the types that are common enough to be learnt;
    ``neighbours`` the graded Precision@6 of each large category and how many of ten neighbours are of the right kind;
    ``phone`` is about snapshots; ``words`` is about searching in words; ``labels`` says how often the
    labels of equal pictures agree. ``other`` is a folder of photos of anything else: with it, ``known`` says how well
    they are told apart. ``say`` is told of products that the model has learnt all the same.
    """
    from recommender.training.config import TrainConfig, held_back
    from recommender.training.data import data_folder, load_pool
    from recommender.training.learnt import keep_learnt
    from recommender.training.report import halves

    settings = settings or Settings()
    encoder, classifier = open_house(settings)
    # Other ties, or a larger share, would hold back what the model has learnt.
    share, ties = held_back(classifier.about)
    if not share:
        raise ModelError(f"The model in {settings.model} held nothing back: there is nothing to measure it on.")
    folder = data_folder(data)
    strangers = None if other is None else _strangers(encoder, other)  # before the tables, which take long
    pool = load_pool(folder, encoder.size, min(share, TrainConfig.validation), ties=ties)
    learnt = [settings.model / HOUSE_WEIGHTS.name]
    keep_learnt(pool.digests, pool.groups, pool.validation, learnt, say)
    if not (pool.validation & ~pool.photo).any():
        raise ModelError(f"The model in {settings.model} has learnt all of these products: none is left to measure.")
    if not (set(classifier.about["classes"]) - {KIND}) & set(pool.classes):
        raise CatalogError("The training tables have none of the columns that this model knows.")
    vectors = encoder.encode(pool.small)
    held = np.flatnonzero(pool.validation & ~pool.photo)
    scores = {c: found for c, found in classifier.scores(vectors[held]).items() if c in pool.classes}
    labels = {
        column: np.array([pool.classes[column][i] if i >= 0 else None for i in pool.labels[column][held]], dtype=object)
        for column in scores
    }
    report: Report = {"studio": _measured(scores, labels, pool.groups[held])}
    for column, found in report["studio"].items():
        found.update(_calibrated(classifier, column, vectors[held], labels[column], halves(pool, held)))
    if set(ALL_AT_ONCE) <= set(scores):
        report["studio"]["all of " + ", ".join(ALL_AT_ONCE)] = _at_once(scores, labels, pool.groups[held]).to_dict()
    if "articleType" in scores and (common := _common(scores, pool, held)):
        report["studio"][f"articleType of {COMMON} or more products"] = common.to_dict()
    report["neighbours"] = _neighbours(pool, vectors, held)
    report["phone"] = _phone(pool, vectors)
    report["words"] = words_report(pool, vectors, held, encoder.fingerprint, settings.model / HOUSE_WORDS)
    shop = np.flatnonzero(~pool.photo)
    pairs = same_pictures(pool.small[shop])
    agreement = label_agreement(pairs, {column: pool.labels[column][shop] for column in scores})
    report["labels"] = {column: found.to_dict() for column, found in agreement.items()}
    if strangers is not None:
        report["known"] = _known(classifier, vectors, pool, strangers)
    return report


def _calibrated(
    classifier: HouseClassifier, column: str, vectors: np.ndarray, truth: np.ndarray, half: np.ndarray
) -> dict[str, float]:
    """Calibration error of a column, and what it would be by chance, as they are stored with a model.

    The shipped calibration was fitted to these products: it can't be measured on them as it is. {} where the model
    knows none of the true labels.
    """
    from recommender.training.report import measure

    number = {name: i for i, name in enumerate(classifier.about["classes"][column])}
    labels = np.array([number.get(value, -1) for value in truth])
    if (labels < 0).all():
        return {}
    found = measure(classifier.logits(column, vectors), labels, half)
    return {name: found[name] for name in ("calibration_error", "by_chance")}


def _common(scores: dict[str, ColumnScores], pool: Pool, held: np.ndarray) -> Measured | None:
    """Accuracy of ``articleType`` on the rows whose type has ``COMMON`` products or more, in the whole table.

    None where there is no such row.
    """
    types = pool.labels["articleType"]
    often = np.bincount(types[(types >= 0) & ~pool.photo], minlength=len(pool.classes["articleType"])) >= COMMON
    want = types[held]
    rows = (want >= 0) & often[want]
    if not rows.any():
        return None
    names = np.array(pool.classes["articleType"], dtype=object)
    return Measured.of((scores["articleType"].best()[0] == names[want])[rows], pool.groups[held][rows])


def _at_once(scores: dict[str, ColumnScores], labels: dict[str, np.ndarray], groups: np.ndarray) -> Measured:
    return Measured.of(np.all([scores[column].best()[0] == labels[column] for column in ALL_AT_ONCE], axis=0), groups)


def _neighbours(pool: Pool, vectors: np.ndarray, held: np.ndarray) -> dict[str, Any]:
    """Neighbours of the validation products among all studio products but themselves, and among the training ones."""
    studio = np.flatnonzero(~pool.photo)
    row_of = {row: i for i, row in enumerate(studio.tolist())}
    labels = {column: pool.labels[column][studio] for column in GRADES}
    names = pool.classes["masterCategory"]
    found: dict[str, Any] = {}
    for category in ("Footwear", "Apparel", "Accessories"):
        if category in names:
            of = held[pool.labels["masterCategory"][held] == names.index(category)]
            if len(of):
                rows = np.array([row_of[row] for row in of.tolist()])
                measured = graded_precision(rows, vectors[studio], labels, groups=pool.groups[of])
                found[f"Precision@6 {category}"] = measured.to_dict()
    shop = np.flatnonzero(~pool.validation & ~pool.photo)
    kinds = pool.labels["articleType"]
    if len(asked := held[kinds[held] >= 0]):
        found["articleType@10"] = neighbour_precision(
            vectors[asked], kinds[asked], vectors[shop], kinds[shop], groups=pool.groups[asked]
        ).to_dict()
    return found


def _phone(pool: Pool, vectors: np.ndarray) -> dict[str, Any]:
    """Snapshots: a linear probe for the ten most frequent classes, and their neighbours among studio products."""
    from sklearn.linear_model import LogisticRegression

    garments = pool.labels["garment"]
    learn, check = (np.flatnonzero(pool.photo & side) for side in (~pool.validation, pool.validation))
    found: dict[str, Any] = {}
    frequent = np.argsort(-np.bincount(garments[learn], minlength=len(pool.classes["garment"])), kind="stable")[:10]
    learn, tried = (rows[np.isin(garments[rows], frequent)] for rows in (learn, check))
    if len(np.unique(garments[learn])) > 1 and len(tried):
        probe = LogisticRegression(C=100.0, max_iter=1000).fit(vectors[learn], garments[learn])
        found["ten classes"] = Measured.of(
            probe.predict(vectors[tried]) == garments[tried], pool.groups[tried]
        ).to_dict()
    shop = np.flatnonzero(~pool.validation & ~pool.photo)
    asked = check[np.isin(garments[check], np.unique(garments[shop]))]
    if len(asked):
        precision = neighbour_precision(
            vectors[asked], garments[asked], vectors[shop], garments[shop], groups=pool.groups[asked]
        )
        found["photo to product@10"] = precision.to_dict()
    return found


def _strangers(encoder: HouseEncoder, folder: Path) -> np.ndarray:
    """Vectors of the pictures in a folder."""
    canvases = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower().lstrip(".") in EXTENSIONS):
        with contextlib.suppress(ImageError):
            canvases.append(encoder.prepare(open_photo(path).picture))
    if not canvases:
        raise CatalogError(f"There is no readable picture in {str(folder)!r}.")
    return encoder.encode(np.stack(canvases))


def _known(classifier: HouseClassifier, vectors: np.ndarray, pool: Pool, strange: np.ndarray) -> dict[str, Any]:
    from recommender.training.report import halves

    score = classifier.known(strange)
    found = {}
    held = np.flatnonzero(pool.validation)
    held = held[halves(pool, held)]  # what is known was fitted to the other half
    for name, side in (("studio", ~pool.photo), ("phone", pool.photo)):
        rows = held[side[held]]
        if len(rows):
            known = classifier.known(vectors[rows])
            found[f"AUROC {name}"] = telling_apart(known, score, pool.groups[rows]).to_dict()
    return found


def _measured(
    scores: dict[str, ColumnScores], labels: dict[str, np.ndarray], groups: np.ndarray | None = None
) -> dict[str, Any]:
    return {column: found.to_dict() for column, found in measure_labels(scores, labels, groups).items()}
