"""The map beside the product that the visitor points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from recommender.app import map_link, map_state, resources, state
from recommender.app.components.details import more_like, open_details
from recommender.app.components.map_plot import Event, MapView, map_plot
from recommender.app.state import Key
from recommender.app.wording import column_title, is_given, money, named, plain
from recommender.results import Product

_BADGES = ("articleType", "gender", "baseColour")


def map_canvas(view: MapView) -> None:
    """Draw both. Pointing reruns the surrounding fragment alone; a selection reruns the page with its gallery."""
    if Key.MAP_PLOT not in st.session_state:
        map_state.tell_again()
    chart, beside = st.columns([7, 2], gap="medium")
    with chart:
        _take(map_plot(_as_told(view), Key.MAP_PLOT))
    with beside:
        _pointed()


def _as_told(view: MapView) -> MapView:
    told, catalogue = map_state.told(), resources.shop().catalogue
    return replace(
        view,
        selected=None if told.selected is None else np.array(told.selected),
        selection_turn=told.selection_turn,
        focus=-1 if told.focus is None else catalogue.row_of(told.focus),
        focus_turn=told.focus_turn,
        awaited=state.entered(),
    )


def _take(events: Sequence[Event]) -> None:
    """Do what the visitor asked for on the map, each thing once and in order."""
    frame, last = st.session_state.get(Key.MAP_TURN) or ("", -1)
    new = [event for event in events if event.frame != frame or event.turn > last]
    for event in new:
        _do(event)
        # Not before it is done: another run may break into this one at any time, and has to take up what it left.
        st.session_state[Key.MAP_TURN] = (event.frame, event.turn)
    if any(event.kind in ("select", "clear") for event in new):
        st.rerun()  # with its gallery


def _do(event: Event) -> None:
    if event.kind == "drawn":
        map_link.publish_drawn()
    elif event.kind in ("look", "click"):
        product_id = resources.shop().catalogue.ids[event.row]
        if event.kind == "look":
            map_state.look(product_id)
        else:
            map_state.pin(product_id)
            map_link.publish_pinned()  # the page, which does that, is not run again
    else:
        map_state.select(event.rows.tolist() if event.kind == "select" else None, tell=False)


def _pointed() -> None:
    looked = map_state.looked()
    if looked is None:
        with st.container(border=True):
            st.caption(
                "**Point** at the map, or tap it, to see a product here. "
                "**Lasso** or **Box** selects products, which are then listed below; a double-click lets go of them."
            )
        return
    product = resources.product(looked)
    with st.container(gap="small", key="map_pointed"):
        st.image(resources.picture(product.id), width="stretch", alt=product.title)
        st.markdown(f"**{plain(product.title)}**")
        _facts(product)
        if st.button("More like this", icon=":material/image_search:", width="stretch", key="map_more"):
            more_like(product)
        if st.button("Details", icon=":material/info:", width="stretch", key="map_details"):
            open_details(product.id)


def _facts(product: Product) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        price = money(product.columns.get("price"))
        if price:
            st.badge(price, color="green")
        for column in _BADGES:
            value = product.columns.get(column)
            if is_given(value):
                st.badge(named(value), color="gray", help=column_title(column))
