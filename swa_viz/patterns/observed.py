"""What a pattern does not say of itself, found by looking at its predicate.

The slow way to everything that patterns state.  It lets a pattern work everywhere that states
nothing but `visible`: exact where keys are counted, and as far as one can look where a rule has no
end.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

CELLS_AT_ONCE = 2**22
SHORT = 4096  # every query of a text of twice that length is looked at, from here on
FAR = 2**22  # and a few queries as far in as this

Visible = Callable[[np.ndarray, np.ndarray], np.ndarray]


class Observed(NamedTuple):
    """How far a pattern's queries look, as `Pattern.span`, `n_pinned` and `period` say it."""

    back: int | None
    ahead: int | None
    n_pinned: int
    period: int


def rows(
    visible: Visible, query_pos: np.ndarray, kv_len: int, first_key: int = 0
) -> Iterator[tuple[slice, np.ndarray]]:
    """The mask of these queries, bool [some queries, n_keys] at a time, however long the text."""
    keys = np.arange(first_key, kv_len)[None, :]
    step = max(1, CELLS_AT_ONCE // max(keys.size, 1))
    for first in range(0, len(query_pos), step):
        part = slice(first, min(first + step, len(query_pos)))
        queries = query_pos[part][:, None]
        seen = np.asarray(visible(queries, keys), dtype=bool)
        yield part, np.broadcast_to(seen, (len(queries), keys.size))


def runs_of_keys(
    visible: Visible, query_pos: np.ndarray, kv_len: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Neighbouring keys that each query reads, as (start, stop): the r-th run of every query.

    >>> runs_of_keys(lambda query, key: (key <= query) & (key != 1), np.arange(4), 4)
    [(array([0, 0, 0, 0]), array([1, 1, 1, 1])), (array([0, 0, 2, 2]), array([0, 0, 3, 4]))]
    """
    found = []
    for part, seen in rows(visible, query_pos, kv_len):
        edges = np.diff(np.pad(seen.astype(np.int8), ((0, 0), (1, 1))), axis=1)
        row, start = np.nonzero(edges == 1)
        _, stop = np.nonzero(edges == -1)
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        found.append((row + part.start, rank, start, stop))
    row, rank, start, stop = (np.concatenate(each) for each in zip(*found, strict=True))
    bounds = np.zeros((2, int(rank.max(initial=0)) + 1, len(query_pos)), dtype=np.int64)
    bounds[:, rank, row] = start, stop
    return list(zip(*bounds, strict=True))


def count_keys(visible: Visible, query_pos: np.ndarray, kv_len: int) -> np.ndarray:
    """How many keys each query reads, counted one by one."""
    counts = np.zeros(len(query_pos), dtype=np.int64)
    for part, seen in rows(visible, query_pos, kv_len):
        counts[part] = seen.sum(axis=1)
    return counts


def keys_of_any(visible: Visible, query_pos: np.ndarray, kv_len: int) -> np.ndarray:
    """The keys that at least one of the queries reads: bool [kv_len]."""
    found = np.zeros(kv_len, dtype=bool)
    for _, seen in rows(visible, query_pos, kv_len):
        found |= seen.any(axis=0)
    return found


def pinned_of(visible: Visible) -> int | None:
    """How many tokens at the start are read from very far away; None if all of the text is."""
    far = keys_of_any(visible, np.array([FAR - 1, FAR, FAR + 7]), FAR // 2)
    last = int(np.flatnonzero(far)[-1]) if far.any() else -1
    return None if last >= FAR // 4 else last + 1


def edges_of(
    visible: Visible, query_pos: np.ndarray, kv_len: int, n_pinned: int
) -> tuple[np.ndarray, np.ndarray]:
    """How far back and how far ahead each query reads, the pinned tokens aside; 0 for nothing."""
    back, ahead = np.zeros((2, len(query_pos)), dtype=np.int64)
    for part, seen in rows(visible, query_pos, kv_len, first_key=n_pinned):
        some = seen.any(axis=1)
        first = n_pinned + seen.argmax(axis=1)
        last = kv_len - 1 - seen[:, ::-1].argmax(axis=1)
        back[part] = np.where(some, np.maximum(query_pos[part] - first, 0), 0)
        ahead[part] = np.where(some, np.maximum(last - query_pos[part], 0), 0)
    return back, ahead


def period_of(back: np.ndarray, ahead: np.ndarray) -> int:
    """After how many queries the look back and ahead repeat; all of them if they do not.

    >>> period_of(np.array([0, 1, 2, 0, 1, 2, 0, 1]), np.zeros(8, dtype=int))
    3
    """
    looks = np.stack([back, ahead])
    for period in range(1, len(back) // 2 + 1):
        if (looks[:, period:] == looks[:, :-period]).all():
            return period
    return len(back)


@lru_cache(maxsize=64)
def observe(pattern) -> Observed:
    """Look at many queries of a pattern, near and far.

    Windows and chunks of up to 4,096 tokens are found exactly.  Larger ones should say their span
    themselves; what reads further back than half of four million tokens counts as without limit.
    """
    n_pinned = pinned_of(pattern.visible)
    local = n_pinned or 0
    near = local + SHORT + np.arange(SHORT)
    back, ahead = edges_of(pattern.visible, near, local + 3 * SHORT, local)
    far = np.array([2**power + step for power in range(15, 20) for step in (-1, 0, 7)])
    far_back, far_ahead = edges_of(pattern.visible, far, 2**21, local)
    return Observed(
        None if n_pinned is None else int(max(back.max(), far_back.max())),
        None if far_ahead.max() > 2**20 else int(max(ahead.max(), far_ahead.max())),
        local,
        1 if n_pinned is None else period_of(back, ahead),
    )
