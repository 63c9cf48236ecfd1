"""The map as a component of ours: what it is sent, and what it may send back.

It draws with the plotly.js that the Python package ships, in WebGL and in a few traces, and answers with row numbers.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from streamlit.components.v1 import declare_component
from streamlit.components.v1.custom_component import CustomComponent

from recommender.app.wording import capital, money
from recommender.errors import RecommenderError
from recommender.maps.colours import Categories, Scale
from recommender.maps.labels import Name

FRONTEND = Path(__file__).resolve().parents[1] / "map_frontend"
FIRST_HEIGHT = 680
"""Pixels that the map's place has before the map is there and says how tall it is, so that the page below stays put."""

MOST_BEFORE = 3
"""Events that may come along with the newest one: the last of each other kind, where a selection lifted is one made."""

_TURN = re.compile("([a-z0-9]{1,20})-([0-9]{1,15})")

Kind = Literal["drawn", "look", "click", "select", "clear"]


@dataclass(frozen=True)
class Spot:
    """A photo, or a product that was gone on to, at its place (x, y) on a map."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, eq=False)
class Panel:
    """One map of the one or two that stand side by side.

    ``points`` is (n, 2) float32; ``near`` are the rows that the last step of the trail is tied to.
    """

    title: str
    points: np.ndarray
    names: Sequence[Name] = ()
    trail: Sequence[Spot] = ()
    near: Sequence[int] = ()


@dataclass(frozen=True, eq=False)
class Tips:
    """What the pointer shows: a title a row, and a few columns as values and numbers into them, (columns, n) uint16."""

    titles: bytes
    facts: Sequence[Mapping[str, Any]]
    codes: np.ndarray


@dataclass(frozen=True, eq=False)
class MapView:
    """Everything that is on the screen.

    ``kept`` is (n,) bool, None for all: the others are grey context. ``selected`` are rows, taken over by the browser
    when ``selection_turn`` differs from the one before: what was selected there is not sent back to it. ``focus`` is a
    row to bring to the middle when ``focus_turn`` changes, -1 for none. ``awaited`` asks to be told once it is drawn.
    ``priced`` says that the numbers of the scale are prices.
    """

    panels: Sequence[Panel]
    colours: Categories | Scale
    column: str
    tips: Tips
    kept: np.ndarray | None = None
    selected: np.ndarray | None = None
    selection_turn: int = 0
    focus: int = -1
    focus_turn: int = 0
    awaited: bool = False
    priced: bool = False


@dataclass(frozen=True, eq=False)
class Event:
    """What the visitor did: a product looked at or clicked (``row``), or a selection (``rows``) made or lifted.

    Or else that the map is drawn, where that was awaited. ``frame`` names the iframe that says so: a new one counts its
    turns from the start.
    """

    kind: Kind
    frame: str
    turn: int
    row: int = -1
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))


def map_plot(view: MapView, key: str) -> tuple[Event, ...]:
    """Draw the map; what the visitor did on it, the last of each kind, in order.

    They come again in every run, and the older ones with every newer one: ``frame`` and ``turn`` tell them apart.
    """
    count = len(view.panels[0].points)
    return read_events(_component()(**payload(view), height=FIRST_HEIGHT, key=key, default=None), count)


def payload(view: MapView) -> dict[str, Any]:
    """The arguments of the component: typed arrays as bytes, everything else as JSON."""
    count = len(view.panels[0].points)
    points = b"".join(np.ascontiguousarray(panel.points.T, "<f4").tobytes() for panel in view.panels)
    codes = view.colours.codes.astype(np.uint8).tobytes()
    kept = b"" if view.kept is None else view.kept.astype(np.uint8).tobytes()
    selected = np.zeros(count if view.selected is not None else 0, np.uint8)
    if view.selected is not None:
        selected[view.selected] = 1
    return {
        "count": count,
        "panels": [
            {
                "title": panel.title,
                "names": [
                    {"text": capital(name.text), "x": name.x, "y": name.y, "level": name.level} for name in panel.names
                ],
                "trail": [{"x": step.x, "y": step.y, "label": step.label} for step in panel.trail],
                "near": [int(row) for row in panel.near],
            }
            for panel in view.panels
        ],
        "points": points,
        "codes": codes,
        "palettes": _palettes(view.colours),
        "legend": _legend(view),
        "kept": kept,
        # Streamlit sends nothing where only bytes have changed.
        "digest": zlib.crc32(kept, zlib.crc32(codes, zlib.crc32(points))),
        "selected": selected.tobytes(),
        "selection_turn": view.selection_turn,
        "titles": view.tips.titles,
        "facts": [dict(fact) for fact in view.tips.facts],
        "fact_codes": view.tips.codes.astype("<u2").tobytes(),
        "focus": {"row": view.focus, "turn": view.focus_turn},
        "awaited": view.awaited,
    }


def read_events(value: Any, count: int) -> tuple[Event, ...]:
    """What the browser sent, checked as a stranger's word: the events in order, without any the map would not send."""
    newest = _read(value, count)
    if newest is None:
        return ()
    before = value.get("before")
    earlier = before if isinstance(before, list) and len(before) <= MOST_BEFORE else []
    events = {newest.turn: newest}
    for event in (_read(one, count) for one in earlier):
        if event is not None and event.frame == newest.frame and event.turn < newest.turn:
            events[event.turn] = event
    return tuple(events[turn] for turn in sorted(events))


