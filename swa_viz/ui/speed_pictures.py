"""The picture of a timing, from its plan and points: its lines, and its place on the page.

The one idea: what was counted and what was measured stand in one picture.  Counting compares a
kernel with itself, so its line starts from the window's own kernel without a window.
"""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swa_viz.cost import kv_cache_bytes, score_bytes, score_pairs
from swa_viz.figures.chart import Line, chart
from swa_viz.figures.speed import speed_figure
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lab_data import lab_data
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.timing.contender import Shape
from swa_viz.timing.findings import (
    counted_limit,
    efficiency,
    growth,
    is_disturbed,
    predicted_ms,
    speed_ups,
    timed,
    trusted,
)
from swa_viz.timing.sweep import SweepPlan
from swa_viz.timing.timing import Points, Size
from swa_viz.ui.lab import COMPONENTS

COUNTED = "what counting pairs allows the same kernel"
MIB = 2**20
CAPTIONS = {
    "times faster": "How many times faster than torch's full attention. Light blue is what "
    "counting pairs allows the same kernel: its own full attention, divided by the pairs "
    "saved.",
    "milliseconds": "What one call takes. On these doubled axes N² climbs twice as steeply as N. "
    "Bars reach from the fastest to the slowest call.",
    "score pairs": "How many pairs of a query and a key are scored: counted, not timed. "
    "A mask alone scores all of them, future included, and throws most away.",
    "memory": "What one layer must hold: counted, not timed. Scores grow as N² only if they are "
    "written down; a fused kernel needs its output. The window saves in the cache.",
}


def axis_of(plan: SweepPlan) -> tuple[str, int]:
    """What the sweep changes: its name on the axis, and its place in a size."""
    return ("window W", 1) if plan.over_windows else ("tokens N", 0)


def along(plan: SweepPlan, role: str, label: str, values: dict[Size, float], **more) -> Line:
    """A line through values by size."""
    _, index = axis_of(plan)
    return Line(role, label, [size[index] for size in values], list(values.values()), **more)


def roles(plan: SweepPlan) -> dict[str, str]:
    """Who plays which part, from the slowest to the fastest as a rule."""
    race = plan.race
    parts = {
        "mask": race.mask,
        "rival": race.rival,
        "own_full": race.own_full,
        "window": race.window,
    }
    if race.own_full == race.rival:
        del parts["own_full"]
    return parts


def speed_up_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """How much faster than torch's full attention each contender was, and may be."""
    race = plan.race
    full, best = timed(trusted(points), race.rival), predicted_ms(trusted(points), race)
    allowed = {size: full[size].median_ms / ms for size, ms in best.items() if size in full}
    allowed = allowed or {size: counted_limit(size) for size in plan.sizes}
    lines = [along(plan, "counted", COUNTED, allowed)]
    for role, name in reversed(roles(plan).items()):
        ups = speed_ups(points, name, race.rival)
        if role == "rival":
            ups = dict.fromkeys(plan.sizes if points else (), 1.0)
        parts = efficiency(points, name, race.own_full) if role == "window" else {}
        notes = [f"E, like for like: {parts[size]:.2f}" if size in parts else "" for size in ups]
        hollow = [is_hollow(points, size, (name, race.rival)) for size in ups]
        lines.append(along(plan, role, race.label(name), ups, notes=notes, hollow=hollow))
    return lines


def is_hollow(points: Points, size: Size, names: tuple[str, ...]) -> bool:
    """Whether any of these contenders was disturbed at a size."""
    here = [point for point in points if point.size == size and point.contender in names]
    return any(is_disturbed(point, points) for point in here)


def time_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """The median times with their spread, and the power of N by which they grow."""
    lines = []
    for role, name in roles(plan).items():
        done, label = timed(points, name), plan.race.label(name)
        power = growth(trusted(points), name)
        lines.append(
            along(
                plan,
                role,
                label if power is None else f"{label}, grows as N^{power:.2f}",
                {size: point.median_ms for size, point in done.items()},
                low=[min(point.times_ms) for point in done.values()],
                high=[max(point.times_ms) for point in done.values()],
                hollow=[is_disturbed(point, points) for point in done.values()],
            )
        )
    return [*lines, along(plan, "counted", COUNTED, predicted_ms(trusted(points), plan.race))]


