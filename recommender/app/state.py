"""What one visitor has chosen: the trail of queries, the filters and the order. Every session key is here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import streamlit as st

PAGE = 24
"""Products in one helping of the gallery: full rows of 2, 3, 4, 6 and 8."""

PHOTOS = 6
"""Photos of their own that a visitor's trail holds at most; each may be of many megabytes. Of more the first go."""

Kind = Literal["photo", "sample", "words", "product"]
Price = tuple[float, float]


class Key(StrEnum):
    """Names in ``st.session_state`` that are not filters."""

    TRAIL = "trail"
    SHOWN = "shown"
    SORT = "sort"
    WITHIN = "within"
    WORDS = "words"
    PRICE = "price"
    TURN = "turn"
    SUGGESTED = "suggested"
    ANSWERS = "answers"
    URL = "url"
    NEWS = "news"
    PRESSED = "pressed"
    PAGE = "page"
    ENTERED = "entered"
    BARE = "bare"
    MAP_METHOD = "map_method"
    MAP_BESIDE = "map_beside"
    MAP_BY = "map_by"
    MAP_VIEW = "map_view"
    MAP_WORDS = "map_words"
    MAP_PLOT = "map_plot"
    MAP_TURN = "map_turn"
    MAP_LOOKED = "map_looked"
    MAP_PINNED = "map_pinned"
    MAP_ASKED = "map_asked"
    MAP_SELECTED = "map_selected"
    MAP_TOLD = "map_told"
    MAP_SHOWN = "map_shown"
    MAP_PART = "map_part"
    MAP_URL = "map_url"
    MAP_UNWRITTEN = "map_unwritten"
    MAP_BARE = "map_bare"
    MAP_PLACED = "map_placed"
    MAP_OFF = "map_off"
    MAP_CLUSTERING = "map_clustering"
    MAP_OWN_K = "map_own_k"
    MAP_K = "map_k"
    MAP_REASONS = "map_reasons"
    MAP_ALL_CLUSTERS = "map_all_clusters"
    MAP_DOUBT = "map_doubt"
    MAP_DOUBTED = "map_doubted"
    MAP_ALIKE = "map_alike"
    MAP_DOUBTS_SHOWN = "map_doubts_shown"


@dataclass(frozen=True)
class Facet:
    """A filter over one column with named values; ``name`` is its name in the URL."""

    name: str
    column: str
    title: str
    icon: str

    @property
    def key(self) -> str:
        return f"facet_{self.name}"


FACETS = (
    Facet("category", "articleType", "Type", ":material/category:"),
    Facet("gender", "gender", "For", ":material/wc:"),
    Facet("colour", "baseColour", "Colour", ":material/palette:"),
    Facet("pattern", "pattern", "Pattern", ":material/texture:"),
)
PRICE_ICON = ":material/sell:"
MOST_LETTERS = 120
"""Letters that a visitor can type into a search."""
LONG_WORD = 30
"""Letters of a word that is not cut where a text is too long."""

SORTS = {"similarity": "Most similar", "cheapest": "Cheapest first", "dearest": "Dearest first"}
WITHIN = ("all", "masterCategory", "subCategory", "articleType")


@dataclass(frozen=True)
class Step:
    """One query: a photo (``key`` is its fingerprint), a sample or product (its id), or words (they themselves)."""

    kind: Kind
    key: str
    label: str
    photo: bytes = field(default=b"", repr=False)


def enter(page: str) -> None:
    """Take note of the page that is about to be drawn, and of whether another one was on the screen before."""
    st.session_state[Key.ENTERED] = st.session_state.get(Key.PAGE, page) != page
    st.session_state[Key.PAGE] = page


def forget_press() -> None:
    """What was pressed on a page and not done there, for an error say, is not done on the next one."""
    st.session_state.pop(Key.PRESSED, None)


def entered() -> bool:
    """Whether this run is the first one of its page after another page."""
    return bool(st.session_state.get(Key.ENTERED))


def trail() -> list[Step]:
    """The queries so far, the present one last; empty before the first."""
    steps: list[Step] = st.session_state.setdefault(Key.TRAIL, [])
    return steps


def restart(steps: list[Step]) -> None:
    """Replace the trail, as a link does. What was found out about a photo that is no longer on it is forgotten.

    How many products of a step were shown is kept, so that Back leads to the same gallery.
    """
    if steps != trail():
        st.session_state.pop(Key.MAP_OFF, None)
    st.session_state[Key.TRAIL] = steps
    there = {step.key for step in steps}
    for kept, own in ((Key.ANSWERS, lambda key: key[0] == "photo"), (Key.MAP_PLACED, lambda key: True)):
        found = st.session_state.get(kept, {})
        for key in [key for key in found if own(key) and key[1] not in there]:
            del found[key]


def start(step: Step) -> None:
    """Begin a new trail. Filters chosen for what was there before don't carry over to it."""
    if trail():
        clear_filters()
    first_page()
    restart([step])


