"""What a suite hands back: plain data, from which the Markdown, the JSON and the plots are made."""

from dataclasses import dataclass, field
from typing import NamedTuple

from swa_viz.timing.report import Cell


class Table(NamedTuple):
    """Column names, and rows of as many cells; None is an empty one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Curve(NamedTuple):
    """One line of a plot on two logarithmic axes."""

    name: str
    lengths: tuple[int, ...]
    times_ms: tuple[float, ...]


@dataclass(frozen=True)
class Section:
    """One suite's findings: sentences, tables, lines to plot; `raw` has the time of every round."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    curves: tuple[Curve, ...] = ()
    raw: tuple[dict, ...] = field(default=(), repr=False)
