"""One training run from material to model files, as ``python -m recommender train`` does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recommender.catalog import LABEL_COLUMNS, load_catalog
from recommender.catalog.catalog import columns_of, name_of
from recommender.classifiers.house import KIND
from recommender.errors import ConfigError, DataMissingError, ModelError
from recommender.files import writable
from recommender.training.catalogue import pool_of
from recommender.training.config import SHIPPED, TrainConfig, for_catalogue, held_back, weights_at
from recommender.training.config_file import Given, read_config
from recommender.training.data import Pool, data_folder, load_pool
from recommender.training.learnt import keep_learnt

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def _silent(sentence: str) -> None:
    pass


@dataclass(frozen=True)
class Ask:
    """What the command line asked for; None and () leave a thing to the configuration.

    ``catalogue`` is "demo" or a Parquet table; without one, the three tables in ``data`` are learnt.
    """

    catalogue: str | None = None
    data: Path | None = None
    config: Path | None = None
    labels: Sequence[str] = ()
    from_scratch: bool = False
    epochs: int | None = None
    seed: int | None = None
    limit: int | None = None
    run: Path | None = None
    out: Path | None = None


def configured(ask: Ask, say: Say = _silent) -> TrainConfig:
    """The defaults, then what the model to start from is, then what the file says, then what was asked for.

    ``say`` is told of what counts for nothing, and of a picture size that the model to start from doesn't know.

    Raises
    ------
    ConfigError
        If the file is wrong, or labels are named without a catalogue.
    ModelError
        If there is no model to start from.
    """
    given = read_config(ask.config) if ask.config else Given()
    usual = for_catalogue(ask.from_scratch) if ask.catalogue else TrainConfig()
    start = "" if ask.from_scratch else given.values.get("start_from", usual.start_from)
    there = _as_at(start, usual) if start else usual
    config = replace(given.over(there), start_from=start)
    if not ask.catalogue and (ask.labels or config.labels):
        raise ConfigError(
            "labels are columns of a catalogue of your own: name its table with --catalogue, or leave them out. "
            "The tables of the house model have theirs."
        )
    if not start:
        _say_what_is_for_nothing(config, say)
        config = replace(config, beside=(), aspects=())
    else:
        _say_other_size(config, there.size, say)
    if config.matching and not (config.teacher or config.start_from):
        raise ConfigError("matching needs a teacher or start_from: the folder of a finished model, or 'shipped'.")
    if start and config.keep_start and config.teacher:
        raise ConfigError(
            "keep_start can't be used with a teacher: it sees in another space than the starting weights."
        )
    asked = {"epochs": ask.epochs, "seed": ask.seed, "labels": tuple(ask.labels) or None}
    return replace(config, **{key: value for key, value in asked.items() if value is not None})  # type: ignore[arg-type]


def _as_at(start: str, usual: TrainConfig) -> TrainConfig:
    """``usual`` with the networks and the picture size of the model that training would start from."""
    from recommender.training.start import about_at, shape_at, words_at

    height, width = about_at(start).get("size", usual.size)
    config = replace(usual, size=(height, width), **shape_at(start), **words_at(start))
    # The stages of another size would end at that other size.
    return config if config.size == usual.size else replace(config, sizes=())


def _say_what_is_for_nothing(config: TrainConfig, say: Say) -> None:
    """Tell ``say`` which settings change nothing in a run from scratch, and why."""
    reasons = {
        ("beside", "aspects"): "that belongs to models that were joined",
        ("keep_start",): "there are no starting weights to keep",
        ("teaching",): "" if config.teacher else "there is no start_from or teacher to learn from",
    }
    for names, reason in reasons.items():
        given = [name for name in names if getattr(config, name)]
        if given and reason:
            count = "count" if len(given) > 1 else "counts"
            say(f"From scratch, {' and '.join(given)} of the configuration {count} for nothing: {reason}.")


def _say_other_size(config: TrainConfig, learnt: tuple[int, int], say: Say) -> None:
    """Tell ``say`` where a run sees pictures, or ends with pictures, of another size than its start has ``learnt``."""
    last = config.sizes[-1][1] if config.sizes else config.size
    for size in [size for size in (config.size, last) if size != learnt][:1]:
        there, here = ("×".join(map(str, one)) for one in (learnt, size))
        say(
            f"The model that training starts from learnt pictures of {there} pixels; this run trains on {here}. "
            "Leave size and sizes out of the configuration to go on with those."
        )


def before(config: TrainConfig) -> list[str]:
    """The models that a run goes on from."""
    return [start for start in (config.start_from, config.teacher) if start]


def run_folder(ask: Ask) -> Path:
    """Where the run lies if nothing else is said."""
    return ask.run or Path("runs") / (Path(ask.catalogue).stem if ask.catalogue else "house")


def material(
    ask: Ask,
    config: TrainConfig,
    say: Say,
    progress: Progress,
    earlier: Sequence[str] = (),
    aspects: Sequence[str] = (),
) -> Pool:
    """What is learnt from; raises CatalogError or DataMissingError where there is nothing of it.

    ``earlier`` are models that have learnt a part of it: those to be joined, say. ``aspects`` are columns that have to
    be learnt, or ModelError is raised before any picture is opened.
    """
    if ask.catalogue:
        return pool_of(load_catalog(ask.catalogue), config, say, progress, earlier, aspects)
    if aspects:
        from recommender.training.aspects import check

        check(aspects, LABEL_COLUMNS)
    try:
        folder = data_folder(ask.data)
    except DataMissingError as error:
        raise DataMissingError(f"{error} A table of your own is named with --catalogue.") from error
    say("Reading the training tables …")
    pool = load_pool(folder, config.size, config.validation, ask.limit, config.ties)
    keep_learnt(pool.digests, pool.groups, pool.validation, map(weights_at, earlier), say)
    return pool


def learn(ask: Ask, config: TrainConfig, pool: Pool, say: Say, progress: Progress) -> dict[str, Any]:
    """Train (or go on), refit, calibrate, measure and export; what is stored about the model.

    ``progress`` gets (steps done, steps in all). ``say`` gets a line an epoch, and one before what comes after.
    """
    from recommender.training.loop import train
    from recommender.training.report import finish
    from recommender.training.start import has_words, words_at, words_in

    run = run_folder(ask)
    usual = dict(TrainConfig.loss_weights)
    if nothing := [name for name, _ in config.loss_weights if name not in pool.classes and name not in usual]:
        say(f"loss_weights names {', '.join(map(repr, nothing))}, which is not learnt here: that counts for nothing.")
    before_it = config.start_from
    if before_it and has_words(before_it) and not words_at(before_it).items() <= words_in(config).items():
        say("Words are learnt anew: text_width or text_hidden differ from those of start_from.")
    start = {"": "from scratch", SHIPPED: "from the shipped weights"}.get(
        config.start_from, f"from {config.start_from}"
    )
    if (run / "checkpoint.pt").exists():
        start = f"on from {run / 'checkpoint.pt'}"
    learnt = f"{int((~pool.validation).sum()):,} products, {int(pool.validation.sum()):,} held back"
    say(f"Training {start}: {learnt}; columns {', '.join(pool.columns)}.")
    network = train(
        config,
        pool,
        run,
        lambda now: progress(int(now["epoch"] * now["of"] + now["step"]), int(config.epochs * now["of"])),
        lambda metrics, left: say(_sentence(metrics, config.epochs, left)),
    )
    say("Rounding, calibrating and measuring what came out …")
    return finish(network, pool, config, ask.out or run, earlier=before(config))


def ready_to_learn(ask: Ask, config: TrainConfig) -> None:
    """Raise ModelError if a run can't begin, or can't be kept where it was asked for: before any picture is read."""
    from recommender.training.matching import check_teacher
    from recommender.training.start import check_start

    if config.start_from:
        check_start(config.start_from, config)
    if config.teacher:
        check_teacher(config)
    run = run_folder(ask)
    out = ask.out or run
    _writable(run)
    if out.resolve() == run.resolve():
        _keeps_models(out, *before(config))
    else:
        ready(out, *before(config))
    _goes_on(run, config)


def ready_to_join(out: Path, first: str, others: Sequence[str], config: TrainConfig) -> None:
    """Raise ModelError if models can't be joined, or not to one in ``out``: to be known before any picture is read."""
    from recommender.training.join import check_models

    check_models(first, others, config)
    ready(out, first, *others)


