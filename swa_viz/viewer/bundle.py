"""Put the ES modules of a lab into one script, because its host accepts exactly one.

Each module becomes a function that runs once and returns its exports; its imports become the
exports of the modules before it.  The modules use named exports, and imports of two forms only:
`import { a, b } from "./x.js"` and `import * as x from "./x.js"`.  A test holds them to that.
"""

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
STYLE_SHEETS = ("base.css", "views.css", "window.css", "layers.css", "home.css")
IMPORT = re.compile(
    r"^import (?:\* as (?P<whole>\w+)|\{(?P<names>[^}]*)\}) from \"\./(?P<file>\w+)\.js\";\n", re.M
)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.M)


def module(name: str) -> str:
    """The source of one module."""
    return (ASSETS / f"{name}.js").read_text(encoding="utf-8")


def style_sheet() -> str:
    """The looks of all labs: what they share, then what is each one's own."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLE_SHEETS)


def in_order(entry: str) -> list[str]:
    """The entry and everything that it needs, each after what it needs itself."""
    order: list[str] = []

    def visit(name: str) -> None:
        for found in IMPORT.finditer(module(name)):
            visit(found["file"])
        if name not in order:
            order.append(name)

    visit(entry)
    return order


def bound(source: str) -> str:
    """A module's source with its imports bound to the modules before it."""

    def bind(found: re.Match) -> str:
        names = found["whole"] or "{" + found["names"] + "}"
        return f"const {names} = ${found['file']};\n"

    return IMPORT.sub(bind, source)


def as_function(name: str) -> str:
    """One module as `const $name = (() => {...; return {exports}})();`."""
    source = module(name)
    exports = ", ".join(EXPORT.findall(source))
    body = EXPORT.sub("", bound(source))
    return f"const ${name} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n"


@cache
def bundle(entry: str, host: str) -> str:
    """All modules of the lab `entry`, and the module `host` that mounts its `render`."""
    names = dict.fromkeys([*in_order(entry), *in_order(host)[:-1]])
    modules = "".join(as_function(name) for name in names)
    return f"{modules}const render = ${entry}.render;\n{bound(module(host))}"
