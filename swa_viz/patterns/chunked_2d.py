"""A picture cut into square chunks: Swin's windows, plain and shifted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import LARGEST, KeyRange, Pattern, Span
from swa_viz.patterns.settings import CHUNK, COLUMNS, ROWS, SHIFT


@dataclass(frozen=True)
class Chunked2D(Pattern):
    """A query reads the square chunk of the picture in which it stands, and nothing beyond it.

    The windows of Swin (arXiv 2103.14030, section 3.2), whose layers take turns: plain chunks, and
    chunks that begin `shift` rows and columns later, in Swin half a chunk, so that one layer joins
    what the other cuts apart.  Swin rolls the picture round and masks what does not belong
    together, which leaves the same keys: fewer in the chunks that the picture's border cuts off.

    The tokens are the places of the picture row by row.  A longer text is one picture after the
    other, and a query reads its own alone.
    """

    height: int
    width: int
    chunk_size: int
    shift: int = 0
    kind: ClassVar[str] = "chunked_2d"
    label: ClassVar[str] = "2-D chunks"
    rule: ClassVar[str] = "row and column in the same C × C chunk of the picture"
    place: ClassVar[int] = 10
    settings = (ROWS, COLUMNS, CHUNK, SHIFT)
    pictures = (
        (
            {"height": 2, "width": 4, "chunk_size": 2},
            [*["xx..xx..", "xx..xx..", "..xx..xx", "..xx..xx"] * 2],
        ),
        # Moved by one row and one column: four corners, four edges, and one whole chunk.
        (
            {"height": 3, "width": 3, "chunk_size": 2, "shift": 1},
            [
                "x........", ".xx......", ".xx......",
                "...x..x..", "....xx.xx", "....xx.xx",
                "...x..x..", "....xx.xx", "....xx.xx",
            ],
        ),
        # Two pictures of one row each, the second of which the text ends.
        (
            {"height": 1, "width": 4, "chunk_size": 3},
            ["xxx....", "xxx....", "xxx....", "...x...", "....xxx", "....xxx", "....xxx"],
        ),
        # Only what is left of the shift after whole chunks moves a border.
        ({"height": 1, "width": 4, "chunk_size": 2, "shift": 5}, ["x...", ".xx.", ".xx.", "...x"]),
    )  # fmt: skip
    causal: ClassVar[bool] = False
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        for name in ("height", "width", "chunk_size"):
            self._set_whole(name, at_least=1)
        self._set_whole("shift", at_least=0)
        if self.period > LARGEST:
            raise ValueError(
                f"height times width must be at most {LARGEST:,}, but it is {self.period:,}"
            )

    def visible(self, query_pos, key_pos):
        query_place, key_place = query_pos % self.period, key_pos % self.period
        return (
            (query_pos // self.period == key_pos // self.period)
            & self._together(query_place // self.width, key_place // self.width)
            & self._together(query_place % self.width, key_place % self.width)
        )

    def _together(self, query, key):
        """Along one side of the picture: in the same chunk?"""
        return (query - self.shift) // self.chunk_size == (key - self.shift) // self.chunk_size

    def _stretch(self, query, length):
        """Along one side of the picture: where the query's chunk begins and ends."""
        start = query - (query - self.shift) % self.chunk_size
        return np.maximum(start, 0), np.minimum(start + self.chunk_size, length)

    def key_ranges(self, query_pos, kv_len):
        """One range for each row of the chunk: the places in one row stand side by side."""
        place = query_pos % self.period
        top, bottom = self._stretch(place // self.width, self.height)
        left, right = self._stretch(place % self.width, self.width)
        corner = query_pos - place + top * self.width + left
        rows_in_text = (kv_len - 1) // self.width + 1
        found = []
        for each in range(min(self._largest(self.height), rows_in_text)):
            start = corner + each * self.width
            stop = np.minimum(start + right - left, kv_len)
            found.append(KeyRange(start, np.where(top + each < bottom, stop, start)))
        return tuple(found)

    def _largest(self, length: int) -> int:
        """The longest stretch that a side of the picture is cut into."""
        first = min(self.shift % self.chunk_size, length)
        return max(first, min(self.chunk_size, length - first))

    @property
    def span(self):
        """From one corner of the largest chunk to the opposite one."""
        across = (self._largest(self.height) - 1) * self.width + self._largest(self.width) - 1
        return Span(across, across)

    @property
    def period(self):
        return self.height * self.width
