"""What a pattern is: a frozen value that states, twice, which keys a query may read."""

import operator
from typing import ClassVar, NamedTuple

import numpy as np


class KeyRange(NamedTuple):
    """Keys start, start + step, ... below stop.  For many queries, start and stop are arrays."""

    start: np.ndarray | int
    stop: np.ndarray | int
    step: int = 1


def whole_number(value, name: str, at_least: int) -> int:
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
    return number


class Pattern:
    """A rule that says which keys a query may read.  Positions count from 0."""

    label: ClassVar[str]
    rule: ClassVar[str]
    causal: bool = True

    def visible(self, query_pos, key_pos):
        """True where `query_pos` may read `key_pos`.  Numbers, numpy arrays or torch tensors."""
        raise NotImplementedError(f"{type(self).__name__} states no rule")

    def key_ranges(self, query_pos, kv_len: int) -> tuple[KeyRange, ...]:
        """The same keys as disjoint ranges inside 0 .. kv_len; an empty range has stop <= start."""
        raise NotImplementedError(f"{type(self).__name__} states no ranges")

    def _set_whole(self, name: str, at_least: int) -> None:
        object.__setattr__(self, name, whole_number(getattr(self, name), name, at_least))
