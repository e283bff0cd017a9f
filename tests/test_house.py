"""The house keeps its own rules: budgets, who imports whom, what may never be written."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from swa_viz.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
PAGE_LINES, MODULE_LINES = 80, 250
FONT_BYTES = 500_000

PAGES = sorted(ROOT.glob("pages/*.py"))
ENTRIES = [ROOT / "app.py", *sorted(ROOT.glob("asgi.py"))]
LIBRARY = sorted(ROOT.glob("swa_viz/**/*.py"))
TRAINING = sorted(ROOT.glob("training/*.py"))
SCRIPTS = [
    path
    for path in sorted(ROOT.glob("swa_viz/**/*"))
    if path.suffix in (".js", ".mjs", ".css", ".html") and "static" not in path.parts
]

NEVER_WRITTEN = {
    "markup made from text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write\b|DOMParser",
    "Streamlit's unsafe switches": r"unsafe_allow_html|unsafe_allow_javascript",
    "files from another host": r"\bcdn\.|googleapis|gstatic|unpkg|jsdelivr|cdnjs|esm\.sh|skypack",
    "Streamlit's icons as page icons, which another host serves": r"page_icon=\W*:material",
}
XML_NAMESPACE = re.compile(r"http://www\.w3\.org/[\w/.]+")


def name_of(path: Path) -> str:
    """How a test names a file."""
    return str(path.relative_to(ROOT))


def settings() -> dict:
    """What `.streamlit/config.toml` says."""
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def flat(table: dict, prefix: str = "") -> list[str]:
    """The dotted names of all settings.

    >>> flat({"theme": {"light": {"textColor": "#000"}, "font": "Inter"}})
    ['theme.light.textColor', 'theme.font']
    """
    names = []
    for key, value in table.items():
        names += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return names


def run(*command: str) -> subprocess.CompletedProcess:
    """Run a tool of this environment in the project's folder."""
    tool = Path(sys.executable).with_name(command[0])
    return subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)


def longer(paths: list[Path], n_lines: int) -> list[str]:
    """Those that have more lines."""
    return [name_of(path) for path in paths if len(path.read_text().splitlines()) > n_lines]


def test_pages_are_thin():
    assert longer(PAGES, PAGE_LINES) == []


def test_modules_are_short():
    assert longer([*LIBRARY, *TRAINING, *SCRIPTS], MODULE_LINES) == []


def test_functions_are_short_and_plain():
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert rules["mccabe"]["max-complexity"] == 10
    assert rules["pylint"]["max-statements"] == 40
    result = run("ruff", "check", "--select", "C901,PLR0915", "--ignore-noqa", ".")
    assert result.returncode == 0, result.stdout


def test_everyone_imports_only_whom_they_may():
    result = run("lint-imports", "--no-logo", "--no-cache")
    assert result.returncode == 0, result.stdout


def imported_by(path: Path) -> set[str]:
    """The packages from which a module imports."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    return imported


def test_the_library_knows_nothing_above_it():
    above = {"app", "asgi", "pages", "training", "tests", "benchmarks"}
    assert [name_of(path) for path in LIBRARY if imported_by(path) & above] == []


def test_no_drawer_for_odds_and_ends():
    names = {path.stem for path in [*LIBRARY, *TRAINING, *SCRIPTS]}
    assert not names & {"utils", "util", "common", "helpers", "misc"}


def test_every_module_says_what_it_is():
    modules = [*ENTRIES, *PAGES, *LIBRARY, *TRAINING]
    silent = [path for path in modules if not ast.get_docstring(ast.parse(path.read_text()))]
    assert [name_of(path) for path in silent] == []


@pytest.mark.parametrize("what", NEVER_WRITTEN)
def test_never_written(what):
    paths = [*ENTRIES, *PAGES, *LIBRARY, *SCRIPTS]
    found = {name_of(path): re.search(NEVER_WRITTEN[what], path.read_text()) for path in paths}
    assert [(name, match.group()) for name, match in found.items() if match] == []


def test_scripts_name_no_address():
    sources = {name_of(path): XML_NAMESPACE.sub("", path.read_text()) for path in SCRIPTS}
    assert [name for name, source in sources.items() if "://" in source] == []


def test_every_lesson_has_a_folder_and_a_page_and_every_folder_and_page_a_lesson():
    folders = {path.parent.name for path in ROOT.glob("swa_viz/lessons/*/lesson.py")}
    assert set(LESSONS) == folders == {path.stem for path in PAGES}
    assert all(lesson.name == name for name, lesson in LESSONS.items())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_shows_its_lesson_and_nothing_else(path):
    _, *lines = [line for line in path.read_text().splitlines() if line]
    assert lines == ["from swa_viz.ui.frame import show", f'show("{path.stem}")']


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_has_what_it_says(lesson):
    folder = ROOT / "swa_viz/lessons" / lesson.name
    assert (folder / "lab.js").is_file()
    assert lesson.light is None or lesson.requests
    assert all("](https://" in source or "in the table" in source for source in lesson.sources)


def test_the_readme_names_every_lesson_and_its_question():
    rows = re.findall(r"^\| (\w+) \| (.+\?) \|$", (ROOT / "README.md").read_text(), re.M)
    assert rows == [(name, lesson.title) for name, lesson in LESSONS.items()]


def test_the_looks_are_the_same_with_and_without_a_server():
    looks = tomllib.loads((ROOT / "swa_viz/web/theme.toml").read_text())
    assert looks["theme"] == settings()["theme"]


def test_every_setting_is_known_to_streamlit():
    for name in flat(settings()):
        config.get_option(name)


def test_settings_that_must_stay():
    found = settings()
    assert found["runner"]["postScriptGC"] is False
    assert found["server"]["enableStaticServing"] is True
    assert found["server"]["enableAgentApi"] is False
    assert found["client"]["showErrorDetails"] == "none"
    assert found["browser"]["gatherUsageStats"] is False


def test_fonts_are_ours_to_serve():
    fonts = [
        ROOT / "swa_viz/web" / face["url"].removeprefix("app/")
        for face in settings()["theme"]["fontFaces"]
    ]
    assert sorted(fonts) == sorted(ROOT.glob("swa_viz/web/static/fonts/*.woff2"))
    assert all(font.read_bytes()[:4] == b"wOF2" for font in fonts)
    assert sum(font.stat().st_size for font in fonts) < FONT_BYTES


def test_every_font_has_its_licence():
    licences = (ROOT / "LICENSES.md").read_text()
    for face in settings()["theme"]["fontFaces"]:
        file = f"swa_viz/web/static/fonts/{face['family'].lower().replace(' ', '-')}-LICENSE.txt"
        assert "SIL Open Font License" in (ROOT / file).read_text()
        assert face["family"] in licences and file in licences


@pytest.mark.parametrize("file", sorted(ROOT.glob("requirements*.txt")), ids=name_of)
def test_requirements_are_pinned(file):
    lines = file.read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert packages and all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in packages)


def test_the_readme_shows_code_that_runs():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_what_runs_as_a_program_looks_at_its_arguments_first():
    """Else a slip such as `--help` measures anew, for hours, over what is stored."""
    programs = [
        path
        for folder in ("swa_viz", "training", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if '__main__"' in path.read_text()
    ]
    careless = [path for path in programs if "ArgumentParser(" not in path.read_text()]
    assert list(map(name_of, careless)) == []
