"""The product that "more like this" was asked for."""

from __future__ import annotations

import streamlit as st

from recommender.app import resources
from recommender.app.wording import column_title, is_given, money, named, plain
from recommender.results import Product

_BADGES = ("articleType", "gender", "baseColour", "pattern", "usage")


def product_panel(product: Product) -> bool:
    """Draw the product; True if its details were asked for."""
    picture, words = st.columns([2, 5], wrap=False, gap="medium")
    with picture:
        st.image(resources.picture(product.id), width=220, alt=product.title)
    with words:
        st.markdown(f"# {plain(product.title)}")
        price = money(product.columns.get("price"))
        if price:
            st.markdown(f"**{price}**")
        with st.container(horizontal=True, gap="xsmall"):
            for column in _BADGES:
                value = product.columns.get(column)
                if is_given(value):
                    st.badge(named(value), color="gray", help=column_title(column))
        return st.button("Details", icon=":material/info:", type="tertiary", key="panel_details")
