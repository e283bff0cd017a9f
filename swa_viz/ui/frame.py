"""The frame that every page shares: menu, title and lead, the lesson's panel, the words below."""

from importlib import import_module
from urllib.parse import urlsplit

import streamlit as st

from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson
from swa_viz.ui.looks import EMBEDDED, FRAME
from swa_viz.ui.menu import show_menu
from swa_viz.ui.words import show_words
from swa_viz.web.bundle import STATIC

MENU_WAS_RUN = "menu_was_run"


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
    """The tab's title, and then the menu, the page's one question and a sentence on what to do.

    In somebody else's page the picture comes first, and their words stand around it.
    """
    st.set_page_config(
        page_title=lesson.tab_title, page_icon=str(STATIC / "icon.png"), layout="wide"
    )
    st.html(FRAME)
    if st.context.is_embedded:
        st.html(EMBEDDED)
        return
    show_menu(lesson)
    st.title(lesson.title, anchor=False)
    st.markdown(lesson.lead)


def show(name: str) -> None:
    """A whole page: the panel of the lesson `name` in its frame.

    A panel draws itself and returns what is left to do once all else stands on the page.
    """
    open_through_menu()
    lesson = LESSONS[name]
    page_header(lesson)
    finish = import_module(f"swa_viz.ui.{lesson.panel}").show_panel(lesson)
    if not st.context.is_embedded:
        show_words(name)
    finish()
