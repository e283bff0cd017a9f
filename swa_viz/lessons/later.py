"""What a page fetches when a visitor first needs it, as files that a host can keep.

A file is named by a hash of its content, so a browser may keep it for ever.
"""

import hashlib
import json
from functools import cache

from swa_viz.lessons import LESSONS

HASH_DIGITS = 16


@cache
def later_files(lesson: str) -> dict[str, tuple[str, str]]:
    """What a lesson needs later, by name: the name of its file, and its text."""
    found = {}
    for name, data in LESSONS[lesson].later.items():
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        digits = hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]
        found[name] = (f"{lesson}-{name}.{digits}.json", text)
    return found
