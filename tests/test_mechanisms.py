"""Learned spans, a linear state and global projections: what they promise, to the last key."""

import math

import pytest
import torch

from swa_viz import kernels
from swa_viz.models.blocks import Block
from swa_viz.models.config import TransformerConfig
from swa_viz.models.global_projections import GlobalProjectionsBlock
from swa_viz.models.spans import (
    RAMP,
    AdaptiveSpanBlock,
    ContentSpanBlock,
    RoundedSpanBlock,
    masked_softmax,
    soft_mask,
    window_of,
)
from swa_viz.models.window_state import (
    WindowStateBlock,
    feature,
    state_output,
    state_output_step_by_step,
)
from swa_viz.patterns import Causal, GlobalWindow, SlidingWindow, VaryingWindow

CONFIG = TransformerConfig(40, 24, 1, 2, 2, 32, window_size=4, trained_len=20)


def made(block):
    """The block with random numbers everywhere, also where training begins with zeros."""
    torch.manual_seed(0)
    for weight in block.parameters():
        if weight.ndim == 2:
            torch.nn.init.normal_(weight, std=0.3)
    return block.eval()


def whole(query, key, value):
    return kernels.attend(query, key, value, Causal())


def in_window(query, key, value):
    return kernels.attend(query, key, value, SlidingWindow(4))


def test_the_soft_mask_is_whole_up_to_the_span_and_falls_to_nothing():
    found = soft_mask(torch.tensor([-1.0, 0, 3, 4, 5, 7, 8]), torch.tensor(3.0), ramp=4)
    assert found.tolist() == [0, 1, 1, 0.75, 0.5, 0, 0]


def test_weights_under_a_soft_mask_are_shares_of_exponentials():
    scores, share = torch.tensor([[0.0, math.log(2), 5.0]]), torch.tensor([[1.0, 0.5, 0.0]])
    assert masked_softmax(scores, share).tolist() == [[0.5, 0.5, 0.0]]


@pytest.mark.parametrize("kind", [AdaptiveSpanBlock, ContentSpanBlock])
def test_a_span_as_long_as_the_text_is_full_attention(kind):
    block, plain = made(kind(CONFIG)), made(Block(CONFIG))
    plain.load_state_dict(block.state_dict(), strict=False)
    with torch.no_grad():
        if kind is AdaptiveSpanBlock:
            block.raw_span.fill_(1.0)
        else:
            block.asks.weight.zero_()
            block.asks.bias.fill_(40.0)
        x = torch.randn(3, 12, 24)
        assert torch.allclose(block(x, None, whole), plain(x, None, whole), atol=1e-5)


def test_beyond_its_hard_window_a_head_sees_exactly_nothing():
    block = made(AdaptiveSpanBlock(CONFIG))
    with torch.no_grad():
        block.raw_span.copy_(torch.tensor([1.3, 0.0]) / CONFIG.trained_len)
    x = torch.randn(1, 12, 24)
    assert block.hard_windows(x[0]).patterns == (SlidingWindow(6), SlidingWindow(4))
    changed = x.clone()
    changed[:, 4] += 1
    moved = (block(x, None, whole) - block(changed, None, whole)).detach().abs().amax((0, 2))
    assert (moved[4:10] > 0).all() and (moved[10:] == 0).all()
    assert window_of(1.3) == 6 and RAMP == 4


def test_every_token_may_ask_for_its_own_span():
    block = made(ContentSpanBlock(CONFIG))
    spans = block.token_spans(torch.randn(2, 12, 24))
    assert spans.shape == (2, 2, 12) and spans.std(-1).min() > 0
    assert block.price().item() == pytest.approx(spans.mean().item() / CONFIG.trained_len)
    assert torch.allclose(block.mean_spans(), spans.mean((0, 2)).detach(), rtol=1e-5)


