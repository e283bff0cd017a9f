"""Every kernel gives the reference's numbers or says why not, and band kernels do skip."""

import dataclasses
import re
import sys
import threading
import time
import types
from functools import cache

import numpy as np
import pytest
import torch

from swa_viz.kernels import (
    KERNELS,
    RANKING,
    RANKING_ELSEWHERE,
    RANKING_SHORT,
    SHORT_TEXT,
    attend,
    band_torch,
    choose_kernel,
    threads,
)
from swa_viz.kernels.band_numba import plan
from swa_viz.kernels.kernel import Request
from swa_viz.kernels.threads import (
    HELPERS,
    describe_processor,
    processor_name,
    set_threads,
    usable_cores,
)
from swa_viz.models.cache import LayerCache
from swa_viz.patterns import (
    PATTERNS,
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
    build_mask,
)
from tests.attention_cases import EXAMPLES, ON_PROCESSOR, random_inputs, truth
from tests.fresh_process import fresh_process

pytestmark = pytest.mark.every_core

MORE = [
    SlidingWindow(1),
    SlidingWindow(64),
    SlidingWindow(1000),
    CentredWindow(0),
    CentredWindow(50),
    SinkWindow(2, 500),
    GlobalWindow(7, (3, 4, 100), causal=False),
    DilatedWindow(40, 2),
    DilatedWindow(2, 100),
    Chunked(300),
]
# batch, n_heads, n_kv_heads, q_len, kv_len, head_dim
SHAPES = [
    ((), 1, 1, 1, 1, 8),
    ((), 2, 2, 67, 67, 5),
    ((2,), 6, 2, 131, 131, 16),
    ((1,), 4, 1, 1, 300, 16),
    ((2, 1), 4, 2, 75, 301, 20),
]
FLEX_SHAPES = SHAPES[-1:]  # uncompiled, torch traces every new size anew, which takes a second
TOLERANCE = 2e-6  # float32 sums of a few hundred numbers of size 1


def cases(shapes):
    """Every kernel with every pattern that it does not refuse, at every shape."""
    for name, kernel in KERNELS.items():
        for pattern in [*EXAMPLES.values(), *(MORE if name != "flex" else [])]:
            if kernel.supports(pattern) is None:
                for shape in shapes if name != "flex" else FLEX_SHAPES:
                    yield pytest.param(name, pattern, shape, id=f"{name}-{pattern}-{shape}")


@cache
def truth_at(pattern, shape):
    """Computed once for all kernels."""
    return truth(*random_inputs(*shape), pattern)


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize(("name", "pattern", "shape"), list(cases(SHAPES)))
def test_equal_to_the_reference(name, pattern, shape):
    inputs = random_inputs(*shape)
    output = attend(*inputs, pattern, kernel=name)
    assert output.shape == inputs[0].shape and output.dtype == torch.float32
    expected = truth_at(pattern, shape)
    torch.testing.assert_close(output.double(), expected, atol=TOLERANCE, rtol=0)


# The whole list of what is refused on a processor in float32 without gradients.
REFUSED = {
    "dense": set(),
    "sdpa_full": set(PATTERNS) - {"causal"},
    "sdpa_mask": set(),
    "band_torch": {"causal", "sink", "global"},
    "band_numba": set(),
    "flex": set(),
    "flash": set(PATTERNS),
}
REFUSED_FOR = [
    ("band_numba", {"dtype": torch.float64}, "computes in float32, and the tensors are torch.fl"),
    (
        "band_numba",
        {"device_type": "cuda"},
        "runs on the processor .*, and the tensors are on cuda",
    ),
    ("band_numba", {"needs_grad": True}, "has no gradients"),
    ("flex", {"needs_grad": True}, "no gradients for FlexAttention on the processor"),
    ("flex", {"dtype": torch.float64, "device_type": "cuda"}, "compiled for 32 bits"),
    ("flex", {"head_dim": 8, "device_type": "cuda"}, "heads of at least 16 numbers: 8"),
    ("sdpa_mask", {"followed": True}, "cannot be followed by forward-mode differentiation"),
]


