"""Cost: every formula equals counting, and known figures come out."""

import pytest

from swa_viz.cost import (
    attention_flops,
    kept_tokens,
    kv_cache_bytes,
    llama_cpp_bytes,
    model_flops,
    model_pairs,
    output_bytes,
    saving,
    score_bytes,
    score_pairs,
    vllm_bytes,
)
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
from swa_viz.presets import PRESETS, LayerHeads, ModelPreset
from tests import pattern_examples

EVERY_PATTERN = [
    Causal(),
    SlidingWindow(1),
    SlidingWindow(5),
    SlidingWindow(99),
    CentredWindow(3),
    SinkWindow(4, 3),
    GlobalWindow(4, (0, 9)),
    GlobalWindow(5, (2,), causal=False),
    DilatedWindow(3, 4),
    Chunked(5),
]
EVERY_PATTERN += [p for p in pattern_examples.EXAMPLES if p not in EVERY_PATTERN]
MIB, GIB = 2**20, 2**30


@pytest.mark.parametrize("pattern", EVERY_PATTERN, ids=str)
@pytest.mark.parametrize(("q_len", "kv_len"), [(1, 1), (1, 13), (5, 13), (13, 13)])
def test_pairs_are_what_the_mask_counts(pattern, q_len, kv_len):
    assert score_pairs(pattern, q_len, kv_len) == build_mask(pattern, q_len, kv_len).sum()


@pytest.mark.parametrize(("n", "w"), [(7, 3), (3, 3), (2, 5), (16_384, 4_096), (100_000, 256)])
def test_the_formula_of_the_band(n, w):
    by_formula = n * w - w * (w - 1) // 2 if n >= w else n * (n + 1) // 2
    assert score_pairs(SlidingWindow(w), n) == by_formula


def test_a_schedule_costs_the_sum_of_its_layers():
    assert score_pairs([SlidingWindow(3), Causal()], 5) == 12 + 15


def test_two_times_at_16k_is_what_counting_predicts():
    assert score_pairs(SlidingWindow(4096), 16_384) == pytest.approx(58.7e6, rel=1e-3)
    assert score_pairs(Causal(), 16_384) == pytest.approx(134.2e6, rel=1e-3)
    assert saving(SlidingWindow(4096), 16_384) == pytest.approx(2.29, abs=0.005)


def test_the_saving_of_a_long_text_tends_to_n_over_twice_the_window():
    assert saving(SlidingWindow(16), 100_000) == pytest.approx(100_000 / (2 * 16), rel=1e-3)


def test_flops_are_two_products_per_pair_and_head():
    assert attention_flops(score_pairs(Causal(), 2), n_heads=3, head_dim=5) == 3 * 3 * (
        2 * 5 + 2 * 5
    )


@pytest.mark.parametrize(
    ("layers", "n_kv_heads", "head_dim", "windowed", "full"),
    [
        ([SlidingWindow(4096)] * 32, 8, 128, 0.50, 4.00),  # Mistral 7B v0.1
        ([SlidingWindow(4096), Causal()] * 13, 4, 256, 1.83, 3.25),  # Gemma 2 2B
        ([SlidingWindow(512)] * 22 + [Causal()] * 4, 1, 256, 0.14, 0.81),  # Gemma 3 1B
        ([SlidingWindow(128), Causal()] * 12, 8, 64, 0.75, 1.50),  # gpt-oss-20b
        ([SlidingWindow(4096)] * 24 + [Causal()] * 8, 32, 128, 5.50, 16.0),  # OLMo 3 7B
    ],
)
def test_the_cache_of_real_models_at_32k(layers, n_kv_heads, head_dim, windowed, full):
    heads = {"n_kv_heads": n_kv_heads, "head_dim": head_dim}
    n_bytes = kv_cache_bytes(layers, 32_768, **heads)
    all_full = kv_cache_bytes([Causal()] * len(layers), 32_768, **heads)
    assert (n_bytes / GIB, all_full / GIB) == pytest.approx((windowed, full), abs=0.005)


def test_the_preset_has_the_cache_of_its_model():
    preset = PRESETS["mistral-7b-v0.1"]
    assert kv_cache_bytes(preset, 32_768) == GIB // 2
    assert kv_cache_bytes(preset, 32_768, 4) == GIB


