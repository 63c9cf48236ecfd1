"""What the commands share: options that mean the same everywhere, and how they speak."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

Catalogue = Annotated[str, typer.Option("--catalogue", "-c", help="'demo', or the path of a Parquet table.")]
EncoderName = Annotated[str, typer.Option("--encoder", help="A registered encoder, such as house or colour.")]
Model = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads the annotation)
    typer.Option("--model", help="Folder of a trained model's files; else $RECOMMENDER_MODEL, or the shipped one."),
]
K = Annotated[int, typer.Option("-k", min=1, help="How many products.")]
WhereOption = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads the annotation)
    typer.Option(
        "--where",
        "-w",
        help="column=value, column=a,b (either, or the one value 'a,b') or column=low..high, of dates too; "
        "may be given again.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, and nothing else there.")]


NAMED = 5
"""Products of which it is said why they are left out."""


def note(sentence: str) -> None:
    """Say something beside the results; what other people wrote is in it, such as ids."""
    from recommender.results import one_line

    print(one_line(sentence), file=sys.stderr)  # typer.echo would write into the line of a progress bar


def open_shop(catalogue: str, encoder: str, model: Path | None = None, where: Mapping[str, Any] | None = None) -> Any:
    from recommender.catalog import load_catalog, select
    from recommender.service import Recommender

    table = load_catalog(catalogue)
    select(table.frame, where)  # a wrong filter is no reason to have a large catalogue embedded
    with bar("Embedding the catalogue") as progress:
        shop = Recommender.open(table, encoder, settings_of(model), progress)
    left = shop.catalogue.skipped
    for line in left[:NAMED]:
        note(f"Left out: {line}")
    if len(left) > NAMED:
        note(f"Left out: {len(left) - NAMED:,} more like these.")
    return shop


def settings_of(model: Path | None) -> Any:
    from recommender.settings import Settings

    return Settings(model=model) if model else Settings()


def say_json(found: dict[str, Any]) -> None:
    # Not-a-number is no JSON; the library gives None for what is missing.
    sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False, default=str) + "\n")


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears with the first report; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task: list[Any] = []

        def report(done: int, total: int) -> None:
            if not task:
                task.append(shown.add_task(title, total=total))
            shown.update(task[0], completed=done, total=total)

        yield report
