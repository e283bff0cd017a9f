"""What a timing is made of, as data: at which sizes, how often, and how long it should take.

The one idea: work is counted before it is timed.  The score pairs that a contender computes say
how long it will take, so a visitor is told before the start, and what would take too long or need
too much memory is left out, with the reason.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from swa_viz.timing.race import HEAD_DIM, N_HEADS, RACES, Contender, Race, Size
from swa_viz.timing.yardstick import Reading

LONGEST_CALL_S = 30.0
MEMORY_LIMIT = 5 * 2**29  # 2.5 GiB
GUESSED_FLOPS = 100e9
GUESSED_CALL_S = 0.3e-3
WRONG = "wrong result"

# Threads of torch go on spinning for a while after their call and would disturb another library's,
# so every timing begins with a pause; and since a pause lets threads fall asleep, a short call is
# made so often that it takes more than a blink, and all that once before, untimed.
PAUSE_S = 0.03
SHORT_CALL_S = 0.05
BLINK_S = 0.01
MOST_AT_ONCE = 50
READING_S = 0.03


@dataclass(frozen=True)
class SweepPlan:
    """What is to be timed, in which order, how often, and in how many seconds at most."""

    sizes: tuple[Size, ...]
    repeats: int
    budget_s: float
    race_name: str = "forward pass"

    @property
    def race(self) -> Race:
        """Who runs."""
        return RACES[self.race_name]

    @property
    def over_windows(self) -> bool:
        """Whether the window changes, and not the text."""
        return len({size.seq_len for size in self.sizes}) == 1


def sweep_over_tokens(
    longest: int, window_size: int, repeats: int, budget_s: float, race_name: str = "forward pass"
) -> SweepPlan:
    """Double the text four times, up to `longest`, under the same window."""
    sizes = tuple(Size(longest // 2**k, window_size) for k in (4, 3, 2, 1, 0))
    return SweepPlan(sizes, repeats, budget_s, race_name)


def sweep_over_windows(
    seq_len: int, repeats: int, budget_s: float, race_name: str = "forward pass"
) -> SweepPlan:
    """Double the window four times, up to a quarter of the same text."""
    sizes = tuple(Size(seq_len, seq_len // 2**k) for k in (6, 5, 4, 3, 2))
    return SweepPlan(sizes, repeats, budget_s, race_name)


@dataclass(frozen=True)
class TimingPoint:
    """What one contender did at one size: its times, or the reason (`note`) why it has none.

    `readings` are those of the yardstick around its rounds.
    """

    contender: str
    size: Size
    times_ms: tuple[float, ...] = ()
    note: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def median_ms(self) -> float:
        """The middle one of the times."""
        return statistics.median(self.times_ms)


def calls_at_once(call_s: float) -> int:
    """How many calls are timed as one, for a call of about so many seconds.

    >>> calls_at_once(0.2), calls_at_once(0.001), calls_at_once(0.0)
    (1, 10, 50)
    """
    return max(1, math.ceil(BLINK_S / max(call_s, BLINK_S / MOST_AT_ONCE)))


def guessed_call_s(contender: Contender, size: Size) -> float:
    """How long one call may take on a machine that nothing is known of."""
    flops = 4 * N_HEADS * HEAD_DIM * contender.pairs(size) * contender.step.effort
    return GUESSED_CALL_S + flops / GUESSED_FLOPS


def expected_call_s(contender: Contender, size: Size, points: Sequence[TimingPoint] = ()) -> float:
    """How long one call should take: the guess, put right by the contender's latest time."""
    guess = guessed_call_s(contender, size)
    for point in reversed(points):
        if point.contender == contender.name and point.times_ms:
            return guess * point.median_ms / 1000 / guessed_call_s(contender, point.size)
    return guess


def leave_out(contender: Contender, size: Size, points: Sequence[TimingPoint] = ()) -> str:
    """The reason why a contender is not even started at a size; empty if it is."""
    refusal = contender.refuses(size)
    if refusal:
        return f"cannot do it: {refusal}"
    needed = contender.memory(size)
    if needed > MEMORY_LIMIT:
        return f"left out: one call would need {needed / 2**30:.1f} GiB of memory"
    seconds = expected_call_s(contender, size, points)
    if seconds > LONGEST_CALL_S:
        return f"left out: a single call would take about {seconds:.0f} s"
    return ""


def expected_s(
    sizes: Sequence[Size],
    repeats: int,
    contenders: Sequence[Contender],
    points: Sequence[TimingPoint] = (),
) -> float:
    """How long these sizes should take: a check, `repeats` timings with their pauses, readings."""
    seconds = 0.0
    for size in sizes:
        for contender in contenders:
            if leave_out(contender, size, points):
                continue
            call_s = expected_call_s(contender, size, points)
            n_calls = calls_at_once(call_s) * (1 + (call_s < SHORT_CALL_S))
            seconds += call_s + repeats * (PAUSE_S + n_calls * call_s)
        seconds += (repeats + 1) * READING_S
    return seconds
