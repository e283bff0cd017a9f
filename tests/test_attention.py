"""The reference: identities that attention must obey, and the same numbers computed elsewhere."""

import numpy as np
import pytest
import torch

from swa_viz.attention import attention, repeat_kv
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
)

PATTERNS_SMALL = [
    Causal(),
    SlidingWindow(4),
    CentredWindow(2),
    SinkWindow(3, 1),
    GlobalWindow(3, (0, 6)),
    GlobalWindow(3, (2,), causal=False),
    DilatedWindow(3, 2),
    Chunked(4),
]
CAUSAL_PATTERNS = [pattern for pattern in PATTERNS_SMALL if pattern.causal]


def random_inputs(*batch, n_heads=4, n_kv_heads=2, q_len=11, kv_len=11, head_dim=6):
    """Query, key and value, always the same."""
    source = torch.Generator().manual_seed(1)
    query = torch.randn(*batch, n_heads, q_len, head_dim, generator=source)
    key = torch.randn(*batch, n_kv_heads, kv_len, head_dim, generator=source)
    return query, key, torch.randn(key.shape, generator=source)


def by_hand(query, key, value, pattern):
    """One head in float64 numpy, one query and one key at a time."""
    q_len, kv_len = len(query), len(key)
    output = np.zeros(query.shape)
    for row in range(q_len):
        position = kv_len - q_len + row
        keys = [k for k in range(kv_len) if pattern.visible(position, k)]
        powers = np.exp([query[row] @ key[k] / np.sqrt(len(query[row])) for k in keys])
        output[row] = (powers / powers.sum()) @ value[keys]
    return output


@pytest.mark.parametrize("pattern", PATTERNS_SMALL, ids=str)
@pytest.mark.parametrize("q_len", [1, 4, 11])
def test_equal_to_a_computation_by_hand(pattern, q_len):
    query, key, value = random_inputs(q_len=q_len)
    output = attention(query, key, value, pattern).output
    for head in range(4):
        arrays = (t.double().numpy() for t in (query[head], key[head // 2], value[head // 2]))
        expected = by_hand(*arrays, pattern)
        np.testing.assert_allclose(output[head].numpy(), expected, atol=2e-6)


@pytest.mark.parametrize("pattern", PATTERNS_SMALL, ids=str)
def test_each_stage_follows_from_the_one_before(pattern):
    query, key, value = random_inputs(2, n_kv_heads=4)
    steps = attention(query, key, value, pattern)
    torch.testing.assert_close(steps.weights.sum(dim=-1), torch.ones(2, 4, 11))
    hidden = steps.masked_scores == -torch.inf
    assert torch.equal(steps.masked_scores[~hidden], steps.scores[~hidden])
    assert torch.equal(steps.weights == 0, hidden)
    torch.testing.assert_close(steps.weights @ value, steps.output)


@pytest.mark.parametrize("window_size", [11, 12, 1000])
def test_a_window_as_long_as_the_text_is_full_attention(window_size):
    inputs = random_inputs()
    windowed, full = (attention(*inputs, p).output for p in (SlidingWindow(window_size), Causal()))
    assert torch.equal(windowed, full)
    narrower = attention(*inputs, SlidingWindow(10)).output
    assert torch.equal(narrower[:, :10], full[:, :10]) and not torch.equal(narrower, full)


@pytest.mark.parametrize("pattern", PATTERNS_SMALL, ids=str)
def test_only_readers_of_a_key_notice_it(pattern):
    """Change one key and value: exactly the rows that may read it change."""
    query, key, value = random_inputs()
    before = attention(query, key, value, pattern).output
    for changed in range(11):
        other_key, other_value = key.clone(), value.clone()
        other_key[:, changed] += 1
        other_value[:, changed] += 1
        after = attention(query, other_key, other_value, pattern).output
        for row in range(11):
            notices = not torch.equal(after[:, row], before[:, row])
            assert notices == pattern.visible(row, changed)


@pytest.mark.parametrize("pattern", CAUSAL_PATTERNS, ids=str)
def test_a_decoded_row_is_the_last_row_of_prefill(pattern):
    query, key, value = random_inputs()
    prefill = attention(query, key, value, pattern).output
    decoded = attention(query[:, -1:], key, value, pattern).output
    torch.testing.assert_close(decoded, prefill[:, -1:])
    shorter = attention(query[:, :7], key[:, :7], value[:, :7], pattern).output
    torch.testing.assert_close(shorter, prefill[:, :7])


def test_grouped_heads_are_repeated_heads():
    query, key, value = random_inputs(n_heads=6, n_kv_heads=2)
    grouped = attention(query, key, value, SlidingWindow(4)).output
    repeated = [t.repeat_interleave(3, dim=0) for t in (key, value)]
    assert torch.equal(grouped, attention(query, *repeated, SlidingWindow(4)).output)
    alone = attention(query[5:], key[1:], value[1:], SlidingWindow(4)).output
    torch.testing.assert_close(grouped[5:], alone)


def test_batches_are_independent():
    inputs = random_inputs(2, 3)
    together = attention(*inputs, SlidingWindow(4)).output
    alone = attention(*(t[1, 2] for t in inputs), SlidingWindow(4)).output
    torch.testing.assert_close(together[1, 2], alone)


@pytest.mark.parametrize("n_heads", [1, 3, 5])
def test_heads_that_cannot_be_grouped(n_heads):
    with pytest.raises(ValueError, match=f"multiple of n_kv_heads, but {n_heads} and 2"):
        repeat_kv(torch.zeros(2, 4, 3), n_heads)
