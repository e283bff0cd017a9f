"""What a lab without a server is told: the same plain data that the server would send."""

from dataclasses import replace
from functools import cache

from swa_viz.answers import LIMITS, answer
from swa_viz.answers.facts import model_payload
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel
from swa_viz.web.knobs import Knob, knob_payload

PAGES = {name: lesson for name, lesson in LESSONS.items() if lesson.static}


@cache
def the_model() -> LanguageModel:
    """The model whose numbers the files hold."""
    return load_model("tiny-swa")


def model_facts(lesson: Lesson) -> dict:
    """What a lesson must know of that model; nothing if it needs none."""
    return model_payload(the_model()) if lesson.first_requests else {}


def knobs_from(lesson: Lesson, chosen: dict) -> dict[str, Knob]:
    """The knobs of a page that begins where `chosen` says: to that page, this is the default."""
    knobs = lesson.knobs_for(model_facts(lesson))
    return knobs | {name: replace(knobs[name], default=value) for name, value in chosen.items()}


def requests_for(lesson: Lesson, values: dict) -> list[dict]:
    """What the lab asks while its knobs have these values."""
    return lesson.first_requests(values, model_facts(lesson)) if lesson.first_requests else []


def recorded(requests: list[dict]) -> list[dict]:
    """Each request with its answer."""
    return [{"request": asked, "payload": answer(asked, the_model())} for asked in requests]


def lab_data(lesson: Lesson, knobs: dict[str, Knob], **more: object) -> dict:
    """Everything but the values of the knobs, which the page's address says.

    The answers to what the lab asks first come along, so that its picture is there at once; where
    the address says otherwise, they are not used.  `more` is further plain data.
    """
    begin = {name: knob.default for name, knob in knobs.items()}
    return {
        "knobs": {name: knob_payload(knob) for name, knob in knobs.items()},
        "model": model_facts(lesson),
        "answers": more.get("answers") or recorded(requests_for(lesson, begin)),
        "served": False,
        "limits": LIMITS,
        **lesson.extra,
        **more,
    }
