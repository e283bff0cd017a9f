"""The two products of attention and its softmax: what is hidden takes no part, whatever it holds.

A plain product multiplies a hidden value by a weight of 0 and adds it.  That changes nothing, until
the value is infinite or no number (NaN): 0 times infinity is NaN, and then a key outside the window
reaches queries that never read it.  The same happens on the way back, where the gradients of all
rows are added up.  So each step here states what it adds:

    pair_scores   every query against every key; on the way back, poison without gradient adds none
    softmax       over the visible keys; zeros for a query that reads nothing
    average       the values of the visible keys

The derivative of each one is made of the same steps, so this holds for every derivative.  Plain
products are taken wherever all numbers are finite.
"""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch.autograd import forward_ad

from swa_viz.shapes import Bool, Float, Tensor


def without_autocast(device_type: str) -> AbstractContextManager:
    """Inside, torch computes in the type of its inputs, whatever `torch.autocast` is around."""
    if torch.is_autocast_enabled(device_type):
        return torch.autocast(device_type, enabled=False)
    return nullcontext()


def is_followed(*tensors: Tensor) -> bool:
    """Does torch follow every single operation: forward mode, `torch.func`, a compiler, a tracer?

    Then all operations must be torch's own.  Its `autograd.Function` is none: two forward
    derivatives, one inside the other, come out wrong (torch 2.13).
    """
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return True
    if torch._C._are_functorch_transforms_active():
        return True
    if torch._C._get_dispatch_mode(torch._C._TorchDispatchModeKey.PROXY) is not None:
        return True  # torch.fx writes down a graph
    acts = any(type(t).__torch_dispatch__ is not Tensor.__torch_dispatch__ for t in tensors)
    return acts or any(forward_ad.unpack_dual(t).tangent is not None for t in tensors)


def known_finite(*tensors: Tensor) -> bool:
    """Are all numbers surely finite?  One look at each tensor; very large numbers count as not.

    The sum of all squares is infinite or NaN where one of the numbers is.  A tracer records what
    is done and may not look at the numbers, and some tensors do not show theirs: nothing is known
    of them.

    >>> known_finite(torch.ones(3)), known_finite(torch.tensor([1.0, torch.nan]))
    (True, False)
    """
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return False
    try:
        return all(torch.linalg.vector_norm(numbers(t)).isfinite().item() for t in tensors)
    except RuntimeError:  # batched gradients (`is_grads_batched=True`), or a tensor that is fake
        return False


def numbers(tensor: Tensor) -> Tensor:
    """The numbers of a tensor, of the whole batch where `torch.func.vmap` shows one element."""
    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
    return tensor.detach()


def product(left: Tensor, right: Tensor) -> Tensor:
    """The plain matrix product, in the type of its factors."""
    with without_autocast(left.device.type):
        return left @ right


def finite_part(tensor: Tensor) -> Tensor:
    """The same numbers, with 0 for what is infinite or none."""
    return torch.where(tensor.isfinite(), tensor, 0)


def sound_pairs(left: Tensor, right: Tensor) -> Tensor:
    """Which pairs of a row of `left` and a row of `right` hold finite numbers alone."""
    return left.isfinite().all(-1)[..., :, None] & right.isfinite().all(-1)[..., None, :]


def pairs(left: Tensor, right: Tensor) -> Tensor:
    """The product left @ right.mT; what is not finite has no derivative, and so spoils none."""
    if known_finite(left, right):
        return product(left, right.mT)
    finite = product(finite_part(left), finite_part(right).mT)
    sound = sound_pairs(left, right)
    return torch.where(sound, finite, product(left.detach(), right.detach().mT))


def average_visible(weights: Tensor, value: Tensor, visible: Tensor) -> Tensor:
    """For each row the sum of weight times value over its visible keys, and over no other.

    A visible value that is infinite stays so however small its weight is: in 16 bits a weight may
    vanish that is above 0 in 64.  Infinities of both signs, and NaN, make NaN.
    """
    if known_finite(weights, value):
        return product(weights, value)
    total = product(torch.where(visible, weights, 0), finite_part(value))
    reads = visible.to(weights.dtype).expand(weights.shape)
    signed = torch.where(weights < 0, -reads, reads)
    infinite = product(reads, value.isinf().to(value.dtype))
    direction = product(signed, torch.where(value.isinf(), value.sign(), 0))
    lost = (product(reads, value.isnan().to(value.dtype)) > 0) | (direction.abs() < infinite)
    total = torch.where(infinite > 0, total + direction.sign() * torch.inf, total)
    return torch.where(lost, torch.nan, total)


