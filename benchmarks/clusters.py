"""How long clusters take, which number of them is suggested, and how many planted mistakes are found.

    python -m benchmarks.clusters [TABLE.parquet]

Without a table, the demo catalogue. Seconds are printed as passed / of the processor.

Planted mistakes: a twentieth of the labels of a column is exchanged for those of other products, and as many suspects
are asked for; five times. What the catalogue itself has wrong counts against the result.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from recommender import Recommender
from recommender.clustering import CLUSTERINGS, cluster
from recommender.maps.mistakes import suspects
from recommender.maps.neighbours import Neighbours, neighbours
from recommender.maps.twins import TWINS, near_duplicates, same_pictures, thumbnail_of
from recommender.text.own_words import Words

SEEDS = range(5)
COLUMNS = ("masterCategory", "subCategory", "articleType", "gender", "baseColour")


def timed(name: str, work: Callable[[], object]) -> object:
    """What ``work`` gives; prints how long it took."""
    started, worked = time.perf_counter(), time.process_time()
    found = work()
    print(f"{name}: {time.perf_counter() - started:.2f} s / {time.process_time() - worked:.2f} s")
    return found


def planted(shop: Recommender, column: str, near: Neighbours) -> None:
    """Share of the planted labels among as many suspects, and among the first tenth of these."""
    true = shop.catalogue.frame[column].to_numpy(object)
    found, first, right = [], [], []
    for seed in SEEDS:
        rng, labels = np.random.default_rng(seed), true.copy()
        wrong = rng.choice(len(true), len(true) // 20, replace=False)
        for row in wrong:
            labels[row] = rng.choice(true[true != true[row]])
        some = suspects(shop.vectors, labels, near=near, most=len(wrong))
        hit = np.isin(some.rows, wrong)
        found.append(hit.sum() / len(wrong))
        first.append(hit[: max(len(wrong) // 10, 1)].mean())
        right.append((some.seen == true[some.rows])[hit].mean())
    medians = (statistics.median(part) for part in (found, first, right))
    print("  {}: found {:.0%}, of the first tenth {:.0%}, right label {:.0%}".format(column, *medians))


def twins(shop: Recommender) -> None:
    """How many of the marked duplicates are among the pairs, at the default threshold and around it."""
    frame = shop.catalogue.frame
    for column in (name for name in ("duplicateOf", "variantOf") if name in frame.columns):
        given = [(row, other) for row, other in enumerate(frame[column]) if isinstance(other, str)]
        marked = {tuple(sorted((row, shop.catalogue.row_of(other)))) for row, other in given}
        for threshold in (0.999, TWINS, 0.95):
            near = near_duplicates(shop.vectors, threshold, most=10**6)
            same = same_pictures(near, lambda row: thumbnail_of(shop.catalogue.image(row)))
            for what, some in (("alike", near), ("same picture", same)):
                pairs = {tuple(pair) for pair in some.pairs.tolist()}
                print(
                    f"  {column} from {threshold} {what}: {len(marked & pairs)} of {len(marked)}, in {len(pairs)} pairs"
                )


def main(table: str) -> None:
    shop = Recommender.open(table)
    frame = shop.catalogue.frame
    print(f"{len(frame)} products")
    for method in CLUSTERINGS:
        found = timed(method, lambda method=method: cluster(shop.vectors, frame, method))
        print(f"  {found.k} clusters: {', '.join(found.names)}")
    near = timed("neighbours", lambda: neighbours(shop.vectors, 10))
    for column in COLUMNS:
        planted(shop, column, near)
    timed("pairs", lambda: near_duplicates(shop.vectors))
    twins(shop)
    words = timed("words, read", lambda: Words(frame))
    timed("words, asked", lambda: words.match("red women shoes"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
