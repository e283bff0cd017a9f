"""A text grows by a few tokens per answer: the same ones however they are asked for, in turns."""

import threading
from dataclasses import replace

import pytest
import torch

from swa_viz.answers import answer, answer_in_turns
from swa_viz.answers.generate import GENERATIONS, STEPS_IN_TURN, Generations, definition
from swa_viz.answers.request import Request, Writing
from swa_viz.models import load_model
from swa_viz.patterns import Causal, CentredWindow, SinkWindow, SlidingWindow
from swa_viz.ui.answers import Answers

WINDOWS = (SlidingWindow(8),) * 6
MIXED = (SlidingWindow(4), SinkWindow(3, 2), Causal(), SlidingWindow(8), SlidingWindow(1), Causal())
ASKED = Request(
    "tiny-swa", "The old man", WINDOWS, kind="generate", writing=Writing(n_steps=20, at_most=30)
)


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


@pytest.fixture(autouse=True)
def nothing_kept(shapes_unchecked):
    GENERATIONS.clear()


def asking(n_steps: int, request: Request = ASKED, **settings) -> Request:
    return replace(request, writing=replace(request.writing, n_steps=n_steps, **settings))


def without_time(payload: dict) -> dict:
    """An answer as it is on every machine."""
    return payload | {"steps": [step | {"seconds": 0} for step in payload["steps"]]}


def test_it_is_what_the_model_writes(model):
    found = answer(asking(30), model)
    steps = list(model.generate("The old man", 30, WINDOWS, seed=0))
    assert [(s["id"], s["text"], s["position"]) for s in found["steps"]] == [
        (step.token_id, step.text, step.position) for step in steps
    ]
    assert found["tokens"] == ["The", " old", " man"] and found["ended"] == "length"
    assert [step["piece"] for step in found["steps"]] == list(
        model.tokenizer.pieces(step.token_id for step in steps)
    )


def test_slices_are_the_beginning_of_the_whole(model):
    whole = without_time(answer(asking(30), model))
    for n_steps in (30, 7, 1, 12, 30):  # what is kept is longer, or shorter, or just as long
        if n_steps == 12:
            GENERATIONS.clear()
        part = without_time(answer(asking(n_steps), model))
        assert part["steps"] == whole["steps"][:n_steps]
        assert part["ended"] == ("length" if n_steps == 30 else "")


def test_the_next_slice_goes_on_from_the_cache(model, monkeypatch):
    answer(asking(8), model)
    read = []
    prefill = model.prefill
    monkeypatch.setattr(
        model, "prefill", lambda ids, cache: read.append(ids) or prefill(ids, cache)
    )
    answer(asking(11), model)
    assert list(map(len, read)) == [1, 1, 1]


@pytest.mark.parametrize("schedule", [WINDOWS, MIXED], ids=["windows", "mixed"])
def test_each_step_says_what_the_cache_does(model, schedule):
    found = answer(replace(asking(30), schedule=schedule), model)
    full = answer(replace(asking(30), schedule=(Causal(),) * 6), model)
    cache = model.new_cache(schedule)
    model.prefill(model.encode("The old man"), cache)
    for step, other in zip(found["steps"], full["steps"], strict=True):
        assert step["slots"] == list(cache.slots(step["position"]))
        assert step["evicted"] == list(cache.evicted(step["position"]))
        assert step["bytes_rolling"] == cache.n_bytes
        assert (
            step["bytes_full"] == other["bytes_rolling"]
        )  # really held by a cache that forgets nothing
        assert step["seconds"] > 0
        model.extend([step["id"]], cache)
    assert found["steps"][-1]["bytes_rolling"] < found["steps"][-1]["bytes_full"]


def test_another_window_or_seed_is_another_text(model):
    ids = {
        tuple(step["id"] for step in answer(request, model)["steps"])
        for request in (ASKED, asking(20, seed=1), replace(ASKED, schedule=MIXED))
    }
    assert len(ids) == 3
    assert definition(asking(3)) == definition(asking(9)) != definition(asking(3, seed=1))