def _read(value: Any, count: int) -> Event | None:
    """One event; None where it is nothing that the map would send."""
    if not isinstance(value, dict) or not isinstance(value.get("turn"), str):
        return None
    turn = _TURN.fullmatch(value["turn"])
    if turn is None:
        return None
    kind, name, number, row = value.get("kind"), turn[1], int(turn[2]), value.get("row")
    if kind in ("drawn", "clear"):
        return Event(kind, name, number)
    if kind in ("look", "click") and type(row) is int and 0 <= row < count:
        return Event(kind, name, number, row=row)
    if kind == "select":
        rows = _rows(value.get("mask"), count)
        return None if rows is None or not len(rows) else Event("select", name, number, rows=rows)
    return None


def _rows(mask: Any, count: int) -> np.ndarray | None:
    """Row numbers of a mask in base 64, a bit a row; None where it is not one for ``count`` rows."""
    if not isinstance(mask, str) or len(mask) > 4 * -(-count // 24):
        return None
    try:
        bits = np.unpackbits(np.frombuffer(base64.b64decode(mask, validate=True), np.uint8))
    except (binascii.Error, ValueError):
        return None
    if len(bits) != 8 * -(-count // 8) or bits[count:].any():
        return None
    return np.flatnonzero(bits)


def _palettes(colours: Categories | Scale) -> dict[str, list[str]]:
    if isinstance(colours, Scale):
        return {"light": list(colours.light), "dark": list(colours.dark)}
    return {"light": [one.light for one in colours.swatches], "dark": [one.dark for one in colours.swatches]}


def _legend(view: MapView) -> dict[str, Any]:
    colours, note = view.colours, view.colours.note
    if note and view.kept is not None:
        # The entries beside it count what is looked at alone.
        note = f"Of all {len(colours.codes):,} products: {note}"
    legend: dict[str, Any] = {"title": view.column, "note": note, "scale": None, "entries": []}
    if isinstance(colours, Scale) and colours.missing == len(colours.codes):
        legend["note"] = "No product has a value."
    elif isinstance(colours, Scale):
        said = _price if view.priced else _number
        legend["scale"] = {"low": said(colours.low), "high": said(colours.high)}
    else:
        legend["entries"] = [{"name": capital(one.text), "count": one.count} for one in colours.swatches]
    return legend


def _number(value: float) -> str:
    """Written out, with commas from five digits on: four of them are mostly a year."""
    return f"{value:.10g}" if abs(value) < 10_000 else f"{value:,.10g}"


def _price(value: float) -> str:
    return money(value).lstrip("\\")  # the browser is told text and no markdown


@cache
def plotly_folder() -> Path:
    """Where the plotly package keeps its plotly.js; raises RecommenderError where the package is missing."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise RecommenderError("The map needs plotly: pip install -r requirements.txt")
    return Path(found.origin).parent / "package_data"


@cache
def _component() -> CustomComponent:
    # The page of the component loads plotly.js from the first one, which is never drawn itself.
    declare_component("plotly", path=plotly_folder())
    return declare_component("map", path=FRONTEND)
