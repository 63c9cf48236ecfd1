"""Training material from a user's own catalogue: its pictures, the labels that can be learnt, and its titles."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from recommender.catalog import Catalog
from recommender.catalog.labels import has_labels, label_text, telling_columns
from recommender.classifiers.house import KIND
from recommender.errors import CatalogError, ImageError
from recommender.images import open_photo
from recommender.images.canvas import letterbox
from recommender.text.features import tokens
from recommender.training.config import TrainConfig, weights_at
from recommender.training.data import KINDS, Pool
from recommender.training.groups import CANVAS, catalogue_groups, validation_mask
from recommender.training.learnt import digests, keep_learnt

LEAST = 10
TITLE = "productDisplayName"
NAMED = 5

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def pool_of(
    shop: Catalog,
    config: TrainConfig,
    say: Say,
    progress: Progress | None = None,
    earlier: Sequence[str | Path] = (),
    aspects: Sequence[str] = (),
) -> Pool:
    """What a run learns from a catalogue.

    Parameters
    ----------
    config
        Its ``labels``, ``size`` and ``validation`` count here.
    say
        Called with a sentence for everything that is left out, or can't be learnt or measured.
    progress
        Called with (done, total) pictures.
    earlier
        Models that the run has to do with, as in ``start_from``: what they learnt is not held back.
    aspects
        Columns that have to be among those that are learnt.

    Raises
    ------
    CatalogError
        If there are too few products, a column of ``config.labels`` is not there, or none can be learnt.
    ModelError
        If one of ``aspects`` is not learnt.
    """
    _tell_some("left out", list(shop.skipped), say)
    if len(shop) >= LEAST:  # of fewer there is something else to say
        _check_columns(shop, config.labels, aspects, say)
    rows, small, alike = _pictures(shop, config.size, say, progress)
    if len(rows) < LEAST:
        raise CatalogError(
            f"The catalogue {shop.name!r} has {len(rows)} product{'s' * (len(rows) != 1)} whose picture can be used; "
            f"training needs {LEAST} at least."
        )
    frame = shop.frame.iloc[rows].reset_index(drop=True)
    labels, classes = _labels(frame, shop.name, config.labels, say)
    ids = frame["id"].to_numpy(object)
    titles = titles_of(frame)
    groups = catalogue_groups(alike, titles, config.ties)
    # The text tower reads Latin letters and digits; of other titles it would learn nothing.
    titles = [title if tokens(title) else "" for title in titles]
    if not any(titles):
        say(
            f"There are no titles in Latin letters (column {TITLE}), so words are not learnt: find goes by the "
            "words in the columns and by what such products look like on average, and embed --words can't be used."
        )
    validation = validation_mask(groups, ids.tolist(), config.validation)
    told = digests(alike)
    keep_learnt(told, groups, validation, map(weights_at, earlier), say)
    _keep_rare(labels, classes, groups, validation, say)
    if config.validation and not validation.any():
        say("No product can be held back, in so small a catalogue or one that was learnt: nothing will be measured.")
    labels[KIND], classes[KIND] = np.full(len(frame), KINDS.index("product")), list(KINDS)
    return Pool(
        ids=ids,
        small=small,
        sharp=np.empty((0, *config.size, 3), np.uint8),
        sharp_of=np.full(len(frame), -1),
        labels=labels,
        classes=classes,
        photo=np.zeros(len(frame), bool),
        groups=groups,
        validation=validation,
        titles=titles,
        name=shop.name,
        digests=told,
    )


def titles_of(frame: pd.DataFrame) -> list[str]:
    """The titles of a catalogue, "" where there is none."""
    return [text or "" for text in label_text(frame[TITLE])] if TITLE in frame.columns else [""] * len(frame)


def _pictures(
    shop: Catalog, size: tuple[int, int], say: Say, progress: Progress | None
) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Rows whose picture opens, and these pictures, (n, h, w, 3) uint8: as they are learnt, and as compared."""
    canvases = np.empty((len(shop), *size, 3), np.uint8)
    compared = canvases if size == CANVAS else np.empty((len(shop), *CANVAS, 3), np.uint8)
    rows: list[int] = []
    failed = []
    for row in range(len(shop)):
        try:
            picture = open_photo(shop.image(row)).picture
            compared[len(rows)] = letterbox(picture, CANVAS)
            canvases[len(rows)] = letterbox(picture, size)
            rows.append(row)
        except ImageError as error:
            failed.append(f"Product {shop.ids[row]!r}: {error}")
        if progress:
            progress(row + 1, len(shop))
    _tell_some("left out", failed, say)
    return rows, canvases[: len(rows)], compared[: len(rows)]


