"""The sliding window: the last W tokens, the query included."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import WINDOW


@dataclass(frozen=True)
class SlidingWindow(Pattern):
    """A query reads the last `window_size` tokens, itself included (Mistral 7B, arXiv 2310.06825).

    >>> from swa_viz.patterns import build_mask
    >>> build_mask(SlidingWindow(2), 3, 3).int()
    tensor([[1, 0, 0],
            [1, 1, 0],
            [0, 1, 1]], dtype=torch.int32)
    """

    window_size: int
    kind: ClassVar[str] = "sliding"
    label: ClassVar[str] = "sliding window"
    rule: ClassVar[str] = "0 ≤ age < W"
    place: ClassVar[int] = 1
    settings = (WINDOW,)
    pictures = (
        ({"window_size": 1}, ["x...", ".x..", "..x.", "...x"]),
        ({"window_size": 2}, ["x...", "xx..", ".xx.", "..xx"]),
        ({"window_size": 9}, ["x...", "xx..", "xxx.", "xxxx"]),
    )
    n_pinned: ClassVar[int] = 0
    period: ClassVar[int] = 1
    is_band: ClassVar[bool] = True

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age >= 0) & (age < self.window_size)

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(np.maximum(query_pos - self.window_size + 1, 0), query_pos + 1),)

    @property
    def span(self):
        return Span(self.window_size - 1)
