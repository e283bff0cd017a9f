"""The timing panel: choose a sweep, see what counting allows, time it here, watch it arrive.

The one idea: the sweep is a generator that the page itself steps through, in the visitor's own
script run.  Whatever ends that run, a click on "Stop" or a closed tab, ends the sweep within one
call, leaves its finished points in the session and its place in the queue to the next visitor.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

from swa_viz.lessons import LESSONS
from swa_viz.lessons.lesson import Lesson
from swa_viz.models.device import chosen_device
from swa_viz.timing.queue import TIMINGS
from swa_viz.timing.rivals import race_for
from swa_viz.timing.stored import stored_run
from swa_viz.timing.sweep import (
    PRESETS,
    SweepPlan,
    run_sweep,
    sweep_over_tokens,
    sweep_over_windows,
)
from swa_viz.timing.timing import Points
from swa_viz.ui.speed_pictures import as_page, draw
from swa_viz.ui.speed_results import (
    show_answer,
    show_large_numbers,
    show_machine,
    show_reasons,
    show_stored,
    show_table,
)
from swa_viz.ui.speed_words import doing
from swa_viz.web.knobs import ChoiceKnob

KNOBS = LESSONS["speed"].knobs
RUN, RESULTS = "speed_run", "speed_results"
BUDGET_S = {"phone-sized": 45.0, "Mistral": 300.0, "own": 180.0}
SETTLE_S = LOOK_AGAIN_S = 0.3
# The parts from top to bottom.  In a frame of somebody else's page the picture comes first.
PARTS = ("choices", "start", "answer", "result")
PARTS_IN_A_FRAME = ("start", "result", "answer", "choices")


def knob(name: str, widget: Callable, disabled: bool, **arguments):
    """One control of this page, bound to the URL."""
    entry = KNOBS[name]
    if isinstance(entry, ChoiceKnob):
        arguments["options"] = list(entry.choices)
    return widget(
        entry.label,
        key=name,
        bind="query-params",
        persist_state="session",
        disabled=disabled,
        **arguments,
    )


def pick(name: str, disabled: bool) -> str:
    """One of a few words, side by side."""
    picker = {"required": True, "wrap": True, "default": KNOBS[name].default}
    return knob(name, st.segmented_control, disabled, **picker)


def choose_plan(disabled: bool, device: torch.device) -> SweepPlan:
    """The controls, and the sweep that they ask for."""
    with st.container(horizontal=True):
        preset, step, over = (pick(name, disabled) for name in ("preset", "step", "sweep"))
    longest, window_size, repeats = PRESETS.get(preset) or choose_own(disabled, over)
    effort = (repeats, BUDGET_S[preset], race_for(step, device))
    if over == "window":
        return sweep_over_windows(longest, *effort)
    return sweep_over_tokens(longest, window_size, *effort)


def choose_own(disabled: bool, over: str) -> tuple[int, int, int]:
    """Longest text, window and repeats of the visitor's own choice."""
    columns = st.columns(3, gap="large")
    with columns[0]:
        longest = knob("tokens", st.select_slider, disabled, value=KNOBS["tokens"].default)
    with columns[1]:
        no_window = disabled or over == "window"
        window = knob("window", st.select_slider, no_window, value=KNOBS["window"].default)
    with columns[2]:
        entry = KNOBS["repeats"]
        limits = {"min_value": entry.at_least, "max_value": entry.at_most, "value": entry.default}
        repeats = knob("repeats", st.slider, disabled, **limits)
    return int(longest), int(window), repeats


def duration(seconds: float) -> str:
    """A rough time in words.

    >>> duration(0.4), duration(8.2), duration(100)
    ('2 seconds', '9 seconds', '2 minutes')
    """
    if seconds < 60:
        return f"{max(2, round(seconds + 0.5))} seconds"
    return f"{round(seconds / 60 + 0.5)} minutes"


def what_will_be_done(plan: SweepPlan, points: Points) -> str:
    """What a click on the button does, and how long it takes."""
    longest, widest = plan.sizes[-1]
    if plan.over_windows:
        what = f"{len(plan.sizes)} windows up to {widest:,} on {longest:,} tokens"
    else:
        what = f"{len(plan.sizes)} text lengths up to {longest:,} tokens, window {widest:,}"
    seconds = plan.expected_s(points=points)
    limit = f"at most {duration(plan.budget_s - 1)}"
    if seconds > plan.budget_s:
        limit = f"but after {duration(plan.budget_s - 1)} what is missing is left out"
    return (
        f"{what}; {len(plan.race.contenders)} ways to compute it, each {plan.repeats} times. "
        f"**About {duration(seconds)}**, {limit}."
    )


