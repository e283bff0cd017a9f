"""The model: equal to independent implementations, and clear about what it cannot read."""

import time
from dataclasses import replace

import pytest
import torch
from transformers import MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM

from swa_viz.kernels import KERNELS
from swa_viz.models import MODELS, load_model
from swa_viz.models.config import TransformerConfig
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
)

N_LAYERS, SEQ_LEN = 4, 75
CONFIG = TransformerConfig(
    vocab_size=97,
    d_model=48,
    n_layers=N_LAYERS,
    n_heads=6,
    n_kv_heads=2,
    d_ff=80,
    window_size=32,
    trained_len=64,
)
SIZES = {
    "vocab_size": CONFIG.vocab_size,
    "hidden_size": CONFIG.d_model,
    "intermediate_size": CONFIG.d_ff,
    "num_hidden_layers": CONFIG.n_layers,
    "num_attention_heads": CONFIG.n_heads,
    "num_key_value_heads": CONFIG.n_kv_heads,
    "rms_norm_eps": CONFIG.norm_eps,
    "tie_word_embeddings": True,
    "attn_implementation": "eager",
}
NAMES = {
    "attention_norm": "input_layernorm",
    "query": "self_attn.q_proj",
    "key": "self_attn.k_proj",
    "value": "self_attn.v_proj",
    "output": "self_attn.o_proj",
    "feed_forward_norm": "post_attention_layernorm",
    "feed_forward.gate": "mlp.gate_proj",
    "feed_forward.up": "mlp.up_proj",
    "feed_forward.down": "mlp.down_proj",
}
EVERY_PATTERN = [
    Causal(),
    SlidingWindow(1),
    SlidingWindow(32),
    CentredWindow(3),
    SinkWindow(8, 2),
    GlobalWindow(8, (0, 20)),
    DilatedWindow(4, 3),
    Chunked(16),
]
MIXED = (SlidingWindow(8), Causal(), Chunked(5), SinkWindow(3, 1))
QUICK_KERNELS = ("dense", "sdpa_mask", "band_torch")  # the others compile for each pattern


@pytest.fixture(scope="module")
def ours():
    """A random model whose weights are large enough to make attention sharp."""
    torch.manual_seed(1)
    model = Transformer(CONFIG)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def token_ids():
    return torch.randint(CONFIG.vocab_size, (SEQ_LEN,), generator=torch.Generator().manual_seed(2))


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


def with_our_weights(peer, model):
    """Copy weights by name; biases, which only the peer has, become zero."""
    weights = {name: torch.zeros_like(w) for name, w in peer.state_dict().items() if "bias" in name}
    weights["model.embed_tokens.weight"] = weights["lm_head.weight"] = model.embedding.weight
    weights["model.norm.weight"] = model.norm.weight
    for i, block in enumerate(model.blocks):
        for name, theirs in NAMES.items():
            weights[f"model.layers.{i}.{theirs}.weight"] = block.get_submodule(name).weight
    peer.load_state_dict(weights)
    return peer.eval()


def assert_same_logits(ours, theirs):
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("window_size", [1, 8, 32, 200, None])
def test_mistral_gives_the_same_logits(ours, token_ids, window_size):
    peer = MistralForCausalLM(MistralConfig(**SIZES, sliding_window=window_size))
    pattern = Causal() if window_size is None else SlidingWindow(window_size)
    with torch.no_grad():
        theirs = with_our_weights(peer, ours)(token_ids[None]).logits
    assert_same_logits(ours(token_ids[None], [pattern] * N_LAYERS), theirs)


def test_layers_that_differ_give_the_logits_of_qwen(ours, token_ids):
    kinds = ["sliding_attention", "full_attention", "full_attention", "sliding_attention"]
    config = Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=8, layer_types=kinds)
    schedule = [SlidingWindow(8) if "sliding" in kind else Causal() for kind in kinds]
    with torch.no_grad():
        theirs = with_our_weights(Qwen2ForCausalLM(config), ours)(token_ids[None]).logits
    assert_same_logits(ours(token_ids[None], schedule), theirs)


@pytest.mark.parametrize("pattern", EVERY_PATTERN, ids=str)
def test_every_pattern_gives_the_logits_of_mistral_with_that_mask(ours, token_ids, pattern):
    peer = with_our_weights(MistralForCausalLM(MistralConfig(**SIZES)), ours)
    hidden = ~build_mask(pattern, SEQ_LEN, SEQ_LEN)
    additive = torch.zeros(1, 1, SEQ_LEN, SEQ_LEN).masked_fill(hidden, -torch.inf)
    with torch.no_grad():
        theirs = peer(token_ids[None], attention_mask=additive).logits
    assert_same_logits(ours(token_ids[None], [pattern] * N_LAYERS), theirs)


