"""THE rule: which keys may a query read?

Every pattern is a small frozen value that states its rule twice.  `visible` is the predicate, the
definition that people read.  `key_ranges` is the same set as a few ranges of positions, so that a
kernel can walk exactly the keys that are read and skip the rest.  The tests hold the two equal.

The window size W counts the keys that a query reads, itself included: 0 <= age < W, where
age = query_pos - key_pos.  Libraries disagree by one about this; `CONVENTIONS` translates.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from swa_viz.conventions import CONVENTIONS
from swa_viz.rule import KeyRange, Pattern, whole_number
from swa_viz.shapes import Bool, Tensor


@dataclass(frozen=True)
class Causal(Pattern):
    """Full causal attention: a query reads itself and everything before it."""

    label: ClassVar[str] = "full causal"
    rule: ClassVar[str] = "age ≥ 0"

    def visible(self, query_pos, key_pos):
        return key_pos <= query_pos

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(0 * query_pos, query_pos + 1),)


@dataclass(frozen=True)
class SlidingWindow(Pattern):
    """A query reads the last `window_size` tokens, itself included (Mistral 7B, arXiv 2310.06825).

    >>> build_mask(SlidingWindow(2), 3, 3).int()
    tensor([[1, 0, 0],
            [1, 1, 0],
            [0, 1, 1]], dtype=torch.int32)
    """

    window_size: int
    label: ClassVar[str] = "sliding window"
    rule: ClassVar[str] = "0 ≤ age < W"

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)

    def visible(self, query_pos, key_pos):
        age = query_pos - key_pos
        return (age >= 0) & (age < self.window_size)

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(np.maximum(query_pos - self.window_size + 1, 0), query_pos + 1),)


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


@dataclass(frozen=True)
class SinkWindow(Pattern):
    """A sliding window that also keeps the first tokens (StreamingLLM, arXiv 2309.17453)."""

    window_size: int
    n_sink_tokens: int = 1
    label: ClassVar[str] = "window + sinks"
    rule: ClassVar[str] = "0 ≤ age < W, or one of the first S tokens"

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
    label: ClassVar[str] = "window + global tokens"
    rule: ClassVar[str] = "in the window, or the query or the key is global"

    def __post_init__(self):
        self._set_whole("window_size", at_least=1)
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
        positions = {whole_number(position, "a global position", at_least=0) for position in given}
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

    def key_ranges(self, query_pos, kv_len):
        (window,) = self.window.key_ranges(query_pos, kv_len)
        stop_all = query_pos + 1 if self.causal else kv_len + 0 * query_pos
        is_global = np.isin(query_pos, self.global_positions)
        start = np.where(is_global, 0, window.start)
        stop = np.where(is_global, stop_all, window.stop)
        lone = [
            KeyRange(
                g + 0 * start, np.where((g < start) | ((g >= stop) & (g < stop_all)), g + 1, g)
            )
            for g in self.global_positions
        ]
        return (KeyRange(start, stop), *lone)


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


@dataclass(frozen=True)
class Chunked(Pattern):
    """A query reads its own chunk up to itself (Llama 4): cut off at borders, not sliding."""

    chunk_size: int
    label: ClassVar[str] = "chunks"
    rule: ClassVar[str] = "age ≥ 0 and key // C = query // C"

    def __post_init__(self):
        self._set_whole("chunk_size", at_least=1)

    def visible(self, query_pos, key_pos):
        same_chunk = query_pos // self.chunk_size == key_pos // self.chunk_size
        return (key_pos <= query_pos) & same_chunk

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(query_pos // self.chunk_size * self.chunk_size, query_pos + 1),)


PATTERNS: dict[str, type[Pattern]] = {
    "causal": Causal,
    "sliding": SlidingWindow,
    "centred": CentredWindow,
    "sink": SinkWindow,
    "global": GlobalWindow,
    "dilated": DilatedWindow,
    "chunked": Chunked,
}


def build_mask(pattern: Pattern, q_len: int, kv_len: int) -> Bool[Tensor, "{q_len} {kv_len}"]:
    """Draw the rule: row i is a query, column j a key, True where it may attend.

    The queries are the last `q_len` of the `kv_len` positions, so the bottom right corner is the
    newest token reading itself.

    Raises ValueError if the lengths are not 1 <= q_len <= kv_len.
    """
    q_len = whole_number(q_len, "q_len", at_least=1)
    kv_len = whole_number(kv_len, "kv_len", at_least=1)
    if q_len > kv_len:
        raise ValueError(f"q_len must be at most kv_len ({kv_len}), but it is {q_len}")
    query_pos = torch.arange(kv_len - q_len, kv_len)[:, None]
    return pattern.visible(query_pos, torch.arange(kv_len)[None, :])


def from_convention(n: int, convention: str) -> Pattern:
    """Translate another program's window number into a pattern.

    >>> from_convention(8, "flash_attention")        # (8, 0) reads the query and 8 keys before it
    SlidingWindow(window_size=9)

    Raises ValueError for an unknown convention, a number below 1 (several programs use 0 or -1 for
    "no window": say `Causal()` instead) and, where n is split into two sides, an odd number.
    """
    if convention not in CONVENTIONS:
        known = ", ".join(CONVENTIONS)
        raise ValueError(f"unknown convention {convention!r}; known are {known}")
    entry = CONVENTIONS[convention]
    n = whole_number(n, f"the window number of {convention}", at_least=1)
    if n % entry.n_per_unit:
        raise ValueError(f"{convention} splits its window number in two, so it must be even: {n}")
    if entry.centred:
        return CentredWindow(n // entry.n_per_unit)
    return SlidingWindow(n + entry.extra_keys)
