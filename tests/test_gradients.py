"""Every kernel with gradients has the reference's, at every order, however the graph is used."""

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from swa_viz.kernels import attend, band_torch
from swa_viz.patterns import Causal, CentredWindow, SinkWindow, SlidingWindow, build_mask
from tests.attention_cases import WITH_GRADIENTS, gradients, pattern_for, random_inputs

KERNELS_AND_AUTO = [*WITH_GRADIENTS, "auto"]


def some_loss(output):
    """A loss that treats no two outputs alike."""
    return (output * output.detach().cos()).sum()


def assert_same(found, expected, tolerance=1e-5):
    """Tensor by tensor."""
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(9), CentredWindow(4)], ids=str)
@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize(("q_len", "kv_len"), [(50, 77), (270, 300)])
def test_equal_to_the_reference(name, pattern, q_len, kv_len):
    if pattern_for(name, pattern) != pattern or (name == "band_torch" and pattern == Causal()):
        pytest.skip("this kernel cannot do this pattern")
    inputs = random_inputs((2,), 4, 2, q_len, kv_len, 8)
    expected = gradients(inputs, pattern, "dense", some_loss)
    assert_same(gradients(inputs, pattern, name, some_loss), expected)


@pytest.mark.parametrize("pattern", [SlidingWindow(90), CentredWindow(40)], ids=str)
def test_what_stretches_give_back_is_added_up(monkeypatch, pattern):
    """A key near several stretches gets a gradient from each of them."""
    monkeypatch.setattr(band_torch, "MASK_ENTRIES", 1)
    assert len(list(band_torch.stretches(pattern, 150, 200, group=2))) > 3
    inputs = random_inputs((2,), 4, 2, 150, 200, 8)
    expected = gradients(inputs, pattern, "dense", some_loss)
    assert_same(gradients(inputs, pattern, "band_torch", some_loss), expected)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
def test_first_and_second_derivatives_against_differences(name):
    inputs = random_inputs((), 2, 1, 3, 5, 2, dtype=torch.float64)
    inputs = [t.requires_grad_() for t in inputs]

    def of_inputs(*tensors):
        return attend(*tensors, pattern_for(name, SlidingWindow(3)), kernel=name)

    assert torch.autograd.gradcheck(of_inputs, inputs)
    assert torch.autograd.gradgradcheck(of_inputs, inputs)


def penalty(inputs, pattern, kernel):
    """The gradient of the squared gradient: what a gradient penalty needs."""
    leaves = [t.detach().clone().requires_grad_() for t in inputs]
    output = attend(*leaves, pattern, kernel=kernel)
    first = torch.autograd.grad(output.square().sum(), leaves, create_graph=True)
    loss = sum(grad.square().sum() for grad in first)
    return loss, *torch.autograd.grad(loss, leaves)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize("kv_len", [100, 300])
def test_a_gradient_penalty(name, kv_len):
    pattern = pattern_for(name)
    inputs = random_inputs((2,), 2, 1, kv_len - 5, kv_len, 8)
    expected = penalty([t.double() for t in inputs], pattern, "dense")
    found = penalty(inputs, pattern, name)
    assert expected[0] > 1
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.double(), other, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize("kv_len", [6, 300])
def test_curvature_along_a_direction(name, kv_len):
    """The `hvp` of torch goes back from a gradient of zeros, and asks what others would give."""
    tensor = random_inputs((), 1, 1, kv_len, kv_len, 3, dtype=torch.float64)[0]
    mask = build_mask(pattern_for(name), kv_len, kv_len)

    def loss(x):
        return attend(x, x, x.cos(), pattern_for(name), kernel=name).square().sum()

    def plain(x):
        scores = (x @ x.mT / 3**0.5).masked_fill(~mask, -torch.inf)
        return (scores.softmax(dim=-1) @ x.cos()).square().sum()

    expected = torch.autograd.functional.hvp(plain, tensor, tensor.sin())[1]
    for product in (torch.autograd.functional.hvp, torch.autograd.functional.vhp):
        torch.testing.assert_close(product(loss, tensor, tensor.sin())[1], expected)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