def ready(out: Path, *models: str) -> None:
    """Raise ModelError if ``models`` can't be made another one in ``out``: to be known before any picture is read."""
    _writable(out)
    _keeps_models(out, *models)
    if _holds_run(out):
        raise ModelError(f"{str(out)!r} holds a run of its own, and would lose its model. Name another folder.")


def _writable(folder: Path) -> None:
    if not writable(folder):
        raise ModelError(f"{str(folder)!r} can't be written: give a folder that you may write to.")


def joining(ask: Ask, first: str, say: Say = _silent) -> TrainConfig:
    """How ``first`` is joined with other models: its own picture size, and heads learnt as in a run.

    Where it learnt a catalogue, however that was called, those of its columns that the one of ``ask`` has, and what
    it held back is held back again. ``say`` is told of the others.
    """
    from recommender.training.start import about_at, has_words, words_at

    about = about_at(first)
    height, width = about["size"]
    stored = about.get("config", {})
    config = replace(configured(ask), size=(height, width), sizes=())
    config = replace(config, **words_at(first))
    if not has_words(first):
        config = replace(config, text_weight=0.0)
    learnt = about.get("catalogue", "")
    if bool(learnt) != bool(ask.catalogue):  # the tables of the house model say nothing of a catalogue
        return config
    share, ties = held_back(about, learnt)
    labels = _columns_again(ask.catalogue, about, first, say) if ask.catalogue else ()
    return replace(config, validation=share, ties=ties, labels=labels, start_from=stored.get("start_from", ""))


