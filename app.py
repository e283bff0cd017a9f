"""The menu: pages in reading order."""

import streamlit as st

PAGES = [
    st.Page("pages/home.py", title="Home", url_path="home", default=True),
    st.Page("pages/window.py", title="Window", url_path="window"),
    st.Page("pages/attention.py", title="Attention", url_path="attention"),
    st.Page("pages/layers.py", title="Layers", url_path="layers"),
    st.Page("pages/speed.py", title="Speed", url_path="speed"),
]

st.session_state["menu_was_run"] = True
st.set_page_config(page_title="swa_viz", page_icon="swa_viz/web/static/icon.png", layout="wide")
st.navigation(PAGES, position="hidden" if st.context.is_embedded else "top").run()
