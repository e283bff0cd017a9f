"""A window with gaps, which reaches further for the same price."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern


@dataclass(frozen=True)
class DilatedWindow(Pattern):
    """A window with gaps: `window_size` keys, every `dilation`-th one (Longformer, section 3.1)."""

    window_size: int
    dilation: int = 2
    label: ClassVar[str] = "dilated window"
    rule: ClassVar[str] = "age = 0, d, 2d, … below W·d"

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
