"""A request is one frozen value with one key; whatever else a browser sends gets one sentence."""

import json
import re
from dataclasses import replace
from itertools import count

import pytest

from swa_viz.answers import answer, check_model, recorded
from swa_viz.answers.limits import MAX_TEXT
from swa_viz.answers.request import (
    Edit,
    Request,
    Writing,
    request_key,
    request_payload,
)
from swa_viz.answers.request_reader import MAX_LAYERS, read_request
from swa_viz.models import load_model
from swa_viz.patterns import Causal, GlobalWindow, SinkWindow, SlidingWindow
from swa_viz.ui.answers import answer_all
from swa_viz.ui.lab import read_message

CAUSAL = [{"kind": "causal"}]
ASKED = Request("tiny-swa", "The cat", (SlidingWindow(3),) * 6)
# Every field, changed.
OTHERS = {
    "model": "another",
    "text": "The cat ",
    "schedule": (SlidingWindow(3),) * 5 + (SlidingWindow(4),),
    "kind": "influence",
    "stage": "scores",
    "edit": Edit(0, None),
    "token": 0,
    "layers": (2,),
    "sink_logit": 0,
    "start": 0,
    "choices": (" red",),
    "writing": Writing(),
    "chunk": 8,
}
PLAIN = {"model": "tiny-swa", "text": "a", "schedule": CAUSAL * 6}
NAN = float("nan")
NONSENSE = [
    None,
    [],
    "text",
    7,
    NAN,
    {},
    {"kind": "nothing"},
    {"text": "a", "schedule": CAUSAL * 6},
    {**PLAIN, "other": 1},
    {**PLAIN, 3: 1},
    *({**PLAIN, "kind": kind} for kind in ("nothing", None, 7, [], "__class__")),
    *({**PLAIN, "model": model} for model in (None, 7, "", "/etc", "../tiny-swa", "x" * 10**6)),
    *(
        {**PLAIN, "text": text}
        for text in (None, 7, ["a"], {}, NAN, "a" * (MAX_TEXT + 1), "🎉" * 10**6)
    ),
    *({**PLAIN, "stage": stage} for stage in ("output", "", None, 7, ["weights"])),
    *(
        {**PLAIN, "layers": layers}
        for layers in ("0", 0, [-1], [6], [0, 0], [0.5], [True], [NAN], [10**30], [0] * 10**5)
    ),
    *(
        {**PLAIN, "choices": choices}
        for choices in (" a", 0, [], [""], [None], [" a"] * 9, ["a" * 41], {" a": 1})
    ),
    *({**PLAIN, "chunk": chunk} for chunk in ("x", 0, -1, 0.5, NAN, True, [1], 129, 10**30)),
    *({**PLAIN, "writing": writing} for writing in ("x", 0, [], {"n": 1}, {3: 1}, NAN)),
    *(
        {**PLAIN, "writing": {name: number}}
        for name in ("n_steps", "at_most", "temperature", "top_k", "top_p", "seed")
        for number in ("1", -1, 0.5, NAN, True, [1], 10**30)
    ),
    *({**PLAIN, "writing": {name: 0}} for name in ("n_steps", "at_most", "top_k", "top_p")),
    *(
        {**PLAIN, "writing": {name: number}}
        for name, number in (
            ("n_steps", 257),
            ("at_most", 257),
            ("top_p", 101),
            ("temperature", 1001),
        )
    ),
    *({**PLAIN, "writing": {name: None}} for name in ("n_steps", "temperature", "stop")),
    *(
        {**PLAIN, "writing": {"stop": stop}}
        for stop in ("a", {"a": 1}, [""], [7], ["a"] * 5, ["a" * 41])
    ),
    *({**PLAIN, "sink_logit": s} for s in ("0", 0.5, NAN, True, [0], 101, -101, 10**30)),
    *({**PLAIN, "token": token} for token in ("x", -1, 0.5, NAN, True, [0], 10**30)),
    *({**PLAIN, "start": start} for start in ("x", -1, 0.5, NAN, True, [0], 2049, 10**30)),
    *(
        {**PLAIN, "edit": edit}
        for edit in ("x", [], {}, {"n_tokens": 1}, {"position": 0, "replacement": "a", "b": 1})
    ),
    *(
        {**PLAIN, "edit": {"position": at}}
        for at in (None, "1", 0.5, NAN, -1, True, [0], 10**30, 99)
    ),
    *(
        {**PLAIN, "edit": {"position": 0, "n_tokens": many}}
        for many in (None, "1", 0.5, NAN, 0, -1, True, [1], 2, 129, 10**30)
    ),
    *({**PLAIN, "edit": {"position": 0, "replacement": words}} for words in (7, [], "x" * 41)),
    *({**PLAIN, "schedule": layers} for layers in (None, "w", {}, 7, [], CAUSAL, CAUSAL * 10**5)),
    *(
        {**PLAIN, "schedule": [layer] * 6}
        for layer in (
            None,
            "causal",
            [],
            {},
            {"kind": None},
            {"kind": ["causal"]},
            {"kind": "x" * 10**6},
            {"kind": "sliding"},
            {"kind": "sliding", "size": 3},
            {"kind": "sliding", "window_size": 3, "x": 1},
            *({"kind": "sliding", "window_size": size} for size in (0, -1, 1.5, "3", None, True)),
            *(
                {"kind": "sliding", "window_size": size}
                for size in (NAN, [3], {}, 10**30, 10**5000)
            ),
            {"kind": "global", "window_size": 3, "global_positions": "0"},
            {"kind": "global", "window_size": 3, "global_positions": [-1]},
            {"kind": "global", "window_size": 3, "global_positions": list(range(10**5))},
            {"kind": "global", "window_size": 4, "causal": False},
        )
    ),
]


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.mark.parametrize("name", OTHERS)
def test_no_field_is_left_out_of_the_key(name):
    assert request_key(replace(ASKED, **{name: OTHERS[name]})) != request_key(ASKED)


