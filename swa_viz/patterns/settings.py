"""The numbers of a pattern that people choose on a page: one entry = one control.

Patterns that mean the same by a number share its entry, so it keeps its place and its value when
the pattern changes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A whole number that a control sets.

    `name` is the control's own, and that of its parameter in an address; `field` is the field of
    the pattern that it fills, empty where the pattern works it out otherwise.  `share_of_text` is
    how far the control goes, in lengths of the text, but at least to `goes_to`; 0 means: always to
    `at_most`.
    """

    name: str
    field: str
    label: str
    default: int
    at_least: int
    at_most: int
    unit: str = ""
    share_of_text: float = 0
    goes_to: int = 0


@dataclass(frozen=True)
class Choice:
    """One of a few words: `choices` maps the word in an address to the word on screen."""

    name: str
    label: str
    default: str
    choices: dict[str, str]

    def __hash__(self):
        return hash(self.name)


LONGEST = 512  # tokens: as many as a matrix on a page draws
WINDOW = Setting("window", "window_size", "Window W", 6, 1, LONGEST, "keys", 1, 16)
CHUNK = Setting("chunk", "chunk_size", "Chunk C", 6, 1, LONGEST, "tokens", 1, 16)
SHIFT = Setting("shift", "shift", "Shift", 3, 0, LONGEST, "tokens", 1, 8)
ROWS = Setting("height", "height", "Rows", 4, 1, LONGEST, "", 1, 8)
COLUMNS = Setting("width", "width", "Columns", 6, 1, LONGEST, "", 1, 8)
