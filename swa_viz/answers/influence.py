"""Answer how much every token matters to one of them, measured on the running model.

The state after layer L is the last state of a model that ends there, so fewer layers need no
other measurement, only a shorter model.
"""

from dataclasses import replace

import torch

from swa_viz.answers.limits import TEXT_LIMITS
from swa_viz.answers.reading import read_text
from swa_viz.experiments import measured_influence
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import read_pattern

DIGITS = 4


def first_layers(model: LanguageModel, n_layers: int) -> LanguageModel:
    """The same model, cut off after `n_layers`; it shares the weights.

    Raises ValueError if the model has fewer layers.
    """
    if not 1 <= n_layers <= model.n_layers:
        raise ValueError(f"{model.name} has 1 to {model.n_layers} layers to use, not {n_layers}")
    with torch.device("meta"):
        shorter = Transformer(replace(model.config, n_layers=n_layers))
    weights = model.transformer.state_dict()
    shorter.load_state_dict({name: weights[name] for name in shorter.state_dict()}, assign=True)
    return LanguageModel(model.name, shorter, model.tokenizer)


def influence_payload(
    model: LanguageModel, token_ids: list[int], schedule: list[dict], token: int | None
) -> dict:
    """The shares of influence on one token: {"tokens", "token", "shares"}.

    `schedule` has one pattern for each of the first layers; `token` counts from 0, and None or a
    position outside the text means the last one.  `shares[l]` sums to 1 over the states after
    layer l; l = 0 are the tokens themselves.
    """
    last = len(token_ids) - 1
    query_pos = last if token is None else min(max(int(token), 0), last)
    patterns = [read_pattern(pattern) for pattern in schedule]
    model = first_layers(model, len(patterns))
    influence = measured_influence(model, token_ids, patterns, query_pos)
    shares = influence / influence.sum(dim=-1, keepdim=True)
    return {
        "tokens": model.tokenizer.pieces(token_ids),
        "token": query_pos,
        "shares": [[float(f"{x:.{DIGITS}g}") for x in row] for row in shares.tolist()],
    }


def answer_influence(request: dict, model: LanguageModel) -> dict:
    """Who matters to one token: {"kind": "influence", "text", "schedule", "token"}."""
    token_ids, notice = read_text(request["text"], model)
    if not token_ids:
        return {"tokens": [], "empty": TEXT_LIMITS["empty"]}
    payload = influence_payload(model, token_ids, request["schedule"], request["token"])
    return {**payload, "notice": notice}
