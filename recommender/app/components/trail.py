"""The way back: every query since the start, the present one last."""

from __future__ import annotations

import streamlit as st

from recommender.app import state
from recommender.app.wording import plain, shorten

MOST = 3
"""Crumbs shown beside the start; with more, the earlier ones are left out."""


def trail() -> None:
    """Draw the crumbs; pressing one goes back to it."""
    steps = state.trail()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        _crumb("Start", -1, ":material/home:")
        if len(steps) > MOST:
            st.markdown(":gray[›]\u2002…", width="content")
        for position, step in list(enumerate(steps))[-MOST:]:
            if position == len(steps) - 1:
                st.markdown(f":gray[›]\u2002**{plain(shorten(step.label, 32))}**", width="content")
            else:
                _crumb(f":gray[›]\u2002{plain(shorten(step.label, 24))}", position)


def _crumb(label: str, position: int, icon: str | None = None) -> None:
    st.button(label, type="tertiary", icon=icon, on_click=state.back_to, args=(position,), key=f"crumb_{position}")
