"""The frame that every page shares: title and lead, the lab, words, the real code, sources."""

from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from swa_viz.lessons.lesson import Lesson, real_code
from swa_viz.ui.lab import model_facts, mount_lab

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


def page_header(lesson: Lesson) -> None:
    """The page's one question, and one sentence on what to do here."""
    open_through_menu()
    st.html(LAYOUT % ("1rem" if st.context.is_embedded else "4.25rem"))
    st.title(lesson.title, anchor=False)
    st.markdown(lesson.lead)


def words(lesson: Lesson) -> None:
    """What stands below the picture: short paragraphs, the formula, the code that ran, sources."""
    if st.context.is_embedded:
        return
    for paragraph in lesson.paragraphs:
        st.markdown(paragraph)
    for line in lesson.formula.splitlines():
        st.latex(line)
    with st.expander("Show me the code"):
        for name, source in real_code(lesson):
            st.caption(f"`{name}`, as it runs here")
            st.code(source, language="python")
    with st.expander("Sources"):
        st.markdown("\n".join(f"- {source}" for source in lesson.sources))


def show(lesson: Lesson, **extra: object) -> None:
    """A whole page: the lesson's lab in its frame.  `extra` is further plain data for the lab."""
    page_header(lesson)
    extra = {**lesson.extra, **extra}
    if lesson.first_requests is None:
        mount_lab(lesson.name, model={}, **extra)
    else:
        model = model_facts()
        mount_lab(lesson.name, model, partial(lesson.first_requests, model=model), **extra)
    words(lesson)
