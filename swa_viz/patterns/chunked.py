"""Chunks: fixed pieces of the text that do not see each other."""

from dataclasses import dataclass
from typing import ClassVar

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import CHUNK


@dataclass(frozen=True)
class Chunked(Pattern):
    """A query reads its own chunk up to itself (Llama 4): cut off at borders, not sliding."""

    chunk_size: int
    kind: ClassVar[str] = "chunked"
    label: ClassVar[str] = "chunks"
    rule: ClassVar[str] = "age ≥ 0 and key // C = query // C"
    place: ClassVar[int] = 6
    settings = (CHUNK,)
    pictures = (
        ({"chunk_size": 2}, ["x....", "xx...", "..x..", "..xx.", "....x"]),
        ({"chunk_size": 3}, ["x....", "xx...", "xxx..", "...x.", "...xx"]),
    )
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        self._set_whole("chunk_size", at_least=1)

    def visible(self, query_pos, key_pos):
        same_chunk = query_pos // self.chunk_size == key_pos // self.chunk_size
        return (key_pos <= query_pos) & same_chunk

    def key_ranges(self, query_pos, kv_len):
        return (KeyRange(query_pos // self.chunk_size * self.chunk_size, query_pos + 1),)

    @property
    def span(self):
        return Span(self.chunk_size - 1)

    @property
    def period(self):
        return self.chunk_size
