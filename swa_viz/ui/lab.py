"""Mount a lab on a page, with its knobs where the link says or where the visitor left them.

A lab's controls live in the browser and answer within a frame, and the lab itself keeps the page's
address true.  What it lets go of comes here as one message: the values of its knobs, and what it
wants computed.
"""

from collections.abc import Callable
from contextlib import nullcontext

import streamlit as st

from swa_viz.answers import request_payload
from swa_viz.answers.request_plan import first_requests
from swa_viz.browser_model.files import files_of as live_files_of
from swa_viz.lessons import LESSONS, cards
from swa_viz.lessons.lab_data import lab_data
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import offered_models
from swa_viz.ui.answers import answer_all, model_facts
from swa_viz.ui.elsewhere import files_of, static_page
from swa_viz.ui.more_models import show_more_models
from swa_viz.ui.serving.later import later_addresses
from swa_viz.web.bundle import bundle, own_looks, shared_looks
from swa_viz.web.knobs import Knob, TextKnob

MODEL_ABSENT = "The model that the link names is not on this server, so you see {name}."
HTML = '<div class="lab-host"></div>'
LIVE_FOLDER = "app/static/live/"

COMPONENTS = {
    name: st.components.v2.component(
        f"swa_viz_{name}",
        html=HTML,
        css=f"{shared_looks()}\n{own_looks(name)}",
        js=bundle(name, "streamlit"),
    )
    for name in LESSONS
}


def link_values(knobs: dict[str, Knob], link: dict[str, str], before: dict) -> dict:
    """Every knob's value as a link says it, where a knob that it does not name is at its default.

    A visitor's text stands in no link but a copied one, so a text that was there `before` stays.
    """
    kept = {name: before[name] for name in before if isinstance(knobs[name], TextKnob)}
    unnamed = {name: knob.default for name, knob in knobs.items()} | kept
    return unnamed | {name: knobs[name].read(word) for name, word in link.items()}


def model_of(lesson: Lesson) -> str:
    """The model that the lesson asks: the one of the link, else the one that was chosen before.

    Where that one is not here, the lesson's own takes its place.
    """
    if "model" not in lesson.knobs:
        return lesson.model
    before = st.session_state.get(f"lab_{lesson.name}_values", {})
    name = st.query_params.get("model", before.get("model", lesson.model))
    return name if name in offered_models() else lesson.model


def values_of(lesson: Lesson, knobs: dict[str, Knob]) -> dict:
    """Where the knobs stand: as a link says that was opened now, else as they were left.

    Back and Forward open a link too.  The menu opens one that names no knob.  While a page stands,
    its browser goes on sending the link by which it was opened: that one is not read again.
    """
    link = {name: st.query_params[name] for name in knobs if name in st.query_params}
    link_key, values_key = f"lab_{lesson.name}_link", f"lab_{lesson.name}_values"
    before = st.session_state.get(values_key, {})
    if not before or (link and link != st.session_state[link_key]):
        st.session_state[values_key] = link_values(knobs, link, before)
    st.session_state[link_key] = link
    return st.session_state[values_key]


def live_files(model: str) -> dict | None:
    """Where the browser finds the files of a model, or None if it cannot run there."""
    found = live_files_of(model)
    return {"base": LIVE_FOLDER, **found} if found else None


def read_message(message: object) -> tuple[dict, list]:
    """What a lab sent, {"knobs", "requests"}; a browser may send anything, so nothing is believed.

    >>> read_message({"knobs": {"window": 4}, "requests": "all"})
    ({'window': 4}, [])
    """
    sent = message if isinstance(message, dict) else {}
    knobs, requests = sent.get("knobs"), sent.get("requests")
    return (
        knobs if isinstance(knobs, dict) else {},
        requests if isinstance(requests, list) else [],
    )


@st.fragment
def mount_lab(lesson: Lesson, model: dict, knobs: dict[str, Knob], values: dict) -> None:
    """Show the lesson's lab.  A message runs this function again and leaves the rest alone."""
    key = f"lab_{lesson.name}"

    def on_message() -> None:
        moved, _ = read_message(st.session_state[key].message)
        values.update({name: knob.read(moved.get(name)) for name, knob in knobs.items()})

    message = st.session_state[key].message if key in st.session_state else None
    if message:
        _, requests = read_message(message)
    else:
        requests = [
            request_payload(each) for each in first_requests(lesson.requests, values, model)
        ]
    name = model.get("name", lesson.model)
    quick = message or name == lesson.model
    with nullcontext() if quick else st.spinner(f"{name} reads the text…"):
        answers = answer_all(requests)
    about = lesson.about(name)
    data = lab_data(
        about,
        knobs,
        values,
        model,
        answers=answers,
        served=True,
        live=live_files(name),
        static_page=static_page(about),
        files=files_of(about),
        embedded=bool(st.context.is_embedded),
        cards=cards({name: f"./{name}" for name in LESSONS}),
        later=later_addresses(lesson.name),
    )
    COMPONENTS[lesson.name](key=key, data=data, on_message_change=on_message)


def show_panel(lesson: Lesson) -> Callable[[], None]:
    """The lesson's lab; nothing is left to do after it."""
    model = model_facts(lesson, model_of(lesson))
    if "model" in lesson.knobs and st.query_params.get("model", model["name"]) != model["name"]:
        st.info(MODEL_ABSENT.format(name=model["name"]), icon=":material/info:")
    models = {name: entry.about for name, entry in offered_models().items()}
    knobs = lesson.knobs_for(model, models)
    with st.container(key="stage"):
        mount_lab(lesson, model, knobs, values_of(lesson, knobs))
    show_more_models(lesson)
    return lambda: None
