"""What the examples of the cache page say is what a real cache does."""

import pytest

from swa_viz.lessons.cache.examples import EXAMPLES, CacheExample
from swa_viz.models import load_model
from swa_viz.patterns.schedule import schedule_of


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_last_step_is_as_told(example: CacheExample):
    model = load_model("tiny-swa")
    schedule = schedule_of(example.schedule, example.window, example.sinks)
    cache, ids = model.new_cache(schedule), model.encode(example.text)
    model.extend(ids, cache)
    last = len(ids) - 1
    for step in example.effect:
        place = step.layer - 1
        held = cache.held_positions()[place]
        read = [key for key in held if schedule[place].visible(last, key)]
        assert (cache.evicted(last)[place], len(held), len(read)) == (
            *(step.evicted, step.held),
            step.read,
        )


def test_an_example_is_known_by_its_text():
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES)


def test_the_sentences_name_their_tokens():
    model = load_model("tiny-swa")
    pieces = model.tokenizer.pieces
    sea, king, sinks = (pieces(model.encode(EXAMPLES[i].text)) for i in (0, 1, 2))
    assert (len(sea), sea[17].strip(), 21 % 4) == (22, "the", 1)
    assert len(king) == 17 and list(sinks[:2]) == ["He", " put"]
