"""Full causal attention: everything before the query, the case without a window."""

from dataclasses import dataclass
from typing import ClassVar

from swa_viz.patterns.pattern import KeyRange, Pattern


@dataclass(frozen=True)
class Causal(Pattern):
    """Full causal attention: a query reads itself and everything before it."""

    label: ClassVar[str] = "full causal"
    rule: ClassVar[str] = "age ≥ 0"

    def visible(self, query_pos, key_pos):
        return key_pos <= query_pos

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(0 * query_pos, query_pos + 1),)
