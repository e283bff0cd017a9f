"""What a suite hands back: plain data, from which the Markdown, the JSON and the plots are made."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from swa_viz.timing.findings import exponent

Cell = str | int | float | None


class Table(NamedTuple):
    """Column names, and rows of as many cells; None is a dash."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Curve(NamedTuple):
    """One line of a plot on two logarithmic axes."""

    name: str
    lengths: tuple[int, ...]
    times_ms: tuple[float, ...]


@dataclass(frozen=True)
class Section:
    """One suite's findings: sentences, tables, lines to plot, and every single time in `raw`."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    curves: tuple[Curve, ...] = ()
    raw: tuple[dict, ...] = field(default=(), repr=False)


def number(value: float | None, digits: int = 2) -> float | None:
    """A number that is short enough for a table."""
    return None if value is None else round(value, digits)


def curve_section(
    name: str, title: str, sentences: Sequence[str], curves: Sequence[Curve], raw: Sequence[dict]
) -> Section:
    """Times over n: a row per length, a column per curve, the exponents below."""
    lengths = sorted({n for curve in curves for n in curve.lengths})
    times = [dict(zip(c.lengths, c.times_ms, strict=True)) for c in curves]
    rows = [(f"{n:,}", *(number(t.get(n), 3) for t in times)) for n in lengths]
    rows.append(("exponent", *(exponent(c.lengths, c.times_ms) for c in curves)))
    table = Table(("n (ms)", *(curve.name for curve in curves)), tuple(rows))
    return Section(name, title, tuple(sentences), (table,), tuple(curves), tuple(raw))


def median_ms(times_s: Sequence[float]) -> float:
    """The middle one, in milliseconds."""
    return 1000 * statistics.median(times_s)
