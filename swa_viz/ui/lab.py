"""Mount a lab on a page, and keep its knobs in the URL.

A lab's controls live in the browser and answer within a frame.  What it lets go of comes here as
one message: the values of its knobs, which the URL then follows, and what it wants computed.
"""

from collections.abc import Callable

import streamlit as st

from swa_viz.answers import LIMITS
from swa_viz.browser_model.files import manifest
from swa_viz.lessons import LESSONS, cards
from swa_viz.lessons.knobs import Knob, TextKnob, knob_payload
from swa_viz.lessons.lesson import Lesson
from swa_viz.ui.answers import answer, model_facts
from swa_viz.web.bundle import bundle, own_looks, shared_looks

HTML = '<div class="lab-host"></div>'
LIVE_FOLDER = "app/static/live/"

COMPONENTS = {
    name: st.components.v2.component(
        f"swa_viz_{name}",
        html=HTML,
        css=f"{shared_looks()}\n{own_looks(name)}",
        js=bundle(name, "streamlit"),
    )
    for name, lesson in LESSONS.items()
    if lesson.panel == "lab"
}


def values_from_url(knobs: dict[str, Knob]) -> dict:
    """Every knob's value: from the URL where it makes sense, else the default."""
    return {name: knob.read(st.query_params.get(name)) for name, knob in knobs.items()}


def write_url(knobs: dict[str, Knob], values: dict) -> None:
    """Let the URL name every knob that is not at its default.

    A visitor's text is never written there; one that came with a link stays as long as it is true.
    """
    for name, knob in knobs.items():
        wanted, given = str(values[name]), st.query_params.get(name)
        if isinstance(knob, TextKnob):
            wanted = given if given == wanted else str(knob.default)
        if wanted == str(knob.default) and given is not None:
            del st.query_params[name]
        elif wanted not in (str(knob.default), given):
            st.query_params[name] = wanted


def live_files() -> dict | None:
    """Where the browser finds the model's files, or None if they were not built here."""
    found = manifest()
    return {"base": LIVE_FOLDER, **found} if found else None


@st.fragment
def mount_lab(lesson: Lesson) -> None:
    """Show the lesson's lab.  A message runs this function again and leaves the rest alone."""
    model = model_facts(lesson)
    knobs = lesson.knobs_for(model)
    key = f"lab_{lesson.name}"
    values_key = f"{key}_values"
    if values_key not in st.session_state:
        st.session_state[values_key] = values_from_url(knobs)
    values = st.session_state[values_key]

    def on_message() -> None:
        sent = (st.session_state[key].message or {}).get("knobs", {})
        values.update({name: knob.read(sent.get(name)) for name, knob in knobs.items()})

    write_url(knobs, values)
    message = st.session_state[key].message if key in st.session_state else None
    if message:
        requests = message.get("requests", [])
    else:
        requests = lesson.first_requests(values, model) if lesson.first_requests else []
    data = {
        "knobs": {name: knob_payload(knob) for name, knob in knobs.items()},
        "values": values,
        "model": model,
        "answers": answer(requests),
        "served": True,
        "live": live_files() if model else None,
        "limits": LIMITS,
        "embedded": st.context.is_embedded,
        "cards": cards({name: f"./{name}" for name in LESSONS}),
        **lesson.extra,
    }
    COMPONENTS[lesson.name](key=key, data=data, on_message_change=on_message)


def show_panel(lesson: Lesson) -> Callable[[], None]:
    """The lesson's lab; nothing is left to do after it."""
    mount_lab(lesson)
    return lambda: None
