"""Compress what is sent, and compress each of the frontend's files only once.

Streamlit sends its scripts as they are, because it would compress them anew for everybody.  Their
names hold a hash of their content, so here the compressed answer is kept: some megabytes in all.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from swa_viz.ui.serving.headers import HASHED

LEVEL = 6  # 9 takes twice as long and saves a third of a percent
SCRIPTS = re.compile(r"/static/.*\.(?:css|js|json|mjs|svg|wasm)$")
# A question with these is about a part of the file, or about whether it is new.
NOT_THE_WHOLE = ("range", "if-none-match", "if-modified-since", "if-range")


def asks_for_a_script(scope: Scope) -> bool:
    """Does this ask for a whole file of the frontend, compressed, that never changes?"""
    if scope["method"] != "GET" or not SCRIPTS.search(scope["path"]):
        return False
    headers = Headers(scope=scope)
    return (
        bool(HASHED.search(scope["path"]))
        and "gzip" in headers.get("accept-encoding", "")
        and not any(name in headers for name in NOT_THE_WHOLE)
    )


class Compressed:
    """Compress the answers of `app`, except those of websockets."""

    def __init__(self, app: ASGIApp):
        self.app = GZipMiddleware(app, compresslevel=LEVEL)
        self.kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and asks_for_a_script(scope):
            await self.send_kept(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def send_kept(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer that is kept, or the app's, which is kept if it was compressed."""
        path = scope["path"]
        if path in self.kept:
            for message in self.kept[path]:
                await send(message)
            return
        messages: list[Message] = []

        async def send_and_keep(message: Message) -> None:
            # Who comes after us adds headers to the message, so it gets one of its own.
            messages.append(copied(message))
            await send(message)

        await self.app(scope, receive, send_and_keep)
        if is_good(messages):
            self.kept[path] = messages


def copied(message: Message) -> Message:
    """The same message, whose headers may be changed without changing the other's."""
    return message | ({"headers": list(message["headers"])} if "headers" in message else {})


def is_good(messages: list[Message]) -> bool:
    """Was this a whole file, and compressed?"""
    start = messages[0]
    encoding = MutableHeaders(scope=start).get("content-encoding")
    return start["status"] == 200 and encoding == "gzip" and not messages[-1].get("more_body")
