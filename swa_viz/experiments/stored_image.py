"""What was measured of windows on pictures, as it comes with the lab."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("stored_image.json")


@cache
def stored_image() -> dict:
    """Accuracy of the digit readers, and how long attention over a large picture takes."""
    return json.loads(FILE.read_text(encoding="utf-8"))
