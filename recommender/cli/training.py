"""The commands that make a model and measure it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from recommender.cli.options import Json, Model, bar, note, say_json, settings_of
from recommender.errors import RecommenderError

app = typer.Typer()


@app.command(
    epilog="Example: python -m recommender train --catalogue products.parquet --labels material,colour --out model"
)
def train(
    catalogue: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--catalogue", "-c", help="Learn this catalogue: 'demo', or the path of a Parquet table."),
    ] = None,
    labels: Annotated[
        str, typer.Option(help="Its columns to learn, as a,b,c; those that sort the products if not given.")
    ] = "",
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Don't start from the weights that come with the project.")
    ] = False,
    config: Annotated[Optional[Path], typer.Option(help="YAML or JSON with other settings: docs/training.md.")] = None,  # noqa: UP045
    data: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Without --catalogue: folder of the tables that the house model was trained on."),
    ] = None,
    run: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Run folder: metrics, curves, checkpoint; taken up again if it is there. Else runs/NAME."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where the model files go; the run folder if not given."),
    ] = None,
    epochs: Annotated[Optional[int], typer.Option(min=1, help="Instead of the configured number.")] = None,  # noqa: UP045
    limit: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=100, help="With --data: use only the first rows, to try things out."),
    ] = None,
    seed: Annotated[Optional[int], typer.Option(min=0, max=2**32 - 1, help="Instead of the configured one.")] = None,  # noqa: UP045
) -> None:
    """Train a model on a catalogue of your own, or the house model anew; goes on where it was stopped."""
    from recommender.training.command import Ask, before, configured, learn, material, ready_to_learn

    if catalogue and (data or limit):
        raise RecommenderError("--data and --limit belong to the tables of the house model: not with --catalogue.")
    named = _labels(labels, catalogue) if catalogue else _columns(labels)
    ask = Ask(catalogue, data, config, named, from_scratch, epochs, seed, limit, run, out)
    settings = configured(ask, note)
    ready_to_learn(ask, settings)
    with bar("Reading pictures") as progress:
        pool = material(ask, settings, note, progress, before(settings))
    with bar("Training") as progress:
        about = learn(ask, settings, pool, note, progress)
    _tell(about)


@app.command(epilog="Example: python -m recommender join runs/first runs/second -c products.parquet --out model")
def join(
    first: Annotated[str, typer.Argument(help="Folder of the files of a model of one network; its words learn on.")],
    others: Annotated[
        list[str],
        typer.Argument(help="Folders of models of one network each, trained apart; they look at white backgrounds."),
    ],
    out: Annotated[Path, typer.Option(help="Where the files of the joined model go.")],
    weight: Annotated[
        float, typer.Option(min=0.05, max=1, help="How much each other one's labels count beside the first one's.")
    ] = 1.0,
    aspects: Annotated[
        str,
        typer.Option(help="Label columns that count in the similarity as the model tells them, with commas between."),
    ] = "",
    catalogue: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--catalogue", "-c", help="The catalogue that all learnt; else the tables of the house model."),
    ] = None,
    data: Annotated[Optional[Path], typer.Option(help="Without --catalogue: folder of these tables.")] = None,  # noqa: UP045
    limit: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=100, help="With --data: use only the first rows, to try things out."),
    ] = None,
) -> None:
    """Make one model of several that learnt the same pictures: it is right more often, and takes longer."""
    from recommender.training.command import Ask, joined, joining, material, ready_to_join

    if catalogue and (data or limit):
        raise RecommenderError("--data and --limit belong to the tables of the house model: not with --catalogue.")
    ask = Ask(catalogue, data, limit=limit, out=out)
    settings, shown = joining(ask, first, note), _columns(aspects)
    ready_to_join(out, first, others, settings)
    with bar("Reading pictures") as progress:
        pool = material(ask, settings, note, progress, (first, *others), shown)
    _tell(joined(first, others, weight, shown, out, settings, pool, note))


@app.command(epilog="Example: python -m recommender apart model -c products.parquet --out runs/first")
def apart(
    model: Annotated[str, typer.Argument(help="Folder of a joined model's files, or 'shipped'.")],
    out: Annotated[Path, typer.Option(help="Where the files of the model of one network go.")],
    tower: Annotated[int, typer.Option(min=0, help="Which network: 0 is the first that was joined.")] = 0,
    catalogue: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--catalogue", "-c", help="The catalogue that it learnt; else the tables of the house model."),
    ] = None,
    data: Annotated[Optional[Path], typer.Option(help="Without --catalogue: folder of these tables.")] = None,  # noqa: UP045
) -> None:
    """Take one network out of a joined model, so that it can be trained further and joined again."""
    from recommender.training.apart import tower_shape
    from recommender.training.command import Ask, joining, material, ready, taken_apart

    if catalogue and data:
        raise RecommenderError("--data belongs to the tables of the house model: not with --catalogue.")
    ask = Ask(catalogue, data, out=out)
    settings = joining(ask, model, note)
    tower_shape(model, tower)
    ready(out, model)
    with bar("Reading pictures") as progress:
        pool = material(ask, settings, note, progress, (model,))
    _tell(taken_apart(model, tower, out, settings, pool, note))


def _columns(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in names.split(",") if part.strip()))


def _labels(names: str, catalogue: str) -> tuple[str, ...]:
    """The columns named; raises RecommenderError where a comma in a column's own name made several of it."""
    from recommender.catalog.catalog import columns_of

    named = _columns(names)
    there = columns_of(catalogue) if named else []
    cut = set(named).difference(there)
    for column in there:
        if "," in column and cut.intersection(_columns(column)):
            written = json.dumps([column], ensure_ascii=False)
            raise RecommenderError(
                f"The column {column!r} can't be named by --labels, which begins another one after a comma. Leave "
                f"--labels out, and give with --config a configuration with labels: {written}."
            )
    return named


