"""The colours of the picture language, read from the labs' style sheet: none is chosen twice."""

import re
from functools import cache
from pathlib import Path

STYLE_SHEET = Path(__file__).resolve().parents[1] / "web" / "core" / "base.css"
BLOCKS = {"light": r"\.lab", "dark": r'\.lab\[data-theme="dark"\]'}


@cache
def colours(theme: str = "light") -> dict[str, str]:
    """What each meaning looks like: query, key, outside, pinned, reach, evicted ...

    >>> colours("light")["key"], colours("dark")["key"]
    ('#d98c00', '#f0b429')

    Raises ValueError for an unknown theme.
    """
    if theme not in BLOCKS:
        raise ValueError(f"theme must be one of {', '.join(BLOCKS)}, but it is {theme!r}")
    sheet = STYLE_SHEET.read_text(encoding="utf-8")
    block = re.search(rf"^{BLOCKS[theme]} \{{(.*?)\}}", sheet, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{6});", block[1]))
