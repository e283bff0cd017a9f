"""A chart as data: its lines, and both of its axes with their marks.  It names no way to draw.

The one idea: on doubled axes a power law is a straight line, and its slope is the power.  The page
draws a chart in the browser (`web/views/chart.js`), and `speed.py` as a plotly figure for a file.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

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
class Scale:
    """What the y axis shows: its title, the unit of one number, and how numbers are written.

    Every mark of the axis is `step` times the one before.
    """

    title: str
    unit: str
    ending: str = ""
    step: int = 2


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis: its title, its ends, and its marks with their words."""

    title: str
    ends: tuple[float, float]
    marks: Sequence[tuple[float, str]]


SCALES = {
    "times faster": Scale("times faster", "times", ending="×"),
    "milliseconds": Scale("milliseconds of one call", "ms"),
    "score pairs": Scale("score pairs of one head", "pairs", step=10),
    "memory": Scale("MiB of one layer", "MiB"),
}
MARGIN = 1.3
MOST_MARKS = 8
ORDERS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def marks(ends: tuple[float, float], step: int) -> list[float]:
    """The powers of `step` between both ends, spaced out if there are many.

    >>> marks((100.0, 1000.0), 2)
    [128.0, 256.0, 512.0]
    """
    first, last = (math.log(end, step) for end in ends)
    powers = range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)
    return [float(step) ** power for power in powers[:: 1 + len(powers) // MOST_MARKS]]


def mark_words(mark: int | float, scale: Scale) -> str:
    """A mark in words.

    >>> mark_words(0.5, SCALES["times faster"]), mark_words(4096, SCALES["milliseconds"])
    ('0.5×', '4,096')
    >>> mark_words(1e7, SCALES["score pairs"])
    '10M'
    """
    if scale.step == 10:
        size, letter = next(((s, letter) for s, letter in ORDERS if mark >= s), (1, ""))
        return f"{mark / size:,.3g}{letter}"
    return f"{mark:,.3g}{scale.ending}" if mark < 1000 else f"{mark:,.0f}"


def axis(values: Numbers, title: str, scale: Scale) -> Axis:
    """The axis on which all these values have room."""
    ends = (min(values, default=1) / MARGIN, max(values, default=1) * MARGIN)
    return Axis(title, ends, [(mark, mark_words(mark, scale)) for mark in marks(ends, scale.step)])


def axes(show: str, lines: Sequence[Line], places: Numbers, x_title: str) -> tuple[Axis, Axis]:
    """Both axes of a chart of `show`, a key of SCALES.

    The x axis spans all `places` from the start, so that it stands still while lines grow.
    """
    ys = [y for line in lines for values in (line.y, line.low, line.high) for y in values]
    counting = Scale(x_title, "")
    return axis(places, x_title, counting), axis(ys, SCALES[show].title, SCALES[show])


def short(number: int | float, ending: str) -> str:
    """A number to stand beside a point.

    >>> short(8.26, "×"), short(0.537, "×"), short(1234.5, "")
    ('8.3×', '0.54×', '1,234')
    """
    digits = 0 if number >= 20 else 1 if number >= 1 else 2
    return f"{number:,.{digits}f}{ending}"


def chart(show: str, lines: Sequence[Line], places: Numbers, x_title: str) -> dict:
    """A chart as plain data, as `ChartData` in `web/views/chart.js` says."""
    across, up = axes(show, lines, places, x_title)
    scale = SCALES[show]
    return {
        "x": asdict(across),
        "y": asdict(up),
        "unit": scale.unit,
        "lines": [
            {
                **asdict(line),
                "last": short(line.y[-1], scale.ending) if scale.ending and line.y else "",
            }
            for line in lines
        ],
    }
