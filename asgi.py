"""The lab as a web server runs it: `app.py`, compressed, kept by browsers, and with safe headers.

`streamlit run asgi.py` starts it, and so does `uvicorn asgi:app`.
"""

from pathlib import Path

import streamlit as st

from swa_viz.ui.serving import lifespan, middleware, routes

app = st.App(
    Path(__file__).with_name("app.py"),
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
)
