"""The training loop: one cycle, averaged weights, resumable after a kill."""

from __future__ import annotations

import copy
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.classifiers.house import KIND
from recommender.errors import ModelError
from recommender.files import atomic, to_disk
from recommender.training.augment import Augment, foregrounds, margins
from recommender.training.blend import drawn_back
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.matching import Teacher
from recommender.training.metrics import append, keep_before
from recommender.training.mix import Mixed, mixed
from recommender.training.muon import Muon
from recommender.training.near import Neighbours
from recommender.training.network import HouseNet
from recommender.training.precision import native_bfloat16
from recommender.training.start import digest_at, take_up
from recommender.training.surfaces import surfaces
from recommender.training.teacher import opinions
from recommender.training.words import Words

BACKGROUNDS = 256
FEW_BATCHES = 10

Progress = Callable[[dict[str, float]], None]


def prepare(config: TrainConfig, pool: Pool) -> tuple[HouseNet, Augment, np.ndarray]:
    """Network, augmentation and product masks of a run, all from its seed."""
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    network = HouseNet(config, {column: len(names) for column, names in pool.classes.items()})
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    masks = foregrounds(pool.small)
    masks[pool.photo] = 0
    return network, augmentation(config, pool), masks


def augmentation(config: TrainConfig, pool: Pool) -> Augment:
    """The augmentation of a run, with drawn backgrounds, and as many from its phone photos where there are any."""
    phones = pool.small[pool.photo & ~pool.validation]
    backgrounds = _backgrounds(config.seed, config.size, phones.tobytes())
    return Augment(backgrounds, config.composite, config.nothing, config.seed, config.clean)


@lru_cache(maxsize=1)
def _backgrounds(seed: int, size: tuple[int, int], phones: bytes) -> np.ndarray:
    """(m, h, w, 3) uint8. To draw them takes ten seconds, and one command asks for the same ones up to five times."""
    rng = np.random.default_rng(seed)
    photos = np.frombuffer(phones, np.uint8).reshape(-1, *size, 3)
    drawn = surfaces(max(BACKGROUNDS, 2 * len(photos)), size, rng)
    return np.concatenate([margins(photos, rng), drawn]) if len(photos) else drawn


def epoch_rows(config: TrainConfig, pool: Pool, epoch: int) -> Iterator[np.ndarray]:
    """Batches of row numbers; the order depends on seed and epoch alone, which makes a resumed run the same run.

    All batches are full, and what is left over waits for another epoch. Where that would be much,
    in a pool of less than ten batches, all are about equal and hold every product.
    """
    train = np.flatnonzero(~pool.validation)
    repeats = np.where(pool.photo[train], config.photo_repeats, 1)
    rows = np.random.default_rng((config.seed, epoch)).permutation(np.repeat(train, repeats))
    full = len(rows) // config.batch
    if full < FEW_BATCHES:
        yield from np.array_split(rows, max(1, round(len(rows) / config.batch)))
        return
    for start in range(0, full * config.batch, config.batch):
        yield rows[start : start + config.batch]


def learning_rate(config: TrainConfig, epoch: float) -> float:
    """One or more cycles: a linear rise, then a cosine to (almost) nothing (Loshchilov and Hutter, "SGDR", 2017)."""
    cycles = [(0, config.lr), *((start, peak) for start, peak, _ in config.restarts if start < config.epochs)]
    number = max(i for i, (start, _) in enumerate(cycles) if start <= epoch)
    start, peak = cycles[number]
    end = cycles[number + 1][0] if number + 1 < len(cycles) else config.epochs
    done = (epoch - start) / (end - start)
    if done < config.warmup:
        return peak * (0.02 + 0.98 * done / config.warmup)
    return peak * (0.002 + 0.998 * 0.5 * (1 + math.cos(math.pi * (done - config.warmup) / (1 - config.warmup))))


