"""The command line: a thin layer over the library. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from recommender import __version__
from recommender.cli import catalogue, demo, search, training
from recommender.cli.options import note
from recommender.errors import RecommenderError

STOPPED = 130
"""The status with which Typer ends at Ctrl-C."""

app = typer.Typer(
    name="python -m recommender",
    help="Visual product search: a photo in, what it is and which products look like it out.",
    epilog="Examples: python -m recommender search photo.jpg -k 6, or python -m recommender similar 245001. "
    "Each command has examples of its own: python -m recommender search --help",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(search.app)
app.add_typer(training.app)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(demo.app, name="demo")


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


def main() -> None:
    """Run the command line; an expected error is one sentence on stderr and exit status 2.

    Where the reader of our output has gone (`| head`), Typer ends without a word, with status 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except RecommenderError as error:
        note(f"Error: {error}")
        sys.exit(2)
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and "allocate memory" not in str(error):  # as torch puts it
            raise
        note("Error: This takes more memory than there is. Give fewer products, or a smaller size to train on.")
        sys.exit(2)
    except OSError as error:  # such as a full disk behind `> file`
        _hush()
        typer.echo(f"Error: {error.strerror or error}.", err=True)
        sys.exit(2)
    except SystemExit as end:
        if end.code == STOPPED:
            typer.echo("Stopped.", err=True)
        raise


def _hush() -> None:
    """What is still to be written goes nowhere: writing it at the end would fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
