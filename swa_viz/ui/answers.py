"""Answer what labs ask of the server: the model loaded once, and answers kept for a while.

Answers are cached by their small request, never by arrays.
"""

import json

import streamlit as st

from swa_viz import answers
from swa_viz.answers.facts import model_payload
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.lessons.lesson import Lesson
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel

MAX_REQUESTS = 8


@st.cache_resource(show_spinner="Loading the model…")
def the_model(name: str = "tiny-swa") -> LanguageModel:
    """The model, loaded once for all visitors."""
    return load_model(name)


def model_facts(lesson: Lesson) -> dict:
    """What a lesson must know of the model that the server runs; nothing if it needs none."""
    return model_payload(the_model()) if lesson.first_requests else {}


@st.cache_data(max_entries=256, show_spinner=False)
def answer_cached(request_json: str) -> dict:
    """The answer to one request, computed once, and while no other computes."""
    model = the_model()
    with PROCESSOR:
        return answers.answer(json.loads(request_json), model)


def answer(requests: list[dict]) -> list[dict]:
    """Each request with its payload."""
    return [
        {"request": request, "payload": answer_cached(json.dumps(request))}
        for request in requests[:MAX_REQUESTS]
    ]
