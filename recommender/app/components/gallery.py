"""The products found: how many and where, the cards, and what to do when there are none."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from recommender.app import resources, state
from recommender.app.answers import Ask
from recommender.app.components.card import card
from recommender.app.state import PAGE, SORTS, Step
from recommender.app.wording import is_given, listing, plain
from recommender.results import Product, Recommendation

COLUMNS = 8
"""Cards a row at most; the grid takes fewer where they would become narrower than ``NARROWEST``."""

NARROWEST = 160


def gallery(products: Sequence[Product], key: str, *, show_similarity: bool = True) -> None:
    """Draw cards in a grid."""
    grid = st.grid(COLUMNS, min_column_width=NARROWEST, gap=("medium", "small"))
    for product in products:
        with grid.cell():
            card(product, key, show_similarity=show_similarity)


def in_order(products: Sequence[Product]) -> list[Product]:
    """The products found in the order asked for; those without a price come last in an order by price.

    Each helping by itself: what has been looked at stays where it is when more come.
    """
    if state.sort() == "similarity":
        return list(products)
    sign = -1 if state.sort() == "dearest" else 1

    def cost(product: Product) -> float:
        price = product.columns.get("price")
        return sign * float(price) if price is not None and is_given(price) else float("inf")

    helpings = (products[start : start + PAGE] for start in range(0, len(products), PAGE))
    return [product for helping in helpings for product in sorted(helping, key=cost)]


def count_line(step: Step, answer: Recommendation, ask: Ask) -> None:
    """How many are shown, of how many, where, and in which order if not in the usual one."""
    narrowed = dict(ask.where)
    if answer.within:
        where = f"within **{listing([plain(name) for name in answer.within[1]], 'and')}**"
    elif step.kind == "product" and narrowed.get(state.within()) == (own := _own(step),):
        where = f"within **{plain(own)}**"
        del narrowed[state.within()]
    else:
        where = "" if narrowed or answer.rules_out else "in the whole catalogue"
    one = answer.available == 1
    if narrowed:
        where = f"{where} that {'passes' if one else 'pass'} your filters".strip()
    if answer.rules_out:
        where = f"{where}{' and' if narrowed else ' that'} your words don't rule out".strip()
    products = f"{'other ' if step.kind == 'product' else ''}{'product' if one else 'products'}"
    count = f"**{len(answer.products)}** of **{answer.available:,}** {products} {where}"
    if state.sort() != "similarity":
        part = "each helping " if len(answer.products) > PAGE else ""
        count = f"The most similar {count}, {part}{SORTS[state.sort()].lower()}"
    st.markdown(count, width="content")


def _own(step: Step) -> str:
    """What the product that was asked with has in the column to stay within."""
    return str(resources.product(step.key).columns.get(state.within()))


def more_button(answer: Recommendation) -> None:
    """Offer the next helping, as long as there is one."""
    left = answer.available - len(answer.products)
    if left > 0:
        with st.container(horizontal_alignment="center"):
            st.button(
                f"Show {min(PAGE, left)} more", icon=":material/expand_more:", on_click=state.show_more, key="show_more"
            )


def nothing_found(narrowed: bool, ruled_out: bool = False) -> None:
    """The empty result: why, and the way out; ``narrowed`` by filters or a breadth, ``ruled_out`` by the words."""
    if ruled_out and not narrowed:
        st.info("Your words rule out every product. Take some of them away.", icon=":material/search_off:")
        return
    if not narrowed:
        st.info("There is no other product in this catalogue.", icon=":material/search_off:")
        return
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown("### :material/search_off:", text_alignment="center")
        nothing = (
            "Nothing is left by your words and the filters" if ruled_out else "Nothing passes all of these filters"
        )
        st.markdown(f"#### {nothing}", text_alignment="center")
        st.markdown("Take one of them away, or start over with the whole catalogue.", text_alignment="center")
        st.button(
            "Clear the filters",
            type="primary",
            icon=":material/filter_alt_off:",
            on_click=state.clear_filters,
            key="clear_empty",
        )
        st.space("small")
