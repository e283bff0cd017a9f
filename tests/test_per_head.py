"""One pattern for each head: a layer whose heads do not all read alike."""

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.cost import score_pairs
from swa_viz.kernels import KERNELS, attend
from swa_viz.models import load_model
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    DilatedWindow,
    PerHead,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.reach import reach

MIXED = PerHead((SlidingWindow(3), Causal(), DilatedWindow(2, 2), SlidingWindow(3)))


def random_heads(n_kv_heads, seq_len=11, batch=(2,)):
    random = torch.Generator().manual_seed(0)
    shapes = ((*batch, heads, seq_len, 8) for heads in (4, n_kv_heads, n_kv_heads))
    return [torch.randn(shape, generator=random, dtype=torch.float64) for shape in shapes]


@pytest.mark.parametrize("sink_logit", [None, torch.tensor([0.5, -1.0, 2.0, 0.0])])
@pytest.mark.parametrize("n_kv_heads", [4, 2, 1])
def test_every_head_reads_as_it_would_alone(n_kv_heads, sink_logit):
    query, key, value = random_heads(n_kv_heads)
    steps = attention(query, key, value, MIXED, sink_logit)
    output = attend(query, key, value, MIXED, sink_logit=sink_logit)
    assert torch.allclose(output, steps.output)
    for head, pattern in enumerate(MIXED.patterns):
        alone = attention(query, key, value, pattern, sink_logit)
        assert torch.equal(alone.weights[:, head], steps.weights[:, head])


def test_a_distinct_pattern_is_one_call(monkeypatch):
    called = []
    kernel = KERNELS["sdpa_mask"].compute
    counted = lambda *given: called.append(given[0].shape[-3]) or kernel(*given)  # noqa: E731
    monkeypatch.setattr(
        "swa_viz.kernels.KERNELS",
        {
            "sdpa_mask": type(KERNELS["sdpa_mask"])(
                "sdpa_mask", "", KERNELS["sdpa_mask"].refuse, counted
            )
        },
    )
    attend(*random_heads(4), MIXED, kernel="sdpa_mask")
    assert called == [2, 1, 1]


def test_one_pattern_for_all_heads_is_that_pattern():
    given = random_heads(2)
    same = attend(*given, PerHead((SlidingWindow(3),) * 4))
    assert torch.allclose(same, attend(*given, SlidingWindow(3)))


def test_gradients_find_their_heads():
    given = [tensor.requires_grad_() for tensor in random_heads(2)]
    upstream = torch.randn(given[0].shape, dtype=torch.float64)
    attend(*given, MIXED).backward(upstream)
    found = [tensor.grad.clone() for tensor in given]
    for tensor in given:
        tensor.grad = None
    attention(*given, MIXED).output.backward(upstream)
    for one, tensor in zip(found, given, strict=True):
        assert torch.allclose(one, tensor.grad)


def test_a_schedule_may_name_heads_and_the_cache_keeps_what_each_needs():
    model = load_model("tiny-swa")
    mixed = PerHead(
        (SlidingWindow(3), SinkWindow(2, 1), *(SlidingWindow(4),) * (model.n_heads - 2))
    )
    schedule = (mixed,) * model.n_layers
    ids = model.encode("The cat sat on the mat and looked at the moon over the hill")
    logits = model.logits(ids, schedule)
    assert torch.allclose(model.run(ids, schedule).logits, logits, atol=1e-4)
    cache = model.new_cache(schedule)
    read = torch.cat([model.extend([token], cache) for token in ids])
    assert torch.allclose(read, logits, atol=1e-4)
    assert len(cache.layers[0].positions) == mixed.kept.pinned + mixed.kept.latest == 5
    assert not torch.allclose(model.logits(ids, [SlidingWindow(4)] * model.n_layers), logits)


def test_what_has_no_one_number_for_all_heads_is_refused(shapes_unchecked):
    with pytest.raises(ValueError, match="count each pattern"):
        score_pairs(MIXED, 8)
    with pytest.raises(ValueError, match="made of patterns"):
        reach((MIXED,))


def test_what_is_kept_is_enough_for_every_head():
    assert PerHead((SlidingWindow(3), Causal())).kept == Causal().kept
    assert not PerHead((SlidingWindow(3), CentredWindow(1))).causal


@pytest.mark.parametrize("patterns", [(), (4,), "ab"])
def test_what_is_no_pattern_is_refused(patterns):
    with pytest.raises(ValueError, match="one pattern for each head"):
        PerHead(patterns)


def test_the_number_of_heads_must_fit():
    with pytest.raises(ValueError, match="2 patterns, but there are 4 heads"):
        attend(*random_heads(4), PerHead((Causal(),) * 2))
    with pytest.raises(NotImplementedError, match="one pattern at a time"):
        KERNELS["dense"](*random_heads(4), MIXED)
