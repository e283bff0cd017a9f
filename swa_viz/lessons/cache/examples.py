"""Texts and settings in which one can see what a rolling cache does.

What an example says of its last step follows from positions and slots alone; a test computes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Evicted:
    """Layer `layer` forgets position `position` when the last token is written; None: nothing."""

    layer: int
    position: int | None


@dataclass(frozen=True)
class CacheExample:
    """A text, the knobs to set, and what there is to see then in the last step."""

    name: str
    text: str
    window: int
    look: str
    effect: tuple[Evicted, ...]
    values: Mapping[str, object] = field(default_factory=dict)


SEA = "The old man rowed his boat out to the island and the sea was calm"
EXAMPLES: tuple[CacheExample, ...] = ()


def examples_payload() -> list[Mapping[str, object]]:
    """The examples as a menu in the browser reads them."""
    return [
        {
            "name": each.name,
            "text": each.text,
            "look": each.look,
            "values": {"window": each.window, **each.values},
        }
        for each in EXAMPLES
    ]
