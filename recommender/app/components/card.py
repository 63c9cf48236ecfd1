"""A product in the gallery."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from recommender.app import resources
from recommender.app.state import Key
from recommender.app.wording import is_given, money, plain, share
from recommender.results import Product

Choice = Literal["details", "more", "map"]


def card(product: Product, key: str, *, show_similarity: bool = True) -> None:
    """Draw a card; :func:`pressed` tells what is pressed on it."""
    with st.container(gap="xxsmall", key=f"{key}_card_{product.id}"):
        st.image(resources.picture(product.id), width="stretch", alt=product.title)
        st.button(
            plain(short_title(product)),
            type="tertiary",
            wrap=False,
            on_click=_press,
            args=(product.id, "details"),
            key=f"{key}_details_{product.id}",
        )
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"
        ):
            price = money(product.columns.get("price"))
            st.markdown(f"**{price}**" if price else ":gray[no price]", width="content")
            if show_similarity:
                st.badge(share(product.similarity), color="gray", help="Similarity of the pictures")
            # The label is for those who hear the page: look.css hides it from the others.
            st.button(
                "Show on the map",
                icon=":material/map:",
                type="tertiary",
                help="Show on the map",
                on_click=_press,
                args=(product.id, "map"),
                key=f"{key}_map_{product.id}",
            )
        st.button(
            "More like this",
            icon=":material/image_search:",
            width="stretch",
            wrap=False,
            on_click=_press,
            args=(product.id, "more"),
            key=f"{key}_more_{product.id}",
        )


def pressed() -> tuple[Product, Choice] | None:
    """The product of the card that was pressed, and what was pressed on it; told once.

    The card itself may be gone by then: words that are typed count as soon as their field is left for it, and bring
    other cards.
    """
    press: tuple[str, Choice] | None = st.session_state.pop(Key.PRESSED, None)
    return press and (resources.product(press[0]), press[1])


def _press(product_id: str, choice: Choice) -> None:
    st.session_state[Key.PRESSED] = (product_id, choice)


def short_title(product: Product) -> str:
    """The title without the brand that it starts with; the details show both."""
    brand = product.columns.get("brand")
    if is_given(brand) and product.title.startswith(f"{brand} "):
        return product.title[len(str(brand)) + 1 :]
    return product.title
