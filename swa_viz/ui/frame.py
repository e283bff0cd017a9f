"""The frame that every page shares: menu, title and lead, the lesson's panel, the words below."""

from importlib import import_module

import streamlit as st

from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson
from swa_viz.ui.looks import EMBEDDED, FRAME
from swa_viz.ui.menu import show_menu
from swa_viz.ui.words import show_words
from swa_viz.web.bundle import STATIC


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
    lesson = LESSONS[name]
    page_header(lesson)
    finish = import_module(f"swa_viz.ui.{lesson.panel}").show_panel(lesson)
    if not st.context.is_embedded:
        show_words(name)
    finish()
