"""The pages: the lessons in reading order.  `ui/menu.py` draws the menu."""

import streamlit as st

from swa_viz.lessons import LESSONS

FIRST = next(iter(LESSONS))
PAGES = [
    st.Page(f"pages/{name}.py", title=lesson.label, url_path=name, default=name == FIRST)
    for name, lesson in LESSONS.items()
]

st.navigation(PAGES, position="hidden").run()
