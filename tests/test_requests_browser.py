"""A request has one key in both languages, and a lesson's plans mean the same requests in both."""

import json
from dataclasses import asdict
from itertools import product

import pytest

from swa_viz.answers.edit_text import edit_in
from swa_viz.answers.request import Edit, Request, Writing, request_key, request_payload
from swa_viz.answers.request_plan import (
    RequestPlan,
    first_requests,
    plan_payload,
    requests_for,
    unbidden,
)
from swa_viz.export.lab_data import PAGES, defaults, knobs_from
from swa_viz.lessons.limits.lesson import HIDING
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.web.bundle import as_function, in_order
from swa_viz.web.knobs import NumberKnob

EVERY_PATTERN = (
    Causal(),
    SlidingWindow(4),
    CentredWindow(2),
    SinkWindow(4, 2),
    GlobalWindow(5, (3, 0), causal=False),
    GlobalWindow(4, ()),
    DilatedWindow(3, 2),
    Chunked(5),
)
TEXTS = ["", 'a "b" \\ /', "é 🎉 \u2028\x00\x7f\x1f\n\t\b\f", "\ud83d alone", "<b>&amp;</b>"]
REQUESTS = [
    *(Request("tiny-swa", text, EVERY_PATTERN) for text in TEXTS),
    *(Request("m", text, (), edit=Edit(3, text)) for text in TEXTS),
    Request("m", "a", (), edit=Edit(0)),
    Request("m", "a", (), edit=Edit(0, "b", n_tokens=3)),
    Request("m", "a", (Causal(),), kind="influence", token=0),
    Request("m", "a", (Causal(),), stage="scores", token=12),
    Request("m", "a", (Causal(),) * 3, layers=(0, 2)),
    Request("m", "a", (Causal(),), sink_logit=-3),
    Request("m", "a", (Causal(),), kind="choices", choices=(" é", "b")),
    Request("m", "a", (Causal(),), kind="generate", writing=Writing()),
    Request("m", "a", (Causal(),), writing=Writing(9, 99, 0, 5, 95, 7, ("é", "b"))),
    Request("m", "a", (Causal(),), kind="prefill", chunk=8),
    Request("window", "the red", (), kind="puzzle", start=74),
]
FACTS = {"name": "tiny-swa", "n_layers": 6, "layers_at_once": True}
LARGE = FACTS | {"layers_at_once": False}
ENDS = ("window", "sinks", "sink_logit", "layers", "layer", "token")
PLANS = [RequestPlan("trace", "first_layers"), RequestPlan("influence", "full")]


@pytest.fixture(scope="module")
def in_browser(chromium_browser):
    """Evaluate an expression of the modules `request` and `request_plan` on some data.

    Both travel as JSON: value by value is slow, and half a surrogate pair fits into no message.
    """
    page = chromium_browser.new_page()
    modules = "".join(map(as_function, in_order("answers/request_plan.js")))

    def evaluated(expression: str, data: object) -> object:
        made = f"const data = JSON.parse(text); return JSON.stringify({expression});"
        return json.loads(page.evaluate(f"(text) => {{ {modules} {made} }}", json.dumps(data)))

    yield evaluated
    page.close()


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_key_is_python_s(in_browser, request_):
    key = "$answers_request.requestKey(data)"
    assert in_browser(key, request_payload(request_)) == request_key(request_)


@pytest.mark.parametrize("request_", REQUESTS[-11:])
def test_defaults_and_the_order_of_names_make_no_difference(in_browser, request_):
    key = "$answers_request.requestKey(data)"
    payload = request_payload(request_)
    left_out = {"kind": "trace", "stage": "weights", "edit": None, "token": None, "layers": None}
    left_out |= {"sink_logit": None, "choices": None, "writing": None, "chunk": None}
    short = {name: x for name, x in payload.items() if name not in left_out or x != left_out[name]}
    if request_.edit and request_.edit.n_tokens == 1:
        short["edit"] = {"position": request_.edit.position}
    if request_.writing == Writing():
        short["writing"] = {}
    assert in_browser(key, dict(reversed(short.items()))) == request_key(request_)


