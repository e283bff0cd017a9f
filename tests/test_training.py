"""Training and export: what is measured is right, and what is written can be read again."""

import json
import math
from collections import Counter
from dataclasses import replace

import pytest
import torch

from swa_viz.experiments import bits_per_byte, stretches
from swa_viz.models import load_folder, load_model
from swa_viz.models.language_model import LanguageModel
from swa_viz.models.transformer import Transformer
from swa_viz.patterns import Causal, SlidingWindow
from training import export
from training.evaluate import measure
from training.recipes import MEMBER, RECIPES, TINY_SWA, family
from training.train import LATE_SHARES, SHARES, Run, new_model, sample_batch, train


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


@pytest.fixture(scope="module")
def knows_nothing(tiny):
    """All weights zero: every token is equally likely."""
    transformer = Transformer(TINY_SWA.config)
    for weight in transformer.parameters():
        torch.nn.init.zeros_(weight)
    return LanguageModel("zero", transformer, tiny.tokenizer)


def test_a_stretch_has_one_token_more_than_is_predicted(tiny):
    pieces = ["word " * 300, "other " * 300]
    rows = stretches(tiny, pieces, 256)
    in_a_row = tiny.tokenizer.encode(pieces[0] + "\n\n") + tiny.tokenizer.encode(pieces[1] + "\n\n")
    assert rows.shape == (len(in_a_row) // 257, 257)
    assert rows.flatten().tolist() == in_a_row[: rows.numel()]


def test_a_model_that_knows_nothing_needs_twelve_bits_per_token(knows_nothing):
    rows = torch.tensor([knows_nothing.tokenizer.encode("abcdefgh" * 40)[:257]] * 2)
    n_bytes = sum(
        len(knows_nothing.tokenizer.token_bytes(t)) for t in rows[:, 1:].flatten().tolist()
    )
    expected = math.log2(4096) * rows[:, 1:].numel() / n_bytes
    assert bits_per_byte(knows_nothing, rows, (Causal(),) * 6) == pytest.approx(expected, rel=1e-5)


def test_bits_per_byte_is_the_mean_surprise(tiny):
    rows = stretches(tiny, ["The President of the United States of America. " * 60], 256)[:1]
    logits = tiny.logits(rows[0, :-1], kernel="dense")
    surprise = -logits.log_softmax(-1)[torch.arange(256), rows[0, 1:]].sum() / math.log(2)
    n_bytes = sum(len(tiny.tokenizer.token_bytes(t)) for t in rows[0, 1:].tolist())
    measured = bits_per_byte(tiny, rows, tiny.native_schedule)
    assert measured == pytest.approx(float(surprise) / n_bytes, rel=1e-4)


def test_export_writes_a_model_that_loads_and_a_card_with_its_numbers(tmp_path, tiny, monkeypatch):
    folder, run, texts = tmp_path / "model", tmp_path / "run", tmp_path / "texts"
    entry = replace(export.MODELS["tiny-swa"], bundled=folder)
    monkeypatch.setitem(export.MODELS, "tiny-swa", entry)
    monkeypatch.setattr("training.evaluate.LONG_STRETCH", 512)
    run.mkdir(), texts.mkdir()
    torch.save({"model": tiny.transformer.state_dict(), "step": 1234}, run / "checkpoint.pt")
    (run / "loss.csv").write_text("20,train nats per token,6.0\n")
    vocabulary = tmp_path / "tokenizer.json"
    tiny.tokenizer.vocabulary.save(str(vocabulary))
    for name in export.TEXTS:
        held_out = [f"The {name} of the people. " * 120]
        (texts / f"{name}.json").write_text(json.dumps({"train": [], "held_out": held_out}))
    command = ["export", "--run", str(run), "--tokenizer", str(vocabulary), "--texts", str(texts)]
    monkeypatch.setattr("sys.argv", command)
    export.main()

    written = load_folder(folder, "tiny-swa")
    torch.testing.assert_close(
        written.logits([1, 2, 3]), tiny.logits([1, 2, 3]), atol=1e-6, rtol=1e-6
    )
    measured = json.loads((run / "measured.json").read_text())
    four = [measured["windows"][name] for name in ("speeches", "moby_dick", "bible", "jargon")]
    assert measured["windows"]["mean of four"] == pytest.approx(sum(four) / 4, abs=1e-4)
    assert (folder / "loss.csv").read_text().startswith("20,")
    card = (folder / "README.md").read_text()
    assert "1,234 steps" in card and f"| bible | {measured['windows']['bible']:.3f} |" in card


def test_weights_that_do_not_fit_are_refused(tmp_path):
    with pytest.raises(ValueError, match="do not fit into 16 bits: too.large"):
        export.write_model(TINY_SWA.config, {"too.large": torch.tensor([1e6])}, tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path):
    weights = {"many": torch.zeros(export.MAX_BYTES // 2 + 1)}
    with pytest.raises(ValueError, match="are allowed"):
        export.write_model(TINY_SWA.config, weights, tmp_path)


def test_measuring_looks_at_windows_and_at_full_attention(tmp_path, knows_nothing, monkeypatch):
    for name in export.TEXTS:
        text = json.dumps({"train": [], "held_out": ["a b c d " * 800]})
        (tmp_path / f"{name}.json").write_text(text)
    asked = []
    monkeypatch.setattr(
        "training.evaluate.bits_per_byte",
        lambda model, rows, schedule: asked.append(schedule) or 1.0,
    )
    measured = measure(knows_nothing, tmp_path)
    assert set(asked) == {(SlidingWindow(32),) * 6, (Causal(),) * 6}
    assert measured["windows"]["mean of four"] == 1.0


@pytest.mark.parametrize("name", ["tiny-swa", "family-full"])
def test_a_new_model_starts_as_its_embeddings(name):
    model = new_model(RECIPES[name])
    token_ids = torch.tensor([[1, 2, 3]])
    torch.testing.assert_close(
        model(token_ids), model.unembed(model.embedding(token_ids)), atol=1e-6, rtol=1e-6
    )


def test_the_same_step_learns_from_the_same_texts():
    texts = {name: torch.arange(5000) for name in SHARES}
    assert torch.equal(sample_batch(texts, TINY_SWA, 7), sample_batch(texts, TINY_SWA, 7))
    assert not torch.equal(sample_batch(texts, TINY_SWA, 7), sample_batch(texts, TINY_SWA, 8))


def test_the_last_quarter_reads_more_prose():
    texts = {name: torch.full((5000,), number) for number, name in enumerate(SHARES)}
    wordnet, recipe = list(SHARES).index("wordnet"), replace(TINY_SWA, n_steps=400)

    def share(first):
        batches = [sample_batch(texts, recipe, step) for step in range(first, first + 100)]
        return (torch.stack(batches) == wordnet).double().mean()

    assert share(200) == pytest.approx(SHARES["wordnet"], abs=0.03)
    assert share(300) == pytest.approx(LATE_SHARES["wordnet"], abs=0.03)
    for shares in (SHARES, LATE_SHARES):
        assert sum(shares.values()) == pytest.approx(1)


def test_the_members_of_a_seed_differ_in_their_windows_alone():
    texts = {name: torch.arange(5000) for name in SHARES}
    members, others = family(seed=1).values(), family(seed=2).values()
    assert len({recipe.schedule(step=3) for recipe in members}) == len(members)
    first, *rest = [new_model(recipe).state_dict() for recipe in members]
    for state in rest:
        assert all(torch.equal(first[name], state[name]) for name in first)
    batches = [sample_batch(texts, recipe, 7) for recipe in (*members, *others)]
    assert all(torch.equal(batches[0], batch) for batch in batches[:5])
    assert not torch.equal(batches[0], batches[5])


def test_a_drawn_window_does_not_depend_on_the_text():
    recipe = RECIPES["family-random"]
    drawn = Counter(recipe.schedule(step)[0] for step in range(recipe.n_steps))
    assert len(drawn) == len(recipe.drawn_windows)
    assert min(drawn.values()) > recipe.n_steps / len(drawn) * 0.8
    assert recipe.random(step=5).initial_seed() != recipe.random(step=5, stream=1).initial_seed()


def test_an_interrupted_run_goes_on_as_if_nothing_had_happened(tmp_path):
    small = replace(MEMBER.config, d_model=16, d_ff=16, trained_len=8, n_layers=1)
    recipe = replace(MEMBER, config=small, n_steps=4, drawn_windows=(1, 2, 4))
    texts = {name: torch.arange(4000) for name in SHARES}

    def trained(folder, *stops):
        for stop in stops:
            run = Run(recipe, tmp_path / folder)
            while run.step < stop:
                run.learn(sample_batch(texts, recipe, run.step))
            run.save()
        return run.model.state_dict()

    at_once, in_parts = trained("at once", 4), trained("in parts", 2, 4)
    assert all(torch.equal(at_once[name], in_parts[name]) for name in at_once)


def test_training_learns_and_keeps_its_curve(tmp_path, tiny):
    small = replace(MEMBER.config, d_model=16, d_ff=16, trained_len=8, n_layers=1)
    recipe = replace(MEMBER, config=small, n_steps=40, measure_every=40)
    texts = {name: torch.arange(100) for name in SHARES}
    train(Run(recipe, tmp_path), texts, {"bible": ["In the beginning God. " * 4]}, tiny.tokenizer)
    rows = [line.split(",") for line in (tmp_path / "loss.csv").read_text().splitlines()]
    assert [row[:2] for row in rows] == [
        ["20", "train nats per token"],
        ["40", "train nats per token"],
        ["40", "bible held-out bits per byte"],
    ]
    assert float(rows[1][2]) < float(rows[0][2])
