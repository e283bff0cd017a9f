"""Answer how far another first token moves every prediction of a text.

The twin is first_token.js; a test holds the two equal.
"""

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_text
from swa_viz.experiments.influence import first_token_change
from swa_viz.models.language_model import LanguageModel


def answer_first_token(request: Request, model: LanguageModel) -> dict:
    """{"tokens", "moved", "last", "notice"}: how far each prediction moves, in bits.

    `last` is the last position whose logits are not bit for bit the same.
    """
    token_ids, notice = prepare_text(request.text, model)
    if not token_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    change = first_token_change(model, token_ids, request.schedule)
    return {
        "tokens": list(model.tokenizer.pieces(token_ids)),
        "moved": change.kl_bits.tolist(),
        "last": int(change.changed.nonzero().max()),
        "notice": notice,
    }
