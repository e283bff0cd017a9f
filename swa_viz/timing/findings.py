"""What a timing found, in numbers: speed-ups, E, growth, where the lines cross, what to believe.

The one idea: a measured speed-up stands beside the one that counting predicts, and their ratio is
E.  Counting says how many score pairs the window saves; a kernel turns that into time saved, or it
does not.  Counting compares like with like, so it limits a kernel against itself, not another.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from swa_viz.cost import saving, score_pairs
from swa_viz.patterns import Pattern, SlidingWindow
from swa_viz.timing.rivals import Race
from swa_viz.timing.timing import Points, Size, Timing
from swa_viz.timing.yardstick import Reading, best_ms, is_busy

MOST_SCATTER = 1.3  # of the middle half of a contender's own times; beyond, none is believed
Numbers = Sequence[int | float]


def counted_limit(size: Size) -> float:
    """Score pairs of full causal attention per pair of the window: 2.29 for Mistral's 16K / 4,096.

    >>> round(counted_limit(Size(16_384, 4_096)), 2)
    2.29
    """
    return saving(SlidingWindow(size.window_size), size.seq_len)


def scatter(times_ms: Numbers) -> float:
    """How far the middle half of the times reaches: its slow end over its fast end.

    One odd call among several does not count, for it does not move the median either.

    >>> scatter([3.0, 3.0, 3.0, 3.0, 9.0]), scatter([3.0, 3.0, 6.0, 6.0, 6.0])
    (1.0, 2.0)
    """
    if len(times_ms) < 2:
        return 1.0
    fast, _, slow = statistics.quantiles(times_ms, n=4, method="inclusive")
    return slow / fast if fast > 0 else 1.0


def readings(points: Points) -> list[Reading]:
    """All looks at the yardstick around some points."""
    return [reading for point in points for reading in point.readings]


def is_disturbed(point: Timing, points: Points) -> bool:
    """Whether other work got in the way of this point's times."""
    if not point.times_ms:
        return False
    best = best_ms(readings(points))
    return is_busy(point.readings, best) or scatter(point.times_ms) > MOST_SCATTER


def disturbed(points: Points) -> list[Timing]:
    """The points whose times are not to be believed."""
    return [point for point in points if is_disturbed(point, points)]


def trusted(points: Points) -> list[Timing]:
    """All other points: only from these is anything concluded."""
    return [point for point in points if not is_disturbed(point, points)]


def timed(points: Points, name: str) -> dict[Size, Timing]:
    """The points of one contender that have times."""
    return {point.size: point for point in points if point.contender == name and point.times_ms}


def times_faster(point: Timing, other: Timing) -> float:
    """How many times faster than another point."""
    return other.median_ms / point.median_ms


def part_of_saving(point: Timing, full: Timing) -> float:
    """E: the speed-up over full attention, as a part of the pairs saved; 1 if all arrives."""
    return times_faster(point, full) / saving(point.pattern, point.shape.seq_len)


def over_sizes(points: Points, name: str, against: str, compare: Callable) -> dict[Size, float]:
    """One contender compared with another, wherever both were timed."""
    other = timed(points, against)
    mine = timed(points, name)
    return {size: compare(point, other[size]) for size, point in mine.items() if size in other}


def speed_ups(points: Points, name: str, against: str) -> dict[Size, float]:
    """How many times faster than another a contender was."""
    return over_sizes(points, name, against, times_faster)


def efficiency(points: Points, name: str, against: str) -> dict[Size, float]:
    """E of a contender against full attention."""
    return over_sizes(points, name, against, part_of_saving)


def predicted_ms(points: Points, race: Race) -> dict[Size, float]:
    """What the window's own kernel would take if every pair saved were time saved."""
    return {
        size: point.median_ms / counted_limit(size)
        for size, point in timed(points, race.own_full).items()
    }


class Crossover(NamedTuple):
    """From which text length on a contender is faster; whether it was so wherever we looked."""

    seq_len: float
    always: bool


def crossover(points: Points, name: str, against: str) -> Crossover | None:
    """The text length from which a contender stays faster, between points on the straight line.

    The line is straight on doubled axes.  Texts that the window covers are left out: there it hides
    nothing, so which kernel is faster says nothing of windows.  None if it is not faster at last.
    """
    ups = sorted(
        (size.seq_len, up)
        for size, up in speed_ups(points, name, against).items()
        if size.seq_len > size.window_size
    )
    if not ups or ups[-1][1] <= 1:
        return None
    slower = [place for place, (_, up) in enumerate(ups) if up <= 1]
    if not slower:
        return Crossover(ups[0][0], always=True)
    (n, up), (next_n, next_up) = ups[slower[-1] : slower[-1] + 2]
    way = -math.log(up) / (math.log(next_up) - math.log(up))
    return Crossover(n * (next_n / n) ** way, always=False)


def exponent(lengths: Numbers, amounts: Numbers) -> float | None:
    """The power p that fits amount ~ length^p best, or None for fewer than three points.

    >>> exponent([1, 2, 4], [5, 20, 80])
    2.0
    """
    if len(set(lengths)) < 3:
        return None
    slope, _ = np.polyfit(np.log(lengths), np.log(amounts), 1)
    return round(float(slope), 2)


def growth(points: Points, name: str) -> float | None:
    """The exponent of a contender's time over the text's length, where the text fills the window.

    Below W tokens a window hides nothing, and its time grows like that of full attention.
    """
    filled = [p for p in timed(points, name).values() if p.size.seq_len >= 2 * p.size.window_size]
    return exponent([p.size.seq_len for p in filled], [p.median_ms for p in filled])


def projected_s(point: Timing, pattern: Pattern, seq_len: int) -> float:
    """Seconds for a longer text, if time goes on growing like the score pairs: no measurement."""
    pairs = score_pairs(pattern, seq_len) / score_pairs(pattern, point.size.seq_len)
    return point.median_ms / 1000 * pairs


def most_telling(points: Points, name: str, against: str) -> Size | None:
    """Where counting allows most, of all sizes at which one can be judged against another.

    If a window hides nothing at any of them, the longest text.
    """
    sizes: Iterable[Size] = speed_ups(points, name, against)
    return max(sizes, key=lambda size: (counted_limit(size), size), default=None)
