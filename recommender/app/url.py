"""The part of the state that can be shared as a link: sample, product or words, filters, order and breadth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from recommender.app import state
from recommender.app.state import FACETS, SORTS, WITHIN, Key, Price, Step

Params = dict[str, list[str]]
MAP_NAMES = ("map", "by", "view", "product")
"""What a link to the map may say."""
OWN_NAMES = frozenset(
    ("photo", "sample", "find", "product", "words", "price", "sort", "within", *(facet.name for facet in FACETS))
)
"""What a link to a search may say."""


@dataclass(frozen=True)
class View:
    """What a link says: ``find`` is a query in words, ``words`` stand beside another one.

    ``filters`` maps a facet's name to values. ``photos`` is how many photos of one's own are on the trail: no photo is
    a part of a link, but the browser's Back button has to lead from an answer to one.
    """

    photos: int = 0
    sample: str | None = None
    find: str | None = None
    product: str | None = None
    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price: Price | None = None
    sort: str = "similarity"
    within: str = WITHIN[0]


def parse(params: Mapping[str, Sequence[str]], known: Mapping[str, Sequence[str]], bounds: Price | None) -> View:
    """Read a link. What is unknown or malformed is left out, so that an old link still opens.

    Parameters
    ----------
    params
        Query parameters, each with all its values.
    known
        Facet name to the values that the catalogue has.
    bounds
        Lowest and highest price of the catalogue, None where it has no prices.
    """
    sort, within = _last(params, "sort"), _last(params, "within")
    filters = {
        facet.name: tuple(dict.fromkeys(v for v in params.get(facet.name, ()) if v in known.get(facet.name, ())))
        for facet in FACETS
    }
    photos = _last(params, "photo")
    return View(
        photos=int(photos) if photos.isdecimal() and len(photos) == 1 else 0,
        sample=_last(params, "sample") or None,
        find=_text(params, "find") or None,
        product=_last(params, "product") or None,
        words=_text(params, "words"),
        filters={name: values for name, values in filters.items() if values},
        price=_parse_price(_last(params, "price"), bounds),
        sort=sort if sort in SORTS else "similarity",
        within=within if within in WITHIN else WITHIN[0],
    )


def build(view: View) -> Params:
    """The query parameters of a view; what is at its default is left out."""
    params: Params = {}
    if view.photos:
        params["photo"] = [str(view.photos)]
    if view.sample:
        params["sample"] = [view.sample]
    if view.find:
        params["find"] = [view.find]
    if view.product:
        params["product"] = [view.product]
    if view.words:
        params["words"] = [view.words]
    params.update({name: list(values) for name, values in view.filters.items() if values})
    if view.price:
        params["price"] = ["-".join(f"{bound:g}" for bound in view.price)]
    if view.sort != "similarity":
        params["sort"] = [view.sort]
    if view.within != WITHIN[0]:
        params["within"] = [view.within]
    return params


def present() -> Params:
    """The query parameters that the browser shows now, without those of others."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name in OWN_NAMES}


def arrived(bounds: Price | None) -> Params | None:
    """The parameters of a link that has just been opened, or None if the app wrote what is there.

    An empty address is no link: it is also what a visitor comes back to from another page,
    and then keeps what was chosen. But it is one where the browser's Back button led to it, as is any address there
    that says something else than the state, which another page may have changed meanwhile; but for the empty ones at
    which the page was entered.
    """
    params = present()
    if gone_back():
        if not params and st.session_state.get(Key.BARE):
            st.session_state[Key.BARE] -= 1  # to publish puts the full address in its place
            return None
        return params if params != build(current(bounds)) else None
    return params if params and params != st.session_state.get(Key.URL) else None


def gone_back() -> bool:
    """Whether the visitor pressed the browser's Back or Forward button."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def names(steps: Sequence[Step]) -> tuple[int, str | None, str | None, str | None]:
    """The number of own photos, sample, words and product by which a link names a trail."""
    walked = bool(steps) and all(step.kind == "product" for step in steps[1:])
    return (
        sum(step.kind == "photo" for step in steps),
        steps[0].key if walked and steps[0].kind == "sample" else None,
        steps[0].key if walked and steps[0].kind == "words" else None,
        steps[-1].key if steps and steps[-1].kind == "product" else None,
    )


def place_of(view: View) -> int | None:
    """The last position on the trail that a link names, -1 for the start; None where it names something else."""
    steps = state.trail()
    places = range(len(steps) - 1, -2, -1)
    named = (view.photos, view.sample, view.find, view.product)
    return next((place for place in places if names(steps[: place + 1]) == named), None)


def begins(view: View) -> bool:
    """Whether a link that names a product begins as the trail does: at the same sample or words, or at neither."""
    first = names(state.trail()[:1])
    return bool(view.product) and (view.sample, view.find) == (first[1], first[2])


def adopt(view: View) -> None:
    """Take over the filters, the words, the order and the breadth of a link; before their widgets are drawn."""
    for facet in FACETS:
        state.choose(facet, view.filters.get(facet.name, ()))
    state.choose_price(view.price)
    state.say(view.words)
    st.session_state[Key.SORT] = view.sort
    st.session_state[Key.WITHIN] = view.within


def current(bounds: Price | None) -> View:
    """The visitor's state as a view."""
    price = state.price()
    photos, sample, find, product = names(state.trail())
    return View(
        photos=photos,
        sample=sample,
        find=find,
        product=product,
        words="" if state.trail() and state.trail()[-1].kind == "words" else state.words(),
        filters={facet.name: state.chosen(facet) for facet in FACETS},
        price=None if price is None or bounds is None or tuple(price) == bounds else price,
        sort=state.sort(),
        within=state.within(),
    )


def publish(bounds: Price | None) -> None:
    """Write the visitor's state to the address, where it differs."""
    params = build(current(bounds))
    st.session_state[Key.URL] = params
    if params and not present() and state.entered() and not gone_back():
        # The navigation knows no parameters: Back will lead to this empty address, which is not the start's.
        st.session_state[Key.BARE] = st.session_state.get(Key.BARE, 0) + 1
    elif not params:
        st.session_state.pop(Key.BARE, None)
    if present() != params:
        st.query_params.from_dict(params)


def leave(bounds: Price | None, page: Path) -> None:
    """Go to ``page``, which shows the visitor's state, at the address that says so.

    Without it the page would be entered at an empty one, to which Back would lead. Streamlit gives the page that is
    left the same address first: what of it the map could take for its own is no link to the map.
    """
    params = build(current(bounds))
    st.session_state[Key.URL] = params
    st.session_state[Key.MAP_URL] = {name: values for name, values in params.items() if name in MAP_NAMES}
    st.switch_page(page, query_params=params)


def _last(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name)
    return values[-1] if values else ""


def _text(params: Mapping[str, Sequence[str]], name: str) -> str:
    """Words to search by, as the page would take them; "" where they say nothing."""
    return state.heard(_last(params, name))


def _parse_price(text: str, bounds: Price | None) -> Price | None:
    """``low-high`` clipped to the bounds; None where that says nothing."""
    parts = text.split("-")
    if bounds is None or len(parts) != 2:
        return None
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if not all(math.isfinite(value) for value in values):
        return None
    if max(values) < bounds[0] or min(values) > bounds[1]:
        return None
    # Whole units, as the slider moves.
    low, high = sorted(float(int(min(max(value, bounds[0]), bounds[1]))) for value in values)
    return None if (low, high) == bounds else (low, high)
