"""The filter chips, the words beside a photo, the breadth of the search and the order of the gallery."""

from __future__ import annotations

import streamlit as st

from recommender.app import resources, state
from recommender.app.state import FACETS, PRICE_ICON, SORTS, WITHIN, Facet, Key, Price, Step
from recommender.app.wording import capital, is_given, money, named
from recommender.results import KNOWN_ENOUGH, Recommendation

LIKELY = {"masterCategory": "departments", "subCategory": "categories", "articleType": "types"}

MOST_PILLS = 30
"""With more values than this, a facet is a list to search in."""


def filters(step: Step, base: Recommendation) -> None:
    """Draw the words, the chips, each of which opens its choices, and the breadth. What is chosen is in the state."""
    facts = resources.facts()
    if step.kind != "words":
        _beside(step)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for facet in FACETS:
            if facet.name in facts.values:
                _facet(facet, facts.values[facet.name])
        if facts.prices:
            _price(facts.prices)
        if _is_filtered(step):
            st.button("Clear", icon=":material/close:", type="tertiary", on_click=state.clear_filters, key="clear")
    with st.grid(2, min_column_width=150, gap="xsmall"):
        _breadth(step, base)
        _order()


def _is_filtered(step: Step) -> bool:
    """Whether anything narrows the search, or stands beside its picture."""
    limits, price = resources.facts().prices, state.price()
    narrowed = price is not None and limits is not None and tuple(price) != limits
    beside = step.kind != "words" and bool(state.words())
    return narrowed or beside or state.within() != WITHIN[0] or any(state.chosen(facet) for facet in FACETS)


def _facet(facet: Facet, values: tuple[str, ...]) -> None:
    chosen = state.chosen(facet)
    said = named(chosen[0]) if len(chosen) == 1 else f"{facet.title} · {len(chosen)}" if chosen else facet.title
    with st.popover(said, icon=facet.icon, type="primary" if chosen else "secondary", key=f"chip_{facet.name}"):
        key = _shows(facet.key, list(chosen))
        if len(values) <= MOST_PILLS:
            st.pills(
                facet.title,
                values,
                selection_mode="multi",
                format_func=named,
                key=key,
                on_change=_take,
                args=(facet.key, key),
            )
        else:
            st.multiselect(facet.title, values, format_func=capital, key=key, on_change=_take, args=(facet.key, key))


def _price(limits: Price) -> None:
    price = state.price()
    narrowed = price is not None and tuple(price) != limits
    ends = dict.fromkeys(money(end) for end in price or ())
    said = " – ".join(ends) if narrowed else "Price"
    with st.popover(said, icon=PRICE_ICON, type="primary" if narrowed else "secondary", key="chip_price"):
        key = _shows(Key.PRICE, price or limits)
        st.slider(
            "Price",
            *limits,
            step=1.0,
            format="$%.0f",
            key=key,
            on_change=_take,
            args=(Key.PRICE, key),
            width=280,
        )


def _shows(key: str, value: object) -> str:
    """The key of the control of what ``key`` holds, which shows ``value`` when it is new."""
    control = state.control(key)
    st.session_state.setdefault(control, value)
    return control


def _take(key: str, control: str) -> None:
    st.session_state[key] = st.session_state[control]
    state.first_page()


def _beside(step: Step) -> None:
    """What is wanted beside the look: added to it, and no filter."""
    st.text_input(
        "Like this product, but" if step.kind == "product" else "Like this photo, but",
        placeholder="in red, for women, not striped …",
        max_chars=state.MOST_LETTERS,
        icon=":material/edit:",
        key=Key.WORDS,
        on_change=state.first_page,
        persist_state="session",
    )
    if st.session_state.get(Key.WORDS) and not state.words():
        st.caption("Say in words what should be other, such as: in red.")


def _breadth(step: Step, base: Recommendation) -> None:
    """Whole catalogue, or one of the categories that the query is taken to be of; no choice where there is but one."""
    within = state.within()
    if step.kind == "product":
        columns = resources.product(step.key).columns
        # Two columns may say the same, as of watches: the one that is chosen stands for both, or else the finer one.
        by_name: dict[str, str] = {}
        for column in WITHIN[1:]:
            if is_given(columns.get(column)) and by_name.get(str(columns[column])) != within:
                by_name[str(columns[column])] = column
        names = {column: f"Only {value}" for value, column in by_name.items()}
    elif step.kind == "words" or base.known < KNOWN_ENOUGH:
        names = {}
    else:
        # As many as hold most of the probability, which the line above the products names.
        names = {c: f"Likely {several}" for c, several in LIKELY.items() if c in resources.shop().breadths}
    # What a filter names itself is nothing to stay within.
    offered = {column: name for column, name in names.items() if column not in state.filtered()}
    said = {WITHIN[0]: "Whole catalogue", **offered}
    # Always written: the browser keeps the words of its own choice, which another step does not offer.
    st.session_state[Key.WITHIN] = within if within in said else WITHIN[0]
    if len(said) == 1:
        return
    st.selectbox(
        "Search in",
        list(said),
        format_func=said.__getitem__,
        key=Key.WITHIN,
        on_change=state.first_page,
        persist_state="session",
        label_visibility="collapsed",
    )


def _order() -> None:
    st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        key=Key.SORT,
        persist_state="session",
        label_visibility="collapsed",
    )