def test_every_field_is_tested_above():
    assert list(OTHERS) == list(request_payload(ASKED))


def test_the_key_is_stable_text():
    asked = Request("m", 'é "\n\ud83d', (SinkWindow(3, 2),), edit=Edit(1, "b"), token=4)
    assert request_key(asked) == (
        '{"choices":null,"chunk":null,"edit":{"n_tokens":1,"position":1,"replacement":"b"},"kind":"trace","layers":null,'
        '"model":"m","schedule":[{"kind":"sink","n_sink_tokens":2,"window_size":3}],"sink_logit":null,"stage":"weights",'
        '"start":null,"text":"\\u00e9 \\"\\n\\ud83d","token":4,"writing":null}'
    )


@pytest.mark.parametrize(
    "request_",
    [ASKED, Request("m", "", (GlobalWindow(5, (3, 1), causal=False), Causal()), edit=Edit(2, "é"))]
    + [replace(ASKED, **{name: value}) for name, value in OTHERS.items()],
)
def test_a_request_is_the_same_after_its_journey(request_):
    assert read_request(json.loads(json.dumps(request_payload(request_)))) == request_
    assert read_request(json.loads(request_key(request_))) == request_


def test_what_is_left_out_is_at_its_default():
    assert read_request(PLAIN) == Request("tiny-swa", "a", (Causal(),) * 6)
    assert read_request({**PLAIN, "edit": {"position": 3}}).edit == Edit(3, None, 1)
    ones = dict.fromkeys(("n_steps", "at_most", "top_p", "top_k"), 1)  # the least that is allowed
    assert read_request({**PLAIN, "writing": ones}).writing == Writing(**ones)
    assert request_key(replace(ASKED, edit=Edit(3))) != request_key(
        replace(ASKED, edit=Edit(3, None, 2))
    )