def test_rounded_spans_are_run_by_a_kernel_and_read_what_was_asked_for():
    block = made(ContentSpanBlock(CONFIG))
    rounded, x = RoundedSpanBlock(block), torch.randn(1, 12, 24)
    found = rounded(x, None, whole)
    spans = block.token_spans(block.attention_norm(x))[0]
    for head, pattern in enumerate(rounded.asked.patterns):
        assert pattern == VaryingWindow(tuple(window_of(span) for span in spans[head].tolist()))
    changed = x.clone()
    changed[:, 0] += 1
    blind = [i for i in range(12) if all(p.window_sizes[i] <= i for p in rounded.asked.patterns)]
    moved = (rounded(changed, None, whole) - found).detach().abs().amax((0, 2))
    assert blind and (moved[blind] == 0).all() and moved[0] > 0
    assert sum(w.numel() for w in rounded.parameters()) == sum(
        w.numel() for w in Block(CONFIG).parameters()
    )


def test_the_state_of_a_generation_is_that_of_training():
    query, key, value = torch.randn(3, 2, 2, 15, 6).double()
    found = state_output(query, key, value, 4)
    assert torch.allclose(found, state_output_step_by_step(query, key, value, 4), atol=1e-12)
    assert (found[..., :4, :] == 0).all()
    assert torch.allclose(found[..., 4, :], value[..., 0, :])  # the first key alone fell out
    assert feature(query).min() > 0


def test_the_state_holds_only_what_fell_out_of_the_window():
    query, key, value = torch.randn(3, 1, 1, 12, 6)
    changed = value.clone()
    changed[..., 5, :] += 1
    moved = (state_output(query, key, value, 4) - state_output(query, key, changed, 4)).abs()
    assert (moved.amax((0, 1, 3))[:9] == 0).all() and (moved.amax((0, 1, 3))[9:] > 0).all()


def test_a_block_with_a_state_reads_beyond_its_window_and_a_plain_one_does_not():
    x = torch.randn(1, 12, 24)
    changed = x.clone()
    changed[:, 2] += 1
    for kind, reads in ((Block, False), (WindowStateBlock, True)):
        block = made(kind(CONFIG))
        moved = (block(x, None, in_window) - block(changed, None, in_window)).detach().abs()
        assert bool((moved[0, 6:] > 0).any()) is reads


def test_global_tokens_read_with_projections_of_their_own_and_others_do_not():
    block, plain = made(GlobalProjectionsBlock(CONFIG, (0, 9, 99))), made(Block(CONFIG))
    plain.load_state_dict(block.state_dict(), strict=False)
    pattern = GlobalWindow(3, (0, 9), causal=False)

    def attend(query, key, value):
        return kernels.attend(query, key, value, pattern)

    x = torch.randn(1, 12, 24)
    differs = (block(x, None, attend) - plain(x, None, attend)).detach().abs().amax((0, 2))
    assert [place for place in range(12) if differs[place] > 1e-4] == [0, 9]


def test_global_projections_are_those_of_longformer():
    longformer = pytest.importorskip("transformers.models.longformer")
    from transformers import LongformerConfig  # noqa: PLC0415

    config = LongformerConfig(hidden_size=24, num_attention_heads=2, attention_window=[4],
                              attention_probs_dropout_prob=0.0)  # fmt: skip
    torch.manual_seed(1)
    theirs = longformer.modeling_longformer.LongformerSelfAttention(config, layer_id=0).eval()
    ours = made(GlobalProjectionsBlock(CONFIG, (0, 9)))
    names = {"query": "query", "key": "key", "value": "value"}
    for mine, their in names.items():
        for prefix, suffix in (("", ""), ("global_", "_global")):
            weight = getattr(theirs, their + suffix)
            torch.nn.init.zeros_(weight.bias)
            getattr(ours, prefix + mine).weight.data.copy_(weight.weight.data)
    ours.output.weight.data.copy_(torch.eye(24))
    x, mask = torch.randn(1, 12, 24), torch.zeros(1, 12)
    mask[:, [0, 9]] = 1.0
    theirs_out = theirs(
        x, attention_mask=mask, is_index_masked=mask < 0,
        is_index_global_attn=mask > 0, is_global_attn=True,
    )[0]  # fmt: skip

    def attend(query, key, value):
        return kernels.attend(query, key, value, GlobalWindow(5, (0, 9), causal=False))

    found = ours.self_attention(x, None, attend)
    assert torch.allclose(found, theirs_out, atol=1e-5)