def go_on(step: Step) -> None:
    """Continue from ``step``; the filters stay. What is on the trail already is gone back to."""
    steps = trail()
    for position, earlier in enumerate(steps):
        if (earlier.kind, earlier.key) == (step.kind, step.key):
            back_to(position)
            st.session_state[Key.NEWS] = step.label
            return
    if step.kind == "photo":
        photos = [earlier for earlier in steps if earlier.kind == "photo"]
        first = photos[: max(0, len(photos) + 1 - PHOTOS)]
        steps = [earlier for earlier in steps if earlier not in first]
    restart([*steps, step])
    _shown().pop(_present(), None)
    st.session_state[Key.NEWS] = step.label


def reword(text: str) -> None:
    """Put other words in the place of the present query."""
    restart([*trail()[:-1], words_step(text)])


def words_step(text: str) -> Step:
    """The query in words."""
    text = _one_line(text)
    return Step("words", text, f"“{text}”")


def back_to(position: int) -> None:
    """Make the step at ``position`` the present one; -1 leaves the trail for the start."""
    restart(trail()[: position + 1])
    if position < 0:
        clear_filters()


def news() -> str | None:
    """The query just gone on to, told once."""
    label: str | None = st.session_state.pop(Key.NEWS, None)
    return label


def shown() -> int:
    """How many products the gallery of the present step holds at most."""
    return _shown().get(_present(), PAGE)


def show_more() -> None:
    """One more helping."""
    _shown()[_present()] = shown() + PAGE


def first_page() -> None:
    """One helping again of every step, as for other answers."""
    st.session_state.pop(Key.SHOWN, None)


def _shown() -> dict[tuple[str, str], int]:
    """Of the steps that have more than one helping, how many products each shows."""
    several: dict[tuple[str, str], int] = st.session_state.setdefault(Key.SHOWN, {})
    return several


def _present() -> tuple[str, str]:
    return (trail()[-1].kind, trail()[-1].key) if trail() else ("", "")


def chosen(facet: Facet) -> tuple[str, ...]:
    """The values of ``facet`` that the visitor asked for; empty for no filter."""
    return tuple(st.session_state.get(facet.key) or ())


def choose(facet: Facet, values: tuple[str, ...]) -> None:
    """Set a filter."""
    if values != chosen(facet):
        _turn()
    st.session_state[facet.key] = list(values)


def price() -> Price | None:
    """The price range asked for."""
    return st.session_state.get(Key.PRICE)


def choose_price(value: Price | None) -> None:
    """Set or lift the price filter."""
    if value != price():
        _turn()
    if value is None:
        st.session_state.pop(Key.PRICE, None)
    else:
        st.session_state[Key.PRICE] = value


def control(key: str) -> str:
    """The key of the control that lies in a closed chip and shows what ``key`` holds.

    It is another one after each time that the app itself set a filter: a closed chip does not show its control, so
    that the browser would keep what it was, and send it with the next click.
    """
    return f"filter_{key}_{st.session_state.get(Key.TURN, 0)}"


def _turn() -> None:
    st.session_state[Key.TURN] = st.session_state.get(Key.TURN, 0) + 1


def heard(typed: object) -> str:
    """What was typed as one line, no longer than is searched for; "" where it says nothing, as an emoji alone."""
    text = _one_line(str(typed or ""))
    return text if any(letter.isalnum() for letter in text) else ""


def _one_line(text: str) -> str:
    """``text`` without line breaks, cut at a word where it is too long."""
    text = " ".join(text.split())
    if len(text) <= MOST_LETTERS:
        return text
    at = text.rfind(" ", MOST_LETTERS - LONG_WORD, MOST_LETTERS + 1)
    return text[: MOST_LETTERS if at < 0 else at]


def words() -> str:
    """What is wanted beside the look of a photo or product; "" where it says nothing."""
    return heard(st.session_state.get(Key.WORDS))


def say(text: str) -> None:
    """Set these words; only before their field is drawn in this run."""
    st.session_state[Key.WORDS] = text


def clear_filters() -> None:
    """Lift every filter, the words and the restriction to a category; the order stays."""
    say("")
    for facet in FACETS:
        choose(facet, ())
    choose_price(None)
    st.session_state[Key.WITHIN] = WITHIN[0]
    first_page()


def sort() -> str:
    """The order of the gallery, a key of ``SORTS``."""
    return st.session_state.get(Key.SORT) or "similarity"


def within() -> str:
    """Where to search, one of ``WITHIN``; everywhere where a filter names the values of that column itself."""
    column = st.session_state.get(Key.WITHIN) or WITHIN[0]
    return WITHIN[0] if column in filtered() else column


def filtered() -> frozenset[str]:
    """The columns of which the visitor chose values."""
    return frozenset(facet.column for facet in FACETS if chosen(facet))
