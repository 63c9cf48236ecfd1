"""From the visitor's state to the service's answer, with the last few answers of a session kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from recommender.app import resources, state
from recommender.app.state import FACETS, PAGE, WITHIN, Key, Step
from recommender.app.wording import is_given
from recommender.results import Recommendation

KEPT = 6
"""Answers kept in a session: going back along the trail and reruns of a fragment cost nothing."""

Values = tuple[str, ...] | tuple[float, float]


@dataclass(frozen=True)
class Ask:
    """A question to the service, comparable so that its answer can be kept."""

    where: tuple[tuple[str, Values], ...] = ()
    within: str | None = None
    k: int = PAGE
    words: str = ""


def present_ask(step: Step) -> Ask:
    """What the filters, the breadth and the length of the gallery ask for now."""
    where: dict[str, Values] = {facet.column: state.chosen(facet) for facet in FACETS if state.chosen(facet)}
    limits, prices = resources.facts().prices, state.price()
    if prices and limits and tuple(prices) != limits:
        where["price"] = (float(prices[0]), float(prices[1]))
    within = state.within()
    words = "" if step.kind == "words" else state.words()
    if within == WITHIN[0]:
        return Ask(tuple(where.items()), None, state.shown(), words)
    if step.kind == "product":
        # A product has no prediction: its own category is the one to stay within.
        own = resources.product(step.key).columns.get(within)
        if is_given(own):
            where[within] = (str(own),)
        return Ask(tuple(where.items()), None, state.shown(), words)
    return Ask(tuple(where.items()), within, state.shown(), words)


def answer(step: Step, ask: Ask) -> Recommendation:
    """The service's answer; raises ImageError, CatalogError or WordsError for a query that can't be used."""
    kept: dict[tuple[str, str, Ask], Recommendation] = st.session_state.setdefault(Key.ANSWERS, {})
    key = (step.kind, step.key, ask)
    if key not in kept:
        kept[key] = _fetch(step, ask)
        # Each answer has pictures of its own: of one gallery the first and the longest will do.
        for other in [one for one in kept if one[:2] == key[:2] and _shorter(one[2], ask)]:
            del kept[other]
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def _shorter(kept: Ask, ask: Ask) -> bool:
    """Whether a kept question is ``ask`` itself, but for fewer products, of which there was more than a page."""
    return PAGE < kept.k < ask.k and replace(kept, k=ask.k) == ask


def _fetch(step: Step, ask: Ask) -> Recommendation:
    where: Mapping[str, Any] = {column: values if column == "price" else list(values) for column, values in ask.where}
    if step.kind == "product":
        return resources.shop().similar_to(step.key, k=ask.k, where=where or None, words=ask.words)
    if step.kind == "words":
        return resources.shop().find(step.key, k=ask.k, where=where or None)
    photo = step.photo if step.kind == "photo" else resources.sample(step.key).path
    shop = resources.shop()
    # A link may name a breadth that the installed model does not tell, or that the catalogue does not have.
    within = ask.within if ask.within in shop.breadths else None
    return shop.recommend(photo, k=ask.k, where=where or None, within=within, words=ask.words)
