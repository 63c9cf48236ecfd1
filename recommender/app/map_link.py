"""The part of the map that can be shared as a link: the methods, the colours, the view and the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from recommender.app import map_state, state
from recommender.app.map_state import MOST_METHODS, VIEWS, View
from recommender.app.state import Key
from recommender.app.url import MAP_NAMES, OWN_NAMES, Params, gone_back

OTHER_NAMES = OWN_NAMES - {*MAP_NAMES}


@dataclass(frozen=True)
class MapLink:
    """What a link says; empty where it leaves a thing at its default."""

    methods: tuple[str, ...] = ()
    column: str = ""
    view: View = "map"
    product: str = ""


def parse(params: Mapping[str, Sequence[str]], methods: Sequence[str], columns: Sequence[str]) -> MapLink:
    """Read a link. What is unknown is left out, so that an old link still opens."""
    chosen = tuple(dict.fromkeys(name for name in params.get("map", ()) if name in methods))
    column, view = ([*params.get(name, ()), ""][0] for name in ("by", "view"))
    product = [*params.get("product", ()), ""][0]
    found: View = next((one for one in VIEWS if one == view), "map")
    return MapLink(chosen[:MOST_METHODS], column if column in columns else "", found, product)


def build(link: MapLink) -> Params:
    """The query parameters of a link; what is at its default is left out."""
    params: Params = {}
    if link.methods:
        params["map"] = list(link.methods)
    if link.column:
        params["by"] = [link.column]
    if link.view != "map":
        params["view"] = [link.view]
    if link.product:
        params["product"] = [link.product]
    return params


def arrived() -> Params | None:
    """The parameters of a link that has just been opened, or None if the page wrote what is there.

    An empty address at which the page was entered from another one is no link, not when Back leads to it either. One
    that is a search's, as for a moment while the page is entered, shows the map as it was, without a product.
    """
    if gone_back() and _is_anothers():
        return {name: values for name, values in st.session_state.get(Key.MAP_URL, {}).items() if name != "product"}
    params = _present()
    if gone_back() and not params and st.session_state.get(Key.MAP_BARE):
        st.session_state[Key.MAP_BARE] -= 1  # to publish puts the full address in its place
        return None
    new = params != st.session_state.get(Key.MAP_URL)
    return params if new and (params or gone_back()) else None


def publish(methods: Sequence[str], column: str, view: View) -> None:
    """Write what is on the screen to the address, where it differs.

    Where the page has just been entered from another one, that waits until the browser says that it has drawn the map.
    It may not have left the other page before, whose address would become one more step for its Back button.
    """
    params = build(MapLink(tuple(methods), column, view, map_state.pinned() or ""))
    if state.entered():
        st.session_state[Key.MAP_UNWRITTEN] = params
        if params and not st.query_params and params == st.session_state.get(Key.MAP_URL) and not gone_back():
            st.session_state[Key.MAP_BARE] = st.session_state.get(Key.MAP_BARE, 0) + 1
    else:
        _write(params)


def publish_drawn() -> None:
    """Write what had to wait until the map was drawn."""
    params = st.session_state.get(Key.MAP_UNWRITTEN)
    if params is not None:
        _write(params)


def publish_pinned() -> None:
    """Write the product that was clicked to the address; the rest of it stays."""
    before = st.session_state.get(Key.MAP_UNWRITTEN)
    _write({**(_present() if before is None else before), "product": [map_state.pinned() or ""]})


def _write(params: Params) -> None:
    st.session_state.pop(Key.MAP_UNWRITTEN, None)
    if not params:
        st.session_state.pop(Key.MAP_BARE, None)  # the empty address is the map's as it begins again
    st.session_state[Key.MAP_URL] = params
    if _present() != params:
        st.query_params.from_dict(params)


def show_on_map(product_id: str) -> None:
    """Leave for the map, with the product in its middle."""
    map_state.focus(product_id)
    st.session_state[Key.MAP_VIEW] = "map"
    # Streamlit writes the address that it is given before it leaves the page: another one than the present would be one
    # more step for the browser's Back button. What of it the map could take for its own is no link to the map.
    st.session_state[Key.MAP_URL] = _present()
    st.switch_page(map_state.EXPLORE, query_params={name: st.query_params.get_all(name) for name in st.query_params})


def _present() -> Params:
    """What the address says of the map: nothing while it is that of the page before, which names products too."""
    if _is_anothers():
        return {}
    return {name: st.query_params.get_all(name) for name in st.query_params if name in MAP_NAMES}


def _is_anothers() -> bool:
    return any(name in OTHER_NAMES for name in st.query_params)
