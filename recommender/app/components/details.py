"""All that the catalogue says of a product, in a dialog."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from recommender.app import map_link, map_state, resources, state, url
from recommender.app.components.card import pressed
from recommender.app.state import Step
from recommender.app.wording import column_title, is_given, money, named, plain, shorten
from recommender.catalog.values import as_text
from recommender.results import Product

SHOWN = ("articleType", "subCategory", "gender", "baseColour", "pattern", "season", "usage", "year")
MOST_VARIANTS = 8
_OPEN = "details_of"


def product_step(product: Product) -> Step:
    """The query "more like this product"."""
    return Step("product", product.id, product.title)


def open_details(product_id: str) -> None:
    """Show the dialog; at most once in a run."""
    st.session_state[_OPEN] = product_id
    # A dialog keeps its title; the product in it may change to another of its variants.
    st.dialog("Details", width="medium")(_details)()


def follow_press(to_map: Callable[[str], None], more: Callable[[Product], None]) -> None:
    """Do what was pressed on a card: show its details, or go to the map or on to more as the page does."""
    press = pressed()
    if press is None:
        return
    product, choice = press
    if choice == "details":
        open_details(product.id)
    elif choice == "map":
        to_map(product.id)
    else:
        more(product)


def more_like(product: Product) -> None:
    """Leave for the products that are like this one, from wherever the visitor is."""
    state.go_on(product_step(product))
    _leave()


def _leave() -> None:
    url.leave(resources.facts().prices, map_state.FIND_SIMILAR)


def _details() -> None:
    product = resources.product(st.session_state[_OPEN])
    picture, words = st.columns([2, 3], gap="medium")
    with picture, st.container(horizontal_alignment="center"):
        st.image(resources.picture(product.id), width=240, alt=product.title)
    with words:
        st.markdown(f"## {plain(product.title)}")  # in a dialog headings are two sizes smaller
        brand, price = product.columns.get("brand"), money(product.columns.get("price"))
        if price:
            st.markdown(f"### {price}")
        if is_given(brand):
            st.markdown(f"by **{plain(brand)}**")
        _attributes(product)
        if st.button(
            "More like this",
            type="primary",
            icon=":material/image_search:",
            width="stretch",
            on_click=state.go_on,
            args=(product_step(product),),
            key="dialog_more",
        ):
            _leave()
        if st.button("Show on the map", icon=":material/map:", width="stretch", key="dialog_map"):
            map_link.show_on_map(product.id)
    _variants(product)


def _attributes(product: Product) -> None:
    with st.grid(3, min_column_width=104, gap=("xsmall", "small")):
        for column in SHOWN:
            value = product.columns.get(column)
            if is_given(value):
                st.markdown(f":small[:gray[{column_title(column)}]]  \n{named(as_text(value))}")
    st.caption(f"No. {plain(product.id)}" + (" · fragile, packed with care" if _is_true(product, "isFragile") else ""))


def _variants(product: Product) -> None:
    others = resources.siblings(product.id)
    if not others:
        return
    st.markdown("##### Also comes as")
    grid = st.grid(6, min_column_width=92, gap="small")
    for other in (resources.product(i) for i in others[:MOST_VARIANTS]):
        with grid.cell(), st.container(gap="xxsmall", key=f"also_card_{other.id}"):
            st.image(resources.picture(other.id), width="stretch", alt=other.title)
            name = str(other.columns.get("baseColour") or shorten(other.title, 18))
            st.button(
                plain(name),
                key=f"also_variant_{other.id}",
                width="stretch",
                wrap=False,
                on_click=_switch_to,
                args=(other.id,),
            )


def _switch_to(product_id: str) -> None:
    st.session_state[_OPEN] = product_id


def _is_true(product: Product, column: str) -> bool:
    return bool(is_given(product.columns.get(column)) and product.columns[column])
