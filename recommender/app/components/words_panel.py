"""The words that were asked with: to be changed, and what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from recommender.app import state
from recommender.app.state import Step
from recommender.app.wording import listing, money, plain
from recommender.results import Recommendation

_FIELD = "words_again"


def words_panel(step: Step, answer: Recommendation) -> None:
    """Draw the field, and what there is to say of the words in it."""
    words_field(step)
    heard_line(answer)
    st.caption("Found by how products look, and by what they are called.")


def words_field(step: Step) -> None:
    """Draw the field with the present words. Other words take their place."""
    st.session_state[_FIELD] = step.key
    asked = "You look for"
    st.markdown(f"# {asked}")
    st.text_input(
        asked,
        max_chars=state.MOST_LETTERS,
        type="search",
        key=_FIELD,
        on_change=_reword,
        label_visibility="collapsed",
    )


def heard_line(answer: Recommendation) -> None:
    """Say what was understood of the words beside what is looked for; nothing where that is all."""
    if said := list(_heard(answer)):
        st.caption(" ".join(said))


def _heard(answer: Recommendation) -> Iterator[str]:
    if answer.unread:
        yield ":material/info: Nothing is known of these words, so they change nothing."
    elif answer.unknown_words:
        words, whose = _bold(answer.unknown_words), "its" if len(answer.unknown_words) == 1 else "their"
        yield f":material/info: No product is described by {words}: only {whose} look is searched for."
    if answer.left_out:
        yield f":material/block: Left out: what is described by {_bold(answer.left_out)}."
    if answer.not_left_out:
        words = _bold(answer.not_left_out)
        yield f":material/info: No product is described by {words}, so there is nothing to leave out."
    if answer.prices != (None, None):
        yield f":material/sell: Prices {_range(*answer.prices)}."


def _bold(words: Sequence[str]) -> str:
    return listing([f"**{plain(word)}**" for word in words])


def _range(least: float | None, most: float | None) -> str:
    """What products may cost, in markdown."""
    if least is None:
        return f"up to **{money(most)}**"
    return f"from **{money(least)}**{'' if most is None else f' to **{money(most)}**'}"


def _reword() -> None:
    text = str(st.session_state[_FIELD])
    if state.heard(text):
        state.reword(text)
    elif text.strip():
        st.toast("Say in words what you look for, such as: red women shoes.", icon=":material/edit:")
