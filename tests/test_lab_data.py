"""What a lab receives is one contract: both hosts keep it, and the browser's words for it agree."""

import json
import re
from pathlib import Path

import pytest
from beartype.door import die_if_unbearable
from streamlit.testing.v1 import AppTest

from swa_viz.answers.request import Request, request_payload
from swa_viz.answers.request_plan import RequestPlan, plan_payload
from swa_viz.export.lab_data import PAGES, defaults, knobs_from, model_facts, page_data
from swa_viz.export.light import light_data
from swa_viz.lessons import LESSONS
from swa_viz.lessons.lab_data import LabData, lab_data
from swa_viz.models import load_model

HOME = LESSONS["home"]
ROOT = Path(__file__).resolve().parent.parent
TYPES = (ROOT / "swa_viz/web/core/types.d.ts").read_text(encoding="utf-8")


def from_server(name: str) -> dict:
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    sent = [component.proto.json for component in page.run().get("bidi_component")]
    (lab,) = [text for text in sent if '"knobs"' in text]  # the others are the menu and the words
    return json.loads(lab)


def from_file(name: str) -> dict:
    return page_data(PAGES[name], knobs_from(PAGES[name], {}))


def from_light_file(name: str) -> dict:
    lesson = PAGES[name]
    knobs, more = light_data(lesson, knobs_from(lesson, {"text": "The cat sat"}))
    return page_data(lesson, knobs, **more)


HOSTS = [(from_server, name) for name in PAGES] + [(from_file, name) for name in PAGES]
HOSTS += [(from_light_file, name) for name, lesson in PAGES.items() if lesson.light]


@pytest.mark.parametrize("host, name", HOSTS)
def test_both_hosts_keep_the_contract(host, name):
    data = json.loads(json.dumps(host(name)))
    assert list(data) == list(LabData.__annotations__)
    for field, hint in LabData.__annotations__.items():
        die_if_unbearable(data[field], hint)
    assert data["name"] == name
    assert data["values"].keys() == data["knobs"].keys()
    assert bool(data["model"]) == bool(data["requests"])
    assert data["served"] == (host is from_server)
    values = data["values"]
    now = [
        p
        for p in data["requests"]
        if not p["only_if"] or values[p["only_if"][0]] == p["only_if"][1]
    ]
    asked = [plan for plan in now if not plan["on_demand"]]
    first = [plan for plan in asked if plan["for_first_picture"]]
    assert len(data["answers"]) >= len(first if data["served"] else asked)


def names_in(type_name: str) -> list[str]:
    """The fields of one of the browser's types."""
    body = re.search(rf"export interface {type_name} \{{\n(.*?)\n\}}", TYPES, re.S)[1]
    return re.findall(r"^  readonly (\w+):", body, re.M)


def test_the_browser_s_types_have_the_same_fields():
    assert names_in("LabData") == list(LabData.__annotations__)
    assert names_in("Request") == list(request_payload(Request("m", "", ())))
    assert names_in("RequestPlan") == list(plan_payload(RequestPlan()))
    assert names_in("ModelFacts") == list(from_file("home")["model"])


@pytest.mark.parametrize(
    "served, live, engines",
    [
        (True, {"model": "tiny-swa"}, ["server", "browser"]),
        (True, {"model": "another"}, ["server"]),
        (False, {"model": "tiny-swa"}, ["browser"]),
        (False, None, []),
    ],
)
def test_the_files_of_another_model_are_not_this_lab_s(served, live, engines):
    knobs, facts = knobs_from(HOME, {}), model_facts(HOME)
    data = lab_data(HOME, knobs, defaults(knobs), facts, answers=[], served=served, live=live)
    assert data["model"]["engines"] == engines
    assert data["live"] == (live if "browser" in engines else None)


def test_a_lesson_about_another_model_has_its_facts_and_no_examples():
    own = PAGES["layers"]
    lesson = own.about("family-w8")
    data = page_data(lesson, knobs_from(lesson, {}))
    assert data["values"]["model"] == data["model"]["name"] == "family-w8"
    assert data["values"]["layers"] == 4
    assert "examples" in own.extra and data["extra"].keys() == own.extra.keys() - {"examples"}
    assert own.about(own.model) is own and HOME.about("family-w8") is HOME


def test_the_facts_are_the_model_s():
    facts, model = model_facts(HOME), load_model("tiny-swa")
    assert (facts["n_layers"], facts["n_heads"]) == (model.n_layers, model.n_heads)
    assert facts["vocab_size"] == model.tokenizer.vocab_size
    assert (facts["trained_window"], facts["trained_len"]) == (32, 256)
    assert "windows of 32, so full attention is the unusual" in facts["trained"]