def test_refusals_by_pattern():
    assert set(EXAMPLES) == set(PATTERNS)
    found = {
        name: {p for p, pattern in EXAMPLES.items() if kernel.supports(pattern) is not None}
        for name, kernel in KERNELS.items()
    }
    assert found == REFUSED


def test_refusals_by_tensor():
    asked = ({"dtype": torch.bfloat16}, {"dtype": torch.float64}, {"device_type": "cuda"},
             {"needs_grad": True})  # fmt: skip
    found = {
        (name, *request.items())
        for name, kernel in KERNELS.items()
        for request in asked
        if kernel.supports(EXAMPLES["causal"], **request) and "causal" not in REFUSED[name]
    }
    assert found == {
        (name, *request.items()) for name, request, _ in REFUSED_FOR if request in asked
    }


@pytest.mark.parametrize(("name", "request_", "reason"), REFUSED_FOR)
def test_a_refusal_says_why(name, request_, reason):
    assert re.search(reason, KERNELS[name].supports(SlidingWindow(4), **request_))


@pytest.mark.parametrize("name", KERNELS)
def test_a_named_kernel_never_falls_back(name):
    inputs = random_inputs((), 1, 1, 4, 4, 4)
    for pattern in REFUSED[name]:
        with pytest.raises(NotImplementedError, match=f"kernel '{name}' cannot do this: it "):
            attend(*inputs, EXAMPLES[pattern], kernel=name)


FLASH_REFUSALS = {
    "runs on CUDA": Request(SlidingWindow(4), torch.float16),
    "16 bits": Request(SlidingWindow(4), torch.float32, "cuda"),
    "not installed": Request(SlidingWindow(4), torch.bfloat16, "cuda"),
    "one band": Request(SinkWindow(4), torch.bfloat16, "cuda"),
}


@pytest.mark.parametrize("reason", FLASH_REFUSALS)
def test_flash_says_what_it_lacks(reason):
    assert reason in KERNELS["flash"].refuse(FLASH_REFUSALS[reason])