def pair_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """The score pairs that must be computed: counted, whatever was timed."""
    sizes = plan.sizes
    return [
        along(plan, "mask", "full + band mask", {s: s.seq_len**2 for s in sizes}),
        along(plan, "rival", "full", {s: score_pairs(Causal(), s.seq_len) for s in sizes}),
        along(
            plan,
            "window",
            "window",
            {s: score_pairs(SlidingWindow(s.window_size), s.seq_len) for s in sizes},
        ),
    ]


def memory_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """Scores if written down, what our contender needs, and the keys and values to be kept."""
    race, layer = plan.race, Shape(1)
    needs = race.contender(race.window).n_bytes
    of_window = {s: SlidingWindow(s.window_size) for s in plan.sizes}
    kept = {"n_kv_heads": layer.n_kv_heads, "head_dim": layer.head_dim, "bytes_per_element": 4}
    amounts = {
        ("mask", "scores written down, full"): {
            s: score_bytes(Causal(), s.seq_len, layer.n_heads) for s in plan.sizes
        },
        ("counted", "scores written down, window"): {
            s: score_bytes(pattern, s.seq_len, layer.n_heads) for s, pattern in of_window.items()
        },
        ("rival", "keys and values kept, full"): {
            s: kv_cache_bytes(Causal(), s.seq_len, **kept) for s in plan.sizes
        },
        ("window", "keys and values kept, window"): {
            s: kv_cache_bytes(pattern, s.seq_len, **kept) for s, pattern in of_window.items()
        },
        ("kernel", f"really needed by {race.label(race.window)}"): {
            s: needs(pattern, Shape(s.seq_len)) for s, pattern in of_window.items()
        },
    }
    return [
        along(plan, role, label, {size: n / MIB for size, n in sizes.items()})
        for (role, label), sizes in amounts.items()
    ]


LINES = {
    "times faster": speed_up_lines,
    "milliseconds": time_lines,
    "score pairs": pair_lines,
    "memory": memory_lines,
}


def drawn_lines(show: str, plan: SweepPlan, points: Points) -> tuple[list[Line], list[int], str]:
    """The lines that have points, all places on the x axis, and its title."""
    axis, index = axis_of(plan)
    lines = [line for line in LINES[show](plan, points) if line.x]
    return lines, [size[index] for size in plan.sizes], axis


def draw(
    show: str, plan: SweepPlan, points: Points, place: DeltaGenerator, stored: bool = False
) -> None:
    """What the visitor wants to see, with a sentence that says what it is.

    A run that was not timed here, but `stored`, is called so.  The picture is added to what stands
    at its place, and the frame's style sheet shows the last one that is drawn: the picture of fewer
    points stays until this one can be seen.
    """
    lines, places, axis = drawn_lines(show, plan, points)
    lesson = LESSONS["speed"]
    extra = {
        "title": f"{show.capitalize()} against {axis}{', a stored run' if stored else ''}",
        "caption": CAPTIONS[show] if lines else "No time yet: start the timing above.",
        "lines": chart(show, lines, places, axis),
    }
    data = lab_data(
        replace(lesson, extra=extra),
        {},
        {},
        {},
        answers=[],
        served=True,
        live=None,
        embedded=bool(st.context.is_embedded),
    )
    with place:
        COMPONENTS[lesson.name](key=f"speed_{show}_{len(points)}", data=data)


def as_page(show: str, plan: SweepPlan, points: Points) -> str:
    """The picture as a page of its own, in which one can zoom, for a course or a report."""
    lines, places, axis = drawn_lines(show, plan, points)
    return speed_figure(show, lines, places, axis).to_html(include_plotlyjs=True)
