"""The command line: a thin layer over the library. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from recommender import __version__
from recommender.errors import ImageError, RecommenderError

app = typer.Typer(
    name="python -m recommender",
    help="Visual product search: a photo in, what it is and which products look like it out.",
    epilog="Examples: python -m recommender search photo.jpg -k 6, or python -m recommender similar 245001. "
    "Each command has examples of its own: python -m recommender search --help",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
catalogue_app = typer.Typer(help="Look at catalogues.", no_args_is_help=True)
demo_app = typer.Typer(help="The catalogue that the project renders itself.", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(demo_app, name="demo")

Catalogue = Annotated[str, typer.Option("--catalogue", "-c", help="'demo', or the path of a Parquet table.")]
EncoderName = Annotated[str, typer.Option("--encoder", help="A registered encoder, such as house or colour.")]
Model = Annotated[
    Optional[Path],  # noqa: UP045  (typer reads the annotation)
    typer.Option("--model", help="Folder of a trained model's files; else $RECOMMENDER_MODEL, or the shipped one."),
]
K = Annotated[int, typer.Option("-k", min=1, help="How many products.")]
WhereOption = Annotated[
    Optional[list[str]],  # noqa: UP045  (typer reads the annotation)
    typer.Option("--where", "-w", help="column=value, column=a,b or column=low..high; may be given again."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, and nothing else there.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"recommender {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: python -m recommender search shirt.jpg -k 6 --where gender=Men --where price=..40")
def search(
    photos: Annotated[list[str], typer.Argument(metavar="PHOTO...", help="Picture files.")],
    catalogue: Catalogue = "demo",
    k: K = 12,
    where: WhereOption = None,
    within: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Search the predicted masterCategory, subCategory or articleType only."),
    ] = None,
    encoder: EncoderName = "house",
    model: Model = None,
    as_json: Json = False,
) -> None:
    """What is in each photo, and the products that look most like it."""
    from recommender.catalog import parse_where

    with _bar("Embedding the catalogue") as progress:
        shop = _open(catalogue, encoder, progress, model)
    failed = False
    for path, answer in zip(photos, shop.recommend_many(photos, k, parse_where(where or []), within), strict=True):
        if isinstance(answer, ImageError):
            failed = True
            _say_json({"photo": path, "error": str(answer)}) if as_json else typer.echo(f"{path}: {answer}", err=True)
        elif as_json:
            _say_json({"photo": path, **answer.to_dict()})
        else:
            typer.echo(f"{path}\n{answer}\n")
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Example: python -m recommender similar 1001 -k 6")
def similar(
    product_id: Annotated[str, typer.Argument(help="A product's id.")],
    catalogue: Catalogue = "demo",
    k: K = 12,
    where: WhereOption = None,
    encoder: EncoderName = "house",
    model: Model = None,
    as_json: Json = False,
) -> None:
    """The products that look most like one of the catalogue."""
    from recommender.catalog import parse_where

    with _bar("Embedding the catalogue") as progress:
        shop = _open(catalogue, encoder, progress, model)
    answer = shop.similar_to(product_id, k, parse_where(where or []))
    if as_json:
        _say_json({"product": product_id, "products": answer.to_dict()["products"], "ms": answer.ms.to_dict()})
    else:
        typer.echo(str(answer))


@app.command(epilog="Example: python -m recommender embed photos/ --out photos.npz")
def embed(
    out: Annotated[Path, typer.Option(help="The npz file to write.")],
    source: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Argument(metavar="SOURCE...", help="Pictures, a folder, or a Parquet table with id and image."),
    ] = None,
    words: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="In place of pictures: a text file with a query on each line, such as 'red women shoes'."),
    ] = None,
    encoder: EncoderName = "house",
    model: Model = None,
) -> None:
    """Vectors and labels of many pictures, or the vectors of words, in one npz file."""
    from recommender.embedding import embed_to_file, words_to_file
    from recommender.images import EXTENSIONS

    if bool(source) == bool(words):
        raise RecommenderError("Name pictures, a folder or a table, or else a file of words with --words.")
    if words is not None:
        if encoder != "house":
            raise RecommenderError("Only the house encoder has words in the space of its pictures.")
        typer.echo(f"{words_to_file(words, out, _settings(model))} queries are in {out}.", err=True)
        return
    assert source is not None
    for path in source:
        # A picture that is not there is listed as failed with the others; a folder or a table is all there is.
        if not path.exists() and path.suffix.lower().lstrip(".") not in EXTENSIONS:
            raise ImageError(f"There is no file or folder {str(path)!r}.")
    with _bar("Embedding") as progress:
        done, failed = embed_to_file(source, out, encoder, _settings(model), progress)
    for key, reason in failed[:20]:
        typer.echo(f"{key}: {reason}", err=True)
    if len(failed) > 20:
        typer.echo(f"… and {len(failed) - 20} more; all are listed in the file.", err=True)
    typer.echo(f"{done} of {done + len(failed)} pictures are in {out}.", err=True)


@app.command("map", epilog="Example: python -m recommender map -c products.parquet --method umap --out map.csv")
def draw_map(
    out: Annotated[Path, typer.Option(help="The file to write: .csv or .npz.")],
    catalogue: Catalogue = "demo",
    method: Annotated[str, typer.Option(help="tsne, umap, pca, kernel-pca or isomap.")] = "tsne",
    encoder: EncoderName = "house",
    model: Model = None,
) -> None:
    """Where each product lies on a map of the catalogue; computed once and kept."""
    from recommender.atlas import Atlas
    from recommender.maps.files import check_kind, write_map
    from recommender.reduction import REDUCERS

    check_kind(out)
    REDUCERS.card(method)
    with _bar("Embedding the catalogue") as progress:
        shop = _open(catalogue, encoder, progress, model)
    with _bar("Computing the map") as progress:
        drawn = Atlas(shop).map(method, lambda share, left: progress(int(100 * share), 100))
    write_map(out, drawn, shop.catalogue.frame)
    for line in (drawn.note, *(f"{name} {value:.3f}" for name, value in drawn.quality.items())):
        typer.echo(line, err=True) if line else None
    typer.echo(f"{len(drawn.points)} products are in {out}.", err=True)


@catalogue_app.command("list")
def catalogue_list() -> None:
    """The catalogues that are at hand by name."""
    from recommender.catalog import load_catalog

    typer.echo(f"demo\t{len(load_catalog('demo'))} products\trendered by this project")


@catalogue_app.command("info", epilog="Example: python -m recommender catalogue info demo")
def catalogue_info(name: Annotated[str, typer.Argument(help="'demo', or the path of a Parquet table.")]) -> None:
    """What a catalogue holds: its columns, and the most frequent values of each."""
    from recommender.catalog import load_catalog

    shop = load_catalog(name)
    typer.echo(f"{shop.name}: {len(shop)} products, fingerprint {shop.fingerprint}")
    for column in shop.frame.columns:
        counts = shop.frame[column].dropna().astype("str").value_counts()
        common = (
            ", ".join(f"{value} {count}" for value, count in counts.head(6).items()) if len(counts) < len(shop) else ""
        )
        typer.echo(f"  {column}: {len(counts)} values{f' ({common})' if common else ''}")
    for line in shop.skipped:
        typer.echo(f"  left out: {line}", err=True)


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
    seed: Annotated[Optional[int], typer.Option(min=0, help="Instead of the configured one.")] = None,  # noqa: UP045
) -> None:
    """Train a model on a catalogue of your own, or the house model anew; goes on where it was stopped."""
    from recommender.training.command import Ask, configured, learn, material

    columns = tuple(part.strip() for part in labels.split(",") if part.strip())
    ask = Ask(catalogue, data, config, columns, from_scratch, epochs, seed, limit, run, out)
    settings = configured(ask)
    with _bar("Reading pictures") as progress:
        pool = material(ask, settings, _note, progress)
    with _bar("Training") as progress:
        about = learn(ask, settings, pool, _note, progress)
    for column, found in about["measured"].items():
        typer.echo(f"{column}\t{found['accuracy']:.1%}\t({found['low']:.1%} to {found['high']:.1%})")


@app.command(epilog="Example: python -m recommender evaluate --catalogue demo --by articleType")
def evaluate(
    catalogue: Annotated[str, typer.Option("--catalogue", "-c", help="A catalogue with true labels.")] = "demo",
    validation: Annotated[
        bool, typer.Option(help="Measure on the validation part of the training tables instead.")
    ] = False,
    data: Annotated[Optional[Path], typer.Option(help="Folder of the training tables.")] = None,  # noqa: UP045
    other: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="With --validation: a folder of photos of anything else, to be told from products."),
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

    settings = _settings(model)
    report = (
        validation_report(data, other, settings) if validation else catalogue_report(catalogue, by, against, settings)
    )
    if as_json:
        _say_json(report)
        return
    for part, columns in report.items():
        typer.echo(part)
        for column, found in columns.items():
            interval = f"({found['low']:.1%} to {found['high']:.1%}, n {found['products']})" if "low" in found else ""
            error = found.get("calibration_error")
            typer.echo(
                f"  {column:16} {found['accuracy']:.1%} {interval}{f'  ECE {error:.3f}' if error is not None else ''}"
            )


@demo_app.command(
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
        with _bar("Rendering") as progress:
            render_catalogue(
                out, articles=article, seed=seed, count=count, processes=processes, samples=samples,
                progress=lambda done, total, _: progress(done, total),
            )  # fmt: skip
    except ValueError as error:  # an article type that there is not
        raise RecommenderError(f"Nothing was rendered: {error}") from error


@demo_app.command("embed")
def demo_embed() -> None:
    """Ship the demo catalogue's vectors, maps and clusters anew, after the catalogue or the house model has changed."""
    from recommender.atlas import Atlas
    from recommender.catalog import load_catalog
    from recommender.encoders.house import HouseEncoder
    from recommender.service import Recommender, embed_catalogue
    from recommender.settings import SHIPPED_MODEL, Settings
    from recommender.workspace import fingerprint, ship_vectors

    shop, encoder = load_catalog("demo"), HouseEncoder()
    with _bar("Embedding") as progress:
        vectors = embed_catalogue(shop, encoder, Settings(), progress)
    typer.echo(ship_vectors(fingerprint(shop.fingerprint, encoder.fingerprint), vectors).name)
    with _bar("Drawing maps and clusters") as progress:
        shipped = Recommender.open(settings=Settings(model=SHIPPED_MODEL))
        for path in Atlas(shipped).ship(lambda done, total: progress(int(done), int(total))):
            typer.echo(path.name)


def _note(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _open(catalogue: str, encoder: str, progress: Callable[[int, int], None], model: Path | None = None) -> Any:
    from recommender.service import Recommender

    return Recommender.open(catalogue, encoder, _settings(model), progress)


def _settings(model: Path | None) -> Any:
    from recommender.settings import Settings

    return Settings(model=model) if model else Settings()


def _say_json(found: dict[str, Any]) -> None:
    # Not-a-number is no JSON; the library gives None for what is missing.
    sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False, default=str) + "\n")


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears with the first report; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task: list[Any] = []

        def report(done: int, total: int) -> None:
            if not task:
                task.append(bar.add_task(title, total=total))
            bar.update(task[0], completed=done, total=total)

        yield report


def main() -> None:
    """Run the command line; an expected error is one sentence on stderr and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except RecommenderError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to do.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
