"""The race: everyone at one shape, checked, then timed in turn.

The one idea: a time counts only after its result did.  Each contender first computes once, and a
sample of its rows is compared with the float64 reference.  Those that agree are then timed round by
round, so that a disturbance hits all of them alike, and the median of all rounds is what counts.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from benchmarks.check import TOLERANCE, relative_error
from benchmarks.contender import Contender, Inputs, Prepared, Shape, free_bytes, unit_normal_inputs
from benchmarks.turns import PAUSE_S, turn, yardstick_s
from swa_viz.patterns import Causal, Pattern

LEAST_ROUNDS = 3
GUESSED_FLOPS = 20e9
MEMORY_SHARE = 0.25  # of what is free


@dataclass(frozen=True)
class Effort:
    """How often everyone is timed, and how long one call and one contender may take.

    Full causal attention is what all are measured against, so it is not left out for its length,
    and nobody is timed less than LEAST_ROUNDS times.
    """

    rounds: int
    longest_call_s: float
    longest_total_s: float


FULL_EFFORT = Effort(rounds=9, longest_call_s=20, longest_total_s=30)
QUICK_EFFORT = Effort(rounds=3, longest_call_s=1, longest_total_s=3)


class Entry(NamedTuple):
    """Who is asked for which pattern.  It computes `contender.pattern(asked)`."""

    contender: Contender
    asked: Pattern

    @property
    def pattern(self) -> Pattern:
        """What is computed."""
        return self.contender.pattern(self.asked)


@dataclass(frozen=True)
class Timing:
    """What came out for one entry at one shape: every single time, or a `note` why there is none.

    `error` is the largest error of the checked rows, relative to the largest number in its row.
    """

    contender: str
    shape: Shape
    asked: Pattern
    pattern: Pattern
    times_s: tuple[float, ...] = ()
    error: float | None = None
    note: str = ""

    @property
    def median_s(self) -> float:
        """The middle one of the times."""
        return statistics.median(self.times_s)


class Pace:
    """Expects how long a call will take: from a guess, then from the contender's best pace."""

    def __init__(self):
        self.flops: dict[str, float] = {}

    @staticmethod
    def work(entry: Entry, shape: Shape) -> float:
        """Multiplications and additions that the contender is thought to do."""
        pairs = entry.contender.work(entry.pattern, shape)
        return 4.0 * shape.n_heads * shape.head_dim * pairs

    def expected_s(self, entry: Entry, shape: Shape) -> float:
        """Seconds of one call."""
        return self.work(entry, shape) / self.flops.get(entry.contender.name, GUESSED_FLOPS)

    def learn(self, entry: Entry, shape: Shape, seconds: float) -> None:
        """Remember how fast it was, where it was fastest: a small window has much overhead."""
        before = self.flops.get(entry.contender.name, 0.0)
        self.flops[entry.contender.name] = max(before, self.work(entry, shape) / seconds)


def leave_out(entry: Entry, shape: Shape, effort: Effort, pace: Pace) -> str:
    """The reason why an entry is not even started; empty if it is."""
    contender = entry.contender
    reason = contender.absent()
    if reason:
        return f"absent: {reason}"
    reason = contender.refuse(entry.asked, shape)
    if reason:
        return f"cannot do it: {reason}"
    need, free = contender.n_bytes(entry.pattern, shape), free_bytes()
    if need > MEMORY_SHARE * free:
        return f"left out: it would need {need / 2**30:.1f} of {free / 2**30:.0f} GiB of memory"
    seconds = pace.expected_s(entry, shape)
    if seconds > effort.longest_call_s and not isinstance(entry.asked, Causal):
        return f"left out: one call would take about {seconds:.0f} s"
    return ""


def first_call(
    entry: Entry, inputs: Inputs, pace: Pace, clock: Callable[[], float]
) -> tuple[Prepared | None, float, float | None, str]:
    """Prepare and compute once; returns what to time, its usual seconds, its error and a note.

    It is called twice, because a first call may compile.
    """
    try:
        prepared = entry.contender.prepare(inputs, entry.pattern)
        error = relative_error(prepared.read(prepared.call()), inputs, entry.pattern)
    except Exception as problem:  # whatever a peer may raise is its result here
        return None, 0.0, None, f"failed: {type(problem).__name__}: {str(problem)[:200]}"
    if error > TOLERANCE:
        return None, 0.0, error, f"wrong result: relative error {error:.1e}"
    started = clock()
    prepared.call()
    usual_s = max(clock() - started, 1e-9)
    pace.learn(entry, inputs.shape, usual_s)
    return prepared, usual_s, error, ""


@dataclass(frozen=True)
class Outcome:
    """The timings of one race, and how long the yardstick took in every round."""

    timings: tuple[Timing, ...]
    yardstick_s: tuple[float, ...]


@torch.no_grad()
def race(
    shape: Shape,
    entries: Sequence[Entry],
    effort: Effort,
    pace: Pace,
    clock: Callable[[], float] = time.perf_counter,
    say: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Check everyone, then time everyone in turn."""
    inputs = unit_normal_inputs(shape)
    ready, notes, errors = {}, {}, {}
    for entry in entries:
        notes[entry] = leave_out(entry, shape, effort, pace)
        if not notes[entry]:
            say(f"n = {shape.seq_len:,}: checking {entry.contender.name} on {entry.pattern}")
            prepared, usual_s, errors[entry], notes[entry] = first_call(entry, inputs, pace, clock)
            if prepared:
                ready[entry] = prepared, usual_s
    times: dict[Entry, list[float]] = {entry: [] for entry in entries}
    drift = []
    for number in range(effort.rounds):
        say(f"n = {shape.seq_len:,}: round {number + 1} of {effort.rounds}")
        time.sleep(PAUSE_S)
        yardstick_s()
        drift.append(yardstick_s())
        for entry, (prepared, usual_s) in ready.items():
            if number < LEAST_ROUNDS or sum(times[entry]) < effort.longest_total_s:
                times[entry] += turn(prepared, min([usual_s, *times[entry]]), clock)
    timings = (
        Timing(
            e.contender.name, shape, e.asked, e.pattern, tuple(times[e]), errors.get(e), notes[e]
        )
        for e in entries
    )
    return Outcome(tuple(timings), tuple(drift))
