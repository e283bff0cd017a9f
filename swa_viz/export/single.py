"""One page of the lab in one file: everything inside, nothing loaded, works from a folder.

The policy names the very script and the very looks by their hashes; nothing else may run.
"""

import base64
import gzip
import hashlib
import zlib
from functools import lru_cache
from pathlib import Path

from swa_viz.browser_model.files import LIVE, NAMES, SMALL_AT_FIRST, SMALL_MODELS, files_of
from swa_viz.browser_model.rounded_weights import round_weights
from swa_viz.export.lab_data import defaults, knobs_from, page_data
from swa_viz.export.light import light_data
from swa_viz.export.notices import notices
from swa_viz.export.page import Parts, html, policy
from swa_viz.export.site import EMBED
from swa_viz.export.theme import whole_style_sheet
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.bundle import bundle, own_looks

# The largest window of zlib, and 16 for a frame of gzip around it.
GZIP_BITS = 16 + zlib.MAX_WBITS
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


def stored(name: str, content: bytes) -> str:
    """A file within the file, as an element that neither runs nor shows."""
    text = base64.b64encode(content).decode("ascii")
    kind = "application/octet-stream;base64"
    return f'<script type="{kind}" data-live="{name}">{text}</script>'


def packed_noise(content: bytes) -> bytes:
    """Bytes packed with gzip that looks for no repetitions.

    Rounded weights have none: the search takes up to a hundred times as long, and saves nothing.
    """
    packer = zlib.compressobj(wbits=GZIP_BITS, strategy=zlib.Z_HUFFMAN_ONLY)
    return packer.compress(content) + packer.flush()


def files_inside(model: str, small: str) -> tuple[str, ...]:
    """The names of a model's files; of the small models only one is inside."""
    if model != SMALL_MODELS:
        return NAMES
    return (*SMALL_AT_FIRST, f"{small}.graph", f"{small}.weights")


@lru_cache(maxsize=2)
def model_inside(model: str, small: str = "") -> tuple[dict | None, str]:
    """Where the lab finds a model in this very file, and the elements that hold it.

    `(None, "")` if this model was not built for the browser.  `small` names one of the small ones.
    All but the worker are packed with gzip, and unpacked by it.  The weights of a large one are
    rounded: exact ones would make the file too large.
    """
    files = files_of(model)
    if files is None:
        return None, ""
    names = files_inside(model, small)
    contents = {name: (LIVE / files[name]).read_bytes() for name in names}
    if "weights" in contents:
        exact = gzip.decompress(contents.pop("weights"))
        contents["rounded"] = packed_noise(round_weights(exact))
    embedded = [name for name in contents if name != "worker"]
    live = {"model": model, "worker": files["worker"], "embedded": embedded}
    elements = [stored(name, content) for name, content in contents.items()]
    return live, "\n".join([f'<script type="text/plain">{inside(notices())}</script>', *elements])


def single_file(lesson: Lesson, chosen: dict, light: bool = False) -> str:
    """The page with these knobs as its beginning, as one HTML document.

    With the model inside, or `light`, with what it answered to some windows.  Raises TooLong if
    that does not fit.
    """
    knobs = knobs_from(lesson, chosen)
    more, elements = {}, ""
    if light:
        knobs, more = light_data(lesson, knobs)
    elif lesson.requests:
        more["live"], elements = model_inside(lesson.model, defaults(knobs).get("fix", ""))
    looks = f"{FONT_NOTE}\n{whole_style_sheet(font_address)}\n{own_looks(lesson.name)}"
    early = inside(EMBED.read_text(encoding="utf-8"))
    script = inside(f'"use strict";\n{bundle(lesson.name, "static")}')
    runs_model = " 'wasm-unsafe-eval'" if elements else ""
    parts = Parts(
        policy=policy(
            script=f"{digest(early)} {digest(script)}{runs_model}",
            style=digest(looks),
            img="data:",
            font="data:",
            frame="'self'",
            worker="blob:" if elements else "'none'",
        ),
        head=f"<style>{looks}</style>\n<script>{early}</script>",
        stored=elements,
        scripts=f"<script>{script}</script>",
    )
    return html(lesson, page_data(lesson, knobs, **more), parts)
