"""Chunks: fixed pieces of the text that do not see each other."""

from dataclasses import dataclass
from typing import ClassVar

from swa_viz.patterns.pattern import KeyRange, Pattern


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
