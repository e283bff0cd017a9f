"""Below a lab: the models that this server could have, each with its size, its licence, a button.

The fetch goes on by itself: a visitor who moves something or leaves does not end it, and another
one sees how far it is.
"""

import streamlit as st

from swa_viz.lessons.lesson import Lesson
from swa_viz.models import MODELS
from swa_viz.models.background import BackgroundFetch
from swa_viz.models.table import ModelEntry

LOOK_AGAIN_S = 0.5
FETCHED_HERE = "fetched_here"


@st.cache_resource(show_spinner=False)
def the_fetch(name: str) -> BackgroundFetch:
    """The one fetch of this model, which all visitors share."""
    return BackgroundFetch(MODELS[name])


def what_it_is(entry: ModelEntry) -> str:
    """The model in a few sentences: what it is, and what it costs to have it."""
    download = entry.download
    return (
        f"**{entry.name}**: {entry.about}. Licence: {entry.licence}. "
        f"The server fetches {download.n_bytes / 1e6:,.0f} MB, once for all visitors, and keeps "
        f"{download.n_bytes_kept / 1e6:,.0f} MB on its disk."
    )


@st.fragment(run_every=LOOK_AGAIN_S)
def watch(name: str) -> None:
    """How far the fetch is, until it ends."""
    fetch = the_fetch(name)
    progress = fetch.progress
    if progress is None:
        st.rerun()
    st.progress(progress.share, f"{name}: {progress.doing}")
    st.button("Cancel", on_click=fetch.stop, key=f"cancel_{name}")


@st.fragment
def offer(lesson: Lesson, name: str) -> None:
    """A model that is not here, or that has just come."""
    fetch, entry = the_fetch(name), MODELS[name]
    if fetch.progress is not None:
        st.session_state[FETCHED_HERE] = name
        watch(name)
    elif entry.is_here:
        # A plain link, which loads the page anew: a lab is built for one model.
        address = f"./{lesson.name}?model={name}"
        link = f'<a href="{address}" style="color: inherit">Open this page with it</a>'
        st.html(f"{name} is here. {link}")
    else:
        st.markdown(what_it_is(entry))
        if fetch.failure:
            st.error(f"{fetch.failure}. The lab goes on with the models that it has.")
        st.button(f"Fetch {name}", on_click=fetch.start, key=f"fetch_{name}")


def show_more_models(lesson: Lesson) -> None:
    """Offer what can be fetched: nothing where there is none, or where no model is chosen."""
    seen = st.session_state.get(FETCHED_HERE)
    names = [
        name
        for name, entry in MODELS.items()
        if entry.download and (name == seen or not entry.is_here)
    ]
    if "model" not in lesson.knobs or not names or st.context.is_embedded:
        return
    with st.expander("More models", expanded=seen is not None, key="more_models"):
        for name in names:
            offer(lesson, name)
