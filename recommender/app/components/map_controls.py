"""What the map shows: by which method, beside which other one, in which colours, and what is searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from recommender.app import map_resources, resources, state
from recommender.app.state import Key
from recommender.app.wording import column_title
from recommender.reduction import REDUCERS

PREFERRED = ("tsne", "umap", "pca")
"""Methods to begin with, the best for looking around first."""

KINDS = ("articleType", "subCategory", "masterCategory")
"""Columns to begin with, the finest first: one whose values have a colour each is taken."""

ALONE = "none"


@dataclass(frozen=True)
class Controls:
    """The visitor's choice; ``column`` is empty where the catalogue has none to colour by."""

    methods: tuple[str, ...]
    column: str
    words: str


def map_controls(*, colours: bool) -> Controls:
    """Draw the controls; ``colours`` False leaves out the choice of a column, where something else decides for now."""
    columns = map_resources.colour_columns()
    _settle(columns)
    with st.grid(4 if colours else 3, min_column_width=170, gap="small"):
        method = st.selectbox(
            "Map by",
            map_resources.atlas().methods,
            format_func=method_title,
            key=Key.MAP_METHOD,
            persist_state="session",
        )
        others = [ALONE, *(name for name in map_resources.atlas().methods if name != method)]
        beside = st.selectbox(
            "Beside it", others, format_func=_beside_title, key=Key.MAP_BESIDE, persist_state="session"
        )
        column = st.session_state[Key.MAP_BY] if columns else ""
        if colours and columns:
            column = st.selectbox(
                "Colour by",
                columns,
                format_func=column_title,
                key=Key.MAP_BY,
                persist_state="session",
            )
        words = st.text_input(
            "Find on the map",
            placeholder="red women shoes, or a number",
            type="search",
            max_chars=state.MOST_LETTERS,
            live=True,
            key=Key.MAP_WORDS,
            persist_state="session",
        )
    return Controls((method,) if beside == ALONE else (method, beside), column, state.heard(words))


def _settle(columns: Sequence[str]) -> None:
    """What is to be chosen before the visitor chooses; no method stands beside itself, and no words hide a product."""
    st.session_state.setdefault(Key.MAP_METHOD, first_method())
    if columns:
        st.session_state.setdefault(Key.MAP_BY, first_column())
    if st.session_state.get(Key.MAP_BESIDE) == st.session_state[Key.MAP_METHOD]:
        st.session_state[Key.MAP_BESIDE] = ALONE
    words, asked = state.heard(st.session_state.get(Key.MAP_WORDS)), st.session_state.pop(Key.MAP_ASKED, None)
    if words and asked and not map_resources.words().match(words)[resources.shop().catalogue.row_of(asked)]:
        st.session_state[Key.MAP_WORDS] = ""  # the product that was asked for would be grey


def first_method() -> str:
    """The method to begin with: the best one whose map is at hand, or else the best one."""
    known = [name for name in PREFERRED if name in map_resources.atlas().methods] or list(map_resources.atlas().methods)
    return next((name for name in known if map_resources.atlas().ready(name)), known[0])


def first_column() -> str:
    """The column to begin with; empty where there is none to colour by."""
    known = [column for column in KINDS if column in map_resources.colour_columns()] or [
        *map_resources.colour_columns(),
        "",
    ]
    return next((column for column in known if column and not map_resources.colouring(column).note), known[0])


def method_title(method: str) -> str:
    """What a method is called."""
    return REDUCERS.card(method).title


def adopt(methods: Sequence[str], column: str) -> None:
    """Take over the methods and the column of a link, before the controls are drawn; left out, what one begins with."""
    first, *more = methods or (first_method(),)
    st.session_state[Key.MAP_METHOD] = first
    st.session_state[Key.MAP_BESIDE] = more[0] if more else ALONE
    if column or map_resources.colour_columns():
        st.session_state[Key.MAP_BY] = column or first_column()


def _beside_title(method: str) -> str:
    return "Nothing" if method == ALONE else method_title(method)
