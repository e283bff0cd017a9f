"""The two pictures of a timing: how the time grows, and how much of the counted saving arrives.

The one idea: on doubled axes a power law is a straight line, and its slope is the power.  Colours
are of the Okabe-Ito set, each with a marker and a dash of its own; backgrounds are transparent
and text has no colour, so that the page's theme decides both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

Numbers = Sequence[int | float]


@dataclass(frozen=True)
class Line:
    """One line: its role decides the looks.  `low` and `high` bound the spread of every `y`."""

    role: str
    label: str
    x: Numbers
    y: Numbers
    low: Numbers = ()
    high: Numbers = ()


@dataclass(frozen=True)
class Look:
    """A colour and its second signs."""

    colour: str
    symbol: str
    dash: str


LOOKS = {
    "sdpa_full": Look("#0072B2", "circle", "solid"),
    "sdpa_mask": Look("#888888", "x", "dot"),
    "band_numba": Look("#D55E00", "diamond", "solid"),
    "band_torch": Look("#CC79A7", "square", "dash"),
    "limit": Look("#009E73", "line-ew", "longdash"),
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


def trace(line: Line, unit: str, x_name: str) -> go.Scatter:
    """One line with its markers, its spread and what a pointer on it says."""
    look = LOOKS[line.role]
    counted = line.role == "limit"
    return go.Scatter(
        x=line.x,
        y=line.y,
        name=line.label,
        mode="lines" if counted else "lines+markers",
        line={"color": look.colour, "dash": look.dash, "width": 2},
        marker={"color": look.colour, "symbol": look.symbol, "size": 9},
        error_y=spread(line),
        hovertemplate=f"{line.label}<br>{x_name} %{{x:,}}: %{{y:,.3~g}} {unit}<extra></extra>",
    )


def doublings(values: Numbers) -> list[float]:
    """The powers of two that lie on an axis of these values, its margins included."""
    ticks, tick = [], 2.0**-6
    while tick <= max(values, default=1) * MARGIN:
        if tick >= min(values, default=1) / MARGIN:
            ticks.append(tick)
        tick *= 2
    return ticks


def doubled_axis(values: Numbers, title: str, ending: str = "") -> dict:
    """A logarithmic axis whose marks are powers of two, every second one if there are many."""
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


def doubled_figure(
    lines: Sequence[Line], places: Numbers, x_title: str, y_title: str, unit: str
) -> go.Figure:
    """Lines over two logarithmic axes, legend below, nothing that a finger could shift.

    The x axis spans all `places` from the start, so that it stands still while lines grow.
    """
    figure = go.Figure([trace(line, unit, x_title) for line in lines])
    ys = [y for line in lines for values in (line.y, line.low, line.high) for y in values]
    figure.update_layout(
        height=390,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        showlegend=True,
        xaxis=doubled_axis(places, x_title),
        yaxis=doubled_axis(ys, y_title, "×" if unit == "times" else ""),
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top", "title": {"text": ""}},
    )
    return figure


def time_figure(lines: Sequence[Line], places: Numbers, x_title: str) -> go.Figure:
    """Milliseconds of one call over text length or window."""
    return doubled_figure(lines, places, x_title, "milliseconds", "ms")


def pairs_figure(lines: Sequence[Line], places: Numbers, x_title: str) -> go.Figure:
    """Score pairs over text length or window: what is known before anything is timed."""
    figure = doubled_figure(lines, places, x_title, "score pairs", "pairs")
    return figure.update_yaxes(tickvals=None, ticktext=None, dtick=1, tickformat="~s")


def speed_up_figure(lines: Sequence[Line], places: Numbers, x_title: str) -> go.Figure:
    """Times faster than full attention, over text length or window."""
    return doubled_figure(lines, places, x_title, "times faster than full attention", "times")
