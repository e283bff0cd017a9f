"""Sweeps: every number is measured or counted, nothing is measured twice, nothing is lost."""

import csv
import json
import signal
from dataclasses import replace

import numpy as np
import pytest

from swa_viz.cost import kv_cache_bytes, score_pairs
from swa_viz.experiments import __main__ as command
from swa_viz.experiments import bits_per_byte, stretches
from swa_viz.experiments import sweep as sweeping
from swa_viz.experiments.held_out import held_out_text
from swa_viz.experiments.needle import answer_probabilities
from swa_viz.experiments.points import Point, points_of
from swa_viz.experiments.spread import half_width
from swa_viz.experiments.stored_needle import QUESTIONS, hidden_at
from swa_viz.experiments.sweep import key_of, sweep
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SinkWindow, SlidingWindow
from tests.fresh_process import as_a_module, fresh_process

TEXT = held_out_text("bible")
POINT = Point("tiny-swa", TEXT, "windows", 8, n_tokens=64, n_stretches=3)
SMALL = {"n_tokens": 48, "n_stretches": 2}
SWEEP = ["sweep", "--tokens", "48", "--stretches", "2", "--windows", "4", "8"]


@pytest.fixture
def counted(monkeypatch):
    """The points that were really measured."""
    measured, real = [], sweeping.measure
    monkeypatch.setattr(sweeping, "measure", lambda p, m: measured.append(p) or real(p, m))
    return measured


def test_every_combination_once_and_full_attention_once_a_text():
    points = points_of(["a", "b"], ["x", "y"], [8, 4, 8], ["windows", "5:1"])
    assert len(points) == len(set(points)) == 2 * 2 * (1 + 2 * 2)
    assert sum(point.window_size is None for point in points) == 4


def test_the_schedules_are_what_they_are_called():
    window = SlidingWindow(8)
    assert POINT.layers(3) == (window,) * 3
    assert replace(POINT, schedule="1 sink").layers(2) == (SinkWindow(8, 1),) * 2
    assert replace(POINT, schedule="1:1").layers(4) == (window, Causal()) * 2
    assert replace(POINT, schedule="5:1").layers(6) == (window,) * 5 + (Causal(),)
    assert replace(POINT, schedule="full", window_size=None).layers(2) == (Causal(),) * 2


def test_a_schedule_of_one_s_own_repeats_over_the_layers():
    own = replace(POINT, schedule="w4wf")
    assert own.layers(4) == (SlidingWindow(4), SlidingWindow(8), Causal(), SlidingWindow(4))
    fixed = replace(POINT, schedule="w4f", window_size=None)
    assert fixed.layers(2) == (SlidingWindow(4), Causal())
    for schedule, window in (("w4f", 8), ("w4wf", None), ("LLG", 8), ("w4f<", None)):
        with pytest.raises(ValueError):
            replace(POINT, schedule=schedule, window_size=window)
    points = points_of(["a"], ["x"], [8, 4], ["wf", "w4f"])
    assert [(p.schedule, p.window_size) for p in points] == [
        ("full", None),
        ("wf", 4),
        ("wf", 8),
        ("w4f", None),
    ]


def test_a_schedule_of_too_many_layers_is_refused_before_anything_is_measured(
    monkeypatch, counted, capsys
):
    monkeypatch.setattr("sys.argv", ["x", *SWEEP, "--schedule", "LLLLLLLLG"])
    assert command.main() == 1
    assert counted == [] and "9 layers in this, and the model has 6" in capsys.readouterr().err


def test_the_command_takes_a_schedule_of_one_s_own(tmp_path, capsys):
    (tmp_path / "text.txt").write_text(TEXT[:2000])
    words = [*SWEEP, "--texts", str(tmp_path / "text.txt"), "--folder", str(tmp_path / "kept")]
    command.run(command.read_arguments([*words, "--schedule", "L4LG", "l8"]))
    said = capsys.readouterr().out
    assert said.count("w4wf W = ") == 2 and said.count(" w8: ") == 1
    with pytest.raises(SystemExit):
        command.read_arguments([*SWEEP, "--schedule", "LxG"])
    assert "“x” (character 2) is no layer" in capsys.readouterr().err


