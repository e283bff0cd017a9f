"""Patterns as plain data, there and back: how they travel between Python and the browser."""

from dataclasses import asdict

from swa_viz.patterns import PATTERNS
from swa_viz.patterns.pattern import Pattern


def pattern_payload(pattern: Pattern) -> dict:
    """A pattern as plain data.

    >>> from swa_viz.patterns import SlidingWindow
    >>> pattern_payload(SlidingWindow(4))
    {'kind': 'sliding', 'window_size': 4}
    """
    kind = next(name for name, made in PATTERNS.items() if type(pattern) is made)
    fields = asdict(pattern)
    if "global_positions" in fields:
        fields["global_positions"] = list(fields["global_positions"])
    return {"kind": kind, **fields}


def read_pattern(payload: dict) -> Pattern:
    """The pattern that plain data names.

    Raises ValueError for an unknown kind or bad fields: the data comes from a browser.
    """
    fields = dict(payload)
    kind = fields.pop("kind", None)
    if kind not in PATTERNS:
        raise ValueError(f"unknown pattern {kind!r}; known are {', '.join(PATTERNS)}")
    try:
        return PATTERNS[kind](**fields)
    except TypeError as error:
        raise ValueError(f"{kind}: {error}") from None
