"""What the model sees in a photo: type with candidates, attributes, and doubts in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from recommender.app.frames import framed
from recommender.app.wording import column_title, listing, named, plain, share
from recommender.results import KNOWN_ENOUGH, LabelGuess, Recommendation

VAGUE = 1 / 3
"""Where the best headline is less probable than this, nothing else that is read off the photo is worth saying."""

WORTH_NAMING = 0.05
"""A candidate less probable than this is not worth naming beside the best one."""

RIVAL = 1 / 3
"""A candidate with less than this part of the best one's probability is no rival to it."""

KINDS = ("articleType", "subCategory", "masterCategory")
"""What a product is, closely first. The closest that the model knows is the headline, or else its first column."""

NO_KINDS = frozenset({"Free Gifts", "Free Items"})
"""How the shop that the house model learnt from files what it gives away: no kind of thing that one could see."""

ATTRIBUTES = ("gender", "baseColour", "pattern", "usage", "season")
"""What is said of it beside that; a model's other columns come after these."""

_ICONS = {
    "gender": ":material/wc:",
    "baseColour": ":material/palette:",
    "pattern": ":material/texture:",
    "usage": ":material/directions_walk:",
    "season": ":material/calendar_month:",
}


def prediction(answer: Recommendation) -> None:
    """Draw the photo and what it shows."""
    picture, words = st.columns([2, 5], wrap=False, gap="medium")
    with picture:
        st.image(framed(answer.preview), width=220, alt="The photo that was searched for")
    with words:
        if answer.known < KNOWN_ENOUGH:
            _nothing_seen(answer.labels)
        else:
            _type(answer.labels)
            if is_clear(answer):
                _attributes(answer.labels)


def is_clear(answer: Recommendation) -> bool:
    """Whether the photo shows something that the model can say more of than its likeliest kinds."""
    guess = _headline(answer.labels)
    return answer.known >= KNOWN_ENOUGH and (guess is None or guess.best.probability >= VAGUE)


def is_told(answer: Recommendation) -> bool:
    """Whether it is sure what kind of thing the photo shows, if not of which type."""
    headline = _headline(answer.labels)
    close = [_seen(answer.labels[column]) for column in KINDS[:2] if column in answer.labels]
    return headline is None or any(guess.sure for guess in (headline, *close))


def _nothing_seen(labels: Mapping[str, LabelGuess]) -> None:
    st.markdown("# I don't see a product here")
    guess = _headline(labels)
    maybe = f" If anything, it reminds me of **{plain(guess.best.label)}**." if guess else ""
    st.markdown(f"What follows is what merely looks nearest.{maybe}")
    st.caption("It works best with one thing, in the middle, in daylight.")


def _headline(labels: Mapping[str, LabelGuess]) -> LabelGuess | None:
    column = next((column for column in (*KINDS, *labels) if column in labels), None)
    return _seen(labels[column]) if column else None


def _seen(guess: LabelGuess) -> LabelGuess:
    """The guess without what is no kind of thing, unless there is nothing else."""
    kept = tuple(one for one in guess.candidates if one.label not in NO_KINDS) or guess.candidates
    return replace(guess, candidates=kept, sure=guess.sure and kept[0] == guess.candidates[0])


def _type(labels: Mapping[str, LabelGuess]) -> None:
    guess = _headline(labels)
    if guess is None:
        return
    # Each label is told by itself: a doubtful one may not belong under a sure one.
    above = [_seen(labels[column]) for column in reversed(KINDS) if column in labels and column != guess.column]
    path = [one.best.label for one in above if one.sure] if guess.sure else []
    if guess.column not in KINDS:
        path = [column_title(guess.column)]  # "Oak" alone does not say what it is of
    where = "  ›  ".join(dict.fromkeys(plain(name) for name in path))
    if guess.sure:
        st.markdown(f"# {plain(guess.best.label)}")
        _caption(where)
        _bar(guess.best.probability, f"{share(guess.best.probability)} sure")
        return
    rivals = [c for c in guess.candidates[:3] if c is guess.best or c.probability >= WORTH_NAMING]
    names = [plain(c.label) for c in rivals[:2] if c.probability >= RIVAL * guess.best.probability]
    st.markdown(f"# Not sure: {listing(names)}?" if len(names) > 1 else f"# Not quite sure: {names[0]}?")
    _caption(where)
    for candidate in rivals:
        _bar(candidate.probability, f"{plain(candidate.label)} · {share(candidate.probability)}")


def _caption(text: str) -> None:
    if text:
        st.caption(text)


def _bar(probability: float, text: str) -> None:
    st.progress(min(max(probability, 0.0), 1.0), text)


def _attributes(labels: Mapping[str, LabelGuess]) -> None:
    headline = _headline(labels)
    order = dict.fromkeys((*ATTRIBUTES, *labels))
    guesses = [
        labels[c] for c in order if c in labels and c not in KINDS and (headline is None or c != headline.column)
    ]
    with st.container(horizontal=True, gap="xsmall"):
        for guess in guesses:
            if guess.sure:
                st.badge(
                    f"{named(guess.best.label)} · {share(guess.best.probability)}",
                    icon=_ICONS.get(guess.column),
                    color="green",
                    help=plain(column_title(guess.column)),
                )
    doubts = [_doubt(guess) for guess in guesses if not guess.sure]
    if doubts:
        st.caption("Not sure about " + "; ".join(doubts) + ".")


def _doubt(guess: LabelGuess) -> str:
    words = [
        f"{named(c.label)} {share(c.probability)}"
        for c in guess.candidates[:2]
        if c is guess.best or c.probability >= 2 * WORTH_NAMING
    ]
    title = {"gender": "whom it is for", "usage": "its use"}.get(
        guess.column, plain(column_title(guess.column).lower())
    )
    return f"{title}: {listing(words)}"
