"""What kernels prepare for a pattern and keep for the next call: bounded in bytes, not in calls."""

import dataclasses
from collections.abc import Callable, Hashable

MAX_BYTES = 64 * 2**20
MAX_ENTRIES = 64


class Memory:
    """The results of the latest calls, at most `max_bytes` together; `n_bytes` tells one's size.

    Threads may use it at once: each step is one operation of a dict, and at worst two of them
    prepare the same thing.

    >>> words = Memory(n_bytes=len, max_bytes=4)
    >>> [words.get(n, lambda: "x" * n) for n in (1, 2, 9, 1, 3)]
    ['x', 'xx', 'xxxxxxxxx', 'x', 'xxx']
    >>> list(words.kept)     # the third was too large to keep, the last one took the place of 2
    [1, 3]
    """

    def __init__(self, n_bytes: Callable[[object], int], max_bytes: int = MAX_BYTES):
        self.n_bytes, self.max_bytes = n_bytes, max_bytes
        self.kept = {}

    @property
    def total_bytes(self) -> int:
        """The bytes of everything that is kept."""
        return sum(map(self.n_bytes, list(self.kept.values())))

    def get(self, key: Hashable, make: Callable[[], object]) -> object:
        """What was made for this key before, or what `make` makes now."""
        found = self.kept.pop(key, None)
        if found is not None:
            self.kept[key] = found  # now the latest
            return found
        made = make()
        if self.n_bytes(made) <= self.max_bytes:
            self.kept[key] = made
            while len(self.kept) > MAX_ENTRIES or self.total_bytes > self.max_bytes:
                self.kept.pop(next(iter(list(self.kept)), None), None)
        return made


def is_value(pattern: object) -> bool:
    """Can this pattern never change?  Then what was prepared for an equal one is right for it."""
    parameters = getattr(type(pattern), "__dataclass_params__", None)
    if parameters is None or not parameters.frozen or not dataclasses.is_dataclass(pattern):
        return False
    try:
        hash(pattern)
    except TypeError:  # it holds a list, say
        return False
    return True
