"""The pictures of a timing, from its plan and points: lines to draw, and their place on the page.

The one idea: before anything is timed the same two places show what counting says, so that the
measured lines arrive beside what they are to be judged by.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from swa_viz.cost import score_pairs
from swa_viz.experiments.timing_findings import LABELS, counted_limit, growth, speed_ups, timed
from swa_viz.experiments.timing_plan import BANDS, FULL, MASK, SweepPlan, TimingPoint
from swa_viz.figures.speed import Line, pairs_figure, speed_up_figure, time_figure
from swa_viz.patterns import Causal, SlidingWindow

Points = tuple[TimingPoint, ...]


def axis_of(plan: SweepPlan) -> tuple[str, int]:
    """What the sweep changes: its name on the axis, and its place in a size."""
    over_windows = len({size.seq_len for size in plan.sizes}) == 1
    return ("window W", 1) if over_windows else ("tokens n", 0)


def places(plan: SweepPlan) -> list[int]:
    """The values on the x axis."""
    _, index = axis_of(plan)
    return [size[index] for size in plan.sizes]


def speed_up_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """What counting allows, full attention as the measure, and what each contender reached."""
    _, index = axis_of(plan)
    limits = [counted_limit(size) for size in plan.sizes]
    lines = [
        Line("limit", "what counting pairs allows", places(plan), limits),
        Line(FULL, LABELS[FULL], places(plan), [1.0] * len(plan.sizes)),
    ]
    for name in (MASK, *BANDS):
        reached = speed_ups(points, name)
        xs = [size[index] for size in reached]
        lines.append(Line(name, LABELS[name], xs, list(reached.values())))
    return [line for line in lines if line.x]


def time_lines(plan: SweepPlan, points: Points) -> list[Line]:
    """The median times with their spread, and the power of n by which they grow."""
    _, index = axis_of(plan)
    lines = []
    for name, label in LABELS.items():
        done = timed(points, name)
        power = growth(points, name)
        lines.append(
            Line(
                name,
                label if power is None else f"{label}, grows as n<sup>{power:.2f}</sup>",
                x=[size[index] for size in done],
                y=[point.median_ms for point in done.values()],
                low=[min(point.times_ms) for point in done.values()],
                high=[max(point.times_ms) for point in done.values()],
            )
        )
    return [line for line in lines if line.x]


def pair_lines(plan: SweepPlan) -> list[Line]:
    """The score pairs of full attention and of the window: computed, not timed."""
    full = [score_pairs(Causal(), n) for n, _ in plan.sizes]
    window = [score_pairs(SlidingWindow(w), n) for n, w in plan.sizes]
    return [
        Line(FULL, "full attention", places(plan), full),
        Line("limit", "window", places(plan), window),
    ]


def draw(plan: SweepPlan, points: Points, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Both pictures; before anything is timed they show what counting says."""
    axis, _ = axis_of(plan)
    xs, lines = places(plan), time_lines(plan, points)
    timed_too = ", counted and measured" if lines else " that counting allows"
    pictures = {
        f"Speed-up over full attention{timed_too}": (
            left,
            speed_up_figure(speed_up_lines(plan, points), xs, axis),
        ),
        "Time of one call" if lines else "Work: score pairs, counted": (
            right,
            time_figure(lines, xs, axis) if lines else pairs_figure(pair_lines(plan), xs, axis),
        ),
    }
    for title, (side, figure) in pictures.items():
        with side.container():
            st.markdown(f"**{title}**")
            st.plotly_chart(
                figure,
                key=f"speed_{title}_{len(points)}",
                config={"displayModeBar": False},
                alt=f"{title}, against {axis}. The table below holds the same numbers.",
            )
