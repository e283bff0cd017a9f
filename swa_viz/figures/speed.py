"""A chart as a plotly figure, for those who take it along as a page of its own.

The one idea: colours are those of the picture language, each line with a marker and a dash of its
own: orange belongs to the window and its kernel, grey to full attention, light blue to a limit.
Backgrounds are transparent and text has no colour, so that the page's theme decides both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from swa_viz.figures.chart import SCALES, Axis, Line, Numbers, Scale, axes, short
from swa_viz.figures.colours import colours


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
        customdata=[f"<br>{note}" if note else "" for note in line.notes] or [""] * len(line.y),
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


def log_axis(axis: Axis) -> dict:
    """A logarithmic axis of plotly's, which no finger can shift."""
    return {
        "type": "log",
        "range": [math.log10(end) for end in axis.ends],
        "title": {"text": axis.title, "standoff": 8},
        "tickvals": [mark for mark, _ in axis.marks],
        "ticktext": [words for _, words in axis.marks],
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

    The chart is the one of `chart.chart`; `theme` is light or dark.
    """
    across, up = axes(show, lines, places, x_title)
    scale = SCALES[show]
    figure = go.Figure([part for line in lines for part in traces(line, scale, x_title, theme)])
    if any(any(line.hollow) for line in lines):
        figure.add_trace(key_to_hollow(theme))
    figure.update_layout(
        height=420,
        margin={"l": 8, "r": 24, "t": 16, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        showlegend=True,
        xaxis=log_axis(across),
        yaxis=log_axis(up),
        legend={"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top", "title": {"text": ""}},
    )
    return figure
