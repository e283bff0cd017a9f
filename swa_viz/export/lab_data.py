"""What a lab without a server is told: the same plain data that the server would send."""

from dataclasses import replace
from functools import cache
from importlib import import_module

from swa_viz.answers import LIMITS, answer
from swa_viz.answers.facts import model_payload
from swa_viz.lessons.knobs import KNOBS, Knob, knob_payload
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel

# `speed` times kernels on the machine that serves it, so there is no such page without a server.
PAGES = ("home", "window", "attention", "layers")


def lesson_of(page: str) -> Lesson:
    """The lesson of one page."""
    return import_module(f"swa_viz.lessons.{page}.lesson").LESSON


@cache
def the_model() -> LanguageModel:
    """The model whose numbers the files hold."""
    return load_model("tiny-swa")


def knobs_from(page: str, chosen: dict) -> dict[str, Knob]:
    """The knobs of a page that begins where `chosen` says: to that page, this is the default."""
    moved = {name: replace(KNOBS[page][name], default=value) for name, value in chosen.items()}
    return KNOBS[page] | moved


def requests_for(lesson: Lesson, values: dict) -> list[dict]:
    """What the lab asks while its knobs have these values."""
    return lesson.first_requests(values, model_payload(the_model()))


def recorded(requests: list[dict]) -> list[dict]:
    """Each request with its answer."""
    return [{"request": asked, "payload": answer(asked, the_model())} for asked in requests]


def lab_data(lesson: Lesson, knobs: dict[str, Knob], **more: object) -> dict:
    """Everything but the values of the knobs, which the page's address says.

    The answers to what the lab asks first come along, so that its picture is there at once; where
    the address says otherwise, they are not used.  `more` is further plain data.
    """
    data = {
        "knobs": {name: knob_payload(knob) for name, knob in knobs.items()},
        "model": {},
        "answers": [],
        "served": False,
        "limits": LIMITS,
        **lesson.extra,
    }
    if lesson.first_requests:
        begin = {name: knob.default for name, knob in knobs.items()}
        data["model"] = model_payload(the_model())
        data["answers"] = more.get("answers") or recorded(requests_for(lesson, begin))
    return data | more
