"""The yardstick says whether the machine was ours, and every device has its own clock."""

import pytest
import torch

from swa_viz.timing import yardstick
from swa_viz.timing.memory import extra_bytes
from swa_viz.timing.yardstick import (
    Instruments,
    Reading,
    is_busy,
    read_yardstick,
    seconds_of,
    seconds_on_gpu,
    share,
)


def test_the_yardstick_tells_which_part_of_the_threads_ran():
    clock, processor = iter([0.0, 0.010]), iter([0.0, 0.005])
    reading = read_yardstick("cpu", lambda: next(clock), lambda: next(processor))
    assert reading.ms == pytest.approx(10.0)
    assert 0 < reading.share <= 0.5
    assert read_yardstick().ms > 0


def test_on_a_gpu_the_time_is_that_between_two_marks_in_its_own_queue():
    queue = []

    class Event:
        def __init__(self, enable_timing):
            assert enable_timing

        def record(self):
            queue.append(self)

        def synchronize(self):
            queue.append("waited")

        def elapsed_time(self, other):
            assert queue == [self, "work", other, "waited"]
            return 250.0

    assert seconds_on_gpu(lambda: queue.append("work"), Event) == 0.25


def test_on_the_processor_it_is_the_clocks():
    clock = iter([1.0, 3.5])
    assert seconds_of(lambda: None, "cpu", lambda: next(clock)) == 2.5


def test_instruments_use_the_gpus_queue_for_a_gpu(monkeypatch):
    monkeypatch.setattr(yardstick, "seconds_on_gpu", lambda call: call())
    assert Instruments("cuda").seconds_of(lambda: 0.5) == 0.5


def test_memory_on_a_gpu_is_the_highest_that_torch_held(monkeypatch):
    held, calls = iter([100, 350]), []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: calls.append("reset"))
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda: next(held))
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: next(held))
    assert extra_bytes(lambda: calls.append("call"), "cuda") == 250
    assert calls == ["reset", "call"]


def test_slow_or_waiting_is_busy():
    assert not is_busy([Reading(12.0)], best=10.0)
    assert is_busy([Reading(13.0)], best=10.0)
    assert is_busy([Reading(10.0, share=0.5)], best=10.0)
    assert not is_busy([], best=10.0) and share([]) == 1.0
