"""Answer what labs ask of the server: the model loaded once, and answers kept for a while.

Answers are kept by the whole request, as its key, never by arrays.
"""

import os
import threading
import time
from collections.abc import Callable

import streamlit as st
from cachetools import LRUCache

from swa_viz.answers import (
    IMPOSSIBLE,
    Request,
    answer_in_turns,
    model_for,
    read_request,
    refusal,
    request_key,
)
from swa_viz.answers.facts import facts_of
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel
from swa_viz.timing.queue import Queue

MAX_REQUESTS = 8
MAX_KEPT = 256
# More than a class: whoever comes then is told so, instead of waiting for minutes.
MAX_WAITING = 250
TELL_AGAIN_S, SHOWN_S = 0.5, 3
MODELS_VARIABLE, MODELS_KEPT = "SWA_VIZ_MAX_MODELS", 2


def max_models() -> int:
    """How many models stay in memory; one more pushes out the one that was used longest ago.

    Raises ValueError if the environment names no such number.
    """
    named = os.environ.get(MODELS_VARIABLE) or str(MODELS_KEPT)
    if not named.isdecimal() or int(named) < 1:
        raise ValueError(f"{MODELS_VARIABLE} must be a whole number of at least 1, not {named!r}")
    return int(named)


@st.cache_resource(show_spinner="Loading the model…", max_entries=max_models())
def the_model(name: str) -> LanguageModel:
    """The model, loaded once for all visitors."""
    return load_model(name)


def model_facts(lesson: Lesson, name: str) -> dict:
    """What a lesson must know of the model of this name; nothing if it needs none."""
    return facts_of(name, the_model) if lesson.requests else {}


class Answers:
    """The answers of the last requests, each computed once, and one at a time.

    Whoever asks waits for their turn in one queue, first come, first served, and leaves it with
    the page.  A long answer takes several turns, and queues up anew for each.  A failure is not
    kept.
    """

    def __init__(self):
        self._kept = LRUCache(MAX_KEPT)
        self._lock = threading.Lock()
        self.queue = Queue(MAX_WAITING)

    def _find(self, key: str) -> dict | None:
        with self._lock:
            return self._kept.get(key)

    def get(self, request: Request, tell: Callable[[int], None]) -> dict:
        """The answer to a request; `tell` hears now and then how many are before it.

        Raises what the model raises, and QueueFull where too many wait.
        """
        key, turns, made = request_key(request), None, None
        while made is None:
            if (found := self._find(key)) is not None:
                return found
            with self.queue.ticket() as number_before:
                while place := number_before(wait_s=TELL_AGAIN_S):
                    tell(place)
                if (found := self._find(key)) is not None:
                    return found
                model = model_for(request, the_model)
                turns = turns or answer_in_turns(request, model)
                with PROCESSOR:
                    made = next(turns)
        with self._lock:
            self._kept[key] = made
        return made


@st.cache_resource(show_spinner=False)
def the_answers() -> Answers:
    """What all visitors share."""
    return Answers()


class Waiting:
    """What a visitor is told while others are before them, as long as it lasts.

    Every word of it lets Streamlit end the run of a visitor who left, or who changed something.
    """

    def __init__(self):
        self._next = time.monotonic() + TELL_AGAIN_S

    def __call__(self, place: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SHOWN_S
        runs = "1 run" if place == 1 else f"{place} runs"
        words = f"The server computes for others: {runs} before yours.  Any change cancels it."
        st.toast(words, icon=":material/hourglass:", duration=SHOWN_S)


def answer_sent(sent: object, tell: Callable[[int], None]) -> dict:
    """The answer to what a browser sent; for what makes no sense, a sentence in `empty`."""
    try:
        return the_answers().get(read_request(sent), tell)
    except IMPOSSIBLE as error:
        return refusal(error)


def answer_all(requests: list) -> list[dict]:
    """Each request, as it was sent, with its answer: the browser finds its question by it."""
    tell = Waiting()
    return [
        {"request": sent, "payload": answer_sent(sent, tell)} for sent in requests[:MAX_REQUESTS]
    ]
