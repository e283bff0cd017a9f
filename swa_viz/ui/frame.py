"""The frame that every page shares: title and lead, the lesson's panel, words, code, sources."""

from importlib import import_module
from urllib.parse import urlsplit

import streamlit as st

from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson, real_code
from swa_viz.ui.answers import model_facts
from swa_viz.web.bundle import STATIC

MENU_WAS_RUN = "menu_was_run"

# Streamlit leaves more air above a page than we need, and no margin of ours beside it.  A formula
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
    if MENU_WAS_RUN not in st.session_state:
        st.session_state[MENU_WAS_RUN] = True
        here = urlsplit(st.context.url).path.rpartition("/")[2] or "page"
        blank = [st.Page(lambda: None, title=title, url_path=title) for title in ("menu", here)]
        st.navigation(blank, position="hidden")
        st.rerun()


def page_header(lesson: Lesson) -> None:
    """The tab's title, the page's one question, and one sentence on what to do here."""
    st.set_page_config(
        page_title=lesson.tab_title, page_icon=str(STATIC / "icon.png"), layout="wide"
    )
    st.html(LAYOUT % ("1rem" if st.context.is_embedded else "4.25rem"))
    st.title(lesson.title, anchor=False)
    st.markdown(lesson.lead)


def words(lesson: Lesson) -> None:
    """What stands below the picture: short paragraphs, the formula, the code that ran, sources."""
    if st.context.is_embedded:
        return
    for paragraph in lesson.paragraphs_for(model_facts(lesson)):
        st.markdown(paragraph)
    for line in lesson.formula.splitlines():
        st.latex(line)
    with st.expander("Show me the code"):
        for name, source in real_code(lesson):
            st.caption(f"`{name}`, as it runs here")
            st.code(source, language="python")
    with st.expander("Sources"):
        st.markdown("\n".join(f"- {source}" for source in lesson.sources))


def show(name: str) -> None:
    """A whole page: the panel of the lesson `name` in its frame.

    A panel draws itself and returns what is left to do once all else stands on the page.
    """
    open_through_menu()
    lesson = LESSONS[name]
    page_header(lesson)
    finish = import_module(f"swa_viz.ui.{lesson.panel}").show_panel(lesson)
    words(lesson)
    finish()