@pytest.mark.parametrize(
    "schedule", [None, MIXED, *[(p,) * N_LAYERS for p in EVERY_PATTERN]], ids=str
)
def test_the_trace_has_the_logits_of_every_kernel(ours, token_ids, schedule):
    layers, logits = ours.trace_layers(token_ids, schedule)
    for name in QUICK_KERNELS:
        if not any(KERNELS[name].supports(pattern) for pattern in ours.check_schedule(schedule)):
            assert_same_logits(ours(token_ids[None], schedule, kernel=name)[0], logits)
    for layer in layers:
        visible = build_mask(layer.pattern, SEQ_LEN, SEQ_LEN)
        torch.testing.assert_close(layer.weights.sum(-1), torch.ones(CONFIG.n_heads, SEQ_LEN))
        assert (layer.weights[:, ~visible] == 0).all()
        assert (layer.masked_scores[:, ~visible] == -torch.inf).all()


def test_a_schedule_needs_one_pattern_per_layer(ours, token_ids):
    with pytest.raises(ValueError, match="one pattern for each of the 4 layers"):
        ours(token_ids[None], [SlidingWindow(3)] * 3)


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ({"n_heads": 5}, "d_model must be a multiple of 2 . n_heads, .* 48 and 5"),
        ({"n_heads": 16, "n_kv_heads": 2}, "d_model must be a multiple"),  # head_dim would be 3
        ({"n_kv_heads": 4}, "n_heads must be a multiple of n_kv_heads, but they are 6 and 4"),
        ({"n_layers": 0}, "n_layers must be a whole number of at least 1"),
        ({"d_ff": 80.0}, "d_ff must be a whole number"),
        ({"window_size": 0}, "window_size must be a whole number of at least 1"),
        ({"rope_theta": 0}, "rope_theta must be above 0"),
        ({"norm_eps": float("nan")}, "norm_eps must be above 0"),
    ],
    ids=str,
)
def test_sizes_that_do_not_fit_together_are_refused(shapes_unchecked, sizes, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(CONFIG, **sizes)


@pytest.mark.parametrize("name", ["gigantic-swa", "", None, 5, ["tiny-swa"]], ids=str)
def test_an_unknown_model_is_refused(shapes_unchecked, name):
    with pytest.raises(ValueError, match="is no model and no folder; known models are .*tiny-swa"):
        load_model(name)


def test_tiny_swa_is_what_its_table_says(tiny):
    assert (tiny.name, tiny.n_layers, tiny.n_heads) == ("tiny-swa", 6, 8)
    assert tiny.native_schedule == (SlidingWindow(32),) * 6
    assert tiny.transformer.embedding.weight.dtype == torch.float32
    assert (MODELS["tiny-swa"].folder / "model.safetensors").stat().st_size <= 16_000_000


def test_tiny_swa_loads_in_under_a_second(tiny):
    start = time.process_time()
    load_model("tiny-swa")
    assert time.process_time() - start < 1


def test_a_trace_shows_the_text(tiny):
    trace = tiny.trace("The cat sat on the mat", [SlidingWindow(2)] * 6)
    assert trace.tokens == ("The", " cat", " sat", " on", " the", " mat")
    assert trace.logits.shape == (6, 4096) and len(trace.layers) == 6
    assert_same_logits(tiny.logits(trace.token_ids, [SlidingWindow(2)] * 6), trace.logits)


def test_an_empty_text_is_refused(tiny):
    for ask in (tiny.trace, lambda text: tiny.generate(text, 3)):
        with pytest.raises(ValueError, match="text is empty"):
            ask("")


def test_the_window_changes_the_prediction_only_where_it_hides_something(tiny):
    windowed, full = (
        tiny.trace("The cat sat on the mat", [pattern] * 6)
        for pattern in (SlidingWindow(4), Causal())
    )
    same = (windowed.logits == full.logits).all(dim=-1)
    assert same.tolist() == [True] * 4 + [False] * 2


def test_a_folder_is_loaded_like_a_name(tiny):
    by_folder = load_model(MODELS["tiny-swa"].folder)
    assert by_folder.name == "tiny-swa"
    assert torch.equal(by_folder.logits([1, 2, 3]), tiny.logits([1, 2, 3]))
