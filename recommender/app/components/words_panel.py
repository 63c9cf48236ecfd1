"""The words that were asked with: to be changed, and what the catalogue knows of them."""

from __future__ import annotations

import streamlit as st

from recommender.app import state
from recommender.app.state import Step
from recommender.app.wording import listing, plain
from recommender.results import Recommendation

_FIELD = "words_again"


def words_panel(step: Step, answer: Recommendation) -> None:
    """Draw the field, and what there is to say of the words in it."""
    words_field(step)
    unknown_line(answer)
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


def unknown_line(answer: Recommendation) -> None:
    """Say which words no product is described by; nothing where all are known."""
    if answer.unknown_words:
        words = listing([f"**{plain(word)}**" for word in answer.unknown_words])
        st.caption(f":material/info: No product is described by {words}: only its look is searched for.")


def _reword() -> None:
    text = str(st.session_state[_FIELD])
    if any(letter.isalnum() for letter in text):
        state.reword(text)
