"""Texts and stacks of layers on which one can see what reach is, and what influence makes of it.

As in `lessons/examples.py`, an example states its effect twice: as a sentence for the visitor, and
as numbers that a test measures anew on the real model.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Stack:
    """The first `n_layers` layers, a letter of `schedule` for each; "w" is a window of `window`."""

    window: int
    n_layers: int
    schedule: str = "w"

    @property
    def own(self) -> dict[str, str]:
        """The knob that the letters set, if they are not those of plain windows."""
        return {} if self.schedule == "w" else {"schedule": self.schedule}

    @property
    def letters(self) -> str:
        """A letter for each layer: one letter stands for all of them."""
        return self.schedule * self.n_layers if len(self.schedule) == 1 else self.schedule


@dataclass(frozen=True)
class Share:
    """The token `piece`, so many tokens `back`, has `percent` of the influence on the last one."""

    stack: Stack
    piece: str
    back: int
    percent: int


@dataclass(frozen=True)
class Nearest:
    """So many of the nearest tokens carry 90 % of the influence, and so many are in reach."""

    stack: Stack
    tokens: int
    reach: int


@dataclass(frozen=True)
class LayersExample:
    """A text, the stack to set, and what there is to see then."""

    name: str
    text: str
    stack: Stack
    look: str
    effect: tuple[Share | Nearest, ...]


KING = "The king and the queen sat on the throne. The king and the"
BANK = "He put the money in the bank. Later he took the money out of the"
SHIP = '"Is he the captain of the ship?" said Stubb. "Is he the captain of the ship'
VERSE = "Hear, O Israel: The LORD our God is one LORD. Hear, O Israel: The LORD our God is one"

EXAMPLES = (
    LayersExample(
        "What a second layer adds",
        KING,
        Stack(4, 2),
        "The full stop stands 4 tokens back. With W = 4 one layer cannot read it: its influence is "
        "0 %. Set L = 1 to see that. With L = 2 a token between both passes it on, and it has 5 %.",
        (Share(Stack(4, 1), ".", 4, 0), Share(Stack(4, 2), ".", 4, 5)),
    ),
    LayersExample(
        "Within reach, and hardly heard",
        BANK,
        Stack(4, 6),
        "*bank* stands 10 tokens back. With W = 4 it takes 4 layers to reach it: with L = 6 it is "
        "within reach, and has 1 % of the influence. With W = 12 each layer reads it directly, and "
        "it has 18 %, the most of all tokens.",
        (
            Share(Stack(4, 3), " bank", 10, 0),
            Share(Stack(4, 6), " bank", 10, 1),
            Share(Stack(12, 6), " bank", 10, 18),
        ),
    ),
    LayersExample(
        "Reach grows, influence lags behind",
        SHIP,
        Stack(4, 6),
        "With W = 4 and L = 6 the last token hears 19 tokens, and the nearest 6 carry 90 % of the "
        "influence. With W = 8 it hears all 24, and the nearest 11 carry 90 %.",
        (Nearest(Stack(4, 6), 6, 19), Nearest(Stack(8, 6), 11, 24)),
    ),
    LayersExample(
        "One full layer is enough",
        VERSE,
        Stack(2, 6, "wwwwwf"),
        "Five layers have W = 2, and layer 6 reads everything. *LORD*, 13 tokens back, has 6 % of "
        "the influence. Choose windows for all layers: then 7 tokens are in reach, and it has 0 %.",
        (
            Share(Stack(2, 6, "wwwwwf"), " LORD", 13, 6),
            Share(Stack(2, 6), " LORD", 13, 0),
            Nearest(Stack(2, 6), 3, 7),
        ),
    ),
    LayersExample(
        "The full layer at the bottom",
        VERSE,
        Stack(2, 6, "fwwwww"),
        "Now layer 1 reads everything, and the others have W = 2. The whole text is in reach, but "
        "*LORD*, 13 tokens back, has 2 % of the influence. With the full layer on top it has 6 %.",
        (
            Share(Stack(2, 6, "fwwwww"), " LORD", 13, 2),
            Share(Stack(2, 6, "wwwwwf"), " LORD", 13, 6),
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
            "values": {"window": each.stack.window, "layers": each.stack.n_layers} | each.stack.own,
        }
        for each in EXAMPLES
    ]
