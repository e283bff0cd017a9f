"""Streamlit's first two files, made lighter and with our looks from the start.

Streamlit answers every page's address with the same small document.  Ours is the same, except that
it loads the lab's font instead of Streamlit's own, and at once the scripts that every lab needs; it
knows our looks before the server has spoken; before all others it runs a script of ours, a file, so
that the content security policy need not admit any script in a document.

In Streamlit's style sheet the font of icons, which is as large as half of all scripts, waits until
there is an icon.
"""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from swa_viz.export.theme import SERVED, font_files
from swa_viz.ui.looks import FRAME
from swa_viz.web.bundle import source_of, without_comments

STREAMLITS_FONT = re.compile(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>')
STYLE_SHEET = re.compile(r"/static/css/index\.[\w-]+\.css$")
ICONS = re.compile(r"(@font-face\{font-family:Material Symbols[^}]*)")
INLINE_SCRIPT = re.compile(r"<script>.*?</script>", re.S)
# The parts of Streamlit that every page of the lab needs, by their sources in its manifest.
NEEDED = ("BidiComponent.tsx", "Html.tsx")
OPTIONS = {
    "light": [("embed_options", "light_theme")],
    "dark": [("embed_options", "dark_theme")],
    "auto": [],
}
FIRST_SCRIPT = "before_streamlit.js"
Words = list[tuple[str, str]]


def theme_of(words: Words) -> str | None:
    """The theme that a query asks for, or None to leave it to Streamlit.

    Embedded pages are light, as the pages around them mostly are, unless the query says otherwise.
    """
    theme = dict(words).get("theme")
    if theme in OPTIONS:
        return theme
    is_left_open = all(option not in words for options in OPTIONS.values() for option in options)
    return "light" if ("embed", "true") in words and is_left_open else None


def with_theme(words: Words, theme: str) -> Words:
    """The query with this theme as Streamlit's option, and with no other."""
    all_options = [option for options in OPTIONS.values() for option in options]
    if [word for word in words if word in all_options] == OPTIONS[theme]:
        return words
    return [word for word in words if word not in all_options] + OPTIONS[theme]


def with_streamlits_words(query: str) -> str:
    """A page's query as Streamlit understands it: it knows only `embed=true`, and no `theme`.

    >>> with_streamlits_words("window=4&embed=1")
    'window=4&embed=true&embed_options=light_theme'
    >>> with_streamlits_words("theme=dark&embed_options=light_theme")
    'theme=dark&embed_options=dark_theme'
    >>> with_streamlits_words("embed=true&theme=auto")
    'embed=true&theme=auto'
    """
    said = parse_qsl(query, keep_blank_values=True)
    words = [(name, "true" if (name, word) == ("embed", "1") else word) for name, word in said]
    theme = theme_of(words)
    words = with_theme(words, theme) if theme else words
    return query if words == said else urlencode(words)


def needed_scripts(static: Path) -> list[str]:
    """The files of `NEEDED` and of all that they import, as Streamlit's manifest names them."""
    manifest = json.loads((static / "manifest.json").read_text(encoding="utf-8"))
    found: dict[str, None] = {}

    def visit(entry: str) -> None:
        file = manifest[entry]["file"]
        if file not in found:
            found[file] = None
            for imported in manifest[entry].get("imports", ()):
                visit(imported)

    for entry in manifest:
        if entry.endswith(NEEDED):
            visit(entry)
    return list(found)


@cache
def document() -> str:
    """Streamlit's document with our changes."""
    static = Path(get_static_dir())
    html = (static / "index.html").read_text(encoding="utf-8")
    html = INLINE_SCRIPT.sub("", STREAMLITS_FONT.sub("", html))
    font = f"./{SERVED}fonts/{font_files()[0].name}"
    links = [f'<script src="./{FIRST_SCRIPT}"></script>']
    links += [f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{font}">']
    links += [
        f'<link rel="modulepreload" crossorigin href="./{file}">'
        for file in needed_scripts(static)
        if file not in html
    ]
    head = "\n".join([*links, f"<style>{FRAME.read_text(encoding='utf-8')}</style>"])
    return html.replace("</head>", f"{head}\n</head>")


@cache
def style_sheet(name: str) -> str:
    """The style sheet of Streamlit with this name, with our change.

    The frontend loads the icons at once by asking for a blank in their font.  So it has no blank.
    """
    css = (Path(get_static_dir()) / "static/css" / name).read_text(encoding="utf-8")
    return ICONS.sub(r"\1;unicode-range:U+21-10FFFF", css)


async def first_script(request: Request) -> Response:
    """The script that runs before all others."""
    source = without_comments(source_of(f"web/hosts/{FIRST_SCRIPT}"))
    return Response(source, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def own_answer(path: str, query: str) -> Response:
    """The document or the style sheet that `path` means.

    Where Streamlit would not understand a page's query, it is the way to a better one.
    """
    if path.endswith(".css"):
        return Response(style_sheet(path.rpartition("/")[2]), media_type="text/css")
    better = with_streamlits_words(query)
    if better != query:
        return RedirectResponse(f"?{better}")
    return HTMLResponse(document(), headers={"Cache-Control": "no-cache"})


def is_ours(path: str, start: Message) -> bool:
    """Is this one of the two files that we send instead of Streamlit's?"""
    content_type = Headers(raw=start["headers"]).get("content-type", "")
    is_document = content_type.startswith("text/html")
    return start["status"] == 200 and (is_document or bool(STYLE_SHEET.search(path)))


class OwnDocument:
    """Where `app` answers with one of these files, answer with ours."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self.app(scope, receive, send)
        replaced = False

        async def replace(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and is_ours(scope["path"], message):
                replaced = True
                query = scope["query_string"].decode("latin-1")
                await own_answer(scope["path"], query)(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, receive, replace)
