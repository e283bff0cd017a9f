"""A page in one file, written for the knobs that a visitor sends.

They come in the body and not in the address, because addresses end up in logs, and one of them is
the visitor's sentence.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from swa_viz.export.lab_data import BUNDLED, PAGES, model_facts
from swa_viz.export.light import TooLong
from swa_viz.export.single import single_file
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.lessons.lesson import Lesson
from swa_viz.ui.elsewhere import files_of

MOST_BYTES = 64_000


async def body_of(request: Request) -> bytes | None:
    """What was sent, or None if it is more than a lab sends."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return body


def sent_in(body: bytes) -> dict:
    """What was sent, if it is an object: a browser may send anything."""
    try:
        sent = json.loads(body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def about_sent(lesson: Lesson, sent: dict) -> Lesson:
    """The lesson about the model that was sent, if it came with the lab."""
    name = sent.get("model")
    return lesson.about(name) if isinstance(name, str) and name in BUNDLED else lesson


def chosen(lesson: Lesson, sent: dict) -> dict:
    """The knobs that were sent, each as its own reader reads it."""
    knobs = lesson.knobs_for(model_facts(lesson))
    return {name: knob.read(sent[name]) for name, knob in knobs.items() if name in sent}


def written(lesson: Lesson, kind: str, body: bytes) -> str:
    """The file.  One is written at a time, while no visitor's text is computed."""
    sent = sent_in(body)
    about = about_sent(lesson, sent)
    with PROCESSOR:
        return single_file(about, chosen(about, sent), light=kind == "light")


async def one_file(request: Request) -> Response:
    """Answer with the page in one file."""
    lesson = PAGES.get(request.path_params["lesson"])
    kind = request.path_params["kind"]
    if lesson is None or kind not in files_of(lesson):
        return PlainTextResponse("there is no such file", 404)
    body = await body_of(request)
    if body is None:
        return PlainTextResponse("that is more than a lab sends", 413)
    try:
        return HTMLResponse(await run_in_threadpool(written, lesson, kind, body))
    except TooLong as error:
        return PlainTextResponse(str(error), 422)
