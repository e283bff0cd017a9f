"""Texts on which one can see what a window loses, and one on which it loses nothing.

As in `lessons/examples.py`, an example states its effect twice: as a sentence for the visitor, and
as numbers that a test measures anew on the real model.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Through a window of `window`, or in full attention, a token costs so many `bits`.

    It is the token `piece` at `position`, counted from 0; without them it is the mean of all.
    """

    window: int | None
    bits: float
    piece: str | None = None
    position: int | None = None


@dataclass(frozen=True)
class LimitsExample:
    """A text, the window to set, and what there is to see then."""

    name: str
    text: str
    window: int
    look: str
    effect: tuple[Costs, ...]


SHEPHERD = (
    "The LORD is my shepherd; I shall not want. He maketh me to lie down in green pastures. The "
    "LORD is my shepherd; I shall not want."
)
QUEEQUEG = (
    "Queequeg and I went on board. The mate was there, and the captain, and the carpenter. But "
    "nobody had seen Queequeg, and nobody asked for Queequeg."
)
SHIP = (
    '"Is he the captain of the ship?" said Stubb. "No," said Ahab, "he is not the captain of the '
    'ship."'
)
CALM = "The sun was low, and the sea was calm. The men sat on the deck, and said nothing."

EXAMPLES = (
    LimitsExample(
        "A verse that returns",
        SHEPHERD,
        4,
        "The verse stands there twice. In full attention the second *LORD* costs 1.5 bits. With "
        "W = 4 its first half is forgotten: 10.3 bits. With W = 32 it is in sight again: 1.5 bits.",
        (
            Costs(None, 1.5, " LORD", 28),
            Costs(4, 10.3, " LORD", 28),
            Costs(32, 1.5, " LORD", 28),
        ),
    ),
    LimitsExample(
        "A name",
        QUEEQUEG,
        8,
        "*Queequeg* is asked for at the end. With W = 8 the token *Q* costs 9.9 bits, as nobody of "
        "that name is in sight. With W = 16 it costs 4.4 bits, and in full attention 4.5 bits.",
        (Costs(8, 9.9, " Q", 42), Costs(16, 4.4, " Q", 42), Costs(None, 4.5, " Q", 42)),
    ),
    LimitsExample(
        "A question and its answer",
        SHIP,
        4,
        "The answer repeats the question. With W = 4 its *ship* costs 12.5 bits; with W = 8, which "
        "just shows *the captain of the*, 4.6 bits; in full attention 2.3 bits.",
        (Costs(4, 12.5, " ship", 30), Costs(8, 4.6, " ship", 30), Costs(None, 2.3, " ship", 30)),
    ),
    LimitsExample(
        "Nothing to remember",
        CALM,
        8,
        "Nothing in this text needs a token from far back. With W = 8 a token costs 4.4 bits on "
        "average, and in full attention 4.6 bits.",
        (Costs(8, 4.4), Costs(None, 4.6)),
    ),
)


def examples_payload() -> list[Mapping[str, object]]:
    """The examples as a menu in the browser reads them."""
    return [
        {"name": each.name, "text": each.text, "look": each.look, "values": {"window": each.window}}
        for each in EXAMPLES
    ]
