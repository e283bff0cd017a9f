"""A benchmark counts a time only after its result, and says why a time is missing."""

import doctest
import importlib
import json
import re
import time
from itertools import count
from pathlib import Path

import pytest
import torch

from benchmarks import decode, kernels, linear, machine, suites, training_steps
from benchmarks.check import TOLERANCE, relative_error
from benchmarks.contender import Contender, Prepared, Shape, unit_normal_inputs
from benchmarks.contenders import BAND_NUMBA, BAND_TORCH, CONTENDERS, FULL, PEERS
from benchmarks.findings import drift, results, standings
from benchmarks.memory import measured_in_a_child
from benchmarks.peers.flex import FLEX
from benchmarks.peers.llama_cpp import LLAMA_CPP
from benchmarks.race import Effort, Entry, Outcome, Pace, Timing, first_call, race
from benchmarks.races import Run
from benchmarks.report import markdown
from benchmarks.suites import SUITES, Target
from benchmarks.turns import turn
from swa_viz.attention import attention
from swa_viz.patterns import Causal, CentredWindow, SlidingWindow

ROOT = Path(__file__).resolve().parent.parent
TINY, GROUPED = Shape(64), Shape(64, n_kv_heads=2)
CASES = [(TINY, SlidingWindow(8)), (GROUPED, SlidingWindow(8)), (TINY, CentredWindow(4))]
LITTLE = Effort(rounds=2, longest_call_s=5, longest_total_s=1)
WINDOW = SlidingWindow(8)


