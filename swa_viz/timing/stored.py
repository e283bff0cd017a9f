"""Runs that were timed before, for a page that has timed nothing yet.

The one idea: what is shown before the first timing is a timing too, made by the same engine, with
its yardstick, and labelled with the machine on which it ran.  `python -m swa_viz.timing.stored`
times them anew, on a machine that is left alone; of two runs the one stays that was less disturbed.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from swa_viz.patterns import SlidingWindow, read_pattern
from swa_viz.timing.contender import Shape
from swa_viz.timing.findings import disturbed, most_telling, trusted
from swa_viz.timing.report import machine
from swa_viz.timing.rivals import STEPS, race_for
from swa_viz.timing.sweep import (
    PRESETS,
    SweepPlan,
    run_sweep,
    sweep_over_tokens,
    sweep_over_windows,
)
from swa_viz.timing.timing import Timing
from swa_viz.timing.yardstick import Reading

FILE = Path(__file__).with_name("stored.json")
BUDGET_S = 900.0
DIGITS = 4


@dataclass(frozen=True)
class StoredRun:
    """The points of a sweep, and the machine on which they were timed."""

    machine: str
    points: tuple[Timing, ...]


def point_payload(point: Timing) -> dict:
    """A point as plain data."""
    return {
        "contender": point.contender,
        "seq_len": point.size.seq_len,
        "window_size": point.size.window_size,
        "pattern": point.pattern.to_plain(),
        "times_ms": [round(ms, DIGITS) for ms in point.times_ms],
        "note": point.note,
        "readings": [[round(number, DIGITS) for number in reading] for reading in point.readings],
    }


def read_point(plain: dict) -> Timing:
    """The point that plain data name."""
    return Timing(
        plain["contender"],
        Shape(plain["seq_len"]),
        SlidingWindow(plain["window_size"]),
        read_pattern(plain["pattern"]),
        tuple(plain["times_ms"]),
        plain["note"],
        tuple(Reading(*reading) for reading in plain["readings"]),
    )


def name_of(plan: SweepPlan) -> str:
    """What is timed, in one line: the name of its run in the file."""
    return f"{STEPS[plan.race.trains]}: {', '.join(f'{n}/{w}' for n, w in plan.sizes)}"


def stored_runs() -> dict[str, StoredRun]:
    """All runs of the file, by the names of their plans."""
    runs = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return {
        name: StoredRun(run["machine"], tuple(map(read_point, run["points"])))
        for name, run in runs.items()
    }


def stored_run(plan: SweepPlan) -> StoredRun | None:
    """The stored run of a plan.

    None if there is none of the same sizes and contenders, or if it was so disturbed that nothing
    can be concluded from it.
    """
    run, race = stored_runs().get(name_of(plan)), plan.race
    if run is None or {p.contender for p in run.points} - {c.name for c in race.contenders}:
        return None
    return run if most_telling(trusted(run.points), race.window, race.rival) else None


def write_runs(runs: Mapping[str, StoredRun]) -> None:
    """Write the file, a point per line."""
    plain = {
        name: {"machine": run.machine, "points": list(map(point_payload, run.points))}
        for name, run in runs.items()
    }
    text = json.dumps(plain, separators=(",", ":"), sort_keys=True)
    FILE.write_text(text.replace('{"contender"', '\n{"contender"') + "\n", encoding="utf-8")


def plans(names: Sequence[str]) -> Iterator[SweepPlan]:
    """The sweeps that the page offers ready-made, for some of the presets."""
    for name in names:
        longest, window_size, repeats = PRESETS[name]
        for step in STEPS:
            effort = (repeats, BUDGET_S, race_for(step))
            yield sweep_over_tokens(longest, window_size, *effort)
            yield sweep_over_windows(longest, *effort)


def record(names: Sequence[str]) -> Iterator[str]:
    """Time the sweeps of some presets and store them, each as soon as it is done.

    Yields a sentence on each.  A run takes the place of another one unless it was more disturbed.
    """
    for plan in plans(names):
        *_, last = run_sweep(plan)
        runs, name = stored_runs(), name_of(plan)
        odd = len(disturbed(last.points))
        if name not in runs or odd <= len(disturbed(runs[name].points)):
            write_runs(runs | {name: StoredRun(machine(), last.points)})
        yield f"{name}: {odd} of {len(last.points)} points were disturbed"


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", nargs="?", choices=PRESETS, help="all, if left out")
    name = parser.parse_args().name
    for sentence in record([name] if name else list(PRESETS)):
        print(sentence, flush=True)
