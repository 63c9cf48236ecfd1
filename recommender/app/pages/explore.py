"""Explore: every product as a point of a map, to look around in, select from, and see one's own photo on."""

from __future__ import annotations

import numpy as np
import streamlit as st

from recommender.app import map_link, map_state, resources, state
from recommender.app.components import map_controls
from recommender.app.components.details import open_details, product_step
from recommender.app.components.map_canvas import FIND_SIMILAR, map_canvas
from recommender.app.components.map_controls import Controls
from recommender.app.components.map_plot import MapView, Panel
from recommender.app.components.map_quality import map_quality
from recommender.app.components.map_ready import map_ready
from recommender.app.components.map_selection import map_selection
from recommender.app.guard import guarded
from recommender.app.map_state import VIEWS, View
from recommender.app.state import Key
from recommender.app.wording import column_title, plain
from recommender.errors import RecommenderError
from recommender.maps.colours import Categories


def page() -> None:
    """The whole screen: the choice of the map, the map itself, and what is selected on it."""
    with st.spinner("Opening the catalogue…"), st.skeleton(height=620):
        atlas = resources.atlas()
    link = map_link.arrived()
    if link is not None:
        _follow(map_link.parse(link, atlas.methods, resources.colour_columns()))
    view = _head()
    controls = map_controls.map_controls(colours=view != "clusters")
    methods = [method for method in controls.methods if map_ready(method)]
    if methods:
        _map_screen(view, controls, methods)
    map_link.publish(controls.methods, controls.column, view)


def _follow(link: map_link.MapLink) -> None:
    """Take over a link. A product that we don't have is said, and the map shown."""
    map_controls.adopt(link.methods, link.column)
    st.session_state[Key.MAP_VIEW] = link.view
    if not link.product:
        return
    try:
        map_state.focus(resources.product(link.product).id)
    except RecommenderError as error:
        st.warning(plain(error), icon=":material/link_off:")


def _head() -> View:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"### {resources.facts().size:,} products, alike ones close together", width="content")
        view: View = st.segmented_control(
            "What to look at",
            list(VIEWS),
            default="map",
            required=True,
            format_func=VIEWS.__getitem__,
            key=Key.MAP_VIEW,
            persist_state="session",
            label_visibility="collapsed",
        )
    return view


def _map_screen(view: View, controls: Controls, methods: list[str]) -> None:
    kept = resources.words().match(controls.words) if controls.words else None
    _found_line(controls.words, kept)
    _map(controls, methods, kept)
    map_quality([resources.atlas().map(method) for method in methods])
    rows, title = _group(kept)
    if len(rows):
        _gallery(rows, title)


@st.fragment
def _map(controls: Controls, methods: list[str], kept: np.ndarray | None) -> None:
    """The map and the product pointed at; pointing reruns these alone."""
    with guarded():
        colours = resources.colouring(controls.column)
        named_by = controls.column if isinstance(colours, Categories) else map_controls.first_column()
        panels = [
            Panel(
                map_controls.method_title(method),
                resources.atlas().map(method).points,
                resources.names(method, named_by),
            )
            for method in methods
        ]
        map_canvas(MapView(panels, colours, column_title(controls.column), resources.tips(), kept))
        map_link.publish(controls.methods, controls.column, "map")


def _found_line(words: str, kept: np.ndarray | None) -> None:
    if kept is None:
        return
    count = int(kept.sum())
    if not count:
        st.info(
            f"No product is described by **{plain(words)}**. All of them stay on the map in grey; "
            "try fewer words, such as a colour and a kind.",
            icon=":material/search_off:",
        )


def _group(kept: np.ndarray | None) -> tuple[np.ndarray, str]:
    """The rows to list and what they are: the selection, or else what was searched for."""
    selected = map_state.selected()
    if selected is not None:
        return np.array(selected), f"{len(selected):,} selected"
    found = np.flatnonzero(kept) if kept is not None else np.empty(0, np.int64)
    return found, f"{len(found):,} found"


@st.fragment
def _gallery(rows: np.ndarray, title: str) -> None:
    with guarded():
        pressed = map_selection(rows, title)
        if pressed is None:
            return
        product, choice = pressed
        if choice == "details":
            open_details(product.id)
        elif choice == "map":
            map_state.focus(product.id)
            st.rerun()
        else:
            state.go_on(product_step(product))
            st.switch_page(FIND_SIMILAR)


with guarded():
    page()