def test_a_schedule_is_bounded():
    longest = read_request({**PLAIN, "schedule": CAUSAL * MAX_LAYERS})
    assert longest.schedule == (Causal(),) * MAX_LAYERS
    with pytest.raises(ValueError, match="at most 256 patterns"):
        read_request({**PLAIN, "schedule": CAUSAL * (MAX_LAYERS + 1)})


def test_limits_count_characters_and_not_their_halves():
    assert read_request({**PLAIN, "text": "🎉" * MAX_TEXT}).text == "🎉" * MAX_TEXT
    assert read_request({**PLAIN, "edit": {"position": 0, "replacement": "🎉" * 40}}).edit


def test_a_sentence_says_what_is_allowed():
    with pytest.raises(ValueError, match="the stage must be one of scores, masked_scores, weights"):
        read_request({**PLAIN, "stage": "output"})
    with pytest.raises(ValueError, match="a request must name its text"):
        read_request({"model": "tiny-swa"})
    with pytest.raises(ValueError, match="the text may have at most 12,000 characters, but it"):
        read_request({**PLAIN, "text": "a" * 12_001})


@pytest.mark.parametrize("name", ["another", "", "/etc", "swa_viz/models/weights/tiny-swa"])
def test_only_models_of_the_table_may_be_asked(model, name):
    with pytest.raises(ValueError, match="known here: tiny-swa"):
        check_model(name)
    with pytest.raises(ValueError, match="known here: tiny-swa"):
        answer(replace(ASKED, model=name), model)


def test_an_answer_comes_with_its_whole_request(model):
    found = recorded(ASKED, model)
    assert found["request"] == request_payload(ASKED)
    assert found["payload"]["tokens"] == ["The", " cat"]
    refused = recorded(replace(ASKED, edit=Edit(99, "x")), model)
    assert refused["payload"]["empty"] == (
        "This could not be computed: the text has 2 tokens, so there is no token 100."
    )


@pytest.mark.parametrize("sent", NONSENSE, ids=count())
def test_a_request_that_no_lab_would_send_gets_a_sentence(sent):
    (answered,) = answer_all([sent])
    assert answered["request"] is sent
    assert answered["payload"]["tokens"] == []
    assert re.fullmatch(r"This could not be computed: .{5,300}\.", answered["payload"]["empty"])


def test_an_answer_holds_the_numbers_of_the_layers_that_were_asked_for(model):
    for stage in ("weights", "scores"):
        whole = answer(replace(ASKED, stage=stage), model)
        some = answer(replace(ASKED, stage=stage, layers=(1, 4)), model)
        for name in ("values", "value_starts")[: 1 + (stage == "scores")]:
            expected = [sent if i in (1, 4) else None for i, sent in enumerate(whole[name])]
            assert some[name] == expected
        assert some["schedule"] == whole["schedule"] and len(some["next"]) == 2


def test_equal_requests_are_computed_once(monkeypatch):
    computed = []
    monkeypatch.setattr(
        "swa_viz.ui.answers.answer_in_turns", lambda *asked: computed.append(asked) or iter([{}])
    )
    short = {"model": "tiny-swa", "text": "once and no more", "schedule": []}
    answer_all([short, {**short, "token": None}, dict(reversed(short.items()))])
    assert len(computed) == 1


def test_a_failure_is_not_kept(monkeypatch):
    sent = {**PLAIN, "text": "a b c"}

    def failing(*_):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as broken:
        broken.setattr("swa_viz.ui.answers.answer_in_turns", failing)
        assert "out of memory" in answer_all([sent])[0]["payload"]["empty"]
    assert answer_all([sent])[0]["payload"]["tokens"]


@pytest.mark.parametrize("message", [None, "x", [], 7, {}, {"knobs": [], "requests": {}}, {"a": 1}])
def test_a_message_that_no_lab_would_send_says_nothing(message):
    assert read_message(message) == ({}, [])
