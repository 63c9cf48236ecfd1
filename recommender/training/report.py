"""From a finished run to the shipped files: calibrate on the validation products, measure each half by the other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender.classifiers.base import energy, softmax
from recommender.classifiers.familiar import Familiar
from recommender.classifiers.house import KIND
from recommender.evaluation.metrics import calibration_error_by_chance, expected_calibration_error, mean_interval
from recommender.training.calibrate import cross_fitted, fit
from recommender.training.config import TrainConfig, weights_at
from recommender.training.data import Pool
from recommender.training.export import export, halve, round_as_stored
from recommender.training.familiar import fit_familiar, prototypes_of
from recommender.training.groups import CANVAS
from recommender.training.heads import refit_heads
from recommender.training.imagined import of_all_kinds, placed, strange
from recommender.training.learnt import LEARNT, digests, learnt_by
from recommender.training.loop import outputs
from recommender.training.network import HouseNet

IMAGINED = 6000
"""Training pictures whose products are looked at on another background too, for what is familiar."""
MEASURED, FEW, PIXELS = 128, 16, 600_000
"""Pictures, each in three ways, that the steps of whole numbers are measured on: so many, fewer of large ones."""
SNAPSHOTS = 10
"""Of fewer there is no saying what snapshots are like."""


def halves(pool: Pool, rows: np.ndarray) -> np.ndarray:
    """True for the rows whose duplicate group falls into the second half."""
    return halves_of(pool.groups[rows])


def halves_of(groups: np.ndarray) -> np.ndarray:
    """(n,) group numbers to a bool each: whether the group falls into the second half."""
    digests = (hashlib.blake2b(f"half:{group}".encode()).digest() for group in groups)
    return np.array([digest[0] % 2 == 0 for digest in digests], dtype=bool)


def finish(
    network: HouseNet,
    pool: Pool,
    config: TrainConfig,
    folder: Path,
    heads: bool = True,
    earlier: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """Round the network, refit the heads, calibrate, measure and export; returns what is stored about the model.

    ``network`` holds whole numbers then (:mod:`recommender.training.whole`), which nothing learns from any more.
    Without ``heads`` these are finished already, and stay as they are. ``earlier`` are the models, as in
    ``start_from``, that this one was made of: what they learnt it has learnt.

    ``measured`` holds, for each column, accuracy with its 95 % interval, the number of products
    and the calibration error, with what it would stay below by chance. Calibration is fitted to all validation
    products; its error is that of each half under what was fitted to the other. Where nothing was held back,
    nothing is measured.
    """
    height, width = config.size
    round_as_stored(network, of_all_kinds(config, pool, min(MEASURED, max(PIXELS // (height * width), FEW))))
    learnt = outputs(network, pool.small[~pool.validation])[0]
    if heads:
        refit_heads(network, pool, config, learnt)
        halve(network)
    rows = np.flatnonzero(pool.validation & ~pool.photo)
    _, logits = outputs(network, pool.small[rows])
    half = halves(pool, rows)
    shipped = (*pool.columns, *([KIND] if KIND in pool.classes else []))
    about: dict[str, Any] = {
        "classes": {column: pool.classes[column] for column in shipped},
        "temperature": dict.fromkeys(shipped, 1.0),
        "sure_from": dict.fromkeys(shipped, 0.5),
        "confidence": {},
        "measured": {},
        "split": {"training": int((~pool.validation).sum()), "validation": len(rows)},
        "config": config.to_dict(),
    }
    if pool.name:
        about["catalogue"] = pool.name
    for column in pool.columns:
        labels = pool.labels[column][rows]
        calibration = fit(logits[column], labels)
        about["temperature"][column] = round(calibration.temperature, 4)
        about["sure_from"][column] = calibration.sure_from
        about["confidence"][column] = calibration.points
        if (labels >= 0).any():
            about["measured"][column] = measure(logits[column], labels, half, pool.groups[rows])
    if KIND in pool.classes:
        about["temperature"][KIND] = _kind_temperature(network, pool, config)
    arrays = {LEARNT: np.union1d(_learnt(pool), learnt_by(map(weights_at, earlier)))}
    if rule := _familiar(network, pool, learnt, about["temperature"], config):
        about["familiar"], arrays["prototypes"] = rule.to_dict(), rule.prototypes.astype(np.float16)
    export(network, about, folder, words=any(pool.titles) and config.text_weight > 0, more=arrays)
    return about


def _learnt(pool: Pool) -> np.ndarray:
    """Digests of the training pictures, in both sharpnesses."""
    told, sharp = pool.digests[~pool.validation], pool.sharp_of[~pool.validation]
    # Of pictures of another size there are none to compare with.
    comparable = pool.sharp.shape[1:3] == CANVAS
    return np.concatenate([told, digests(pool.sharp[sharp[sharp >= 0]])]) if comparable else told


def _kind_temperature(network: HouseNet, pool: Pool, config: TrainConfig) -> float:
    """Temperature of the column ``kind``, from the calibrating photos and a stranger made of each of them.

    At least 1: invented strangers are easier to tell than real ones, and can't say that the head is too modest.
    """
    held = _calibrating(pool)
    if not len(held):
        return 1.0
    _, logits = outputs(network, np.concatenate([pool.small[held], strange(config, pool, held)]))
    product = pool.classes[KIND].index("product")
    return max(1.0, round(fit(logits[KIND], np.repeat([product, 1 - product], len(held))).temperature, 4))


def _calibrating(pool: Pool) -> np.ndarray:
    """Validation rows of the half that nothing is measured on; all of a catalogue's, of which that is not measured."""
    held = np.flatnonzero(pool.validation)
    half = held[~halves(pool, held)] if len(held) and not pool.name else held
    return half if len(half) else held


