"""Answer how much every token matters to one of them, measured on the running model.

The state after layer L is the last state of a model that ends there, so fewer layers need no
other measurement, only a shorter model.
"""

from collections.abc import Sequence

from swa_viz.answers.limits import LIMITS
from swa_viz.answers.request import Request
from swa_viz.answers.text_input import prepare_text
from swa_viz.experiments import measured_influence
from swa_viz.models.filling import unfilled_transformer
from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import Pattern

DIGITS = 4


def first_layers(model: LanguageModel, n_layers: int) -> LanguageModel:
    """The same model, cut off after `n_layers`; it shares the weights.

    Raises ValueError if the model has fewer layers.
    """
    if not 1 <= n_layers <= model.n_layers:
        raise ValueError(f"{model.name} has 1 to {model.n_layers} layers to use, not {n_layers}")
    shorter = unfilled_transformer(model.config.first(n_layers))
    weights = model.transformer.state_dict()
    shorter.load_state_dict({name: weights[name] for name in shorter.state_dict()}, assign=True)
    return LanguageModel(model.name, shorter, model.tokenizer)


def influence_payload(
    model: LanguageModel, token_ids: list[int], schedule: Sequence[Pattern], token: int | None
) -> dict:
    """The shares of influence on one token: {"tokens", "token", "shares"}.

    `schedule` has one pattern for each of the first layers; `token` counts from 0, and None or a
    position beyond the text means the last one.  `shares[l]` sums to 1 over the states after
    layer l; l = 0 are the tokens themselves.
    """
    last = len(token_ids) - 1
    query_pos = last if token is None else min(token, last)
    shorter = first_layers(model, len(schedule))
    influence = measured_influence(shorter, token_ids, schedule, query_pos)
    shares = influence / influence.sum(dim=-1, keepdim=True)
    return {
        "tokens": model.tokenizer.pieces(token_ids),
        "token": query_pos,
        "shares": [[float(f"{x:.{DIGITS}g}") for x in row] for row in shares.tolist()],
    }


def answer_influence(request: Request, model: LanguageModel) -> dict:
    """How much every token matters to the one that is asked for."""
    token_ids, notice = prepare_text(request.text, model)
    if not token_ids:
        return {"tokens": [], "empty": LIMITS["empty"]}
    payload = influence_payload(model, token_ids, request.schedule, request.token)
    return {**payload, "notice": notice}