def some_values(name: str) -> list[dict]:
    """Many settings of a lesson's knobs: the ends of each number, and every choice."""
    knobs = knobs_from(PAGES[name], {})
    ends = {
        knob: sorted({entry.at_least, entry.default, entry.at_most})
        for knob, entry in knobs.items()
        if isinstance(entry, NumberKnob) and knob in ENDS
    }
    if "schedule" in knobs:
        ends["schedule"] = ["wwwwww", "w8fd3cwf"]
    if "stage" in knobs:
        ends["stage"] = list(knobs["stage"].choices)
    # What a lab asks beside its knobs: the text that it makes, and where its answers begin.
    made = {"words": "the end", "start": 1} if name == "fixes" else {}
    return [
        made | defaults(knobs) | dict(zip(ends, chosen, strict=True))
        for chosen in product(*ends.values())
    ]


@pytest.mark.parametrize("name", [name for name, lesson in PAGES.items() if lesson.requests])
def test_plans_are_the_same_requests_in_both_languages(in_browser, name):
    plans = [*PAGES[name].requests, *(PLANS if name == "layers" else [])]
    every = some_values(name)
    ask = """data.every.map((values) =>
      $answers_request_plan.requestsFor(data.plans, values, data.facts))"""
    data = {"plans": list(map(plan_payload, plans)), "every": every}
    for facts in (FACTS, LARGE):
        expected = [
            list(map(request_payload, requests_for(plans, values, facts))) for values in every
        ]
        assert in_browser(ask, data | {"facts": facts}) == expected


def test_the_knobs_of_generation_are_the_same_requests_in_both_languages(in_browser):
    plans = [RequestPlan("generate"), RequestPlan("prefill", "full")]
    knobs = {"text": "a", "window": 3, "temperature": 80, "top_p": 95, "seed": 7, "chunk": 8}
    every = [
        knobs | {"top_k": k, "stop": stop, "new_tokens": most} | steps
        for k, stop, most in ((0, "", 64), (5, "é", 4))
        for steps in ({}, {"steps": 24})
    ]
    ask = """data.every.map((values) =>
      $answers_request_plan.requestsFor(data.plans, values, data.facts))"""
    data = {"plans": list(map(plan_payload, plans)), "every": every, "facts": FACTS}
    expected = [list(map(request_payload, requests_for(plans, values, FACTS))) for values in every]
    assert in_browser(ask, data) == expected
    assert [asked["writing"]["n_steps"] for asked, _ in expected] == [8, 24, 4, 4]


def test_a_sentence_is_hidden_alike_in_both_languages(in_browser):
    knobs = knobs_from(PAGES["limits"], {})
    every = [
        defaults(knobs) | {"needle": needle, "filler": filler, "before": before}
        for needle in knobs["needle"].choices
        for filler, before in ((0, 0), (0, 6), (6, 0), (6, 3), (4, 6))
    ]
    plans = [plan for plan in PAGES["limits"].requests if plan.hiding]
    ask = """data.every.map((values) =>
      $answers_request_plan.requestsFor(data.plans, values, data.facts))"""
    data = {"plans": list(map(plan_payload, plans)), "every": every, "facts": FACTS}
    expected = [list(map(request_payload, requests_for(plans, values, FACTS))) for values in every]
    assert in_browser(ask, data) == expected
    assert len({asked["text"] for asked, _ in expected}) == len(every) - len(HIDING.needles)


def test_a_large_model_sends_the_layer_that_is_looked_at():
    values = {"text": "a", "window": 3, "layer": 5}
    (asked,) = requests_for([RequestPlan()], values, LARGE)
    assert asked.layers == (4,)
    (asked,) = requests_for([RequestPlan()], values, FACTS)
    assert asked.layers is None


