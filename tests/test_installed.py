"""Installed as a package, away from its checkout, the lab still writes all that it writes here."""

import json
import os
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

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "LICENSES.md", "requirements.txt")


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run a program elsewhere."""
    result = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return result


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, from a wheel that was built from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    copy = folder / "checkout"
    shutil.copytree(
        ROOT / "swa_viz", copy / "swa_viz", ignore=shutil.ignore_patterns("__pycache__", "*.nb?")
    )
    for name in SOURCES:
        shutil.copy(ROOT / name, copy)
    wheel = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, copy]
    if find_spec("setuptools"):
        wheel.insert(3, "--no-build-isolation")
    run(*wheel, cwd=folder)
    (built,) = folder.glob("*.whl")
    run(
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        folder / "site",
        built,
        cwd=folder,
    )
    shutil.rmtree(copy)
    return folder / "site"


def export(installed: Path, cwd: Path, *words: str) -> str:
    """What the installed package's command line says while it writes."""
    result = run("-m", "swa_viz.export", *words, cwd=cwd, PYTHONPATH=str(installed))
    return result.stdout + result.stderr


def data_of(page: Path) -> dict:
    """What a page tells its lab."""
    return json.loads(re.search(r'id="lab-data">(.*?)</script>', page.read_text())[1])


def test_it_writes_a_light_file(installed, tmp_path):
    export(
        installed, tmp_path, "file", "attention", "--light", "--text", "a cat", "--out", "a.html"
    )
    text = (tmp_path / "a.html").read_text()
    data = data_of(tmp_path / "a.html")
    assert data["knobs"]["text"]["default"] == "a cat"
    assert data["answers"] and all(each["payload"]["tokens"] for each in data["answers"])
    assert "data:font/woff2;base64," in text and "--st-primary-color: #0072B2" in text
    assert "const render = $lessons_attention_lab.render" in text


def test_it_writes_the_whole_site(installed, tmp_path):
    said = export(installed, tmp_path, "site", "--out", "site")
    site = tmp_path / "site"
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


@pytest.mark.parametrize("path", sorted(ROOT.glob("swa_viz/**/*.py")), ids=lambda path: path.stem)
def test_no_module_looks_above_the_package(path):
    depth = len(path.relative_to(ROOT / "swa_viz").parts)
    climbs = [int(steps) for steps in re.findall(r"\.parents\[(\d+)\]", path.read_text())]
    assert all(steps < depth for steps in climbs)
