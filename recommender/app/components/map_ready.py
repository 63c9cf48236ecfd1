"""A map that has yet to be computed: what it takes, the button, and the bar with the time left."""

from __future__ import annotations

import math

import streamlit as st

from recommender.app import map_resources, resources
from recommender.app.components.map_controls import method_title
from recommender.app.wording import plain
from recommender.reduction import REDUCERS

QUICK = 2_000
"""Up to so many products a map is a matter of seconds: it is computed without a question."""


def map_ready(method: str) -> bool:
    """Whether the map is at hand; where it isn't, the way to it is drawn, which ends in a rerun with the map."""
    atlas = map_resources.atlas()
    if atlas.ready(method):
        return True
    n = resources.facts().size
    with st.container(border=True):
        st.markdown(f"#### The {plain(method_title(method))} map of these {n:,} products has not been computed yet")
        st.markdown(f"It is computed once and kept. {REDUCERS.create(method).note(n)}".strip())
        slot = st.empty()
        if n <= QUICK or slot.button(
            "Compute it", type="primary", icon=":material/play_arrow:", key=f"map_compute_{method}"
        ):
            bar = slot.progress(0.0, "Starting…")
            atlas.map(method, lambda share, left: bar.progress(min(share, 1.0), time_left(left)))
            st.rerun()
    return False


def time_left(seconds: float) -> str:
    """How long it still takes, as people say it.

    Examples
    --------
    >>> time_left(200)
    'About 3 minutes left'
    """
    if not math.isfinite(seconds):
        return "Starting…"
    if seconds < 10:
        return "A few seconds left"
    if seconds < 90:
        return f"About {round(seconds / 10) * 10} seconds left"
    return f"About {round(seconds / 60)} minutes left"
