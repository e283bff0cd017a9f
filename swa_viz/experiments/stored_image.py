"""What was measured of windows on pictures, as it comes with the lab."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("stored_image.json")


@cache
def stored_image() -> dict:
    """How often the digit readers are right, and what they take some digits for."""
    return json.loads(FILE.read_text(encoding="utf-8"))
