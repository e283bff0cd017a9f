"""A timing as a table, for the page and for files: one row per contender and size.

The one idea: whoever takes the table along takes along what it was measured on.
"""

import csv
import io

from swa_viz.patterns import Causal
from swa_viz.timing.contender import Shape
from swa_viz.timing.findings import (
    counted_limit,
    efficiency,
    is_disturbed,
    speed_ups,
    trusted,
)
from swa_viz.timing.report import Cell, machine, markdown_table, rounded
from swa_viz.timing.sweep import SweepPlan
from swa_viz.timing.timing import Points, Timing

BUSY_NOTE = "disturbed, not to be trusted"
WORDS = ("contender", "note")
Row = dict[str, Cell]


def conditions(plan: SweepPlan) -> str:
    """What was computed, in one line."""
    what, layer = "Forward and backward" if plan.race.trains else "Forward pass", Shape(1)
    return f"{what}, float32, {layer.n_heads} heads of {layer.head_dim}, one text at a time"


def rows(plan: SweepPlan, points: Points) -> list[Row]:
    """Times in milliseconds, empty where a note says why; E only for what has a window."""
    return [row(plan, points, point) for point in points]


def row(plan: SweepPlan, points: Points, point: Timing) -> Row:
    """One line of the table.  What is concluded from disturbed times is left empty."""
    race, times, good = plan.race, point.times_ms, trusted(points)
    contender, size = race.contender(point.contender), point.size
    parts = {
        against: efficiency(good, point.contender, against).get(size)
        for against in (race.rival, race.own_full)
        if not isinstance(point.pattern, Causal)
    }
    return {
        "tokens N": size.seq_len,
        "window W": size.window_size,
        "contender": race.label(contender.name),
        "median ms": rounded(point.median_ms, 3) if times else None,
        "times faster": rounded(speed_ups(good, point.contender, race.rival).get(size), 2),
        "counting allows": rounded(counted_limit(size), 2),
        "E": rounded(parts.get(race.rival), 2),
        "E, like for like": rounded(parts.get(race.own_full), 2),
        "note": BUSY_NOTE if is_disturbed(point, points) else point.note,
        "fastest ms": rounded(min(times), 3) if times else None,
        "slowest ms": rounded(max(times), 3) if times else None,
        "repeats": len(times),
        "score pairs": contender.work(point.pattern, point.shape),
        "memory MiB": rounded(contender.n_bytes(point.pattern, point.shape) / 2**20, 1),
    }


def as_csv(plan: SweepPlan, points: Points) -> str:
    """The table as text with commas, for a spreadsheet."""
    table, text = rows(plan, points), io.StringIO()
    writer = csv.DictWriter(text, table[0].keys() if table else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def as_markdown(plan: SweepPlan, points: Points, findings: list[str]) -> str:
    """The findings, the table and what it was measured on, for a report or an issue."""
    table = rows(plan, points)
    if not table:
        return ""
    drawn = markdown_table(list(table[0]), [list(line.values()) for line in table], WORDS)
    about = f"{conditions(plan)}. {machine(plan.race.device)}."
    return "\n\n".join([*findings, drawn.rstrip(), about]) + "\n"
