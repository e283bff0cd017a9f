"""The window of pictures: a square of neighbours, whose tokens are read row by row."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from swa_viz.patterns.grid import Grid
from swa_viz.patterns.pattern import Pattern
from swa_viz.patterns.settings import COLUMNS, LONGEST, ROWS, Setting


@dataclass(frozen=True)
class Window2D(Grid, Pattern):
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

    def __post_init__(self):
        self._check_sides()
        for name in ("window", "dilation"):
            self._set_whole(name, at_least=1)
        if self.window % 2 == 0:
            raise ValueError(
                f"window must be odd (as many places on each side of the query), "
                f"but it is {self.window}; use {self.window + 1}"
            )

    def _near(self, query, key, length):
        """Near the query, or in the row of `window` places at a border.

        Where there is room on both sides, the second says nothing that the first does not.
        """
        can_meet = query % self.dilation == key % self.dilation
        n_places = (length - 1 - query % self.dilation) // self.dilation + 1
        query, key = query // self.dilation, key // self.dilation
        not_after = (key <= query + self.window // 2) | (key < self.window)
        not_before = (key >= query - self.window // 2) | (key >= n_places - self.window)
        return can_meet & not_after & not_before

    def _stretch(self, query, length):
        offset = query % self.dilation
        n_places = (length - 1 - offset) // self.dilation + 1
        n_read = np.minimum(self.window, n_places)
        first = np.clip(query // self.dilation - self.window // 2, 0, n_places - n_read)
        return first * self.dilation + offset, n_read

    def _most_read(self, length):
        return min(self.window, (length - 1) // self.dilation + 1)

    @property
    def step(self):
        return self.dilation
