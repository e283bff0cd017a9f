"""Who may import whom in our JavaScript, the twin of import-linter's contracts for Python.

`FLOORS` says it as data, from the bottom up: a file belongs to the first floor that names it, and
imports only from its own floor and from those that the floor lists.  What a floor may use of the
browser itself is said in `eslint.config.js`.
"""

import posixpath
import re
import subprocess
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from swa_viz.browser_model.modules import pattern_modules
from swa_viz.web.bundle import PACKAGE, source_of, without_comments


class Floor(NamedTuple):
    """Some files, named by patterns of their paths, and the floors that they may import from."""

    files: tuple[str, ...]
    may_import: tuple[str, ...]


FLOORS = {
    "words": Floor(("wording/*.js",), ()),
    "facts": Floor(
        (
            *("patterns/*.js", "cost.js", "reach.js", "slots.js", "recompute.js"),
            *("presets/*.js", "experiments/*.js", "answers/edit_text.js"),
        ),
        ("words",),
    ),
    "address": Floor(("web/knobs.js", "web/wishes.js"), ("words", "facts")),
    "requests": Floor(
        ("answers/hidden.js", "answers/request.js", "answers/request_plan.js"), ("words", "facts")
    ),
    "browser model": Floor(("browser_model/*.js",), ("words", "facts")),
    "answers": Floor(
        ("answers/*.js", "models/*.js"), ("words", "facts", "requests", "browser model")
    ),
    "engine": Floor(("web/engine/*.js",), ("words", "facts", "requests")),
    "screen": Floor(("web/core/*.js",), ("words",)),
    "pictures": Floor(("web/picture/*.js",), ("words", "screen")),
    "views": Floor(("web/views/*.js",), ("words", "facts", "screen")),
    "questions": Floor(("web/questions/*.js",), ("words", "facts")),
    "lab": Floor(
        ("web/*.js",),
        (
            *("words", "address", "facts", "requests", "screen", "pictures", "engine", "views"),
            "questions",
        ),
    ),
    "lessons": Floor(
        ("lessons/*/*.js",), ("words", "facts", "screen", "views", "questions", "lab")
    ),
    "hosts": Floor(("web/hosts/*.js", "export/*.js"), ("address",)),
}
# What no other module imports: a page or a worker starts with it.
ENTRIES = (
    "lessons/*/lab.js",
    "web/hosts/*.js",
    "answers/worker.js",
    "export/embed.js",
)
# The slow twins by which a test judges the quick ones, and what a test calls to hold it to Python.
FOR_TESTS = {
    ("patterns/pattern.js", "scorePairs"),
    ("web/knobs.js", "read"),
    ("models/tokenizer.js", "readableBytes"),
}

MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.glob("**/*.js")
    if "static" not in path.relative_to(PACKAGE).parts
)
IMPORT = re.compile(r"^import (?:\* as (\w+)|\{([^}]*)\}) from \"([^\"]+)\";$", re.M)
EXPORT = re.compile(r"^export (?:async )?(?:function|const|class) (\w+)", re.M)
DOCUMENTED_FUNCTION = re.compile(
    r"/\*\*((?:(?!\*/).)*)\*/\nexport (?:(?:async )?function|const(?= \w+ = \())\s+(\w+)", re.S
)
SWITCHED_OFF = re.compile(r"eslint-disable|@ts-(?:nocheck|ignore|expect-error)|prettier-ignore")


def is_one_of(module: str, patterns: tuple[str, ...]) -> bool:
    """Does one of the patterns fit, where a star stands for the name of one file or folder?

    >>> is_one_of("lessons/home/lab.js", ("lessons/*.js",))
    False
    """
    return any(
        fnmatchcase(module, pattern) and module.count("/") == pattern.count("/")
        for pattern in patterns
    )


def floor_of(module: str) -> str:
    """The name of the floor to which a module belongs."""
    return next(name for name, floor in FLOORS.items() if is_one_of(module, floor.files))


@cache
def imports_of(module: str) -> dict[str, set[str]]:
    """The modules of ours that a module imports, and which of their exports it uses."""
    source = source_of(module)
    found: dict[str, set[str]] = {}
    for whole, names, file in IMPORT.findall(source):
        if not file.startswith("."):
            continue
        used = re.findall(rf"\b{whole}\.(\w+)", source) if whole else re.findall(r"\w+", names)
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(module), file))
        found.setdefault(imported, set()).update(used)
    return found