def softmax_visible(masked_scores: Tensor, visible: Tensor) -> Tensor:
    """exp(score) over the sum of the row, for its visible keys; 0 for the others."""
    reads_nothing = ~visible.any(dim=-1, keepdim=True)
    return torch.where(visible, masked_scores.masked_fill(reads_nothing, 0).softmax(dim=-1), 0)


class PairScores(torch.autograd.Function):
    """left @ right.mT; on the way back, a poisoned pair without gradient passes nothing on."""

    @staticmethod
    def forward(ctx, left, right):
        """[*, m, d] and [*, n, d] -> [*, m, n]."""
        ctx.save_for_backward(left, right)
        return product(left, right.mT)

    @staticmethod
    def backward(ctx, grad):
        """Each factor's gradient is an average of the other factor."""
        left, right = ctx.saved_tensors
        counts = sound_pairs(left, right) | (grad != 0)
        return average(grad, right, counts), average(grad.mT, left, counts.mT)


class Average(torch.autograd.Function):
    """weights @ value over the visible keys.

    On the way back a row without gradient passes nothing on where it is poisoned.
    """

    @staticmethod
    def forward(ctx, weights, value, visible):
        """[*, m, n], [*, n, d] and a mask [*, m, n] -> [*, m, d]."""
        ctx.save_for_backward(weights, value, visible)
        return average_visible(weights, value, visible)

    @staticmethod
    def backward(ctx, grad):
        """A weight's gradient is the score of its value; a value's is an average of gradients."""
        weights, value, visible = ctx.saved_tensors
        moved = (grad != 0).any(dim=-1, keepdim=True)
        counts = visible & (moved | value.isfinite().all(-1)[..., None, :])
        weights_grad = torch.where(counts, pair_scores(grad, value), 0)
        counts = visible & (moved | weights.isfinite())
        return weights_grad, average(weights.mT, grad, counts.mT), None


class Softmax(torch.autograd.Function):
    """The softmax over the visible keys.

    On the way back a row without gradient passes nothing on where it is poisoned.
    """

    @staticmethod
    def forward(ctx, masked_scores, visible):
        """Scores [*, m, n], minus infinity where not visible, and the mask."""
        weights = softmax_visible(masked_scores, visible)
        ctx.save_for_backward(weights, visible)
        return weights

    @staticmethod
    def backward(ctx, grad):
        """The weights of a row sum to 1, so only a gradient's distance from the mean counts."""
        weights, visible = ctx.saved_tensors
        grad = torch.where(visible, grad, 0)
        counts = visible & (weights.isfinite() | (grad != 0).any(dim=-1, keepdim=True))
        mean = (weights * grad).sum(dim=-1, keepdim=True)
        return torch.where(counts, weights * (grad - mean), 0), None


def pair_scores(
    query: Float[Tensor, "*batch q_len head_dim"], key: Float[Tensor, "*batch kv_len head_dim"]
) -> Float[Tensor, "*batch q_len kv_len"]:
    """The scalar product of every query with every key."""
    return pairs(query, key) if is_followed(query, key) else PairScores.apply(query, key)


def softmax(
    masked_scores: Float[Tensor, "*batch q_len kv_len"],
    visible: Bool[Tensor, "*heads q_len kv_len"],
) -> Float[Tensor, "*batch q_len kv_len"]:
    """Weights that sum to 1 over the visible keys; all zeros for a query that reads nothing.

    >>> softmax(torch.tensor([[0.0, -torch.inf], [-torch.inf, -torch.inf]]),
    ...         torch.tensor([[True, False], [False, False]]))
    tensor([[1., 0.],
            [0., 0.]])
    """
    compute = softmax_visible if is_followed(masked_scores) else Softmax.apply
    return compute(masked_scores, visible)


def average(
    weights: Float[Tensor, "*batch q_len kv_len"],
    value: Float[Tensor, "*batch kv_len head_dim"],
    visible: Bool[Tensor, "*heads q_len kv_len"],
) -> Float[Tensor, "*batch q_len head_dim"]:
    """The values of the visible keys, each times its weight, added up.

    >>> average(torch.tensor([[1.0, 0.0]]), torch.tensor([[5.0], [torch.nan]]),
    ...         visible=torch.tensor([[True, False]]))
    tensor([[5.]])
    """
    compute = average_visible if is_followed(weights, value) else Average.apply
    return compute(weights, value, visible)
