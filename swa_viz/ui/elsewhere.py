"""Where else a page of this server is: on a static host, and in one file."""

import os

from swa_viz.export.site import model_pages
from swa_viz.lessons.lesson import Lesson

STATIC_URL = "SWA_VIZ_STATIC_URL"
KINDS = ("whole", "light")


def static_page(lesson: Lesson) -> str:
    """The same page on the static host that the setting names, or "" where it names none.

    So too for a model about which there is no static page.  A frame of that page costs this server
    nothing, and needs no cookie.
    """
    site = os.environ.get(STATIC_URL, "").rstrip("/")
    address = model_pages(lesson).get(lesson.model)
    return f"{site}/{address}" if address and site.startswith(("https://", "http://")) else ""


def files_of(lesson: Lesson) -> dict[str, str]:
    """Where the lesson is written into one file (`ui/serving/one_file.py`), by the kind of file.

    Nowhere for a model that does not come with the lab.
    """
    if lesson.model not in model_pages(lesson):
        return {}
    kinds = KINDS if lesson.light else KINDS[:1]
    return {kind: f"one-file/{lesson.name}/{kind}" for kind in kinds}
