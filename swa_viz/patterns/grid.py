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

    def _square(self, place: Place):
        """The first row that a query reads and how many, the first column and how many."""
        return *self._stretch(place.row, self.height), *self._stretch(place.column, self.width)

    def each_range(self, query_pos, kv_len):
        """One range for each row that is read: the places in one row stand side by side."""
        place = self._place(query_pos)
        top, n_rows, left, n_columns = self._square(place)
        corner = place.picture + top * self.width + left
        length = (n_columns - 1) * self.step + 1
        rows_in_text = (kv_len - 1) // (self.width * self.step) + 1
        for each in range(min(self._most_read(self.height), rows_in_text)):
            start = corner + each * self.step * self.width
            stop = np.minimum(start + length, kv_len)
            yield KeyRange(start, np.where(each < n_rows, stop, start), self.step)

    def key_ranges(self, query_pos, kv_len):
        return tuple(self.each_range(query_pos, kv_len))

    def keys_per_query(self, query_pos, kv_len):
        """Whole rows, and the row in which the text ends: not range by range."""
        place = self._place(query_pos)
        top, n_rows, left, n_columns = self._square(place)
        whole_rows, rest = np.divmod(kv_len - place.picture, self.width)
        n_whole = np.clip(-((top - whole_rows) // self.step), 0, n_rows)
        n_rest = np.clip(-((left - rest) // self.step), 0, n_columns)
        reads_last = (n_whole < n_rows) & ((whole_rows - top) % self.step == 0)
        return n_whole * n_columns + np.where(reads_last, n_rest, 0)

    def read_by_any(self, query_pos, kv_len):
        """As for a range, but along both sides: every square opens and closes at its corners."""
        place = self._place(query_pos)
        top, n_rows, left, n_columns = self._square(place)
        height, width = min(self.height, -(-kv_len // self.width)), min(self.width, kv_len)
        down, across = min(self.step, height), min(self.step, width)
        bottom = top + down * np.minimum(n_rows, -((top - height) // down))
        right = left + across * np.minimum(n_columns, -((left - width) // across))
        picture, n_pictures = place.picture // self.period, -(-kv_len // self.period)
        rows, columns = height // down + 2, width // across + 2
        edges = np.zeros((n_pictures, rows, down, columns, across), dtype=np.int64)
        for row, column, sign in (
            (top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)
        ):  # fmt: skip
            corners = (*np.divmod(row, down), *np.divmod(column, across))
            np.add.at(edges, (picture, *corners), sign)
        inside = edges.cumsum(axis=1).cumsum(axis=3) > 0
        pictures = inside.reshape(n_pictures, rows * down, columns * across)
        return pictures[:, :height, :width].ravel()[:kv_len]

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
