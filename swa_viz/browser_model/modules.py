"""Which of our JavaScript modules no other one imports, and yet every script must hold.

The file of a pattern states the pattern and exports nothing: to add a pattern, nobody else's
imports need to change.
"""

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
DEFINES_PATTERN = re.compile(r"^definePattern\(", re.M)


def pattern_modules() -> list[str]:
    """The files that state a pattern, named by their paths in the package."""
    files = sorted((PACKAGE / "patterns").glob("*.js"))
    stating = [file for file in files if DEFINES_PATTERN.search(file.read_text(encoding="utf-8"))]
    return [file.relative_to(PACKAGE).as_posix() for file in stating]
