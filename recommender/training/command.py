"""One training run from material to model files, as ``python -m recommender train`` does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from recommender.catalog import load_catalog
from recommender.catalog.catalog import name_of
from recommender.classifiers.house import KIND
from recommender.errors import ConfigError, ModelError
from recommender.files import writable
from recommender.training.catalogue import pool_of
from recommender.training.config import SHIPPED, TrainConfig, for_catalogue, held_back, weights_at
from recommender.training.config_file import read_config
from recommender.training.data import Pool, data_folder, load_pool
from recommender.training.learnt import keep_learnt

Progress = Callable[[int, int], None]


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


def configured(ask: Ask) -> TrainConfig:
    """The defaults, then what the file says, then what was asked for.

    Raises
    ------
    ConfigError
        If the file is wrong.
    ModelError
        If there is no model to start from.
    """
    from recommender.training.start import shape_at, words_at

    config = for_catalogue(ask.from_scratch) if ask.catalogue else TrainConfig()
    config = read_config(ask.config, config) if ask.config else config
    config = replace(config, start_from="") if ask.from_scratch else config
    if config.matching and not (config.teacher or config.start_from):
        raise ConfigError("matching needs a teacher or start_from: the folder of a finished model, or 'shipped'.")
    if config.start_from:  # what was not asked for otherwise is as it is there
        usual, asked_for = asdict(TrainConfig()), asdict(config)
        there = shape_at(config.start_from) | words_at(config.start_from)
        config = replace(config, **{name: there[name] for name in there if asked_for[name] == usual[name]})
    if config.keep_start and config.teacher:
        raise ConfigError(
            "keep_start can't be used with a teacher: it sees in another space than the starting weights."
        )
    asked = {"epochs": ask.epochs, "seed": ask.seed, "labels": tuple(ask.labels) or None}
    return replace(config, **{key: value for key, value in asked.items() if value is not None})  # type: ignore[arg-type]


def before(config: TrainConfig) -> list[str]:
    """The models that a run goes on from."""
    return [start for start in (config.start_from, config.teacher) if start]


def run_folder(ask: Ask) -> Path:
    """Where the run lies if nothing else is said."""
    return ask.run or Path("runs") / (Path(ask.catalogue).stem if ask.catalogue else "house")


def material(
    ask: Ask, config: TrainConfig, say: Callable[[str], None], progress: Progress, earlier: Sequence[str] = ()
) -> Pool:
    """What is learnt from; raises CatalogError or DataMissingError where there is nothing of it.

    ``earlier`` are models that have learnt a part of it: those to be joined, say.
    """
    if ask.catalogue:
        return pool_of(load_catalog(ask.catalogue), config, say, progress, earlier)
    folder = data_folder(ask.data)
    say("Reading the training tables …")
    pool = load_pool(folder, config.size, config.validation, ask.limit, config.ties)
    keep_learnt(pool.digests, pool.groups, pool.validation, map(weights_at, earlier), say)
    return pool


def learn(ask: Ask, config: TrainConfig, pool: Pool, say: Callable[[str], None], progress: Progress) -> dict[str, Any]:
    """Train (or go on), refit, calibrate, measure and export; what is stored about the model.

    ``progress`` gets (steps done, steps in all). ``say`` gets a line an epoch.
    """
    from recommender.training.loop import train
    from recommender.training.report import finish
    from recommender.training.start import has_words, words_at, words_in

    run = run_folder(ask)
    usual = dict(TrainConfig.loss_weights)
    if nothing := [name for name, _ in config.loss_weights if name not in pool.classes and name not in usual]:
        say(f"loss_weights names {', '.join(map(repr, nothing))}, which is not learnt here: that counts for nothing.")
    for folder in (run, ask.out or run):
        if not writable(folder):
            raise ModelError(f"{str(folder)!r} can't be written: give a folder that you may write to.")
    if ask.out and ask.out.resolve() != run.resolve():
        _keeps(ask.out)
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
    return finish(network, pool, config, ask.out or run, earlier=before(config))


def joining(ask: Ask, first: str) -> TrainConfig:
    """How ``first`` is joined with other models: its own picture size, and heads learnt as in a run.

    Where it learnt this very catalogue, with its columns, and what it held back is held back again.
    """
    from recommender.training.start import about_at, has_words, words_at

    about = about_at(first)
    height, width = about["size"]
    stored = about.get("config", {})
    config = replace(configured(ask), size=(height, width), sizes=())
    config = replace(config, **words_at(first))
    if not has_words(first):
        config = replace(config, text_weight=0.0)
    name = name_of(ask.catalogue) if ask.catalogue else ""
    if about.get("catalogue", "") != name:
        return config
    share, ties = held_back(about, name)
    labels = tuple(column for column in about["classes"] if column != KIND) if name else ()
    return replace(config, validation=share, ties=ties, labels=labels, start_from=stored.get("start_from", ""))


def joined(
    first: str,
    others: Sequence[str],
    weight: float,
    aspects: Sequence[str],
    out: Path,
    config: TrainConfig,
    pool: Pool,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Join models, calibrate, measure and export; what is stored about the one that they make.

    Its vectors hold what it says of the columns ``aspects``.
    """
    from recommender.training.aspects import check, with_aspects
    from recommender.training.join import join
    from recommender.training.report import finish

    if not writable(out):
        raise ModelError(f"{str(out)!r} can't be written: give a folder that you may write to.")
    _keeps(out, first, *others)
    check(aspects, pool)
    names = ", ".join([first, *others[:-1]])
    say(f"Joining {names} and {others[-1]}: {int((~pool.validation).sum()):,} products to learn the heads from.")
    network = join(first, others, pool, config, weight)
    network = with_aspects(network, pool, aspects) if aspects else network
    return finish(network, pool, network.config, out, heads=False, earlier=(first, *others))


def taken_apart(
    model: str, tower: int, out: Path, config: TrainConfig, pool: Pool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Make one network of a joined model a model of its own, calibrated, measured and exported; what is stored."""
    from recommender.training.apart import apart
    from recommender.training.report import finish

    if not writable(out):
        raise ModelError(f"{str(out)!r} can't be written: give a folder that you may write to.")
    _keeps(out, model)
    say(f"Taking network {tower} out of {model}: {int((~pool.validation).sum()):,} products to learn its heads from.")
    network = apart(model, tower, pool, config)
    return finish(network, pool, network.config, out, heads=False, earlier=(model,))


def _keeps(out: Path, *models: str) -> None:
    """Raise ModelError if to write a model to ``out`` would replace one of ``models``, or that of another run."""
    if any(weights_at(model).parent.resolve() == out.resolve() for model in models):
        raise ModelError(f"{str(out)!r} holds a model that this is made of, and would lose it. Name another folder.")
    if (out / "checkpoint.pt").exists():
        raise ModelError(f"{str(out)!r} holds a run of its own, and would lose its model. Name another folder.")


def _sentence(metrics: dict[str, Any], epochs: int, left: float) -> str:
    shares = ", ".join(f"{column} {share:.0%}" for column, share in list(metrics.get("accuracy", {}).items())[:4])
    time = f"{left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left"
    return (
        f"Epoch {metrics['epoch'] + 1} of {epochs}: loss {metrics['loss']:.3f}{f'; {shares}' if shares else ''}; {time}"
    )