def _tell(about: dict[str, Any]) -> None:
    from recommender.classifiers.house import KIND
    from recommender.results import one_line

    unmeasured = [column for column in about["classes"] if column not in (*about["measured"], KIND)]
    for column in unmeasured if about["measured"] else ():
        note(f"{column}: learnt, and not measured, since none of those held back has a label.")
    for column, found in about["measured"].items():
        typer.echo(f"{one_line(column)}\t{_said(found['accuracy'])}\t({_said(found['low'])} to {_said(found['high'])})")


def _said(share: float) -> str:
    from recommender.results import short_of_all

    return f"{short_of_all(share, 0.001):.1%}"


@app.command(epilog="Example: python -m recommender evaluate --catalogue demo --by articleType")
def evaluate(
    catalogue: Annotated[str, typer.Option("--catalogue", "-c", help="A catalogue with true labels.")] = "demo",
    validation: Annotated[
        bool, typer.Option(help="Measure on the validation part of the training tables instead.")
    ] = False,
    data: Annotated[Optional[Path], typer.Option(help="Folder of the training tables.")] = None,  # noqa: UP045
    other: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A folder of photos of anything else, to be told from products."),
    ] = None,
    by: Annotated[Optional[str], typer.Option(help="Also for each value of this column.")] = None,  # noqa: UP045
    against: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Another catalogue: how many of the ten nearest products there are of the same articleType."),
    ] = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """How often the house model's labels are right, with 95 % intervals."""
    from recommender.evaluation.report import catalogue_report, validation_report
    from recommender.results import one_line

    if validation and (by or against):
        raise RecommenderError("--by and --against belong to a catalogue: leave them out with --validation.")
    if data and not validation:
        raise RecommenderError("--data needs --validation.")
    if other and not other.is_dir():
        raise RecommenderError(f"There is no folder {str(other)!r} of photos of other things.")
    settings = settings_of(model)
    if validation:
        report = validation_report(data, other, settings, note)
    else:
        report = catalogue_report(catalogue, by, against, settings, note, other)
    if as_json:
        say_json(report)
        return
    for part, columns in report.items():
        typer.echo(one_line(part))
        for column, found in columns.items():
            interval = (
                f"({_said(found['low'])} to {_said(found['high'])}, n {found['products']})" if "low" in found else ""
            )
            error, chance = found.get("calibration_error"), found.get("by_chance")
            known = f"  ECE {error:.3f} (by chance up to {chance:.3f})" if error is not None else ""
            typer.echo(f"  {one_line(column):16} {_said(found['accuracy'])} {interval}{known}")
