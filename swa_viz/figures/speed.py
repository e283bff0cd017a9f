"""The picture of a timing: speed-up, time, score pairs or memory, over text length or window.

The one idea: on doubled axes a power law is a straight line, and its slope is the power.  Colours
are those of the picture language, each line with a marker and a dash of its own: orange belongs to
the window and its kernel, grey to full attention, light blue to a limit.  Backgrounds are
transparent and text has no colour, so that the page's theme decides both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from swa_viz.figures.colours import colours

Numbers = Sequence[int | float]


@dataclass(frozen=True)
class Line:
    """One line: its role decides the looks.  `low` and `high` bound the spread of every `y`.

    `hollow` marks, point by point, what is not to be trusted; `notes` are what a pointer is told.
    """

    role: str
    label: str
    x: Numbers
    y: Numbers
    low: Numbers = ()
    high: Numbers = ()
    hollow: Sequence[bool] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Look:
    """The name of a colour, and its second signs."""

    colour: str
    symbol: str
    dash: str
    width: float = 2.0


LOOKS = {
    "rival": Look("outside", "circle", "solid"),
    "own_full": Look("key", "square", "dash"),
    "mask": Look("outside", "x", "dot"),
    "window": Look("key", "diamond", "solid", 3.5),
    "counted": Look("reach", "line-ew", "longdash"),
    "kernel": Look("key", "triangle-up", "dashdot"),
}


@dataclass(frozen=True)
class Scale:
    """What the y axis shows: its title, the unit of one number, and how numbers are written."""

    title: str
    unit: str
    ending: str = ""
    tick_format: str = ""


SCALES = {
    "times faster": Scale("times faster", "times", ending="×"),
    "milliseconds": Scale("milliseconds of one call", "ms"),
    "score pairs": Scale("score pairs of one head", "pairs", tick_format="~s"),
    "memory": Scale("MiB of one layer", "MiB"),
}
MARGIN = 1.3
GRID = "rgba(128, 128, 128, 0.2)"


def spread(line: Line) -> dict | None:
    """Error bars from the fastest to the slowest time, None where there is no spread."""
    if not line.low:
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - y for high, y in zip(line.high, line.y, strict=True)],
        "arrayminus": [y - low for low, y in zip(line.low, line.y, strict=True)],
        "thickness": 1.2,
        "width": 4,
    }


def short(number: int | float, ending: str) -> str:
    """A number to stand beside a point.

    >>> short(8.26, "×"), short(0.537, "×"), short(1234.5, "")
    ('8.3×', '0.54×', '1,234')
    """
    digits = 0 if number >= 20 else 1 if number >= 1 else 2
    return f"{number:,.{digits}f}{ending}"


def only(line: Line, hollow: bool) -> Line:
    """The points of a line that are hollow, or those that are not."""
    keep = [bool(h) == hollow for h in line.hollow or [False] * len(line.y)]
    columns = {
        name: [entry for entry, kept in zip(getattr(line, name), keep, strict=True) if kept]
        for name in ("x", "y", "low", "high", "notes")
        if getattr(line, name)
    }
    return replace(line, hollow=(), **columns)


def trace(line: Line, scale: Scale, x_name: str, theme: str) -> go.Scatter:
    """One line with its markers, its last number, and what a pointer on it says."""
    look, counted = LOOKS[line.role], line.role == "counted"
    colour = colours(theme)[look.colour]
    modes = ["lines"] + ["markers"] * (not counted) + ["text"] * bool(scale.ending)
    return go.Scatter(
        x=line.x,
        y=line.y,
        name=line.label,
        mode="+".join(modes),
        text=[""] * (len(line.y) - 1) + [short(y, scale.ending) for y in line.y[-1:]],
        textposition="top left" if counted else "middle right",
        cliponaxis=False,
        line={"color": colour, "dash": look.dash, "width": look.width},
        marker={"color": colour, "symbol": look.symbol, "size": 9},
        error_y=spread(line),
        customdata=line.notes or [""] * len(line.y),
        hovertemplate=f"{line.label}<br>{x_name} %{{x:,}}: %{{y:,.3~g}} {scale.unit}"
        "%{customdata}<extra></extra>",
    )


def traces(line: Line, scale: Scale, x_name: str, theme: str) -> list[go.Scatter]:
    """A line through what can be trusted; what cannot is a hollow point beside it, no number."""
    sound, odd = only(line, hollow=False), only(line, hollow=True)
    drawn = [trace(sound, scale, x_name, theme)] if sound.x else []
    if odd.x:
        beside = trace(odd, scale, x_name, theme)
        marker = {"symbol": f"{LOOKS[line.role].symbol}-open"}
        drawn.append(beside.update(mode="markers", marker=marker, showlegend=not sound.x))
    return drawn


def doublings(values: Numbers) -> list[float]:
    """The powers of two that lie on an axis of these values, its margins included."""
    ticks, tick = [], 2.0**-12
    while tick <= max(values, default=1) * MARGIN:
        if tick >= min(values, default=1) / MARGIN:
            ticks.append(tick)
        tick *= 2
    return ticks


def doubled_axis(values: Numbers, title: str, ending: str = "") -> dict:
    """A logarithmic axis whose marks are powers of two, spaced out if there are many."""
    ticks = doublings(values)
    ticks = ticks[:: 1 + len(ticks) // 8]
    ends = (min(values, default=1) / MARGIN, max(values, default=1) * MARGIN)
    return {
        "type": "log",
        "range": [math.log10(end) for end in ends],
        "title": {"text": title, "standoff": 8},
        "tickvals": ticks,
        "ticktext": [f"{tick:,.3g}{ending}" if tick < 1000 else f"{tick:,.0f}" for tick in ticks],
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def key_to_hollow(theme: str) -> go.Scatter:
    """A line of the legend and nothing else: what a hollow point means."""
    marker = {"symbol": "circle-open", "size": 9, "color": colours(theme)["outside"]}
    name = "hollow: disturbed, not to be trusted"
    return go.Scatter(x=[None], y=[None], mode="markers", marker=marker, name=name)


def speed_figure(
    show: str, lines: Sequence[Line], places: Numbers, x_title: str, theme: str = "light"
) -> go.Figure:
    """Lines over two logarithmic axes, legend below, nothing that a finger could shift.

    `show` is a key of SCALES.  The x axis spans all `places` from the start, so that it stands
    still while lines grow.  `theme` is light or dark.
    """
    scale = SCALES[show]
    figure = go.Figure([part for line in lines for part in traces(line, scale, x_title, theme)])
    ys = [y for line in lines for values in (line.y, line.low, line.high) for y in values]
    if any(any(line.hollow) for line in lines):
        figure.add_trace(key_to_hollow(theme))
    figure.update_layout(
        height=420,
        margin={"l": 8, "r": 24, "t": 16, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        showlegend=True,
        xaxis=doubled_axis(places, x_title),
        yaxis=doubled_axis(ys, scale.title, scale.ending),
        legend={"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top", "title": {"text": ""}},
    )
    if scale.tick_format:
        figure.update_yaxes(tickvals=None, ticktext=None, dtick=1, tickformat=scale.tick_format)
    return figure
