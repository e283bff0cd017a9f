"""The lessons in reading order: the only list of them.

A lesson is a folder here with the same name: `lesson.py` (its words, knobs and requests),
`lab.js` and `lab.css`.  The menu, the cards of the first page, the static lab, the files and the
README's table are made from this list; on the server a page `pages/x.py` shows the lesson `x`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module

from swa_viz.lessons.lesson import Lesson

LESSONS: dict[str, Lesson] = {
    name: import_module(f"{__name__}.{name}.lesson").LESSON
    for name in (
        *("home", "window", "attention", "layers", "cache"),
        *("limits", "fixes", "beyond", "choose", "models", "speed"),
    )
}


def cards(addresses: Mapping[str, str]) -> list[dict]:
    """What the first page shows of each lesson that has a card and, on this host, an address."""
    return [
        {"page": name, "question": lesson.title, "address": addresses[name], **asdict(lesson.card)}
        for name, lesson in LESSONS.items()
        if lesson.card and name in addresses
    ]
