"""Mount a lab on a page, and keep its knobs in the URL.

A lab's controls live in the browser and answer within a frame.  What it lets go of comes here as
one message: the values of its knobs, which the URL then follows, and what it wants computed.
"""

from collections.abc import Callable

import streamlit as st

from swa_viz.answers import LIMITS
from swa_viz.answers.facts import model_payload
from swa_viz.browser_model.files import manifest
from swa_viz.lessons.knobs import KNOBS, TextKnob, knob_payload
from swa_viz.ui.answers import answer, the_model
from swa_viz.web.bundle import bundle, style_sheet

LABS = ("home", "window", "attention", "layers")
HTML = '<div class="lab-host"></div>'
LIVE_FOLDER = "app/static/live/"

COMPONENTS = {
    name: st.components.v2.component(
        f"swa_viz_{name}", html=HTML, css=style_sheet(), js=bundle(name, "streamlit")
    )
    for name in LABS
}


def values_from_url(page: str) -> dict:
    """Every knob's value: from the URL where it makes sense, else the default."""
    return {name: knob.read(st.query_params.get(name)) for name, knob in KNOBS[page].items()}


def write_url(page: str, values: dict) -> None:
    """Let the URL name every knob that is not at its default.

    A visitor's text is never written there; one that came with a link stays as long as it is true.
    """
    for name, knob in KNOBS[page].items():
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
def mount_lab(
    page: str,
    model: dict,
    first_requests: Callable[[dict], list[dict]] = lambda values: [],
    **extra: object,
) -> None:
    """Show the lab `page`.

    `model` says what the lab's sentences tell of the model, `first_requests` what is computed
    before the lab has asked for anything, `extra` is further plain data for it.  A message runs
    this function again and leaves the rest of the page alone.
    """
    key = f"lab_{page}"
    values_key = f"{key}_values"
    if values_key not in st.session_state:
        st.session_state[values_key] = values_from_url(page)
    values = st.session_state[values_key]

    def on_message() -> None:
        sent = (st.session_state[key].message or {}).get("knobs", {})
        values.update({name: knob.read(sent.get(name)) for name, knob in KNOBS[page].items()})

    write_url(page, values)
    message = st.session_state[key].message if key in st.session_state else None
    requests = message.get("requests", []) if message else first_requests(values)
    data = {
        "knobs": {name: knob_payload(knob) for name, knob in KNOBS[page].items()},
        "values": values,
        "model": model,
        "answers": answer(requests),
        "served": True,
        "live": live_files() if model else None,
        "limits": LIMITS,
        **extra,
    }
    COMPONENTS[page](key=key, data=data, on_message_change=on_message)


def model_facts() -> dict:
    """What a lab must know of the model that the server runs."""
    return model_payload(the_model())
