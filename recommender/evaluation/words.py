"""How well words find: a product by its own title, and products like a photo but in the colour that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recommender.catalog import LABEL_COLUMNS
from recommender.evaluation.labels import Measured
from recommender.evaluation.retrieval import recall
from recommender.text import TextTower, WordSearch

if TYPE_CHECKING:
    from recommender.training.data import Pool

ASKED = 500
"""Questions in words that are put to the whole set, one after the other."""
FOUND = 10
KEPT = ("articleType", "gender")
"""What a product in another colour is to share with the one of the photo."""
NAMED = ("articleType", "gender", "baseColour", "pattern")
"""What a title names of what is to be seen, beside the brand and the model."""


def words_report(pool: Pool, vectors: np.ndarray, held: np.ndarray, encoder: str, path: Path) -> dict[str, Any]:
    """Recall of validation products by their own titles, and how often a colour asked for beside a photo is found.

    Both in the whole set of studio products, by the vectors alone and as the service searches, which also reads what
    the products are called; and of the first what could be expected of the labels that a title names. {} where the
    model has no text tower.
    """
    if not path.is_file():
        return {}
    tower = TextTower(path, encoder)
    studio = np.flatnonzero(~pool.photo)
    target = np.searchsorted(studio, held)
    titled = np.array([bool(pool.titles[row]) for row in held], bool)
    found: dict[str, Any] = {}
    if titled.any():
        asked = tower.encode([pool.titles[row] for row in held[titled]])
        groups = pool.groups[held[titled]]
        found["own title, R@10"] = recall(asked, vectors[studio], target[titled], FOUND, groups).to_dict()
        known = _by_labels(pool, studio)[target[titled]]
        found["own title by its labels, R@10"] = Measured.of(known, groups).to_dict()
    bare = WordSearch(pd.DataFrame(index=range(len(studio))), vectors[studio], tower)
    called = WordSearch(_frame(pool, studio), vectors[studio], tower)
    rng = np.random.default_rng(0)
    if titled.any():
        some = rng.permutation(target[titled])[:ASKED]
        hits = [
            row in _best(called.ask(pool.titles[studio[row]]).scores(vectors[studio], None)) for row in some.tolist()
        ]
        measured = Measured.of(np.array(hits), pool.groups[studio[some]])
        found["own title among own words too, R@10"] = measured.to_dict()
    tasks = _other_colours(pool, studio, rng.permutation(target))
    for name, search in (("by look", bare), ("and own words", called)):
        shares = [_kept(search, pool, studio, vectors[studio], row, colour) for row, colour in tasks]
        if shares:
            groups = pool.groups[studio[[row for row, _ in tasks]]]
            found[f"photo and a colour, {name}"] = Measured.of(np.array(shares), groups).to_dict()
    return found


def _by_labels(pool: Pool, rows: np.ndarray) -> np.ndarray:
    """(n,) chance that a product is among ten drawn from those that share all of :data:`NAMED` with it.

    So often it would be found by a model that is right about these labels of every product and sees no more.
    """
    columns = [pool.labels[column][rows] for column in NAMED if column in pool.labels]
    _, group, sizes = np.unique(np.stack(columns), axis=1, return_inverse=True, return_counts=True)
    return np.minimum(FOUND / sizes[group.ravel()], 1.0)


def _frame(pool: Pool, rows: np.ndarray) -> pd.DataFrame:
    """The columns of a catalogue that products are described by."""
    columns = {
        column: [pool.classes[column][i] if i >= 0 else None for i in pool.labels[column][rows]]
        for column in LABEL_COLUMNS
        if column in pool.labels
    }
    return pd.DataFrame({**columns, "productDisplayName": [pool.titles[row] for row in rows]})


def _best(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")[:FOUND]


def _other_colours(pool: Pool, studio: np.ndarray, order: np.ndarray) -> list[tuple[int, int]]:
    """Products, and each a colour of which there are enough products that it shares all else of :data:`KEPT` with."""
    colours = pool.labels["baseColour"][studio]
    kinds = np.stack([pool.labels[column][studio] for column in KEPT])
    rng = np.random.default_rng(1)
    tasks: list[tuple[int, int]] = []
    for row in order.tolist():
        if len(tasks) == ASKED:
            break
        alike = (kinds == kinds[:, row : row + 1]).all(0) & (colours >= 0)
        many = np.bincount(colours[alike], minlength=len(pool.classes["baseColour"]))
        if colours[row] >= 0:
            many[colours[row]] = 0
        there = np.flatnonzero(many >= FOUND)
        if len(there):
            tasks.append((row, int(rng.choice(there))))
    return tasks


def _kept(search: WordSearch, pool: Pool, studio: np.ndarray, vectors: np.ndarray, row: int, colour: int) -> float:
    """Share of the ten best others that have the colour and share all of :data:`KEPT` with the product of the photo."""
    scores = search.ask(pool.classes["baseColour"][colour].lower()).scores(vectors, vectors[row])
    best = _best(np.where(np.arange(len(scores)) == row, -np.inf, scores))
    right = pool.labels["baseColour"][studio[best]] == colour
    for column in KEPT:
        right &= pool.labels[column][studio[best]] == pool.labels[column][studio[row]]
    return float(right.mean())