def test_one_tensor_in_three_places(name):
    """Each place has its own part in the gradient, once, at the second order too."""
    tensor = random_inputs((), 2, 2, 300, 300, 8, dtype=torch.float64)[0]

    def both_orders(kernel):
        leaf = tensor.clone().requires_grad_()
        output = attend(leaf, leaf, leaf, pattern_for(name), kernel=kernel)
        (first,) = torch.autograd.grad(output.square().sum(), leaf, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), leaf)
        return first.detach(), second

    assert_same(both_orders(name), both_orders("dense"), tolerance=1e-9)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize("wanted", [(0,), (1,), (2,), (0, 2)])
def test_only_what_is_wanted_has_a_gradient(name, wanted):
    inputs = random_inputs((), 2, 1, 300, 300, 8)
    expected = gradients(inputs, pattern_for(name), "dense", some_loss)
    for place in wanted:
        inputs[place].requires_grad_()
    for keeps_graph in (False, True):
        loss = some_loss(attend(*inputs, pattern_for(name), kernel=name))
        leaves = [inputs[place] for place in wanted]
        found = torch.autograd.grad(loss, leaves, create_graph=keeps_graph)
        assert_same(found, [expected[place] for place in wanted])


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
def test_the_way_back_may_be_gone_twice(name):
    inputs = [t.requires_grad_() for t in random_inputs((), 2, 1, 300, 300, 8)]
    loss = some_loss(attend(*inputs, pattern_for(name), kernel=name))
    once = torch.autograd.grad(loss, inputs, retain_graph=True)
    assert_same(torch.autograd.grad(loss, inputs), once, tolerance=0)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize("kv_len", [100, 300])
@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpointing(name, kv_len, reentrant):
    inputs = [t.requires_grad_() for t in random_inputs((), 2, 1, kv_len, kv_len, 8)]

    def layer(query, key, value):
        return attend(query.sin(), key, value, pattern_for(name), kernel=name).cos()

    expected = torch.autograd.grad(layer(*inputs).sum(), inputs)
    checkpoint(layer, *inputs, use_reentrant=reentrant).sum().backward()
    assert_same([t.grad for t in inputs], expected)


@pytest.mark.parametrize("name", KERNELS_AND_AUTO)
@pytest.mark.parametrize("kv_len", [30, 300])
def test_many_gradients_at_once(name, kv_len):
    """`is_grads_batched`: torch goes back once with several gradients side by side."""
    inputs = [t.requires_grad_() for t in random_inputs((), 1, 1, kv_len, kv_len, 4)]
    output = attend(*inputs, pattern_for(name), kernel=name)
    directions = torch.randn(3, *output.shape, generator=torch.Generator().manual_seed(0))
    together = torch.autograd.grad(
        output, inputs, directions, is_grads_batched=True, retain_graph=True
    )
    for i, direction in enumerate(directions):
        alone = torch.autograd.grad(output, inputs, direction, retain_graph=True)
        assert_same([t[i] for t in together], alone)


@pytest.mark.parametrize("name", [*KERNELS_AND_AUTO, "band_numba"])
@pytest.mark.parametrize("kv_len", [100, 300])
def test_without_gradients(name, kv_len):
    """Where torch keeps no graph, tensors that could have gradients are plain numbers."""
    inputs = [t.requires_grad_() for t in random_inputs((), 2, 1, kv_len, kv_len, 8)]
    expected = attend(*(t.detach() for t in inputs), pattern_for(name), kernel=name)
    for off in (torch.no_grad, torch.inference_mode):
        with off():
            output = attend(*inputs, pattern_for(name), kernel=name)
        torch.testing.assert_close(output, expected)
        assert not output.requires_grad
    with torch.inference_mode():
        inside = [t.detach().clone() for t in inputs]
        torch.testing.assert_close(attend(*inside, pattern_for(name), kernel=name), expected)


def test_a_changed_input_is_noticed():
    """Torch refuses to go back through numbers that are no longer there."""
    query, key, value = random_inputs((), 2, 1, 300, 300, 8)
    query.requires_grad_()
    output = attend(query, key, value, SinkWindow(8))
    key.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        output.sum().backward()
