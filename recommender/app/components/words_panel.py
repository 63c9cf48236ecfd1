"""The words that were asked with: to be changed, and what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from recommender.app import state
from recommender.app.state import Step
from recommender.app.wording import listing, money, plain
from recommender.results import Recommendation
from recommender.text.own_words import Words
from recommender.text.prices import Prices
from recommender.text.wish import Wish

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
    yield from _ruled_out(answer.left_out, answer.not_left_out, answer.prices)


def ruled_out_line(words: Words, wish: Wish) -> None:
    """Say what a wish rules out among the products that have these words; nothing where it rules out none."""
    idle = words.idle(wish)
    if said := list(_ruled_out([word for word in wish.unwanted if word not in idle], idle, wish.prices)):
        st.caption(" ".join(said))


def _ruled_out(left_out: Sequence[str], idle: Sequence[str], prices: Prices) -> Iterator[str]:
    if left_out:
        yield f":material/block: Left out: what is described by {_bold(left_out)}."
    if idle:
        yield f":material/info: No product is described by {_bold(idle)}, so there is nothing to leave out."
    if prices != (None, None):
        yield f":material/sell: Prices {_range(*prices)}."


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
