"""The frame that every page shares: title and lead, words, the real code, sources."""

import inspect
from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

# Streamlit leaves a hand's breadth of air above a page and none of our width beside it.  A formula
# never scrolls, and is smaller on a phone.  And a page must not fade while a lab is answered: the
# lab itself says which of its numbers are on their way.
LAYOUT = """<style>
.stMainBlockContainer {padding: %s 1.25rem 3rem; max-width: 1180px;}
.stMainBlockContainer .katex-display {overflow: visible !important;}
@media (max-width: 640px) {.stMainBlockContainer .katex {font-size: 0.8em;}}
[data-stale="true"] {opacity: 1 !important;}
</style>"""


def open_through_menu() -> None:
    """On a server that has just started, let app.py run before the page.

    Until somebody has called `st.navigation`, Streamlit takes a folder named pages/ for its own
    kind of menu and opens a page's file by itself: a copied link would show no menu.
    """
    if "menu_was_run" not in st.session_state:
        st.session_state["menu_was_run"] = True
        here = urlsplit(st.context.url).path.rpartition("/")[2] or "page"
        blank = [st.Page(lambda: None, title=title, url_path=title) for title in ("menu", here)]
        st.navigation(blank, position="hidden")
        st.rerun()


def page_header(title: str, lead: str) -> None:
    """The page's one question, and one sentence on what to do here."""
    open_through_menu()
    st.html(LAYOUT % ("1rem" if st.context.is_embedded else "4.25rem"))
    st.title(title, anchor=False)
    st.markdown(lead)


def words(*paragraphs: str, formula: str = "") -> None:
    """Our own short paragraphs below the picture, and the formula in LaTeX, a line per line."""
    if st.context.is_embedded:
        return
    for paragraph in paragraphs:
        st.markdown(paragraph)
    for line in formula.splitlines():
        st.latex(line)


def show_code(*functions: Callable | type) -> None:
    """The source that this page ran, read from the running program, so it cannot drift."""
    if st.context.is_embedded:
        return
    with st.expander("Show me the code"):
        for function in functions:
            module = inspect.getmodule(function).__name__
            st.caption(f"`{module}.{function.__name__}`, as it runs here")
            st.code(inspect.getsource(function), language="python")


def sources(*entries: str) -> None:
    """Where the facts on the page come from."""
    if st.context.is_embedded:
        return
    with st.expander("Sources"):
        st.markdown("\n".join(f"- {entry}" for entry in entries))
