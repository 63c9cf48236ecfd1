"""The browser app: page configuration and navigation. Start it with ``streamlit run streamlit_app.py``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from recommender.app import state

HERE = Path(__file__).parent
PAGES = HERE / "recommender" / "app" / "pages"
MARK = HERE / "recommender" / "app" / "mark.svg"
LOOK = HERE / "recommender" / "app" / "look.css"
PRESS = HERE / "recommender" / "app" / "press.js"
NAME = "Find it by photo"

st.set_page_config(page_icon=str(MARK), layout="wide")
st.logo(str(MARK), size="large")
st.html(LOOK)

page = st.navigation(
    [
        st.Page(PAGES / "find_similar.py", title="Find similar", icon=":material/image_search:", default=True),
        st.Page(PAGES / "explore.py", title="Explore", icon=":material/map:"),
        st.Page(PAGES / "about.py", title="About", icon=":material/info:"),
    ],
    position="top",
)
# Tabs, bookmarks and the Back button's list tell the pages by their titles.
st.set_page_config(page_title=f"{page.title} · {NAME}" if page.url_path else NAME)
state.enter(page.url_path)
page.run()
state.forget_press()
# Last, where the place that it takes is not seen.
st.html(f"<script>{PRESS.read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
