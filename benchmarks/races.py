"""Races over many shapes and patterns, and the tables that tell how they ended.

One race per shape holds all its patterns and the full causal attention that they are measured
against, so nobody is compared with a time of another minute.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.contenders import FULL, OURS
from benchmarks.findings import Result, Standing, results, standings
from benchmarks.section import Curve, Section, Table
from swa_viz.cost import saving
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.timing.contender import Contender, Shape
from swa_viz.timing.forecast import Effort, Entry
from swa_viz.timing.race import race
from swa_viz.timing.report import rounded
from swa_viz.timing.timing import Timing

FULL_EFFORT = Effort(rounds=9, longest_call_s=20.0, longest_total_s=30.0)
QUICK_EFFORT = Effort(rounds=3, longest_call_s=1.0, longest_total_s=3.0)
QUICK_LENGTH = 4096
BUSY = 0.1  # of all times were disturbed
SUMMED_UP = ("times_faster", "efficiency", "like_for_like")

Cases = dict[Shape, tuple[Pattern, ...]]


@dataclass(frozen=True)
class Run:
    """What all suites of one run share; `past` is all that was timed so far."""

    contenders: Sequence[Contender]
    effort: Effort
    quick: bool
    say: Callable[[str], None]
    past: list[Timing] = field(default_factory=list)

    def race(self, shape: Shape, entries: Sequence[Entry]) -> tuple[Timing, ...]:
        """Tell every step, and remember the times: they say how long the next calls may take."""
        for step in race(shape, entries, self.effort, self.past):
            which = f", round {step.round}" if step.round else ""
            self.say(f"N = {shape.seq_len:,}: {step.doing} {step.contender}{which}")
        self.past.extend(step.timings)
        return step.timings


def entries(contenders: Sequence[Contender], patterns: Sequence[Pattern]) -> list[Entry]:
    """Full causal attention by torch and by ours, then everyone on every pattern."""
    windowed = [c for c in contenders if c is not FULL]
    full = [Entry(c, Causal()) for c in (FULL, OURS[0]) if c in contenders]
    return full + [Entry(c, pattern) for pattern in patterns for c in windowed]


def race_all(run: Run, cases: Cases) -> list[Result]:
    """Short texts first, so that it is known of a contender when it would take too long."""
    shapes = [shape for shape in sorted(cases) if not run.quick or shape.seq_len <= QUICK_LENGTH]
    raced = [run.race(shape, entries(run.contenders, cases[shape])) for shape in shapes]
    return results([timing for timings in raced for timing in timings])


def raw(result: Result) -> dict:
    """A result with the time of every round, ready for JSON."""
    timing = result.timing
    return {
        "contender": timing.contender,
        **timing.shape._asdict(),
        "asked": repr(timing.asked),
        "pattern": repr(timing.pattern),
        "median_ms": rounded(timing.median_ms, 4) if timing.times_ms else None,
        "times_ms": [round(ms, 4) for ms in timing.times_ms],
        "yardstick": [reading._asdict() for reading in timing.readings],
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
    rule = f"{pattern.label} ({names})" if names else pattern.label
    if type(pattern) is SlidingWindow:
        rule = f"W {pattern.window_size}"
    words = [f"{shape.seq_len:,}", rule]
    if shape.head_dim != Shape(1).head_dim:
        words.append(f"head_dim {shape.head_dim}")
    if shape.n_kv_heads < shape.n_heads:
        words.append(f"GQA {shape.n_heads}:{shape.n_kv_heads}")
    return ", ".join(words)


def summary(lines: Sequence[Standing]) -> Table:
    """Ours at every case: speed-up, E, like for like, and how far ahead of the next."""
    columns = ("N, pattern", "pairs ratio", "ours", "ms", "times faster than full", "E")
    columns += ("like for like", "fastest other", "ms", "ahead by")
    rows = []
    for line in lines:
        ours, other = line.ours, line.next_best
        row = [label(line.shape, line.asked)]
        row += [
            rounded(saving(line.asked, line.shape.seq_len)),
            ours and ours.timing.contender,
            milliseconds(ours),
        ]
        row += [rounded(ours and getattr(ours, name)) for name in SUMMED_UP]
        row += [other and other.timing.contender, milliseconds(other), rounded(line.ahead)]
        rows.append(tuple(row))
    return Table(columns, tuple(rows))


def milliseconds(result: Result | None) -> float | None:
    """The median."""
    return rounded(result.timing.median_ms, 3) if result and result.timing.times_ms else None


def everyone(lines: Sequence[Standing]) -> Table:
    """The median of every contender at every case, with E in brackets."""
    names = list(dict.fromkeys(r.timing.contender for line in lines for r in line.results))
    rows = []
    for line in lines:
        cells = {r.timing.contender: timed_cell(r) for r in line.results}
        rows.append((label(line.shape, line.asked), *(cells.get(name) for name in names)))
    return Table(("N, pattern (ms, E in brackets)", *names), tuple(rows))


def timed_cell(result: Result) -> str | None:
    """A median, and E where there is one, or that it was disturbed."""
    if not result.timing.times_ms:
        return None
    remark = "" if result.efficiency is None else f" ({result.efficiency:.2f})"
    return f"{milliseconds(result):,g}{' (disturbed)' if result.disturbed else remark}"


def left_out(found: Sequence[Result]) -> Table:
    """Who was not timed where, and why."""
    rows = (
        (r.timing.contender, label(r.timing.shape, r.timing.asked), reason(r.timing))
        for r in found
        if r.timing.note and not r.timing.note.startswith("absent")
    )
    return Table(("contender", "N, pattern", "why it has no time"), tuple(rows))


def reason(timing: Timing) -> str:
    """Why there is no time; how wrong it was, if it was."""
    error = "" if timing.error is None else f" (relative error {timing.error:.1e})"
    return f"{timing.note}{error}"


def quietness(found: Sequence[Result]) -> str:
    """One sentence on whether the figures can be trusted."""
    timed = [r for r in found if r.timing.times_ms]
    n_odd = sum(r.disturbed for r in timed)
    busy = n_odd > BUSY * len(timed)
    verdict = "The machine was BUSY, so don't quote these figures" if busy else "Quiet enough"
    return f"{verdict}: {n_odd} of {len(timed)} times were disturbed; they count for nothing."


def section(name: str, title: str, run: Run, cases: Cases) -> tuple[Section, list[Standing]]:
    """Race, and say it in tables."""
    found = race_all(run, cases)
    lines = standings(found)
    tables = (summary(lines), everyone(lines), left_out(found))
    sentences = (quietness(found),)
    made = Section(name, title, sentences, tables, curves(found), tuple(map(raw, found)))
    return made, lines


def name_of(timing: Timing) -> str:
    """One line of a plot: who, on which pattern, at which kind of shape."""
    return f"{timing.contender}, {label(timing.shape, timing.asked).split(', ', 1)[1]}"


def curves(found: Sequence[Result]) -> tuple[Curve, ...]:
    """Time over N for every contender and pattern that has two lengths or more."""
    points: dict[str, list[tuple[int, float]]] = {}
    for r in found:
        if r.counts:
            line = points.setdefault(name_of(r.timing), [])
            line.append((r.timing.shape.seq_len, r.timing.median_ms))
    return tuple(
        Curve(name, *map(tuple, zip(*line, strict=True)))
        for name, line in points.items()
        if len(line) > 1
    )
