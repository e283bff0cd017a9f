"""A window with gaps, which reaches further for the same price."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import WINDOW, Setting


@dataclass(frozen=True)
class DilatedWindow(Pattern):
    """A window with gaps: `window_size` keys, every `dilation`-th one (Longformer, section 3.1)."""

    window_size: int
    dilation: int = 2
    kind: ClassVar[str] = "dilated"
    label: ClassVar[str] = "dilated window"
    rule: ClassVar[str] = "age = 0, d, 2d, … below W·d"
    place: ClassVar[int] = 5
    settings = (WINDOW, Setting("dilation", "dilation", "Dilation d", 2, 1, 16))
    pictures = (
        (
            {"window_size": 2, "dilation": 2},
            ["x.....", ".x....", "x.x...", ".x.x..", "..x.x.", "...x.x"],
        ),
        ({"window_size": 3, "dilation": 1}, ["x....", "xx...", "xxx..", ".xxx.", "..xxx"]),
        (
            {"window_size": 3, "dilation": 3},
            ["x.....", ".x....", "..x...", "x..x..", ".x..x.", "..x..x"],
        ),
    )
    n_pinned: ClassVar[int] = 0
    period: ClassVar[int] = 1

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)
        self._set_whole("dilation", at_least=1)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        in_span = (age >= 0) & (age < self.window_size * self.dilation)
        return in_span & (age % self.dilation == 0)

    def key_ranges(self, query_pos, kv_len):
        oldest = query_pos - (self.window_size - 1) * self.dilation
        start = np.maximum(oldest, query_pos % self.dilation)
        return (KeyRange(start, query_pos + 1, self.dilation),)

    # A cache must keep the whole span: the next query needs the tokens between the teeth.
    @property
    def span(self):
        return Span((self.window_size - 1) * self.dilation)
