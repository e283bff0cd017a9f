"""A timing as a table, for the page and for files: one row per contender and size.

The one idea: whoever takes the table along takes along what it was measured on.
"""

import csv
import io
from importlib.metadata import PackageNotFoundError, version

from swa_viz.kernels.threads import describe_processor
from swa_viz.timing.findings import (
    Points,
    counted_limit,
    efficiency,
    is_disturbed,
    speed_ups,
    trusted,
)
from swa_viz.timing.plan import SweepPlan, TimingPoint
from swa_viz.timing.race import HEAD_DIM, N_HEADS
from swa_viz.timing.words import STEPS

BUSY_NOTE = "disturbed, not to be trusted"
Row = dict[str, str | int | float | None]


def installed(package: str) -> str:
    """A package and its version."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"


def machine() -> str:
    """What a timing ran on, in one line: processor, threads, cores, libraries."""
    here = describe_processor()
    libraries = ", ".join(installed(package) for package in ("torch", "numba"))
    return f"{here.name}, {here.threads} threads on {here.cores} cores; {libraries}"


def conditions(plan: SweepPlan) -> str:
    """What was computed, in one line."""
    what = "Forward and backward" if STEPS[plan.race_name] else "Forward pass"
    return f"{what}, float32, {N_HEADS} heads of {HEAD_DIM}, one text at a time"


def rows(plan: SweepPlan, points: Points) -> list[Row]:
    """Times in milliseconds, empty where a note says why; E only for what has a window."""
    return [row(plan, points, point) for point in points]


def row(plan: SweepPlan, points: Points, point: TimingPoint) -> Row:
    """One line of the table.  What is concluded from disturbed times is left empty."""
    race, times, good = plan.race, point.times_ms, trusted(points)
    contender = next(c for c in race.contenders if c.name == point.contender)
    parts = {
        against: efficiency(good, point.contender, against).get(point.size)
        for against in (race.rival, race.twin)
        if contender.windowed
    }
    return {
        "tokens n": point.size.seq_len,
        "window W": point.size.window_size,
        "contender": contender.label,
        "median ms": rounded(point.median_ms, 3) if times else None,
        "times faster": rounded(speed_ups(good, point.contender, race.rival).get(point.size), 2),
        "counting allows": rounded(counted_limit(point.size), 2),
        "E": rounded(parts.get(race.rival), 2),
        "E, like for like": rounded(parts.get(race.twin), 2),
        "note": BUSY_NOTE if is_disturbed(point, points) else point.note,
        "fastest ms": rounded(min(times), 3) if times else None,
        "slowest ms": rounded(max(times), 3) if times else None,
        "repeats": len(times),
        "score pairs": contender.pairs(point.size),
        "memory MiB": rounded(contender.memory(point.size) / 2**20, 1),
    }


def rounded(number: float | None, digits: int) -> float | None:
    """A number to read; nothing stays nothing."""
    return None if number is None else round(number, digits)


def as_csv(plan: SweepPlan, points: Points) -> str:
    """The table as text with commas, for a spreadsheet."""
    table, text = rows(plan, points), io.StringIO()
    writer = csv.DictWriter(text, table[0].keys() if table else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def cell(entry: str | int | float | None) -> str:
    """One entry between two bars; a bar in it would end it."""
    if entry is None:
        return ""
    return f"{entry:,}" if isinstance(entry, int) else str(entry).replace("|", r"\|")


def as_markdown(plan: SweepPlan, points: Points, findings: list[str]) -> str:
    """The findings, the table and what it was measured on, for a report or an issue."""
    table = rows(plan, points)
    if not table:
        return ""
    heads = list(table[0])
    words = {"contender", "note"}
    lines = [heads, [":--" if head in words else "--:" for head in heads]]
    lines += [[cell(entry) for entry in line.values()] for line in table]
    drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join([*findings, drawn, f"{conditions(plan)}. {machine()}."]) + "\n"
