"""A text that is a picture: what the patterns of pictures share.

Its tokens are the places of a grid, row by row.  A longer text is one picture after the other, and
a query reads its own alone.  The one idea: a query reads some rows of its picture and in each of
them the same columns, so a pattern has to say along one side only what is read there.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from swa_viz.patterns.pattern import LARGEST, KeyRange, Span


class Place(NamedTuple):
    """Where a token stands: the first token of its picture, and its row and column there."""

    picture: np.ndarray | int
    row: np.ndarray | int
    column: np.ndarray | int


class Grid:
    """Goes before `Pattern` among the bases of a pattern of pictures.

    The pattern says which places of a row, or of a column, a query reads: `_near` and, the same
    once more, `_stretch`.  `_most_read` is how many they are at most, and `step` leads from each of
    them to the next one.
    """

    height: int
    width: int
    step: int
    causal: ClassVar[bool] = False
    n_pinned: ClassVar[int] = 0

    def _near(self, query, key, length):
        """Along one side of so many places: does the query read the key?"""
        raise NotImplementedError

    def _stretch(self, query, length):
        """Along one side: the first place that a query reads, and how many."""
        raise NotImplementedError

    def _most_read(self, length: int) -> int:
        """How many places along one side a query reads at most."""
        raise NotImplementedError

    def _check_sides(self) -> None:
        """Raises ValueError for sides that no picture has."""
        for name in ("height", "width"):
            self._set_whole(name, at_least=1)
        if self.period > LARGEST:
            raise ValueError(
                f"height times width must be at most {LARGEST:,}, but it is {self.period:,}"
            )

    def _place(self, position) -> Place:
        """Where a token, or each of many, stands."""
        within = position % self.period
        return Place(position - within, within // self.width, within % self.width)

    def visible(self, query_pos, key_pos):
        query, key = self._place(query_pos), self._place(key_pos)
        return (
            (query.picture == key.picture)
            & self._near(query.row, key.row, self.height)
            & self._near(query.column, key.column, self.width)
        )

    def key_ranges(self, query_pos, kv_len):
        """One range for each row that is read: the places in one row stand side by side."""
        place = self._place(query_pos)
        top, n_rows = self._stretch(place.row, self.height)
        left, n_columns = self._stretch(place.column, self.width)
        corner = place.picture + top * self.width + left
        length = (n_columns - 1) * self.step + 1
        rows_in_text = (kv_len - 1) // (self.width * self.step) + 1
        found = []
        for each in range(min(self._most_read(self.height), rows_in_text)):
            start = corner + each * self.step * self.width
            stop = np.minimum(start + length, kv_len)
            found.append(KeyRange(start, np.where(each < n_rows, stop, start), self.step))
        return tuple(found)

    @property
    def span(self):
        """From one corner of the largest rectangle to the opposite one."""
        rows, columns = self._most_read(self.height), self._most_read(self.width)
        across = ((rows - 1) * self.width + columns - 1) * self.step
        return Span(across, across)

    @property
    def period(self):
        """The places of one picture."""
        return self.height * self.width
