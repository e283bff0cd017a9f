"""From times to what they mean: E, like for like, and who is ahead.

**E = (time of torch's full causal attention / time) / (score pairs of full causal / of the
pattern)**: 1 means that every pair saved is turned into time saved.  It is above 1 where the kernel
itself is faster than torch's.  *Like for like* is the same with the contender's own full causal
time, so that only the pattern differs.  Nothing is concluded from times that were disturbed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.contenders import FULL, OURS
from swa_viz.cost import saving, score_pairs
from swa_viz.patterns import Causal, Pattern, SlidingWindow
from swa_viz.timing.contender import Shape
from swa_viz.timing.findings import disturbed, part_of_saving, times_faster
from swa_viz.timing.timing import Points, Timing


@dataclass(frozen=True)
class Result:
    """One contender on one pattern, with all that follows from its times; None where untimed."""

    timing: Timing
    pairs_ratio: float
    disturbed: bool = False
    times_faster: float | None = None
    efficiency: float | None = None
    like_for_like: float | None = None

    @property
    def counts(self) -> bool:
        """Whether something may be concluded from its times."""
        return bool(self.timing.times_ms) and not self.disturbed


def results(timings: Points) -> list[Result]:
    """All timings of a suite; those of full causal attention are what the others face."""
    odd = set(disturbed(timings))
    full = {
        (timing.contender, timing.shape): timing
        for timing in timings
        if timing.times_ms and timing not in odd and isinstance(timing.pattern, Causal)
    }
    return [result(timing, timing in odd, full) for timing in timings]


def result(timing: Timing, odd: bool, full: dict[tuple[str, Shape], Timing]) -> Result:
    """One timing beside the full causal attentions of the same shape."""
    ratio = saving(timing.pattern, timing.shape.seq_len)
    if odd or not timing.times_ms:
        return Result(timing, ratio, odd)
    torchs, own = (full.get((name, timing.shape)) for name in (FULL.name, timing.contender))
    return Result(
        timing,
        ratio,
        times_faster=torchs and times_faster(timing, torchs),
        efficiency=torchs and part_of_saving(timing, torchs),
        like_for_like=own and part_of_saving(timing, own),
    )


@dataclass(frozen=True)
class Standing:
    """Ours against the others at one shape, for one pattern that was asked for."""

    shape: Shape
    asked: Pattern
    results: tuple[Result, ...]
    ours: Result | None
    next_best: Result | None

    @property
    def ahead(self) -> float | None:
        """How many times faster ours is than the fastest of the others."""
        if not (self.ours and self.next_best):
            return None
        return times_faster(self.ours.timing, self.next_best.timing)


def standings(found: Sequence[Result]) -> list[Standing]:
    """One line of a table per shape and pattern.

    Full attention is among the others of every line: a window that loses to it is no use.
    """
    asked = dict.fromkeys((r.timing.shape, r.timing.asked) for r in found)
    lines = []
    for shape, pattern in asked:
        if isinstance(pattern, Causal):
            continue
        here = tuple(
            r
            for r in found
            if r.timing.shape == shape
            and (r.timing.asked == pattern or r.timing.contender == FULL.name)
        )
        names = {contender.name for contender in OURS}
        ours = fastest([r for r in here if r.timing.contender in names])
        others = fastest([r for r in here if r.timing.contender not in names])
        lines.append(Standing(shape, pattern, here, ours, others))
    return lines


def fastest(found: Sequence[Result]) -> Result | None:
    """The one with the smallest median."""
    return min((r for r in found if r.counts), key=lambda r: r.timing.median_ms, default=None)


def window_of_equal_work(pattern: Pattern, seq_len: int) -> SlidingWindow:
    """The plain sliding window whose number of score pairs comes nearest.

    >>> from swa_viz.patterns import DilatedWindow
    >>> window_of_equal_work(DilatedWindow(8, dilation=2), 64)
    SlidingWindow(window_size=8)
    """
    pairs = score_pairs(pattern, seq_len)
    sizes = np.arange(1, seq_len + 1)
    counts = seq_len * sizes - sizes * (sizes - 1) // 2
    return SlidingWindow(int(sizes[np.abs(counts - pairs).argmin()]))
