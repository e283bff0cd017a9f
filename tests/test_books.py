"""From which free text a passage is: the stored numbers, and what a window lets one know."""

from base64 import b64decode

import numpy as np
import pytest
import torch

from swa_viz.experiments.books import (
    PASSAGE_LEN,
    READINGS,
    SOURCES,
    WINDOWS,
    answer,
    held_out_passages,
    load_reader,
    reader_config,
    schedule_of,
    shares_right,
)
from swa_viz.experiments.stored_books import SMALL, chosen_passage, in_page, stored_books
from swa_viz.reach import reach
from training.books import train
from training.books_data import N_HELD_OUT
from training.books_times import timed

STORED = stored_books()
READER = load_reader()
PASSAGES, OF = held_out_passages()
# Where two sources are almost as likely, another machine may prefer the other one.
A_FEW = 3 / len(PASSAGES)


def scores_of(tokens, window):
    """The scores after every token of one passage."""
    with torch.inference_mode():
        return READER(tokens[None], schedule_of(window))[0]


def bytes_of(letters):
    """Bytes that were stored as letters."""
    return np.frombuffer(b64decode(letters), np.uint8)


def test_as_many_passages_of_every_source_are_held_out():
    assert torch.bincount(OF).tolist() == [N_HELD_OUT] * len(SOURCES)
    assert len({tuple(passage) for passage in PASSAGES.tolist()}) == len(PASSAGES)
    assert STORED["how"]["held_out"] == len(PASSAGES)


@pytest.mark.parametrize("window", [1, 8, None])
def test_the_stored_shares_are_those_of_the_bundled_reader(window):
    found = shares_right(READER, window, PASSAGES, OF)
    for reading in READINGS:
        stored = STORED["right"][reading][0][WINDOWS.index(window)]
        assert found[reading] == pytest.approx(stored, abs=A_FEW)


def test_what_was_measured_is_whole_and_the_last_token_loses_most():
    for reading in READINGS:
        assert np.shape(STORED["right"][reading]) == (STORED["how"]["seeds"], len(WINDOWS))
    last, of_all = (np.array(STORED["right"][reading]) for reading in READINGS)
    assert (np.diff(last[:, :-1], axis=1) > 0).all()
    assert (of_all[:, 0] - last[:, 0] > 0.4).all()


def test_shown_passages_and_all_their_answers_are_those_of_the_bundled_reader():
    for shown in STORED["shown"].values():
        again = in_page(READER, chosen_passage(READER, shown["source"]))
        assert (again["source"], again["tokens"]) == (shown["source"], shown["tokens"])
        for part in ("after", "all"):
            stored, made = (bytes_of(each[part]).astype(int) for each in (shown, again))
            assert np.abs(stored - made).max() <= 1
        after = bytes_of(shown["after"]).reshape(len(WINDOWS), PASSAGE_LEN, len(SOURCES))
        assert after[-1, -1].argmax() == shown["source"] != after[SMALL, -1].argmax()


@pytest.mark.parametrize("window", [1, 4, 16])
def test_a_token_beyond_reach_changes_nothing_for_the_last_one(window):
    heard = reach(schedule_of(window))
    tokens = PASSAGES[0]
    before = scores_of(tokens, window)
    for age, changes in ((heard - 1, True), (heard, False)):
        other = tokens.clone()
        other[-1 - age] = (tokens[-1 - age] + 1) % reader_config().vocab_size
        after = scores_of(other, window)
        one = [answer(scores, "last") for scores in (before, after)]
        assert torch.equal(*one) is not changes
        every = [answer(scores, "all") for scores in (before, after)]
        assert not torch.equal(*every)  # it is heard where it stands


def test_with_a_window_of_one_token_all_of_them_are_a_bag_of_words():
    mixed = PASSAGES[5][torch.randperm(PASSAGE_LEN, generator=torch.Generator().manual_seed(0))]
    for window, is_same in ((1, True), (4, False)):
        one, other = (answer(scores_of(t, window), "all") for t in (PASSAGES[5], mixed))
        assert torch.allclose(one, other, atol=1e-5) is is_same


def test_a_short_training_learns_sources_that_differ_in_the_order_of_their_tokens_alone(
    monkeypatch,
):
    """Each source goes through the same eight tokens in an order of its own, four times over."""
    length = 32
    monkeypatch.setattr("training.books.PASSAGE_LEN", length)
    random = torch.Generator().manual_seed(0)
    rounds = [torch.randperm(8, generator=random) for _ in SOURCES]
    texts = [order.repeat(2 * length // 8) for order in rounds]
    reader = train(texts, seed=0, n_steps=80)
    passages = torch.stack([text[i : i + length] for text in texts for i in range(8)])
    sources = torch.arange(len(SOURCES)).repeat_interleave(8)
    alone, together = (shares_right(reader, window, passages, sources) for window in (1, 2))
    assert all(alone[reading] < 0.3 for reading in READINGS)
    assert together["all"] > 0.9


def test_times_are_those_of_all_windows_and_a_short_measurement_has_the_same_form():
    times = STORED["times"]
    for lengths, found in ((times["lengths"], times), ([32], timed([32], rounds=2))):
        for name in ("kernels", "ms", "low", "high"):
            assert np.shape(found[name]) == (len(lengths), len(WINDOWS))
        assert (np.array(found["low"]) <= found["ms"]).all()
        assert (np.array(found["ms"]) <= found["high"]).all()
