"""Answer what a lab asks: read the request, run the model, return plain data.

Requests come from a browser, so nothing in them is believed before `read_request` has read it.
The server answers with this while somebody waits, and files without a server are filled by it.
"""

from collections.abc import Callable, Iterator

from swa_viz.answers.choices import answer_choices
from swa_viz.answers.first_token import answer_first_token
from swa_viz.answers.generate import answer_generate
from swa_viz.answers.influence import answer_influence
from swa_viz.answers.limits import LIMITS
from swa_viz.answers.long_text import answer_overview, answer_stretch
from swa_viz.answers.perplexity import answer_perplexity, answer_windows
from swa_viz.answers.prefill import answer_prefill
from swa_viz.answers.puzzle import answer_puzzle
from swa_viz.answers.request import Request, request_key, request_payload
from swa_viz.answers.request_reader import read_request
from swa_viz.answers.trace import answer_trace
from swa_viz.experiments.fix_models import FixModel, load_fix
from swa_viz.models import offered_models
from swa_viz.models.language_model import LanguageModel

__all__ = [
    "ANSWERS",
    "IMPOSSIBLE",
    "LIMITS",
    "Request",
    "answer",
    "answer_in_turns",
    "check_model",
    "model_for",
    "read_request",
    "recorded",
    "refusal",
    "request_key",
    "request_payload",
]

Asked = LanguageModel | FixModel

ANSWERS: dict[str, Callable[[Request, Asked], dict]] = {
    "trace": answer_trace,
    "stretch": answer_stretch,
    "overview": answer_overview,
    "influence": answer_influence,
    "perplexity": answer_perplexity,
    "windows": answer_windows,
    "first_token": answer_first_token,
    "choices": answer_choices,
    "puzzle": answer_puzzle,
}
# These take long, so they yield None wherever others may have their turn, and their answer at last.
LONG_ANSWERS: dict[str, Callable[[Request, Asked], Iterator[dict | None]]] = {
    "generate": answer_generate,
    "prefill": answer_prefill,
}
# What a request may come to that was well written and still asks for the impossible.
IMPOSSIBLE = (ValueError, LookupError, TypeError, ArithmeticError, RuntimeError)
MAX_REASON = 300


def refusal(error: Exception) -> dict:
    """The answer that says why there is none."""
    reason = str(error)[:MAX_REASON].rstrip(".")
    return {"tokens": [], "empty": LIMITS["refused"].format(reason=reason)}


def check_model(name: str) -> str:
    """The name, if there is such a model; a request may name no folder.

    Raises ValueError for any other name.
    """
    offered = offered_models()
    if name not in offered:
        raise ValueError(LIMITS["unknown_model"].format(model=name, known=", ".join(offered)))
    return name


def model_for(request: Request, load: Callable[[str], LanguageModel]) -> Asked:
    """The model that a request asks; `load` loads a language model by its name.

    Raises ValueError or LookupError if there is no such model.
    """
    return load_fix(request.model) if request.kind == "puzzle" else load(check_model(request.model))


def check_layers(request: Request, model: Asked) -> None:
    """Raise ValueError if the schedule does not fit: an influence may use fewer layers."""
    if request.kind == "puzzle":
        if request.schedule:
            raise ValueError(LIMITS["own_schedule"])
        return
    found, least = len(request.schedule), 1 if request.kind == "influence" else model.n_layers
    if not least <= found <= model.n_layers:
        raise ValueError(
            LIMITS["wrong_layers"].format(model=model.name, layers=model.n_layers, found=found)
        )


def answer_in_turns(request: Request, model: Asked) -> Iterator[dict | None]:
    """None wherever others may have their turn, and at last the answer.

    It is that of the model that the request names; what cannot be computed raises an error.
    """
    if model.name != request.model:
        raise ValueError(LIMITS["unknown_model"].format(model=request.model, known=model.name))
    check_layers(request, model)
    if request.kind in LONG_ANSWERS:
        yield from LONG_ANSWERS[request.kind](request, model)
    else:
        yield ANSWERS[request.kind](request, model)


def answer(request: Request, model: Asked) -> dict:
    """The answer, without giving way to others."""
    return next(made for made in answer_in_turns(request, model) if made is not None)


def recorded(request: Request, model: Asked) -> dict:
    """The request with its answer, or with why there is none: as a lab receives it."""
    try:
        payload = answer(request, model)
    except IMPOSSIBLE as error:
        payload = refusal(error)
    return {"request": request_payload(request), "payload": payload}
