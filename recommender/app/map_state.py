"""What one visitor does on the map: the product looked at, the selection, and what the browser was told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from recommender.app.state import PAGE, Key
from recommender.settings import ROOT

View = Literal["map", "clusters", "labels"]
VIEWS: dict[View, str] = {"map": "Map", "clusters": "Clusters", "labels": "Doubtful labels"}
MOST_METHODS = 2
FIND_SIMILAR = ROOT / "recommender" / "app" / "pages" / "find_similar.py"
EXPLORE = ROOT / "recommender" / "app" / "pages" / "explore.py"


@dataclass(frozen=True)
class Told:
    """What the app itself wants selected and looked at; the numbers count up, so that the browser knows it as new."""

    selected: tuple[int, ...] | None = None
    selection_turn: int = 0
    focus: str | None = None
    focus_turn: int = 0


def told() -> Told:
    """The last that the browser was told."""
    return st.session_state.get(Key.MAP_TOLD) or Told()


def selected() -> tuple[int, ...] | None:
    """Rows of the present selection; None for none."""
    return st.session_state.get(Key.MAP_SELECTED)


def select(rows: Sequence[int] | None, *, tell: bool = True) -> None:
    """Make ``rows`` the selection, or lift it; ``tell`` False where it comes from the map itself."""
    chosen = tuple(int(row) for row in rows) if rows is not None and len(rows) else None
    st.session_state[Key.MAP_SELECTED] = chosen
    st.session_state[Key.MAP_SHOWN] = PAGE
    if tell:
        before = told()
        st.session_state[Key.MAP_TOLD] = Told(chosen, before.selection_turn + 1, before.focus, before.focus_turn)


def looked() -> str | None:
    """Id of the product looked at."""
    return st.session_state.get(Key.MAP_LOOKED)


def look(product_id: str) -> None:
    """The product that the visitor points at."""
    st.session_state[Key.MAP_LOOKED] = product_id


def pinned() -> str | None:
    """Id of the product that was clicked or asked for: what a link of this page shows."""
    return st.session_state.get(Key.MAP_PINNED)


def pin(product_id: str) -> None:
    """Look at a product for longer than the pointer is on it."""
    look(product_id)
    st.session_state[Key.MAP_PINNED] = product_id


def unpin() -> None:
    """Let go of the product that was clicked or asked for."""
    st.session_state.pop(Key.MAP_PINNED, None)


def focus(product_id: str) -> None:
    """Bring a product to the middle of the map, when it is drawn next."""
    pin(product_id)
    st.session_state[Key.MAP_ASKED] = product_id
    before = told()
    st.session_state[Key.MAP_TOLD] = Told(before.selected, before.selection_turn, product_id, before.focus_turn + 1)


def shown() -> int:
    """How many products the gallery under the map holds at most."""
    return int(st.session_state.get(Key.MAP_SHOWN, PAGE))


def show_more() -> None:
    """One more helping."""
    st.session_state[Key.MAP_SHOWN] = shown() + PAGE


def tell_again() -> None:
    """The browser draws a map of its own anew, as after another page: it has forgotten what was selected on it."""
    before = told()
    kept = before.focus if before.focus == looked() else None
    st.session_state[Key.MAP_TOLD] = Told(selected(), before.selection_turn + 1, kept, before.focus_turn + 1)
