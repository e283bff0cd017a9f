"""Read the header of a GGUF file, llama.cpp's format: what it says of its model, as plain data.

Only the beginning of a file is needed: the header comes first, and in it the model's sizes come
before its vocabulary.  A file may lie about every length in it, so nothing is read but what is
there, and nothing long is kept.  `config_reader.read_preset` reads what comes of it.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

# The types of values, by their numbers: as Python's `struct` knows them; 8 is text, 9 a list.
NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
TEXT, LIST = 8, 9
VERSIONS = (2, 3)
ENOUGH = 4_000_000  # bytes, of which a page needs no more
LONGEST_TEXT = 200
LONGEST_LIST = 1000


class EndOfData(Exception):
    """The bytes at hand end here."""


@dataclass
class Bytes:
    """Some bytes, and how far they have been read."""

    data: bytes
    at: int = 0

    def skip(self, length: int) -> None:
        """Go on.  Raises EndOfData where there are not so many bytes."""
        if length > len(self.data) - self.at:
            raise EndOfData
        self.at += length

    def number(self, form: str) -> int | float | bool:
        """One number.  Raises EndOfData."""
        start = self.at
        self.skip(struct.calcsize("<" + form))
        return struct.unpack_from("<" + form, self.data, start)[0]

    def text(self) -> str | None:
        """A text; None for one that is too long to be the name of anything."""
        length, start = self.number("Q"), self.at
        self.skip(length)
        if length > LONGEST_TEXT:
            return None
        return "".join(chr(c) if 32 <= c <= 126 else "?" for c in self.data[start : start + length])


def read_value(source: Bytes, kind: int) -> object:
    """A value; None for one that is too long to matter.

    Raises ValueError for a type that is unknown, and EndOfData.
    """
    if kind == TEXT:
        return source.text()
    if kind != LIST:
        if kind not in NUMBERS:
            raise ValueError(f"the file holds a value of the unknown type {kind}, so it is no GGUF")
        return source.number(NUMBERS[kind])
    return read_list(source, source.number("I"), source.number("Q"))


def read_list(source: Bytes, inner: int, length: int) -> list | None:
    """A list of values of one type; None for one that is too long to matter, and for one of texts.

    Raises ValueError for a type that is unknown, and EndOfData.
    """
    if inner == LIST:
        raise ValueError("the file holds lists of lists, which no model has")
    if inner != TEXT and length > LONGEST_LIST and inner in NUMBERS:
        source.skip(length * struct.calcsize("<" + NUMBERS[inner]))
        return None
    # Every entry takes a byte at least, so a length that is too large ends the data.
    length = min(length, len(source.data) + 1)
    if inner == TEXT:
        for _ in range(length):
            source.skip(source.number("Q"))
        return None
    return [read_value(source, inner) for _ in range(length)]


def read_pairs(source: Bytes, keep: Callable[[str, object], None]) -> None:
    """Read pairs of keys and values, and keep them.  Raises EndOfData and ValueError."""
    count = source.number("Q")
    for _ in range(min(count, len(source.data))):
        key = source.text()
        value = read_value(source, source.number("I"))
        if key is not None and value is not None:
            keep(key, value)


def read_gguf(data: bytes) -> dict[str, object]:
    """What the beginning of a GGUF file says of its model, {"general.architecture": ..., ...}.

    Raises ValueError, in one sentence, for other files and for one of which too little is there.
    """
    source, found = Bytes(data[:ENOUGH]), {}
    if data[:4] != b"GGUF":
        raise ValueError("the file is no GGUF: it does not begin with these four letters")
    source.at = 4
    try:
        version = source.number("I")
        if version not in VERSIONS:
            raise ValueError(
                "the file is a GGUF of another version than 2 or 3, or not little-endian"
            )
        source.number("Q")  # how many tensors
        read_pairs(source, found.__setitem__)
    except EndOfData:
        pass
    if not isinstance(found.get("general.architecture"), str):
        raise ValueError("the file ends before it says general.architecture")
    return found
