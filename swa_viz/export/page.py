"""One page without a server: its frame, what it may load, and its data.

What the lab draws is handed over as JSON in a script element that runs nothing, so no text in it,
whoever wrote it, can become markup.
"""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from swa_viz.export.lab_data import PAGES
from swa_viz.export.words import inline, words
from swa_viz.lessons.lesson import Lesson

FRAME = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class Parts:
    """What differs between a page of the site and a file that holds everything.

    `policy` is the page's content security policy; `head` loads the looks and the icon; `scripts`
    loads the lab; `menu` leads to other pages, and `stored` is what else lies in the file: all of
    them are markup.
    """

    policy: str
    head: str
    scripts: str
    menu: str = ""
    stored: str = ""


def data_block(data: dict) -> str:
    """Data as the text of a script element, which only a `<` could end.

    >>> print(data_block({"text": "</script>"}).replace(chr(92), "BACKSLASH "))
    {"text":"BACKSLASH u003c/script>"}
    """
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def policy(**sources: str) -> str:
    """A content security policy that forbids everything but this."""
    rules = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    rules |= {f"{what}-src": allowed for what, allowed in sources.items()}
    return "; ".join(f"{what} {allowed}" for what, allowed in rules.items())


def menu(lesson: Lesson, links: dict[str, str]) -> str:
    """Links to all pages, this one marked."""
    here = ' aria-current="page"'
    items = (
        f'<a href="{address}"{here if name == lesson.name else ""}>{PAGES[name].label}</a>'
        for name, address in links.items()
    )
    return f'<header class="menu"><nav aria-label="Pages">{"".join(items)}</nav></header>'


def html(lesson: Lesson, data: dict, parts: Parts) -> str:
    """The whole page."""
    return Template(FRAME.read_text(encoding="utf-8")).substitute(
        policy=escape(parts.policy),
        tab_title=escape(lesson.tab_title),
        title=escape(lesson.title),
        lead=inline(lesson.lead),
        head=parts.head,
        menu=parts.menu,
        words=words(lesson, data["model"]),
        data=data_block(data),
        stored=parts.stored,
        scripts=parts.scripts,
    )
