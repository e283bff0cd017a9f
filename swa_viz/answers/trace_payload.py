"""Turn what the model computed into plain data for the browser.

Numbers travel as half precision (three digits) in base64, one string per layer, head after head;
of weights and masked scores only the keys that a query may read are sent.  With scores comes the
start of every value vector, so that a page can go on from a score to the average.
"""

import base64
from collections.abc import Callable

import numpy as np

from swa_viz.answers.request import Request
from swa_viz.attention import repeat_kv
from swa_viz.trace import ForwardTrace, LayerTrace

N_LIKELIEST = 10
# How many numbers of a value vector a page shows.
VALUE_START = 3


def half_base64(numbers: np.ndarray) -> str:
    """Numbers as little-endian half precision, in base64."""
    return base64.b64encode(np.ascontiguousarray(numbers, dtype="<f2").tobytes()).decode("ascii")


def layer_values(layer: LayerTrace, stage: str) -> str:
    """One stage of one layer: [n_heads, pairs], pairs in reading order of the matrix."""
    values = getattr(layer, stage).numpy(force=True)
    if stage == "scores":
        return half_base64(values)
    visible = np.isfinite(layer.masked_scores[0].numpy(force=True))
    return half_base64(values[:, visible])


def value_start(layer: LayerTrace) -> str:
    """The first numbers of each value vector of a layer: [n_heads, seq_len, VALUE_START]."""
    start = repeat_kv(layer.value[..., :VALUE_START], layer.weights.shape[0])
    return half_base64(start.numpy(force=True))


def by_layer(trace: ForwardTrace, request: Request, send: Callable[[LayerTrace], str]) -> list:
    """What is sent of each layer; None for one whose numbers were not asked for."""
    asked = range(len(request.schedule)) if request.layers is None else request.layers
    traced = dict(zip(asked, trace.layers, strict=True))
    return [send(traced[i]) if i in traced else None for i in range(len(request.schedule))]


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis, in float64: [seq_len, vocab_size] -> the same."""
    exponents = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def likeliest(shares: np.ndarray, piece_of: Callable[[int], str]) -> list[list]:
    """For every position the ten likeliest next tokens: [[token_id, piece, probability], ...]."""
    best = np.argsort(-shares, axis=-1)[:, :N_LIKELIEST]
    return [
        [[int(token), piece_of(int(token)), float(shares[position, token])] for token in row]
        for position, row in enumerate(best)
    ]


def trace_payload(trace: ForwardTrace, request: Request, piece_of: Callable[[int], str]) -> dict:
    """Everything that the views show of the run that was asked for."""
    stage = request.stage
    payload = {
        "tokens": list(trace.tokens),
        "stage": stage,
        "n_heads": trace.layers[0].weights.shape[0],
        "schedule": [pattern.to_plain() for pattern in request.schedule],
        "values": by_layer(trace, request, lambda layer: layer_values(layer, stage)),
        "next": likeliest(probabilities(trace.logits.numpy(force=True)), piece_of),
    }
    if stage == "scores":
        payload["value_starts"] = by_layer(trace, request, value_start)
    return payload
