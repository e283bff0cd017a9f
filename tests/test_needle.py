"""The needle: where it lies, how probable an answer is, and that none knows of more than reach."""

import pytest

from swa_viz.experiments.needle import Needle, answer_probabilities, finds, hide
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.reach import reach

NEEDLE = Needle("The king is Saul.", " The king is", (" Saul", " David"))
OTHER = Needle("The king is David.", " The king is", (" David", " Saul"))
FILLER = " And the sea was still, and the men looked upon it."
N_LAYERS = 6


@pytest.fixture(scope="module")
def model():
    return load_model("tiny-swa")


def test_the_needle_lies_where_it_is_said_to_lie(model):
    hidden = hide(model, NEEDLE, FILLER, n_before=7, n_after=20)
    sentence = model.tokenizer.decode(hidden.token_ids[hidden.start : hidden.stop])
    assert sentence == NEEDLE.sentence and hidden.start == 7
    question = model.encode(NEEDLE.question)
    assert hidden.distance == 20 + len(question)
    assert list(hidden.token_ids[-len(question) :]) == question
    filler = (*hidden.token_ids[:7], *hidden.token_ids[hidden.stop : -len(question)])
    assert filler == tuple((model.encode(FILLER) * 3)[:27])


def test_a_needle_may_lie_at_the_very_beginning_and_right_before_the_question(model):
    hidden = hide(model, NEEDLE, FILLER, 0, 0)
    assert hidden.token_ids == (*model.encode(NEEDLE.sentence), *model.encode(NEEDLE.question))


@pytest.mark.parametrize("pattern", [SlidingWindow(3), Causal()], ids=str)
def test_an_answer_is_as_probable_as_its_tokens_one_after_the_other(model, pattern):
    prompt, answer = model.encode("And the king said unto"), " Nebuchadnezzar"
    following, schedule = model.encode(answer), [pattern] * N_LAYERS
    assert len(following) > 1
    cache = model.new_cache(schedule)
    logits, expected = model.extend(prompt, cache)[-1], 1.0
    for token in following:
        expected *= logits.double().softmax(-1)[token].item()
        logits = model.extend([token], cache)[-1]
    found = answer_probabilities(model, prompt, [answer], schedule)
    assert found[answer] == pytest.approx(expected, rel=1e-3)


def test_full_attention_sees_the_needle_and_a_window_beyond_its_reach_does_not(model):
    schedule = [SlidingWindow(4)] * N_LAYERS
    hidden, other = (hide(model, needle, FILLER, 3, 40) for needle in (NEEDLE, OTHER))
    assert len(hidden.token_ids) == len(other.token_ids)
    assert hidden.distance >= reach(tuple(schedule))
    answers = NEEDLE.answers

    def answered(prompt, schedule):
        return answer_probabilities(model, prompt.token_ids, answers, schedule)

    assert answered(hidden, schedule) == answered(other, schedule)
    full = [Causal()] * N_LAYERS
    assert answered(hidden, full) != answered(other, full)


def test_a_needle_is_found_if_its_answer_is_the_most_probable():
    assert finds({" Saul": 0.3, " David": 0.2}, NEEDLE)
    assert not finds({" Saul": 0.2, " David": 0.2}, NEEDLE)


def test_an_answer_without_text_is_refused(model):
    with pytest.raises(ValueError, match="text is empty"):
        answer_probabilities(model, [1, 2], [""])
