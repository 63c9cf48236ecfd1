"""Learn what is familiar: prototypes of the training pictures, and what is usual in each class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.classifiers.familiar import Familiar, log_odds

PROTOTYPES = 1024
# A class with few photos leans on what is usual in all of them.
LEAN = 8
LOW = 0.01
FOLDS = 10
REFUSED = 1 / 450
"""Share of products that may be called unknown: to send a customer away with one is worse than to guess at a plant."""


def prototypes_of(learnt: np.ndarray, snapshot: np.ndarray, seed: int) -> np.ndarray:
    """(p, d) unit vectors that stand for the training pictures ``learnt`` (n, d).

    ``snapshot`` (n,) marks those among them that are not plain studio photos, which get a quarter however few they are.
    """
    shares = [(learnt[~snapshot], 1.0), (learnt[snapshot], 1.0)]
    if snapshot.any() and not snapshot.all():
        shares = [(learnt[~snapshot], 0.75), (learnt[snapshot], 0.25)]
    return np.concatenate([_centres(part, round(PROTOTYPES * share), seed) for part, share in shares if len(part)])


def fit_familiar(
    prototypes: np.ndarray,
    vectors: np.ndarray,
    energies: np.ndarray,
    predicted: np.ndarray,
    column: str,
    classes: int,
    snapshot: np.ndarray,
    imagined: np.ndarray,
    groups: np.ndarray,
    product: np.ndarray | None = None,
) -> Familiar:
    """What is usual in each class, and what sum of log-odds one in 450 photos stays below.

    ``vectors`` (m, d), ``energies``, ``predicted`` and, where there is a head for it, the probability of
    a ``product`` (m,) are of pictures that were not trained on. ``snapshot`` (m,) marks those that were not taken in a
    studio, ``imagined`` (m,) those that were not taken at all: these say what snapshots of a class may be
    like at worst, and nothing else. ``groups`` (m,) are the duplicate groups of what is shown: a photo is read against
    what is usual in those of other folds, since none is strange to what it was counted in itself.
    """
    score = Familiar(prototypes, column, np.zeros(classes), np.ones(classes)).score(vectors, energies)

    def usual_in(chosen: np.ndarray) -> np.ndarray:
        everywhere, table = np.quantile(score[chosen], [LOW, 0.5]), np.empty((classes, 2))
        for number in range(classes):
            own = score[chosen & (predicted == number)]
            found = np.quantile(own, [LOW, 0.5]) if len(own) else everywhere
            table[number] = (len(own) * found + LEAN * everywhere) / (len(own) + LEAN)
        return table

    def rule_of(seen: np.ndarray) -> Familiar:
        table = usual_in(seen & ~imagined)
        if (seen & snapshot).any():
            table[:, 0] = np.minimum(table[:, 0], usual_in(seen & snapshot)[:, 0])
        # Where all scores are the same there is still a slope.
        return Familiar(prototypes, column, table[:, 0], np.maximum(table[:, 1], table[:, 0] + 1e-3))

    rule = rule_of(np.ones(len(score), bool))
    taken = [rows for rows in _folds(groups) if (~imagined[rows]).any()]
    odds = np.full(len(score), np.nan)
    for rows in taken:
        others = np.ones(len(score), bool)
        others[rows] = len(taken) == 1
        odds[rows] = rule_of(others).log_odds(vectors[rows], energies[rows], predicted[rows])
    odds += 0 if product is None else log_odds(product)
    return replace(rule, bound=round(float(np.quantile(odds[~imagined], REFUSED)), 4))


def _folds(groups: np.ndarray) -> list[np.ndarray]:
    """Rows of groups (m,) in up to ``FOLDS`` parts, each group in one of them."""
    number = np.unique(groups, return_inverse=True)[1] % FOLDS
    return [np.flatnonzero(number == fold) for fold in range(FOLDS)]


def _centres(vectors: np.ndarray, many: int, seed: int) -> np.ndarray:
    """At most ``many`` cluster centres of unit length."""
    from sklearn.cluster import MiniBatchKMeans

    many = min(many, len(vectors))
    found = MiniBatchKMeans(many, random_state=seed, n_init=1, batch_size=2048).fit(vectors).cluster_centers_
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)
