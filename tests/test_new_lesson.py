"""To add a lesson takes its folder, its name in LESSONS, and a page of two lines: nothing else."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.fresh_process import ROOT, fresh_process

LESSON = '''"""Why do cats nap?"""

from swa_viz.web.knobs import NumberKnob
from swa_viz.lessons.lesson import Card, Lesson

LESSON = Lesson(
    name="naps",
    title="Why do cats nap?",
    lead="Drag N.",
    paragraphs=("They are cats.",),
    formula="n = n",
    code=("swa_viz.attention:attention",),
    sources=("A cat",),
    knobs={"naps": NumberKnob("Naps N", 3, 1, 9)},
    card=Card("A cat is asked.", "band"),
)
'''
LAB = """import { mount } from "../../web/lab.js";
import { slider } from "../../web/core/controls.js";

export function render(element, data, callbacks) {
  mount(element, data, callbacks, (lab) => {
    const onInput = (naps) => lab.commit({ naps });
    const naps = slider(lab.data.knobs.naps, lab.values.naps, { onInput });
    return { element: naps.element, paint: () => {} };
  });
}
"""
# Compiled files come and go while other tests run.
BUILT = shutil.ignore_patterns("live", "__pycache__")
LOOKS = ".naps { color: inherit; }\n"
PAGE = """\"\"\"Why do cats nap?\"\"\"

from swa_viz.ui.frame import show

show("naps")
"""
# Pages about other models hold nothing of the new lesson, and are most of the work.
EXPORT = """
import sys
from swa_viz.export import site
from swa_viz.export.command import main

site.BUNDLED = {name: about for name, about in site.BUNDLED.items() if name == "tiny-swa"}

for words in ("site --out site", "file naps --naps 4 --out naps.html"):
    sys.argv[1:] = words.split()
    main()
"""
# What the server hands to the menu, to the first page and to the lesson's own page.
ASK_THE_SERVER = """
import json
from unittest.mock import patch
import streamlit as st
from streamlit.testing.v1 import AppTest

menu = []
navigation = st.navigation
def noted(pages, **looks):
    menu.extend([page.title, page.url_path] for page in pages)
    return navigation(pages, **looks)

def lab(component, path, asked):
    page = AppTest.from_file(path, default_timeout=60)
    for name, value in asked.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    drawn = {each.proto.component_name: each.proto.json for each in page.get("bidi_component")}
    return json.loads(drawn[component])

with patch("streamlit.navigation", noted):
    cards = lab("swa_viz_home", "app.py", {})["cards"]
values = lab("swa_viz_naps", "pages/naps.py", {"naps": "7"})["values"]
print(json.dumps({"menu": menu, "cards": cards, "values": values}))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with one more lesson in it."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("swa_viz", "pages"):
        shutil.copytree(ROOT / name, copy / name, ignore=BUILT)
    shutil.copy(ROOT / "app.py", copy)
    shutil.copy(ROOT / "LICENSES.md", copy)
    folder = copy / "swa_viz" / "lessons" / "naps"
    folder.mkdir()
    for name, text in {"lesson.py": LESSON, "lab.js": LAB, "lab.css": LOOKS}.items():
        (folder / name).write_text(text)
    (copy / "pages" / "naps.py").write_text(PAGE)
    the_list = copy / "swa_viz" / "lessons" / "__init__.py"
    text = the_list.read_text()
    assert text.count('"window", ') == 1
    the_list.write_text(text.replace('"window", ', '"window", "naps", '))
    return copy


@pytest.fixture(scope="module")
def served(house: Path) -> dict:
    """What its server hands out, after it has written its static lab and one file: one process."""
    result = fresh_process(EXPORT + ASK_THE_SERVER, cwd=house)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_the_server_has_it_in_its_menu_on_its_first_page_and_as_a_page(served):
    assert [title for title, _ in served["menu"]][:4] == ["Home", "Window", "Naps", "Attention"]
    assert [card["page"] for card in served["cards"]][:2] == ["window", "naps"]
    assert served["cards"][1] == {
        "page": "naps",
        "question": "Why do cats nap?",
        "address": "./naps",
        "sentence": "A cat is asked.",
        "picture": "band",
    }
    assert served["values"] == {"naps": 7}


@pytest.mark.usefixtures("served")
def test_the_static_lab_has_it_in_its_menu_and_as_a_page(house):
    page = (house / "site" / "naps.html").read_text()
    assert "<title>Naps: why do cats nap? · swa_viz</title>" in page
    menu = re.findall(r'<a href="(\w+\.html)"[^>]*>(\w+)</a>', page)
    assert menu[1:3] == [("window.html", "Window"), ("naps.html", "Naps")]
    (sheet,) = (house / "site" / "assets").glob("naps.*.css")
    assert sheet.read_text() == LOOKS and sheet.name in page
    first = json.loads(
        re.search(r'id="lab-data">(.*?)</script>', (house / "site" / "index.html").read_text())[1]
    )
    assert [card["address"] for card in first["cards"]][:2] == ["window.html", "naps.html"]


@pytest.mark.usefixtures("served")
def test_one_file_of_it_takes_its_knobs(house):
    text = (house / "naps.html").read_text()
    assert '"naps":{"name":"naps","kind":"number","label":"Naps N","default":4' in text
