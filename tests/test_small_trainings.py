"""The trainings of small models, a few steps of each: they learn, and a run is not done twice."""

import json
from itertools import islice

import pytest
import torch

import training.delay
import training.fixes
import training.sink_question
from swa_viz.experiments import fixes, learned_spans, sink_question
from swa_viz.experiments.delay import CONDITIONS, FAR, N_WINDOWED, TEXT_LEN, retrieval
from swa_viz.experiments.far_tasks import TASKS, texts_at
from swa_viz.experiments.fixes import FIXES, asked_in
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal, PerHead, SlidingWindow
from training.fixes import learn, load_run, loss_of, measure_rounded, run
from training.recipes import Recipe
from training.train import new_model

DISTANCES = (6, 16, 64)


@pytest.fixture
def few_questions(monkeypatch):
    """Eight texts at each of three distances in place of 128 at each of nine."""
    for module in (fixes, learned_spans, sink_question):
        monkeypatch.setattr(module, "N_ASKED", 8)
    for module in (fixes, sink_question):
        monkeypatch.setattr(module, "DISTANCES", DISTANCES)


@pytest.fixture
def few_steps(monkeypatch):
    """Two texts of each task in a step, and a look at the model every second step."""
    for module in (training.fixes, training.delay):
        monkeypatch.setattr(module, "N_PER_TASK", 2)
        monkeypatch.setattr(module, "WATCH_EVERY", 2)


def test_every_way_begins_from_the_same_numbers_where_it_has_the_same_shapes():
    def first(name):
        *_, (_, model) = learn(FIXES[name], 0, 0 + 1, 2)
        return model.embedding.weight.shape, model.blocks[0].query.weight.shape

    assert first("window") == first("full") == first("state")


def test_a_model_learns_from_the_texts_of_a_task():
    fix, losses = FIXES["full"], []
    asked = asked_in(fix, texts_at(TASKS["recall"], 24, 16))
    for step, model in islice(learn(fix, 0, 25, 2), 20):
        if step in (1, 20):
            with torch.no_grad():
                losses.append(loss_of(model, fix, asked).item())
    assert losses[1] < 0.8 * losses[0]


def test_a_run_is_kept_and_not_done_twice(tmp_path, few_questions, capsys):
    run("window", 1, tmp_path, n_steps=2)
    file = tmp_path / "window-1" / "result.json"
    found = json.loads(file.read_text())
    assert [len(found["accuracy"][task]) for task in TASKS] == [len(DISTANCES)] * 3
    before = file.stat().st_mtime_ns
    run("window", 1, tmp_path, n_steps=2)
    assert file.stat().st_mtime_ns == before
    model = load_run("window", 1, tmp_path)
    share = fixes.right_share(model, FIXES["window"], texts_at(TASKS["copy"], 16, 8))
    assert share == found["accuracy"]["copy"][DISTANCES.index(16)]


@pytest.mark.parametrize("name", ["adaptive", "content"])
def test_learned_spans_are_watched_and_rounded(tmp_path, few_questions, few_steps, name):
    run(name, 0, tmp_path, n_steps=4)
    measure_rounded(name, 0, tmp_path)
    found = json.loads((tmp_path / f"{name}-0" / "result.json").read_text())
    assert len(found["spans"]) == 2
    for spans in found["spans"]:
        assert len(spans) == 6 and all(len(heads) == 4 for heads in spans)
    assert set(found["hard_accuracy"]) == set(TASKS)
    assert [len(layer["heads"]) for layer in found["asked"]] == [4] * 6


def test_a_head_that_looks_nowhere_can_still_learn_to_look():
    (_, model), *_ = learn(FIXES["adaptive"], 0, 1, 2)
    for block in model.blocks:
        block.raw_span.data.fill_(-0.1)
        block.keep_spans_possible()
        assert block.raw_span.tolist() == [0.0] * 4
    asked = asked_in(FIXES["adaptive"], texts_at(TASKS["recall"], 6, 8))
    loss_of(model, FIXES["adaptive"], asked).backward()
    assert all(block.raw_span.grad.abs().max() > 0 for block in model.blocks)


def test_the_price_of_spans_is_their_mean_part_of_the_text():
    (_, model), *_ = learn(FIXES["adaptive"], 0, 1, 2)
    for block in model.blocks:
        block.raw_span.data.fill_(0.25)
    assert learned_spans.price_of(model).item() == 0.25
    assert learned_spans.spans_of(model) == [[20.0] * 4] * 6
    hard = learned_spans.rounded(model)
    hard(texts_at(TASKS["recall"], 6, 1).texts)
    assert hard.blocks[0].asked == PerHead((SlidingWindow(24),) * 4)


def test_what_is_watched_is_the_full_layer_s_row_of_the_question():
    config = CONDITIONS["w8"].config
    assert config.native_schedule == (SlidingWindow(8),) * N_WINDOWED + (Causal(),)
    assert CONDITIONS["w8-nope"].config.ropes[-1] is None
    model = new_model(Recipe(config, 0, 1, 1)).eval()
    for linear in (model.blocks[-1].query, model.blocks[-1].key):
        linear.weight.data *= 20  # or all weights would be almost the same
    right, on_source = retrieval(model, 4)
    texts, seen = texts_at(TASKS["recall"], FAR, 4, TEXT_LEN).texts, []
    for text in texts:
        layers, logits = Transformer.trace_layers(model, text)
        seen.append(layers[-1].weights[:, TEXT_LEN - 2, TEXT_LEN - 2 - FAR])
        right -= (logits[-2].argmax() == text[-1]).item() / 4
    assert right == pytest.approx(0)
    assert on_source == pytest.approx(torch.stack(seen).mean(0).max().item(), abs=1e-4)


def test_delay_and_sink_question_keep_every_run(tmp_path, few_questions, few_steps, monkeypatch):
    monkeypatch.setattr(training.delay, "retrieval", lambda model: retrieval(model, 4))
    training.delay.run("w32", 0, tmp_path, n_steps=4)
    assert [len(pair) for pair in json.loads((tmp_path / "w32-0.json").read_text())] == [2, 2, 2]
    training.sink_question.run("w4-sink", 0, tmp_path, n_steps=2)
    found = json.loads((tmp_path / "w4-sink-0.json").read_text())
    assert set(found) == {"accuracy", "nats"} and min(found["nats"].values()) > 0
