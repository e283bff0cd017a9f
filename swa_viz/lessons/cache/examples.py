"""Texts and settings in which one can see what a rolling cache does.

What an example says of its last step follows from positions and slots alone; a test computes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LastStep:
    """What layer `layer` does when the last token is written.

    It forgets `evicted`, or nothing, holds `held` keys then, and reads `read` of them.
    """

    layer: int
    evicted: int | None
    held: int
    read: int


@dataclass(frozen=True)
class CacheExample:
    """A text, the knobs to set, and what there is to see then in the last step."""

    name: str
    text: str
    look: str
    effect: tuple[LastStep, ...]
    window: int = 4
    schedule: str = "wwwwww"
    sinks: int = 0
    layer: int = 1


SEA = "The old man rowed his boat out to the island, and in the evening the sea was calm"
KING = "The king and the queen sat on the throne. The king and the"
BANK = "He put the money in the bank. Later he took the money out of the"
CAT = "The cat sat on the mat, and the dog looked at the cat on the"
MOBY = "Moby Dick! Moby Dick! Moby Dick! Moby"

EXAMPLES = (
    CacheExample(
        "The ring wraps",
        SEA,
        "The last token has position 21. With W = 4 it goes into slot 21 mod 4 = 1, where *the* "
        "stood at position 17. Go to token 1 and press play: the ring fills, and then it wraps.",
        (LastStep(1, 17, 4, 4),),
    ),
    CacheExample(
        "The ring has room",
        KING,
        "W is 20 and the text has 17 tokens, so nothing is forgotten: the ring is as large as a "
        "full cache. Drag W to 16: now the first token is overwritten.",
        (LastStep(1, None, 17, 17),),
        window=20,
    ),
    CacheExample(
        "Sinks stay",
        BANK,
        "The first 2 tokens, *He* and *put*, are sinks: they have slots of their own before the "
        "ring and stay for ever. All other tokens share the 4 slots of the ring.",
        (LastStep(1, 12, 6, 6),),
        sinks=2,
    ),
    CacheExample(
        "One full layer keeps everything",
        MOBY,
        "Layer 6 has full attention, so it keeps all 21 keys. Behind “More” press another layer "
        "to look at it: each of the other five keeps 4 keys.",
        (LastStep(6, None, 21, 21), LastStep(1, 16, 4, 4)),
        schedule="wwwwwf",
        layer=6,
    ),
    CacheExample(
        "A window with gaps",
        CAT,
        "This window reads every second key. It reads 4 keys, but it must keep 7: the next token "
        "reads those in the gaps.",
        (LastStep(1, 8, 7, 4),),
        schedule="dddddd",
    ),
)


def examples_payload() -> list[Mapping[str, object]]:
    """The examples as a menu in the browser reads them."""
    names = ("window", "schedule", "sinks", "layer")
    return [
        {
            "name": each.name,
            "text": each.text,
            "look": each.look,
            "values": {"keys": "cached", **{name: getattr(each, name) for name in names}},
        }
        for each in EXAMPLES
    ]
