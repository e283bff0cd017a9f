"""The centred window of encoders: as many tokens ahead as behind."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import LONGEST, Setting


@dataclass(frozen=True)
class CentredWindow(Pattern):
    """A query reads `radius` tokens on both sides: encoders only, for it looks ahead."""

    radius: int
    kind: ClassVar[str] = "centred"
    label: ClassVar[str] = "centred window"
    rule: ClassVar[str] = "|age| ≤ radius"
    place: ClassVar[int] = 2
    settings = (Setting("radius", "radius", "Radius r", 2, 0, LONGEST // 2 - 1, "", 0.5, 8),)
    pictures = (
        ({"radius": 0}, ["x..", ".x.", "..x"]),
        ({"radius": 1}, ["xx...", "xxx..", ".xxx.", "..xxx", "...xx"]),
        ({"radius": 2}, ["xxx...", "xxxx..", "xxxxx.", ".xxxxx", "..xxxx", "...xxx"]),
    )
    causal: ClassVar[bool] = False
    n_pinned: ClassVar[int] = 0
    period: ClassVar[int] = 1
    is_band: ClassVar[bool] = True

    def __post_init__(self):
        self._set_whole("radius", at_least=0)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age <= self.radius) & (age >= -self.radius)

    def key_ranges(self, query_pos, kv_len):
        start = np.maximum(query_pos - self.radius, 0)
        return (KeyRange(start, np.minimum(query_pos + self.radius + 1, kv_len)),)

    @property
    def span(self):
        return Span(self.radius, self.radius)
