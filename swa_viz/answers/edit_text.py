"""An edit as an address says it: "3-4:sea" replaces tokens 3 to 4, and "3:" drops token 3.

Tokens count from 1 there.  The twin, edit_text.js, also writes it.
"""

import re

from swa_viz.answers.limits import MAX_REPLACEMENT
from swa_viz.answers.request import Edit

EDIT = re.compile(r"([1-9][0-9]{0,2})(?:-([1-9][0-9]{0,2}))?:(.*)", re.DOTALL)
MAX_EDIT = MAX_REPLACEMENT + len("100-128:")


def edit_in(words: str) -> Edit | None:
    """The edit that these words mean, or None.

    >>> edit_in("3-4:sea"), edit_in("4-3:sea")
    (Edit(position=2, replacement='sea', n_tokens=2), None)
    """
    found = EDIT.fullmatch(words)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return Edit(first - 1, found[3] or None, last - first + 1) if first <= last else None
