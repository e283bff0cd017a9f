"""What stands below a lab on the server's page: the same words as on the static one.

They are drawn by the same function.  So a page needs neither Streamlit's highlighter nor its
typesetter, which together are larger than all the rest of it.
"""

from functools import cache
from hashlib import sha256

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from swa_viz.export.theme import words_looks
from swa_viz.export.words import words
from swa_viz.lessons import LESSONS
from swa_viz.ui.answers import model_facts
from swa_viz.ui.lab import model_of


@cache
def words_component(name: str, model: str) -> ComponentRenderer:
    """The words of the lesson `name` about a model, made once, at its first visit."""
    lesson = LESSONS[name]
    html = f'<section class="words">{words(lesson, model_facts(lesson, model))}</section>'
    component = f"swa_viz_{name}_words"
    if model != lesson.model:  # a folder may have a name that no component can have
        component += f"_{sha256(model.encode()).hexdigest()[:12]}"
    return st.components.v2.component(component, html=html, css=words_looks())


def show_words(name: str) -> None:
    """Put the words of the lesson `name` on the page, about the model that it asks."""
    words_component(name, model_of(LESSONS[name]))(key=f"words_{name}")
