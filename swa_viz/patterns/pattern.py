"""What a pattern is: a frozen value that says which keys a query may read, and all that follows.

A pattern states its rule twice: as a predicate, `visible`, which people read, and as ranges of
keys, which a kernel walks so that it really skips the rest.  Everything else that the program asks
of a pattern is stated beside them, in the same class: no other file knows the patterns one by one.
Whatever a pattern leaves out has a slow, right answer that is worked out from `visible`.

`x.js` beside `x.py` states the same pattern for the browser; tests hold the two equal.
"""

import operator
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from swa_viz.patterns.observed import count_keys, keys_of_any, observe, runs_of_keys
from swa_viz.patterns.settings import Choice, Setting

# No text is longer, and products of two such numbers are still exact in 64 bits.  Attention without
# a limit is a pattern of its own, `Causal`.
LARGEST = 2**31 - 1


class KeyRange(NamedTuple):
    """Keys start, start + step, ... below stop.  For many queries, start and stop are arrays."""

    start: np.ndarray | int
    stop: np.ndarray | int
    step: int = 1


class Span(NamedTuple):
    """How many tokens back and ahead of itself a query looks at most; None: without limit."""

    back: int | None
    ahead: int | None = 0


class Kept(NamedTuple):
    """The tokens that a layer keeps: the first `pinned` for ever, and the `latest` others.

    None for `latest` means that the layer never forgets.
    """

    pinned: int
    latest: int | None

    def count(self, seq_len: int) -> int:
        """How many tokens are held after `seq_len` of them."""
        return seq_len if self.latest is None else min(seq_len, self.pinned + self.latest)


def whole_number(value, name: str, at_least: int, at_most: int | None = None) -> int:
    """Return `value` as an int, or say what is wrong with it.

    >>> whole_number(0, "window_size", at_least=1)
    Traceback (most recent call last):
    ValueError: window_size must be a whole number of at least 1, but it is 0
    """
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < at_least:
        message = f"{name} must be a whole number of at least {at_least}, but it is {value!r}"
        raise ValueError(message)
    if at_most is not None and number > at_most:
        raise ValueError(f"{name} must be at most {at_most:,}, but it is {value!r}")
    return number


class Pattern:
    """A rule that says which keys a query may read.  Positions count from 0.

    A pattern of the lab is a frozen dataclass in a file of its own.  It states `visible`, and as
    much of the rest as it knows better than by looking:

    - `kind`, its name in plain data and in addresses; `label` and `rule`, in words and in letters;
      `place`, where it stands in a menu; `settings`, its controls
    - `pictures`: small masks, drawn by hand, that its tests compare with
    - `key_ranges`, and with them the fast kernel; `span`, `n_pinned` and `period`, and with them
      its reach and the kernel in blocks; `kept`, and with it a cache that forgets
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    rule: ClassVar[str] = "as its predicate says"
    place: ClassVar[int] = 50
    settings: ClassVar[tuple[Setting | Choice, ...]] = ()
    # Each is (fields, picture): the values of the fields, and the rows of the mask.
    pictures: ClassVar[tuple[tuple[dict, list[str]], ...]] = ()
    is_band: ClassVar[bool] = False  # are all keys of the span read, and no others?

    def __init_subclass__(cls, **arguments):
        super().__init_subclass__(**arguments)
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", cls.__name__).lower()
        for name, value in {"kind": words.replace(" ", "_"), "label": words}.items():
            if name not in vars(cls):
                setattr(cls, name, value)

    def visible(self, query_pos, key_pos):
        """True where `query_pos` may read `key_pos`.  Numbers, numpy arrays or torch tensors."""
        raise NotImplementedError(f"{type(self).__name__} states no rule")

    def key_ranges(self, query_pos, kv_len: int) -> tuple[KeyRange, ...]:
        """The same keys as disjoint ranges inside 0 .. kv_len; an empty range has stop <= start."""
        queries = np.atleast_1d(query_pos)
        runs = runs_of_keys(self.visible, queries, kv_len)
        if np.ndim(query_pos) == 0:
            return tuple(KeyRange(int(start[0]), int(stop[0])) for start, stop in runs)
        return tuple(KeyRange(start, stop) for start, stop in runs)

    def each_range(self, query_pos, kv_len: int) -> Iterator[KeyRange]:
        """The same one after the other, for who may not need them all: they can be very many."""
        yield from self.key_ranges(query_pos, kv_len)

    @property
    def span(self) -> Span:
        """How far a query looks, the pinned tokens aside: those it reads, and those it is."""
        seen = observe(self)
        return Span(seen.back, seen.ahead)

    @property
    def n_pinned(self) -> int:
        """How many tokens at the start of the text are read from any distance."""
        return observe(self).n_pinned

    @property
    def period(self) -> int:
        """Queries that stand so many tokens apart, far into a text, read alike."""
        return observe(self).period

    @property
    def causal(self) -> bool:
        """Does no query read what comes after it?"""
        return self.span.ahead == 0

    @property
    def kept(self) -> Kept:
        """What a layer must keep while text is generated, so that no later query misses a key."""
        if not self.states("span") or self.span.back is None:
            return Kept(0, None)
        return Kept(self.n_pinned, self.span.back + 1)

    def keys_per_query(self, query_pos: np.ndarray, kv_len: int) -> np.ndarray:
        """How many keys each query reads: the lengths of its ranges, added up."""
        if not self.states("key_ranges"):
            return count_keys(self.visible, query_pos, kv_len)
        ranges = self.key_ranges(query_pos, kv_len)
        return sum(np.maximum(-((start - stop) // step), 0) for start, stop, step in ranges)

    def read_by_any(self, query_pos: np.ndarray, kv_len: int) -> np.ndarray:
        """The keys that at least one of the queries reads: bool [kv_len].

        Every range puts +1 where it opens and -1 where it closes; a running sum along its step is
        then above zero exactly inside.
        """
        if not self.states("key_ranges"):
            return keys_of_any(self.visible, query_pos, kv_len)
        seen = np.zeros(kv_len, dtype=bool)
        for start, stop, step in self.key_ranges(query_pos, kv_len):
            start, stop = np.broadcast_arrays(start, stop)
            is_open = stop > start
            start, stop, step = start[is_open], stop[is_open], min(step, kv_len)
            close = start - (start - stop) // step * step
            edges = np.zeros((kv_len // step + 2) * step, dtype=np.int64)
            np.add.at(edges, start, 1)
            np.add.at(edges, close, -1)
            seen |= edges.reshape(-1, step).cumsum(axis=0).ravel()[:kv_len] > 0
        return seen

    @classmethod
    def states(cls, name: str) -> bool:
        """Does the pattern say this itself, or is it worked out from `visible`?"""
        return getattr(cls, name) is not getattr(Pattern, name)

    def to_plain(self) -> dict:
        """The pattern as plain data, which `read_pattern` reads, and the browser.

        >>> from swa_viz.patterns import GlobalWindow
        >>> GlobalWindow(4, (0, 9)).to_plain()
        {'kind': 'global', 'window_size': 4, 'global_positions': [0, 9], 'causal': True}
        """
        values = {f.name: getattr(self, f.name) for f in fields(self)} if is_dataclass(self) else {}
        lists = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
        return {"kind": self.kind, **lists}

    def _set_whole(self, name: str, at_least: int) -> None:
        number = whole_number(getattr(self, name), name, at_least, LARGEST)
        object.__setattr__(self, name, number)
