"""Explore: every product as a point of a map, to look around in, select from, and see one's own photo on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from recommender.app import map_link, map_resources, map_state, resources
from recommender.app.components import map_controls
from recommender.app.components.details import follow_press, more_like
from recommender.app.components.map_canvas import map_canvas
from recommender.app.components.map_clusters import chosen_clusters, cluster_cards
from recommender.app.components.map_controls import Controls
from recommender.app.components.map_export import standalone
from recommender.app.components.map_mistakes import chosen_doubts, doubt_cards
from recommender.app.components.map_plot import MapView, Panel
from recommender.app.components.map_quality import map_quality
from recommender.app.components.map_ready import map_ready
from recommender.app.components.map_selection import map_selection
from recommender.app.components.map_trail import Trail, ask_for_photo, trail_line, trail_on
from recommender.app.components.words_panel import ruled_out_line
from recommender.app.guard import guarded
from recommender.app.map_state import VIEWS, View
from recommender.app.state import Key
from recommender.app.wording import column_title, plain
from recommender.errors import RecommenderError
from recommender.maps.colours import Categories, Scale
from recommender.maps.labels import Name


@dataclass(frozen=True, eq=False)
class Paint:
    """How the points are coloured: by what, in which colours, and what is written on a method's map."""

    title: str
    colours: Categories | Scale
    names: Callable[[str], Sequence[Name]]
    priced: bool = False


def page() -> None:
    """The whole screen: the choice of the map, the map itself, and what is selected on it."""
    with st.spinner("Opening the catalogue…"), st.skeleton(height=620):
        atlas = map_resources.atlas()
    link = map_link.arrived()
    if link is not None:
        _follow(map_link.parse(link, atlas.methods, map_resources.colour_columns()))
    st.session_state.setdefault(Key.MAP_VIEW, "map")
    view = _head()
    controls = map_controls.map_controls(colours=view == "map")
    methods = [method for method in controls.methods if map_ready(method)]
    if methods:
        {"map": _map_view, "clusters": _clusters_view, "labels": _labels_view}[view](controls, methods)
    # What the page begins with is left out, or its first visit would be two steps for the browser's Back button.
    usual = controls.methods == (map_controls.first_method(),)
    column = "" if controls.column == map_controls.first_column() else controls.column
    map_link.publish(() if usual else controls.methods, column, view)


def _follow(link: map_link.MapLink) -> None:
    """Take over a link. A product that we don't have is said, and the map shown."""
    map_controls.adopt(link.methods, link.column)
    st.session_state[Key.MAP_VIEW] = link.view
    if not link.product:
        map_state.unpin()  # the browser's Back button led to before it
        return
    try:
        map_state.focus(resources.product(link.product).id)
    except RecommenderError as error:
        st.warning(plain(error), icon=":material/link_off:")


def _head() -> View:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"# {resources.facts().size:,} products, alike ones close together", width="content")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if st.button("Your photo", icon=":material/add_a_photo:", key="explore_photo"):
                ask_for_photo()
            view = st.segmented_control(
                "What to look at",
                list(VIEWS),
                required=True,
                format_func=VIEWS.__getitem__,
                key=Key.MAP_VIEW,
                persist_state="session",
                label_visibility="collapsed",
            )
    return view or "map"


def _map_view(controls: Controls, methods: list[str]) -> None:
    with _above_map():
        kept = _searched(controls.words)
    _map(_by_column(controls.column), methods, kept)
    _below(methods)
    _listed(kept)


def _clusters_view(controls: Controls, methods: list[str]) -> None:
    with _above_map():
        found, k = chosen_clusters()
        kept = _searched(controls.words)
    painted = partial(map_resources.clusters, found.method, k)
    _map(Paint("Cluster", painted(methods[0])[0], lambda method: painted(method)[1]), methods, kept)
    _below(methods)
    _listed(kept)
    cluster_cards(found)


