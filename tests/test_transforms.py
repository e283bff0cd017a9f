"""Forward mode, torch.func, compilers and tracers: auto finds a kernel that can, others refuse."""

import pytest
import torch
from torch.autograd import forward_ad
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vjp, vmap

from swa_viz.kernels import KERNELS, attend
from swa_viz.patterns import CentredWindow, SinkWindow, SlidingWindow, build_mask
from tests.attention_cases import OldKeys, random_inputs
from tests.fresh_process import fresh_process

PATTERNS = [SlidingWindow(8), CentredWindow(3), SinkWindow(5, 2), OldKeys(3)]
LENGTHS = [40, 300]
CANNOT = [name for name, kernel in KERNELS.items() if not kernel.can_be_followed]


def plain(query, key, value, pattern):
    """The same from torch's own operations alone, to differentiate as torch likes."""
    mask = build_mask(pattern, query.shape[-2], key.shape[-2])
    group = query.shape[-3] // key.shape[-3]
    key, value = (t.repeat_interleave(group, dim=-3) for t in (key, value))
    scores = query @ key.mT / query.shape[-1] ** 0.5
    powers = torch.where(mask, (scores - scores.detach().amax(-1, keepdim=True)).exp(), 0)
    total = powers.sum(-1, keepdim=True)
    return powers / torch.where(total == 0, 1, total) @ value


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("kv_len", LENGTHS)
@pytest.mark.parametrize("kernel", ["auto", "dense"])
def test_forward_mode(pattern, kv_len, kernel):
    """Any of the three may have a direction, and all of them."""
    inputs = random_inputs((2,), 4, 2, kv_len - 3, kv_len, 8, dtype=torch.float64)
    directions = [t.flip(-1).cos() for t in inputs]
    for places in ((0,), (1,), (2,), (0, 1, 2)):
        with forward_ad.dual_level():
            duals = [
                forward_ad.make_dual(t, d) if i in places else t
                for i, (t, d) in enumerate(zip(inputs, directions, strict=True))
            ]
            found = forward_ad.unpack_dual(attend(*duals, pattern, kernel=kernel))
            expected = forward_ad.unpack_dual(plain(*duals, pattern))
        torch.testing.assert_close(found.primal, expected.primal)
        torch.testing.assert_close(found.tangent, expected.tangent)


TRANSFORMS = {
    "jvp": lambda f, q, k, v: jvp(f, (q, k, v), (q.cos(), k.cos(), v.cos())),
    "vjp": lambda f, q, k, v: vjp(f, q, k, v)[1](q.cos()),
    "grad": lambda f, q, k, v: grad(lambda *t: f(*t).square().sum(), (0, 1, 2))(q, k, v),
    "vmap": lambda f, q, k, v: vmap(f)(q, k, v),
    "vmap of grad": lambda f, q, k, v: vmap(grad(lambda *t: f(*t).square().sum()))(q, k, v),
    "jacrev": lambda f, q, k, v: jacrev(lambda t: f(q, k, t).sum((0, 2)), 0)(v),
    "jacfwd": lambda f, q, k, v: jacfwd(lambda t: f(q, t, v)[..., 0, 0])(k),
    "hessian": lambda f, q, k, v: hessian(lambda t: f(t, k, v).square().sum())(q),
    "jacfwd twice": lambda f, q, k, v: jacfwd(jacfwd(lambda t: f(q, t, v).square().sum()))(k),
    "jacrev twice": lambda f, q, k, v: jacrev(jacrev(lambda t: f(q, t, v).square().sum()))(k),
}


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_func(transform, pattern):
    inputs = random_inputs((2,), 2, 1, 9, 11, 3, dtype=torch.float64)
    found, expected = (
        TRANSFORMS[transform](lambda *t, f=f: f(*t, pattern), *inputs) for f in (attend, plain)
    )
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("transform", ["jvp", "vjp", "grad", "vmap", "vmap of grad"])
def test_func_of_a_longer_text(transform):
    inputs = random_inputs((2,), 2, 1, 300, 300, 4, dtype=torch.float64)
    found, expected = (
        TRANSFORMS[transform](lambda *t, f=f: f(*t, PATTERNS[0]), *inputs) for f in (attend, plain)
    )
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("transform", ["jvp", "vjp", "grad", "vmap", "vmap of grad"])
def test_what_is_hidden_changes_nothing_here_either(transform):
    """The same numbers whether the first key holds zeros or NaN, if nobody who counts reads it."""
    query, key, value = random_inputs((2,), 2, 1, 20, 40, 4, dtype=torch.float64)
    results = []
    for filling in (0, torch.nan):
        key[..., 0, :] = value[..., 0, :] = filling
        inputs = (query, key, value)
        found = TRANSFORMS[transform](lambda *t: attend(*t, SlidingWindow(8)), *inputs)
        results.append(found[0] if transform == "jvp" else found)
    torch.testing.assert_close(*results)