def test_why_it_ended(model):
    cold = asking(30, temperature=0)
    whole = "".join(step["text"] for step in answer(cold, model)["steps"])
    stopped = answer(asking(30, cold, stop=(whole[10:14],)), model)
    assert stopped["ended"] == "stop"
    assert "".join(step["text"] for step in stopped["steps"]) == whole[: whole.index(whole[10:14])]
    assert (
        answer(asking(len(stopped["steps"]) - 1, cold, stop=(whole[10:14],)), model)["ended"] == ""
    )
    ending = load_model("tiny-swa")
    ending.end_ids = frozenset([answer(cold, ending)["steps"][4]["id"]])
    GENERATIONS.clear()
    ended = answer(cold, ending)
    assert ended["ended"] == "end" and len(ended["steps"]) <= 5


@pytest.mark.parametrize(
    ("changes", "says"), [({"text": ""}, "Type a word"), ({"text": "a " * 300}, "first 128 are")]
)
def test_an_empty_text_and_a_long_one(model, changes, says):
    found = answer(replace(asking(1), **changes), model)
    assert says in (found.get("empty") or found["notice"])


def test_what_looks_ahead_is_refused(model):
    with pytest.raises(ValueError, match="do not exist yet"):
        answer(replace(ASKED, schedule=(CentredWindow(1),) * 6), model)


def test_the_oldest_texts_leave_when_they_hold_too_much(model):
    answer(ASKED, model)
    (kept,) = GENERATIONS[model]._kept.values()
    few = Generations(most_bytes=2 * kept.writer.cache.n_bytes)
    for key in "abca":
        few.keep(key, kept)
    assert [key for key in "abc" if few.find(key)] == ["a", "c"]
    two = Generations(most_kept=2)
    for key in "abcb":
        two.keep(key, kept)
    assert [key for key in "abc" if two.find(key)] == ["b", "c"]
    Generations(most_bytes=0).keep("newest", kept)


def test_what_a_model_wrote_goes_with_the_model():
    model = load_model("tiny-swa")
    answer(ASKED, model)
    assert len(GENERATIONS) == 1
    del model
    assert len(GENERATIONS) == 0


def test_a_long_text_is_written_in_turns(model):
    turns = list(answer_in_turns(asking(30), model))
    assert turns[:-1] == [None] * (len(turns) - 1) and len(turns) == -(-30 // STEPS_IN_TURN)
    assert list(answer_in_turns(asking(30), model)) == [turns[-1]]  # it is there already


def test_three_visitors_write_at_once_and_take_turns(model, monkeypatch):
    """Their turns alternate, and each gets the text that it would get alone."""
    monkeypatch.setattr("swa_viz.ui.answers.the_model", lambda name: model)
    requests = [asking(30, seed=seed, at_most=30) for seed in range(3)]
    alone = [without_time(answer(request, model)) for request in requests]
    GENERATIONS.clear()
    answers, order, found = Answers(), [], {}

    def watched(request, used):
        for made in answer_in_turns(request, used):
            order.append(request.writing.seed)
            yield made

    monkeypatch.setattr("swa_viz.ui.answers.answer_in_turns", watched)

    def visit(request):
        found[request.writing.seed] = without_time(answers.get(request, lambda place: None))

    with answers.queue.ticket():  # nobody begins before all have queued up
        threads = [threading.Thread(target=visit, args=[request]) for request in requests]
        for number, thread in enumerate(threads, start=2):
            thread.start()
            while len(answers.queue._tickets) < number:
                torch.empty(0)
    for thread in threads:
        thread.join()
    assert [found[seed] for seed in range(3)] == alone
    assert order == [0, 1, 2] * (len(order) // 3)


def test_who_leaves_in_between_stops_the_writing(model, monkeypatch):
    monkeypatch.setattr("swa_viz.ui.answers.the_model", lambda name: model)
    answers = Answers()

    class Left(Exception):
        pass

    def leave(place):
        raise Left

    written = []

    def watched(request, used):
        for made in answer_in_turns(request, used):
            written.append(made)
            if len(written) == 1:
                blocker.__enter__()  # somebody else comes
            yield made

    monkeypatch.setattr("swa_viz.ui.answers.answer_in_turns", watched)
    monkeypatch.setattr("swa_viz.ui.answers.TELL_AGAIN_S", 0.01)
    blocker = answers.queue.ticket()
    with pytest.raises(Left):
        answers.get(asking(30), leave)
    blocker.__exit__(None, None, None)
    assert written == [None]
    with answers.queue.ticket() as before:
        assert before() == 0