def _labels_view(controls: Controls, methods: list[str]) -> None:
    with _above_map():
        doubts = chosen_doubts()
        searched = _searched(controls.words)
    kept = np.zeros(resources.facts().size, bool)
    kept[doubts.rows] = True
    kept = kept if searched is None else kept & searched
    _map(_by_column(doubts.column or map_controls.first_column()), methods, kept)
    _below(methods)
    _listed(searched, found=False)  # what is found is listed with its doubts
    doubt_cards(doubts.among(kept), searched is not None)


def _listed(kept: np.ndarray | None, *, found: bool = True) -> None:
    """The products that are selected or found, above what the view itself lists."""
    rows, title = _group(kept, found)
    if len(rows):
        _gallery(rows, title)
    else:
        # Words that find nothing may have been taken by a press on a card that is gone.
        follow_press(_to_middle, more_like)


def _above_map() -> DeltaGenerator:
    """A place for what stands above the map and differs from view to view.

    The browser tells blocks by their number: what is drawn one further down is a new map, which has lost its selection.
    """
    return st.container(key="map_above")


def _by_column(column: str) -> Paint:
    """Colours and names of a column; numbers have no names, so the products' kinds are written."""
    colours = map_resources.colouring(column)
    named = column if isinstance(colours, Categories) else map_controls.first_column()
    return Paint(column_title(column), colours, lambda method: map_resources.names(method, named), column == "price")


@st.fragment
def _map(paint: Paint, methods: list[str], kept: np.ndarray | None) -> None:
    """The map and the product pointed at; pointing reruns these alone."""
    with guarded():
        trails = {method: trail_on(method) for method in methods}
        view = _view(paint, trails, kept)
        map_canvas(view)
        trail_line(trails)
        selected = np.array(map_state.selected() or (), np.int64)
        st.download_button(
            "This map as a page of its own",
            # Written when it is asked for, in a thread without a session: everything it takes is at hand here.
            partial(standalone, view, selected, resources.shop().catalogue),
            "map.html",
            "text/html",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help="One file that opens in any browser, without this app and without a network. "
            "The pictures of the selected products come along.",
            key="map_page",
        )


def _view(paint: Paint, trails: Mapping[str, Trail], kept: np.ndarray | None) -> MapView:
    panels = []
    for method, trail in trails.items():
        points = map_resources.atlas().map(method).points
        title = map_controls.method_title(method)
        panels.append(Panel(title, points, paint.names(method), trail.spots, trail.near))
    return MapView(panels, paint.colours, paint.title, map_resources.tips(), kept, priced=paint.priced)


def _below(methods: list[str]) -> None:
    map_quality([map_resources.atlas().map(method) for method in methods])


def _searched(words: str) -> np.ndarray | None:
    """Which products the words describe; None for all. What they rule out is said, and where there is none."""
    if not words:
        return None
    known = map_resources.words()
    kept, wish = known.match(words), known.wish(words)
    if kept.any():
        ruled_out_line(known, wish)
    else:
        nothing_left = f"**{plain(words)}** leaves no product"
        why = nothing_left if wish.rules_out else f"No product is described by **{plain(words)}**"
        st.info(
            f"{why}. All of them stay on the map in grey; try fewer words, such as a colour and a kind.",
            icon=":material/search_off:",
        )
    return kept


def _group(kept: np.ndarray | None, found: bool) -> tuple[np.ndarray, str]:
    """The rows to list and what they are: those selected of what was searched for, or else, if ``found``, all of it."""
    rows = np.array(map_state.selected() or (), np.int64)
    if kept is None or not kept.any():
        return rows, f"{len(rows):,} selected"
    among = rows[kept[rows]]
    if len(among):
        of_all = "" if len(among) == len(rows) else f"of {len(rows):,} "
        return among, f"{len(among):,} {of_all}selected"
    every = np.flatnonzero(kept) if found else among
    return every, f"{len(every):,} found"


@st.fragment
def _gallery(rows: np.ndarray, title: str) -> None:
    with guarded():
        map_selection(rows, title)
        follow_press(_to_middle, more_like)


def _to_middle(product_id: str) -> None:
    map_state.focus(product_id)
    st.rerun()


with guarded():
    page()
