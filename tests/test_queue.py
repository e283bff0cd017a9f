"""Visitors wait in one queue: in the order in which they came, told their place, free to leave."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from swa_viz.answers import Request
from swa_viz.models import LanguageModel
from swa_viz.patterns import SlidingWindow
from swa_viz.timing.queue import Queue, QueueFull
from swa_viz.ui import answers
from swa_viz.ui.answers import Answers, max_models

LONG_S = 20.0


def asked(number):
    return Request("tiny-swa", f"text {number}", (SlidingWindow(3),) * 6)


class Model(LanguageModel):
    """A model that computes when it is allowed to, and remembers what it was asked."""

    def __init__(self, monkeypatch):
        self.order, self.started, self.go = [], threading.Event(), threading.Event()
        monkeypatch.setattr(answers, "the_model", lambda name: self)
        monkeypatch.setattr(answers, "answer_in_turns", self.answer)

    def answer(self, request, _):
        self.started.set()
        assert self.go.wait(LONG_S)
        self.order.append(request.text)
        yield {"text": request.text}


@pytest.fixture
def model(monkeypatch):
    return Model(monkeypatch)


def no_word(place):
    pass


def waiting(store, n):
    """Return when so many are in the queue."""
    until = time.monotonic() + LONG_S
    while len(store.queue._tickets) < n:
        assert time.monotonic() < until, "nobody came: a run has failed"
        time.sleep(0.01)


def test_first_come_first_served_and_everybody_hears_their_place(model, monkeypatch):
    monkeypatch.setattr(answers, "TELL_AGAIN_S", 0.01)
    store, places = Answers(), {}
    with ThreadPoolExecutor(4) as pool:
        runs = []
        for number in range(4):
            heard = places.setdefault(number, set())
            runs.append(pool.submit(store.get, asked(number), heard.add))
            waiting(store, number + 1)
        while not all(places[number] for number in (1, 2, 3)):
            threading.Event().wait(0.01)
        model.go.set()
        assert [run.result(LONG_S)["text"] for run in runs] == [f"text {i}" for i in range(4)]
    assert model.order == [f"text {i}" for i in range(4)]
    assert places[0] == set() and max(places[3]) == 3 and max(places[1]) == 1


def test_whoever_leaves_frees_the_place(model, monkeypatch):
    monkeypatch.setattr(answers, "TELL_AGAIN_S", 0.01)
    store = Answers()

    class Left(BaseException):
        """What Streamlit raises in the run of a visitor who is gone."""

    def leave(place):
        raise Left

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store.get, asked(0), no_word)
        assert model.started.wait(LONG_S)
        with pytest.raises(Left):
            store.get(asked(1), leave)
        third = pool.submit(store.get, asked(2), no_word)
        model.go.set()
        assert [first.result(LONG_S)["text"], third.result(LONG_S)["text"]] == ["text 0", "text 2"]
    assert model.order == ["text 0", "text 2"]


def test_equal_requests_wait_for_one_computation(model):
    store = Answers()
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(store.get, asked(0), no_word) for _ in range(3)]
        waiting(store, 3)
        model.go.set()
        assert {run.result(LONG_S)["text"] for run in runs} == {"text 0"}
    assert model.order == ["text 0"]


def test_a_known_answer_waits_for_nobody(model):
    store = Answers()
    model.go.set()
    store.get(asked(0), no_word)
    model.go.clear()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.get, asked(1), no_word)
        waiting(store, 1)
        assert store.get(asked(0), no_word) == {"text": "text 0"}
        model.go.set()
        running.result(LONG_S)


def test_a_full_queue_says_so_and_recovers():
    queue = Queue(at_most=2)
    with queue.ticket() as first, queue.ticket() as second:
        assert (first(), second()) == (0, 1)
        with pytest.raises(QueueFull, match="2 others are waiting"), queue.ticket():
            pass
    with queue.ticket() as before:
        assert before() == 0


def test_a_failure_frees_the_place(model, monkeypatch):
    def failing(*_):
        yield
        raise RuntimeError("out of memory")

    store = Answers()
    monkeypatch.setattr(answers, "answer_in_turns", failing)
    with pytest.raises(RuntimeError):
        store.get(asked(0), no_word)
    monkeypatch.setattr(answers, "answer_in_turns", model.answer)
    model.go.set()
    assert store.get(asked(0), no_word)["text"] == "text 0"


@pytest.mark.parametrize(("named", "kept"), [("", 2), ("1", 1), ("7", 7)])
def test_the_environment_says_how_many_models_stay(monkeypatch, named, kept):
    monkeypatch.setenv("SWA_VIZ_MAX_MODELS", named)
    assert max_models() == kept


@pytest.mark.parametrize("named", ["0", "-1", "1.5", "many"])
def test_what_is_no_number_of_models_gets_a_sentence(monkeypatch, named):
    monkeypatch.setenv("SWA_VIZ_MAX_MODELS", named)
    with pytest.raises(ValueError, match="SWA_VIZ_MAX_MODELS must be a whole number"):
        max_models()
