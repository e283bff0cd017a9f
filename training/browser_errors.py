"""How far the graphs for the browser are from the model in Python, and what rounding changes."""

import itertools
from pathlib import Path

import numpy as np
import onnxruntime
import safetensors.torch
import torch

from swa_viz.browser_model.rounded_weights import restore_weights, round_weights
from swa_viz.experiments import measured_influence
from swa_viz.experiments.influence import compare
from swa_viz.models import load_folder
from swa_viz.patterns import (
    Causal,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
)
from training.browser_graphs import GRAPHS, WEIGHTS

SCHEDULES = {
    "its own windows": lambda n_layers: (SlidingWindow(32),) * n_layers,
    "windows of 4": lambda n_layers: (SlidingWindow(4),) * n_layers,
    "full attention": lambda n_layers: (Causal(),) * n_layers,
    "six different patterns": lambda n_layers: MIXED[:n_layers],
}
MIXED = (
    SlidingWindow(4),
    SinkWindow(3, 2),
    Causal(),
    DilatedWindow(3, 2),
    Chunked(4),
    GlobalWindow(3, (0,)),
)
TEXT = (
    "The cat sat on the mat, and the dog looked at the old man, who took his boat to the island. "
)
SINK_LOGITS = (None, 2)
N_TOKENS = (1, 2, 12, 24, 48, 128)


def largest_errors(folder: Path) -> dict[str, float]:
    """The largest absolute difference from the Python model over texts and schedules."""
    model = load_folder(folder, folder.name, "cpu")
    sessions = {name: onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in GRAPHS}
    errors = dict.fromkeys(("logits", "weights", "influence"), 0.0)
    tokens = model.encode(TEXT * 8)
    for n_tokens in N_TOKENS:
        for make in SCHEDULES.values():
            for sink in SINK_LOGITS:
                schedule = make(model.n_layers)
                found = errors_of(model, sessions, tokens[:n_tokens], schedule, sink)
                errors = {name: max(errors[name], found[name]) for name in errors}
    return errors


def errors_of(model, sessions, token_ids, schedule, sink_logit) -> dict[str, float]:
    """The differences on one text with one schedule; influence has no sink logit."""
    n_tokens = len(token_ids)
    visible = torch.stack([build_mask(p, n_tokens, n_tokens) for p in schedule])
    top = torch.zeros(model.n_layers + 1, n_tokens)
    top[-1, -1] = 1
    feeds = {"token_ids": np.array(token_ids), "visible": visible.numpy()}
    sink = np.array([-np.inf if sink_logit is None else sink_logit], dtype=np.float32)
    asked = {**feeds, "sink_logit": sink}
    logits, weights = sessions["forward"].run(["logits", "weights"], asked)
    (influence,) = sessions["influence"].run(None, {**feeds, "top": top.numpy()})
    trace = model.run(token_ids, schedule, sink_logit=sink_logit)
    expected = {
        "logits": (logits, trace.logits),
        "weights": (weights, torch.stack([layer.weights for layer in trace.layers])),
        "influence": (influence, measured_influence(model, token_ids, schedule)),
    }
    return {name: float(np.abs(a - b.numpy()).max()) for name, (a, b) in expected.items()}


def rounding_errors(folder: Path) -> dict[str, float]:
    """What rounding the weights changes at most: attention weights, and predictions in bits."""
    exact, rounded = (load_folder(folder, folder.name, "cpu") for _ in range(2))
    file = restore_weights(round_weights((folder / WEIGHTS).read_bytes()))
    rounded.transformer.load_state_dict(safetensors.torch.load(file))
    tokens, found = exact.encode(TEXT * 8), {"rounded_weights": 0.0, "rounded_bits": 0.0}
    for n_tokens, make in itertools.product(N_TOKENS, SCHEDULES.values()):
        before, after = (m.run(tokens[:n_tokens], make(m.n_layers)) for m in (exact, rounded))
        moved = max(
            float((a.weights - b.weights).abs().max())
            for a, b in zip(before.layers, after.layers, strict=True)
        )
        bits = float(compare(before.logits, after.logits).kl_bits.max())
        found = {
            "rounded_weights": max(found["rounded_weights"], moved),
            "rounded_bits": max(found["rounded_bits"], bits),
        }
    return found
