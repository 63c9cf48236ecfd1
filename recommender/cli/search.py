"""The commands that use what is there: search, similar, find, embed and map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from recommender.cli.options import (
    Catalogue,
    EncoderName,
    Json,
    K,
    Model,
    WhereOption,
    bar,
    note,
    open_shop,
    say_json,
    settings_of,
)
from recommender.errors import ImageError, RecommenderError

if TYPE_CHECKING:
    from recommender.results import Recommendation

app = typer.Typer()

SAID = ("unknown_words", "left_out", "not_left_out", "prices", "products", "ms")
"""What JSON says of an answer to a product or to words, of which there are no labels."""

Beside = Annotated[str, typer.Option("--words", help="What is wanted beside the look, such as 'in red'.")]


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
    words: Beside = "",
    encoder: EncoderName = "house",
    model: Model = None,
    as_json: Json = False,
) -> None:
    """What is in each photo, and the products that look most like it."""
    from recommender.catalog import parse_where
    from recommender.results import one_line

    passed = parse_where(where or [])
    shop = open_shop(catalogue, encoder, model, passed)
    failed = told = False
    answers = shop.recommend_many(photos, k, passed, within, words)
    for path, answer in zip(photos, answers, strict=True):
        if not told and not isinstance(answer, ImageError):
            _tell_words(answer)
            told = True
        if isinstance(answer, ImageError):
            failed = True
            say_json({"photo": path, "error": str(answer)}) if as_json else note(f"{path}: {answer}")
        elif as_json:
            say_json({"photo": path, **answer.to_dict()})
        else:
            typer.echo(f"{one_line(path)}\n{answer.listing()}\n")
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Example: python -m recommender similar 245001 -k 6")
def similar(
    product_id: Annotated[str, typer.Argument(help="A product's id.")],
    catalogue: Catalogue = "demo",
    k: K = 12,
    where: WhereOption = None,
    words: Beside = "",
    encoder: EncoderName = "house",
    model: Model = None,
    as_json: Json = False,
) -> None:
    """The products that look most like one of the catalogue."""
    from recommender.catalog import parse_where

    passed = parse_where(where or [])
    shop = open_shop(catalogue, encoder, model, passed)
    answer = shop.similar_to(product_id, k, passed, words)
    _say(answer, {"product": product_id} if as_json else None)


@app.command(epilog="Example: python -m recommender find red women shoes -k 6 --where price=..40")
def find(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="What the products should be.")],
    catalogue: Catalogue = "demo",
    k: K = 12,
    where: WhereOption = None,
    encoder: EncoderName = "house",
    model: Model = None,
    as_json: Json = False,
) -> None:
    """The products that fit some words best, by their look and by what they are called."""
    from recommender.catalog import parse_where

    passed = parse_where(where or [])
    shop = open_shop(catalogue, encoder, model, passed)
    answer = shop.find(" ".join(words), k, passed)
    _say(answer, {"words": " ".join(words)} if as_json else None)


def _say(answer: Recommendation, asked: dict[str, str] | None) -> None:
    """Products that were found without a photo; as JSON, with what was asked, where ``asked`` says it."""
    _tell_words(answer)
    if asked is None:
        typer.echo(answer.listing())
    else:
        said = answer.to_dict()
        say_json({**asked, **{name: said[name] for name in SAID}})


def _tell_words(answer: Recommendation) -> None:
    for sentence in answer.understood:
        note(sentence)


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
    from recommender.embedding import embed_to_file, holds_vectors, words_to_file
    from recommender.images import EXTENSIONS

    if bool(source) == bool(words):
        raise RecommenderError("Name pictures, a folder or a table, or else a file of words with --words.")
    if words is not None:
        if encoder != "house":
            raise RecommenderError("Only the house encoder has words in the space of its pictures.")
        typer.echo(f"{words_to_file(words, out, settings_of(model))} queries are in {out}.", err=True)
        return
    assert source is not None
    for path in source:
        # A picture that is not there is listed as failed with the others; a folder or a table is all there is.
        if not path.exists() and path.suffix.lower().lstrip(".") not in EXTENSIONS:
            raise ImageError(f"There is no file or folder {str(path)!r}.")
    with bar("Embedding") as progress:
        done, failed = embed_to_file(source, out, encoder, settings_of(model), progress)
    for key, reason in failed[:20]:
        note(f"{key}: {reason}")
    kept = not done and holds_vectors(out)
    if len(failed) > 20:
        note(f"… and {len(failed) - 20} more{'.' if kept else '; all are listed in the file.'}")
    if kept:
        note(f"No picture could be read: {out} is left as it was, with the vectors that it held before.")
    else:
        note(f"{done} of {done + len(failed)} pictures are in {out}.")
    if not done:
        raise typer.Exit(1)


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
    from recommender.maps.files import check_columns, check_out, write_map
    from recommender.reduction import REDUCERS

    check_out(out)
    REDUCERS.card(method)
    shop = open_shop(catalogue, encoder, model)
    check_columns(out, shop.catalogue.frame)
    with bar("Computing the map") as progress:
        drawn = Atlas(shop).map(method, lambda share, left: progress(int(100 * share), 100))
    write_map(out, drawn, shop.catalogue.frame)
    for line in (drawn.note, *(f"{name} {value:.3f}" for name, value in drawn.quality.items())):
        typer.echo(line, err=True) if line else None
    many = len(drawn.points)
    typer.echo(f"{many:,} products are in {out}." if many > 1 else f"1 product is in {out}.", err=True)
