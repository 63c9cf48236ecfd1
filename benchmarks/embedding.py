"""How long a table takes to embed, as the command line does it.

    python -m benchmarks.embedding [TABLE.parquet]

Without a table, the demo catalogue.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from recommender.catalog.catalog import DEMO
from recommender.embedding import embed_to_file

BOUND = 180.0 / 39_631  # seconds a product: 39,631 of them in three minutes


def main(table: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "vectors.npz"
        started = time.perf_counter()
        n, failed = embed_to_file([table], out)
        took = time.perf_counter() - started
    if not n:
        sys.exit(f"No picture of {table} could be embedded.")
    print(f"{n} products ({len(failed)} failed) in {took:.1f} s: {took / n / BOUND:.2f} of the bound")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO)
