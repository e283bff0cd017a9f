"""What labs fetch later, as files of this server: only where its own routes are served."""

from threading import Event

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from swa_viz.lessons import LESSONS
from swa_viz.lessons.later import later_files

FOLDER = "later"
served = Event()


def later_addresses(lesson: str) -> dict[str, str]:
    """Where each part is, seen from a page; nothing under `streamlit run app.py`."""
    if not served.is_set():
        return {}
    return {name: f"{FOLDER}/{file}" for name, (file, _) in later_files(lesson).items()}


async def later(request: Request) -> Response:
    """Answer with a part."""
    wanted = request.path_params["file"]
    files = dict(each for lesson in LESSONS for each in later_files(lesson).values())
    if wanted not in files:
        return PlainTextResponse("there is no such file", 404)
    return Response(files[wanted], media_type="application/json")
