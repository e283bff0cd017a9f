"""Cost: every formula equals counting, and known figures come out."""

import pytest

from swa_viz.cost import (
    attention_flops,
    kept_tokens,
    kv_cache_bytes,
    output_bytes,
    saving,
    score_bytes,
    score_pairs,
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
GIB = 2**30


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
    for unknown in (PRESETS["32x256"], SlidingWindow(4)):
        with pytest.raises(ValueError, match="heads"):
            kv_cache_bytes(unknown, 10)
