"""Turn what the model computed into plain data for the browser.

Numbers travel as half precision (three digits) in base64, one string per layer, head after head;
of weights and masked scores only the keys that a query may read are sent.  With scores comes the
start of every value vector, so that a page can go on from a score to the average.
"""

import base64
from collections.abc import Callable, Sequence

import numpy as np

from swa_viz.attention import repeat_kv
from swa_viz.trace import ForwardTrace, LayerTrace

N_LIKELIEST = 10
# How many numbers of a value vector a page shows.
VALUE_START = 3
STAGES = {"scores": "scores", "masked_scores": "masked scores", "weights": "weights"}


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


def value_starts(layers: Sequence[LayerTrace]) -> str:
    """The first numbers of each value vector: [n_layers, n_heads, seq_len, VALUE_START]."""
    n_heads = layers[0].weights.shape[0]
    starts = [repeat_kv(layer.value[..., :VALUE_START], n_heads) for layer in layers]
    return half_base64(np.stack([start.numpy(force=True) for start in starts]))


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


def trace_payload(trace: ForwardTrace, stage: str, piece_of: Callable[[int], str]) -> dict:
    """Everything that the views show of one run.  `stage` is a key of STAGES."""
    if stage not in STAGES:
        raise ValueError(f"unknown stage {stage!r}; known are {', '.join(STAGES)}")
    payload = {
        "tokens": list(trace.tokens),
        "stage": stage,
        "n_heads": trace.layers[0].weights.shape[0],
        "schedule": [layer.pattern.to_plain() for layer in trace.layers],
        "values": [layer_values(layer, stage) for layer in trace.layers],
        "next": likeliest(probabilities(trace.logits.numpy(force=True)), piece_of),
    }
    if stage == "scores":
        payload["value_starts"] = value_starts(trace.layers)
    return payload
