"""The graphs for the browser compute what the model computes, from the same file of weights."""

import subprocess
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load

from swa_viz.answers.trace_payload import VALUE_START
from swa_viz.attention import repeat_kv
from swa_viz.browser_model.rounded_weights import LARGEST, restore_weights, round_weights
from swa_viz.experiments import measured_influence
from swa_viz.models import MODELS, load_model
from swa_viz.patterns import CentredWindow, SlidingWindow, build_mask
from training.browser_errors import MIXED, largest_errors, wide_weights
from training.browser_export import SECTION, with_section
from training.browser_graphs import GRAPHS, WIDE, ForwardGraph, InfluenceGraph

FOLDER = MODELS["tiny-swa"].folder
BUNDLED = [name for name, entry in MODELS.items() if entry.bundled]
WEIGHTS = (FOLDER / "model.safetensors").read_bytes()
MODEL = load_model("tiny-swa")
SMALLEST_HALF = 2.0**-24
TOKENS = MODEL.encode("The old man rowed his small boat out to the island before the storm")


def masks(schedule, n: int) -> torch.Tensor:
    return torch.stack([build_mask(pattern, n, n) for pattern in schedule])


@pytest.mark.parametrize("schedule", [(SlidingWindow(4),) * 6, MIXED, (CentredWindow(2),) * 6])
def test_a_sink_logit_takes_the_same_share_in_the_graph(schedule):
    token_ids, visible = torch.tensor(TOKENS), masks(schedule, len(TOKENS))
    logits, _, _, weights, _, _ = ForwardGraph(MODEL.transformer)(
        token_ids, visible, torch.tensor([3.0])
    )
    trace = MODEL.run(TOKENS, schedule, sink_logit=3)
    assert (1 - weights.sum(-1)).max() > 0.3
    expected = torch.stack([layer.weights for layer in trace.layers])
    torch.testing.assert_close(weights, expected, atol=2e-6, rtol=1e-5)
    torch.testing.assert_close(logits, trace.logits, atol=5e-5, rtol=1e-5)


@pytest.mark.parametrize("schedule", [(SlidingWindow(4),) * 6, MIXED, (CentredWindow(2),) * 6])
def test_the_graph_before_its_export_is_the_model(schedule):
    token_ids, visible = torch.tensor(TOKENS), masks(schedule, len(TOKENS))
    graph = ForwardGraph(MODEL.transformer)
    none = torch.tensor([-torch.inf])
    logits, likeliest, shares, weights, scores, value_starts = graph(token_ids, visible, none)
    trace = MODEL.run(TOKENS, schedule)
    assert torch.equal(logits, trace.logits)
    assert torch.equal(weights, torch.stack([layer.weights for layer in trace.layers]))
    assert torch.equal(scores, torch.stack([layer.scores for layer in trace.layers]))
    values = torch.stack([repeat_kv(layer.value, MODEL.n_heads) for layer in trace.layers])
    assert torch.equal(value_starts, values[..., :VALUE_START])
    assert torch.equal(likeliest[-1, 0], trace.logits[-1].argmax())
    assert shares[-1, 0] == pytest.approx(trace.logits[-1].softmax(-1).max().item())


@pytest.mark.parametrize("schedule", [(SlidingWindow(4),) * 6, MIXED, (CentredWindow(2),) * 6])
@pytest.mark.parametrize("query_pos", [0, 5, -1])
def test_the_way_back_written_out_is_the_automatic_one(schedule, query_pos):
    n = len(TOKENS)
    top = torch.zeros(7, n)
    top[6, query_pos] = 1
    found = InfluenceGraph(MODEL.transformer)(torch.tensor(TOKENS), masks(schedule, n), top)
    expected = measured_influence(MODEL, TOKENS, schedule, query_pos % n)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)
    assert torch.equal(found == 0, expected == 0)


def test_the_files_compute_what_python_computes():
    """A window of 4 turns its ring one by one in 12 tokens, and one of 32 by chunks in 128."""
    errors = largest_errors(MODELS["tiny-swa"], lengths=(1, 2, 12, 128))
    assert errors["logits"] < 1e-4
    assert errors["weights"] < 1e-5
    assert errors["influence"] < 1e-4
    assert errors["step"] < 1e-4


@pytest.mark.parametrize("member, lengths", [("family-w8", (1, 12, 48)), ("family-random", (12,))])
def test_so_do_those_of_the_window_family(member, lengths):
    """They share their graphs; one that read another model's numbers would be far off anywhere."""
    errors = largest_errors(MODELS[member], lengths)
    assert errors["logits"] < 1e-4
    assert errors["weights"] < 1e-5
    assert errors["influence"] < 1e-4
    assert errors["step"] < 1e-4


