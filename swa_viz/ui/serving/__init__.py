"""What stands between the lab and the network: headers, compression, the document, the health.

Each piece is plain ASGI and leaves websockets alone.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from swa_viz.ui.serving.compression import Compressed
from swa_viz.ui.serving.document import FIRST_SCRIPT, OwnDocument, first_script
from swa_viz.ui.serving.headers import Headers
from swa_viz.ui.serving.health import health
from swa_viz.ui.serving.later import FOLDER, later, served
from swa_viz.ui.serving.one_file import one_file

FRAME_ANCESTORS = "SWA_VIZ_FRAME_ANCESTORS"


# What pages need takes seconds to load: torch, the lab's scripts, the writer of formulas.
NEEDED = ("swa_viz.ui.frame", "swa_viz.ui.lab")


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Be ready before the first visitor comes."""
    for name in NEEDED:
        import_module(name)
    yield


def routes() -> list[BaseRoute]:
    """The addresses beside those of the pages."""
    write = Route("/one-file/{lesson}/{kind}", one_file, methods=["POST"])
    parts = Route(f"/{FOLDER}/{{file}}", later)
    served.set()
    return [Route("/healthz", health), Route(f"/{FIRST_SCRIPT}", first_script), write, parts]


def middleware() -> list[Middleware]:
    """From the outside to the inside: whatever is answered gets the headers."""
    return [
        Middleware(Headers, frame_ancestors=os.environ.get(FRAME_ANCESTORS, "")),
        Middleware(Compressed),
        Middleware(OwnDocument),
    ]
