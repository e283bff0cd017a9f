"""A sliding window and the first tokens, which stay visible for ever: attention sinks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import WINDOW, Setting


@dataclass(frozen=True)
class SinkWindow(Pattern):
    """A sliding window that also keeps the first tokens (StreamingLLM, arXiv 2309.17453)."""

    window_size: int
    n_sink_tokens: int = 1
    kind: ClassVar[str] = "sink"
    label: ClassVar[str] = "window + sinks"
    rule: ClassVar[str] = "0 ≤ age < W, or one of the first S tokens"
    place: ClassVar[int] = 3
    settings = (WINDOW, Setting("sinks", "n_sink_tokens", "Sink tokens S", 1, 0, 16, "tokens"))
    pictures = (
        ({"window_size": 2, "n_sink_tokens": 1}, ["x....", "xx...", "xxx..", "x.xx.", "x..xx"]),
        ({"window_size": 1, "n_sink_tokens": 2}, ["x....", "xx...", "xxx..", "xx.x.", "xx..x"]),
        ({"window_size": 2, "n_sink_tokens": 0}, ["x....", "xx...", ".xx..", "..xx.", "...xx"]),
    )
    period: ClassVar[int] = 1

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)
        self._set_whole("n_sink_tokens", at_least=0)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age >= 0) & ((age < self.window_size) | (key_pos < self.n_sink_tokens))

    def key_ranges(self, query_pos, kv_len):
        window_start = np.maximum(query_pos - self.window_size + 1, 0)
        sinks_stop = np.minimum(window_start, self.n_sink_tokens)
        return (KeyRange(0 * query_pos, sinks_stop), KeyRange(window_start, query_pos + 1))

    @property
    def span(self):
        return Span(self.window_size - 1)

    @property
    def n_pinned(self):
        return self.n_sink_tokens
