"""The looks of a page without a server: the colours and fonts of the lab's own settings.

Streamlit hands its theme to a lab as variables named `--st-*`.  Here the same file becomes the same
variables, so nothing is chosen twice.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from swa_viz.web.bundle import STATIC, shared_looks, source_of

FRAME = Path(__file__).with_name("frame.css")
WORDS = Path(__file__).with_name("words.css")
# A page is dark where its address says so, else where the reader's system is; never on paper.
DARK = (
    "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) {",
    "@media screen { :root[data-theme=dark] {",
)
SERVED = "app/static/"  # where Streamlit serves the files of STATIC


def settings() -> dict:
    """The theme as `web/theme.toml` says it."""
    return tomllib.loads(source_of("web/theme.toml"))["theme"]


def font_files() -> list[Path]:
    """The fonts, in the order of the settings: what every page needs at once comes first."""
    return [STATIC / face["url"].removeprefix(SERVED) for face in settings()["fontFaces"]]


def variables(table: dict) -> str:
    """Settings as Streamlit's variables.

    >>> variables({"textColor": "#1a1f27", "fontFaces": [], "font": "Inter, sans-serif"})
    '--st-text-color: #1a1f27; --st-font: Inter, sans-serif;'
    """
    words = {name: value for name, value in table.items() if isinstance(value, str)}
    dashed = {re.sub(r"([A-Z])", r"-\1", name).lower(): value for name, value in words.items()}
    return " ".join(f"--st-{name}: {value};" for name, value in dashed.items())


def font_face(face: dict, address: str) -> str:
    """One font of the settings, from this address."""
    return (
        f'@font-face {{ font-family: "{face["family"]}"; src: url("{address}") format("woff2"); '
        f"font-weight: {face['weight']}; font-style: {face['style']}; font-display: swap; "
        f"unicode-range: {face['unicodeRange']}; }}"
    )


def words_looks() -> str:
    """The looks of the words below a lab, for every host."""
    return WORDS.read_text(encoding="utf-8")


def whole_style_sheet(address_of: Callable[[Path], str | None]) -> str:
    """Fonts, colours, the looks that all labs share and the frame of a page.

    `address_of` says where a font file is found, or None to leave it out.  Paper is always light.
    """
    theme = settings()
    placed = zip(theme["fontFaces"], map(address_of, font_files()), strict=True)
    return "\n".join(
        [
            *(font_face(face, address) for face, address in placed if address),
            f":root {{ color-scheme: light; {variables(theme)} {variables(theme['light'])} }}",
            *(f"{scope} color-scheme: dark; {variables(theme['dark'])} }} }}" for scope in DARK),
            shared_looks(),
            words_looks(),
            FRAME.read_text(encoding="utf-8"),
        ]
    )
