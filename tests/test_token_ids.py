"""What a model reads: whole numbers of its vocabulary, at least one, into a cache of its own."""

import numpy as np
import pytest
import torch

from swa_viz.experiments import measured_influence, omission, perturbation
from swa_viz.models import load_model
from swa_viz.models.language_model import PREFILL_CHUNK, LanguageModel

# The model meets values of any kind here, as it does outside of tests.
pytestmark = pytest.mark.usefixtures("shapes_unchecked")
ASKS = {
    "run": lambda model, ids: model.run(ids),
    "logits": lambda model, ids: model.logits(ids),
    "extend": lambda model, ids: model.extend(ids, model.new_cache()),
    "prefill": lambda model, ids: model.prefill(ids, model.new_cache()),
    "measured_influence": measured_influence,
    "omission": lambda model, ids: omission(model, ids, 0),
    "perturbation": lambda model, ids: perturbation(model, ids, [1]),
    "its replacement": lambda model, ids: perturbation(model, [1], ids),
}
NONE_AT_ALL = [[], (), "", np.array([], dtype=int), torch.zeros(0, dtype=torch.long)]
NOT_IN_THE_VOCABULARY = [[4096], [5, -1], [2**70], torch.tensor([4096]), np.array([-1])]
NO_WHOLE_NUMBERS = [
    [1.0],
    [True],
    ["a"],
    "abc",
    [None],
    [[1, 2]],
    torch.tensor([1.0]),
    torch.tensor([True]),
    torch.tensor([[1, 2]]),
    np.array([1.5]),
    np.array([True]),
]
NO_LIST = [None, 5, 1.5, {1, 2}, torch.tensor(3), np.int64(3), iter([1])]
GOOD = [
    (3, 4, 5),
    range(3, 6),
    [np.int64(3), np.uint8(4), 5],
    np.array([3, 4, 5], dtype=np.uint16),
    torch.tensor([3, 4, 5], dtype=torch.int32),
    torch.tensor([3, 4, 5]),
]


@pytest.fixture(scope="module")
def tiny():
    return load_model("tiny-swa")


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize(
    ("bad", "complaint"),
    [
        *((ids, "at least one token is needed") for ids in NONE_AT_ALL),
        *((ids, "token id.* 0") for ids in NOT_IN_THE_VOCABULARY),
        *((ids, "a token id must be a whole number of at least 0") for ids in NO_WHOLE_NUMBERS),
        *((ids, "token_ids must be a list of token ids, but it is") for ids in NO_LIST),
    ],
    ids=lambda value: "an iterator" if hasattr(value, "__next__") else str(value),
)
def test_bad_token_ids_are_told_what_is_allowed(tiny, ask, bad, complaint):
    with pytest.raises(ValueError, match=complaint):
        ask(tiny, bad)


@pytest.mark.parametrize("good", GOOD, ids=repr)
def test_any_list_of_whole_numbers_will_do(tiny, good):
    assert torch.equal(tiny.logits(good), tiny.logits([3, 4, 5]))
    at_end = tiny.prefill(good, tiny.new_cache())
    assert torch.equal(at_end, tiny.prefill([3, 4, 5], tiny.new_cache()))


def test_a_prompt_with_a_bad_token_is_not_read_in_part(tiny):
    cache = tiny.new_cache()
    with pytest.raises(ValueError, match="between 0 and 4095"):
        tiny.prefill([1] * PREFILL_CHUNK + [4096], cache)
    assert cache.length == 0 and cache.n_bytes == 0


def test_the_cache_of_another_model_is_refused(tiny):
    other = LanguageModel("other", load_model("tiny-swa").transformer, tiny.tokenizer)
    for read in (tiny.extend, tiny.prefill):
        with pytest.raises(ValueError, match="this cache belongs to another model"):
            read([1], other.new_cache())


@pytest.mark.parametrize("position", [-1, 1.0, True, None, "1"])
def test_a_cache_has_slots_for_positions_only(tiny, position):
    cache = tiny.new_cache()
    for ask in (cache.slots, cache.evicted):
        with pytest.raises(ValueError, match="position must be a whole number of at least 0"):
            ask(position)


@pytest.mark.parametrize("position", [-2, 3, 1.0, True, None])
def test_a_position_outside_the_text_is_refused(tiny, position):
    with pytest.raises(ValueError, match="position must be"):
        omission(tiny, [1, 2, 3], position)
    with pytest.raises(ValueError, match="query_pos must be"):
        measured_influence(tiny, [1, 2, 3], query_pos=position)


@pytest.mark.parametrize("n", [0, -1, 2.0, True, None])
def test_there_is_at_least_one_probe(tiny, n):
    with pytest.raises(ValueError, match="n_probes must be a whole number of at least 1"):
        measured_influence(tiny, [1, 2, 3], n_probes=n)
