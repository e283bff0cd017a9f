"""Turn what the model computed into plain data for the browser, and patterns there and back.

Numbers travel as half precision (three digits) in base64, one string per layer, head after head;
of weights and masked scores only the keys that a query may read are sent.
"""

import base64
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from swa_viz.models.language_model import LanguageModel
from swa_viz.patterns import PATTERNS, Pattern
from swa_viz.settings import STAGES, ChoiceKnob, Knob, LettersKnob, NumberKnob, TextKnob
from swa_viz.trace import ForwardTrace, LayerTrace

N_LIKELIEST = 10
KNOB_KINDS = {
    NumberKnob: "number",
    ChoiceKnob: "choice",
    TextKnob: "text",
    LettersKnob: "letters",
}


def knob_payload(knob: Knob) -> dict:
    """A knob as the browser's controls read it."""
    return {"kind": KNOB_KINDS[type(knob)], **asdict(knob)}


def model_payload(model: LanguageModel) -> dict:
    """What a lab must know of the model: its sizes, and which way it was trained."""
    window_size = model.config.window_size
    trained = f"was trained in windows of {window_size}" if window_size else "was trained in full"
    unusual = "full attention" if window_size else "a window"
    return {
        "name": model.name,
        "n_layers": model.n_layers,
        "n_heads": model.n_heads,
        "trained": f"{model.name} {trained}, so {unusual} is the unusual condition for it.",
    }


def pattern_payload(pattern: Pattern) -> dict:
    """A pattern as plain data.

    >>> from swa_viz.patterns import SlidingWindow
    >>> pattern_payload(SlidingWindow(4))
    {'kind': 'sliding', 'window_size': 4}
    """
    kind = next(name for name, made in PATTERNS.items() if type(pattern) is made)
    fields = asdict(pattern)
    if "global_positions" in fields:
        fields["global_positions"] = list(fields["global_positions"])
    return {"kind": kind, **fields}


def read_pattern(payload: dict) -> Pattern:
    """The pattern that plain data names.

    Raises ValueError for an unknown kind or bad fields: the data comes from a browser.
    """
    fields = dict(payload)
    kind = fields.pop("kind", None)
    if kind not in PATTERNS:
        raise ValueError(f"unknown pattern {kind!r}; known are {', '.join(PATTERNS)}")
    try:
        return PATTERNS[kind](**fields)
    except TypeError as error:
        raise ValueError(f"{kind}: {error}") from None


def half_base64(numbers: np.ndarray) -> str:
    """Numbers as little-endian half precision, in base64."""
    return base64.b64encode(np.ascontiguousarray(numbers, dtype="<f2").tobytes()).decode("ascii")


def layer_values(layer: LayerTrace, stage: str) -> str:
    """One stage of one layer: [n_heads, pairs], pairs in reading order of the matrix."""
    values = getattr(layer, stage).numpy()
    if stage == "scores":
        return half_base64(values)
    visible = np.isfinite(layer.masked_scores[0].numpy())
    return half_base64(values[:, visible])


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
    return {
        "tokens": list(trace.tokens),
        "stage": stage,
        "n_heads": trace.layers[0].weights.shape[0],
        "schedule": [pattern_payload(layer.pattern) for layer in trace.layers],
        "values": [layer_values(layer, stage) for layer in trace.layers],
        "next": likeliest(probabilities(trace.logits.numpy()), piece_of),
    }
