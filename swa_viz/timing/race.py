"""The race: everyone at one shape, checked, then timed in turn.

The one idea: a time counts only after its result did.  Each contender first computes once, and a
sample of its rows is compared with the float64 reference.  Only those that agree are timed, round
by round, so that a disturbance hits all of them alike.  After every round a yardstick says whether
there was one; if so, the round is done again.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from swa_viz.timing.check import get_ready
from swa_viz.timing.contender import Inputs, Shape, unit_normal_inputs
from swa_viz.timing.forecast import Effort, Entry, expected_s, leave_out
from swa_viz.timing.timing import Timing
from swa_viz.timing.turns import look, turn
from swa_viz.timing.yardstick import Instruments, Reading, best_ms, is_busy

WRONG = "wrong result"
LEAST_ROUNDS = 3  # for a contender that takes long
MOST_ROUNDS = 2  # times as many as planned, if the server is busy

Readings = tuple[Reading, Reading]


class Step(NamedTuple):
    """What comes next: someone is checked, or timed in a round; or all is done.

    `share` is the part of this race's calls that lies behind.  The last step, and no other, holds
    the timings.
    """

    doing: str
    contender: str = ""
    round: int = 0
    share: float = 0.0
    timings: tuple[Timing, ...] = ()


class Round(NamedTuple):
    """One contender's time in one round, and the yardstick before and after the round."""

    ms: float
    readings: Readings


def is_quiet(readings: Readings, best: float) -> bool:
    """Whether the server was quiet both before and after a round."""
    return not any(is_busy([reading], best) for reading in readings)


@dataclass
class Runner:
    """One entry in its race.  Without a `call` it does not run, and `note` says why."""

    entry: Entry
    call: Callable[[], object] | None = None
    note: str = ""
    error: float | None = None
    usual_s: float = math.inf
    rounds: list[Round] = field(default_factory=list)

    def runs_on(self, effort: Effort) -> bool:
        """Whether it takes part in the next round."""
        total_s = sum(one.ms for one in self.rounds) / 1000
        has_time = len(self.rounds) < LEAST_ROUNDS or total_s < effort.longest_total_s
        return bool(self.call) and has_time

    def turn(self, instruments: Instruments) -> float:
        """Milliseconds of one call."""
        seconds = turn(self.call, self.usual_s, instruments)
        self.usual_s = min(self.usual_s, seconds)
        return 1000 * seconds

    def timing(self, shape: Shape, n_rounds: int, best: float) -> Timing:
        """The times of so many rounds, the quiet ones first.

        The yardstick decides, never the times themselves: to choose by them would flatter.
        """
        kept = sorted(self.rounds, key=lambda one: not is_quiet(one.readings, best))[:n_rounds]
        return Timing(
            self.entry.contender.name,
            shape,
            self.entry.asked,
            self.entry.pattern,
            tuple(one.ms for one in kept),
            self.note,
            tuple(reading for one in kept for reading in one.readings),
            self.error,
        )


def start(
    entry: Entry,
    inputs: Inputs,
    effort: Effort,
    past: Sequence[Timing],
    instruments: Instruments,
    left_s: float,
) -> Runner:
    """Check one entry; the call after that, which compiles no more, says how long one takes."""
    if reason := leave_out(entry, inputs.shape, effort, past):
        return Runner(entry, note=reason)
    if expected_s([entry], inputs.shape, effort, past) > left_s:
        return Runner(entry, note="left out: beyond the time limit")
    try:
        ready = get_ready(entry.contender, inputs, entry.pattern)
        check = ready.check()
        if not check.right:
            return Runner(entry, note=WRONG, error=check.error)
        usual_s = instruments.seconds_of(ready.call)
    except Exception as problem:  # whatever a contender may raise is its result here
        return Runner(entry, note=f"failed: {type(problem).__name__}: {str(problem)[:200]}")
    return Runner(entry, ready.call, "", check.error, usual_s)


def race(
    shape: Shape,
    entries: Sequence[Entry],
    effort: Effort,
    past: Sequence[Timing] = (),
    instruments: Instruments | None = None,
    deadline: float = math.inf,
) -> Iterator[Step]:
    """Check everyone, then time everyone in turn; yield before every check and every turn.

    `past` is what was timed before on this machine: it says how long calls take and how fast the
    yardstick can be.  No round begins after the `deadline`, and nobody starts who would pass it.
    """
    instruments = instruments or Instruments(effort.device)
    inputs = unit_normal_inputs(shape, effort.device)
    runners: list[Runner] = []
    for entry in entries:
        share = len(runners) / len(entries) / (effort.rounds + 1)
        yield Step("checking", entry.contender.name, 0, share)
        left_s = deadline - instruments.clock()
        runners.append(start(entry, inputs, effort, past, instruments, left_s))

    readings = [look(instruments)]
    earlier = [reading for timing in past for reading in timing.readings]
    n_rounds = n_quiet = 0
    while n_quiet < effort.rounds and n_rounds < MOST_ROUNDS * effort.rounds:
        running = [runner for runner in runners if runner.runs_on(effort)]
        if not running or (n_rounds and instruments.clock() > deadline):
            break
        n_rounds += 1
        times_ms = []
        for runner in running:
            share = min(n_rounds, effort.rounds) / (effort.rounds + 1)
            yield Step("timing", runner.entry.contender.name, n_rounds, share)
            times_ms.append(runner.turn(instruments))
        readings.append(look(instruments))
        for runner, ms in zip(running, times_ms, strict=True):
            runner.rounds.append(Round(ms, (readings[-2], readings[-1])))
        best = best_ms(earlier + readings)
        n_quiet = sum(is_quiet(pair, best) for pair in pairwise(readings))
    best = best_ms(earlier + readings)
    timings = tuple(runner.timing(shape, effort.rounds, best) for runner in runners)
    yield Step("finished", share=1.0, timings=timings)