@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(9), CentredWindow(4)], ids=str)
def test_flash_is_asked_in_its_own_words(monkeypatch, pattern):
    """A stand-in with the package's documented rule, in place of the package."""

    def flash_attn_func(q, k, v, causal, window_size):
        left, right = (size if size >= 0 else 10**6 for size in window_size)
        query, key, value = (t.transpose(1, 2) for t in (q, k, v))
        key, value = (t.repeat_interleave(query.shape[1] // t.shape[1], 1) for t in (key, value))
        q_len, kv_len = query.shape[2], key.shape[2]
        i = torch.arange(q_len)[:, None] + kv_len - q_len
        j = torch.arange(kv_len)[None]
        mask = (i - j <= left) & (j - i <= (0 if causal else right))
        scores = (query @ key.mT / query.shape[-1] ** 0.5).masked_fill(~mask, -torch.inf)
        return (scores.softmax(-1) @ value).transpose(1, 2)

    monkeypatch.setitem(
        sys.modules, "flash_attn", types.SimpleNamespace(flash_attn_func=flash_attn_func)
    )
    inputs = random_inputs((2, 1), 4, 2, 75, 301, 20)
    output = KERNELS["flash"].compute(*inputs, pattern)
    torch.testing.assert_close(output.double(), truth(*inputs, pattern), atol=2e-6, rtol=0)


def test_numba_refuses_what_it_is_given():
    query, key, value = random_inputs((), 1, 1, 4, 4, 4)
    with pytest.raises(NotImplementedError, match="float32"):
        attend(query.double(), key.double(), value.double(), Causal(), kernel="band_numba")
    with pytest.raises(NotImplementedError, match="gradients"):
        attend(query, key.requires_grad_(), value, Causal(), kernel="band_numba")
    with torch.no_grad():
        attend(query, key, value, Causal(), kernel="band_numba")


@pytest.mark.parametrize("name", [n for n in ON_PROCESSOR if n != "flex"])
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_extreme_scores(name, size):
    """Scores of +-1e4 and ties: exp of them would overflow, weights must not."""
    query, key, value = random_inputs((), 2, 1, 200, 200, 4)
    query = torch.full_like(query, 1.0)
    key = torch.sign(key) * size / 2  # the scores are -1e4, -5e3, 0, 5e3 or 1e4, exactly
    pattern = Causal() if name == "sdpa_full" else SlidingWindow(150)
    output = attend(query, key, value, pattern, kernel=name)
    torch.testing.assert_close(
        output.double(), truth(query, key, value, pattern), atol=2e-5, rtol=0
    )


@pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=str)
def test_band_numba_never_takes_in_an_unread_key(pattern):
    """NaN in every key and value that the last queries may not read; the first row too."""
    for q_len in (1, 6, 131):
        query, key, value = random_inputs((), 2, 1, q_len, 131, 12)
        unread = ~build_mask(pattern, q_len, 131).any(dim=0)
        clean = attend(query, key, value, pattern, kernel="band_numba")
        key[:, unread], value[:, unread] = torch.nan, torch.nan
        assert torch.equal(attend(query, key, value, pattern, kernel="band_numba"), clean)


@pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=str)
@pytest.mark.parametrize("poison", [torch.nan, torch.inf])
def test_band_numba_passes_poison_to_readers_alone(pattern, poison):
    """One poisoned key: just the rows that may read it show it, whoever is computed beside them."""
    query, key, value = random_inputs((), 1, 1, 90, 90, 8)
    for position in (0, 41, 89):
        bad_key, bad_value = key.clone(), value.clone()
        bad_key[:, position] = bad_value[:, position] = poison
        output = attend(query, bad_key, bad_value, pattern, kernel="band_numba")
        reads = build_mask(pattern, 90, 90)[:, position]
        assert torch.equal(output.isfinite().all(dim=-1)[0], ~reads)


