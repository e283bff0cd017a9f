"""The rolling cache: rolling decode == chunked prefill == full recompute."""

import pytest
import torch

from swa_viz.cost import kv_cache_bytes
from swa_viz.models import load_model
from swa_viz.models.cache import LayerCache
from swa_viz.models.config import TransformerConfig
from swa_viz.models.language_model import PREFILL_CHUNK, LanguageModel
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.presets import ModelPreset

CONFIG = TransformerConfig(
    vocab_size=4096,
    d_model=32,
    n_layers=3,
    n_heads=4,
    n_kv_heads=2,
    d_ff=48,
    window_size=8,
    trained_len=64,
)
SEQ_LEN = 40
SCHEDULES = [
    (SlidingWindow(1),) * 3,
    (SlidingWindow(5),) * 3,
    (SlidingWindow(64),) * 3,
    (SlidingWindow(3), Causal(), SlidingWindow(7)),
    (SinkWindow(4, 2),) * 3,
    (SinkWindow(3, 0), SinkWindow(1, 5), SlidingWindow(2)),
    (DilatedWindow(3, 4),) * 3,
    (Chunked(6), Chunked(4), SlidingWindow(3)),
    (GlobalWindow(4, (0, 17)),) * 3,
]


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def model(tiny):
    """A random model, large weights, with the words of tiny-swa."""
    torch.manual_seed(3)
    transformer = Transformer(CONFIG)
    for weight in transformer.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return LanguageModel("random", transformer, tiny.tokenizer)


@pytest.fixture(scope="module")
def token_ids():
    return torch.randint(4096, (SEQ_LEN,), generator=torch.Generator().manual_seed(4)).tolist()


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("chunks", [[1] * 40, [40], [7, 1, 20, 12], [3] * 13 + [1]], ids=len)
def test_however_it_is_read_the_logits_are_the_same(model, token_ids, schedule, chunks):
    """And after each chunk the cache holds the bytes that the formula promises."""
    cache, parts = model.new_cache(schedule), []
    for n in chunks:
        parts.append(model.extend(token_ids[cache.length : cache.length + n], cache))
        promised = kv_cache_bytes(schedule, cache.length, 4, n_kv_heads=2, head_dim=8)
        assert cache.n_bytes == promised
    at_once = model.logits(token_ids, schedule, kernel="dense")
    torch.testing.assert_close(torch.cat(parts), at_once, atol=1e-4, rtol=1e-4)
    assert cache.length == SEQ_LEN


@pytest.mark.parametrize("n_last", [1, 3, SEQ_LEN, SEQ_LEN + 5])
def test_the_last_logits_are_the_last_of_all(model, token_ids, n_last):
    last = model.logits(token_ids, n_last=n_last)
    torch.testing.assert_close(last, model.logits(token_ids)[-n_last:], atol=1e-5, rtol=1e-5)


@pytest.mark.usefixtures("shapes_unchecked")
@pytest.mark.parametrize("n_last", [0, -1, 1.5, "2"])
def test_a_number_of_last_logits_that_is_none_is_refused(model, token_ids, n_last):
    with pytest.raises(ValueError, match="n_last"):
        model.logits(token_ids, n_last=n_last)


def test_a_preset_promises_the_bytes_of_the_real_tensors(model, token_ids):
    """A window, a full layer and a larger window of a model that really stores keys and values."""
    schedule = (SlidingWindow(3), Causal(), SlidingWindow(7))
    preset = ModelPreset("random", schedule, CONFIG.n_heads, 2, 8, CONFIG.trained_len, "this test")
    cache = model.new_cache(schedule)
    model.extend(token_ids, cache)
    stored = [tensor for layer in cache.layers for tensor in (layer.key, layer.value)]
    assert sum(tensor.nbytes for tensor in stored) == kv_cache_bytes(preset, SEQ_LEN, 4)


def after_each_token(model, pattern, n_tokens):
    """What the slots hold after each of some tokens."""
    cache, pictures = model.new_cache([pattern] * 3), []
    for token_id in range(n_tokens):
        model.extend([token_id], cache)
        pictures.append(" ".join(map(str, cache.held_positions()[0])))
    return pictures


def test_a_window_of_three_rolls_through_three_slots(model):
    assert after_each_token(model, SlidingWindow(3), 6) == [
        "0",
        "0 1",
        "0 1 2",
        "3 1 2",
        "3 4 2",
        "3 4 5",
    ]


def test_sinks_are_pinned_and_the_others_roll(model):
    assert after_each_token(model, SinkWindow(window_size=2, n_sink_tokens=1), 6) == [
        "0",
        "0 1",
        "0 1 2",
        "0 3 2",
        "0 3 4",
        "0 5 4",
    ]


