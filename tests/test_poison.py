"""A key outside the window changes nothing, even if it is infinite or NaN, forward and back."""

import itertools
from functools import cache

import pytest
import torch

from swa_viz.attention import attention
from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import CentredWindow, SinkWindow, SlidingWindow, build_mask
from tests.attention_cases import (
    EXAMPLES,
    ON_PROCESSOR,
    WITH_GRADIENTS,
    gradients,
    pattern_for,
    random_inputs,
    row_by_row,
)

pytestmark = [pytest.mark.every_core, pytest.mark.usefixtures("flex_unrecorded")]

POISONS = [torch.nan, torch.inf, -torch.inf]
SHAPES = {40: ((2,), 4, 2, 40, 40, 8), 300: ((), 2, 1, 290, 300, 8)}  # auto: short and long texts
UNCOMPILED = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")


def cases():
    """Every kernel, and auto, with every pattern that it can do; flex is slow where uncompiled."""
    for name, pattern in itertools.product([*ON_PROCESSOR, "auto"], EXAMPLES.values()):
        if name == "flex" and pattern.label != "window + sinks":
            continue
        if name == "auto" or KERNELS[name].supports(pattern) is None:
            yield pytest.param(name, pattern, id=f"{name}-{pattern}")


def poisoned(tensor, positions, poison):
    """A copy with poison at these places of the text."""
    tensor = tensor.clone()
    tensor[..., positions, :] = poison
    return tensor


@cache
def answers_to_poison(pattern, kv_len):
    """Poison in keys, in values and in both, and what comes of it if each query meets its own."""
    query, key, value = random_inputs(*SHAPES[kv_len])
    found = []
    for poison, (in_key, in_value) in zip(POISONS, [(0, 1), (1, 0), (1, 1)], strict=True):
        bad_key = poisoned(key, [20, 30], poison) if in_key else key
        bad_value = poisoned(value, [20, 30], poison) if in_value else value
        found.append((bad_key, bad_value, row_by_row(query, bad_key, bad_value, pattern).float()))
    return found


@UNCOMPILED
@pytest.mark.parametrize("kv_len", SHAPES)
@pytest.mark.parametrize(("name", "pattern"), list(cases()))
def test_readers_get_what_they_read_and_others_nothing_of_it(name, pattern, kv_len):
    """Against a computation in which each query meets its visible keys alone."""
    query, key, value = random_inputs(*SHAPES[kv_len])
    clean = attend(query, key, value, pattern, kernel=name)
    reads = build_mask(pattern, query.shape[-2], kv_len)[:, [20, 30]].any(dim=1)
    for bad_key, bad_value, expected in answers_to_poison(pattern, kv_len):
        output = attend(query, bad_key, bad_value, pattern, kernel=name)
        torch.testing.assert_close(output, expected, atol=5e-6, rtol=1e-5, equal_nan=True)
        torch.testing.assert_close(output[..., ~reads, :], clean[..., ~reads, :])


@pytest.mark.parametrize("name", ["sdpa_mask", "band_torch", "band_numba"])
def test_rows_that_do_not_read_it_do_not_move_by_a_bit(name):
    query, key, value = random_inputs(*SHAPES[300])
    clean = attend(query, key, value, SlidingWindow(9), kernel=name)
    bad = [poisoned(t, 150, torch.nan) for t in (key, value)]
    output = attend(query, *bad, SlidingWindow(9), kernel=name)
    reads = build_mask(SlidingWindow(9), 290, 300)[:, 150]
    assert torch.equal(output[:, ~reads], clean[:, ~reads]) and output[:, reads].isnan().all()


@UNCOMPILED
@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
@pytest.mark.parametrize("poison", POISONS)
def test_a_poisoned_query_spoils_its_own_row(name, poison):
    query, key, value = random_inputs(*SHAPES[300])
    clean = attend(query, key, value, pattern_for(name), kernel=name)
    query[1, 100, 3] = poison
    output = attend(query, key, value, pattern_for(name), kernel=name)
    assert output[1, 100].isnan().all()
    output[1, 100] = clean[1, 100]
    torch.testing.assert_close(output, clean)


@UNCOMPILED
@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
def test_no_weight_is_small_enough_to_lose_an_infinite_value(name):
    """A weight of e^-200 is 0 in 32 bits and not in 64: the answer is infinite in both."""
    query, key, value = torch.zeros(3, 1, 300, 4)
    query[..., 0], key[0, 298, 0] = 1, -400
    value[0, 298] = torch.inf
    output = attend(query, key, value, pattern_for(name), kernel=name)
    assert (output[0, 298:] == torch.inf).all() and (output[0, :298] == 0).all()


