"""Every lab's page at the default, least and greatest value of each knob, and from a link."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from swa_viz.export.words import formula
from swa_viz.lessons import LESSONS
from swa_viz.ui.answers import model_facts
from swa_viz.web.knobs import ChoiceKnob, LettersKnob, NumberKnob, TextKnob

PAGES = Path(__file__).resolve().parent.parent / "pages"
LABS = [name for name, lesson in LESSONS.items() if lesson.panel == "lab"]


def knobs_of(name: str) -> dict:
    """The knobs of a page, for the model that the server runs."""
    return LESSONS[name].knobs_for(model_facts(LESSONS[name], "tiny-swa"))


def run_page(name: str, query: dict[str, str]) -> dict:
    """What the page hands to its lab, when it is opened with this query."""
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    drawn = {each.proto.component_name: each for each in page.get("bidi_component")}
    lab = drawn[f"swa_viz_{name}"]
    assert drawn.keys() == {"swa_viz_menu", f"swa_viz_{name}", f"swa_viz_{name}_words"}
    return json.loads(lab.proto.json)


def extreme(knob, side: str) -> str:
    """A knob's least or greatest value, as it stands in a URL."""
    if isinstance(knob, NumberKnob):
        return str(knob.at_least if side == "least" else knob.at_most)
    if isinstance(knob, ChoiceKnob):
        return list(knob.choices)[0 if side == "least" else -1]
    if isinstance(knob, LettersKnob):
        return list(knob.letters)[0 if side == "least" else -1] * len(knob.default)
    assert isinstance(knob, TextKnob)
    return "" if side == "least" else "word " * (knob.at_most // 5)


@pytest.mark.parametrize("name", LABS)
def test_without_a_query_every_knob_has_its_default(name):
    values = run_page(name, {})["values"]
    assert values == {knob: entry.default for knob, entry in knobs_of(name).items()}


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize("side", ["least", "greatest"])
def test_at_its_limits_a_page_works_and_keeps_the_values(name, side):
    query = {knob: extreme(entry, side) for knob, entry in knobs_of(name).items()}
    data = run_page(name, query)
    assert {knob: str(value) for knob, value in data["values"].items()} == query
    for answer in data["answers"]:
        assert answer["payload"]["tokens"] or answer["payload"]["empty"]


@pytest.mark.parametrize("name", LABS)
def test_nonsense_in_a_link_becomes_values_that_work(name):
    numbers = {k: "1e9; DROP" for k, e in knobs_of(name).items() if not isinstance(e, TextKnob)}
    values = run_page(name, numbers)["values"]
    assert values == {knob: entry.default for knob, entry in knobs_of(name).items()}


@pytest.mark.parametrize("name", LESSONS)
def test_a_formula_is_drawn_whole(name):
    for line in LESSONS[name].formula.splitlines():
        drawn = unescape(re.sub(r"<[^>]*>", "", formula(line)))
        assert not set(drawn) & set("\\{}[]"), "LaTeX that the converter does not know"
