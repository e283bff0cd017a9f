"""The static lab: a folder of plain files that works from any host, in any subfolder.

Scripts and looks are named by their content, so that a browser may keep them and never keeps an old
one.  All addresses are relative.
"""

import hashlib
import shutil
from pathlib import Path

from swa_viz.browser_model.files import LIVE, files_of, manifest
from swa_viz.export.lab_data import BUNDLED, PAGES, knobs_from, page_data
from swa_viz.export.notices import NAME as NOTICES
from swa_viz.export.notices import notices
from swa_viz.export.page import Parts, html, menu, policy
from swa_viz.export.theme import font_files, whole_style_sheet
from swa_viz.lessons import cards
from swa_viz.lessons.later import later_files
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.bundle import STATIC, bundle, own_looks

ASSETS, LIVE_FOLDER = "assets", "live"
EMBED = Path(__file__).with_name("embed.js")
FIRST = next(iter(PAGES))
ADDRESSES = {page: "index.html" if page == FIRST else f"{page}.html" for page in PAGES}
HASH_DIGITS = 10

# Nothing but files of this host.  The model runs as WebAssembly in a worker, and small pictures
# within the looks are data.  Styles that scripts set one by one are no markup and need no leave.
POLICY = policy(
    script="'self' 'wasm-unsafe-eval'",
    style="'self'",
    img="'self' data:",
    font="'self'",
    connect="'self'",
    worker="'self'",
    frame="'self'",
)


def model_pages(lesson: Lesson) -> dict[str, str]:
    """Where the page of a lesson about each model is: one page where nobody chooses a model."""
    if lesson.name not in PAGES:
        return {}
    own = {PAGES[lesson.name].model: ADDRESSES[lesson.name]}
    if "model" not in lesson.knobs:
        return own
    return {model: f"{lesson.name}-{model}.html" for model in BUNDLED} | own


def write_hashed(folder: Path, name: str, content: str) -> str:
    """Write a file under a name that says what is in it; its address from a page."""
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(content.encode()).hexdigest()[:HASH_DIGITS]
    path = folder / ASSETS / f"{stem}.{digest}.{suffix}"
    path.write_text(content, encoding="utf-8")
    return f"{ASSETS}/{path.name}"


def copy_fonts(folder: Path) -> None:
    """The fonts with their licences, beside the looks."""
    target = folder / ASSETS / "fonts"
    target.mkdir(exist_ok=True)
    for font in font_files():
        shutil.copyfile(font, target / font.name)
    for licence in font_files()[0].parent.glob("*-LICENSE.txt"):
        shutil.copyfile(licence, target / licence.name)


def copy_live(folder: Path) -> bool:
    """The models for the browser; False if they were not built here."""
    live = manifest()
    if live is None:
        return False
    target = folder / LIVE_FOLDER
    target.mkdir(exist_ok=True)
    for name in live["sizes"]:
        shutil.copyfile(LIVE / name, target / name)
    return True


def write_later(folder: Path, lesson: Lesson) -> dict[str, str]:
    """Write what the pages of a lesson fetch later; the address of each part from a page."""
    files = later_files(lesson.name)
    for file, text in files.values():
        (folder / ASSETS / file).write_text(text, encoding="utf-8")
    return {name: f"{ASSETS}/{file}" for name, (file, _) in files.items()}


def write_page(folder: Path, lesson: Lesson, address: str, parts: Parts) -> None:
    """Write the page of a lesson about the model that it asks."""
    files = files_of(lesson.model)
    data = page_data(
        lesson,
        knobs_from(lesson, {}, BUNDLED),
        cards=cards(ADDRESSES),
        live={"base": f"{LIVE_FOLDER}/", **files} if files else None,
        model_pages=model_pages(lesson),
        later=write_later(folder, lesson),
    )
    (folder / address).write_text(html(lesson, data, parts), encoding="utf-8")


def write_pages(folder: Path, lesson: Lesson, head: str) -> None:
    """Write the pages of a lesson, one about each model, with its script and its own looks.

    `head` loads what all pages share.
    """
    name = lesson.name
    script = write_hashed(folder, f"{name}.js", f'"use strict";\n{bundle(name, "static")}')
    if looks := own_looks(name):
        address = write_hashed(folder, f"{name}.css", looks)
        head = f'{head}\n<link rel="stylesheet" href="{address}">'
    scripts = f'<script src="{script}"></script>'
    parts = Parts(POLICY, head, scripts, menu=menu(lesson, ADDRESSES))
    for model, address in model_pages(lesson).items():
        write_page(folder, lesson.about(model), address, parts)


def write_site(folder: Path) -> bool:
    """Write all pages and what they need into `folder`; False if no model could come along.

    Raises OSError if the folder cannot be written.
    """
    (folder / ASSETS).mkdir(parents=True, exist_ok=True)
    copy_fonts(folder)
    has_models = copy_live(folder)
    shutil.copyfile(STATIC / "icon.png", folder / ASSETS / "icon.png")
    (folder / NOTICES).write_text(notices(), encoding="utf-8")
    looks = write_hashed(folder, "looks.css", whole_style_sheet(lambda font: f"fonts/{font.name}"))
    early = write_hashed(folder, "embed.js", EMBED.read_text(encoding="utf-8"))
    font = f"{ASSETS}/fonts/{font_files()[0].name}"
    head = (
        f'<script src="{early}" data-font="{font}"></script>\n'
        f'<link rel="icon" href="{ASSETS}/icon.png">\n'
        f'<link rel="stylesheet" href="{looks}">'
    )
    for lesson in PAGES.values():
        write_pages(folder, lesson, head)
    return has_models
