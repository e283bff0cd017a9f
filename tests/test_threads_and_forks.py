"""Threads take turns, helpers are only a help, and a forked process can compute."""

import os
import threading

import pytest
import torch

from swa_viz.kernels import attend, threads
from swa_viz.kernels.band_numba import MACHINE_CODE
from swa_viz.kernels.threads import PROCESSOR, run_on_threads
from swa_viz.patterns import SlidingWindow
from tests.attention_cases import random_inputs, truth
from tests.fresh_process import fresh_process

FORK = """
import multiprocessing, threading, time
import torch
import torch.fx.experimental.symbolic_shapes  # a gradient's first need, for a second
from swa_viz.attention import attention
from swa_viz.kernels import attend
from swa_viz.kernels.kernel import PROCESSOR
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow

MODEL = load_model("tiny-swa")

def compute():
    for n in (100, 300, 1000):
        inputs = torch.randn(3, 1, 2, n, 8)
        expected = attention(*inputs.double(), SlidingWindow(8)).output
        assert (attend(*inputs, SlidingWindow(8)) - expected).abs().max() < 1e-5, n
        leaf = inputs.requires_grad_()
        attend(*leaf, SlidingWindow(8)).sum().backward()
    square = torch.ones(1200, 1200)
    assert (square @ square).sum() == 1200**3
    MODEL.trace("The cat sat on the mat")
    list(MODEL.generate("Once", max_new_tokens=2))

def child(answers):
    compute()
    answers.put((torch.get_num_threads(), PROCESSOR.acquire(blocking=False)))

def begin(n):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    children = [context.Process(target=child, args=(answers,)) for _ in range(n)]
    for one in children:
        one.start()
    print([answers.get(timeout=120) for _ in children], flush=True)
    for one in children:
        one.join(60)
        assert one.exitcode == 0, one.exitcode
"""
# One after the other in one process, which has then computed more and more.
BEFORE = {
    "nothing was computed before": "",
    "everything was computed before": "compute()",
    "another thread computes meanwhile": """
def busy():
    inputs = torch.randn(3, 1, 8, 2000, 64)
    while not stop.is_set():
        attend(*inputs, SlidingWindow(256))
        MODEL.trace("The cat")
stop = threading.Event()
other = threading.Thread(target=busy)
other.start()
time.sleep(0.2)
""",
    "another thread holds the processor": """
stop = threading.Event()
def hold():
    with PROCESSOR:
        held.set()
        stop.wait()
held = threading.Event()
other = threading.Thread(target=hold)
other.start()
held.wait()
""",
}
AFTER = """
begin(2)
if "other" in globals():
    stop.set()
    other.join()
compute()
print("and the parent computes on", flush=True)
"""


@pytest.fixture(scope="module")
def forked():
    """What each case printed, two lines; from where it failed on, only the error."""
    result = fresh_process(FORK + AFTER.join([*BEFORE.values(), ""]))
    lines = result.stdout.splitlines()
    said = {name: lines[2 * i : 2 * i + 2] for i, name in enumerate(BEFORE)}
    return said, result


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("before", BEFORE)
def test_a_forked_process_can_compute(before, forked):
    said, result = forked
    told = ["[(1, True), (1, True)]", "and the parent computes on"]
    assert said[before] == told, result.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_who_has_forked_ends_well(forked):
    _, result = forked
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_does_not_wait_for_what_its_parent_was_compiling(monkeypatch):
    """Only the forking thread lives on in the child, so a compilation elsewhere never ends."""
    monkeypatch.setattr(MACHINE_CODE, "asked", False)
    monkeypatch.setattr(MACHINE_CODE, "maker", threading.get_ident() + 1)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(MACHINE_CODE.missing()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert b"forked while its machine code was being made" in os.read(reader, 1000)


def test_the_processor_stays_held_by_the_thread_that_forks():
    with PROCESSOR:
        threads.begin_as_child()
        assert PROCESSOR._is_owned()
    torch.set_num_threads(threads.usable_cores())


def test_helpers_take_part():
    barrier, seen = threading.Barrier(3, timeout=30), set()

    def work():
        seen.add(threading.get_ident())
        barrier.wait()

    run_on_threads(work, 3)
    assert len(seen) == 3


def test_it_is_computed_even_where_no_thread_can_be_started(monkeypatch):
    """In a container the number of threads may be limited."""

    class Full:
        def submit(self, work):
            raise RuntimeError("can't start new thread")

    before = torch.get_num_threads()
    monkeypatch.setitem(threads.HELPERS, 2, Full())
    try:
        torch.set_num_threads(2)
        inputs = random_inputs((), 4, 4, 900, 900, 8)
        output = attend(*inputs, SlidingWindow(8), kernel="band_numba").double()
    finally:
        torch.set_num_threads(before)
    torch.testing.assert_close(output, truth(*inputs, SlidingWindow(8)), atol=2e-6, rtol=0)


def test_what_fails_in_a_helper_is_not_lost():
    started = threading.Event()

    def work():
        if threading.current_thread() is threading.main_thread():
            started.wait(30)
        else:
            started.set()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_on_threads(work, 2)