def _tell_some(what: str, lines: Sequence[str], say: Say) -> None:
    for line in lines[:NAMED]:
        say(f"{what.capitalize()}: {line}")
    if len(lines) > NAMED:
        say(f"{what.capitalize()}: {len(lines) - NAMED} more like these.")


def _check_columns(shop: Catalog, wanted: Sequence[str], aspects: Sequence[str], say: Say) -> None:
    """Raise CatalogError or ModelError for what is known of the columns before any picture is opened."""
    from recommender.training.aspects import check

    told: list[str] = []
    try:
        check(aspects, list(_labels(shop.frame, shop.name, wanted, told.append)[1]))
    except CatalogError:
        for line in told:  # why no column is left; else it is said of those products whose picture can be used
            say(line)
        raise


def _labels(
    frame: pd.DataFrame, name: str, wanted: Sequence[str], say: Say
) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Numbers (n,), -1 where unknown, and sorted class names of every column that can be learnt."""
    labels: dict[str, np.ndarray] = {}
    classes: dict[str, list[str]] = {}
    sorting = wanted or telling_columns(frame)
    if not wanted and KIND in sorting:
        say(f"The column {KIND!r} is left out: the model uses that name for its own; rename it to learn it.")
    for column in wanted or [column for column in sorting if column != KIND]:
        _check_column(column, frame, name)
        values = label_text(frame[column]) if has_labels(frame[column]) else None
        reason = _unlearnable(values)
        if reason or values is None:
            say(f"The column {column!r} is left out: {reason}.")
            continue
        classes[column] = sorted({value for value in values if value is not None})
        number = {value: i for i, value in enumerate(classes[column])}
        labels[column] = np.array([-1 if value is None else number[value] for value in values], np.int64)
    if not labels:
        raise CatalogError(
            f"The catalogue {name!r} has no column that could be learnt: one is needed in which at least two values "
            f"stand, one of them for several products. Name it with --labels. There are: {', '.join(_offered(frame))}."
        )
    return labels, classes


def _check_column(column: str, frame: pd.DataFrame, name: str) -> None:
    if column == KIND:
        raise CatalogError(
            f"A column called {KIND!r} can't be learnt: the model uses that name for its own, whether there is a "
            "product. Rename the column to learn it."
        )
    if column not in frame.columns:
        near = difflib.get_close_matches(column, _offered(frame), 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(_offered(frame))}."
        raise CatalogError(f"The catalogue {name!r} has no column {column!r} to learn.{hint}")


def _offered(frame: pd.DataFrame) -> list[str]:
    """The columns that may be named."""
    return [column for column in frame.columns if column != KIND]


def _unlearnable(values: Sequence[str | None] | None) -> str | None:
    """Why a column can't be learnt, if it can't."""
    if values is None:
        return "it holds lists or other things that are no labels"
    counts = Counter(value for value in values if value is not None)
    if not counts:
        return "it is empty"
    if len(counts) == 1:
        return f"its only value is {next(iter(counts))!r}, so there is nothing to tell apart"
    if counts.most_common(1)[0][1] == 1:
        return "each value stands for one product only, so nothing can be learnt from it for others"
    return None


def _keep_rare(
    labels: dict[str, np.ndarray], classes: dict[str, list[str]], groups: np.ndarray, validation: np.ndarray, say: Say
) -> None:
    """Take products back from ``validation``, in place, where a class would have none left to be learnt from."""
    for column, values in labels.items():
        counts = np.bincount(values[values >= 0], minlength=len(classes[column]))
        trained = np.bincount(values[(values >= 0) & ~validation], minlength=len(classes[column]))
        for number in np.flatnonzero(trained == 0):
            validation[np.isin(groups, groups[values == number])] = False
        single = [classes[column][number] for number in np.flatnonzero(counts == 1)]
        if single:
            named = ", ".join(map(repr, single[:NAMED])) + (
                f" and {len(single) - NAMED} more" if len(single) > NAMED else ""
            )
            say(f"{column}: there is only one product each of {named}; it is learnt from and not measured.")
