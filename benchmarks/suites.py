"""The suites by name: each answers one question with tables, sentences and curves."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from benchmarks.decode import decode
from benchmarks.findings import Result, Standing, window_of_equal_work
from benchmarks.growth import linear, training
from benchmarks.races import Cases, Run, label, section
from benchmarks.section import Section, Table
from swa_viz.patterns import (
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    Pattern,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.timing.contender import Shape
from swa_viz.timing.report import rounded


class Target(NamedTuple):
    """The efficiency E that is to be reached with a window."""

    seq_len: int
    window_size: int
    efficiency: float


TARGETS = (
    Target(512, 32, 0.7),
    Target(1024, 128, 0.7),
    Target(4096, 64, 0.75),
    Target(4096, 256, 0.9),
    Target(16384, 64, 0.75),
    Target(16384, 256, 0.9),
    Target(16384, 1024, 1.0),
    Target(16384, 4096, 1.0),
)
GRID_LENGTHS = (512, 1024, 4096, 16384, 65536)
GRID_WINDOWS = (32, 64, 256, 1024, 4096)
SHAPES_WINDOWS = (SlidingWindow(64), SlidingWindow(256))
SHAPES = (
    Shape(4096, head_dim=32),
    Shape(4096, head_dim=64),
    Shape(4096, head_dim=128),
    Shape(4096, n_kv_heads=2),
)
PATTERNS = (
    CentredWindow(128),
    SinkWindow(252, n_sink_tokens=4),
    GlobalWindow(256, global_positions=(0, 1000)),
    DilatedWindow(256, dilation=2),
    Chunked(512),
)
PATTERNS_LENGTH = 4096
PATTERN_RATIO = 0.7


def windows_by_length(sizes: list[tuple[int, int]]) -> Cases:
    """(N, W) pairs, put together by N."""
    cases: Cases = {}
    for n, window_size in sizes:
        cases[Shape(n)] = (*cases.get(Shape(n), ()), SlidingWindow(window_size))
    return cases


def targets(run: Run) -> Section:
    """The efficiencies that were set as targets."""
    cases = windows_by_length([target[:2] for target in TARGETS])
    made, lines = section("targets", "Targets for E", run, cases)
    aims = {(t.seq_len, t.window_size): t.efficiency for t in TARGETS}
    rows = []
    for line in lines:
        aim = aims[line.shape.seq_len, line.asked.window_size]
        reached = line.ours and line.ours.efficiency
        verdict = "-" if reached is None else "yes" if reached >= aim else "NO"
        rows.append((label(line.shape, line.asked), aim, rounded(reached), verdict))
    table = Table(("N, W", "E to reach", "E", "reached"), tuple(rows))
    return replace(made, tables=(table, *made.tables))


def grid(run: Run) -> Section:
    """Everyone at every length and window."""
    sizes = [(n, w) for n in GRID_LENGTHS for w in GRID_WINDOWS if w < n]
    return ahead("grid", "The grid: everyone everywhere", run, windows_by_length(sizes))


def shapes(run: Run) -> Section:
    """Other head sizes, and grouped-query attention."""
    cases = dict.fromkeys(SHAPES, SHAPES_WINDOWS)
    return ahead("shapes", "Other head sizes, and grouped-query attention", run, cases)


def ahead(name: str, title: str, run: Run, cases: Cases) -> Section:
    """A race, and in how many of its cases ours is the fastest."""
    made, lines = section(name, title, run, cases)
    judged = [line for line in lines if line.ahead is not None]
    behind = [label(line.shape, line.asked) for line in judged if line.ahead < 1]
    said = f"Ours is the fastest in {len(judged) - len(behind)} of the {len(judged)} cases that "
    said += f"can be judged; NOT at {'; '.join(behind)}." if behind else "can be judged."
    return replace(made, sentences=(said, *made.sentences))


def patterns(run: Run) -> Section:
    """Every other pattern beside the plain window with (nearly) the same number of pairs."""
    windows = {pattern: window_of_equal_work(pattern, PATTERNS_LENGTH) for pattern in PATTERNS}
    asked: tuple[Pattern, ...] = (*windows, *dict.fromkeys(windows.values()))
    title = "Other patterns, beside the plain window with the same pairs"
    made, lines = section("patterns", title, run, {Shape(PATTERNS_LENGTH): asked})
    best = {line.asked: line.ours for line in lines if line.ours}
    rows = tuple(
        pattern_row(line, best.get(windows[line.asked])) for line in lines if line.asked in windows
    )
    columns = ("N, pattern", "E", "plain window", "its E", "ratio", f"at least {PATTERN_RATIO}")
    return replace(made, tables=(Table(columns, rows), *made.tables))


def pattern_row(line: Standing, plain: Result | None) -> tuple:
    """One pattern's E over that of the plain window."""
    ours = line.ours
    if not (ours and plain and ours.efficiency and plain.efficiency):
        return (label(line.shape, line.asked), None, None, None, None, "-")
    ratio = ours.efficiency / plain.efficiency
    return (
        label(line.shape, line.asked),
        rounded(ours.efficiency),
        f"W {plain.timing.pattern.window_size}",
        rounded(plain.efficiency),
        rounded(ratio),
        "yes" if ratio >= PATTERN_RATIO else "NO",
    )


SUITES: dict[str, Callable[[Run], Section]] = {
    suite.__name__: suite for suite in (targets, grid, shapes, patterns, linear, training, decode)
}