@pytest.mark.parametrize("pattern", [p for p in EVERY_PATTERN if p.causal], ids=str)
def test_what_is_kept_is_enough_for_every_later_query(pattern):
    kept = kept_tokens(pattern)
    for query_pos in range(40):
        needed = build_mask(pattern, query_pos + 1, query_pos + 1)[-1].nonzero().flatten()
        latest = query_pos + 1 if kept.latest is None else kept.latest
        held = {
            *range(min(kept.pinned, query_pos + 1)),
            *range(query_pos - latest + 1, query_pos + 1),
        }
        assert set(needed.tolist()) <= held
        assert kept.count(query_pos + 1) == len([p for p in held if p >= 0])


@pytest.mark.parametrize("pattern", [p for p in EVERY_PATTERN if not p.causal], ids=str)
def test_there_is_no_cache_for_a_pattern_that_looks_ahead(pattern):
    with pytest.raises(ValueError, match="reads tokens after the query"):
        kv_cache_bytes(pattern, 10, n_kv_heads=1, head_dim=8)


def test_scores_written_down_and_the_output():
    assert score_bytes(SlidingWindow(3), 5, n_heads=2) == 4 * 2 * 12
    assert score_bytes(Causal(), 5, n_heads=2, bytes_per_element=2) == 2 * 2 * 15
    assert output_bytes(5, n_heads=2, head_dim=8) == 4 * 5 * 2 * 8


def test_a_preset_is_counted_layer_by_layer():
    preset = ModelPreset(
        *("three layers, all different", (SlidingWindow(4), Causal(), Causal()), 4, 2, 8, None, ""),
        layer_heads=(LayerHeads(4, 2, 8, 8), LayerHeads(4, 1, 16, 8), LayerHeads(4, 1, 16, 8)),
        shared_kv_layers=(2,),
    )
    assert kv_cache_bytes(preset, 10) == 2 * (4 * 2 * (8 + 8) + 10 * 1 * (16 + 8))


def test_heads_that_nobody_knows_are_not_guessed():
    halves: tuple[dict, ...] = ({}, {"n_kv_heads": 2}, {"head_dim": 8})
    for unknown, known in [(PRESETS["32x256"], {}), *((SlidingWindow(4), half) for half in halves)]:
        with pytest.raises(ValueError, match="heads"):
            kv_cache_bytes(unknown, 10, **known)
    assert kv_cache_bytes(SlidingWindow(4), 0, n_kv_heads=2, head_dim=8) == 0
    for n_kv_heads, head_dim in ((0, 8), (-2, 8), (2, 0), (2, True)):
        with pytest.raises(ValueError, match="must be a whole number of at least 1"):
            kv_cache_bytes(SlidingWindow(4), 10, n_kv_heads=n_kv_heads, head_dim=head_dim)


@pytest.mark.parametrize(
    "count",
    [
        lambda wrong: kv_cache_bytes(alike(1, 1, 4), 10, wrong),
        lambda wrong: attention_flops(10, wrong, 8),
        lambda wrong: attention_flops(10, 8, wrong),
        lambda wrong: score_bytes(Causal(), 10, wrong),
        lambda wrong: score_bytes(Causal(), 10, 1, wrong),
        lambda wrong: output_bytes(10, 1, wrong),
        lambda wrong: output_bytes(10, 1, 8, wrong),
        lambda wrong: llama_cpp_bytes(alike(1, 1, 4), 10, wrong),
        lambda wrong: llama_cpp_bytes(alike(1, 1, 4), 10, 1, wrong),
        lambda wrong: vllm_bytes(alike(1, 1, 4), 10, wrong),
        lambda wrong: vllm_bytes(alike(1, 1, 4), 10, 1, wrong),
    ],
)
def test_no_cost_is_counted_of_sizes_that_are_none(count, shapes_unchecked):
    for wrong in (0, -2, 1.5, True):
        with pytest.raises(ValueError, match="must be a whole number of at least 1"):
            count(wrong)


def test_no_layers_save_nothing():
    with pytest.raises(ValueError, match="nothing to compare"):
        saving([], 10)


