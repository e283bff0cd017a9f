"""The three tasks: the word that a puzzle names decides the answer, as far back as asked."""

from random import Random

import pytest
import torch

from swa_viz.experiments.far_tasks import (
    AGAIN,
    CLOSING,
    COLOURS,
    END,
    NAMES,
    OPENING,
    TASKS,
    TEXT_LEN,
    TOKEN_OF,
    texts_at,
    texts_to_learn_from,
)


def puzzles(name, length=TEXT_LEN):
    """Some texts at every distance that the task has."""
    task = TASKS[name]
    for distance in range(task.nearest, task.furthest(length) + 1):
        for seed in range(3):
            yield distance, task.make(Random(seed), length, distance)


@pytest.mark.parametrize("length", [32, TEXT_LEN])
@pytest.mark.parametrize("name", TASKS)
def test_the_last_answers_stand_as_far_from_their_sources_as_was_asked(name, length):
    for distance, puzzle in puzzles(name, length):
        assert len(puzzle.words) == length
        assert puzzle.last.stop == length
        assert {puzzle.distance(place) for place in puzzle.last} == {distance}


def test_a_name_is_followed_by_the_colour_that_followed_it_before():
    for distance, puzzle in puzzles("recall"):
        *_, name, colour = puzzle.words
        source = TEXT_LEN - 2 - distance
        assert puzzle.words[source - 1 : source + 1] == [name, colour]
        assert name in NAMES and colour in COLOURS
        assert sum(word in COLOURS for word in puzzle.words) == 2


def test_again_is_followed_by_the_latest_six_colours():
    for _, puzzle in puzzles("copy"):
        words, latest = puzzle.words, None
        for place, word in enumerate(words):
            if word == AGAIN:
                assert words[place + 1 : place + 7] == latest
                assert set(range(place + 1, place + 7)) <= set(puzzle.sources)
            if word in COLOURS and (place == 0 or words[place - 1] not in COLOURS):
                latest = words[place : place + 6]
        assert AGAIN in words


def test_an_end_closes_the_latest_open_bracket():
    for _, puzzle in puzzles("brackets"):
        opened = []
        for place, word in enumerate(puzzle.words):
            if word in OPENING:
                opened.append((place, CLOSING[OPENING.index(word)]))
            if puzzle.words[place - 1] == END and place:
                source, kind = opened.pop()
                assert (word, puzzle.sources[place]) == (kind, source)
        assert not opened


def test_texts_to_learn_from_are_the_same_for_the_same_seed_and_never_those_that_are_asked():
    first, again, other = (texts_to_learn_from(seed, 4) for seed in (1, 1, 2))
    assert torch.equal(first.texts, again.texts) and not torch.equal(first.texts, other.texts)
    assert first.texts.shape == (12, TEXT_LEN) and first.texts.max() < len(TOKEN_OF)
    asked = {tuple(row) for row in texts_at(TASKS["recall"], 16, 50).texts.tolist()}
    assert not asked & {tuple(row) for row in texts_to_learn_from(0, 200).texts.tolist()}
    assert bool((first.is_answer >= first.is_last).all())
