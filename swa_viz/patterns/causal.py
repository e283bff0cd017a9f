"""Full causal attention: everything before the query, the case without a window."""

from dataclasses import dataclass
from typing import ClassVar

from swa_viz.patterns.pattern import KeyRange, Pattern, Span


@dataclass(frozen=True)
class Causal(Pattern):
    """Full causal attention: a query reads itself and everything before it."""

    kind: ClassVar[str] = "causal"
    label: ClassVar[str] = "full causal"
    rule: ClassVar[str] = "age ≥ 0"
    place: ClassVar[int] = 99
    pictures = (({}, ["x...", "xx..", "xxx.", "xxxx"]),)
    span: ClassVar[Span] = Span(None)
    n_pinned: ClassVar[int] = 0
    period: ClassVar[int] = 1
    is_band: ClassVar[bool] = True

    def visible(self, query_pos, key_pos):
        return key_pos <= query_pos

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(0 * query_pos, query_pos + 1),)
