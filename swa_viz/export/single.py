"""One page of the lab in one file: everything inside, nothing loaded, works from a folder.

The policy names the very script and the very looks by their hashes; nothing else may run.
"""

import base64
import hashlib
from pathlib import Path

from swa_viz.export.lab_data import lab_data, lesson_of
from swa_viz.export.page import Parts, html, policy
from swa_viz.export.site import EMBED
from swa_viz.export.theme import whole_style_sheet
from swa_viz.viewer.bundle import bundle

# Half of Inter's letters, and the smaller half of its bytes.  Other letters, and code, are set in
# what the reader's machine has.
FONT = "inter-latin.woff2"
FONT_NOTE = "/* Inter: copyright The Inter Project Authors, SIL Open Font License 1.1. */"


def data_address(kind: str, content: bytes) -> str:
    """Bytes as an address that needs no file."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def font_address(font: Path) -> str | None:
    """The one font that comes along."""
    return data_address("font/woff2", font.read_bytes()) if font.name == FONT else None


def digest(text: str) -> str:
    """How a policy names an element's text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def inside(script: str) -> str:
    """A script as the text of an element.

    Raises ValueError if it would end that element.
    """
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("a script that holds an end of a script cannot lie in a page")
    return script


def single_file(page: str, chosen: dict) -> str:
    """The page with these knobs as its beginning, as one HTML document."""
    lesson = lesson_of(page)
    looks = f"{FONT_NOTE}\n{whole_style_sheet(font_address)}"
    early = inside(EMBED.read_text(encoding="utf-8"))
    script = inside(f'"use strict";\n{bundle(page, "host_static")}')
    parts = Parts(
        policy=policy(
            script=f"{digest(early)} {digest(script)}",
            style=digest(looks),
            img="data:",
            font="data:",
        ),
        head=f"<style>{looks}</style>\n<script>{early}</script>",
        scripts=f"<script>{script}</script>",
    )
    data = lab_data(lesson, chosen, links={}, live=None)
    return html(lesson, data, parts)