def test_a_result_is_measured_and_counted(tmp_path):
    ((_, result),) = sweep([POINT], tmp_path)
    model, layers = load_model("tiny-swa"), POINT.layers(6)
    rows = stretches(model, [TEXT], 64)[:3]
    assert result.bits_per_byte == pytest.approx(bits_per_byte(model, rows, layers), rel=1e-9)
    per_row = [bits_per_byte(model, row[None], layers) for row in rows]
    assert [b / n for b, n in zip(result.bits, result.n_bytes, strict=True)] == pytest.approx(
        per_row
    )
    assert result.interval == half_width(result.bits, result.n_bytes)
    assert len(result.seconds) == len(result.bits) == 3
    assert result.least_seconds == min(result.seconds) > 0
    assert result.n_pairs == score_pairs(layers, 64)
    assert result.kv_bytes == kv_cache_bytes(layers, 64, 4, n_kv_heads=4, head_dim=32)


def test_what_is_known_is_not_measured_again(tmp_path, counted):
    points = points_of(["tiny-swa"], [TEXT], [4, 8], **SMALL)
    first = dict(sweep(points, tmp_path))
    assert len(counted) == len(points) == 3
    assert dict(sweep(points, tmp_path)) == first
    assert len(counted) == 3
    list(sweep([replace(points[1], text=TEXT + " ")], tmp_path))
    assert len(counted) == 4


def test_a_sweep_that_was_stopped_goes_on(tmp_path, counted):
    points = points_of(["tiny-swa"], [TEXT], [2, 4, 8], **SMALL)
    steps = sweep(points, tmp_path)
    next(steps)
    steps.close()
    n_done = len(counted)
    assert 1 <= n_done < len(points)
    assert len(dict(sweep(points, tmp_path))) == len(points)
    assert sorted(counted, key=str) == sorted(points, key=str)


# As soon as it has told one result.
KILLED_AFTER_A_LINE = """
import os, signal, sys
write = sys.stdout.write
def write_and_die(text):
    write(text)
    if "\\n" in text:
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
sys.stdout.write = write_and_die
"""


def test_a_killed_sweep_loses_nothing_that_was_told(tmp_path, counted):
    texts = tmp_path / "text.txt"
    texts.write_text(TEXT)
    words = [*SWEEP, "--jobs", "2", "--texts", str(texts), "--folder", str(tmp_path / "kept")]
    killed = fresh_process(KILLED_AFTER_A_LINE + as_a_module("swa_viz.experiments", words))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout.startswith("[1 of 3]") and killed.stdout.count("\n") == 1
    points = points_of(["tiny-swa"], [TEXT], [4, 8], **SMALL)
    known = len(list((tmp_path / "kept").glob("*.json")))
    assert known >= 1
    assert len(dict(sweep(points, tmp_path / "kept"))) == 3
    assert len(counted) <= 3 - known


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"bits_per_byte": 1}'])
def test_a_damaged_result_is_measured_again(tmp_path, counted, damage):
    file = tmp_path / f"{key_of(POINT)}.json"
    file.write_text(damage)
    ((_, result),) = sweep([POINT], tmp_path)
    assert counted == [POINT]
    assert tuple(json.loads(file.read_text())["bits"]) == result.bits


# Two workers, and nobody who watches over logs or starts more machines.
PLAIN_HEAD = {
    "num_cpus": 2,
    "include_dashboard": False,
    "include_log_monitor": False,
    "no_monitor": True,
}


def test_a_cluster_measures_the_same(tmp_path):
    ray, ray_cluster = pytest.importorskip("ray"), pytest.importorskip("ray.cluster_utils")
    points = points_of(["tiny-swa"], [TEXT], [4, 8], **SMALL)
    here = dict(sweep(points, tmp_path / "here"))
    head = ray_cluster.Cluster(initialize_head=True, head_node_args=PLAIN_HEAD)
    ray.init(head.address, log_to_driver=False)
    try:
        with command.cluster("ray") as backend:
            there = dict(sweep(points, tmp_path / "there", jobs=2, backend=backend))
    finally:
        ray.shutdown()
        head.shutdown()
    for point, result in here.items():
        assert replace(there[point], seconds=()) == replace(result, seconds=())