@pytest.mark.parametrize(
    ("n_ctx", "parallel", "mib"),
    [
        (4096, 1, 27.0),
        (4096, 2, 42.0),
        (4096, 4, 72.0),
        (4096, 8, 72.0),
        (8192, 1, 39.0),
        (8192, 2, 54.0),
        (1024, 4, 18.0),
    ],
)
def test_llama_cpp_reserves_what_was_measured_on_gemma_3_270m(n_ctx, parallel, mib):
    """Read from llama-server, with 16-bit numbers: unslothai/unsloth, pull requests 5225, 7530."""
    reserved = llama_cpp_bytes(PRESETS["gemma-3-270m"], n_ctx // parallel, parallel)
    assert reserved / MIB == mib


def test_llama_cpp_rounds_a_share_of_the_context_up():
    """With 1,024 tokens for 3 sequences it gives each of them 512."""
    assert llama_cpp_bytes(PRESETS["gemma-3-270m"], 1024 // 3, 3) / MIB == 27.0


@pytest.mark.parametrize(("n_ctx", "parallel"), [(4096, 1), (4096, 3), (2048, 4), (32_768, 16)])
def test_the_known_rule_holds_where_the_window_is_as_large_as_a_batch(n_ctx, parallel):
    model, seq_len = PRESETS["gemma-3-270m"], n_ctx // parallel // 256 * 256
    cells = min(2 * 512, n_ctx, seq_len)
    expected = parallel * 2 * 2 * 256 * (15 * cells + 3 * seq_len)
    assert llama_cpp_bytes(model, seq_len, parallel) == expected


def alike(n_windows: int, n_full: int, window_size: int) -> ModelPreset:
    layers = (*(SlidingWindow(window_size),) * n_windows, *(Causal(),) * n_full)
    return ModelPreset("alike", layers, 4, 2, 8, None, "")


def test_vllm_takes_the_pages_of_its_own_example():
    """Blocks of 16, window 32, 112 tokens, 20 windows and 10 full layers: 11 blocks of 10.

    A text shorter than the window takes one block in each of the three groups.
    """
    assert vllm_bytes(alike(20, 10, 32), 112) == 11 * 10 * 16 * (2 * 2 * 8) * 2
    assert vllm_bytes(alike(20, 10, 32), 5) == 3 * 10 * 16 * (2 * 2 * 8) * 2


def test_vllm_fills_the_last_group_with_layers_that_nobody_uses():
    """Gemma 3 27B: 52 windows in groups of 10 take the room of 60."""
    full, windows = 10 * 2048, 60 * 1024
    expected = (full + windows) * 2 * 2 * 16 * 128
    assert vllm_bytes(PRESETS["gemma-3-27b"], 2048) == expected


DECODERS = [
    preset
    for preset in PRESETS.values()
    if preset.n_heads and all(pattern.causal for pattern in preset.layer_schedule)
]


@pytest.mark.parametrize("preset", DECODERS, ids=lambda preset: preset.label)
@pytest.mark.parametrize("seq_len", [1, 100, 4096, 33_000])
def test_no_engine_needs_less_than_the_lower_bound(preset, seq_len):
    least = 3 * kv_cache_bytes(preset, seq_len)
    assert vllm_bytes(preset, seq_len, 3) >= least
    assert llama_cpp_bytes(preset, seq_len, 3) >= least


def test_the_work_of_a_model_is_that_of_its_layers_and_heads():
    preset = ModelPreset(
        *("two layers", (SlidingWindow(3), Causal()), 4, 2, 8, None, ""),
        layer_heads=(LayerHeads(6, 2, 8, 4), LayerHeads(4, 1, 16, 16)),
    )
    assert model_pairs(preset, 5) == 6 * 12 + 4 * 15
    assert model_flops(preset, 5) == 2 * (6 * 12 * (8 + 4) + 4 * 15 * (16 + 16))


def test_where_heads_are_alike_the_work_is_the_known_formula():
    preset = PRESETS["mistral-7b-v0.1"]
    pairs = score_pairs(preset.layer_schedule, 5000)
    assert model_flops(preset, 5000) == attention_flops(pairs, 32, 128)


def test_a_page_of_vllm_holds_more_tokens_of_a_narrow_layer():
    """By hand: 100 tokens, a window of 32 with half as many numbers as the full layer.

    A page is 16 tokens of the full layer, 32 of the narrow one.  The full layer needs 7 of them,
    the window those of the tokens 64 to 99, which are 2.
    """
    narrow, wide = LayerHeads(2, 1, 8, 8), LayerHeads(2, 2, 8, 8)
    preset = ModelPreset(
        label="two layers",
        layer_schedule=(SlidingWindow(32), Causal()),
        n_heads=2,
        n_kv_heads=2,
        head_dim=8,
        context_length=None,
        source="made up",
        layer_heads=(narrow, wide),
    )
    assert vllm_bytes(preset, 100) == (7 + 2) * 16 * (2 * 2 * 8) * 2
