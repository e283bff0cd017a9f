"""THE rule: which keys may a query read?

`pattern.py` says what a pattern is; each pattern is a file of its own beside it, and is found
there: `PATTERNS` lists them by kind, in the order of menus, and each class can be imported from
here.  `build_mask` draws any of them.

The window size W counts the keys that a query reads, itself included: 0 <= age < W, where
age = query_pos - key_pos.  Libraries disagree by one about this; `CONVENTIONS` translates.
"""

from importlib import import_module
from pkgutil import iter_modules

from swa_viz.patterns.conventions import CONVENTIONS, Convention, from_convention
from swa_viz.patterns.mask import build_mask
from swa_viz.patterns.pattern import Kept, KeyRange, Pattern, Span, whole_number
from swa_viz.patterns.per_head import PerHead


def found_patterns() -> dict[str, type[Pattern]]:
    """The patterns of all files in this folder, by their kind."""
    modules = [import_module(f"{__name__}.{entry.name}") for entry in iter_modules(__path__)]
    own = [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Pattern) and thing is not Pattern
        if thing.__module__ == module.__name__
    ]
    return {pattern.kind: pattern for pattern in sorted(own, key=lambda p: (p.place, p.kind))}


def read_pattern(plain: object) -> Pattern:
    """The pattern that plain data names; `Pattern.to_plain` is the way there.

    >>> read_pattern({"kind": "sliding", "window_size": 4})
    SlidingWindow(window_size=4)

    Raises ValueError for an unknown kind or bad fields: the data comes from a browser.
    """
    if not isinstance(plain, dict):
        raise ValueError(f"a pattern must be an object with a kind, but it is {plain!r}")
    values = dict(plain)
    kind = values.pop("kind", None)
    if not isinstance(kind, str) or kind not in PATTERNS:
        raise ValueError(f"unknown pattern {kind!r}; known are {', '.join(PATTERNS)}")
    try:
        return PATTERNS[kind](**values)
    except TypeError as error:
        raise ValueError(f"{kind}: {error}") from None


PATTERNS: dict[str, type[Pattern]] = found_patterns()
globals().update({pattern.__name__: pattern for pattern in PATTERNS.values()})

__all__ = [
    *(pattern.__name__ for pattern in PATTERNS.values()),
    "CONVENTIONS",
    "Convention",
    "KeyRange",
    "Kept",
    "PATTERNS",
    "Pattern",
    "PerHead",
    "Span",
    "build_mask",
    "from_convention",
    "read_pattern",
    "whole_number",
]
