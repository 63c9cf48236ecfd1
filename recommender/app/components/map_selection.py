"""The products selected on the map: what they have in common, which are typical or odd, and files of them."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from recommender.app import map_state, resources
from recommender.app.components.gallery import gallery
from recommender.app.state import PAGE, Key
from recommender.app.wording import column_title, named, share
from recommender.maps.selection import Count, counts, oddest, to_csv, to_json, typical

Part = Literal["all", "typical", "oddest"]
PARTS: dict[Part, str] = {"all": "All", "typical": "Most typical", "oddest": "Oddest"}
FEW = 12
"""Products in the typical and the odd part."""

VALUES = 4
"""Values of an attribute that are listed."""


def map_selection(rows: np.ndarray, title: str) -> None:
    """Draw the group of ``rows``."""
    catalogue, vectors = resources.shop().catalogue, resources.shop().vectors
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"#### {title}", width="content")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            _files(rows)
            if map_state.selected() is not None:
                _let_go()
    _counts(rows)
    part = st.segmented_control(
        "Which of them",
        list(PARTS),
        default="all",
        required=True,
        format_func=PARTS.__getitem__,
        key=Key.MAP_PART,
        persist_state="session",
        label_visibility="collapsed",
    )
    if part == "typical":
        chosen = typical(vectors, rows, FEW)
    elif part == "oddest":
        chosen = oddest(vectors, rows, FEW)
    else:
        chosen = rows[: map_state.shown()]
    gallery([resources.product(catalogue.ids[row]) for row in chosen], "mapped", show_similarity=False)
    left = len(rows) - len(chosen)
    if part == "all" and left > 0:
        with st.container(horizontal_alignment="center"):
            st.button(
                f"Show {min(PAGE, left)} more",
                icon=":material/expand_more:",
                on_click=map_state.show_more,
                key="map_show_more",
            )


def _let_go() -> None:
    if st.button("Let go", icon=":material/close:", key="map_release"):
        map_state.select(None)
        st.rerun()  # the whole page: the map has to hear of it


def _files(rows: np.ndarray) -> None:
    frame = resources.shop().catalogue.frame
    for kind, write, mime in (("CSV", csv_file, "text/csv"), ("JSON", to_json, "application/json")):
        st.download_button(
            kind,
            partial(write, frame, rows),
            f"selection.{kind.lower()}",
            mime,
            icon=":material/download:",
            on_click="ignore",
            key=f"map_{kind.lower()}",
        )


def csv_file(frame: pd.DataFrame, rows: np.ndarray) -> bytes:
    """Some rows for spreadsheet programs, which take text for UTF-8 only where a byte-order mark says so."""
    return to_csv(frame, rows).encode("utf-8-sig")


def _counts(rows: np.ndarray) -> None:
    """What the group is made of, an attribute a column; those of one value only are said in the same way."""
    with st.grid(8, min_column_width=150, gap="small"):
        for column, values in counts(resources.shop().catalogue.frame, rows).items():
            lines = [_line(one) for one in values[:VALUES]]
            if len(values) > VALUES:
                lines.append(f":gray[and {len(values) - VALUES} more]")
            st.markdown(f":small[:gray[{column_title(column)}]]  \n" + "  \n".join(f":small[{line}]" for line in lines))


def _line(one: Count) -> str:
    name = ":gray[no value]" if one.value is None else named(one.value)
    return f"{name} · **{one.count:,}** :gray[{share(one.share)}]"
