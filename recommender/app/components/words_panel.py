"""The words that were asked with: to be changed, and what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from recommender.app import state
from recommender.app.state import Step
from recommender.app.wording import is_given, listing, money, plain
from recommender.results import Recommendation
from recommender.text.common_words import CHEAP
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
    else:
        yield from _unknown(answer)
    yield from _ruled_out(answer.left_out, answer.not_left_out, answer.prices)
    if answer.nearest_price is not None:
        words, cost = _bold(answer.beyond_prices, "and"), f"**{money(answer.nearest_price)}**"
        yield f"No product described by {words} has such a price: the {answer.nearest} costs {cost}."


def _unknown(answer: Recommendation) -> Iterator[str]:
    seen = [word for word in answer.unknown_words if word not in answer.unseen_words]
    whose = "its" if len(seen) == 1 else "their"
    if seen and answer.guessed:
        yield f":material/info: Nothing here is called {_bold(seen)}: only {whose} look is searched for, as a guess."
    elif seen:
        yield f":material/info: No product is described by {_bold(seen)}: only {whose} look is searched for."
    if unseen := answer.unseen_words:
        changes = "it changes" if len(unseen) == 1 else "they change"
        yield f":material/info: No product is described by {_bold(unseen)}, so {changes} nothing."
    if CHEAP.intersection(answer.unknown_words) and any(is_given(p.columns.get("price")) for p in answer.products):
        yield f"Sort by **{state.SORTS['cheapest']}** to begin with what costs least."


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


def _bold(words: Sequence[str], last: str = "or") -> str:
    return listing([f"**{plain(word)}**" for word in words], last)


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