@dataclass(frozen=True)
class Panel:
    """What stands on the page: the sweep, whether it was started, and the places to write into."""

    plan: SweepPlan
    show: str
    running: bool
    status: DeltaGenerator
    picture: DeltaGenerator


def start() -> None:
    """Let the coming run of the page time the sweep."""
    st.session_state[RUN] = True


def show_start(plan: SweepPlan, points: Points, running: bool) -> DeltaGenerator:
    """The buttons, and what will be done; the place of that sentence, for what is being done."""
    buttons, said = st.columns([1, 3], vertical_alignment="center")
    with buttons.container(horizontal=True):
        again = "Time it again" if points else "Time it here"
        st.button(again, on_click=start, disabled=running, key="speed_start")
        st.button("Stop", disabled=not running)
    status = said.empty()
    status.markdown(what_will_be_done(plan, points))
    return status


def speed_panel(device: torch.device) -> Panel:
    """Controls, button, findings, picture and table, as far as they are known."""
    running = st.session_state.pop(RUN, False)
    results = st.session_state.setdefault(RESULTS, {})
    embedded = bool(st.context.is_embedded)
    order = PARTS_IN_A_FRAME if embedded else PARTS
    part = {name: st.container(key=name, gap="xsmall") for name in order}
    with part["choices"]:
        plan = choose_plan(running, device)
    if running:
        results[plan] = ()
    points = results.get(plan, ())
    with part["start"]:
        status = show_start(plan, points, running)
    stored = None if running or points else stored_run(plan)
    with part["answer"]:
        if stored:
            show_stored(plan, stored)
        else:
            show_answer(plan, points)
    shown = stored.points if stored else points
    left, right = part["result"].columns([4, 1.3])
    above = left.container()
    picture = left.container(key="picture")
    with left if embedded else above:
        show = pick("show", disabled=running)
    draw(show, plan, shown, picture, stored=stored is not None)
    with right:
        show_large_numbers(plan, shown)
    show_reasons(plan, points)
    show_machine(plan)
    show_table(plan, points, lambda: as_page(show, plan, points))
    return Panel(plan, show, running, status, picture)


def run_if_started(panel: Panel) -> None:
    """Wait for our turn, then step through the sweep and show every step.

    Call it last on the page, so that all else is there while the sweep runs.
    """
    if not panel.running:
        return
    with TIMINGS.ticket() as number_before_us:
        while place := number_before_us(wait_s=LOOK_AGAIN_S):
            panel.status.info(
                "Another visitor's timing is running; yours starts when it is done "
                f"(place {place})."
            )
        show_sweep(panel, st.session_state[RESULTS])
    st.rerun()


def show_sweep(panel: Panel, results: dict[SweepPlan, Points]) -> None:
    """Every step as a line of progress, every finished size as new points in the pictures."""
    plan, started = panel.plan, time.perf_counter()
    for progress in run_sweep(plan):
        elapsed_s, left_s = time.perf_counter() - started, progress.remaining_s(plan)
        size = plan.sizes[progress.place]
        panel.status.progress(
            elapsed_s / (elapsed_s + left_s) if elapsed_s + left_s else 1.0,
            f"Size {progress.place + 1} of {len(plan.sizes)}: {size.seq_len:,} tokens, window "
            f"{size.window_size:,}; {doing(progress, plan)}. {elapsed_s:.0f} s so far, about "
            f"{left_s:.0f} s to go.",
        )
        if len(progress.points) > len(results[plan]):
            results[plan] = progress.points
            draw(panel.show, plan, progress.points, panel.picture)
            time.sleep(SETTLE_S)  # a browser on this machine draws now, and would be timed, too


def show_panel(lesson: Lesson) -> Callable[[], None]:
    """The lesson's controls and results; the timing itself comes last on the page."""
    panel = speed_panel(chosen_device())
    return lambda: run_if_started(panel)