def test_full_attention_forgets_nothing(model):
    assert after_each_token(model, Causal(), 4)[-1] == "0 1 2 3"


def test_a_dilated_window_keeps_its_whole_span(model):
    assert after_each_token(model, DilatedWindow(2, 3), 6)[-2:] == ["4 1 2 3", "4 5 2 3"]


def test_a_long_chunk_leaves_only_its_last_tokens(model):
    cache = model.new_cache((SlidingWindow(3), SinkWindow(2, 2), Causal()))
    model.extend(list(range(8)), cache)
    assert cache.held_positions() == ((6, 7, 5), (0, 1, 6, 7), (0, 1, 2, 3, 4, 5, 6, 7))


def test_slots_and_evictions_by_hand(model):
    cache = model.new_cache((SlidingWindow(3), SinkWindow(2, 1), Causal()))
    assert [cache.slots(position) for position in range(5)] == [
        (0, 0, 0),
        (1, 1, 1),
        (2, 2, 2),
        (0, 1, 3),
        (1, 2, 4),
    ]
    assert [cache.evicted(position) for position in range(5)] == [
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (0, 1, None),
        (1, 2, None),
    ]


@pytest.mark.parametrize("pattern", [SlidingWindow(3), SinkWindow(2, 1), Chunked(4)], ids=str)
def test_what_is_reported_is_what_happens(model, pattern):
    cache = model.new_cache([pattern] * 3)
    held: tuple[int, ...] = ()
    for position in range(15):
        model.extend([position], cache)
        now = cache.held_positions()[0]
        assert now[cache.slots(position)[0]] == position
        lost = set(held) - set(now)
        assert lost == {cache.evicted(position)[0]} - {None}
        held = now


@pytest.mark.parametrize("poison", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("pattern", [SlidingWindow(3), SinkWindow(3, 1), DilatedWindow(2, 2)])
@pytest.mark.parametrize("n_poisoned", [1, 2])
def test_a_position_that_is_not_read_changes_nothing_whatever_it_holds(pattern, poison, n_poisoned):
    key, value = torch.randn(2, 1, 9, 4)
    query, positions = torch.randn(2, 9, 4), torch.arange(9)
    bad_key, bad_value = key.clone(), value.clone()
    bad_key[:, 4 : 4 + n_poisoned] = bad_value[:, 4 : 4 + n_poisoned] = poison
    outputs = []
    for keys, values in ((key, value), (bad_key, bad_value)):
        cache = LayerCache(pattern, key.new_empty(1, 0, 4))
        cache.attend(query[:, :7], keys[:, :7], values[:, :7], positions[:7])
        outputs.append(cache.attend(query[:, 7:], keys[:, 7:], values[:, 7:], positions[7:]))
    reads = pattern.visible(positions[7:, None], positions[None, 4 : 4 + n_poisoned]).any(dim=1)
    clean, poisoned = outputs
    assert torch.allclose(poisoned[:, ~reads], clean[:, ~reads], atol=1e-6)
    assert not poisoned[:, reads].isfinite().any()


@pytest.mark.parametrize(
    "pattern", [CentredWindow(2), GlobalWindow(5, (0,), causal=False)], ids=str
)
def test_a_pattern_that_looks_ahead_is_refused(model, pattern):
    with pytest.raises(ValueError, match="do not exist yet"):
        model.new_cache([pattern] * 3)
    with pytest.raises(ValueError, match="do not exist yet"):
        LayerCache(pattern, torch.empty(2, 0, 8))


@pytest.mark.parametrize("window_size", [4, 32])
def test_generation_takes_the_likeliest_of_a_full_recompute(tiny, window_size):
    schedule = [SlidingWindow(window_size)] * 6
    prompt = tiny.encode("In the beginning")
    steps = list(tiny.generate("In the beginning", 40, schedule, temperature=0))
    token_ids = prompt + [step.token_id for step in steps]
    logits = tiny.logits(token_ids, schedule, kernel="dense")
    for position, step in enumerate(steps, start=len(prompt)):
        assert step.position == position
        assert step.slots == (position % window_size,) * 6
        evicted = position - window_size
        assert step.evicted == (evicted if evicted >= 0 else None,) * 6
        likeliest = logits[position - 1]
        assert likeliest.max() - likeliest[step.token_id] < 1e-3


def test_a_prompt_of_several_prefill_chunks(tiny):
    token_ids = tiny.encode("The ship went down with all hands. " * 80)
    assert len(token_ids) > 2 * PREFILL_CHUNK
    at_end = tiny.prefill(token_ids, tiny.new_cache())
    torch.testing.assert_close(at_end, tiny.logits(token_ids)[-1], atol=1e-3, rtol=1e-3)
