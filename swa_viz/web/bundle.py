"""Put the ES modules of a lab into one script, because its host accepts exactly one.

Each module becomes a function that runs once and returns its exports; its imports become the
exports of the modules before it.  The modules use named exports, and imports of two forms only:
`import { a, b } from "./x.js"` and `import * as x from "../y/x.js"`.  A test holds them to that.
A module is named by its path inside the package, so that two folders may use the same word.
"""

import posixpath
import re
from functools import cache
from pathlib import Path

from swa_viz.browser_model.modules import PACKAGE, pattern_modules

WEB = PACKAGE / "web"
STATIC = WEB / "static"
IMPORT = re.compile(
    r"^import (?:\* as (?P<whole>\w+)|\{(?P<names>[^}]*)\}) from \"(?P<file>\.\.?/[\w./]+)\";\n",
    re.M,
)
# Comments on lines of their own, and types within a line: Prettier leaves no others.
COMMENT = re.compile(
    r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n|/\*\* @type [^\n]*?\*/ ?", re.M | re.S
)
LOOKS_COMMENT = re.compile(r"[ \t]*/\*.*?\*/\n?", re.S)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.M)


@cache
def source_of(name: str) -> str:
    """The source of one file of the package, named by its path in it."""
    return (PACKAGE / name).read_text(encoding="utf-8")


def looks_in(sheet: Path) -> str:
    """What a style sheet says to a browser: its comments are for readers."""
    return LOOKS_COMMENT.sub("", sheet.read_text(encoding="utf-8"))


def shared_looks() -> str:
    """The looks that all labs share: the ground first, then the views."""
    sheets = [path for part in ("core", "views") for path in sorted((WEB / part).glob("*.css"))]
    return "\n".join(map(looks_in, sheets))


def own_looks(lesson: str) -> str:
    """What a lesson adds to them for its own lab; most of its looks are shared."""
    sheet = PACKAGE / "lessons" / lesson / "lab.css"
    return looks_in(sheet) if sheet.exists() else ""


def without_comments(source: str) -> str:
    r"""The source as a browser needs it: comments and types are for readers, a third of all bytes.

    >>> without_comments("// Twice.\n/** @type {number} */\nconst x = /** @type {any} */ (2);\n")
    'const x = (2);\n'
    """
    return COMMENT.sub("", source)


def resolved(name: str, file: str) -> str:
    """The module that `name` means by `file`.

    >>> resolved("web/views/matrix.js", "../core/dom.js")
    'web/core/dom.js'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), file))


def variable(name: str) -> str:
    """The name under which a module's exports are known to the modules after it.

    >>> variable("web/core/dom.js")
    '$web_core_dom'
    """
    return "$" + name.removesuffix(".js").replace("/", "_")


@cache
def needs(name: str) -> tuple[str, ...]:
    """The modules that a module imports."""
    return tuple(resolved(name, found["file"]) for found in IMPORT.finditer(source_of(name)))


def in_order(*entries: str) -> list[str]:
    """The entries and everything that they need, each after what it needs itself.

    All patterns come first: whoever reads plain data may meet any of them.
    """
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for needed in needs(name):
                visit(needed)
            order.append(name)

    for entry in (*pattern_modules(), *entries):
        visit(entry)
    return order


def bound(name: str) -> str:
    """A module's source with its imports bound to the modules before it."""

    def bind(found: re.Match) -> str:
        names = found["whole"] or "{" + found["names"] + "}"
        return f"const {names} = {variable(resolved(name, found['file']))};\n"

    return IMPORT.sub(bind, without_comments(source_of(name)))


@cache
def as_function(name: str) -> str:
    """One module as `const $name = (() => {...; return {exports}})();`."""
    source = bound(name)
    exports = ", ".join(EXPORT.findall(source))
    body = EXPORT.sub("", source)
    return f"const {variable(name)} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n"


@cache
def bundle(lesson: str, host: str) -> str:
    """All modules of a lesson's lab, and the host (of `web/hosts/`) that mounts its `render`."""
    entry, mount = f"lessons/{lesson}/lab.js", f"web/hosts/{host}.js"
    modules = "".join(map(as_function, in_order(entry, mount)[:-1]))
    return f"{modules}const render = {variable(entry)}.render;\n{bound(mount)}"
