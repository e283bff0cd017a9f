"""Chunks whose borders are moved: for layers that alternate with plain chunks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import KeyRange, Pattern, Span
from swa_viz.patterns.settings import CHUNK, SHIFT


@dataclass(frozen=True)
class ShiftedChunks(Pattern):
    """A query reads its own chunk up to itself, and chunks begin at `shift`, `shift` + C, ...

    What one layer cuts apart, the next one joins, if plain chunks and chunks that are shifted by
    half their size take turns: the idea of Swin (arXiv 2103.14030, section 3.2), in one dimension.
    """

    chunk_size: int
    shift: int
    kind: ClassVar[str] = "shifted_chunks"
    label: ClassVar[str] = "shifted chunks"
    rule: ClassVar[str] = "age ≥ 0 and (key − shift) // C = (query − shift) // C"
    place: ClassVar[int] = 8
    settings = (CHUNK, SHIFT)
    pictures = (
        (
            {"chunk_size": 4, "shift": 2},
            ["x......", "xx.....", "..x....", "..xx...", "..xxx..", "..xxxx.", "......x"],
        ),
        ({"chunk_size": 2, "shift": 1}, ["x....", ".x...", ".xx..", "...x.", "...xx"]),
        ({"chunk_size": 3, "shift": 0}, ["x....", "xx...", "xxx..", "...x.", "...xx"]),
        # Only what is left of the shift after whole chunks moves a border.
        ({"chunk_size": 3, "shift": 7}, ["x....", ".x...", ".xx..", ".xxx.", "....x"]),
    )
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        self._set_whole("chunk_size", at_least=1)
        self._set_whole("shift", at_least=0)

    def visible(self, query_pos, key_pos):
        query_chunk = (query_pos - self.shift) // self.chunk_size
        key_chunk = (key_pos - self.shift) // self.chunk_size
        return (key_pos <= query_pos) & (key_chunk == query_chunk)

    def key_ranges(self, query_pos, kv_len):
        into_chunk = (query_pos - self.shift) % self.chunk_size
        return (KeyRange(np.maximum(query_pos - into_chunk, 0), query_pos + 1),)

    @property
    def span(self):
        return Span(self.chunk_size - 1)

    @property
    def period(self):
        return self.chunk_size
