"""What a lab receives: one contract, which every host keeps by building its data here.

In the browser the same contract stands in `web/core/types.d.ts`; a test holds the names equal.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from swa_viz.answers import LIMITS
from swa_viz.answers.request_plan import plan_payload
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.knobs import Knob, knob_payload


class LabData(TypedDict):
    """Everything that a lab is told, as plain data.  What does not apply is None or empty."""

    name: str  # the lesson's
    knobs: dict[str, dict]  # every control with its limits, by name
    values: dict[str, int | str]  # where the knobs stand
    model: dict  # its facts; empty for a lab that asks no model
    requests: list[dict]  # the plans of what the lab asks of the model
    answers: list[dict]  # known from the start: {"request", "payload"} each
    limits: dict  # how much may be asked, and the sentences about it
    served: bool  # is there a server behind the page?
    live: dict | None  # where the files of the model for the browser are, if they were built
    offered: list[str] | None  # the only knobs that move, where answers were recorded; else None
    cards: list[dict]  # the other lessons, as the first page shows them
    static_page: str  # the same page on a host without a server, or ""
    model_pages: dict[str, str]  # where the page about each model is, on a host with one for each
    files: dict[str, str]  # where this server writes the page into one file, by kind
    embedded: bool  # is the page a frame in somebody else's?
    extra: dict  # the lesson's own
    later: dict[str, dict]  # more of it, by name: {"data"}, or {"at": the address} to fetch it


def with_engines(facts: Mapping[str, object], served: bool, live: dict | None) -> dict:
    """The facts of a model, and which engines have it here."""
    if not facts:
        return {}
    in_browser = live is not None and live["model"] == facts["name"]
    return {**facts, "engines": ["server"] * served + ["browser"] * in_browser}


def lab_data(
    lesson: Lesson,
    knobs: Mapping[str, Knob],
    values: Mapping[str, int | str],
    facts: Mapping[str, object],
    *,
    answers: Sequence[dict],
    served: bool,
    live: dict | None,
    offered: Sequence[str] | None = None,
    cards: Sequence[dict] = (),
    static_page: str = "",
    model_pages: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    embedded: bool = False,
    later: Mapping[str, str] | None = None,
) -> LabData:
    """The data of one lab on one host; files of another model than the lab's are left out.

    `later` says where a host has what the lesson needs later; what it has nowhere comes along.
    """
    at = later or {}
    model = with_engines(facts, served, live)
    return {
        "name": lesson.name,
        "knobs": {name: {"name": name} | knob_payload(knob) for name, knob in knobs.items()},
        "values": dict(values),
        "model": model,
        "requests": [plan_payload(plan) for plan in lesson.requests],
        "answers": list(answers),
        "limits": LIMITS,
        "served": served,
        "live": live if "browser" in model.get("engines", ()) else None,
        "offered": None if offered is None else list(offered),
        "cards": list(cards),
        "static_page": static_page,
        "model_pages": dict(model_pages or {}),
        "files": dict(files or {}),
        "embedded": embedded,
        "extra": dict(lesson.extra),
        "later": {
            name: {"at": at[name]} if name in at else {"data": data}
            for name, data in lesson.later.items()
        },
    }
