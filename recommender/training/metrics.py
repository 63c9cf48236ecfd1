"""What a run tells of itself: one JSON object a line and epoch, and the same as a picture of learning curves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recommender.files import atomic
from recommender.training.curves import draw

METRICS, CURVES = "metrics.jsonl", "curves.png"


def read(run: Path) -> list[dict[str, Any]]:
    """The lines of a run folder, one an epoch; [] where there are none. Half a line of a killed run is left out."""
    try:
        text = (run / METRICS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    found = []
    for line in text.split("\n"):  # splitlines() would cut at what a column may be called, such as U+2028
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and "epoch" in entry:
            found.append(entry)
    return found


def append(run: Path, metrics: dict[str, Any]) -> None:
    """Add a line and draw the curves again."""
    with (run / METRICS).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(metrics, ensure_ascii=False) + "\n")
    with atomic(run / CURVES) as draft:
        draw(read(run)).save(draft, "PNG")


def keep_before(run: Path, epoch: int) -> None:
    """Drop the lines from ``epoch`` on: the run does these epochs (again)."""
    lines = [line for line in read(run) if line["epoch"] < epoch]
    with atomic(run / METRICS) as draft:
        draft.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
