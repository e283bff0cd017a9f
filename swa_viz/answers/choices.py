"""Answer how probable each of some texts is as what follows a text.

The twin is choices.js; a test holds the two equal.
"""

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_text
from swa_viz.experiments.needle import answer_probabilities
from swa_viz.models.language_model import LanguageModel


def answer_choices(request: Request, model: LanguageModel) -> dict:
    """{"tokens", "choices", "probabilities", "notice"}: of each choice, all its tokens together."""
    token_ids, notice = prepare_text(request.text, model)
    if not token_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    choices = list(request.choices or ())
    found = answer_probabilities(model, token_ids, choices, request.schedule)
    return {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "choices": choices,
        "probabilities": [found[choice] for choice in choices],
        "notice": notice,
    }
