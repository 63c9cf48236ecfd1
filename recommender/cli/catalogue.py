"""The commands that look at catalogues."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

app = typer.Typer(help="Look at catalogues.", no_args_is_help=True)


@app.command("list")
def catalogue_list() -> None:
    """The catalogues that are at hand by name."""
    from recommender.catalog import load_catalog

    typer.echo(f"demo\t{len(load_catalog('demo'))} products\trendered by this project")


@app.command("info", epilog="Example: python -m recommender catalogue info demo")
def catalogue_info(name: Annotated[str, typer.Argument(help="'demo', or the path of a Parquet table.")]) -> None:
    """What a catalogue holds: its columns, and the most frequent values of each."""
    from recommender.catalog import load_catalog
    from recommender.results import one_line

    shop = load_catalog(name)
    typer.echo(f"{shop.name}: {len(shop)} products, fingerprint {shop.fingerprint}")
    for column in shop.frame.columns:
        counts = Counter(map(str, shop.frame[column].dropna()))
        common = (
            ", ".join(f"{value} {count}" for value, count in counts.most_common(6)) if len(counts) < len(shop) else ""
        )
        typer.echo(one_line(f"  {column}: {len(counts)} values{f' ({common})' if common else ''}"))
    for line in shop.skipped:
        typer.echo(one_line(f"  left out: {line}"), err=True)