def centred(n):
    return CentredWindow(n // 2)


SKIPPING = [("band_torch", SlidingWindow), ("band_torch", centred)] + [
    ("band_numba", make)
    for make in (
        SlidingWindow,
        centred,
        lambda n: SinkWindow(n, 4),
        lambda n: GlobalWindow(n, (0, 100)),
        lambda n: DilatedWindow(n, 3),
        Chunked,
    )
]


@cache
def pairs_in_mask(pattern, seq_len):
    """Counted one by one, once for all kernels, for some queries at a time."""
    positions = torch.arange(seq_len)
    rows = positions[:, None].split(128)
    return sum(int(pattern.visible(row, positions).count_nonzero()) for row in rows)


@pytest.mark.parametrize(("name", "make"), SKIPPING)
@pytest.mark.parametrize("size", [32, 256])
def test_work_grows_as_n_times_w(name, make, size):
    """At most 1.6 times the pairs that the pattern needs, plus vectors and tiles at the edges.

    Per query that is at most 64 more for each of up to four ranges, and twice as many queries are
    twice the work.
    """
    pattern = make(size)
    kernel = KERNELS[name]
    counts = {n: kernel.scored_pairs(pattern, n, n) for n in (2048, 4096)}
    needed = pairs_in_mask(pattern, 4096)
    assert needed <= counts[4096] <= 1.6 * needed + 4096 * 64
    assert counts[4096] == pytest.approx(2 * counts[2048], rel=0.16)
    assert counts[4096] < 4096 * 4096 / 8


def test_work_doubles_exactly_beyond_the_first_window():
    """Away from the start of the text every query costs the same."""
    for name in ("band_numba", "band_torch"):
        count = KERNELS[name].scored_pairs
        first, second, third = (count(SlidingWindow(128), n, n) for n in (1024, 2048, 3072))
        assert third - second == second - first


def test_what_saves_nothing():
    for name in ("dense", "sdpa_mask"):
        assert KERNELS[name].scored_pairs(SlidingWindow(4), 100, 1000) == 100 * 1000
    assert KERNELS["band_numba"].scored_pairs(Causal(), 512, 512) < 0.6 * 512 * 512


def test_a_plan_holds_every_query_once():
    for pattern in [*EXAMPLES.values(), *MORE]:
        walk = plan(pattern, 100, 130, tile=16)
        assert sorted(walk.order) == list(range(100))
        assert walk.borders[0] == 0 and walk.borders[-1] == 100
        assert np.all((np.diff(walk.borders) >= 1) & (np.diff(walk.borders) <= 16))
        for first, last in zip(walk.borders, walk.borders[1:], strict=False):
            grid = walk.starts[:, walk.order[first:last]] % walk.steps[:, None]
            assert np.all(grid == grid[:, :1])


def test_auto_names_only_known_kernels_and_always_finds_one():
    for ranking in (*RANKING.values(), RANKING_ELSEWHERE, RANKING_SHORT):
        assert set(ranking) <= set(KERNELS) and ranking[-1] == "dense"


@pytest.mark.parametrize(
    ("request_", "kv_len", "name"),
    [
        (Request(Causal()), 4096, "band_numba"),
        (Request(Causal(), torch.bfloat16), 4096, "band_numba"),
        (Request(Causal(), torch.float64), 4096, "sdpa_full"),
        (Request(Causal()), 10, "sdpa_full"),
        (Request(SlidingWindow(8)), SHORT_TEXT, "sdpa_mask"),
        (Request(SlidingWindow(8)), SHORT_TEXT + 1, "band_numba"),
        (Request(DilatedWindow(8, 2)), 4096, "band_numba"),
        (Request(SlidingWindow(8), needs_grad=True), 4096, "band_torch"),
        (Request(SlidingWindow(8), torch.bfloat16), 4096, "band_numba"),
        (Request(SlidingWindow(8), torch.float64), 4096, "band_torch"),
        (Request(SinkWindow(8), torch.float64), 4096, "sdpa_mask"),
        (Request(SinkWindow(8), device_type="cuda"), 4096, "flex"),
        (Request(SinkWindow(8), device_type="cuda"), 64, "sdpa_mask"),
        (Request(SlidingWindow(8), device_type="mps"), 4096, "band_torch"),
    ],
)
def test_auto_takes_the_fastest_that_can(request_, kv_len, name):
    assert choose_kernel(request_, kv_len).name == name


@pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=str)
@pytest.mark.parametrize("kv_len", [5, 300])
def test_auto_is_right(pattern, kv_len):
    inputs = random_inputs((1,), 2, 1, kv_len, kv_len, 8)
    expected = truth(*inputs, pattern)
    torch.testing.assert_close(attend(*inputs, pattern).double(), expected, atol=1e-5, rtol=0)


def test_a_long_text_needs_little_more_memory():
    """Blocks go through torch in slices, so a mask never grows with the text."""
    kernel, inputs = KERNELS["band_torch"], random_inputs((), 1, 1, 5000, 5000, 4)
    output = kernel(*inputs, SlidingWindow(2000))
    for row in (0, 2500, 4999):
        query, key, value = inputs
        past = slice(0, row + 1)
        newest = query[:, row : row + 1], key[:, past], value[:, past]
        expected = truth(*newest, SlidingWindow(2000))
        torch.testing.assert_close(output[:, row : row + 1].double(), expected, atol=1e-5, rtol=0)
    at_once = band_torch.blocks_at_once(SlidingWindow(2000), 5000, group=4)
    assert at_once == 1 and band_torch.blocks_at_once(SlidingWindow(200), 10**6, group=4) < 40


@pytest.mark.parametrize("pattern", [Causal(), SlidingWindow(100_000)], ids=str)
def test_a_long_sum_stays_exact(pattern):
    """Outputs over many keys are small, so it is their own size that an error is measured by."""
    kv_len = 131_072
    inputs = random_inputs((), 2, 1, 40, kv_len, 16, dtype=torch.float32)
    output = attend(*inputs, pattern, kernel="band_numba").double()
    expected = truth(*inputs, pattern)
    errors = (output - expected).abs().amax(-1) / expected.abs().amax(-1)
    assert errors.max() <= 1e-5


