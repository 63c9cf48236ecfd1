"""The pages, run by ``st.navigation``; a page describes the screen and leaves the work to others."""