def loss_of(
    logits: dict[str, Tensor],
    labels: dict[str, Tensor],
    there: Tensor,
    config: TrainConfig,
    said: Mapping[str, Tensor] = MappingProxyType({}),
    mix: Mixed | None = None,
    seen: Mapping[str, Tensor] = MappingProxyType({}),
) -> Tensor:
    """Weighted sum of cross-entropies with label smoothing; unknown labels (-1) do not count.

    Where the product was replaced by a bare background only ``kind`` is learnt. Where ``said`` has (n, classes)
    probabilities of a column for the clean pictures, they are learnt beside the labels, with the share
    ``config.teaching``. Pictures that ``mix`` made of two are to be called both. ``seen`` are such
    probabilities for the pictures as they are now, of unlabelled ones too.
    """
    total = torch.zeros(())
    weights = dict(config.loss_weights)
    for column, known in labels.items():
        label = torch.where(there, known, torch.zeros_like(known) if column == KIND else -1)
        told = (label >= 0)[:, None]
        target = F.one_hot(label.clamp(min=0), logits[column].shape[1]).float()
        target = torch.lerp(target, torch.full_like(target, 1 / target.shape[1]), config.smoothing)
        if column in said:
            target = torch.lerp(target, said[column].float(), config.teaching)
        target = torch.where(told, target, 0.0)
        target = mix.targets(target) if mix else target
        if column in seen:
            target = torch.lerp(target, torch.where(there[:, None], seen[column], 0.0), config.teaching)
        if target.any():
            # What is known of a picture made of two may be half of it.
            loss = -(target * logits[column].log_softmax(1)).sum() / target.sum()
            total = total + weights.get(column, 1.0) * loss
    return total


def average(network: nn.Module, running: nn.Module, decay: float) -> None:
    """Exponential moving average of weights and of batch-norm statistics, in place on ``running``."""
    with torch.no_grad():
        for kept, new in zip(running.state_dict().values(), network.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, 1 - decay)
            else:
                kept.copy_(new)


def train(
    config: TrainConfig,
    pool: Pool,
    run: Path,
    progress: Progress | None = None,
    each_epoch: Callable[[dict[str, Any], float], None] | None = None,
) -> HouseNet:
    """Train on ``pool`` and return the averaged network, drawn back to its start by ``config.keep_start``.

    ``run`` receives ``config.json``, ``metrics.jsonl``, ``curves.png`` and ``checkpoint.pt``; a
    run folder with a checkpoint is taken up where it stopped. ``progress`` is told of every
    twentieth step and of each epoch's last one; ``each_epoch`` gets the line that was added to
    ``metrics.jsonl`` and the seconds left.

    Raises
    ------
    ModelError
        If the run folder belongs to another configuration or other data, its checkpoint is damaged, or it can't be
        written to.
    """
    run.mkdir(parents=True, exist_ok=True)
    network, augment, masks = prepare(config, pool)
    fresh = not (run / "checkpoint.pt").exists()
    if config.start_from and fresh:
        take_up(network, config.start_from, pool, augment, masks)
    teacher = Teacher(config, pool) if config.teacher else None
    if teacher and fresh:
        teacher.prepares(network, pool)
    asked = config.start_from and (config.teaching or config.matching) and not teacher
    told = opinions(config, pool) if asked else None
    running = copy.deepcopy(network).eval()
    optimiser = Muon(network, config.lr, config.weight_decay)
    labels = {column: torch.from_numpy(values) for column, values in pool.labels.items()}
    words, near = Words(network.text, pool, config), Neighbours(pool, config)
    batches = sum(1 for _ in epoch_rows(config, pool, 0))
    first = _resume(run, config, pool, network, running, optimiser, augment, words, near)
    with to_disk(run, _again(run)):
        keep_before(run, first)
        (run / "config.json").write_text(json.dumps(config.to_dict(), indent=1))
    started = time.monotonic()
    for epoch in range(first, config.epochs):
        network.train()
        augment.composite = next((share for at, _, share in reversed(config.restarts) if epoch >= at), config.composite)
        size = next((size for at, size in reversed(config.sizes) if epoch >= at), config.size)
        steps, sum_loss = 0, 0.0
        # Of its own for each epoch, so that a resumed run draws what an uninterrupted one draws.
        rng = np.random.default_rng((config.seed, epoch, 1))
        for step, rows in enumerate(epoch_rows(config, pool, epoch)):
            optimiser.set_rate(learning_rate(config, epoch + step / batches))
            pictures = pool.small[rows]
            sharp = pool.sharp_of[rows]
            use = (sharp >= 0) & (rng.random(len(rows)) < 0.6)
            pictures[use] = pool.sharp[sharp[use]]
            pixels, there = augment(pictures, masks[rows], pool.photo[rows])
            mix = mixed(pixels, there, config.mixing, augment.random)
            pixels = mix.pixels
            if size != config.size:
                pixels = F.interpolate(pixels, size, mode="bilinear", antialias=True)
            with torch.autocast("cpu", torch.bfloat16, enabled=config.bf16 and native_bfloat16()):
                vectors = network.embed(pixels.to(memory_format=torch.channels_last))
            own = {column: values[rows] for column, values in labels.items()}
            said = {column: shares[rows] for column, shares in told.shares.items()} if told else {}
            wanted, seen = teacher.sees(pixels) if teacher else (None, {})
            loss = loss_of(network.classify(vectors), own, there, config, said, mix, seen)
            if wanted is not None:
                loss = loss + config.matching * (wanted - vectors).square().sum(1).mean()
            whole = there & mix.alone
            if told and config.matching:
                products = whole & ~torch.from_numpy(pool.photo[rows])
                loss = loss + config.matching * told.distance(vectors, rows, products)
            if config.text_weight:
                loss = loss + config.text_weight * words.loss(vectors, rows, whole, rng)
            if config.near_weight:
                loss = loss + config.near_weight * near.loss(vectors, rows, whole, rng)
            if not math.isfinite(loss.item()):
                raise ModelError(
                    f"Training went astray in epoch {epoch + 1}: its loss is no number any more. Give a smaller lr or "
                    f"weight_decay, and another run folder than {run}."
                )
            if loss.requires_grad:  # a small batch may hold no label at all
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 5.0)
                optimiser.step()
            # A young average must not remember the random start.
            done = epoch * batches + step
            average(network, running, min(config.ema, (1 + done) / (10 + done)))
            steps, sum_loss = steps + 1, sum_loss + loss.item()
            if progress and (step % 20 == 0 or step + 1 == batches):
                left = _left(started, epoch - first + (step + 1) / batches, config.epochs - first)
                progress(
                    {"epoch": epoch, "step": step + 1, "of": batches, "loss": sum_loss / steps, "seconds_left": left}
                )
        losses = {"epoch": epoch, "rate": learning_rate(config, epoch), "loss": round(sum_loss / max(steps, 1), 5)}
        metrics = {**losses, **validate(running, pool, config)}
        with to_disk(run, _again(run)):
            append(run, metrics)
        _save(run, config, pool, epoch + 1, network, running, optimiser, augment, words, near)
        if each_epoch:
            each_epoch(metrics, _left(started, epoch + 1 - first, config.epochs - first))
    return drawn_back(running, config, pool, masks) if config.start_from and config.keep_start else running


