"""About: what the catalogue is, what the model learnt from, how good it is, and what becomes of a photo."""

from __future__ import annotations

import streamlit as st

from recommender.app import resources
from recommender.app.guard import guarded
from recommender.app.wording import column_title, plain
from recommender.errors import RecommenderError
from recommender.results import short_of_all


def page() -> None:
    """The whole text, in a column that reads well."""
    with st.container(horizontal_alignment="center"), st.container(width=760):
        st.title("About", anchor=False)
        st.markdown(
            "A visual product search: show a photo, see what it is, and get the products that look most like it. "
            "It runs entirely on this machine, without an account or an outside service."
        )
        _catalogue()
        _model()
        _photos()


def _catalogue() -> None:
    try:
        size = f"{resources.facts().size:,} "
    except RecommenderError:  # the text is true of a catalogue that doesn't open, too
        size = ""
    st.subheader("The catalogue is rendered", anchor=False)
    st.markdown(
        f"None of the {size}products in it exists. This project models and renders every picture "
        "itself; brands, titles and prices are invented, and nothing is for sale. That way the "
        "catalogue can be shared freely, and no shop's photos are needed to try the search."
    )


def _model() -> None:
    try:
        facts = resources.model_facts()
    except RecommenderError:
        facts = resources.ModelFacts(0, 0, {})
    st.subheader("What the model learnt from", anchor=False)
    if facts.catalogue:
        _own_model(facts)
        return
    learnt = f" It saw {facts.training:,} pictures of those two sets." if facts.training else ""
    st.markdown(
        "One small model turns a picture into a vector and says what it shows. This project trained it from "
        "scratch on two public research sets of photos: *Fashion Product Images (Small)* from Kaggle, studio photos "
        "of an online shop, and Alexey Grigorev's *clothing data set* (CC0), photos that people took of their own "
        f"clothes. No picture and no title of either is part of this project.{learnt}"
    )
    st.subheader("How good it is", anchor=False)
    if not facts.measured:
        st.markdown("No measurements came with the model that is installed here.")
        return
    st.markdown(
        f"How often its first guess is right, measured on {facts.products:,} studio photos that it did not learn from. "
        "Twins of one product were kept on one side of the split."
    )
    _measures(facts)
    st.caption(
        "Some of this can't be perfect: even where the very same photo is listed twice, the labels that people noted "
        "do not always agree, those of the colour least. Photos taken at home are harder than "
        "studio photos. Where the model doubts, the search page says so and names the next candidates."
    )
    _similarity()


def _own_model(facts: resources.ModelFacts) -> None:
    """A model that somebody trained on a catalogue: nothing is known of it but what its file says."""
    began = "going on from the weights of an earlier model" if facts.fine_tuned else "from scratch"
    st.markdown(
        f"This model was trained on {facts.training:,} products of the catalogue *{plain(facts.catalogue)}*, {began}."
    )
    st.subheader("How good it is", anchor=False)
    if facts.measured:
        st.markdown(
            f"How often its first guess is right, measured on {facts.products:,} products of that catalogue that it "
            "did not learn from. Twins of one product were kept on one side of the split."
        )
        _measures(facts)
    else:
        st.markdown("Nothing was held back to measure it on.")
    _similarity()


def _measures(facts: resources.ModelFacts) -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        for column, (accuracy, low, high, products) in facts.measured.items():
            told = [f"95 % interval: {100 * low:.1f} to {100 * high:.1f} %"] if (low, high) != (0, 1) else []
            if products < facts.products:
                told.append(f"measured on the {products:,} of them for which it is known")
            st.metric(
                plain(column_title(column)),
                f"{short_of_all(accuracy, 0.001):.1%}",
                border=True,
                help=", ".join(told) or None,
            )


def _similarity() -> None:
    st.markdown(
        "The **similarity** on a card compares two pictures by the cosine of their vectors: 100 % is the same "
        "picture, and what is a good match depends on the product."
    )


def _photos() -> None:
    st.subheader("What becomes of your photo", anchor=False)
    st.markdown(
        "It is opened in memory, answered, and forgotten when you leave the page or restart. It is kept on no disk, is "
        "not part of the links that you share, and nobody learns from it. (While a file of more than a megabyte "
        "arrives, it passes through a temporary one, which is deleted at once.)"
    )


with guarded():
    page()
