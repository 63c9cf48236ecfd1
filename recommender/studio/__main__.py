"""``python -m recommender.studio``: render the catalogue, or some articles of it."""

from __future__ import annotations

import argparse
import sys
import time

from recommender.studio import articles
from recommender.studio.render import RenderError, render_catalogue


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m recommender.studio", description=__doc__)
    parser.add_argument("--article", action="append", help="article type; may be repeated (default: all)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=1600)
    parser.add_argument("--out", default="renders/catalogue.parquet")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--work", help="folder for finished pictures")
    parser.add_argument("--snapshots", action="store_true", help="photographed at home instead of in the studio")
    parser.add_argument("--list", action="store_true", help="list the articles and stop")
    options = parser.parse_args(arguments)
    if options.list:
        for item in articles.load().values():
            print(f"{item.masterCategory:16} {item.subCategory:24} {item.articleType}")
        return 0
    start = time.monotonic()

    def progress(done: int, total: int, article: str) -> None:
        print(f"\r{done}/{total} {time.monotonic() - start:6.0f} s  {article:30}", end="", file=sys.stderr, flush=True)

    try:
        out = render_catalogue(
            options.out,
            options.article,
            options.seed,
            options.count,
            options.processes,
            options.samples,
            progress,
            options.work,
            options.snapshots,
        )
    except (RenderError, ValueError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"\n{out}: {out.stat().st_size / 1e6:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
