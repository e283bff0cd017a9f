"""SmolLM2-135M, if it was fetched: equal to transformers on the same file, within 2.5 GB."""

import pytest
import torch
import transformers

from swa_viz.answers import answer
from swa_viz.answers.request import Request
from swa_viz.experiments.sweep import loaded
from swa_viz.models.table import MODELS
from swa_viz.patterns import Causal, SinkWindow, SlidingWindow, build_mask
from tests.fresh_process import fresh_process

ENTRY = MODELS["smollm2-135m"]
TEXT = (
    "The capital of France is Paris, and it lies on the Seine. In 1889 the Eiffel Tower was built "
    "there, 330 metres high; — naïve visitors said it was ugly 🎉.\n\n    def f(x):\n        return"
)
SENTENCE = TEXT[:34]  # 8 tokens: a window of 5 moves on, and no chunk of 3 ends with it
pytestmark = pytest.mark.skipif(not ENTRY.is_here, reason="smollm2-135m is not here: make models")
SCHEDULES = {
    "in full": lambda window: [Causal()] * 30,
    "windows": lambda window: [SlidingWindow(window)] * 30,
    "a sink": lambda window: [SinkWindow(window, 1)] * 30,
    "five to one": lambda window: ([SlidingWindow(window)] * 5 + [Causal()]) * 5,
}
# Each line is the most memory so far: once the weights are wide, then of two long texts.
LONG = """
import resource
from swa_viz.models import load_model
from swa_viz.models.long_text import band, block_shares, read_long_text
def say_peak():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
model = load_model("smollm2-135m", "cpu")
model.logits([100])
say_peak()
reading = read_long_text(model, list(range(100, 1124)), 29)
assert block_shares(reading.layer, 16).shape == (9, 64, 64)
assert band(reading.layer, 928, 1024).weights.shape == (9, 96, 1024)
say_peak()
del reading
trace = model.run(list(range(100, 612)), layers=[0, 15, 29])
assert [len(trace.layers), *trace.logits.shape] == [3, 512, 49152]
say_peak()
"""


@pytest.fixture(scope="module")
def model():
    return loaded("smollm2-135m")


@pytest.fixture(scope="module")
def peer():
    made = transformers.AutoModelForCausalLM.from_pretrained(
        ENTRY.folder, dtype=torch.float32, attn_implementation="eager"
    )
    return made.eval()


def their_logits(peer, token_ids, schedule):
    """Transformers' logits with the mask of each layer put in by hand."""
    layers, hooks = peer.model.layers, []
    for layer, pattern in zip(layers, schedule, strict=True):
        hidden = ~build_mask(pattern, len(token_ids), len(token_ids))
        mask = torch.zeros(1, 1, *hidden.shape).masked_fill(hidden, -torch.inf)
        hook = layer.register_forward_pre_hook(
            lambda _, args, named, mask=mask: (args, {**named, "attention_mask": mask}),
            with_kwargs=True,
        )
        hooks.append(hook)
    with torch.no_grad():
        logits = peer(torch.tensor([token_ids])).logits[0]
    for hook in hooks:
        hook.remove()
    return logits


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_logits_are_those_of_transformers(model, peer, name):
    token_ids, schedule = model.encode(TEXT), SCHEDULES[name](16)
    theirs = their_logits(peer, token_ids, schedule)
    ours = model.logits(token_ids, schedule)
    assert theirs.abs().max() > 20
    torch.testing.assert_close(ours, theirs, atol=3e-4, rtol=1e-4)


def test_it_was_trained_in_full_and_knows_paris(model):
    assert model.native_schedule == (Causal(),) * 30
    assert (model.n_heads, model.config.n_kv_heads, model.config.head_dim) == (9, 3, 64)
    likeliest = model.logits(model.encode("The capital of France is"))[-1].argmax()
    assert model.tokenizer.piece(int(likeliest)) == " Paris"


def test_its_tokens_write_the_text_and_control_tokens_are_named(model):
    token_ids = model.encode(f"<|im_start|>{TEXT}")
    assert model.tokenizer.decode(token_ids) == TEXT
    pieces = model.tokenizer.pieces(token_ids)
    assert pieces[0] == "<|im_start|>" and " ⟨F0 9F⟩" in pieces and "1" in pieces


@pytest.mark.parametrize("name", SCHEDULES)
def test_read_in_chunks_or_one_by_one_the_logits_are_the_same(model, name):
    request = Request(model.name, SENTENCE, tuple(SCHEDULES[name](5)), kind="prefill", chunk=3)
    found = answer(request, model)
    for difference in found["differences"].values():
        assert difference <= 1e-5 * found["largest"], found


@pytest.fixture(scope="module")
def memory():
    """The most memory in bytes: with the model, after 1,024 tokens in bands, 512 in steps."""
    ended = fresh_process(LONG)
    assert ended.returncode == 0, ended.stderr
    return [int(word) for word in ended.stdout.split()]


def test_2048_tokens_in_band_storage_stay_below_2_5_gb(memory):
    """Twice the text takes four times the memory at most: a matrix of all pairs does."""
    loaded, in_bands, _ = memory
    assert loaded + 4 * (in_bands - loaded) < 2.5e9


def test_512_tokens_in_steps_stay_below_2_5_gb(memory):
    assert memory[-1] < 2.5e9
