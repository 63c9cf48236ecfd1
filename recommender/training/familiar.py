"""Learn what is familiar: prototypes of the training pictures, and what is usual in each class."""

from __future__ import annotations

import numpy as np

from recommender.classifiers.familiar import Familiar

PROTOTYPES = 512
# A class with few photos leans on what is usual in all of them.
LEAN = 25
LOW = 0.02


def fit_familiar(
    learnt: np.ndarray,
    photo: np.ndarray,
    vectors: np.ndarray,
    energies: np.ndarray,
    predicted: np.ndarray,
    column: str,
    classes: int,
    seed: int,
) -> Familiar:
    """The rule of a model.

    Parameters
    ----------
    learnt
        (n, d) unit vectors of training pictures; ``photo`` (n,) marks snapshots among them, which
        get a quarter of the prototypes however few they are.
    vectors, energies, predicted
        (m, d), (m,) and (m,): unit vectors, energies and predicted classes of pictures that
        were not trained on.
    """
    parts = [(learnt[~photo], PROTOTYPES), (learnt[photo], 0)]
    if photo.any() and not photo.all():
        parts = [(learnt[~photo], PROTOTYPES * 3 // 4), (learnt[photo], PROTOTYPES // 4)]
    elif photo.all():
        parts = [(learnt[photo], PROTOTYPES)]
    prototypes = np.concatenate([_centres(part, many, seed) for part, many in parts if many])
    rule = Familiar(prototypes, column, np.zeros(classes), np.ones(classes))
    score = rule.score(vectors, energies)
    bounds = np.quantile(score, [LOW, 0.5])
    table = np.empty((classes, 2))
    for number in range(classes):
        own = score[predicted == number]
        found = np.quantile(own, [LOW, 0.5]) if len(own) else bounds
        table[number] = (len(own) * found + LEAN * bounds) / (len(own) + LEAN)
    # Where all scores are the same there is still a slope.
    usual = np.maximum(table[:, 1], table[:, 0] + 1e-3)
    return Familiar(prototypes, column, table[:, 0], usual)


def _centres(vectors: np.ndarray, many: int, seed: int) -> np.ndarray:
    """At most ``many`` cluster centres of unit length."""
    from sklearn.cluster import MiniBatchKMeans

    many = min(many, len(vectors))
    found = MiniBatchKMeans(many, random_state=seed, n_init=1, batch_size=2048).fit(vectors).cluster_centers_
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)