@pytest.fixture(autouse=True)
def quick_and_alone(monkeypatch):
    """Tiny tensors gain nothing from threads, and nobody has to wait for them to sleep."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    monkeypatch.setattr("benchmarks.turns.PAUSE_S", 0)
    monkeypatch.setattr("benchmarks.turns.TURN_S", 0)
    monkeypatch.setattr("benchmarks.race.PAUSE_S", 0)
    yield
    torch.set_num_threads(n_threads)


def made_up(name, compute=None, **what):
    """A contender that computes the reference, or what it is told to."""

    def prepare(inputs, pattern):
        return Prepared(lambda: (compute or right)(inputs, pattern))

    return Contender(name, f"the contender {name}", prepare, **what)


def right(inputs, pattern):
    return attention(*inputs, pattern).output


def run_of(*contenders):
    return Run(contenders, LITTLE, True, Pace(), lambda line: None)


def one_race(*contenders, shape=TINY, effort=LITTLE, pattern=WINDOW, clock=time.perf_counter):
    return race(shape, [Entry(c, pattern) for c in contenders], effort, Pace(), clock).timings


def timed(contender, pattern, *times_s, shape=TINY):
    return Timing(contender, shape, pattern, pattern, times_s, 0.0)


def cases():
    """Everyone on all that it can do; FlexAttention on one thing, for it compiles seconds long."""
    for contender in CONTENDERS.values():
        for shape, pattern in CASES[:1] if contender is FLEX else CASES:
            pattern = Causal() if contender is FULL else pattern
            if contender.refuse(pattern, shape) is None:
                name = f"{contender.name}-{pattern.label}-{shape.n_kv_heads}"
                yield pytest.param(contender, shape, pattern, id=name)


@pytest.mark.parametrize(("contender", "shape", "pattern"), cases())
def test_everyone_present_is_right(contender, shape, pattern):
    if reason := contender.absent():
        pytest.skip(reason)
    entry, inputs = Entry(contender, pattern), unit_normal_inputs(shape)
    with torch.no_grad():
        prepared, seconds, error, note = first_call(entry, inputs, Pace(), time.perf_counter)
    assert prepared and not note
    assert error <= TOLERANCE and seconds > 0


def test_llama_cpp_needs_no_more_memory_from_call_to_call():
    if reason := LLAMA_CPP.absent():
        pytest.skip(reason)
    inputs = unit_normal_inputs(TINY)
    prepared = LLAMA_CPP.prepare(inputs, WINDOW)
    for _ in range(5000):
        last = prepared.call()
    assert relative_error(prepared.read(last), inputs, WINDOW) <= TOLERANCE


def with_row(row, value):
    def compute(inputs, pattern):
        output = right(inputs, pattern)
        output[0, 3, row, 5] += value
        return output

    return compute


@pytest.mark.parametrize("row", [0, TINY.seq_len - 1])
@pytest.mark.parametrize("value", [1e-3, float("nan"), float("inf")])
def test_a_wrong_output_has_no_time(row, value):
    good, bad = one_race(made_up("good"), made_up("bad", with_row(row, value)))
    assert good.times_s and not good.note
    assert not bad.times_s and bad.note.startswith("wrong result")


def test_another_window_or_another_shape_is_wrong():
    inputs = unit_normal_inputs(TINY)
    assert relative_error(right(inputs, WINDOW), inputs, WINDOW) <= TOLERANCE
    assert relative_error(right(inputs, SlidingWindow(9)), inputs, WINDOW) > 0.01
    assert relative_error(right(inputs, WINDOW).transpose(1, 2), inputs, WINDOW) == float("inf")


def test_who_raises_has_a_note_and_stops_nobody():
    def fail(inputs, pattern):
        raise RuntimeError("no such luck")

    bad, good = one_race(made_up("bad", fail), made_up("good"))
    assert "no such luck" in bad.note and good.times_s


def test_everyone_is_checked_first_and_then_timed_in_turn():
    calls = []

    def noting(name):
        return made_up(name, lambda inputs, pattern: calls.append(name) or right(inputs, pattern))

    first, second = one_race(noting("a"), noting("b"), clock=count(step=0.25).__next__)
    checked, one_turn = ["a", "a", "b", "b"], ["a", "a", "b", "b"]  # a turn: wake up, be timed
    assert calls == checked + one_turn * LITTLE.rounds
    assert len(first.times_s) == len(second.times_s) == LITTLE.rounds


@pytest.mark.parametrize(("usual_s", "n_calls"), [(0.25, 4), (0.01, 6), (0.75, 1)])
def test_a_call_is_timed_when_it_is_awake(usual_s, n_calls):
    """Three slow calls, as fresh memory makes them; nobody waits for ever, nor for long calls."""
    now, seconds, calls = [0.0], iter([1.0, 0.5, 0.25]), []

    def call():
        now[0] += next(seconds, 0.25)
        calls.append(now[0])

    times = turn(Prepared(call), usual_s, lambda: now[0])
    assert len(calls) == n_calls
    assert times == [1.0 if n_calls == 1 else 0.25]


def test_what_would_never_end_is_left_out_with_the_reason():
    greedy = made_up("greedy", n_bytes=lambda pattern, shape: 2**50)
    slow = made_up("slow", work=lambda pattern, shape: 10**15)
    picky = made_up("picky", refuse=lambda pattern, shape: "not that one")
    notes = [timing.note for timing in one_race(greedy, slow, picky)]
    assert re.search(r"1048576\.0 of \d+ GiB", notes[0])
    assert re.search(r"would take about \d+ s", notes[1])
    assert notes[2] == "cannot do it: not that one"


def test_full_attention_is_never_left_out_for_its_length():
    slow = made_up("slow", work=lambda pattern, shape: 10**15)
    (timing,) = one_race(slow, pattern=Causal())
    assert timing.times_s


def test_the_absent_are_reported_with_the_reason(monkeypatch):
    gone = made_up("gone", package="no-such-package", module="no_such_package")
    (timing,) = one_race(gone)
    assert timing.note.startswith("absent") and "no_such_package" in timing.note
    monkeypatch.setitem(machine.CONTENDERS, "gone", gone)
    report = markdown(machine.describe(), machine.describe_contenders(), [])
    (line,) = (line for line in report.splitlines() if line.startswith("| gone"))
    assert "absent: no_such_package does not import" in line
    (line,) = (line for line in report.splitlines() if line.startswith("| sdpa_full"))
    assert line.endswith("| yes |")


def test_efficiency_is_time_saved_over_pairs_saved():
    shape, window = Shape(4), SlidingWindow(1)  # 10 pairs against 4
    full, own_full, ours, theirs = results(
        [
            timed(FULL.name, Causal(), 5.0, shape=shape),
            timed(BAND_NUMBA.name, Causal(), 4.0, shape=shape),
            timed(BAND_NUMBA.name, window, 9.0, 1.0, 2.0, shape=shape),
            timed("other", window, 3.0, shape=shape),
        ]
    )
    assert (ours.pairs_ratio, ours.times_faster, ours.efficiency) == (2.5, 2.5, 1.0)
    assert ours.like_for_like == pytest.approx(0.8)
    assert theirs.like_for_like is None
    (line,) = standings([full, own_full, ours, theirs])
    assert (line.ours, line.next_best, line.ahead) == (ours, theirs, 1.5)


def test_full_attention_is_one_of_the_others():
    full, ours = results([timed(FULL.name, Causal(), 1.0), timed(BAND_NUMBA.name, WINDOW, 2.0)])
    (line,) = standings([full, ours])
    assert line.next_best is full and line.ahead == 0.5


def test_a_busy_machine_is_seen():
    assert drift([Outcome((), (1.0,) * 9)]) == 1.0
    assert drift([Outcome((), (1.0,) * 7 + (3.0,) * 3)]) == 3.0


def test_the_report_is_written(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(suites, "TARGETS", (Target(32, 8, 0.001), Target(64, 8, 1000.0)))
    monkeypatch.setattr(kernels, "QUICK_EFFORT", LITTLE)
    chosen = ["sdpa_full", "band_numba", "sdpa_mask"]
    command = ["--quick", "--only", "targets", "--threads", "1", "--out", str(tmp_path)]
    kernels.main([*command, "--contenders", *chosen])
    assert len(capsys.readouterr().out.splitlines()) == 3
    report = (tmp_path / "kernels.md").read_text()
    assert re.search(r"\| 32, W 8 \| 0\.001 \| [\d.]+ \| yes \|", report)
    assert re.search(r"\| 64, W 8 \| 1000 \| [\d.]+ \| NO \|", report)
    data = json.loads((tmp_path / "kernels.json").read_text())
    assert data["machine"]["threads"] == 1 and data["machine"]["date"]
    (suite,) = data["suites"]
    found = {(r["contender"], r["seq_len"], r["asked"]): r["times_ms"] for r in suite["raw"]}
    assert len(found) == 8 and all(len(times) == LITTLE.rounds for times in found.values())
    page = (tmp_path / "kernels.html").read_text()
    assert "band_numba, W 8" in page and "sdpa_full, full causal" in page
    assert not re.search(r"<script[^>]+src=", page)


def test_every_suite_hands_back_its_findings(monkeypatch):
    monkeypatch.setattr(suites, "TARGETS", (Target(64, 8, 0.5),))
    monkeypatch.setattr(suites, "GRID_LENGTHS", (64, 128))
    monkeypatch.setattr(suites, "GRID_WINDOWS", (8, 64))
    monkeypatch.setattr(suites, "SHAPES", (TINY, GROUPED))
    monkeypatch.setattr(suites, "PATTERNS_LENGTH", 64)
    monkeypatch.setattr(linear, "QUICK_LENGTHS", (64, 128, 256))
    monkeypatch.setattr(linear, "QUICK_LONGEST", (512, 16))
    monkeypatch.setattr(linear, "measured_in_a_child", lambda *case: "not in this test")
    monkeypatch.setattr(training_steps, "QUICK_LENGTHS", (64, 128, 256))
    monkeypatch.setattr(decode, "QUICK_STEPS", 2)
    sections = {name: suite(run_of(FULL, BAND_NUMBA)) for name, suite in SUITES.items()}
    assert all(section.raw and section.tables for section in sections.values())
    grid = sections["grid"].tables[0]
    assert [row[0] for row in grid.rows] == ["64, W 8", "128, W 8", "128, W 64"]
    assert grid.rows[0][2] == BAND_NUMBA.name
    assert re.search(r"fastest in \d of 3", sections["grid"].sentences[0])
    assert len(sections["patterns"].tables[0].rows) == len(suites.PATTERNS)
    assert len(sections["training"].curves) == 2
    assert all("right" in sentence for sentence in sections["decode"].sentences)
    markdown(machine.describe(), [], list(sections.values()))


def test_wrong_gradients_are_caught():
    inputs = unit_normal_inputs(TINY)
    assert training_steps.gradient_error(BAND_TORCH, inputs, WINDOW) <= TOLERANCE

    class OneIsLost(torch.autograd.Function):
        @staticmethod
        def forward(ctx, numbers):
            return numbers.clone()

        @staticmethod
        def backward(ctx, upstream):
            upstream = upstream.clone()
            upstream[0, 0, -1] = 0
            return upstream

    lossy = made_up(
        "lossy",
        lambda inputs, pattern: right(inputs._replace(key=OneIsLost.apply(inputs.key)), pattern),
    )
    assert training_steps.gradient_error(made_up("good"), inputs, WINDOW) <= TOLERANCE
    assert training_steps.gradient_error(lossy, inputs, WINDOW) > TOLERANCE


def test_memory_is_measured_in_a_process_of_its_own():
    memory = measured_in_a_child(BAND_NUMBA.name, 16_384, 32)
    assert memory.error <= TOLERANCE
    assert 0.5 < memory.times_output < 3


def test_every_peer_has_its_own_pinned_requirements():
    files = {path.stem: path.read_text() for path in ROOT.glob("benchmarks/requirements/*.txt")}
    lines = [line for text in files.values() for line in text.splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)
    installed = {peer.package for peer in PEERS} - {"torch"}
    assert installed <= {line.split("==")[0] for line in lines}
    assert len(files) == len(installed)


@pytest.mark.parametrize("name", ["check", "findings", "races"])
def test_the_examples_in_the_docstrings(name):
    tested = doctest.testmod(importlib.import_module(f"benchmarks.{name}"))
    assert tested.attempted and not tested.failed
