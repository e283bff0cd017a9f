"""Races over many shapes and patterns, and the tables that tell how they ended.

One race per shape holds all its patterns and the full causal attention that they are measured
against, so nobody is compared with a time of another minute.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.contender import Contender, Shape
from benchmarks.contenders import FULL, OURS
from benchmarks.findings import BUSY, Result, Standing, drift, results, standings
from benchmarks.race import Effort, Entry, Outcome, Pace, race
from benchmarks.section import Curve, Section, Table, number
from swa_viz.patterns import Causal, Pattern, SlidingWindow

QUICK_LENGTH = 4096
SUMMED_UP = ("times_faster", "efficiency", "like_for_like")

Cases = dict[Shape, tuple[Pattern, ...]]


@dataclass(frozen=True)
class Run:
    """What all suites of one run share."""

    contenders: Sequence[Contender]
    effort: Effort
    quick: bool
    pace: Pace
    say: Callable[[str], None]


def entries(contenders: Sequence[Contender], patterns: Sequence[Pattern]) -> list[Entry]:
    """Full causal attention by torch and by ours, then everyone on every pattern."""
    windowed = [c for c in contenders if c is not FULL]
    full = [Entry(c, Causal()) for c in (FULL, OURS[0]) if c in contenders]
    return full + [Entry(c, pattern) for pattern in patterns for c in windowed]


def race_all(run: Run, cases: Cases) -> tuple[list[Result], list[Outcome]]:
    """Short texts first, so that the pace of a contender is known before it could take too long."""
    found, outcomes = [], []
    for shape in sorted(cases):
        if run.quick and shape.seq_len > QUICK_LENGTH:
            continue
        on = entries(run.contenders, cases[shape])
        outcomes.append(race(shape, on, run.effort, run.pace, say=run.say))
        found += results(outcomes[-1].timings)
    return found, outcomes


def raw(result: Result) -> dict:
    """A result with every single time, ready for JSON."""
    timing = result.timing
    return {
        "contender": timing.contender,
        **timing.shape._asdict(),
        "asked": repr(timing.asked),
        "pattern": repr(timing.pattern),
        "median_ms": number(1000 * timing.median_s, 4) if timing.times_s else None,
        "times_ms": [round(1000 * seconds, 4) for seconds in timing.times_s],
        **{name: value for name, value in asdict(result).items() if name != "timing"},
        "error": timing.error,
        "note": timing.note,
    }


def label(shape: Shape, pattern: Pattern) -> str:
    """One case in a few words; what is usual goes without saying.

    >>> label(Shape(4096, n_kv_heads=2), SlidingWindow(256))
    '4,096, W 256, GQA 8:2'
    """
    names = ", ".join(f"{name} {value}" for name, value in asdict(pattern).items())
    rule = f"W {pattern.window_size}" if type(pattern) is SlidingWindow else pattern.label
    rule += f" ({names})" if type(pattern) is not SlidingWindow else ""
    words = [f"{shape.seq_len:,}", rule]
    if shape.head_dim != Shape(1).head_dim:
        words.append(f"head_dim {shape.head_dim}")
    if shape.n_kv_heads < shape.n_heads:
        words.append(f"GQA {shape.n_heads}:{shape.n_kv_heads}")
    return ", ".join(words)


def summary(lines: Sequence[Standing]) -> Table:
    """Ours at every case: speed-up, E, like for like, and how far ahead of the next."""
    columns = ("n, pattern", "pairs ratio", "ours", "ms", "times faster than full", "E")
    columns += ("like for like", "fastest other", "ms", "ahead by")
    rows = []
    for line in lines:
        ours, other = line.ours, line.next_best
        row = [label(line.shape, line.asked)]
        row += [
            number(ours and ours.pairs_ratio),
            ours and ours.timing.contender,
            milliseconds(ours),
        ]
        row += [number(ours and getattr(ours, name)) for name in SUMMED_UP]
        row += [other and other.timing.contender, milliseconds(other), number(line.ahead)]
        rows.append(tuple(row))
    return Table(columns, tuple(rows))


def milliseconds(result: Result | None) -> float | None:
    """The median."""
    return number(1000 * result.timing.median_s, 3) if result and result.timing.times_s else None


def everyone(lines: Sequence[Standing]) -> Table:
    """The median of every contender at every case, with E in brackets."""
    names = list(dict.fromkeys(r.timing.contender for line in lines for r in line.results))
    rows = []
    for line in lines:
        cells = {r.timing.contender: timed_cell(r) for r in line.results}
        rows.append((label(line.shape, line.asked), *(cells.get(name) for name in names)))
    return Table(("n, pattern (ms, E in brackets)", *names), tuple(rows))


def timed_cell(result: Result) -> str | None:
    """A median, and E where there is one."""
    if not result.timing.times_s:
        return None
    efficiency = "" if result.efficiency is None else f" ({result.efficiency:.2f})"
    return f"{milliseconds(result):,g}{efficiency}"


def left_out(found: Sequence[Result]) -> Table:
    """Who was not timed where, and why."""
    rows = (
        (r.timing.contender, label(r.timing.shape, r.timing.asked), r.timing.note)
        for r in found
        if r.timing.note and not r.timing.note.startswith("absent")
    )
    return Table(("contender", "n, pattern", "why it has no time"), tuple(rows))


def quietness(outcomes: Sequence[Outcome]) -> str:
    """One sentence on whether the figures can be trusted."""
    factor = drift(outcomes)
    busy = "The machine was BUSY, so don't quote these figures" if factor > BUSY else "Quiet enough"
    return f"{busy}: the yardstick's slowest tenth took {factor:.2f} times its median."


def section(name: str, title: str, run: Run, cases: Cases) -> tuple[Section, list[Standing]]:
    """Race, and say it in tables."""
    found, outcomes = race_all(run, cases)
    lines = standings(found)
    tables = (summary(lines), everyone(lines), left_out(found))
    sentences = (quietness(outcomes),)
    made = Section(name, title, sentences, tables, curves(found), tuple(map(raw, found)))
    return made, lines


def curves(found: Sequence[Result]) -> tuple[Curve, ...]:
    """Time over n for every contender and pattern that has two lengths or more."""
    points: dict[str, list[tuple[int, float]]] = {}
    for r in found:
        if r.timing.times_s:
            name = (
                f"{r.timing.contender}, {label(r.timing.shape, r.timing.asked).split(', ', 1)[1]}"
            )
            points.setdefault(name, []).append((r.timing.shape.seq_len, 1000 * r.timing.median_s))
    return tuple(
        Curve(name, *map(tuple, zip(*line, strict=True)))
        for name, line in points.items()
        if len(line) > 1
    )
