"""A picture cut into square chunks: Swin's windows, plain and shifted."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.grid import Grid
from swa_viz.patterns.pattern import Pattern
from swa_viz.patterns.settings import CHUNK, COLUMNS, ROWS, SHIFT


@dataclass(frozen=True)
class Chunked2D(Grid, Pattern):
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
    step: ClassVar[int] = 1

    def __post_init__(self):
        self._check_sides()
        self._set_whole("chunk_size", at_least=1)
        self._set_whole("shift", at_least=0)

    def _near(self, query, key, length):
        """In the same chunk?"""
        return (query - self.shift) // self.chunk_size == (key - self.shift) // self.chunk_size

    def _stretch(self, query, length):
        start = query - (query - self.shift) % self.chunk_size
        first = np.maximum(start, 0)
        return first, np.minimum(start + self.chunk_size, length) - first

    def _most_read(self, length):
        """The longest stretch that a side of the picture is cut into."""
        first = min(self.shift % self.chunk_size, length)
        return max(first, min(self.chunk_size, length - first))
