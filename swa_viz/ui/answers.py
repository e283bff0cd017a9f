"""Answer what labs ask of the server: the model loaded once, and answers kept for a while.

Answers are kept by the whole request, as its key, never by arrays.
"""

import json
import os

import streamlit as st

from swa_viz.answers import IMPOSSIBLE, answer, check_model, read_request, refusal, request_key
from swa_viz.answers.facts import model_payload
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel

MAX_REQUESTS = 8


# How many models stay in memory; one more pushes out the one that was used longest ago.
MAX_MODELS = max(1, int(os.environ.get("SWA_VIZ_MAX_MODELS") or 2))


@st.cache_resource(show_spinner="Loading the model…", max_entries=MAX_MODELS)
def the_model(name: str) -> LanguageModel:
    """The model, loaded once for all visitors."""
    return load_model(name)


def model_facts(lesson: Lesson, name: str) -> dict:
    """What a lesson must know of the model of this name; nothing if it needs none."""
    return model_payload(the_model(name)) if lesson.requests else {}


@st.cache_data(max_entries=256, show_spinner=False)
def answer_cached(key: str) -> dict:
    """The answer to the request with this key, computed once, and while no other computes.

    Raises what the model raises: a failure is not kept.
    """
    request = read_request(json.loads(key))
    model = the_model(check_model(request.model))
    with PROCESSOR:
        return answer(request, model)


def answer_sent(sent: object) -> dict:
    """The answer to what a browser sent; for what makes no sense, a sentence in `empty`."""
    try:
        return answer_cached(request_key(read_request(sent)))
    except IMPOSSIBLE as error:
        return refusal(error)


def answer_all(requests: list) -> list[dict]:
    """Each request, as it was sent, with its answer: the browser finds its question by it."""
    return [{"request": sent, "payload": answer_sent(sent)} for sent in requests[:MAX_REQUESTS]]