def _columns_again(catalogue: str, about: dict[str, Any], model: str, say: Say) -> tuple[str, ...]:
    """The columns that a stored model has learnt and a catalogue has."""
    there = set(columns_of(catalogue))
    known = [column for column in about["classes"] if column != KIND]
    labels = tuple(column for column in known if column in there)
    if gone := [column for column in known if column not in there]:
        say(
            f"Left out of what {model} has learnt: {', '.join(map(repr, gone))}. The catalogue {name_of(catalogue)!r} "
            f"has no such column{'.' if labels else ', and those that sort its products are learnt instead.'}"
        )
    return labels


def joined(
    first: str,
    others: Sequence[str],
    weight: float,
    aspects: Sequence[str],
    out: Path,
    config: TrainConfig,
    pool: Pool,
    say: Say,
) -> dict[str, Any]:
    """Join models, calibrate, measure and export; what is stored about the one that they make.

    Its vectors hold what it says of the columns ``aspects``.
    """
    from recommender.training.aspects import check, with_aspects
    from recommender.training.join import join
    from recommender.training.refit_words import refit_words
    from recommender.training.report import finish

    check(aspects, pool.columns)
    names = ", ".join([first, *others[:-1]])
    say(f"Joining {names} and {others[-1]}: {int((~pool.validation).sum()):,} products to learn the heads from.")
    network = join(first, others, pool, config, weight)
    network = with_aspects(network, pool, aspects) if aspects else network
    refit_words(network, pool)
    return finish(network, pool, network.config, out, heads=False, earlier=(first, *others))


def taken_apart(model: str, tower: int, out: Path, config: TrainConfig, pool: Pool, say: Say) -> dict[str, Any]:
    """Make one network of a joined model a model of its own, calibrated, measured and exported; what is stored."""
    from recommender.training.apart import apart
    from recommender.training.report import finish

    say(f"Taking network {tower} out of {model}: {int((~pool.validation).sum()):,} products to learn its heads from.")
    network = apart(model, tower, pool, config)
    return finish(network, pool, network.config, out, heads=False, earlier=(model,))


def _keeps_models(out: Path, *models: str) -> None:
    """Raise ModelError if to write a model to ``out`` would replace one of ``models``."""
    if any(weights_at(model).parent.resolve() == out.resolve() for model in models):
        raise ModelError(f"{str(out)!r} holds a model that this is made of, and would lose it. Name another folder.")


def _holds_run(folder: Path) -> bool:
    """Whether a folder has of a run what would be lost.

    When a run is complete its checkpoint may have been removed, and its model may lie elsewhere.
    """
    if (folder / "checkpoint.pt").exists():
        return True
    made = [folder / "house.safetensors", folder / "metrics.jsonl"]
    return (folder / "config.json").exists() and any(path.exists() and path.stat().st_size for path in made)


def _goes_on(run: Path, config: TrainConfig) -> None:
    """Raise ModelError if a folder holds a run of another configuration, in its ``config.json``, than ``config``.

    Where that file tells nothing, the checkpoint itself will when it is opened.
    """
    try:
        begun = json.loads((run / "config.json").read_text()) if _holds_run(run) else None
    except (OSError, ValueError):
        return
    if not isinstance(begun, dict):
        return
    usual, asked = (json.loads(json.dumps(each.to_dict())) for each in (TrainConfig(), config))
    stored = {**usual, **begun}  # what was not yet there when it was written has its default
    if other := [name for name in stored if name not in asked or stored[name] != asked[name]]:
        raise ModelError(
            f"{run} holds a run of another configuration or other data: its config.json differs in "
            f"{', '.join(other)}. Name another run folder, or remove this one if it is no longer needed."
        )


def _sentence(metrics: dict[str, Any], epochs: int, left: float) -> str:
    shares = ", ".join(f"{column} {share:.0%}" for column, share in list(metrics.get("accuracy", {}).items())[:4])
    time = f"{left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left"
    return (
        f"Epoch {metrics['epoch'] + 1} of {epochs}: loss {metrics['loss']:.3f}{f'; {shares}' if shares else ''}; {time}"
    )
