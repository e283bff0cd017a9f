"""The choose panel: the lab with what is stored, and a measurement of the visitor's own text.

The one idea: the measurement is a job in the background, and while it runs this part of the page
looks at it every second.  So the lab answers meanwhile, and shows each point as it comes.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from swa_viz.experiments.choice import Measured, Way, as_plain
from swa_viz.experiments.held_out import held_out_text
from swa_viz.experiments.own_plan import MAX_CHARACTERS, own_plan
from swa_viz.experiments.points import FULL, SCHEDULES, has_window
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import offered_models
from swa_viz.models.table import cache_folder
from swa_viz.ui.answers import the_answers, the_model
from swa_viz.ui.lab import mount_lab, values_of
from swa_viz.ui.sweep_job import Means, SweepJob

JOB, REFUSED = "choose_job", "choose_refused"
LOOK_EVERY_S = 1.0
EXAMPLE = held_out_text("moby_dick")[:6000]
FIRST_WINDOWS = "8 16 32 64 128"
FIRST_SCHEDULES = ["windows", "1 sink", "1:1", "5:1 + 4 sinks"]
SCHEDULE_WORDS = {
    "windows": "a window in every layer",
    "1 sink": "first token kept",
    "4 sinks": "first 4 tokens kept",
    "1:1": "every second layer full",
    "3:1": "every fourth layer full",
    "5:1": "every sixth layer full",
    "5:1 + 4 sinks": "every sixth full, first 4 kept",
}
# What the visitor has edited in the lab; it may be nothing.
OWN, OWN_WORDS = "own", "your own schedule"
NUMBERS = count(1)


def own_way() -> Way | None:
    """The schedule that stands in the lab, with its W, or None."""
    values = st.session_state.get("lab_choose_values", {})
    row = values.get("schedule")
    return (row, values["window"] if has_window(row) else None) if row else None


def visitor_is_here() -> Callable[[], bool]:
    """Tells, from any thread, whether the page that runs now is still open."""
    context = get_script_run_ctx()
    if not runtime.exists() or context is None:  # a test without a server
        return lambda: True
    server, session = runtime.get_instance(), context.session_id
    return lambda: server.is_active_session(session)


def start() -> None:
    """Begin the measurement that the form asks for, or say why not.  One before it ends."""
    wanted = {name: st.session_state[f"choose_{name}"] for name in ("text", "windows", "schedules")}
    name = st.session_state["choose_model"]
    st.session_state[REFUSED] = ""
    try:
        model = the_model(name)
        schedules = [name for name in wanted["schedules"] if name != OWN]
        own = own_way() if OWN in wanted["schedules"] else None
        plan = own_plan(model, wanted["text"], wanted["windows"], schedules, own)
    except ValueError as error:
        st.session_state[REFUSED] = str(error)
        return
    if before := st.session_state.get(JOB):
        before.stop()
    folder = cache_folder() / "sweeps"
    means = Means(model, folder, the_answers().queue, visitor_is_here())
    st.session_state[JOB] = SweepJob(f"{name} {next(NUMBERS)}", plan, means)
    st.session_state[JOB].start()


def show_form(run: str) -> None:
    """What is to be measured.  It closes when a run begins, so that its picture is in sight."""
    kept = {"persist_state": "session"}
    opener = st.expander("Measure your own text", key=f"choose_form_of_{run}")
    with opener, st.form("choose_form", border=False):
        text = {"max_chars": MAX_CHARACTERS, "height": 120, **kept}
        st.text_area("Your text", EXAMPLE, key="choose_text", **text)
        left, right = st.columns([1, 1])
        left.selectbox("Model", list(offered_models()), key="choose_model", **kept)
        windows = {"max_chars": 60, **kept}
        right.text_input("Windows W", FIRST_WINDOWS, key="choose_windows", **windows)
        st.pills(
            "Schedules",
            [*SCHEDULES, OWN],
            selection_mode="multi",
            default=[*FIRST_SCHEDULES, OWN],
            format_func={**SCHEDULE_WORDS, OWN: OWN_WORDS}.__getitem__,
            key="choose_schedules",
            **kept,
        )
        st.form_submit_button("Measure", on_click=start)
        if st.session_state.get(REFUSED):
            st.warning(st.session_state[REFUSED])


def said_of(job: SweepJob) -> str:
    """How far a job has come."""
    if job.place:
        others = "1 other is" if job.place == 1 else f"{job.place} others are"
        return f"One visitor's text is measured at a time: {others} before yours."
    n_done, n_all = len(job.results), len(job.plan.points)
    said = f"{n_done} of {n_all} ways to read are measured"
    left_s = job.elapsed_s / n_done * (n_all - n_done) if n_done else 0
    return f"{said}, about {left_s:.0f} s to go." if left_s >= 1 else f"{said}."


def show_job(job: SweepJob) -> None:
    """Progress with a button that ends it; later, what was left out."""
    if not job.is_over:
        bar, button = st.columns([6, 1], vertical_alignment="center")
        bar.progress(len(job.results) / len(job.plan.points), said_of(job))
        button.button("Stop", on_click=job.stop, key="choose_stop")
        return
    missing = len(job.plan.points) - len(job.results)
    stopped = f"Stopped: {missing} of {len(job.plan.points)} ways to read are missing."
    said = [job.problem or (stopped if missing else ""), job.plan.left_out]
    if any(said):
        st.info(" ".join(filter(None, said)))


def own_data(job: SweepJob | None) -> dict | None:
    """What the lab shows of a job: `OwnRun` of `lessons/choose/shown.js`."""
    if job is None:
        return None
    results, reference = dict(job.results), job.plan.reference
    # With which all others are compared, and of which their costs are shares.
    first, full = job.plan.points[0], next(p for p in job.plan.points if p.schedule == FULL)
    progress = {"run": job.name, "model": first.model}
    progress |= {"done": len(results), "total": len(job.plan.points)}
    if not results.keys() >= {first, full}:
        empty = {
            "options": [],
            "quality": first.quality,
            "n_tokens": first.n_tokens,
            "n_stretches": 0,
            "n_texts": 1,
        }
        return {**empty, "reference": list(reference), **progress}
    return as_plain(Measured(results, reference)) | progress


def show_panel(lesson: Lesson) -> Callable[[], None]:
    """The lab and the form; nothing is left to do after them."""
    knobs = lesson.knobs_for({})
    values = values_of(lesson, knobs)
    job = st.session_state.get(JOB)
    is_running = job is not None and not job.is_over

    def show_lab() -> None:
        with st.container():  # always there, so that what follows keeps its place
            if job is not None:
                show_job(job)
        extra = {**lesson.extra, "own": own_data(job)}
        with st.container(key="stage"):
            mount_lab(replace(lesson, extra=extra), {}, knobs, values)
        if is_running and job.is_over:
            st.rerun()

    order = ("lab", "own") if st.context.is_embedded else ("own", "lab")
    place = {name: st.container(key=f"choose_{name}") for name in order}
    with place["own"]:
        show_form(job.name if job else "")
    with place["lab"]:
        st.fragment(show_lab, run_every=LOOK_EVERY_S if is_running else None)()
    return lambda: None
