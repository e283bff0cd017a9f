"""A page without the model: it holds the answers for some windows around the chosen one.

What these answers do not cover cannot be moved there; the page says so by what it offers.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product

from swa_viz.answers import recorded, request_key
from swa_viz.export.lab_data import asked, defaults, the_model
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.knobs import Knob

MOST_ANSWERS = 60
MOST_BYTES = 1_600_000


class TooLong(ValueError):
    """Not even the chosen view fits into a light page."""


def choices(knob: Knob) -> range:
    """All values of a number."""
    return range(knob.at_least, knob.at_most + 1)


def answers_at(
    lesson: Lesson, knobs: dict[str, Knob], window: int, known: Mapping[str, dict]
) -> dict[str, dict]:
    """What is not known yet of the answers for one window, by key.

    They are for every value of the knobs that are offered whole.
    """
    whole = lesson.light.whole
    begin = defaults(knobs) | {"window": window}
    places = product(*(choices(knobs[name]) for name in whole))
    requests = {
        request_key(request): request
        for place in places
        for request in asked(lesson, begin | dict(zip(whole, place, strict=True)))
    }
    return {
        key: recorded(request, the_model(request.model))
        for key, request in requests.items()
        if key not in known
    }


def widest(lesson: Lesson, knobs: dict[str, Knob]) -> int:
    """The largest window worth offering: one that covers the text reads what larger ones read."""
    n_tokens = len(the_model(lesson.model).tokenizer.encode(knobs["text"].default))
    return min(max(n_tokens, knobs["window"].default, 1), knobs["window"].at_most)


def light_data(lesson: Lesson, knobs: dict[str, Knob]) -> tuple[dict[str, Knob], dict]:
    """The knobs, narrowed to what is recorded, and what the lab needs for that.

    Windows are added from the chosen one outwards, as long as the answers stay few and small.
    Raises TooLong if there is no room for the chosen one, and ValueError for a lesson that has no
    light file.
    """
    if lesson.light is None:
        raise ValueError(f"the lesson {lesson.name} has no light file")
    chosen = knobs["window"].default
    known: dict[str, dict] = {}
    windows: list[int] = []
    n_bytes = 0
    allowed = range(knobs["window"].at_least, widest(lesson, knobs) + 1)
    for window in sorted(allowed, key=lambda window: abs(window - chosen)):
        more = answers_at(lesson, knobs, window, known)
        n_bytes += sum(len(json.dumps(each)) + len(", ") for each in more.values())
        if len(known) + len(more) > MOST_ANSWERS or n_bytes > MOST_BYTES:
            break
        known |= more
        windows.append(window)
    if not windows:
        raise TooLong("this text is too long for a page without the model")
    narrow = replace(knobs["window"], at_least=min(windows), at_most=max(windows))
    offered = ["window", *lesson.light.whole, *lesson.light.views]
    return knobs | {"window": narrow}, {"answers": list(known.values()), "offered": offered}
