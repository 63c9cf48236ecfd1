"""Find similar: a photo, a sample, a product or words in; what it is and the nearest products out."""

from __future__ import annotations

import time

import streamlit as st

from recommender.app import answers, map_link, resources, state, url
from recommender.app.answers import Ask
from recommender.app.components.details import follow_press, open_details, product_step
from recommender.app.components.filters import filters
from recommender.app.components.gallery import count_line, gallery, in_order, more_button, nothing_found
from recommender.app.components.photo_input import SAMPLE_LABEL, let_go, photo_input
from recommender.app.components.prediction import prediction
from recommender.app.components.product_panel import product_panel
from recommender.app.components.suggestions import suggestions
from recommender.app.components.timing import timing_line
from recommender.app.components.trail import trail
from recommender.app.components.words_panel import heard_line, words_field, words_panel
from recommender.app.guard import guarded
from recommender.app.state import Step
from recommender.app.wording import plain
from recommender.errors import RecommenderError, WordsError
from recommender.results import Product, Recommendation

# The button that was pressed is gone: who goes on by keyboard, or listens, begins at the top of the answer.
UP = """{
  const main = document.querySelector('[data-testid="stMain"]');
  main.scrollTo({top: 0});
  main.tabIndex = -1;
  main.style.outline = "none";
  main.focus({preventScroll: true, focusVisible: false});
}"""


def page() -> None:
    """The whole screen: the start, or the answer to the present query."""
    with st.spinner("Opening the catalogue…"), st.skeleton(height=420):
        facts = resources.facts()
    link = url.arrived(facts.prices)
    if link is not None:
        _follow(url.parse(link, facts.values, facts.prices))
    if state.trail():
        _answer_screen(state.trail()[-1])
    else:
        _start_screen()
    url.publish(facts.prices)


def _follow(view: url.View) -> None:
    """Take over a link. What it names and we don't have is said, and the start shown.

    What is on the trail is gone back to, so that a photo at its beginning stays; going forward again leads on from it,
    but not to a photo that was left.
    """
    url.adopt(view)
    place = url.place_of(view)
    if place is not None:
        state.restart(state.trail()[: place + 1])  # not gone back to, which may lift the filters just taken over
        return
    if view.photos and not (view.product or view.sample or view.find):
        st.info("Photos are not kept, nor part of a link. Take this one once more.", icon=":material/link_off:")
        state.restart([])
        return
    steps = list(state.trail()) if url.gone_back() and url.begins(view) else []
    try:
        if view.sample and not steps:
            sample = resources.sample(view.sample)
            steps.append(Step("sample", sample.name, SAMPLE_LABEL))
        if view.find and not steps:
            steps.append(state.words_step(view.find))
        if view.product:
            steps.append(product_step(resources.product(view.product)))
    except RecommenderError as error:
        st.warning(plain(error), icon=":material/link_off:")
    if steps:
        state.restart(steps)


def _start_screen() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=720):
        st.title("Find it by photo", text_alignment="center", anchor=False)
        st.markdown(
            f"Show what you like; see the nearest of {resources.facts().size:,} products.", text_alignment="center"
        )
        with st.container(border=True):
            _take("start")
        _ask_in_words()
    _products_to_start_from()


def _products_to_start_from() -> None:
    st.space("small")
    st.subheader("Or start from a product", anchor=False)
    gallery([resources.product(i) for i in resources.picks()], "pick", show_similarity=False)
    follow_press(map_link.show_on_map, _more)


def _take(key: str) -> None:
    """The photo input."""
    step = photo_input(key)
    if step is not None and _can_begin(step):
        let_go(key)
        st.rerun()


def _ask_in_words() -> None:
    """The other way to start: no picture, but words."""
    # No max_chars, which takes nothing of a text that is longer: the step has as much of it as is searched for.
    text = st.chat_input("Or say it in words: red women shoes", key="start_words")
    if text and _can_begin(state.words_step(text)):
        st.rerun()


def _can_begin(step: Step) -> bool:
    """Start from a query; one that can't be used is answered with a sentence, and the page stays as it was."""
    try:
        with st.spinner("Looking…"):
            answers.answer(step, Ask())
    except RecommenderError as error:
        st.error(plain(error), icon=":material/search_off:" if step.kind == "words" else ":material/broken_image:")
        return False
    state.start(step)
    return True


@st.dialog("Another photo", width="medium", icon=":material/add_a_photo:")
def _another() -> None:
    _take("again")


def _answer_screen(step: Step) -> None:
    if state.news():
        # Whoever pressed a card far down is led up to what it was answered with. With a number of its own each time,
        # or the browser would take the script for one that it has run already.
        st.html(f"<script>{UP} // {time.monotonic_ns()}</script>", unsafe_allow_javascript=True)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        trail()
        if st.button("New photo", icon=":material/add_a_photo:", key="new_photo"):
            _another()
    try:
        with st.spinner("Looking…"):
            answers.answer(step, Ask())
    except WordsError as error:
        # The field stays, so that other words can be tried, and the trail to go back on.
        words_field(step)
        st.warning(plain(error), icon=":material/search_off:")
        _products_to_start_from()
        return
    _answer(step)


@st.fragment
def _answer(step: Step) -> None:
    """The query, the filters and the products; a filter reruns these alone."""
    if state.trail()[-1:] != [step]:
        # Other words were typed: this part alone ran again, with the query that it was drawn for.
        st.rerun()
    with guarded():
        base = answers.answer(step, Ask())
        seen, wishes = st.columns([3, 2], gap="medium")
        with seen, st.container(key="asked"):
            asked = _query(step, base)
        with wishes, st.container(border=True):
            suggestions(step, base)
            filters(step, base)
        _found(step)
        if asked:
            open_details(step.key)
        else:
            follow_press(map_link.show_on_map, _more)
        url.publish(resources.facts().prices)


def _query(step: Step, base: Recommendation) -> bool:
    """What was asked with; True if it is a product whose details were asked for."""
    if step.kind == "product":
        return product_panel(resources.product(step.key))
    if step.kind == "words":
        words_panel(step, base)
    else:
        prediction(base)
    return False


def _found(step: Step) -> None:
    """The products that pass the filters, or the way out where none does."""
    ask = answers.present_ask(step)
    answer = answers.answer(step, ask)
    if not answer.products:
        if ask.words:
            heard_line(answer)
        nothing_found(bool(ask.where or ask.within), answer.rules_out)
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"):
        count_line(step, answer, ask)
        timing_line(answer.ms)
    if ask.words:
        heard_line(answer)
    gallery(in_order(answer.products), "found", show_similarity=step.kind != "words")
    more_button(answer)


def _more(product: Product) -> None:
    state.go_on(product_step(product))
    st.rerun()


with guarded():
    page()
