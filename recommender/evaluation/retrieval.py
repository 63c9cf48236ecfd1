"""How good what is found is: graded neighbours, words, and telling products from anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recommender.evaluation.labels import Measured
from recommender.evaluation.metrics import auroc, independent, wilson_interval

GRADES = ("gender", "masterCategory", "subCategory", "articleType", "baseColour")
"""The five attributes of Precision@6 in Bhuptani and Patil, "Image Based Recommendation System", 2021."""


def nearest(queries: np.ndarray, vectors: np.ndarray, k: int, own: np.ndarray | None = None) -> np.ndarray:
    """Rows (q, k) of the most similar ``vectors``, nearest first; ``own`` (q,) is the row that a query is itself."""
    k = min(k, len(vectors) - (own is not None))
    out = np.empty((len(queries), k), np.int64)
    for start in range(0, len(queries), 256):
        similar = queries[start : start + 256] @ vectors.T
        if own is not None:
            similar[np.arange(len(similar)), own[start : start + 256]] = -np.inf
        rows = np.argpartition(-similar, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(similar, rows, 1), axis=1, kind="stable")
        out[start : start + 256] = np.take_along_axis(rows, order, 1)
    return out


def neighbour_precision(
    queries: np.ndarray,
    query_labels: np.ndarray,
    vectors: np.ndarray,
    labels: np.ndarray,
    k: int = 10,
    groups: np.ndarray | None = None,
) -> Measured:
    """Mean share of the ``k`` nearest ``vectors`` (n, d) that carry the query's label.

    ``groups`` (q,) of queries are those that were drawn whole.
    """
    return Measured.of((labels[nearest(queries, vectors, k)] == query_labels[:, None]).mean(1), groups)


def graded_precision(
    rows: np.ndarray,
    vectors: np.ndarray,
    labels: Mapping[str, np.ndarray],
    k: int = 6,
    grades: Sequence[str] = GRADES,
    groups: np.ndarray | None = None,
) -> Measured:
    """Precision@k where a neighbour counts by the share of its attributes that it shares with the query.

    Parameters
    ----------
    rows
        (q,) queries, as rows of ``vectors`` (n, d); a query is not among its own neighbours.
    labels
        (n,) class numbers a column, below 0 where one is not known: such a query is graded by its other attributes.
    groups
        (q,) those of the queries that were drawn whole.
    """
    found = nearest(vectors[rows], vectors, k, rows)
    wanted = np.stack([labels[column][rows] for column in grades])  # (grades, q)
    same = np.stack([labels[column][found] for column in grades]) == wanted[:, :, None]
    known = wanted >= 0
    shares = (same.mean(2) * known).sum(0) / np.maximum(known.sum(0), 1)
    return Measured.of(shares, groups)


def recall(
    queries: np.ndarray, vectors: np.ndarray, target: np.ndarray, k: int = 10, groups: np.ndarray | None = None
) -> Measured:
    """Share of queries whose ``target`` row is among their ``k`` nearest ``vectors``; ``groups`` (q,) as above."""
    return Measured.of((nearest(queries, vectors, k) == target[:, None]).any(1), groups)


def telling_apart(known: np.ndarray, strange: np.ndarray, groups: np.ndarray | None = None) -> Measured:
    """Area under the ROC curve of a score that should be higher for ``known`` (n,) than for ``strange`` (m,).

    The interval is that of DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More Correlated
    Receiver Operating Characteristic Curves", 1988: both sides' shares of the other one that lie beyond them scatter.
    ``groups`` (n,) of what is known are those that were drawn whole. Where nothing scatters, since none is out of
    place or one is all there is, it is Wilson's of the smaller side.
    """
    area = auroc(known, strange)
    n, m = len(known), len(strange)
    above = np.array([auroc(one, strange) for one in known[:, None]])
    below = np.array([auroc(known, one) for one in strange[:, None]])
    many = independent(above, groups)
    spread = above.var(ddof=1) / many + below.var(ddof=1) / m if min(n, m) > 1 else 0.0
    if spread <= 0:
        return Measured(area, *wilson_interval(area, min(many, m)), n + m)
    half = 1.96 * float(spread) ** 0.5
    return Measured(area, max(0.0, area - half), min(1.0, area + half), n + m)