def _left(started: float, done: float, of: float) -> float:
    """Seconds that the rest takes at the pace since ``started``."""
    return (time.monotonic() - started) * (of / done - 1)


def outputs(network: HouseNet, pictures: np.ndarray, batch: int = 256) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Vectors (n, dim) and logits of every column, (n, classes) float32, in evaluation mode."""
    network.eval()
    if not len(pictures):
        empty = np.empty((0, network.config.dim), np.float32)
        return empty, {c: np.empty((0, network.head(c).out_features), np.float32) for c in network.columns}
    vectors, logits = [], []
    with torch.inference_mode():
        for start in range(0, len(pictures), batch):
            pixels = torch.from_numpy(pictures[start : start + batch]).permute(0, 3, 1, 2).float() / 255
            part = network.embed(pixels.to(memory_format=torch.channels_last))
            vectors.append(part.numpy())
            logits.append({column: rows.numpy() for column, rows in network.classify(part).items()})
    return np.concatenate(vectors), {c: np.concatenate([part[c] for part in logits]) for c in logits[0]}


def validate(network: HouseNet, pool: Pool, config: TrainConfig) -> dict[str, Any]:
    """``validation_loss``, and ``accuracy`` of each column on the validation products.

    Auxiliary columns are measured on the phone photos among them. {} where nothing is held back.
    """
    rows = np.flatnonzero(pool.validation)
    if not len(rows):
        return {}
    _, logits = outputs(network, pool.small[rows])
    labels = {column: torch.from_numpy(values[rows]) for column, values in pool.labels.items()}
    there = torch.ones(len(rows), dtype=torch.bool)
    loss = loss_of({column: torch.from_numpy(part) for column, part in logits.items()}, labels, there, config)
    found: dict[str, float] = {}
    for column, values in pool.labels.items():
        if column == KIND:
            continue
        want, photo = values[rows], pool.photo[rows]
        right = logits[column].argmax(1) == want
        keep = (want >= 0) & (photo if column in pool.auxiliary else ~photo)
        if keep.any():
            found[column] = round(float(right[keep].mean()), 4)
    return {"validation_loss": round(float(loss), 5), "accuracy": found}


def _pool_key(pool: Pool) -> str:
    """What tells one pool from another: its products and which of them validate."""
    digest = hashlib.blake2b("\n".join(map(str, pool.ids)).encode(), digest_size=16)
    digest.update(pool.validation.tobytes())
    return digest.hexdigest()


def _picture_key(pool: Pool) -> str:
    """What tells apart other pictures of the same products."""
    return hashlib.blake2b(np.ascontiguousarray(pool.small).data, digest_size=16).hexdigest()


def _label_key(pool: Pool) -> str:
    """What tells apart what is learnt of the same products: columns, classes, labels and titles."""
    digest = hashlib.blake2b(json.dumps([pool.classes, pool.titles]).encode(), digest_size=16)
    for values in pool.labels.values():
        digest.update(values.tobytes())
    return digest.hexdigest()


def _start_key(config: TrainConfig) -> str:
    """What tells apart the weights that a run begins from and is taught by; they are read again when it goes on."""
    return " ".join(digest_at(start) for start in (config.start_from, config.teacher) if start)


def _same(stored: str, config: TrainConfig) -> bool:
    """Whether a checkpoint's configuration is this one; what was not yet there when it was written has its default."""
    return bool(
        {**json.loads(json.dumps(TrainConfig().to_dict())), **json.loads(stored)}
        == json.loads(json.dumps(config.to_dict()))
    )


