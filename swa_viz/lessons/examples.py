"""Texts on which a window does something that one can see, each with what to look for.

An example states its effect twice: as a sentence for the visitor, and as shares that a test
computes anew with the real model.  A share that the sentence names stands in the data too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from swa_viz.patterns import Causal, Pattern, SlidingWindow

FULL = Causal()


@dataclass(frozen=True)
class Expected:
    """What the model expects after the text, with `pattern` in every layer.

    The token `piece` gets `percent` of the probability, rounded to a whole number; None means that
    it is not among the ten likeliest.  `first` says that it is the likeliest of all.
    """

    pattern: Pattern
    piece: str
    percent: int | None
    first: bool = False


@dataclass(frozen=True)
class Example:
    """A text, the window to set, and what there is to see then.

    `name` is what a menu calls it; `look` is a few plain sentences, with tokens between asterisks.
    """

    name: str
    text: str
    window: int
    look: str
    effect: tuple[Expected, ...]


EXAMPLES = (
    Example(
        "A word from the sentence before",
        "He put the money in the bank. Later he took the money out of the",
        4,
        "With full attention *bank* comes first, with 7 %. With W = 4 *bank* is not among the ten "
        "likeliest, and *money* comes first. With W = 2 the model expects *United*.",
        (
            Expected(FULL, " bank", 7, first=True),
            Expected(SlidingWindow(4), " bank", None),
            Expected(SlidingWindow(4), " money", 11, first=True),
            Expected(SlidingWindow(2), " United", 10, first=True),
        ),
    ),
    Example(
        "A name that repeats",
        "Moby Dick! Moby Dick! Moby Dick! Moby",
        2,
        "The model expects *D*, as in Dick, with 94 % in full attention and with 85 % when W = 4. "
        "With W = 2 each layer reads only *ob* and *y*, and 13 % are left.",
        (
            Expected(FULL, " D", 94, first=True),
            Expected(SlidingWindow(4), " D", 85, first=True),
            Expected(SlidingWindow(2), " D", 13),
        ),
    ),
    Example(
        "A surname from the sentence before",
        "My name is Elizabeth Bennet. Her name is Elizabeth",
        4,
        "With full attention the model expects *B*, as in Bennet, with 19 %. With W = 4 a layer "
        "reads only the four pieces of Elizabeth, and *B* is not among the ten likeliest.",
        (
            Expected(FULL, " B", 19, first=True),
            Expected(SlidingWindow(4), " B", None),
            Expected(SlidingWindow(4), ".", 32, first=True),
        ),
    ),
    Example(
        "A bracket that must close",
        "The whale (a large white whale",
        4,
        "The bracket opens four tokens before the last one, so W = 5 just reads it. With W = 5 the "
        "model closes it with 76 %. With W = 4 closing it is not among the ten likeliest.",
        (
            Expected(FULL, "),", 78, first=True),
            Expected(SlidingWindow(5), "),", 76, first=True),
            Expected(SlidingWindow(4), "),", None),
        ),
    ),
    Example(
        "A quotation that must close",
        'the so-called "magic cookie',
        6,
        "The quotation mark stands six tokens before the last one. With W = 7 the model closes the "
        "quotation with 81 %. With W = 6 the mark is no longer among the ten likeliest.",
        (
            Expected(FULL, '"', 79, first=True),
            Expected(SlidingWindow(7), '"', 81, first=True),
            Expected(SlidingWindow(6), '"', None),
        ),
    ),
    Example(
        "A question in quotation marks",
        '"Is he the captain of the ship?" said Stubb. "Is he the captain of the ship',
        4,
        'With full attention *?"* comes first, with 61 %. With W = 8 the opening mark is hidden, '
        "and *?* alone comes first. With W = 4 *he* is hidden too, and a comma comes first.",
        (
            Expected(FULL, '?"', 61, first=True),
            Expected(SlidingWindow(8), "?", 49, first=True),
            Expected(SlidingWindow(4), ",", 39, first=True),
            Expected(SlidingWindow(4), '?"', None),
        ),
    ),
    Example(
        "A term that is repeated",
        "The term 'magic number' means a 'magic",
        4,
        "With full attention the model repeats *number*, with 79 %. With W = 4 it still reads the "
        "quotation mark, but not the term: it closes the quotation instead, with 92 %.",
        (
            Expected(FULL, " number", 79, first=True),
            Expected(SlidingWindow(8), " number", 83, first=True),
            Expected(SlidingWindow(4), "'", 92, first=True),
        ),
    ),
    Example(
        "A list that repeats",
        "The Hittites, and the Amorites, and the Canaanites, and the Hittites, and the",
        4,
        "After the Hittites the list names the Amorites. Full attention expects *Am* first, with "
        "21 %. With W = 4 *Am* is not among the ten likeliest, and *children* comes first.",
        (
            Expected(FULL, " Am", 21, first=True),
            Expected(SlidingWindow(4), " Am", None),
            Expected(SlidingWindow(4), " children", 5, first=True),
        ),
    ),
    Example(
        "A verse",
        "Hear, O Israel: The LORD our God is one LORD. Hear, O Israel: The LORD our God is one",
        2,
        "The verse is said twice. With full attention *God* comes first, with 33 %. With W = 4 "
        "*of* comes first and *God* gets 12 %; with W = 2 *God* gets 4 %.",
        (
            Expected(FULL, " God", 33, first=True),
            Expected(SlidingWindow(4), " of", 16, first=True),
            Expected(SlidingWindow(4), " God", 12),
            Expected(SlidingWindow(2), " God", 4),
        ),
    ),
    Example(
        "One key more or less",
        "The king and the queen sat on the throne. The king and the",
        2,
        "The word *king* stands two tokens before the last one. With W = 3 it is read, and gets "
        "37 % as the next word. With W = 2 it is hidden, and gets 1 %.",
        (
            Expected(FULL, " king", 38, first=True),
            Expected(SlidingWindow(3), " king", 37, first=True),
            Expected(SlidingWindow(2), " king", 1),
        ),
    ),
    Example(
        "Where the window changes nothing",
        "The Congress met, and the President spoke to the people of the United",
        2,
        "Not every prediction needs a long view. *States* comes first with 99 % in full attention, "
        "and with 98 % even when W = 2: the last two tokens are enough.",
        (
            Expected(FULL, " States", 99, first=True),
            Expected(SlidingWindow(2), " States", 98, first=True),
        ),
    ),
)


def examples_payload() -> list[Mapping[str, object]]:
    """The examples as a menu in the browser reads them."""
    return [
        {
            "name": each.name,
            "text": each.text,
            "look": each.look,
            "values": {"window": each.window},
        }
        for each in EXAMPLES
    ]
