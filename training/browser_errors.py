"""How far the graphs for the browser are from the model in Python, and what rounding changes."""

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
import safetensors.torch
import torch
from einops import rearrange

from swa_viz.browser_model.rounded_weights import header_of, restore_weights, round_weights
from swa_viz.experiments import measured_influence
from swa_viz.experiments.influence import compare
from swa_viz.models import load_folder
from swa_viz.models.cache import LayerCache
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.table import ModelEntry
from swa_viz.patterns import (
    Causal,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
)
from training.browser_graphs import GRAPHS, WEIGHTS, WIDE

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
SLOTS_FIRST = "one other head_dim -> other one head_dim"  # and back: heads and slots change places
N_TOKENS = (1, 2, 12, 24, 48, 128)
# Into how many steps a text is cut, if it is long enough: far enough for a ring to turn.
N_STEPS = 8


def on_processor(entry: ModelEntry) -> LanguageModel:
    """The model, loaded anew and not where a faster device is."""
    return load_folder(entry.folder, entry.name, "cpu", entry.vocabulary)


def wide_weights(file: bytes) -> bytes:
    """The numbers of a safetensors file in 32 bits, one after the other, as graphs read them."""
    header, _ = header_of(file)
    return np.frombuffer(file[len(header) :], "<f2").astype("<f4").tobytes()


def open_graph(path: Path, weights: Path) -> onnxruntime.InferenceSession:
    """A graph that computes on one core: on such short texts, others would only wait, and spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    with TemporaryDirectory() as folder:
        (Path(folder) / WIDE).write_bytes(wide_weights(weights.read_bytes()))
        graph = Path(shutil.copy(path, folder))
        return onnxruntime.InferenceSession(graph, options)


def largest_errors(entry: ModelEntry, lengths: Sequence[int] = N_TOKENS) -> dict[str, float]:
    """The largest absolute difference from the Python model over texts and schedules."""
    model, folder = on_processor(entry), entry.folder
    sessions = {name: open_graph(folder / f"{name}.onnx", folder / WEIGHTS) for name in GRAPHS}
    errors = dict.fromkeys(("logits", "weights", "influence", "step"), 0.0)
    tokens = model.encode(TEXT * 8)
    for n_tokens, make in itertools.product(lengths, SCHEDULES.values()):
        text = tokens[:n_tokens], make(model.n_layers)
        traces = {sink: model.run(*text, sink_logit=sink) for sink in SINK_LOGITS}
        found = [run_errors(sessions["forward"], *text, *traced) for traced in traces.items()]
        found.append(influence_error(model, sessions["influence"], *text))
        cut = model.new_cache(text[1]), text[0], max(1, n_tokens // N_STEPS)
        found.append(step_error(sessions["step"], *cut, traces[None].logits))
        for each in found:
            errors |= {name: max(errors[name], error) for name, error in each.items()}
    return errors


def text_and_masks(token_ids, schedule) -> dict[str, np.ndarray]:
    """What the first two graphs are fed."""
    n_tokens = len(token_ids)
    visible = torch.stack([build_mask(p, n_tokens, n_tokens) for p in schedule])
    return {"token_ids": np.array(token_ids), "visible": visible.numpy()}


def distance(found: np.ndarray, expected: torch.Tensor) -> float:
    """The largest absolute difference."""
    return float(np.abs(found - expected.numpy()).max())


def run_errors(session, token_ids, schedule, sink_logit, trace) -> dict[str, float]:
    """The differences of the forward graph on one text with one schedule."""
    sink = np.array([-np.inf if sink_logit is None else sink_logit], dtype=np.float32)
    asked = text_and_masks(token_ids, schedule) | {"sink_logit": sink}
    logits, weights = session.run(["logits", "weights"], asked)
    expected = torch.stack([layer.weights for layer in trace.layers])
    return {"logits": distance(logits, trace.logits), "weights": distance(weights, expected)}


def influence_error(model, session, token_ids, schedule) -> dict[str, float]:
    """The difference of the other graph; it takes no sink logit."""
    top = np.zeros((model.n_layers + 1, len(token_ids)), dtype=np.float32)
    top[-1, -1] = 1
    (influence,) = session.run(None, text_and_masks(token_ids, schedule) | {"top": top})
    return {"influence": distance(influence, measured_influence(model, token_ids, schedule))}


def step_error(session, cache, token_ids, chunk, expected) -> dict[str, float]:
    """The difference of the logits when a text is read a chunk at a time, with a rolling cache."""
    found = []
    for start in range(0, len(token_ids), chunk):
        positions = torch.arange(start, min(start + chunk, len(token_ids)))
        asked = {"token_ids": np.array(token_ids[start : start + chunk])}
        asked |= step_inputs(cache.layers, positions)
        logits, *new = session.run(["logits", "keys", "values"], asked)
        found.append(logits)
        for layer, key, value in zip(cache.layers, *map(torch.from_numpy, new), strict=True):
            layer.write(rearrange(key, SLOTS_FIRST), rearrange(value, SLOTS_FIRST), positions)
    return {"step": distance(np.concatenate(found), expected)}


def step_inputs(layers: Sequence[LayerCache], positions: torch.Tensor) -> dict[str, np.ndarray]:
    """What the third graph is fed beside the tokens: the rule, and what each layer holds."""
    query = positions[:, None]
    visible = [layer.pattern.visible(query, positions[None]) for layer in layers]
    fed = {"positions": positions.numpy(), "visible": torch.stack(visible).numpy()}
    for i, layer in enumerate(layers):
        fed[f"past_visible_{i}"] = layer.pattern.visible(query, layer.positions[None]).numpy()
        fed[f"past_key_{i}"] = rearrange(layer.key, SLOTS_FIRST).numpy()
        fed[f"past_value_{i}"] = rearrange(layer.value, SLOTS_FIRST).numpy()
    return fed


def rounding_errors(entry: ModelEntry) -> dict[str, float]:
    """What rounding the weights changes at most: attention weights, and predictions in bits."""
    exact, rounded = (on_processor(entry) for _ in range(2))
    file = restore_weights(round_weights((entry.folder / WEIGHTS).read_bytes()))
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
