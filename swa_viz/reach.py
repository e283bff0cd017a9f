"""How far can information travel through a stack of layers, and how much of it arrives?

Each layer lets a token read its window; the next layer reads what those tokens have read.  So the
reach grows by W - 1 with every layer, like the receptive field of a convolution.  That is a
ceiling on *which* tokens can matter.  How much they matter falls off far sooner.
"""

import math
from collections.abc import Sequence

import numpy as np

from swa_viz.patterns import (
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    Pattern,
    SinkWindow,
    SlidingWindow,
    whole_number,
)

Schedule = Sequence[Pattern]


def reach(layer_schedule: Schedule) -> int | None:
    """How many tokens a query far into the text can learn from, itself included.

    None means the whole text before it, however long: one full layer is enough.  Windows give
    exactly 1 + sum(W - 1), a little less than the round figure W * L.  Every other mix is counted
    by `reachable`; tokens on both sides count, and so do sinks and global tokens.  In chunks it
    depends on where the query stands: the best place is taken.

    >>> reach((SlidingWindow(4),) * 3)
    10
    """
    schedule = tuple(layer_schedule)
    if all(isinstance(pattern, SlidingWindow) for pattern in schedule):
        return 1 + sum(pattern.window_size - 1 for pattern in schedule)
    return counted_reach(schedule)


def round_reach(layer_schedule: Schedule) -> int:
    """The round figure that is widely quoted, W * L: the window sizes of all layers, added up.

    Raises ValueError for a layer that is not a sliding window.
    """
    for pattern in layer_schedule:
        if not isinstance(pattern, SlidingWindow):
            raise ValueError(f"the round figure W * L is for sliding windows, not for {pattern!r}")
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
        rows.append(read_by_any(pattern, np.flatnonzero(rows[-1]), kv_len))
    return np.array(rows[::-1])


def read_by_any(pattern: Pattern, queries: np.ndarray, kv_len: int) -> np.ndarray:
    """The keys that at least one of the queries reads: bool [kv_len].

    Every range puts +1 where it opens and -1 where it closes; a running sum along its step is
    then above zero exactly inside.
    """
    seen = np.zeros(kv_len, dtype=bool)
    for start, stop, step in pattern.key_ranges(queries, kv_len):
        start, stop = np.broadcast_arrays(start, stop)
        is_open = stop > start
        start, stop = start[is_open], stop[is_open]
        close = start - (start - stop) // step * step
        edges = np.zeros((kv_len // step + 2) * step, dtype=np.int64)
        np.add.at(edges, start, 1)
        np.add.at(edges, close, -1)
        seen |= edges.reshape(-1, step).cumsum(axis=0).ravel()[:kv_len] > 0
    return seen


def counted_reach(layer_schedule: Schedule) -> int | None:
    """Reach by counting, on a text that is long enough.

    So long, that its beginning is out of reach unless a pattern ignores distance: full attention,
    sinks, global tokens.
    """
    back = sum(span(pattern)[0] for pattern in layer_schedule)
    ahead = sum(span(pattern)[1] for pattern in layer_schedule)
    far = back + ahead + 1 + max(pinned(pattern) for pattern in layer_schedule)
    counts = []
    for query_pos in well_placed(layer_schedule, far):
        tokens = reachable(layer_schedule, query_pos, query_pos + ahead + 2)[0]
        if tokens[: query_pos + 1].all():
            return None
        counts.append(int(tokens.sum()))
    return max(counts)


def span(pattern: Pattern) -> tuple[int, int]:
    """How many tokens back and ahead the local part of a pattern can look."""
    match pattern:
        case SlidingWindow() | SinkWindow():
            return pattern.window_size - 1, 0
        case DilatedWindow():
            return (pattern.window_size - 1) * pattern.dilation, 0
        case CentredWindow():
            return pattern.radius, pattern.radius
        case GlobalWindow():
            return span(pattern.window)
        case Chunked():
            return pattern.chunk_size - 1, 0
    return 0, 0


def pinned(pattern: Pattern) -> int:
    """How many tokens at the start of the text may be read from any distance."""
    match pattern:
        case SinkWindow():
            return pattern.n_sink_tokens
        case GlobalWindow(global_positions=(*_, last)):
            return last + 1
    return 0


def well_placed(layer_schedule: Schedule, far: int) -> list[int]:
    """Positions from `far` on, among which is a query that sees as much as any.

    Only chunks care.  Seen from the top, the first chunked layer matters: a query sees most when
    the oldest token that it has reached there is the last one of its chunk.  Chunks of several
    sizes meet in different ways, so each meeting is tried once.
    """
    chunked = [i for i, pattern in enumerate(layer_schedule) if isinstance(pattern, Chunked)]
    if not chunked:
        return [far]
    size = layer_schedule[chunked[-1]].chunk_size
    period = math.lcm(*(layer_schedule[i].chunk_size for i in chunked))
    back = sum(span(pattern)[0] for pattern in layer_schedule[chunked[-1] + 1 :])
    start = -(-far // period) * period + back + size - 1
    return list(range(start, start + period, size))


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


def influence_distance(influence: np.ndarray, share: float = 0.01) -> int:
    """The age from which on all older tokens together have less than `share` of the influence.

    >>> influence_distance(np.array([0.5, 0.3, 0.195, 0.005]))
    3
    """
    older = np.cumsum(influence[::-1])[::-1] / influence.sum()
    return int(np.argmax(older < share)) if (older < share).any() else len(influence)
