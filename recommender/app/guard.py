"""A visitor sees a sentence, whatever happens; what we did wrong goes to the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from recommender.app import state
from recommender.app.map_state import FIND_SIMILAR
from recommender.app.wording import plain
from recommender.errors import RecommenderError

_log = logging.getLogger(__name__)


@contextmanager
def guarded() -> Iterator[None]:
    """Show errors as a designed state instead of a traceback. Reruns and stops pass, they are no ``Exception``."""
    try:
        yield
    except RecommenderError as error:
        _excuse(plain(error))
    except Exception:
        _log.exception("A page failed")
        _excuse("Something went wrong on our side, not yours. It has been logged.")


def _excuse(sentence: str) -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown("### :material/sentiment_dissatisfied:", text_alignment="center")
        st.markdown("#### That didn't work", text_alignment="center")
        st.markdown(sentence, text_alignment="center")
        if st.button("Back to the start", type="primary", on_click=_restart, key="excuse_start"):
            st.switch_page(FIND_SIMILAR)  # where the page failed again, as another one than the start may


def _restart() -> None:
    """The start, at an address that does not lead back to what failed."""
    state.back_to(-1)
    st.query_params.clear()
