"""The headers of every answer: who may frame the lab, what its pages may load, what is kept."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# `index.DormvYxC.js` and `worker.aabfea9bcf73b575.js`: a hash of at least eight letters before the
# ending, or before `.gz`.  Such a name never means another content.
HASHED = re.compile(r"\.[\w-]{8,}\.[a-z0-9]+(?:\.gz)?$")
KEPT = "public, max-age=31536000, immutable"
ANCESTOR = re.compile(r"'self'|'none'|\*|[\w.:/*-]+")

# Components are modules that Streamlit puts together as blobs; our worker and the model's
# WebAssembly are our own files; what Streamlit draws sets its styles by script.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def frame_rule(ancestors: str) -> dict[str, str]:
    """Who may put the lab into a frame.  Said of nobody, it is everybody: teachers embed.

    Not `*`, which leaves out a page that a teacher opens from a disk.

    >>> frame_rule("'self'  https://moodle.example.edu")
    {'frame-ancestors': "'self' https://moodle.example.edu"}
    >>> frame_rule("")
    {}
    """
    words = ancestors.split()
    for word in words:
        if not ANCESTOR.fullmatch(word):
            raise ValueError(f"no source of frame-ancestors: {word!r}")
    return {"frame-ancestors": " ".join(words)} if words else {}


def security_headers(ancestors: str) -> dict[str, str]:
    """What every answer says, whoever asked."""
    policy = POLICY | frame_rule(ancestors)
    return {
        "Content-Security-Policy": "; ".join(f"{what} {whom}" for what, whom in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # A link may hold a visitor's sentence: no other host learns where somebody came from.
        "Referrer-Policy": "same-origin",
    }


def is_kept(path: str, status: int, content_type: str) -> bool:
    """May a browser keep this answer for ever?  A page instead of a missing file must not be.

    >>> is_kept("/app/static/live/worker.aabfea9bcf73b575.js", 200, "text/javascript")
    True
    >>> is_kept("/app/static/live/manifest.json", 200, "application/json")
    False
    """
    return status == 200 and bool(HASHED.search(path)) and not content_type.startswith("text/html")


class Headers:
    """Add the headers to every answer of `app`."""

    def __init__(self, app: ASGIApp, frame_ancestors: str):
        self.app = app
        self.security = security_headers(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.security)
                if is_kept(scope["path"], message["status"], headers.get("content-type", "")):
                    headers["Cache-Control"] = KEPT
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
