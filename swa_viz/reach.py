"""How far can information travel through a stack of layers, and how much of it arrives?

Each layer lets a token read its window; the next layer reads what those tokens have read.  So the
reach grows by W - 1 with every layer, like the receptive field of a convolution.  That is a
ceiling on *which* tokens can matter.  How much they matter falls off far sooner.
"""

import math
from collections.abc import Sequence

import numpy as np

from swa_viz.patterns import Pattern, SlidingWindow, whole_number

Schedule = Sequence[Pattern]
MOST_COUNTED = 2**27  # tokens, over all layers and places: some seconds
MOST_TOKENS = 2**24  # of one text: some hundred megabytes
MOST_REMAINDERS = 2**20


def reach(layer_schedule: Schedule) -> int | None:
    """How many tokens a query far into the text can learn from, itself included.

    None means without limit: one full layer is enough for the whole text before it.  Windows give
    exactly 1 + sum(W - 1), a little less than the rule of thumb W * L.  Tokens on both sides count,
    and so do sinks and global tokens.  In chunks it depends on where the query stands: the best
    place is taken.

    >>> reach((SlidingWindow(4),) * 3)
    10

    Raises ValueError for what is no pattern, and for a mix of gaps and chunks that would have to be
    counted on too long a text or in too many places.
    """
    schedule = tuple(layer_schedule)
    for pattern in schedule:
        if not isinstance(pattern, Pattern):
            raise ValueError(f"a layer_schedule is made of patterns, but this is none: {pattern!r}")
    if any(pattern.span.back is None for pattern in schedule):
        return None
    stretch = stretch_reach(schedule)
    return counted_reach(schedule) if stretch is None else stretch


def round_reach(layer_schedule: Schedule) -> int:
    """The rule of thumb that is widely quoted, W * L: the window sizes of all layers, added up.

    Raises ValueError for a layer that is not a sliding window.
    """
    for pattern in layer_schedule:
        if not isinstance(pattern, SlidingWindow):
            raise ValueError(f"the rule of thumb W * L is for sliding windows, not for {pattern!r}")
    return sum(pattern.window_size for pattern in layer_schedule)


def reachable(layer_schedule: Schedule, query_pos: int, kv_len: int) -> np.ndarray:
    """Which states can matter for the last state of `query_pos`: bool [n_layers + 1, kv_len].

    Row l holds the tokens at the input of layer l, so row 0 are the tokens of the text, and the
    last row is the query alone.  Exact: each layer adds what its reached tokens may read.

    >>> reachable((SlidingWindow(2),) * 2, query_pos=3, kv_len=5).astype(int)
    array([[0, 1, 1, 1, 0],
           [0, 0, 1, 1, 0],
           [0, 0, 0, 1, 0]])

    Raises ValueError if `query_pos` is not one of the positions.
    """
    kv_len = whole_number(kv_len, "kv_len", at_least=1)
    query_pos = whole_number(query_pos, "query_pos", at_least=0)
    if query_pos >= kv_len:
        raise ValueError(f"query_pos must be below kv_len ({kv_len}), but it is {query_pos}")
    rows = [np.arange(kv_len) == query_pos]
    for pattern in reversed(tuple(layer_schedule)):
        rows.append(pattern.read_by_any(np.flatnonzero(rows[-1]), kv_len))
    return np.array(rows[::-1])


def look_back(pattern: Pattern, query_pos: np.ndarray) -> np.ndarray | None:
    """How far back each query looks, if each reads one stretch of neighbours; else None.

    The stretch must end as far ahead for all, and may not begin earlier for a later query.  Pinned
    tokens do not count: the queries must stand far from them.
    """
    kv_len = int(query_pos.max()) + pattern.span.ahead + 1
    found, n_stretches = np.zeros(len(query_pos), dtype=np.int64), 0
    for start, stop, step in pattern.each_range(query_pos, kv_len):
        start, stop = np.broadcast_to(start, len(query_pos)), np.broadcast_to(stop, len(query_pos))
        local = (stop > start) & (stop > pattern.n_pinned)
        if not local.any():
            continue
        n_stretches += 1
        ends_alike = (stop == query_pos + pattern.span.ahead + 1).all()
        if n_stretches > 1 or not local.all() or step > 1 or not ends_alike:
            return None
        found = query_pos - start
    goes_back = (np.diff(found) > np.diff(query_pos)).any()
    return found if n_stretches and not goes_back else None


