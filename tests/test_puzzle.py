"""A small model answers for the words at the end of a puzzle, as it did when it was measured."""

import json
from random import Random

import pytest
import torch

from swa_viz.answers import answer, model_for, request_payload
from swa_viz.answers.facts import facts_of
from swa_viz.answers.request import Request
from swa_viz.experiments.far_tasks import TASKS, TEXT_LEN, TOKEN_OF, WORDS, as_tensors, texts_at
from swa_viz.experiments.fix_models import HERE, load_fix
from swa_viz.experiments.fixes import FIXES, N_ASKED, asked_in, right_share
from swa_viz.models import load_model
from swa_viz.ui.answers import answer_all

# How often the model of seed 0 found the word 16 and 64 words back when it had been trained.
MEASURED = {
    "full": (1.0, 1.0),
    "window": (1.0, 0.1641),
    "deeper": (0.875, 0.8047),
    "wider": (1.0, 1.0),
    "sinks": (1.0, 0.1328),
    "sink_logit": (1.0, 0.1016),
    "global": (1.0, 1.0),
    "longformer": (1.0, 1.0),
    "one_to_one": (1.0, 1.0),
    "three_to_one": (0.8359, 0.8672),
    "five_to_one": (1.0, 1.0),
    "pyramid": (1.0, 1.0),
    "chunks": (0.1016, 0.1406),
    "overlapping": (1.0, 0.1094),
    "shifted": (0.8672, 0.1406),
    "dilated": (1.0, 0.0781),
    "mixed": (0.1797, 0.1797),
    "adaptive": (0.9922, 0.8672),
    "content": (1.0, 1.0),
    "state": (1.0, 1.0),
}
COPY = TASKS["copy"].make(Random(1), TEXT_LEN, 16)
FILLER = ["the"] * TEXT_LEN


def puzzle(name: str, words=COPY.words, start: int | None = COPY.last.start) -> Request:
    return Request(name, " ".join(words), (), kind="puzzle", start=start)


def said(name: str, **how) -> dict:
    request = puzzle(name, **how)
    return answer(request, model_for(request, load_model))


def test_every_fix_has_its_model():
    assert HERE == tuple(FIXES)


@pytest.fixture(scope="module")
def asked_back():
    """The texts in which the word stands 16 and 64 words back."""
    return [texts_at(TASKS["recall"], distance, N_ASKED) for distance in (16, 64)]


@pytest.mark.parametrize("name", MEASURED)
def test_the_bundled_model_is_right_as_often_as_when_it_was_measured(asked_back, name):
    model = load_fix(name)
    for puzzles, measured in zip(asked_back, MEASURED[name], strict=True):
        found = right_share(model.transformer, model.fix, puzzles)
        assert found == pytest.approx(measured, abs=1.5 / N_ASKED)


@pytest.mark.parametrize("name", FIXES)
def test_the_answer_is_the_model_s_and_its_weights_are_those_of_the_question(name):
    model, found = load_fix(name), said(name)
    asked = asked_in(model.fix, as_tensors([COPY]))
    logits = model.transformer(asked.texts, model.fix.layers(), model.fix.kernel)
    shares = logits[asked.asks].softmax(-1)[range(6), asked.answers]
    told = torch.tensor([each["share"] for each in found["asked"]])
    torch.testing.assert_close(told, shares, atol=1e-4, rtol=0)

    assert found["tokens"] == COPY.words and len(found["asked"]) == len(COPY.last)
    for each, weights in zip(found["asked"], found["weights"], strict=True):
        assert each["right"] == COPY.words[each["place"]]
        assert each["query"] == each["place"] - model.fix.causal
        shares = dict(map(tuple, each["likeliest"]))
        assert len(shares) == 8 and list(shares.values()) == sorted(shares.values(), reverse=True)
        assert sum(shares.values()) <= 1 + 1e-9
        assert shares.get(each["right"], each["share"]) == each["share"]
        rows = torch.tensor(weights)
        assert rows.shape == (model.fix.n_layers, 4, TEXT_LEN)
        if not model.fix.sink_logits:
            torch.testing.assert_close(rows.sum(-1), torch.ones(rows.shape[:2]), atol=1e-3, rtol=0)
        hidden = rows[..., each["query"] + 1 :]
        assert not model.fix.causal or float(hidden.abs().sum()) == 0
    assert json.loads(json.dumps(found)) == found


def test_a_window_s_question_gives_nothing_to_words_outside_it():
    weights = torch.tensor(said("window")["weights"])
    for i, place in enumerate(COPY.last):
        assert float(weights[i, :, :, : place - 8].abs().sum()) == 0
        assert float(weights[i, :, :, place - 8].sum()) > 0


def test_only_what_a_model_has_learned_is_sent():
    sent = {name: said(name) for name in ("window", "adaptive", "content", "state")}
    assert [bool(each["spans"]) for each in sent.values()] == [False, True, True, False]
    assert [bool(each["gates"]) for each in sent.values()] == [False, False, False, True]
    one_for_all, own = (torch.tensor(sent[name]["spans"]) for name in ("adaptive", "content"))
    assert one_for_all.shape == own.shape == (6, 4, TEXT_LEN)
    assert float((one_for_all - one_for_all[..., :1]).abs().max()) == 0
    assert float((own - own[..., :1]).abs().max()) > 1
    assert torch.tensor(sent["state"]["gates"]).shape == (6, 4)


def test_the_answer_to_copy_does_not_see_itself():
    """Other words at the end change nothing that was said before them."""
    other = [*COPY.words[:-1], next(w for w in WORDS if w != COPY.words[-1])]
    for name in ("full", "longformer"):
        before, after = (said(name, words=words)["asked"] for words in (COPY.words, other))
        assert [each["likeliest"] for each in before] == [each["likeliest"] for each in after]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "the"}, "exactly 80 words, but this text has 1"),
        ({"text": ""}, "exactly 80 words, but this text has 1"),
        ({"text": " ".join([*FILLER, "the"])}, "exactly 80 words, but this text has 81"),
        ({"text": " ".join([*FILLER[1:], "<b>"])}, "the word at position 79 is none"),
        ({"text": "  ".join(FILLER[:40]) + " the"}, "the word at position 1 is none"),
        ({"start": 73}, "must begin among the last 6"),
        ({"start": 80}, "must begin among the last 6"),
        ({"start": -1}, "the start must be a whole number"),
        ({"schedule": [{"kind": "causal"}]}, "has its own schedule"),
        ({"model": "tiny-swa"}, "the model tiny-swa is not here; known here: full, window"),
        ({"model": "../window"}, "is not here"),
        ({"model": 7}, "the model must be text"),
    ],
)
def test_what_is_no_puzzle_gets_a_sentence(change, reason):
    sent = request_payload(puzzle("window", FILLER)) | change
    (answered,) = answer_all([sent])
    assert answered["request"] == sent
    assert reason in answered["payload"]["empty"]


def test_the_facts_of_the_small_models_are_those_of_a_model():
    facts = facts_of("fixes", load_model)
    assert set(facts) == set(facts_of("tiny-swa", load_model))
    assert (facts["trained_len"], facts["vocab_size"]) == (TEXT_LEN, len(TOKEN_OF))
