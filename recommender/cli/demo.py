"""The commands that make what the demo ships."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Optional

import typer

from recommender.cli.options import bar
from recommender.errors import RecommenderError

app = typer.Typer(help="The catalogue that the project renders itself.", no_args_is_help=True)


@app.command(
    epilog="Example: python -m recommender demo render --article Tshirts --count 12 --out renders/shirts.parquet"
)
def render(
    article: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Only this article type; may be given again."),
    ] = None,
    seed: int = 7,
    count: Annotated[int, typer.Option(min=1, help="How many products.")] = 1600,
    out: Annotated[Path, typer.Option(help="The Parquet table to write.")] = Path("renders/catalogue.parquet"),
    processes: Annotated[int, typer.Option(min=1)] = max(1, os.cpu_count() or 1),
    samples: Annotated[int, typer.Option(min=1, help="Light paths a pixel.")] = 16,
) -> None:
    """Render the demo catalogue again from a seed; goes on where it was stopped."""
    from importlib.util import find_spec

    from recommender.studio.render import render_catalogue

    if find_spec("bpy") is None:
        raise RecommenderError(
            "Rendering needs Blender as a library. Make an environment of Python 3.11 for it and install: "
            "pip install -r requirements-studio.txt"
        )
    try:
        with bar("Rendering") as progress:
            render_catalogue(
                out, articles=article, seed=seed, count=count, processes=processes, samples=samples,
                progress=lambda done, total, _: progress(done, total),
            )  # fmt: skip
    except ValueError as error:  # an article type that there is not
        raise RecommenderError(f"Nothing was rendered: {error}") from error


@app.command("embed")
def demo_embed() -> None:
    """Ship the demo catalogue's vectors, maps and clusters anew, after the catalogue or the house model has changed."""
    from recommender.atlas import Atlas
    from recommender.catalog import load_catalog
    from recommender.encoders.house import HouseEncoder
    from recommender.service import Recommender
    from recommender.settings import SHIPPED_MODEL, Settings
    from recommender.vectors import embed_catalogue
    from recommender.workspace import fingerprint, ship_vectors

    shop, encoder = load_catalog("demo"), HouseEncoder()
    with bar("Embedding") as progress:
        vectors = embed_catalogue(shop, encoder, Settings(), progress)
    typer.echo(ship_vectors(fingerprint(shop.fingerprint, encoder.fingerprint), vectors).name)
    with bar("Drawing maps and clusters") as progress:
        shipped = Recommender.open(settings=Settings(model=SHIPPED_MODEL))
        for path in Atlas(shipped).ship(lambda done, total: progress(int(done), int(total))):
            typer.echo(path.name)
