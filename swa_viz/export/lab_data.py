"""What a lab without a server is told: the same plain data that the server would send."""

from dataclasses import replace
from functools import cache
from importlib import import_module

from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.settings import KNOBS
from swa_viz.viewer.payload import knob_payload, model_payload

# `speed` times kernels on the machine that serves it, so there is no such page without a server.
PAGES = ("home", "window", "attention", "layers")


def lesson_of(page: str) -> Lesson:
    """The lesson of one page."""
    return import_module(f"swa_viz.lessons.{page}").LESSON


@cache
def facts() -> dict:
    """What the labs tell of the model."""
    return model_payload(load_model("tiny-swa"))


def lab_data(lesson: Lesson, chosen: dict, links: dict[str, str], **more: object) -> dict:
    """Everything but the values of the knobs, which the page's address says.

    `chosen` names knobs that begin elsewhere than at their default: to this page that place is the
    default.  `links` are the pages to go on to, `more` is further plain data.
    """
    knobs = KNOBS[lesson.name] | {
        name: replace(KNOBS[lesson.name][name], default=value) for name, value in chosen.items()
    }
    return {
        "knobs": {name: knob_payload(knob) for name, knob in knobs.items()},
        "model": facts() if lesson.first_requests else {},
        "answers": [],
        "served": False,
        "links": links,
        **lesson.extra,
        **more,
    }
