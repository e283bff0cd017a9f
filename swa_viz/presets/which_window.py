"""Which W?  What every program makes of the window number that stands in a model's file."""

import re
from typing import NamedTuple

from swa_viz.patterns import CONVENTIONS, CentredWindow, Pattern, SlidingWindow, from_convention
from swa_viz.presets.preset import ModelPreset


class Read(NamedTuple):
    """A program's rule with the number in it, the keys that a query then reads, and our pattern.

    `more` is how many keys more that is than the model was made for; both are None where the
    program refuses the number, which `pattern` is then, too.
    """

    name: str
    says: str
    keys: int | None
    more: int | None
    pattern: Pattern | None


def keys_read(pattern: Pattern) -> int:
    """How many keys a query reads that stands far from both ends of the text."""
    return pattern.span.back + 1 + pattern.span.ahead


def stated_window(preset: ModelPreset) -> tuple[int, str] | None:
    """The number in the model's file, and the convention in which its own code reads it.

    Where the preset does not say it, that is its narrowest window.  None without windows.
    """
    if preset.stated_window:
        return preset.stated_window
    sizes = [p.window_size for p in preset.layer_schedule if isinstance(p, SlidingWindow)]
    if sizes:
        return min(sizes), "transformers"
    radii = [p.radius for p in preset.layer_schedule if isinstance(p, CentredWindow)]
    return (min(radii), "bidirectional") if radii else None


def read_by(number: int, convention: str) -> Pattern | None:
    """The pattern that a program makes of a number; None where it refuses it."""
    try:
        return from_convention(number, convention)
    except ValueError:
        return None


def which_window(number: int, own: str) -> list[Read]:
    """What every program makes of a number that the model's own code reads by the convention `own`.

    Programs for encoders are compared with each other, and so are programs for decoders.

    >>> [read.keys for read in which_window(2047, "transformers") if read.name == "sglang"]
    [2048]

    Raises ValueError for a number that the model's own code could not read.
    """
    made_for = keys_read(from_convention(number, own))
    found = []
    for name, convention in CONVENTIONS.items():
        if convention.kind != CONVENTIONS[own].kind:
            continue
        pattern = read_by(number, name)
        keys = None if pattern is None else keys_read(pattern)
        more = None if keys is None else keys - made_for
        found.append(Read(name, with_number(convention.says, number), keys, more, pattern))
    return found


def with_number(rule: str, number: int) -> str:
    """A rule with its number put in.

    >>> with_number("kv > q − w", 6)
    'kv > q − 6'
    """
    return re.sub(r"\bw\b", str(number), rule)
