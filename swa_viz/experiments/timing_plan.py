"""What a timing is made of, as data: who runs, at which sizes, and how long it should take.

The one idea: work is counted before it is timed.  The score pairs that a contender computes say
how long it will take, so a visitor is told before the start, and what would take too long or need
too much memory is left out, with the reason.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from swa_viz.cost import score_pairs
from swa_viz.kernels import KERNELS
from swa_viz.kernels.kernel import Kernel
from swa_viz.patterns import Causal, Pattern, SlidingWindow

N_HEADS, HEAD_DIM = 8, 64
LONGEST_CALL_S = 20.0
MEMORY_LIMIT = 2 * 2**30
MASK_BYTES_PER_PAIR = 14
GUESSED_FLOPS = 60e9
GUESSED_CALL_S = 1e-3


class Size(NamedTuple):
    """One place of a sweep: so many tokens, so wide a window."""

    seq_len: int
    window_size: int


@dataclass(frozen=True)
class Contender:
    """A kernel in the race and what it is asked for.

    A contender that is not `windowed` computes full causal attention.  One that scores the
    `whole_square` pays for every pair of tokens, whatever its pattern hides.
    """

    label: str
    kernel: Kernel
    windowed: bool = True
    whole_square: bool = False

    @property
    def name(self) -> str:
        """The name of the kernel."""
        return self.kernel.name

    def pattern(self, size: Size) -> Pattern:
        """Which keys its queries read."""
        return SlidingWindow(size.window_size) if self.windowed else Causal()

    def work(self, size: Size) -> int:
        """Score pairs that it computes, those that it throws away included."""
        if self.whole_square:
            return size.seq_len**2
        return score_pairs(self.pattern(size), size.seq_len)


WRONG = "wrong result"
FULL, MASK, BANDS = "sdpa_full", "sdpa_mask", ("band_numba", "band_torch")
CONTENDERS = (
    Contender("full attention", KERNELS[FULL], windowed=False),
    Contender("full attention + band mask", KERNELS[MASK], whole_square=True),
    *(Contender(f"window, {name}", KERNELS[name]) for name in BANDS),
)


@dataclass(frozen=True)
class SweepPlan:
    """What is to be timed, in which order, how often, and in how many seconds at most."""

    sizes: tuple[Size, ...]
    repeats: int
    budget_s: float


def sweep_over_tokens(longest: int, window_size: int, repeats: int, budget_s: float) -> SweepPlan:
    """Double the text four times, up to `longest`, under the same window."""
    sizes = tuple(Size(longest // 2**k, window_size) for k in (4, 3, 2, 1, 0))
    return SweepPlan(sizes, repeats, budget_s)


def sweep_over_windows(seq_len: int, repeats: int, budget_s: float) -> SweepPlan:
    """Double the window four times, up to a quarter of the same text."""
    sizes = tuple(Size(seq_len, seq_len // 2**k) for k in (6, 5, 4, 3, 2))
    return SweepPlan(sizes, repeats, budget_s)


@dataclass(frozen=True)
class TimingPoint:
    """What one contender did at one size: its times, or the reason (`note`) why it has none."""

    contender: str
    size: Size
    times_ms: tuple[float, ...] = ()
    note: str = ""

    @property
    def median_ms(self) -> float:
        """The middle one of the times."""
        return statistics.median(self.times_ms)


def guessed_call_s(contender: Contender, size: Size) -> float:
    """How long one call may take on a machine that nothing is known of."""
    return GUESSED_CALL_S + 4 * N_HEADS * HEAD_DIM * contender.work(size) / GUESSED_FLOPS


def expected_call_s(contender: Contender, size: Size, points: Sequence[TimingPoint] = ()) -> float:
    """How long one call should take: the guess, put right by the contender's latest time."""
    guess = guessed_call_s(contender, size)
    for point in reversed(points):
        if point.contender == contender.name and point.times_ms:
            return guess * point.median_ms / 1000 / guessed_call_s(contender, point.size)
    return guess


def leave_out(contender: Contender, size: Size, points: Sequence[TimingPoint] = ()) -> str:
    """The reason why a contender is not even started at a size; empty if it is."""
    refusal = contender.kernel.supports(contender.pattern(size))
    if refusal:
        return f"cannot do it: {refusal}"
    mask_bytes = MASK_BYTES_PER_PAIR * size.seq_len**2
    if contender.whole_square and mask_bytes > MEMORY_LIMIT:
        return f"left out: drawing its mask would need {mask_bytes / 2**30:.1f} GiB of memory"
    seconds = expected_call_s(contender, size, points)
    if seconds > LONGEST_CALL_S:
        return f"left out: a single call would take about {seconds:.0f} s"
    return ""


def expected_s(
    sizes: Sequence[Size],
    repeats: int,
    contenders: Sequence[Contender] = CONTENDERS,
    points: Sequence[TimingPoint] = (),
) -> float:
    """How long these sizes should take: one check and `repeats` timed calls of every contender."""
    calls = (
        expected_call_s(contender, size, points)
        for size in sizes
        for contender in contenders
        if not leave_out(contender, size, points)
    )
    return (repeats + 1) * sum(calls, start=0.0)