def reached_from(module: str) -> set[str]:
    """The module and all that it needs."""
    reached, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += imports_of(name)
    return reached


def test_every_import_has_a_form_that_is_understood_here():
    statements = {module: re.findall(r"^import\b.*", source_of(module), re.M) for module in MODULES}
    understood = {module: IMPORT.findall(source_of(module)) for module in MODULES}
    assert [m for m in MODULES if len(statements[m]) != len(understood[m])] == []
    assert [m for m in MODULES if not set(imports_of(m)) <= set(MODULES)] == []


def test_every_module_belongs_to_a_floor_and_no_floor_is_empty():
    assert {floor_of(module) for module in MODULES} == set(FLOORS)


def test_floors_stand_on_floors_below_them():
    below = set()
    for name, floor in FLOORS.items():
        assert set(floor.may_import) <= below
        below.add(name)


def test_a_module_imports_only_from_floors_below_it():
    allowed = {name: {name, *floor.may_import} for name, floor in FLOORS.items()}
    assert [
        (module, imported)
        for module in MODULES
        for imported in imports_of(module)
        if floor_of(imported) not in allowed[floor_of(module)]
    ] == []


def test_lessons_are_strangers_to_each_other():
    lessons = [module for module in MODULES if floor_of(module) == "lessons"]
    assert [
        (module, imported)
        for module in lessons
        for imported in imports_of(module)
        if imported in lessons and posixpath.dirname(imported) != posixpath.dirname(module)
    ] == []


def test_no_module_imports_itself_in_a_circle():
    reached = {module: reached_from(module) for module in MODULES}
    assert [m for m in MODULES if any(m in reached[other] for other in imports_of(m))] == []


def test_every_module_is_needed():
    entries = [*pattern_modules(), *(module for module in MODULES if is_one_of(module, ENTRIES))]
    assert set(MODULES) == set().union(*map(reached_from, entries))


def test_every_export_is_used():
    exported = {(module, name) for module in MODULES for name in EXPORT.findall(source_of(module))}
    used = {
        (imported, name)
        for module in MODULES
        for imported, names in imports_of(module).items()
        for name in names
    }
    shown = {(module, "render") for module in MODULES if is_one_of(module, ENTRIES)}
    assert exported - used - shown == FOR_TESTS


def test_nobody_switches_a_check_off():
    modules = [*MODULES, "../eslint.config.js"]
    assert [module for module in modules if SWITCHED_OFF.search(source_of(module))] == []


def test_every_module_and_every_export_says_what_it_means():
    sources = {module: source_of(module) for module in MODULES}
    assert [module for module, source in sources.items() if not source.startswith("//")] == []
    exports = {m: re.findall(r"^export ", source, re.M) for m, source in sources.items()}
    documented = {m: re.findall(r"\*/\nexport .*", source) for m, source in sources.items()}
    assert [m for m in MODULES if len(documented[m]) != len(exports[m])] == []


def test_every_exported_function_says_what_it_returns():
    assert [
        (module, name)
        for module in MODULES
        for comment, name in DOCUMENTED_FUNCTION.findall(source_of(module))
        if not ("@returns" in comment or "@type" in comment)
        and f"ReturnType<typeof {name}>" not in source_of(module)
    ] == []


def test_a_bundle_leaves_out_comments_and_nothing_else(tmp_path):
    for module in MODULES:
        for folder, text in (("with", str), ("without", without_comments)):
            path = tmp_path / folder / module
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(source_of(module)))
    compact(tmp_path / "with")
    compact(tmp_path / "without")
    for module in MODULES:
        short = without_comments(source_of(module))
        assert not re.search(r"^\s*(//|\*|/\*)", short, re.M), module
        one, other = (tmp_path / folder / "out" / module for folder in ("with", "without"))
        assert one.read_text() == other.read_text(), module


def compact(folder: Path) -> None:
    """Write each module of a folder into `out/`, without its comments and white space."""
    esbuild = PACKAGE.with_name("node_modules") / ".bin" / "esbuild"
    options = ["--minify-whitespace", "--outdir=out", "--outbase=."]
    subprocess.run([esbuild, *MODULES, *options, "--log-level=error"], cwd=folder, check=True)