def test_the_command_finds_a_dask_cluster_that_runs(tmp_path, monkeypatch, capsys):
    dask, distributed = pytest.importorskip("dask"), pytest.importorskip("distributed")
    (tmp_path / "genesis.txt").write_text(TEXT)
    words = ["x", *SWEEP, "--texts", str(tmp_path / "genesis.txt"), "--jobs", "2"]
    words += ["--folder", str(tmp_path / "kept"), "--cluster", "dask"]
    monkeypatch.setattr("sys.argv", words)
    workers = distributed.LocalCluster(n_workers=2, processes=False, dashboard_address=None)
    with workers, dask.config.set({"scheduler-address": workers.scheduler_address}):
        assert command.main() == 0
    said = capsys.readouterr().out
    assert "[3 of 3] tiny-swa" in said and "bits per byte" in said
    assert len(list((tmp_path / "kept").glob("*.json"))) == 3


def test_the_command_writes_a_table(tmp_path, monkeypatch, capsys):
    table, text = tmp_path / "sweep.csv", tmp_path / "genesis.txt"
    text.write_text(TEXT)
    words = ["x", *SWEEP, "--texts", str(text), "--folder", str(tmp_path / "kept")]
    monkeypatch.setattr("sys.argv", [*words, "--out", str(table)])
    assert command.main() == 0
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["window_size"] for row in rows] == ["", "4", "8"]
    assert {row["text"] for row in rows} == {str(text)}
    assert list(command.read_texts([])) == ["speeches", "moby_dick", "bible", "jargon"]
    said = capsys.readouterr().out
    assert "[3 of 3] tiny-swa" in said and "bits per byte" in said
    assert "\ntiny-swa:\n  Take full attention: nothing cheaper is surely within 0.020" in said
    expected = dict(sweep(points_of(["tiny-swa"], [TEXT], [], **SMALL), tmp_path / "kept"))
    assert float(rows[0]["bits_per_byte"]) == next(iter(expected.values())).bits_per_byte


def test_the_right_answer_to_a_hidden_sentence_is_measured(tmp_path):
    point = Point("tiny-swa", "place", "windows", 8, n_tokens=128, n_stretches=2, quality="needle")
    ((_, result),) = sweep([point], tmp_path)
    model, question = load_model("tiny-swa"), QUESTIONS["place"]
    expected = []
    for far in (64, 112):
        costs = []
        for right in question.answers:
            prompt = hidden_at(model, question, right, 128, far).token_ids
            found = answer_probabilities(model, prompt, question.answers, point.layers(6))
            costs.append(-np.log2(found[right] / sum(found.values())))
        expected.append(np.mean(costs))
    assert result.bits == pytest.approx(expected) and result.n_bytes == (1, 1)
    assert result.n_pairs == score_pairs(point.layers(6), 128)
    assert key_of(point) != key_of(replace(point, quality="text"))


def test_the_command_asks_for_hidden_sentences(tmp_path, monkeypatch, capsys):
    words = ["x", *SWEEP, "--quality", "needle", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", [*words, "--tokens", "64", "--stretches", "1"])
    assert command.main() == 0
    said = capsys.readouterr().out
    assert "[9 of 9]" in said and "name, windows W = 8" in said
    assert "bits per answer" in said and "\ntiny-swa:\n  " in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--models", "nobody"], "'nobody' is no model here; known are tiny-swa"),
        (["--tokens", "100000"], "fewer than 100001 tokens"),
        (["--quality", "needle", "--tokens", "8"], "a prompt of 8 tokens has no room"),
        (["--windows", "0"], "a window must be a whole number of at least 1"),
        (["--texts", "/nowhere.txt"], "No such file"),
        (["--out", "/nowhere/table.csv"], "No such file or directory: '/nowhere"),
    ],
)
def test_what_cannot_be_swept_gets_a_sentence(tmp_path, monkeypatch, capsys, words, sentence):
    monkeypatch.setattr("sys.argv", ["x", *SWEEP, "--folder", str(tmp_path), *words])
    assert command.main() == 1
    assert sentence in capsys.readouterr().err
