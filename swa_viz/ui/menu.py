"""The menu: links to all lessons.

Streamlit's own is an icon without words on a phone, and stays open after a choice.
"""

import streamlit as st

from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.bundle import source_of

HTML = """<button type="button" aria-expanded="false" aria-controls="pages">Menu</button>
<nav id="pages" aria-label="Pages"></nav>"""

COMPONENT = st.components.v2.component(
    "swa_viz_menu",
    html=HTML,
    css=source_of("web/hosts/menu.css"),
    js=source_of("web/hosts/menu.js"),
)
FIRST = next(iter(LESSONS))


def address_of(name: str) -> str:
    """Where a page is found from any other."""
    return "./" if name == FIRST else f"./{name}"


def show_menu(lesson: Lesson) -> None:
    """Draw the menu on the page of `lesson`."""
    pages = [
        {"name": name, "label": each.label, "address": address_of(name)}
        for name, each in LESSONS.items()
    ]
    with st.container(key="menu"):
        COMPONENT(key="menu_links", data={"pages": pages, "here": lesson.name})
