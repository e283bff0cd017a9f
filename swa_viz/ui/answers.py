"""Answer what a lab in the browser asks: run the model, return plain data.

Requests come from a browser, so nothing in them is believed before it is read by its own reader.
Answers are cached by their small request, never by arrays.
"""

import json

import streamlit as st

from swa_viz.experiments.influence import compare
from swa_viz.models import load_model
from swa_viz.models.language_model import LanguageModel
from swa_viz.settings import TEXT_LIMITS
from swa_viz.shapes import Tensor
from swa_viz.trace import ForwardTrace
from swa_viz.ui.influence_answer import influence_payload
from swa_viz.viewer.payload import read_pattern, trace_payload

ROUNDING_BITS = 1e-9


@st.cache_resource(show_spinner="Loading the model…")
def the_model(name: str = "tiny-swa") -> LanguageModel:
    """The model, loaded once for all visitors."""
    return load_model(name)


def edited(token_ids: list[int], edit: dict | None, model: LanguageModel) -> list[int]:
    """The text with one token replaced by other words, or dropped (the twin: reading.js).

    Other words keep the blank that the token began with.  Raises ValueError if the text has no
    token at the position.
    """
    if not edit:
        return token_ids
    position, replacement = edit["position"], edit["replacement"]
    if position not in range(len(token_ids)):
        raise ValueError(TEXT_LIMITS["nowhere"].format(tokens=len(token_ids), position=position))
    new_ids = []
    if replacement is not None:
        leading = " " if model.tokenizer.pieces(token_ids)[position].startswith(" ") else ""
        words = str(replacement)[: TEXT_LIMITS["replacement"]].strip()
        new_ids = model.tokenizer.encode(leading + words)
    return token_ids[:position] + new_ids + token_ids[position + 1 :]


def read_text(text: str, model: LanguageModel) -> tuple[list[int], str]:
    """The text's tokens, as many as the lab shows, and a sentence if some were left out.

    Its twin is in reading.js.
    """
    token_ids = model.tokenizer.encode(str(text)[: TEXT_LIMITS["characters"]])
    shown = TEXT_LIMITS["tokens"]
    if len(token_ids) <= shown:
        return token_ids, ""
    return token_ids[:shown], TEXT_LIMITS["notice"].format(
        tokens=f"{len(token_ids):,}", shown=shown
    )


def answer_trace(request: dict, model: LanguageModel) -> dict:
    """One run of the model: {"kind": "trace", "text", "edit", "schedule", "stage"}."""
    token_ids, notice = read_text(request["text"], model)
    new_ids = edited(token_ids, request.get("edit"), model)
    if not new_ids:
        return {"tokens": [], "empty": TEXT_LIMITS["empty"]}
    schedule = tuple(read_pattern(pattern) for pattern in request["schedule"])
    trace = model.run(new_ids, schedule)
    payload = trace_payload(
        trace, request["stage"], lambda token: model.tokenizer.pieces([token])[0]
    )
    payload["notice"] = notice
    if new_ids != token_ids:
        original = model.run(token_ids, schedule)
        payload["changes"] = aligned_changes(original, trace, int(request["edit"]["position"]))
    return payload


def aligned_changes(before: ForwardTrace, after: ForwardTrace, position: int) -> list[float | None]:
    """How far each prediction of the edited text moved, in bits; None at the edit itself.

    What follows the edit is compared with the same words of the original.  A dropped token shifts
    them by one, which changes nothing but their rounding: that counts as not moved.
    """
    n_later = len(before.token_ids) - position - 1
    resume = len(after.token_ids) - n_later
    earlier = moved_bits(before.logits[:position], after.logits[:position])
    later = moved_bits(before.logits[position + 1 :], after.logits[resume:])
    return [*earlier, *[None] * (resume - position), *later]


def moved_bits(before: Tensor, after: Tensor) -> list[float]:
    """Per position the move in bits, 0 where it is none or a rounding of float32."""
    bits = compare(before, after).kl_bits.tolist()
    return [moved if moved > ROUNDING_BITS else 0.0 for moved in bits]


def answer_influence(request: dict, model: LanguageModel) -> dict:
    """Who matters to one token: {"kind": "influence", "text", "schedule", "token"}."""
    token_ids, notice = read_text(request["text"], model)
    if not token_ids:
        return {"tokens": [], "empty": TEXT_LIMITS["empty"]}
    payload = influence_payload(model, token_ids, request["schedule"], request["token"])
    return {**payload, "notice": notice}


ANSWERS = {"trace": answer_trace, "influence": answer_influence}


# What a request that no lab would send may come to: it gets a sentence, never a traceback.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
MAX_REQUESTS = 8


@st.cache_data(max_entries=256, show_spinner=False)
def answer_cached(request_json: str) -> dict:
    """The answer to one request, computed once."""
    request = json.loads(request_json)
    try:
        return ANSWERS[request.get("kind", "trace")](request, the_model())
    except UNREADABLE as error:
        return {"tokens": [], "empty": f"This could not be computed: {error}"}


def answer(requests: list[dict]) -> list[dict]:
    """Each request with its payload."""
    return [
        {"request": request, "payload": answer_cached(json.dumps(request))}
        for request in requests[:MAX_REQUESTS]
    ]
