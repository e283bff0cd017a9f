"""A window and a few global tokens, which read everything and which everyone reads."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.centred import CentredWindow
from swa_viz.patterns.pattern import LARGEST, Kept, KeyRange, Pattern, whole_number
from swa_viz.patterns.settings import LONGEST, WINDOW, Choice, Setting
from swa_viz.patterns.sliding import SlidingWindow


@dataclass(frozen=True)
class GlobalWindow(Pattern):
    """A window plus chosen positions that read everything and that everyone reads.

    Symmetric and centred as in Longformer (arXiv 2004.05150) when `causal` is False: `window_size`
    is then the whole width and must be odd.  In a causal decoder the future stays hidden: a global
    position is read by every later query, and reads everything before it.
    """

    window_size: int
    global_positions: tuple[int, ...] = (0,)
    causal: bool = True
    kind: ClassVar[str] = "global"
    label: ClassVar[str] = "window + global tokens"
    rule: ClassVar[str] = "in the window, or the query or the key is global"
    place: ClassVar[int] = 4
    settings = (
        WINDOW,
        Setting("global", "", "Global token", 1, 1, LONGEST, "", 1),
        Setting("second", "", "Second global", 0, 0, LONGEST, "", 1),
        Choice("sides", "Looks", "back", {"back": "back", "both": "both ways"}),
    )
    pictures = (
        (
            {"window_size": 2, "global_positions": (0,)},
            ["x....", "xx...", "xxx..", "x.xx.", "x..xx"],
        ),
        (
            {"window_size": 2, "global_positions": (2,)},
            ["x....", "xx...", "xxx..", "..xx.", "..xxx"],
        ),
        (
            {"window_size": 1, "global_positions": (1, 3)},
            ["x....", "xx...", ".xx..", "xxxx.", ".x.xx"],
        ),
        ({"window_size": 1, "causal": False}, ["xxxx", "xx..", "x.x.", "x..x"]),
        (
            {"window_size": 3, "global_positions": (3,), "causal": False},
            ["xx.x.", "xxxx.", ".xxx.", "xxxxx", "...xx"],
        ),
        ({"window_size": 2, "global_positions": ()}, ["x...", "xx..", ".xx.", "..xx"]),
    )
    period: ClassVar[int] = 1

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)
        if not isinstance(self.causal, bool | np.bool_):
            raise ValueError(f"causal must be True or False, but it is {self.causal!r}")
        object.__setattr__(self, "causal", bool(self.causal))
        if not self.causal and self.window_size % 2 == 0:
            raise ValueError(
                f"a centred window_size must be odd (as many keys on each side of the query), "
                f"but it is {self.window_size}; use {self.window_size + 1}, or causal=True"
            )
        try:
            given = tuple(self.global_positions)
        except TypeError:
            message = f"global_positions must list positions, but it is {self.global_positions!r}"
            raise ValueError(message) from None
        positions = {whole_number(g, "a global position", 0, LARGEST - 1) for g in given}
        object.__setattr__(self, "global_positions", tuple(sorted(positions)))

    @property
    def window(self) -> SlidingWindow | CentredWindow:
        """The local part of the rule."""
        causal = self.causal
        return SlidingWindow(self.window_size) if causal else CentredWindow(self.window_size // 2)

    def visible(self, query_pos, key_pos):
        seen = self.window.visible(query_pos, key_pos)
        for position in self.global_positions:
            seen = seen | (query_pos == position) | (key_pos == position)
        return seen & (key_pos <= query_pos) if self.causal else seen

    def _stretch(self, query_pos, kv_len):
        """What a query reads side by side: start, stop, and the stop of all that it may read."""
        (window,) = self.window.key_ranges(query_pos, kv_len)
        stop_all = query_pos + 1 if self.causal else kv_len + 0 * query_pos
        is_global = np.isin(query_pos, self.global_positions)
        start = np.where(is_global, 0, window.start)
        return start, np.where(is_global, stop_all, window.stop), stop_all

    def key_ranges(self, query_pos, kv_len):
        start, stop, stop_all = self._stretch(query_pos, kv_len)
        lone = [
            KeyRange(
                g + 0 * start, np.where((g < start) | ((g >= stop) & (g < stop_all)), g + 1, g)
            )
            for g in self.global_positions
        ]
        return (KeyRange(start, stop), *lone)

    def keys_per_query(self, query_pos, kv_len):
        """The neighbours, and the global positions on both sides of them: not range by range."""
        start, stop, stop_all = self._stretch(query_pos, kv_len)
        before, until, in_all = np.searchsorted(self.global_positions, (start, stop, stop_all))
        return stop - start + before + in_all - until

    def read_by_any(self, query_pos, kv_len):
        """What the neighbours' windows cover, and every global position that somebody may read."""
        seen = self.window.read_by_any(query_pos, kv_len)
        shared = np.array(self.global_positions, dtype=np.int64)
        stop_all = query_pos.max(initial=-1) + 1 if self.causal else kv_len * bool(query_pos.size)
        seen[shared[shared < stop_all]] = True
        readers = query_pos[np.isin(query_pos, shared)]
        seen[: readers.max(initial=-1) + 1 if self.causal else kv_len * bool(readers.size)] = True
        return seen

    @property
    def span(self):
        return self.window.span

    @property
    def n_pinned(self):
        return self.global_positions[-1] + 1 if self.global_positions else 0

    # A global position may still lie ahead and will then read everything: nothing is forgotten.
    @property
    def kept(self):
        return Kept(0, None)
