"""One row of filters that the query suggests: offered, never switched on by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from recommender.app import resources, state
from recommender.app.components import prediction
from recommender.app.state import FACETS, PRICE_ICON, Facet, Key, Price, Step
from recommender.app.wording import is_given, named
from recommender.results import Recommendation


@dataclass(frozen=True)
class Suggestion:
    """A value of a facet, or a price range where ``facet`` is None."""

    facet: Facet | None
    value: str
    price: Price | None = None

    @property
    def caption(self) -> str:
        return f"{self.facet.icon if self.facet else PRICE_ICON} {named(self.value)}"

    @property
    def is_on(self) -> bool:
        if self.facet is None:
            return state.price() is not None and tuple(state.price() or ()) == self.price
        return self.value in state.chosen(self.facet)

    def switch(self, on: bool) -> None:
        """Add it to the filters or take it out; in a callback, before the filters are drawn."""
        if self.facet is None:
            state.choose_price(self.price if on else None)
            return
        others = tuple(value for value in state.chosen(self.facet) if value != self.value)
        state.choose(self.facet, (*others, self.value) if on else others)


def suggestions(step: Step, base: Recommendation) -> None:
    """Draw the suggestions for a query; ``base`` is its answer without filters."""
    clear = step.kind == "product" or (step.kind != "words" and prediction.is_clear(base))
    # What the nearest cost says nothing where it is open what they are near to.
    told = step.kind == "product" or prediction.is_told(base)
    offered = [*_values(step, base), *(_price(base) if told else [])] if clear else []
    if not offered:
        return
    st.session_state[Key.SUGGESTED] = [one for one in offered if one.is_on]
    st.pills(
        "Suggested by the product" if step.kind == "product" else "Suggested by the photo",
        offered,
        selection_mode="multi",
        format_func=lambda one: one.caption,
        key=Key.SUGGESTED,
        on_change=_switch,
        args=(offered,),
    )


def _switch(offered: list[Suggestion]) -> None:
    wanted = st.session_state[Key.SUGGESTED]
    for one in offered:
        if one.is_on != (one in wanted):
            one.switch(one in wanted)
    state.first_page()


def _values(step: Step, base: Recommendation) -> list[Suggestion]:
    known = resources.facts().values
    columns = resources.product(step.key).columns if step.kind == "product" else {}
    found = []
    for facet in FACETS:
        guess = base.labels.get(facet.column)
        value = (
            columns.get(facet.column) if step.kind == "product" else guess.best.label if guess and guess.sure else None
        )
        if is_given(value) and str(value) in known.get(facet.name, ()):
            found.append(Suggestion(facet, str(value)))
    return found


def _price(base: Recommendation) -> list[Suggestion]:
    """The middle half of what the nearest products cost, in whole fives."""
    limits = resources.facts().prices
    costs = sorted(float(p.columns["price"]) for p in base.products if is_given(p.columns.get("price")))
    if limits is None or len(costs) < 4:
        return []
    quarter = len(costs) // 4
    low = max(limits[0], costs[quarter] // 5 * 5)
    high = min(limits[1], -(-costs[-1 - quarter] // 5) * 5)
    if not low < high or (low, high) == limits:
        return []
    return [Suggestion(None, f"${low:.0f}–{high:.0f}", (low, high))]
