"""Examples of every pattern, taken from what each pattern says of itself.

So a new pattern is tested everywhere without a line in any test.
"""

from swa_viz.patterns import PATTERNS, Pattern

PICTURES = [
    (pattern(**fields), picture)
    for pattern in PATTERNS.values()
    for fields, picture in pattern.pictures
]


def larger(value: object, times: int) -> object:
    """A number of a picture, too large for a picture; odd stays odd.

    >>> larger(3, 5), larger((0, 2), 5), larger(True, 5)
    (17, (2, 12), True)
    """
    if isinstance(value, tuple):
        return tuple(larger(each, times) for each in value)
    return value if isinstance(value, bool) else times * value + 2


def grown(pattern: Pattern, times: int) -> Pattern:
    """The same pattern with larger numbers."""
    return type(pattern)(**{name: larger(value, times) for name, value in vars(pattern).items()})


SMALL: list[Pattern] = [pattern for pattern, _ in PICTURES]
EXAMPLES: list[Pattern] = list(dict.fromkeys([*SMALL, *(grown(p, 3) for p in SMALL)]))
# One of each, of the size that a kernel meets.
ONE_OF_EACH: dict[str, Pattern] = {pattern.kind: grown(pattern, 9) for pattern in SMALL}
