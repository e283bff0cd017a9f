"""Installed as a package, away from its checkout, the lab still writes all that it writes here."""

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from swa_viz.browser_model.files import manifest
from swa_viz.export.lab_data import PAGES
from swa_viz.export.notices import notices
from swa_viz.export.site import model_pages
from tests.fresh_process import as_a_module, fresh_process

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "LICENSES.md", "requirements.txt")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, by a wheel that it builds from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    copy = folder / "checkout"
    shutil.copytree(
        ROOT / "swa_viz", copy / "swa_viz", ignore=shutil.ignore_patterns("__pycache__", "*.nb?")
    )
    for name in SOURCES:
        shutil.copy(ROOT / name, copy)
    # To pack the weights takes seconds, and they are unpacked at once.
    options = ["--quiet", "--no-deps", "--config-settings=--build-option=--compression=stored"]
    if find_spec("setuptools"):
        options.append("--no-build-isolation")
    words = [sys.executable, "-m", "pip", "install", *options, "--target", folder / "site", copy]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(copy)
    return folder / "site"


WRITTEN = (
    ["file", "attention", "--light", "--text", "a cat", "--out", "a.html"],
    ["site", "--out", "site"],
)


@pytest.fixture(scope="module")
def exported(installed: Path) -> tuple[Path, str]:
    """Where the installed package's command line wrote a file and a site, and what it said."""
    folder = installed.with_name("elsewhere")
    folder.mkdir()
    its_path = f"import sys; sys.path.insert(0, {str(installed)!r})"
    script = its_path + "".join(as_a_module("swa_viz.export", words) for words in WRITTEN)
    done = fresh_process(script, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout + done.stderr


def data_of(page: Path) -> dict:
    """What a page tells its lab."""
    return json.loads(re.search(r'id="lab-data">(.*?)</script>', page.read_text())[1])


def test_it_writes_a_light_file(exported):
    folder, _ = exported
    text = (folder / "a.html").read_text()
    data = data_of(folder / "a.html")
    assert data["knobs"]["text"]["default"] == "a cat"
    assert data["answers"] and all(each["payload"]["tokens"] for each in data["answers"])
    assert "data:font/woff2;base64," in text and "--st-primary-color: #0072B2" in text
    assert "const render = $lessons_attention_lab.render" in text


def test_it_writes_the_whole_site(exported):
    folder, said = exported
    site = folder / "site"
    pages = {address for lesson in PAGES.values() for address in model_pages(lesson).values()}
    assert {path.name for path in site.glob("*.html")} == pages
    assert {"index.html", "window.html", "limits-family-w8.html"} < pages
    assert (site / "LICENSES.md").read_text() == notices()
    fonts = {path.name for path in (ROOT / "swa_viz/web/static/fonts").iterdir()}
    assert {path.name for path in (site / "assets" / "fonts").iterdir()} == fonts
    live = manifest()
    if live is None:
        assert "The model's files for the browser are not here" in said
        assert data_of(site / "index.html")["live"] is None
    else:
        assert {path.name for path in (site / "live").iterdir()} == set(live["sizes"])


def test_no_module_looks_above_the_package():
    for path in ROOT.glob("swa_viz/**/*.py"):
        depth = len(path.relative_to(ROOT / "swa_viz").parts)
        climbs = [int(steps) for steps in re.findall(r"\.parents\[(\d+)\]", path.read_text())]
        assert all(steps < depth for steps in climbs), path
