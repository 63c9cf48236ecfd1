"""Labels that the neighbours contradict.

A product whose nearest others all have another label is either rare or mislabelled.
Filtering by what neighbours say goes back to Wilson ("Asymptotic Properties of Nearest
Neighbor Rules Using Edited Data", 1972) and Brodley and Friedl ("Identifying Mislabeled
Training Data", 1999, section 3); that a class which is hard to tell must not fill the
list is from Northcutt, Jiang and Chuang ("Confident Learning", 2021, section 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import RecommenderError
from recommender.maps.neighbours import Neighbours, neighbours

K = 10
TEMPERATURE = 0.07  # of the votes, as in recommender.classifiers.neighbours
MOST = 500
# A product is at home among those of another label where it is nearer to them than at least this share of themselves.
AT_HOME = 0.25


@dataclass(frozen=True, eq=False)
class Suspects:
    """Products whose label their neighbours contradict, the most suspicious first.

    Attributes
    ----------
    rows
        (m,) int64 rows of the products.
    given
        (m,) object: the label that each has.
    seen
        (m,) object: the label that its neighbours suggest.
    share
        (m,) float32 in (0, 1]: how much of the neighbours' vote that label has.
    witnesses
        For each the rows of the neighbours that have the suggested label, most similar first.
    total
        How many are suspected, of which these are the most suspicious.
    """

    rows: np.ndarray
    given: np.ndarray
    seen: np.ndarray
    share: np.ndarray
    witnesses: tuple[np.ndarray, ...]
    total: int

    def __len__(self) -> int:
        return len(self.rows)


def suspects(
    vectors: np.ndarray,
    values: Sequence[str | None] | np.ndarray,
    k: int = K,
    most: int = MOST,
    near: Neighbours | None = None,
    progress: Callable[[float], None] | None = None,
) -> Suspects:
    """Products that are likely labelled wrong.

    Of the ``k`` nearest others those with a label vote, nearer ones with more weight. A product is suspected where a
    label other than its own gets more than half of the votes. How suspicious it is, is a product of three:

    - the vote for that label minus the vote for its own, where each vote for the new one counts as much as the voter's
      own neighbours confirm it;
    - how seldom products of its label are seen as the other;
    - whether it lies as near to products of the other label as they do to each other.

    Parameters
    ----------
    vectors
        (n, d) float32 of unit length.
    values
        (n,) labels; None for none, and such products neither vote nor are suspected.
    most
        The most that are given.
    near
        Neighbours found before, ``k`` or more each; looked for where None.

    Raises
    ------
    RecommenderError
        If ``values`` are not one a product, or ``k`` is less than 1.
    """
    n = len(vectors)
    if len(values) != n:
        raise RecommenderError(f"There are {n:,} products and {len(values):,} labels.")
    if k < 1:
        raise RecommenderError("At least one neighbour has to be asked.")
    numbers, names = _numbered(values)
    near = near or neighbours(vectors, k, progress)
    rows, similarity = near.rows[:, :k], near.similarity[:, :k]
    if n < 3 or len(names) < 2:
        return _suspects([], numbers, names, numbers, np.zeros(n), rows, 0)
    labels = numbers[rows]
    votes = _votes(similarity, labels)
    # The label with the most votes: for each neighbour, the votes of all that agree with it.
    agree = np.einsum("nij,nj->ni", labels[:, :, None] == labels[:, None, :], votes)
    best = np.where(labels < 0, 0, agree).argmax(axis=1)[:, None]
    seen, share = (np.take_along_axis(part, best, 1)[:, 0] for part in (labels, agree))
    own = (votes * (labels == numbers[:, None])).sum(axis=1)
    confirmed = (votes * own[rows] * (labels == seen[:, None])).sum(axis=1)
    found = np.flatnonzero((numbers >= 0) & (seen >= 0) & (seen != numbers) & (share > 0.5))
    surprise = _surprise(votes, labels, numbers, found, seen)
    fits = np.minimum(_fit(similarity, labels, numbers, found, seen) / AT_HOME, 1)
    order = found[np.lexsort((found, -(surprise * fits * (confirmed - own)[found])))][:most]
    return _suspects(order, numbers, names, seen, share, rows, len(found))


def _votes(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """What each neighbour's word counts, (n, k) that sum to one; 0 for those without a label.

    The weights are those of Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance Discrimination",
    2018, section 3.4.
    """
    votes = np.exp((similarity - similarity[:, :1]) / TEMPERATURE) * (labels >= 0)
    return votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)


def _surprise(
    votes: np.ndarray, labels: np.ndarray, numbers: np.ndarray, found: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """For each of the rows ``found`` how much more its kind usually gets votes for its own label than for the other.

    Kinds that are hard to tell apart, as trunks and briefs, disagree every day; a T-shirt among briefs is news.
    """
    classes = int(numbers.max()) + 1
    valid = (numbers[:, None] >= 0) & (labels >= 0)
    pairs, place = np.unique((numbers[:, None] * classes + labels)[valid], return_inverse=True)
    sizes = np.bincount(numbers[numbers >= 0], minlength=classes)
    usual = np.bincount(place, votes[valid]) / sizes[pairs // classes]

    def average(wanted: np.ndarray) -> np.ndarray:
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        return np.where(pairs[at] == wanted, usual[at], 0)

    given = numbers[found] * classes
    return np.maximum(average(given + numbers[found]) - average(given + seen[found]), 0)


def _fit(
    similarity: np.ndarray, labels: np.ndarray, numbers: np.ndarray, found: np.ndarray, seen: np.ndarray
) -> np.ndarray:
    """For each of the rows ``found`` the share of the products of its suggested label that have less like neighbours.

    A product that is a stranger to a label is near to nothing of it, whoever its neighbours are; one of its kind lies
    as near to the others as they do to each other.
    """

    def closeness(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        alike = labels[rows] == wanted[:, None]
        return (similarity[rows] * alike).sum(axis=1) / np.maximum(alike.sum(axis=1), 1)

    every = closeness(np.arange(len(numbers)), numbers)
    mine = closeness(found, seen[found])
    out = np.zeros(len(found))
    for label in np.unique(seen[found]):
        members = np.sort(every[(numbers == label)])
        here = seen[found] == label
        out[here] = np.searchsorted(members, mine[here], side="right") / len(members)
    return out


def _suspects(
    order: Sequence[int] | np.ndarray,
    numbers: np.ndarray,
    names: np.ndarray,
    seen: np.ndarray,
    share: np.ndarray,
    rows: np.ndarray,
    total: int,
) -> Suspects:
    order = np.asarray(order, np.int64)
    witnesses = tuple(rows[i][numbers[rows[i]] == seen[i]].astype(np.int64) for i in order)
    return Suspects(order, names[numbers[order]], names[seen[order]], share[order].astype(np.float32), witnesses, total)


def _numbered(values: Sequence[str | None] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels as numbers (n,), -1 for none, and their names (c,) object."""
    texts = [value if isinstance(value, str) and value.strip() else None for value in values]
    names = sorted({text for text in texts if text is not None})
    number = {name: i for i, name in enumerate(names)}
    return np.array([-1 if text is None else number[text] for text in texts], np.int64), np.array(names, object)