def test_what_the_first_picture_waits_for_is_asked_first(in_browser):
    plans = [RequestPlan(), RequestPlan("windows", for_first_picture=False)]
    plans.append(RequestPlan("perplexity", on_demand=True))
    values = {"text": "a", "window": 3}
    assert [each.kind for each in unbidden(plans)] == ["trace", "windows"]
    assert [each.kind for each in first_requests(plans, values, FACTS)] == ["trace"]
    ask = """[[], [0], [1], [0, 1]].flatMap((answered) => [false, true].map((isQuick) => {
      const requests = $answers_request_plan.requestsFor(data.plans, data.values, data.facts);
      const answerTo = (request) => (answered.includes(requests.indexOf(request)) ? {} : null);
      const now = $answers_request_plan.requestsNow(data.plans, requests, answerTo, isQuick);
      return now.map(({ kind }) => kind).join();
    }))"""
    data = {"plans": list(map(plan_payload, plans)), "values": values, "facts": FACTS}
    first, every = "trace", "trace,windows"
    assert in_browser(ask, data) == [first, every, every, every, first, every, every, every]


def test_what_is_no_knob_is_asked_in_the_browser(in_browser):
    ask = "$answers_request_plan.requestsFor(data.plans, data.values, data.facts)"
    values = {"text": "a b", "window": 3, "layers": 2, "token": 0, "picked": 1}
    plans = [RequestPlan(), RequestPlan("influence", "first_layers")]
    data = {"plans": list(map(plan_payload, plans)), "values": values, "facts": FACTS}
    trace, influence = in_browser(ask, data)
    assert (trace["edit"], trace["token"]) == (None, None)
    assert (influence["edit"], influence["token"]) == (None, 1)
    data["values"] = {**values, "token": 5}
    assert in_browser(ask, data)[1]["token"] == 4


@pytest.mark.parametrize("words", ["", "1-2:", "3:a\n:😀", "5-128:b", "4-3:x", "0:x", "1:x:", "x"])
def test_an_edit_in_an_address_is_the_same_in_both_languages(in_browser, words):
    both = """[$answers_edit_text.editIn(data),
               $answers_edit_text.editText($answers_edit_text.editIn(data))]"""
    edit, written = in_browser(both, words)
    found = edit_in(words)
    assert edit == (found and asdict(found))
    assert written == (words if found else "")
    values = {"text": "a b", "window": 3, "edit": words}
    assert requests_for([RequestPlan()], values, FACTS)[0].edit == found


def test_a_puzzle_is_asked_of_the_small_model_that_is_looked_at(in_browser):
    ask = "$answers_request_plan.requestsFor(data.plans, data.values, data.facts)"
    plan = RequestPlan("puzzle", "own", on_demand=True, text="words")
    values = {"fix": "sinks", "words": "the red", "start": 74, "window": 3}
    data = {"plans": [plan_payload(plan)], "values": values, "facts": FACTS}
    (found,) = in_browser(ask, data)
    assert found == request_payload(Request("sinks", "the red", (), kind="puzzle", start=74))
    assert [request_payload(each) for each in requests_for([plan], values, FACTS)] == [found]


def test_answers_are_kept_by_the_whole_request(chromium_browser):
    """The oldest go first, but those that came with a file, or were just looked at, stay."""
    page = chromium_browser.new_page()
    modules = "".join(map(as_function, in_order("web/engine/answer_cache.js")))
    changed = """(request) => { %s
      const cache = $web_engine_answer_cache.answerCache();
      cache.store(request, {tokens: []}, {engine: "server"});
      const others = {model: "x", text: "x", schedule: [], kind: "influence", stage: "scores",
                      edit: {position: 0, replacement: null}, token: 0, unheard: 1};
      const found = Object.entries(others).filter(([name, value]) =>
        cache.peek({...request, [name]: value}));
      return [found, cache.peek({...request}).engine]; }"""
    asked = request_payload(Request("tiny-swa", "a", (Causal(),)))
    assert page.evaluate(changed % modules, asked) == [[], "server"]
    forgotten = """(request) => { %s
      const cache = $web_engine_answer_cache.answerCache();
      const named = (i) => ({...request, text: `${i}`});
      for (let i = 0; i < 70; i++) {
        cache.store(named(i), {tokens: []}, {engine: i ? "server" : "file"});
        cache.peek(named(1));
      }
      return [0, 1, 2, 69].map((i) => cache.peek(named(i)) !== null); }"""
    assert page.evaluate(forgotten % modules, asked) == [True, True, False, True]
    page.close()
