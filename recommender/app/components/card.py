"""A product in the gallery."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from recommender.app import resources
from recommender.app.wording import is_given, money, plain, share
from recommender.results import Product

Choice = Literal["details", "more", "map"]


def card(product: Product, key: str, *, show_similarity: bool = True) -> Choice | None:
    """Draw a card; what was pressed on it, or None."""
    choice: Choice | None = None
    with st.container(gap="xxsmall", key=f"{key}_card_{product.id}"):
        st.image(resources.picture(product.id), width="stretch", alt=product.title)
        if st.button(
            plain(short_title(product)),
            type="tertiary",
            wrap=False,
            key=f"{key}_details_{product.id}",
        ):
            choice = "details"
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"
        ):
            price = money(product.columns.get("price"))
            st.markdown(f"**{price}**" if price else ":gray[no price]", width="content")
            if show_similarity:
                st.badge(share(product.similarity), color="gray", help="Similarity of the pictures")
            # The label is for those who hear the page: look.css hides it from the others.
            if st.button(
                "Show on the map",
                icon=":material/map:",
                type="tertiary",
                help="Show on the map",
                key=f"{key}_map_{product.id}",
            ):
                choice = "map"
        if st.button(
            "More like this",
            icon=":material/image_search:",
            width="stretch",
            wrap=False,
            key=f"{key}_more_{product.id}",
        ):
            choice = "more"
    return choice


def short_title(product: Product) -> str:
    """The title without the brand that it starts with; the details show both."""
    brand = product.columns.get("brand")
    if is_given(brand) and product.title.startswith(f"{brand} "):
        return product.title[len(str(brand)) + 1 :]
    return product.title
