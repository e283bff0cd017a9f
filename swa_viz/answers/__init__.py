"""Answer what a lab asks: run the model, return plain data.

Requests come from a browser, so nothing in them is believed before it is read by its own reader.
The server answers with this while somebody waits, and files without a server are filled by it.
"""

from swa_viz.answers.influence import answer_influence
from swa_viz.answers.limits import TEXT_LIMITS
from swa_viz.answers.trace import ROUNDING_BITS, answer_trace
from swa_viz.models.language_model import LanguageModel

ANSWERS = {"trace": answer_trace, "influence": answer_influence}
# What a request that no lab would send may come to: it gets a sentence, never a traceback.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
# What every engine that answers must keep to, in plain data.
LIMITS = {**TEXT_LIMITS, "rounding_bits": ROUNDING_BITS}


def answer(request: object, model: LanguageModel) -> dict:
    """The payload for one request; for one that makes no sense, a sentence in `empty`."""
    try:
        return ANSWERS[request.get("kind", "trace")](request, model)
    except UNREADABLE as error:
        return {"tokens": [], "empty": f"This could not be computed: {error}"}
