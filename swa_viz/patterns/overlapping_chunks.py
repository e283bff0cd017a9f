"""Chunks that overlap: what "overlapping windows" means in many explanations."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import CHUNK, LONGEST, Setting


@dataclass(frozen=True)
class OverlappingChunks(Pattern):
    """A query reads its own chunk up to itself, and the last `overlap` tokens of the one before.

    So the first token of a chunk is not cut off from all before it, as it is in plain chunks
    (`overlap` = 0).  Compare the memory blocks of Image Transformer, arXiv 1802.05751, section 3.
    """

    chunk_size: int
    overlap: int = 1
    kind: ClassVar[str] = "overlapping_chunks"
    label: ClassVar[str] = "overlapping chunks"
    rule: ClassVar[str] = "age ≥ 0 and key ≥ start of the query's chunk − overlap"
    place: ClassVar[int] = 7
    settings = (CHUNK, Setting("overlap", "overlap", "Overlap", 2, 0, LONGEST, "tokens", 1, 8))
    pictures = (
        (
            {"chunk_size": 3, "overlap": 1},
            ["x......", "xx.....", "xxx....", "..xx...", "..xxx..", "..xxxx.", ".....xx"],
        ),
        (
            {"chunk_size": 2, "overlap": 2},
            ["x....", "xx...", "xxx..", "xxxx.", "..xxx"],
        ),
        ({"chunk_size": 2, "overlap": 0}, ["x....", "xx...", "..x..", "..xx.", "....x"]),
        # There is no more before than the chunk before.
        ({"chunk_size": 1, "overlap": 4}, ["x...", "xx..", ".xx.", "..xx"]),
    )
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        self._set_whole("chunk_size", at_least=1)
        self._set_whole("overlap", at_least=0)

    def visible(self, query_pos, key_pos):
        query_chunk, key_chunk = query_pos // self.chunk_size, key_pos // self.chunk_size
        at_its_end = key_pos % self.chunk_size >= self.chunk_size - self.overlap
        chunk_before = (key_chunk == query_chunk - 1) & at_its_end
        return (key_pos <= query_pos) & ((key_chunk == query_chunk) | chunk_before)

    def key_ranges(self, query_pos, kv_len):
        chunk_start = query_pos // self.chunk_size * self.chunk_size
        return (KeyRange(np.maximum(chunk_start - self._shared, 0), query_pos + 1),)

    @property
    def _shared(self) -> int:
        return min(self.overlap, self.chunk_size)

    @property
    def span(self):
        return Span(self.chunk_size - 1 + self._shared)

    @property
    def period(self):
        return self.chunk_size