def test_compilers_wait_until_they_are_needed():
    """A model that reads a short text must not cost a compiler's import, torch's or numba's."""
    script = """
import sys
from swa_viz.models import load_model
load_model("tiny-swa").trace("a cat")
print([m for m in ("numba", "scipy", "torch._dynamo", "sympy") if m in sys.modules])
"""
    done = fresh_process(script)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_shorter_model_is_measured_without_a_compiler():
    script = """
import sys
from swa_viz.answers.influence import influence_payload
from swa_viz.models import load_model
from swa_viz.patterns import Causal
model = load_model("tiny-swa")
print(len(influence_payload(model, model.encode("a cat"), [Causal()] * 3, None)["shares"]))
print([m for m in ("numba", "torch._dynamo") if m in sys.modules])
"""
    done = fresh_process(script)
    assert done.stdout.split() == ["4", "[]"], done.stderr


def test_threads_are_set_in_one_place():
    before = torch.get_num_threads()
    try:
        assert set_threads(1) == describe_processor().threads == 1
        HELPERS.clear()
        attend(*random_inputs((), 9, 1, 900, 900, 4), SlidingWindow(2), kernel="band_numba")
        assert not HELPERS
        assert set_threads(None) == usable_cores() == describe_processor().cores
    finally:
        set_threads(before)
    with pytest.raises(ValueError, match="number of threads must be a whole number of at least 1"):
        set_threads(0)


@pytest.mark.parametrize("name", ["dense", "band_torch", "band_numba"])
def test_two_runs_at_once_take_turns(monkeypatch, name):
    """While one thread is inside a kernel, another one waits outside."""
    inside, seen = [], []
    compute = KERNELS[name].compute

    def watched(*arguments):
        inside.append(1)
        seen.append(len(inside))
        time.sleep(0.02)
        output = compute(*arguments)
        inside.pop()
        return output

    kernel = dataclasses.replace(KERNELS[name], compute=watched)
    inputs = random_inputs((), 2, 1, 50, 50, 8)
    visitors = [threading.Thread(target=kernel, args=(*inputs, SlidingWindow(9))) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert seen == [1, 1, 1, 1]


@pytest.mark.parametrize("position", [1_000, 1_000_000])
def test_decoding_costs_the_same_at_any_position(position):
    """A rolling cache of W slots hands W keys to attention, however long the text has been."""
    width = 64
    cache = LayerCache(SlidingWindow(width), torch.empty(2, 0, 8))
    source = torch.Generator().manual_seed(0)
    for start in (position - 2 * width, position - width):
        query = torch.randn(4, width, 8, generator=source)
        key, value = torch.randn(2, 2, width, 8, generator=source)
        cache.attend(query, key, value, torch.arange(start, start + width))
    query = torch.randn(4, 1, 8, generator=source)
    key, value = torch.randn(2, 2, 1, 8, generator=source)
    output = cache.attend(query, key, value, torch.tensor([position]))
    assert output.isfinite().all()
    assert cache.key.shape == cache.value.shape == (2, width, 8)
    assert sorted(cache.positions.tolist()) == list(range(position - width + 1, position + 1))


def test_the_processor_has_a_name_everywhere(monkeypatch, tmp_path):
    assert processor_name()
    monkeypatch.setattr(threads, "CPUINFO", tmp_path / "none")
    assert processor_name()
    (tmp_path / "cpuinfo").write_text("processor: 0\nmodel name\t: Abacus 9: fast\n")
    monkeypatch.setattr(threads, "CPUINFO", tmp_path / "cpuinfo")
    assert processor_name() == "Abacus 9: fast"


def test_a_window_wider_than_the_text_costs_no_more_than_the_text():
    wide, exact = SlidingWindow(4096), SlidingWindow(300)
    count = KERNELS["band_torch"].scored_pairs
    assert count(wide, 300, 300) == count(exact, 300, 300)
