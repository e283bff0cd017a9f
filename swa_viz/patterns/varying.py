"""Windows that differ from token to token: what a model can run whose tokens ask for their own."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import LARGEST, KeyRange, Pattern, Span, whole_number
from swa_viz.patterns.settings import LONGEST, WINDOW, Setting


@dataclass(frozen=True)
class VaryingWindow(Pattern):
    """Every query has a window of its own: the first the first of `window_sizes`, and so on.

    A text longer than the list begins it anew.  So a layer whose tokens have asked for their spans
    (Sukhbaatar et al. 2019, arXiv 1905.07799, section 2.3) is one pattern for one text, and a
    kernel that walks ranges of keys does only the work that was asked for.
    """

    window_sizes: tuple[int, ...]
    kind: ClassVar[str] = "varying"
    label: ClassVar[str] = "a window for each token"
    rule: ClassVar[str] = "0 ≤ age < the query's own W"
    place: ClassVar[int] = 11
    settings = (
        replace(WINDOW, field=""),
        Setting("second_window", "", "Next token's W", 2, 1, LONGEST, "keys", 1, 16),
    )
    pictures = (
        (
            {"window_sizes": (1, 3)},
            ["x......", "xx.....", "..x....", ".xxx...", "....x..", "...xxx.", "......x"],
        ),
        ({"window_sizes": (2, 2, 4)}, ["x....", "xx...", "xxx..", "..xx.", "...xx"]),
        ({"window_sizes": (2,)}, ["x...", "xx..", ".xx.", "..xx"]),
    )
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        try:
            given = tuple(self.window_sizes)
        except TypeError:
            message = f"window_sizes must list windows, but it is {self.window_sizes!r}"
            raise ValueError(message) from None
        if not given:
            raise ValueError("window_sizes must list at least one window, but it is empty")
        sizes = tuple(whole_number(size, "a window size", 1, LARGEST) for size in given)
        object.__setattr__(self, "window_sizes", sizes)

    def visible(self, query_pos, key_pos):
        age, turn = query_pos - key_pos, query_pos % self.period
        window_size = sum((turn == i) * size for i, size in enumerate(self.window_sizes))
        return (age >= 0) & (age < window_size)

    def key_ranges(self, query_pos, kv_len):
        sizes = np.asarray(self.window_sizes)[query_pos % self.period]
        return (KeyRange(np.maximum(query_pos - sizes + 1, 0), query_pos + 1),)

    @property
    def span(self):
        return Span(max(self.window_sizes) - 1)

    @property
    def period(self):
        return len(self.window_sizes)
