"""The window of pictures: a square of neighbours, whose tokens are read row by row."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.pattern import LARGEST, KeyRange, Pattern, Span
from swa_viz.patterns.settings import COLUMNS, LONGEST, ROWS, Setting


@dataclass(frozen=True)
class Window2D(Pattern):
    """A query reads the `window` x `window` square around its place in a grid of tokens.

    The tokens are pixels or patches of a picture, row by row.  At a border the square is moved
    inside instead of cut off, so that every query reads as many keys as any other: this is NATTEN's
    rule (arXiv 2204.07143), and there is no padding with zeros.  As there, `window` is odd, for
    the query stands in the middle.  A side of the grid that is shorter is read whole.

    With a `dilation` of d the square takes every d-th place of its row and of its column, and stays
    inside among the places that it can take (arXiv 2209.15001).

    A text longer than the grid is one picture after the other, and a query reads its own alone.
    """

    height: int
    width: int
    window: int
    dilation: int = 1
    kind: ClassVar[str] = "window_2d"
    label: ClassVar[str] = "2-D window"
    rule: ClassVar[str] = "row and column in the k × k square around the query, moved inside"
    place: ClassVar[int] = 9
    settings = (
        ROWS,
        COLUMNS,
        Setting("around", "", "Around r", 1, 0, LONGEST // 2 - 1, "", 0.25, 4),
        Setting("spacing", "dilation", "Spacing d", 1, 1, 16),
    )
    pictures = (
        # Nine places.  The square is the whole grid, wherever the query stands.
        ({"height": 3, "width": 3, "window": 3}, ["xxxxxxxxx"] * 9),
        # Two pictures of 2 x 4: at a border the square is moved inside its own picture.
        (
            {"height": 2, "width": 4, "window": 3},
            [
                *["xxx.xxx.........", "xxx.xxx.........", ".xxx.xxx........", ".xxx.xxx........"]
                * 2,
                *["........xxx.xxx.", "........xxx.xxx.", ".........xxx.xxx", ".........xxx.xxx"]
                * 2,
            ],
        ),
        # The text ends inside its second row.
        ({"height": 4, "width": 3, "window": 3}, ["xxxxx"] * 5),
        ({"height": 2, "width": 2, "window": 1}, ["x....", ".x...", "..x..", "...x.", "....x"]),
        # Every second place: those of even and those of odd number never meet.
        (
            {"height": 1, "width": 7, "window": 3, "dilation": 2},
            ["x.x.x..", ".x.x.x.", "x.x.x..", ".x.x.x.", "..x.x.x", ".x.x.x.", "..x.x.x"],
        ),
    )
    causal: ClassVar[bool] = False
    n_pinned: ClassVar[int] = 0

    def __post_init__(self):
        for name in ("height", "width", "window", "dilation"):
            self._set_whole(name, at_least=1)
        if self.window % 2 == 0:
            raise ValueError(
                f"window must be odd (as many places on each side of the query), "
                f"but it is {self.window}; use {self.window + 1}"
            )
        if self.period > LARGEST:
            raise ValueError(
                f"height times width must be at most {LARGEST:,}, but it is {self.period:,}"
            )

    def visible(self, query_pos, key_pos):
        query_place, key_place = query_pos % self.period, key_pos % self.period
        return (
            (query_pos // self.period == key_pos // self.period)
            & self._near(query_place // self.width, key_place // self.width, self.height)
            & self._near(query_place % self.width, key_place % self.width, self.width)
        )

    def _near(self, query, key, length):
        """Along one side: near the query, or in the row of `window` places at a border.

        Where there is room on both sides, the second says nothing that the first does not.
        """
        can_meet = query % self.dilation == key % self.dilation
        n_places = (length - 1 - query % self.dilation) // self.dilation + 1
        query, key = query // self.dilation, key // self.dilation
        not_after = (key <= query + self.window // 2) | (key < self.window)
        not_before = (key >= query - self.window // 2) | (key >= n_places - self.window)
        return can_meet & not_after & not_before

    def _stretch(self, query, length):
        """Along one side of the grid: the first place that a query reads, and how many."""
        offset = query % self.dilation
        n_places = (length - 1 - offset) // self.dilation + 1
        n_read = np.minimum(self.window, n_places)
        first = np.clip(query // self.dilation - self.window // 2, 0, n_places - n_read)
        return first * self.dilation + offset, n_read

    def key_ranges(self, query_pos, kv_len):
        """One range for each row of the square: the places in one row stand side by side."""
        place = query_pos % self.period
        row, n_rows = self._stretch(place // self.width, self.height)
        column, n_columns = self._stretch(place % self.width, self.width)
        corner = query_pos - place + row * self.width + column
        length = (n_columns - 1) * self.dilation + 1
        rows_in_text = (kv_len - 1) // (self.width * self.dilation) + 1
        found = []
        for each in range(min(self._most_read(self.height), rows_in_text)):
            start = corner + each * self.dilation * self.width
            stop = np.minimum(start + length, kv_len)
            found.append(KeyRange(start, np.where(each < n_rows, stop, start), self.dilation))
        return tuple(found)

    def _most_read(self, length: int) -> int:
        """How many places along one side a query reads at most."""
        return min(self.window, (length - 1) // self.dilation + 1)

    @property
    def span(self):
        """From one corner of the largest square to the opposite one."""
        rows, columns = self._most_read(self.height), self._most_read(self.width)
        across = ((rows - 1) * self.width + columns - 1) * self.dilation
        return Span(across, across)

    @property
    def period(self):
        return self.height * self.width
