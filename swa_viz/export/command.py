"""The command line: `python -m swa_viz.export site`, `... all` or `... file attention --window 6`.

The options of `file` are the knobs of that page, each read by its own reader.  A page's address
forgives nonsense; here somebody is about to hand a file to a class, so nonsense is refused.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from swa_viz.browser_model.files import manifest
from swa_viz.export.lab_data import BUNDLED, PAGES, knobs_from
from swa_viz.export.light import TooLong
from swa_viz.export.single import single_file
from swa_viz.export.site import write_site
from swa_viz.lessons.lesson import Lesson
from swa_viz.web.knobs import WHOLE_NUMBER, ChoiceKnob, Knob, LettersKnob, NumberKnob

NEED_MODEL = ", ".join(name for name, lesson in PAGES.items() if lesson.requests)
NO_MODEL = (
    "The model's files for the browser are not here (in a checkout, make live builds them), so "
    f"these labs only show their first view: {NEED_MODEL}."
)
LIGHT = "without the model: with its answers for windows around the chosen one, at most 2 MB"


def expected(knob: Knob) -> str:
    """What a knob can be, in words.

    >>> expected(NumberKnob("Window W", default=6, at_least=1, at_most=64))
    'a whole number from 1 to 64'
    """
    if isinstance(knob, NumberKnob):
        return f"a whole number from {knob.at_least:,} to {knob.at_most:,}"
    if isinstance(knob, ChoiceKnob):
        return "one of " + ", ".join(knob.choices)
    if isinstance(knob, LettersKnob):
        many = f"{len(knob.default)} " if knob.default else ""
        letters = f"{many}letters out of {', '.join(knob.letters)}, or fewer that repeat"
        return f"{letters}; a letter's own window, as in w8, has at most {knob.at_most:,} keys"
    return f"at most {knob.at_most:,} characters"


def fits(knob: Knob, raw: str) -> bool:
    """Does the knob take this as it stands?"""
    if isinstance(knob, NumberKnob):
        return bool(WHOLE_NUMBER.fullmatch(raw)) and knob.read(raw) == float(raw)
    if isinstance(knob, LettersKnob):
        typed = knob.typed(raw)
        return typed.text is not None and typed == replace(knob, at_most=sys.maxsize).typed(raw)
    return knob.read(raw) == raw


def reader(knob: Knob) -> Callable[[str], int | str]:
    """Read an option of the command line as the knob reads it, or say what is wrong."""

    def read(raw: str) -> int | str:
        if not fits(knob, raw):
            given = f"{raw[:40]}…" if len(raw) > 40 else raw
            raise argparse.ArgumentTypeError(f"must be {expected(knob)}, but it is {given!r}")
        return knob.read(raw)

    return read


def named_model() -> str | None:
    """The model that the command line names, or None: it bounds what the other options may be."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model")
    return parser.parse_known_args()[0].model


def arguments() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(prog="python -m swa_viz.export", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    site = commands.add_parser("site", help="the whole lab, as a folder for any file host")
    site.add_argument("--out", type=Path, default=Path("build/site"), help="the folder")
    every = commands.add_parser("all", help="each page in one file of its own, and its light file")
    every.add_argument("--out", type=Path, default=Path("build/files"), help="the folder")
    file = commands.add_parser("file", help="one page in one self-contained HTML file")
    pages = file.add_subparsers(dest="page", required=True, metavar=" | ".join(PAGES))
    model = named_model()
    for name, own in PAGES.items():
        lesson = own.about(model) if model in BUNDLED else own
        page = pages.add_parser(name)
        page.add_argument("--out", type=Path, default=Path(f"{name}.html"), help="the file")
        for knob_name, knob in knobs_from(lesson, {}, BUNDLED).items():
            words = f"{knob.label}: {expected(knob)}".replace("%", "%%")
            page.add_argument(f"--{knob_name}", type=reader(knob), metavar="…", help=words)
        if lesson.light:
            page.add_argument("--light", action="store_true", help=LIGHT)
    return parser


def write_file(lesson: Lesson, chosen: dict, light: bool, out: Path) -> None:
    """Write one page with the knobs that were given."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(single_file(lesson, chosen, light), encoding="utf-8")
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def one(page: str, out: Path, light: bool = False, **options: object) -> bool:
    """Write one page into one file; does it need the model of the browser?"""
    chosen = {name: value for name, value in options.items() if value is not None}
    lesson = PAGES[page].about(chosen.get("model", PAGES[page].model))
    write_file(lesson, chosen, light, out)
    return bool(lesson.requests) and not light


def all_files(out: Path) -> bool:
    """Write every page into one file, and its light file beside it; some need the model."""
    for name, lesson in PAGES.items():
        write_file(lesson, {}, False, out / f"{name}.html")
        if lesson.light:
            write_file(lesson, {}, True, out / f"{name}-light.html")
    return True


def site(out: Path) -> bool:
    """Write the whole lab into a folder; it needs the model."""
    write_site(out)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {size / 1e6:.1f} MB")
    return True


COMMANDS = {"site": site, "all": all_files, "file": one}


def main() -> None:
    """Do what the command line says."""
    options = vars(arguments().parse_args())
    command, out = options.pop("command"), options["out"]
    try:
        needs_model = COMMANDS[command](**options)
        if needs_model and manifest() is None:
            print(NO_MODEL, file=sys.stderr)
    except TooLong as error:
        sys.exit(f"{out} was not written: {error}")
    except OSError as error:
        sys.exit(f"{out} cannot be written: {error.strerror}")
