"""The visitor's photos on the map: where they lie, the way from one to the next, and how they got there."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from recommender.app import answers, map_resources, resources, state
from recommender.app.answers import Ask
from recommender.app.components.map_controls import method_title
from recommender.app.components.map_plot import Spot
from recommender.app.components.photo_input import let_go, photo_input
from recommender.app.state import Key, Step
from recommender.app.wording import listing, plain, shorten
from recommender.errors import RecommenderError, WordsError
from recommender.maps.map import Placement

MOST = 6
"""Steps of the trail that are shown: as many as there are answers kept."""

NEAREST = 6
"""Products that lines lead to."""


@dataclass(frozen=True, eq=False)
class Trail:
    """The way over one map; ``near`` are the rows of the products most like the last step.

    ``placed`` is how that step got there, None for a product, which lies on the map already.
    """

    spots: tuple[Spot, ...] = ()
    near: tuple[int, ...] = ()
    placed: Placement | None = None


def trail_on(method: str) -> Trail:
    """The queries so far as places on a map that is at hand."""
    steps = _steps()
    if not steps:
        return Trail()
    map_resources.atlas().warm(method)
    # Once for the drawing and for what is said of it: the method's own step may be ready a moment later.
    places = [None if step.kind == "product" else _placed(method, step) for step in steps]
    spots = tuple(
        _spot(method, step, place, number + 1 < len(steps))
        for number, (step, place) in enumerate(zip(steps, places, strict=True))
    )
    nearest = answers.answer(steps[-1], Ask()).products[:NEAREST]
    near = tuple(resources.shop().catalogue.row_of(product.id) for product in nearest)
    return Trail(spots, near, places[-1])


def trail_line(trails: Mapping[str, Trail]) -> None:
    """Say how the last photo was placed on the map of each method, and offer to take the trail off."""
    steps = _steps()
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/my_location: {_told(trails, steps[-1])}", width="stretch")
        st.button("Take it off", type="tertiary", on_click=_take_off, key="explore_take_off")


@st.dialog("A photo on the map", width="medium", icon=":material/add_a_photo:")
def ask_for_photo() -> None:
    """Take a photo, which goes on from the trail that is there; one that can't be used is answered with a sentence."""
    step = photo_input("explore")
    if step is None:
        return
    try:
        with st.spinner("Looking…"):
            answers.answer(step, Ask())
    except RecommenderError as error:
        st.error(plain(error), icon=":material/broken_image:")
        return
    let_go("explore")
    st.session_state.pop(Key.MAP_OFF, None)
    state.go_on(step)
    state.news()  # the map itself tells
    st.rerun()


def _steps() -> list[Step]:
    """The last queries that have a place, as words by which nothing is described don't; none that was taken off."""
    if st.session_state.get(Key.MAP_OFF):
        return []
    steps = []
    for step in state.trail()[-MOST:]:
        with contextlib.suppress(WordsError):
            answers.answer(step, Ask())
            steps.append(step)
    return steps


def _spot(method: str, step: Step, place: Placement | None, earlier: bool) -> Spot:
    if place is None:
        x, y = map_resources.atlas().map(method).points[resources.shop().catalogue.row_of(step.key)]
    else:
        x, y = place.point
    label = "Earlier photo" if earlier and step.kind == "photo" else shorten(step.label, 24)
    return Spot(float(x), float(y), label)


def _placed(method: str, step: Step) -> Placement:
    """The place of a photo, kept once the method's own step has found it."""
    kept: dict[tuple[str, str, str], Placement] = st.session_state.setdefault(Key.MAP_PLACED, {})
    key = (method, step.key, step.kind)
    if key in kept:
        return kept[key]
    placement = map_resources.atlas().place(method, answers.answer(step, Ask()).vector)
    if placement.how != "neighbours":
        kept[key] = placement
        while len(kept) > 4 * MOST:
            del kept[next(iter(kept))]
    return placement


def _told(trails: Mapping[str, Trail], step: Step) -> str:
    how = "fit the words best" if step.kind == "words" else "look most like it"
    lines = f"The dotted lines lead to the products that {how}."
    ways = []
    for method, placement in ((method, trail.placed) for method, trail in trails.items()):
        if placement is None:
            return f"**{plain(shorten(step.label, 40))}** lies where it belongs. {lines}"
        title = method_title(method)
        near = f"among its nearest products{f' on the {title} map' if len(trails) > 1 else ''}"
        how = near if placement.how == "neighbours" else f"by {title}'s own step"
        ways.append(f"{how} in {max(placement.ms, 1):.0f} ms")
    return f"**{plain(step.label)}** was placed {listing(ways, 'and')}. {lines}"


def _take_off() -> None:
    """Leave the trail off the map until it leads elsewhere; the search itself stays."""
    st.session_state[Key.MAP_OFF] = True