@pytest.mark.parametrize("name", CANNOT)
@pytest.mark.parametrize("kv_len", LENGTHS)
def test_a_named_kernel_says_that_it_cannot(name, kv_len):
    query, key, value = random_inputs((2,), 2, 1, kv_len, kv_len, 4)
    refusal = f"kernel '{name}' cannot do this: it cannot be followed by forward-mode"

    def asked(*tensors):
        return attend(*tensors, SlidingWindow(8), kernel=name)

    with pytest.raises(NotImplementedError, match=refusal), forward_ad.dual_level():
        asked(query, key, forward_ad.make_dual(value, value))
    with pytest.raises(NotImplementedError, match=refusal):
        vmap(asked)(query, key, value)
    with pytest.raises(NotImplementedError, match=refusal):
        grad(lambda t: asked(t, key, value).sum())(query)


@pytest.mark.parametrize("kv_len", LENGTHS)
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_compiled(backend, kv_len):
    inputs = random_inputs((), 2, 1, kv_len, kv_len, 8)

    def layer(query, key, value):
        return attend(query * 2, key, value, SlidingWindow(8)) + 1

    torch._dynamo.reset()
    compiled = torch.compile(layer, backend=backend)
    torch.testing.assert_close(compiled(*inputs), layer(*inputs))
    leaves = [t.clone().requires_grad_() for t in inputs]
    found = torch.autograd.grad(compiled(*leaves).square().sum(), leaves)
    expected = torch.autograd.grad(layer(*leaves).square().sum(), leaves)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)


RECORD = """
import torch
from torch.fx.experimental.proxy_tensor import make_fx
from swa_viz.attention import attention
from swa_viz.kernels import attend
from swa_viz.patterns import SlidingWindow

for n in (40, 300):
    first = torch.randn(3, 1, 2, n, 8).unbind()
    other = [t.flip(-2) * 2 for t in first]
    layer = lambda *t: attend(*t, SlidingWindow(8))
    for recorded in (torch.jit.trace(layer, first, check_trace=False), make_fx(layer)(*first)):
        torch.testing.assert_close(recorded(*other), layer(*other))
    around = lambda query, key, value: layer(query * 2, key, value) + 1
    assert torch._dynamo.explain(around)(*first).graph_break_count == 1

poisoned = [t.clone() for t in other]
poisoned[1][..., 3, :] = torch.nan
reference = lambda *t: attention(*t, SlidingWindow(4)).output
compiled = torch.compile(reference, backend="aot_eager", fullgraph=True)
torch.testing.assert_close(compiled(*poisoned), reference(*poisoned), equal_nan=True)
"""


def test_a_recording_holds_the_computation_and_not_its_result():
    """A tracer that saw only the output of machine code would give it again for other inputs.

    In a process of its own: the checks of shapes that the tests add cannot be recorded.
    """
    result = fresh_process(RECORD)
    assert result.returncode == 0, result.stderr