def _save(run: Path, config: TrainConfig, pool: Pool, epoch: int, *parts: object) -> None:
    network, running, optimiser, augment, words, near = parts
    state = {
        "epoch": epoch,
        "config": json.dumps(config.to_dict()),
        "pool": _pool_key(pool),
        "labels": _label_key(pool),
        "pictures": _picture_key(pool),
        "start": _start_key(config),
        "network": network.state_dict(),  # type: ignore[attr-defined]
        "running": running.state_dict(),  # type: ignore[attr-defined]
        "optimiser": optimiser.state_dict(),  # type: ignore[attr-defined]
        "random": augment.random.get_state(),  # type: ignore[attr-defined]
        "words": words.state_dict(),  # type: ignore[attr-defined]
        "near": near.state_dict(),  # type: ignore[attr-defined]
        "torch": torch.get_rng_state(),
    }
    path = run / "checkpoint.pt"
    # At a full disk torch raises an error of its own.
    with to_disk(path, _again(run), (OSError, RuntimeError)), atomic(path) as draft:
        torch.save(state, draft)


def _again(run: Path) -> str:
    """What else to do where a run could not be kept."""
    kept = ": the checkpoint of the last epoch before is still there" if (run / "checkpoint.pt").exists() else ""
    return f"give the same command again{kept}."


def _resume(run: Path, config: TrainConfig, pool: Pool, *parts: object) -> int:
    """Load the checkpoint into ``parts`` and return the epoch to go on with (0 without one)."""
    path = run / "checkpoint.pt"
    if not path.exists():
        return 0
    try:
        state = torch.load(path, weights_only=True)
    except Exception as error:  # at a damaged file torch raises nearly anything
        raise ModelError(f"{path} is damaged. Remove it to train from the beginning.") from error
    if not isinstance(state, dict) or not isinstance(state.get("config"), str) or "optimiser" not in state:
        raise ModelError(f"{path} is no checkpoint of this program. Name another run folder.")
    keys = {"pool": _pool_key(pool), "labels": _label_key(pool), "pictures": _picture_key(pool)}
    if state.get("start", _start_key(config)) != _start_key(config):
        raise ModelError(
            f"{run} holds a run that began from other weights than those that start_from or teacher name now. "
            "Name another run folder."
        )
    if not _same(state["config"], config) or any(state.get(part, key) != key for part, key in keys.items()):
        # Its checkpoint is hours of work: it is not overwritten without being asked.
        raise ModelError(f"{run} holds a run of another configuration or other data. Name another run folder.")
    if "momenta" not in state["optimiser"] or (config.aspects and "waves.weight" not in state["network"]):
        raise ModelError(f"{run} holds a run of an earlier version, which can't be taken up. Name another run folder.")
    network, running, optimiser, augment, words, near = parts
    words.load_state_dict(state["words"])  # type: ignore[attr-defined]
    near.load_state_dict(state["near"])  # type: ignore[attr-defined]
    network.load_state_dict(state["network"])  # type: ignore[attr-defined]
    running.load_state_dict(state["running"])  # type: ignore[attr-defined]
    optimiser.load_state_dict(state["optimiser"])  # type: ignore[attr-defined]
    augment.random.set_state(state["random"])  # type: ignore[attr-defined]
    torch.set_rng_state(state["torch"])
    return int(state["epoch"])