@pytest.mark.parametrize("model", BUNDLED)
def test_a_card_says_what_the_graphs_are(model):
    folder = MODELS[model].folder
    card = (folder / "README.md").read_text()
    assert card.count("## In the browser") == 1
    for name in GRAPHS:
        assert f"`{name}.onnx` ({(folder / f'{name}.onnx').stat().st_size:,} bytes)" in card


@pytest.mark.parametrize("name", GRAPHS)
def test_models_of_one_size_have_the_same_graphs(name):
    """They hold no numbers of a model, so a browser that has one of them has them all."""
    members = (MODELS[model].folder for model in BUNDLED if model != "tiny-swa")
    assert len({(folder / f"{name}.onnx").read_bytes() for folder in members}) == 1


def place_of(tensor: onnx.TensorProto) -> dict[str, str]:
    return {entry.key: entry.value for entry in tensor.external_data}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_holds_no_weights_and_names_no_path(name):
    path = FOLDER / f"{name}.onnx"
    assert path.stat().st_size < 200_000
    graph = onnx.load(path, load_external_data=False).graph
    outside = [t for t in graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    assert len(outside) == len(MODEL.transformer.state_dict()) - (name == "influence")
    assert {place["location"] for place in map(place_of, outside)} == {WIDE}
    size = 2 * sum(weight.nbytes for weight in load(WEIGHTS).values())
    ends = [int(place["offset"]) + int(place["length"]) for place in map(place_of, outside)]
    assert max(ends) <= size == len(wide_weights(WEIGHTS))
    assert b"/training/" not in path.read_bytes()


def test_the_section_of_the_card_is_replaced_and_not_repeated():
    filled = SECTION.format_map(dict.fromkeys(SECTION_FIELDS, 1))
    card = with_section("# model\n\n## Limits\nNone.\n", filled)
    assert with_section(card, filled) == card
    assert card.index("## In the browser") < card.index("## Limits")


SECTION_FIELDS = (
    "forward", "influence", "step", "logits", "weights", "influence_error", "step_error", "bits",
    "rounded_weights", "rounded_bits",
)  # fmt: skip


def test_rounded_weights_are_within_half_a_step_and_keep_their_layout():
    restored = restore_weights(round_weights(WEIGHTS))
    assert len(restored) == len(WEIGHTS)
    before, after = load(WEIGHTS), load(restored)
    for name, weight in before.items():
        rows = weight.float().reshape(len(weight), -1)
        step = rows.abs().amax(dim=1, keepdim=True) / LARGEST if weight.ndim == 2 else 0
        error = (rows - after[name].float().reshape(rows.shape)).abs()
        assert (error <= 0.5 * step + 5e-4 * rows.abs() + SMALLEST_HALF).all(), name


def test_the_browser_restores_the_rounded_weights_bit_for_bit(tmp_path):
    packed = round_weights(WEIGHTS)
    (tmp_path / "packed").write_bytes(packed)
    (tmp_path / "expected").write_bytes(restore_weights(packed))
    module = Path("swa_viz/browser_model/rounded_weights.js").read_text()
    (tmp_path / "check.mjs").write_text(
        module + "\nimport { readFileSync } from 'node:fs';\n"
        "const found = restoreWeights(new Uint8Array(readFileSync('packed')));\n"
        "process.exit(Buffer.compare(Buffer.from(found), readFileSync('expected')) ? 1 : 0);\n"
    )
    subprocess.run(["node", "check.mjs"], cwd=tmp_path, check=True)


def test_the_browser_widens_every_number_as_numpy_does(tmp_path):
    """All 65,536 of them, behind a header of an odd length."""
    header = b'{"w":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}} '
    file = len(header).to_bytes(8, "little") + header + np.arange(2**16, dtype="<u2").tobytes()
    (tmp_path / "file").write_bytes(file)
    module = Path("swa_viz/browser_model/wide_weights.js").read_text()
    (tmp_path / "check.mjs").write_text(
        module + "\nimport { readFileSync, writeFileSync } from 'node:fs';\n"
        "writeFileSync('found', wideWeights(new Uint8Array(readFileSync('file'))));\n"
    )
    subprocess.run(["node", "check.mjs"], cwd=tmp_path, check=True)
    found = np.frombuffer((tmp_path / "found").read_bytes(), "<f4")
    np.testing.assert_array_equal(found, np.frombuffer(wide_weights(file), "<f4"))


def test_small_and_odd_numbers_survive_the_rounding(tmp_path):
    rows = np.array([[0, 0, 0], [6e-8, -6e-8, 1e-5], [65504, -65504, 1]], dtype="<f2")
    header = b'{"w":{"dtype":"F16","shape":[3,3],"data_offsets":[0,18]}}'
    file = len(header).to_bytes(8, "little") + header + rows.tobytes()
    restored = np.frombuffer(restore_weights(round_weights(file))[-18:], "<f2").reshape(3, 3)
    assert np.isfinite(restored).all()
    np.testing.assert_allclose(restored[2, :2], rows[2, :2], rtol=1e-3)
    assert (restored[0] == 0).all()
