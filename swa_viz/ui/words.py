"""What stands below a lab on the server's page: the same words as on the static one.

They are drawn by the same function.  So a page needs neither Streamlit's highlighter nor its
typesetter, which together are larger than all the rest of it.
"""

from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from swa_viz.export.theme import words_looks
from swa_viz.export.words import words
from swa_viz.lessons import LESSONS
from swa_viz.ui.answers import model_facts


@cache
def words_component(name: str) -> ComponentRenderer:
    """The words of the lesson `name`, ready to be put on a page; made once, at its first visit."""
    lesson = LESSONS[name]
    html = f'<section class="words">{words(lesson, model_facts(lesson))}</section>'
    return st.components.v2.component(f"swa_viz_{name}_words", html=html, css=words_looks())


def show_words(name: str) -> None:
    """Put the words of the lesson `name` on the page."""
    words_component(name)(key=f"words_{name}")
