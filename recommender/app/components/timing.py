"""Where the time went, in one small line."""

from __future__ import annotations

import streamlit as st

from recommender.results import Timings

_STEPS = {"decode": "opening the photo", "encode": "understanding it", "search": "searching"}


def timing_line(ms: Timings) -> None:
    """Draw the milliseconds of each step that took place, and of what is no step, as making a small picture of it."""
    spent = ms.to_dict()
    parts = [f"{_said(spent[step])} {title}" for step, title in _STEPS.items() if spent[step] > 0]
    rest = spent["total"] - sum(spent[step] for step in _STEPS)
    if rest >= 0.05:
        parts.append(f"{_said(rest)} the rest")
    st.caption(f":material/bolt: {_said(spent['total'])} in all: {', '.join(parts)}" if parts else "", width="content")


def _said(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
