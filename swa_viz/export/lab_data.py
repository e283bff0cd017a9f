"""What a lab without a server is told: the same plain data that the server would send."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from swa_viz.answers import Request, recorded
from swa_viz.answers.facts import facts_of
from swa_viz.answers.request_plan import requests_for, unbidden
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lab_data import LabData, lab_data
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import MODELS, load_model
from swa_viz.models.language_model import LanguageModel
from swa_viz.web.knobs import Knob

PAGES = {name: lesson for name, lesson in LESSONS.items() if lesson.static}
# The models that are everywhere, and live in a browser too: what they are, by their names.
BUNDLED = {name: entry.about for name, entry in MODELS.items() if entry.bundled}


@cache
def the_model(name: str) -> LanguageModel:
    """The model whose numbers the files hold."""
    return load_model(name)


def model_facts(lesson: Lesson) -> dict:
    """What a lesson must know of its model; nothing if it needs none."""
    return facts_of(lesson.model, the_model) if lesson.requests else {}


def knobs_from(
    lesson: Lesson, chosen: dict, models: Mapping[str, str] | None = None
) -> dict[str, Knob]:
    """The knobs of a page that begins where `chosen` says: to that page, this is the default.

    `models` are those that its menu offers; without them there is no menu.
    """
    knobs = lesson.knobs_for(model_facts(lesson), models)
    return knobs | {name: replace(knobs[name], default=value) for name, value in chosen.items()}


def defaults(knobs: dict[str, Knob]) -> dict:
    """Where the knobs stand at first."""
    return {name: knob.default for name, knob in knobs.items()}


def asked(lesson: Lesson, values: dict) -> list[Request]:
    """What the lab asks by itself while its knobs have these values.

    What it asks only if a knob had another value comes along: that picture is one press away.
    """
    plans = [replace(plan, only_if=None) for plan in unbidden(lesson.requests)]
    return requests_for(plans, values, model_facts(lesson))


def page_data(
    lesson: Lesson,
    knobs: dict[str, Knob],
    *,
    cards: Sequence[dict] = (),
    live: dict | None = None,
    offered: Sequence[str] | None = None,
    answers: Sequence[dict] | None = None,
    model_pages: Mapping[str, str] | None = None,
    later: Mapping[str, str] | None = None,
) -> LabData:
    """The data of a lab that no server stands behind; the page's address may move its knobs.

    The answers to what the lab asks first come along, so that its picture is there at once; where
    the address says otherwise, they are not used.
    """
    values = defaults(knobs)
    if "model" in knobs:
        values["model"] = lesson.model
    if answers is None:
        answers = [recorded(each, the_model(each.model)) for each in asked(lesson, values)]
    return lab_data(
        lesson,
        knobs,
        values,
        model_facts(lesson),
        answers=answers,
        served=False,
        live=live,
        offered=offered,
        cards=cards,
        model_pages=model_pages,
        later=later,
    )
