"""Far into a text the cache still gives the logits of a full recompute, however it was read."""

from dataclasses import replace
from random import Random

import pytest
import torch

from swa_viz.cost import kept_tokens
from swa_viz.models import load_model
from swa_viz.models.cache import LayerCache
from swa_viz.models.config import TransformerConfig
from swa_viz.models.language_model import PREFILL_CHUNK, LanguageModel
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal, Chunked, DilatedWindow, SinkWindow, SlidingWindow
from tests.pattern_examples import EXAMPLES

CONFIG = TransformerConfig(
    vocab_size=4096,
    d_model=24,
    n_layers=3,
    n_heads=6,
    n_kv_heads=2,
    d_ff=32,
    window_size=8,
    trained_len=64,
)
FAR = 1100
NOTHING = torch.zeros(1, 1, 1)  # one head, one token, one number
CAUSAL = [pattern for pattern in EXAMPLES if pattern.causal]


def random_model(n_kv_heads: int = 2) -> LanguageModel:
    """Large random weights, and the words of tiny-swa."""
    torch.manual_seed(5)
    transformer = Transformer(replace(CONFIG, n_kv_heads=n_kv_heads))
    for weight in transformer.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return LanguageModel("random", transformer, load_model("tiny-swa").tokenizer)


@pytest.fixture(scope="module")
def model():
    return random_model()


@pytest.fixture(scope="module")
def token_ids():
    return torch.randint(4096, (FAR,), generator=torch.Generator().manual_seed(6)).tolist()


def assert_same(found, expected):
    torch.testing.assert_close(found, expected, atol=5e-4, rtol=5e-4)


def test_token_by_token_as_far_as_a_thousand(model, token_ids, shapes_unchecked):
    """In between many are read at once.

    The shapes are checked where fewer tokens are read: here that would be most of the work.
    """
    schedule = (SlidingWindow(5), SinkWindow(4, 2), Causal())
    cache = model.new_cache(schedule)
    read = []
    while cache.length < FAR:
        is_between = cache.length == 300
        stop = FAR - 100 if is_between else cache.length + 1
        read.append(model.extend(token_ids[cache.length : stop], cache))
        assert cache.length == stop
    assert_same(torch.cat(read), model.logits(token_ids, schedule, kernel="dense"))
    window, sinks, everything = cache.held_positions()
    assert window == (1095, 1096, 1097, 1098, 1099)
    assert sinks == (0, 1, 1098, 1099, 1096, 1097)
    assert everything == tuple(range(FAR))


@pytest.mark.parametrize("pattern", CAUSAL, ids=str)
def test_in_odd_pieces_every_pattern_holds_what_one_by_one_holds(model, token_ids, pattern):
    """One by one, only the places of the tokens are kept: their numbers are no matter here.

    Among the pieces is one of 40 tokens, and all slots are written anew after it.
    """
    random, schedule, n_read = Random(7), [pattern] * 3, 0
    n_slots = sum(size or 0 for size in kept_tokens(pattern))
    in_pieces, one_by_one = model.new_cache(schedule), LayerCache(pattern, NOTHING[:, :0])
    read = []
    while n_read < 60 + n_slots:
        piece = token_ids[n_read : n_read + random.choice([1, 1, 2, 3, 7, 40])]
        read.append(model.extend(piece, in_pieces))
        for position in range(n_read, n_read + len(piece)):
            one_by_one.write(NOTHING, NOTHING, torch.tensor([position]))
        n_read += len(piece)
        assert in_pieces.held_positions() == 3 * (tuple(one_by_one.positions.tolist()),)
    assert_same(torch.cat(read), model.logits(token_ids[:n_read], schedule, kernel="dense"))


@pytest.mark.parametrize("n_kv_heads", [1, 2, 3, 6])
def test_groups_of_any_size_share_a_key(token_ids, n_kv_heads):
    model = random_model(n_kv_heads)
    cache = model.new_cache([SlidingWindow(7)] * 3)
    read = torch.cat([model.extend(piece, cache) for piece in (token_ids[:9], token_ids[9:30])])
    assert_same(read, model.logits(token_ids[:30], [SlidingWindow(7)] * 3, kernel="dense"))
    assert cache.layers[0].key.shape == (n_kv_heads, 7, 4)


@pytest.mark.parametrize("n_tokens", [1, PREFILL_CHUNK - 1, PREFILL_CHUNK, PREFILL_CHUNK + 1, 777])
@pytest.mark.parametrize(
    "schedule",
    [
        (SlidingWindow(3), SlidingWindow(PREFILL_CHUNK), SlidingWindow(PREFILL_CHUNK + 1)),
        (SinkWindow(5, PREFILL_CHUNK + 44), Causal(), SinkWindow(300, 300)),
        (DilatedWindow(40, 7), Chunked(100), DilatedWindow(3, 150)),
    ],
    ids=str,
)
def test_a_prompt_of_any_length_and_what_follows(model, token_ids, schedule, n_tokens):
    cache = model.new_cache(schedule)
    last_rows = [model.prefill(token_ids[:n_tokens], cache)]
    last_rows += [model.prefill([token_id], cache) for token_id in token_ids[n_tokens:][:5]]
    at_once = model.logits(token_ids[: n_tokens + 5], schedule, kernel="dense")
    assert_same(torch.stack(last_rows), at_once[n_tokens - 1 :])
    assert cache.length == n_tokens + 5
