"""What was timed, as plain data; everything that is concluded starts here."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from swa_viz.patterns import Pattern
from swa_viz.timing.contender import Shape
from swa_viz.timing.yardstick import Reading


class Size(NamedTuple):
    """One place of a sweep: so many tokens, so wide a window."""

    seq_len: int
    window_size: int


@dataclass(frozen=True)
class Timing:
    """What one contender did: the time of every round, or the reason (`note`) why it has none.

    It was `asked` for one pattern and computed another where it cannot do that one.  `readings` are
    those of the yardstick around its rounds, `error` the largest error of its checked numbers,
    relative to the truth.
    """

    contender: str
    shape: Shape
    asked: Pattern
    pattern: Pattern
    times_ms: tuple[float, ...] = ()
    note: str = ""
    readings: tuple[Reading, ...] = ()
    error: float | None = None

    @property
    def median_ms(self) -> float:
        """The middle one of the times."""
        return statistics.median(self.times_ms)

    @property
    def size(self) -> Size:
        """Its place in a sweep over tokens or windows."""
        return Size(self.shape.seq_len, self.asked.window_size)


Points = Sequence[Timing]
