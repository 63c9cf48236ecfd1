"""What the catalogue may have wrong: labels that the neighbours contradict, and products that are there twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from recommender.app import map_resources, map_state, resources
from recommender.app.components.details import open_details
from recommender.app.components.map_ready import time_left
from recommender.app.state import Key
from recommender.app.wording import column_title, is_given, money, named, plain, share, shorten
from recommender.maps.twins import TWINS, near_duplicates, same_pictures
from recommender.results import short_of_all

Doubt = Literal["labels", "twins"]
DOUBTS: dict[Doubt, str] = {"labels": "Suspected labels", "twins": "Near-duplicates"}
PAGE = 12
"""Pairs in one helping."""

LEAST = 0.9
"""Of what is less alike hardly any pair is the same picture."""

TOLD = ("articleType", "gender", "baseColour")


@dataclass(frozen=True)
class Pair:
    """Two rows to be looked at side by side, and why, in markdown."""

    left: int
    right: int
    why: str


@dataclass(frozen=True, eq=False)
class Doubts:
    """The pairs, most doubtful first, and ``column`` that they are about, empty for near-duplicates.

    ``total`` is how many there are at least, of which these are the most doubtful; 0 where that is not known.
    ``at_least`` says that there may be more than these, how many is not known.
    """

    pairs: tuple[Pair, ...]
    column: str = ""
    total: int = 0
    at_least: bool = False

    @property
    def rows(self) -> np.ndarray:
        """The rows in doubt: those on the left, and the twins on the right as well."""
        sides = [(pair.left,) if self.column else (pair.left, pair.right) for pair in self.pairs]
        return np.unique(np.array([row for side in sides for row in side], np.int64))

    def among(self, kept: np.ndarray) -> Doubts:
        """The pairs whose left product is kept, or for near-duplicates one of the two."""
        pairs = [pair for pair in self.pairs if kept[pair.left] or (not self.column and kept[pair.right])]
        if len(pairs) == len(self.pairs):
            return self
        return Doubts(tuple(pairs), self.column, at_least=self.total > len(self.pairs))


def chosen_doubts() -> Doubts:
    """Draw the choice of what is doubted; the pairs, looked for where they have to be."""
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        kind: Doubt = st.segmented_control(
            "What to check",
            list(DOUBTS),
            default="labels",
            required=True,
            format_func=DOUBTS.__getitem__,
            key=Key.MAP_DOUBT,
            persist_state="session",
        )
        columns = resources.shop().catalogue.label_columns
        column = ""
        if kind == "labels" and columns:
            column = st.selectbox(
                "Which label",
                columns,
                index=columns.index("articleType") if "articleType" in columns else 0,
                format_func=column_title,
                key=Key.MAP_DOUBTED,
                persist_state="session",
                width=220,
            )
        if kind == "twins":
            st.session_state.setdefault(Key.MAP_ALIKE, TWINS)
            alike = st.slider(
                "Alike to at least",
                LEAST,
                1.0,
                step=0.002,
                format="percent",
                key=Key.MAP_ALIKE,
                persist_state="session",
                width=280,
            )
    slot = st.empty()
    map_resources.neighbours().wait(
        lambda part, left: slot.progress(part, f"Comparing every product with every other. {time_left(left)}")
    )
    slot.empty()
    if kind == "twins":
        return _twins(alike)
    return _suspects(column) if column else Doubts(())


def doubt_cards(doubts: Doubts, searched: bool) -> None:
    """The pairs side by side, a helping at a time; they may be those among what was ``searched`` for alone."""
    if not doubts.pairs:
        what = "no two products are that much alike."
        if doubts.column:
            # Of more than were kept the others are not known.
            what = f"no label is {'among the most doubtful' if doubts.at_least else 'contradicted by the neighbours'}."
        what = f"Among what you searched for, {what}" if searched else what.capitalize()
        st.info(what, icon=":material/task_alt:")
        return
    count = len(doubts.pairs)
    what, most = ("suspected label", "most doubtful") if doubts.column else ("pair", "most alike")
    if doubts.total > count:
        st.markdown(f"#### The {count:,} {most} of {doubts.total:,} {what}s")
    else:
        where = " among what you searched for" if searched else ""
        or_more = " or more" if doubts.at_least else ""
        several = f"#### {count:,}{or_more} {what}s{where}, the {most} first"
        st.markdown(f"#### 1 {what}{where}" if count == 1 and not or_more else several)
    if doubts.column:
        st.caption(
            "On the left the product in doubt, on the right the one most like it that has the other label. "
            "The more a neighbour is like it, the more its vote counts. "
            "The order goes by three things together, of which the votes are one: how clearly the neighbours are for "
            "the other label, how seldom the two labels are mixed up, and how well the product fits among those of the "
            "other. "
            "A suspicion is no proof: rare products are suspected, too."
        )
    shown = st.session_state.get(Key.MAP_DOUBTS_SHOWN, PAGE)
    grid = st.grid(3, min_column_width=300, gap="small")
    for pair in doubts.pairs[:shown]:
        with grid.cell(), st.container(border=True, gap="xsmall", key=f"doubt_{pair.left}_{pair.right}"):
            st.markdown(pair.why)
            sides = zip(st.columns(2, gap="small", wrap=False), (pair.left, pair.right), strict=True)
            for number, (side, row) in enumerate(sides):
                with side, st.container(gap="xxsmall"):
                    _side(row, f"doubt_{pair.left}_{pair.right}_{number}")
    if count > shown:
        st.button(
            f"Show {min(PAGE, count - shown)} more", icon=":material/expand_more:", on_click=_more, key="doubts_more"
        )


def _side(row: int, key: str) -> None:
    product = resources.product(resources.shop().catalogue.ids[row])
    st.image(resources.picture(product.id), width="stretch", alt=product.title)
    if st.button(plain(product.title), type="tertiary", wrap=False, key=f"{key}_details"):
        open_details(product.id)
    told = [named(value) for column in TOLD if is_given(value := product.columns.get(column))]
    # Two that are the same in all of these are still told apart.
    told += [part for part in (money(product.columns.get("price")), f"No. {plain(product.id)}") if part]
    st.caption(" · ".join(told))
    if st.button("Show", icon=":material/my_location:", type="tertiary", key=f"{key}_map"):
        map_state.focus(product.id)
        st.rerun()


def _suspects(column: str) -> Doubts:
    found = map_resources.suspects(column)
    pairs = []
    for number, row in enumerate(found.rows):
        given, seen = named(shorten(str(found.given[number]), 40)), named(shorten(str(found.seen[number]), 40))
        votes = f":gray[by {share(float(found.share[number]))} of its neighbours’ votes]"
        why = f"Says **{given}**, looks like **{seen}** {votes}"
        pairs.append(Pair(int(row), int(found.witnesses[number][0]), why))
    return Doubts(tuple(pairs), column, found.total)


def _twins(alike: float) -> Doubts:
    shop = resources.shop()
    ids, key = shop.catalogue.ids, shop.catalogue.fingerprint
    slot = st.empty()
    near = near_duplicates(shop.vectors, alike, near=map_resources.neighbours().wait())
    found = same_pictures(
        near,
        lambda row: map_resources.thumbnail(ids[row], key),
        lambda part: slot.progress(part, "Comparing the pictures of those that are alike."),
    )
    slot.empty()
    told = (
        "The first pairs show the same picture, but for size, quality or a little margin; "
        "further down some are merely alike."
    )
    if near.total > len(near):
        told += f" More than {len(near):,} pairs are that much alike: of only so many the pictures were compared."
    st.caption(told)
    pairs = (
        Pair(int(left), int(right), f"Alike to **{100 * short_of_all(float(cosine), 0.001):.1f}\u202f%**")
        for (left, right), cosine in zip(found.pairs, found.similarity, strict=True)
    )
    return Doubts(tuple(pairs), total=found.total)


def _more() -> None:
    st.session_state[Key.MAP_DOUBTS_SHOWN] = st.session_state.get(Key.MAP_DOUBTS_SHOWN, PAGE) + PAGE
