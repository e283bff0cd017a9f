"""Where names return in a program, and how far back each stood before (the twin: code_names.js).

A name that returns can be copied from where it stood last.  So what counts is whether a query still
reads it there: the query is the token before the name, which predicts the name.
"""

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

PREFIX = "[rRbBfFuU]{0,2}"
TOKEN = re.compile(
    "|".join(
        (
            r"#[^\n]*",
            rf'{PREFIX}"""[\s\S]*?(?:"""|\Z)',
            rf"{PREFIX}'''[\s\S]*?(?:'''|\Z)",
            rf'{PREFIX}"(?:\\.|[^"\\\n])*"?',
            rf"{PREFIX}'(?:\\.|[^'\\\n])*'?",
            r"[0-9][0-9A-Za-z_.]*",
            r"(?P<name>[^\W\d]\w*)",
        )
    )
)
KEYWORDS = frozenset(keyword.kwlist)


@dataclass(frozen=True)
class Name:
    """A name in a program, and where its characters begin and end."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True)
class Use:
    """A name that stood before: the tokens that write it, here and where it stood last.

    `stop` is the token after the last one.
    """

    name: str
    start: int
    stop: int
    earlier: int
    earlier_stop: int

    @property
    def query(self) -> int:
        """The token that predicts the name."""
        return self.start - 1

    @property
    def age(self) -> int:
        """How far back the query must read to see the whole name; W = age + 1 is enough."""
        return self.query - self.earlier


def names_in(code: str) -> list[Name]:
    """All names of a Python program in their order, but no keyword, string or comment.

    >>> [each.name for each in names_in("def add(a, b): return a + b  # 'a'")]
    ['add', 'a', 'b', 'a', 'b']
    """
    found = (each for each in TOKEN.finditer(code) if each["name"])
    return [Name(each[0], *each.span()) for each in found if each[0] not in KEYWORDS]


def uses_of(pieces: Sequence[str]) -> list[Use]:
    """The names that return in a program that was cut into tokens.

    >>> uses_of(["def", " f", "(x", "):", " return", " x"])
    [Use(name='x', start=5, stop=6, earlier=2, earlier_stop=3)]
    """
    ends = list(accumulate(map(len, pieces)))
    uses = []
    last: dict[str, tuple[int, int]] = {}
    for each in names_in("".join(pieces)):
        first = next(i for i, end in enumerate(ends) if end > each.start)
        stop = next(i for i, end in enumerate(ends) if end >= each.stop) + 1
        # A name within one token with its earlier self is not predicted from it.
        if each.name in last and last[each.name][0] < first:
            uses.append(Use(each.name, first, stop, *last[each.name]))
        last[each.name] = (first, stop)
    return uses