def _familiar(
    network: HouseNet, pool: Pool, learnt: np.ndarray, temperature: dict[str, float], config: TrainConfig
) -> Familiar | None:
    """What is familiar, by the training pictures and by the calibrating half of the validation ones, snapshots too.

    Without snapshots there would be no telling: to studio photos any snapshot is strange. Of most classes there are
    none, so that what these may look like is imagined, in both parts; of all, where nobody took one. None where
    nothing was held back, or none of it can be cut out either.
    """
    held = _calibrating(pool)
    elsewhere, of = placed(config, pool, held)
    if not pool.photo[held].any() and len(elsewhere) < SNAPSHOTS:
        return None
    train = np.flatnonzero(~pool.validation)
    some = np.random.default_rng(config.seed).permutation(train)[:IMAGINED]
    moved = outputs(network, placed(config, pool, some)[0])[0]
    prototypes = _prototypes(
        network,
        np.concatenate([learnt, moved]),
        np.concatenate([pool.photo[train], np.ones(len(moved), bool)]),
        config.seed,
    )
    vectors, logits = outputs(network, np.concatenate([pool.small[held], elsewhere]))
    claiming = pool.claiming
    claims = logits[claiming] / temperature[claiming]
    product = None
    if KIND in logits:
        product = softmax(logits[KIND] / temperature[KIND])[:, pool.classes[KIND].index("product")]
    other = np.arange(len(vectors)) >= len(held)
    taken = pool.photo[held].any()
    return fit_familiar(
        prototypes,
        vectors,
        energy(claims),
        claims.argmax(1),
        claiming,
        len(pool.classes[claiming]),
        np.concatenate([pool.photo[held], other[other]]),
        other & taken,
        pool.groups[np.concatenate([held, of])],
        product,
    )


def _prototypes(network: HouseNet, learnt: np.ndarray, snapshot: np.ndarray, seed: int) -> np.ndarray:
    """(p, d) whose products with vectors are their nearness to prototypes.

    What is said of labels does not count in it: a photo that may be either of two things is no stranger for that.
    """
    if not network.config.aspects:
        return prototypes_of(learnt, snapshot, seed)
    turn = network.blend.weight.detach().numpy()[:, : network.config.dim]
    alone = learnt @ turn
    length = np.linalg.norm(alone, axis=1, keepdims=True)
    return prototypes_of(alone / length, snapshot, seed) @ turn.T / length.mean()


def measure(
    logits: np.ndarray, labels: np.ndarray, half: np.ndarray, groups: np.ndarray | None = None
) -> dict[str, float]:
    """Accuracy, and calibration error of each ``half`` (n,) under the other's calibration, over all labelled rows.

    ``groups`` (n,) of rows are held back whole.
    """
    known = labels >= 0
    right = (logits.argmax(1) == labels)[known]
    accuracy = float(right.mean())
    low, high = mean_interval(right, None if groups is None else groups[known])
    sure = cross_fitted(logits[known], labels[known], half[known])
    return {
        "accuracy": round(accuracy, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "products": int(known.sum()),
        "calibration_error": round(expected_calibration_error(sure, labels[known]), 4),
        "by_chance": round(calibration_error_by_chance(sure), 4),
    }
