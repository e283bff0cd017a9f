"""The centred window of encoders: as many tokens ahead as behind."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern


@dataclass(frozen=True)
class CentredWindow(Pattern):
    """A query reads `radius` tokens on both sides: encoders only, for it looks ahead."""

    radius: int
    causal: ClassVar[bool] = False
    label: ClassVar[str] = "centred window"
    rule: ClassVar[str] = "|age| ≤ radius"

    def __post_init__(self):
        self._set_whole("radius", at_least=0)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age <= self.radius) & (age >= -self.radius)

    def key_ranges(self, query_pos, kv_len):
        start = np.maximum(query_pos - self.radius, 0)
        return (KeyRange(start, np.minimum(query_pos + self.radius + 1, kv_len)),)