@UNCOMPILED
@pytest.mark.parametrize("name", [*ON_PROCESSOR, "auto"])
def test_large_numbers_do_not_overflow(name):
    """Scores of 1e40 and sums of values of 1e38 are too much for 32 bits, but the outputs fit."""
    query, key, value = random_inputs((), 2, 1, 300, 300, 8)
    query, key, value = query * 1e20, key * 1e20, value.sign() * 3e38
    output = attend(query, key, value, pattern_for(name), kernel=name)
    expected = row_by_row(query, key, value, pattern_for(name))
    assert output.isfinite().all()
    torch.testing.assert_close(output.double() / 3e38, expected / 3e38, atol=1e-5, rtol=0)


def test_the_steps_show_the_poison_where_it_is_and_hide_it_after():
    query, key, value = random_inputs((), 1, 1, 12, 12, 4)
    key[0, 5, 0], value[0, 7] = torch.nan, torch.nan
    steps = attention(query, key, value, SlidingWindow(2))
    assert steps.scores[0, :, 5].isnan().all()
    reads_key, reads_value = [5, 6], [7, 8]
    bad_weights = steps.weights.isnan().any(dim=-1)[0].nonzero().flatten().tolist()
    bad_output = steps.output.isnan().any(dim=-1)[0].nonzero().flatten().tolist()
    assert bad_weights == reads_key and bad_output == reads_key + reads_value


def of_rows(rows):
    """A loss of these rows alone."""
    return lambda output: (output[..., rows, :] * output[..., rows, :].detach().cos()).sum()


@pytest.mark.parametrize("kv_len", SHAPES)
@pytest.mark.parametrize("pattern", [SlidingWindow(9), CentredWindow(4), SinkWindow(6, 3)], ids=str)
@pytest.mark.parametrize("name", [*WITH_GRADIENTS, "auto"])
def test_gradients_of_rows_that_do_not_read_it_are_clean(name, pattern, kv_len):
    pattern = pattern_for(name, pattern)
    if name != "auto" and KERNELS[name].supports(pattern):
        pytest.skip("this kernel cannot do this pattern")
    query, key, value = random_inputs(*SHAPES[kv_len])
    reads = build_mask(pattern, query.shape[-2], kv_len)[:, [20, 30]].any(dim=1)
    loss = of_rows(~reads)
    clean = gradients((query, key, value), pattern, name, loss)
    for poison in POISONS:
        for bad in ((key, value), (poisoned(key, [20, 30], poison), value),
                    (key, poisoned(value, [20, 30], poison))):  # fmt: skip
            found = gradients((query, *bad), pattern, name, loss)
            for one, other in zip(found, clean, strict=True):
                torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kv_len", SHAPES)
@pytest.mark.parametrize("name", [*WITH_GRADIENTS, "auto"])
@pytest.mark.parametrize("where", ["key", "value", "gradient"])
def test_a_poisoned_row_spoils_only_what_it_reads(name, where, kv_len):
    """The loss looks at every row, and is NaN; keys that no poisoned row reads have clean ones."""
    pattern = pattern_for(name)
    query, key, value = inputs = random_inputs(*SHAPES[kv_len])
    weight = torch.ones_like(query)
    clean = gradients(inputs, pattern, name, lambda output: (weight * output.square()).sum())
    at = query.shape[-2] - 8 if name == "sdpa_full" else 20
    mask = build_mask(pattern, query.shape[-2], kv_len)
    rows = mask[:, at]
    if where == "gradient":
        rows = torch.zeros_like(rows)
        rows[at] = True
        weight[..., at, :] = torch.nan
    key = poisoned(key, at, torch.nan) if where == "key" else key
    value = poisoned(value, at, torch.nan) if where == "value" else value
    found = gradients((query, key, value), pattern, name, lambda o: (weight * o.square()).sum())
    keys = mask[rows].any(dim=0)
    assert found[0][..., rows, :].isnan().all()
    assert found[2][..., mask[rows].all(dim=0), :].isnan().all()
    for one, other, spoilt in zip(found, clean, (rows, keys, keys), strict=True):
        kept = one[..., ~spoilt, :], other[..., ~spoilt, :]
        torch.testing.assert_close(*kept, atol=1e-5, rtol=1e-5)
