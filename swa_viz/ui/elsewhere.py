"""Where else a page of this server is: on a static host, and in one file."""

import os

from swa_viz.export.site import ADDRESSES
from swa_viz.lessons.lesson import Lesson

STATIC_URL = "SWA_VIZ_STATIC_URL"
KINDS = ("whole", "light")


def static_page(lesson: Lesson) -> str:
    """The same page on the static host that the setting names, or "" where it names none.

    A frame of that page costs this server nothing, and needs no cookie.
    """
    site = os.environ.get(STATIC_URL, "").rstrip("/")
    if not site.startswith(("https://", "http://")) or lesson.name not in ADDRESSES:
        return ""
    return f"{site}/{ADDRESSES[lesson.name]}"


def files_of(lesson: Lesson) -> dict[str, str]:
    """Where the lesson is written into one file (`ui/serving/one_file.py`), by the kind of file."""
    if not lesson.static:
        return {}
    kinds = KINDS if lesson.light else KINDS[:1]
    return {kind: f"one-file/{lesson.name}/{kind}" for kind in kinds}
