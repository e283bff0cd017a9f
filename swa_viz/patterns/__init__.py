"""THE rule: which keys may a query read?

Every pattern is a small frozen value that states its rule twice.  `visible` is the predicate, the
definition that people read.  `key_ranges` is the same set as a few ranges of positions, so that a
kernel can walk exactly the keys that are read and skip the rest.  The tests hold the two equal.

The window size W counts the keys that a query reads, itself included: 0 <= age < W, where
age = query_pos - key_pos.  Libraries disagree by one about this; `CONVENTIONS` translates.
"""

from swa_viz.patterns.causal import Causal
from swa_viz.patterns.centred import CentredWindow
from swa_viz.patterns.chunked import Chunked
from swa_viz.patterns.conventions import CONVENTIONS, Convention, from_convention
from swa_viz.patterns.dilated import DilatedWindow
from swa_viz.patterns.global_tokens import GlobalWindow
from swa_viz.patterns.mask import build_mask
from swa_viz.patterns.pattern import KeyRange, Pattern, whole_number
from swa_viz.patterns.sink import SinkWindow
from swa_viz.patterns.sliding import SlidingWindow

__all__ = [
    "CONVENTIONS",
    "Causal",
    "CentredWindow",
    "Chunked",
    "Convention",
    "DilatedWindow",
    "GlobalWindow",
    "KeyRange",
    "PATTERNS",
    "Pattern",
    "SinkWindow",
    "SlidingWindow",
    "build_mask",
    "from_convention",
    "whole_number",
]

PATTERNS: dict[str, type[Pattern]] = {
    "causal": Causal,
    "sliding": SlidingWindow,
    "centred": CentredWindow,
    "sink": SinkWindow,
    "global": GlobalWindow,
    "dilated": DilatedWindow,
    "chunked": Chunked,
}
