"""The careful way, for numbers on which fast kernels are wrong, and for second derivatives.

A fused kernel multiplies what a query does not read by a weight of 0, and 0 times infinity is NaN.
It also knows only its own first derivative.  The one idea: the fast kernel runs on numbers that
are harmless, and the rows that read others are computed again, as the reference would.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import torch

from swa_viz.attention import at_least_float32, repeat_kv
from swa_viz.kernels.threads import PROCESSOR
from swa_viz.patterns import Pattern
from swa_viz.products import average, known_finite, pair_scores, softmax, without_autocast
from swa_viz.shapes import Bool, Int, Tensor

ENTRIES = 2**22  # of one block of scores: bounds the memory, however long the text
Compute = Callable[[Tensor, Tensor, Tensor, Pattern], Tensor]


@contextmanager
def undisturbed(device_type: str) -> Iterator[None]:
    """Inside, nobody else computes on this processor, and torch keeps to the type of its inputs."""
    with PROCESSOR if device_type == "cpu" else nullcontext(), without_autocast(device_type):
        yield


def is_tame(query: Tensor, key: Tensor, value: Tensor) -> bool:
    """Is everything finite, and so small that neither a score nor a sum of values can overflow?

    By Cauchy and Schwarz no score exceeds |query| |key|, the lengths of the whole tensors.
    """
    query, key, value = (
        torch.linalg.vector_norm(t, dtype=torch.promote_types(t.dtype, torch.float32))
        for t in (query.detach(), key.detach(), value.detach())
    )
    return (query * key + value * 2**20).isfinite().item()


def is_wild(tensor: Tensor) -> Bool[Tensor, "..."]:
    """Which numbers are infinite, none, or so large that a product of two may overflow."""
    wide = torch.promote_types(tensor.dtype, torch.float32)
    return ~(tensor.detach().abs() < math.sqrt(torch.finfo(wide).max) / 2**20)


def exact_type(tensor: Tensor) -> torch.dtype:
    """float64, where the device has it."""
    return torch.float32 if tensor.device.type == "mps" else torch.float64


def readers(
    wild_queries: Bool[Tensor, " q_len"], wild_keys: Bool[Tensor, " kv_len"], pattern: Pattern
) -> Int[Tensor, " n_rows"]:
    """The rows that are wild themselves or read a key that is."""
    q_len, kv_len = len(wild_queries), len(wild_keys)
    key_pos = wild_keys.nonzero().flatten()
    rows = torch.arange(q_len, device=key_pos.device)
    for some in rows.split(max(1, ENTRIES // max(1, len(key_pos)))):
        reads = pattern.visible(some[:, None] + kv_len - q_len, key_pos[None, :])
        wild_queries[some] |= reads.expand(len(some), len(key_pos)).any(dim=-1)
    return rows[wild_queries]


def attend_rows(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    pattern: Pattern,
    rows: Int[Tensor, " n_rows"],
) -> Tensor:
    """The reference's output for some of the queries; every derivative is right.

    Block by block, each against the keys between the first and the last that it reads.  Returns
    [*batch, n_heads, n_rows, head_dim].
    """
    n_heads, q_len, head_dim = query.shape[-3:]
    kv_len = key.shape[-2]
    key_pos = torch.arange(kv_len, device=query.device)
    n_jobs = math.prod(query.shape[:-2])
    outputs = [query[..., :0, :]]
    for some in rows.split(max(1, ENTRIES // (n_jobs * kv_len))):
        visible = pattern.visible(some[:, None] + kv_len - q_len, key_pos[None, :])
        visible = visible.expand(len(some), kv_len)
        read = visible.any(dim=0).nonzero()
        near = slice(read[0].item(), read[-1].item() + 1) if len(read) else slice(0, 0)
        visible = visible[:, near]
        keys, values = (repeat_kv(t[..., near, :], n_heads) for t in (key, value))
        scores = pair_scores(query[..., some, :], keys) / math.sqrt(head_dim)
        weights = softmax(scores.masked_fill(~visible, -torch.inf), visible)
        outputs.append(average(weights, values, visible))
    return torch.cat(outputs, dim=-2)


def attend_as_reference(query: Tensor, key: Tensor, value: Tensor, pattern: Pattern) -> Tensor:
    """All rows in the careful way; in float64 where float32 might overflow."""
    if is_tame(query, key, value):
        wide = at_least_float32(query, key, value)
    else:
        wide = (t.to(exact_type(t)) for t in (query, key, value))
    rows = torch.arange(query.shape[-2], device=query.device)
    return attend_rows(*wide, pattern, rows).to(query.dtype)


def attend_around(
    compute: Compute, query: Tensor, key: Tensor, value: Tensor, pattern: Pattern
) -> Tensor:
    """The fast kernel with 0 in the place of wild numbers; their readers in the careful way."""
    wild = [is_wild(tensor) for tensor in (query, key, value)]
    harmless = [t.masked_fill(w, 0) for t, w in zip((query, key, value), wild, strict=True)]
    output = compute(*harmless, pattern)
    in_query, in_key, in_value = (w.any(dim=-1).flatten(0, -2).any(dim=0) for w in wild)
    rows = readers(in_query, in_key | in_value, pattern)
    exact = (t.to(exact_type(t)) for t in (query, key, value))
    again = attend_rows(*exact, pattern, rows).to(output.dtype)
    return output.index_copy(-2, rows, again)


def attend_any(
    compute: Compute,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    pattern: Pattern,
    shows_poison: bool = False,
) -> Tensor:
    """The output of a fast kernel, put right where its numbers are too much for it.

    A kernel that `shows_poison` gives a row with infinities or NaN wherever something went wrong,
    so it is enough to look at its output.
    """
    if shows_poison:
        output = compute(query, key, value, pattern)
        if known_finite(*at_least_float32(output)):
            return output
    elif is_tame(query, key, value):
        return compute(query, key, value, pattern)
    return attend_around(compute, query, key, value, pattern)


class Differentiable(torch.autograd.Function):
    """A fast kernel that has first derivatives gets all of them.

    On the way back its own derivative is taken, once.  Where the graph is kept for a further
    derivative, or the gradient that comes from above is infinite or NaN, the output is computed
    again in the careful way, and that is differentiated.
    """

    @staticmethod
    def forward(ctx, query, key, value, compute, pattern):
        """The output; the kernel's own graph is kept beside it."""
        ctx.save_for_backward(query, key, value)
        ctx.compute, ctx.pattern, ctx.graph = compute, pattern, None
        ctx.graph = Differentiable.run(ctx, query, key, value)
        return ctx.graph[1].detach()

    @staticmethod
    def run(ctx, *inputs):
        """Copies of the inputs, and the output as the kernel computes it from them."""
        with torch.enable_grad():
            needed = ctx.needs_input_grad
            leaves = [t.detach().requires_grad_(n) for t, n in zip(inputs, needed, strict=False)]
            return leaves, attend_any(ctx.compute, *leaves, ctx.pattern)

    @staticmethod
    def backward(ctx, grad):
        """The gradients of query, key and value."""
        inputs, keeps_graph = ctx.saved_tensors, torch.is_grad_enabled()
        with undisturbed(grad.device.type):
            if keeps_graph or not known_finite(*at_least_float32(grad)):
                with torch.enable_grad():
                    copies = [t.view_as(t) if keeps_graph else t.detach() for t in inputs]
                    leaves = [
                        t if t.requires_grad or not n else t.requires_grad_()
                        for t, n in zip(copies, ctx.needs_input_grad, strict=False)
                    ]
                    output = attend_as_reference(*leaves, ctx.pattern)
            else:
                leaves, output = ctx.graph or Differentiable.run(ctx, *inputs)
                ctx.graph = None  # its memory is free again; a second way back computes it anew
            wanted = [t for t, n in zip(leaves, ctx.needs_input_grad, strict=False) if n]
            given = iter(torch.autograd.grad(output, wanted, grad, create_graph=keeps_graph))
        return *(next(given) if n else None for n in ctx.needs_input_grad[:3]), None, None