def stretch_reach(layer_schedule: Schedule) -> int | None:
    """Reach where every layer reads one stretch of neighbours: its ends are all that matters.

    From layer to layer only the oldest reached token is followed.  How far it looks back depends,
    in chunks, on the remainder of its position by the chunk's size.  So `best` holds, for every
    remainder that a layer further down can tell apart, the most tokens that end there.

    None if a layer reads with gaps.  Raises ValueError if there are too many remainders.
    """
    layers = list(reversed(layer_schedule))
    ahead, pinned = sum(p.span.ahead or 0 for p in layers), any(p.n_pinned for p in layers)
    if pinned and not all(p.causal for p in layers) or any(p.span.ahead is None for p in layers):
        return None
    best, modulus = {0: 0}, 1
    for depth, pattern in enumerate(layers):
        period, later = pattern.period, [p.period for p in layers[depth + 1 :]]
        n_places = min(period, MOST_REMAINDERS)
        first = -(-(pattern.n_pinned + pattern.span.back) // period) * period
        if look_back(pattern, first + np.arange(2)) is None:  # a square: as many stretches as rows
            return None
        looks = look_back(pattern, first + np.arange(n_places + 1))
        if looks is None:
            return None
        if period > n_places and max([modulus, *later]) == 1:  # it can stand in the best place
            best = {0: best[0] + pattern.span.back}
            continue
        together = math.lcm(modulus, period)
        n_ways = together // modulus
        if period > n_places or n_ways * len(best) > MOST_COUNTED or together > 2**62:
            raise ValueError("the reach of these layers cannot be counted: too large chunks meet")
        told_apart = math.lcm(*(math.gcd(together, later_period) for later_period in later))
        best = most_by_remainder(best, modulus * np.arange(n_ways), looks[:period], told_apart)
        modulus = told_apart
    return 1 + ahead + max(best.values()) + (start_reached(layers) if pinned else 0)


def reads_first(pattern: Pattern, n_tokens: int, query_pos: int) -> bool:
    """Does a query read the first tokens of the text, all of them, as one range?"""
    ranges = pattern.key_ranges(query_pos, query_pos + 1)
    return any(start == 0 and stop >= n_tokens and step == 1 for start, stop, step in ranges)


def start_reached(layers: Sequence[Pattern]) -> int:
    """How many of the first tokens a query far into the text reaches, last layer first.

    Through sinks it reaches all up to the last one.  A global token stands alone, and below it is
    all that it has read itself.  Raises ValueError if those are too many to count.
    """
    n_first = max(pattern.n_pinned for pattern in layers)
    far = n_first + max(pattern.span.back for pattern in layers) + 1
    lone = [p for p in layers if p.n_pinned and not reads_first(p, p.n_pinned, far)]
    if not lone:
        return n_first
    if n_first * len(layers) > MOST_COUNTED // 16:
        raise ValueError(f"the reach of {n_first:,} tokens up to a global one cannot be counted")
    reached = np.zeros(n_first, dtype=bool)
    for pattern in layers:
        below = pattern.read_by_any(np.flatnonzero(reached), n_first)
        reached = below | pattern.visible(far, np.arange(n_first))
    return int(reached.sum())


def most_by_remainder(
    best: dict[int, int], shifts: np.ndarray, looks: np.ndarray, modulus: int
) -> dict[int, int]:
    """`best` after one more layer: each position looks back, and the most of each remainder stays.

    `looks[r]` is how far back a position with the remainder r looks; a position of `best` may be
    shifted by any of `shifts`, because so much of it is not known.
    """
    merged: dict[int, int] = {}
    at_once = MOST_REMAINDERS // len(shifts)  # there are no more shifts than remainders
    known = np.array(list(best.items()))
    for part in np.split(known, range(at_once, len(known), at_once)):
        ends = part[:, :1] + shifts
        back = looks[ends % len(looks)]
        names, places = np.unique((ends - back) % modulus, return_inverse=True)
        most = np.zeros(len(names), dtype=np.int64)
        np.maximum.at(most, places.ravel(), (part[:, 1:] + back).ravel())
        for name, number in zip(names.tolist(), most.tolist(), strict=True):
            merged[name] = max(number, merged.get(name, 0))
    return merged


def counted_reach(layer_schedule: Schedule) -> int | None:
    """Reach by counting, on a text that is long enough, for a query in every place that differs.

    So long, that its beginning is out of reach unless a pattern ignores distance: sinks, global
    tokens.

    Raises ValueError if that is too much to count.
    """
    schedule = tuple(layer_schedule)
    ahead = sum(pattern.span.ahead or 0 for pattern in schedule)
    back = sum(pattern.span.back for pattern in schedule)
    far = back + ahead + 1 + max((pattern.n_pinned for pattern in schedule), default=0)
    places = math.lcm(*(pattern.period for pattern in schedule))
    work = places * (far + places + ahead) * max(len(schedule), 1)
    if not all(pattern.states("key_ranges") for pattern in schedule):
        work *= far
    if work > MOST_COUNTED or far > MOST_TOKENS:
        raise ValueError(
            f"the reach of these layers cannot be counted: they mix gaps and chunks that meet in "
            f"{places:,} ways on a text of {far:,} tokens"
        )
    counts = []
    for query_pos in range(far, far + places):
        tokens = reachable(schedule, query_pos, query_pos + ahead + 2)[0]
        if tokens[: query_pos + 1].all():
            return None
        counts.append(int(tokens.sum()))
    return max(counts)


def diluted_influence(window_size: int, n_layers: int, own_share: float | int) -> np.ndarray:
    """The share of a state that comes from a token of each age, if every layer only averages.

    A layer keeps `own_share` of a token and fills the rest with the mean of its window, so L
    layers are the kernel (own_share * I + (1 - own_share) * uniform window) ** L, here by Fourier
    transform.  It sums to 1 and has L * (W - 1) + 1 ages: the exact reach.

    >>> diluted_influence(window_size=2, n_layers=2, own_share=0.0)
    array([0.25, 0.5 , 0.25])

    Raises ValueError if own_share is not between 0 and 1.
    """
    window_size = whole_number(window_size, "window_size", at_least=1)
    n_layers = whole_number(n_layers, "n_layers", at_least=0)
    if not 0 <= own_share <= 1:
        raise ValueError(f"own_share must lie between 0 and 1, but it is {own_share!r}")
    kernel = np.full(window_size, (1 - own_share) / window_size)
    kernel[0] += own_share
    n_ages = n_layers * (window_size - 1) + 1
    length = max(2, 1 << (n_ages - 1).bit_length())
    influence = np.fft.irfft(np.fft.rfft(kernel, length) ** n_layers, length)[:n_ages]
    return np.maximum(influence, 0)
