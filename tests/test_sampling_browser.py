"""Chance, the choice of a token and stop strings are one law in Python and in JavaScript."""

from random import Random

import numpy as np
import pytest
import torch

from swa_viz.models.sampling import Sampling, StopStrings, uniform
from swa_viz.web.bundle import as_function, in_order


@pytest.fixture(scope="module")
def in_browser(chromium_browser):
    """Evaluate an expression of the module `sampling` on some data."""
    page = chromium_browser.new_page()
    modules = "".join(map(as_function, in_order("models/sampling.js")))
    yield lambda expression, data: page.evaluate(
        f"(data) => {{ {modules} return {expression}; }}", data
    )
    page.close()


def test_chance_is_the_same(in_browser):
    places = [[seed, at] for seed in (0, 1, 7, 2**32 - 1, 2**32, 2**53 - 1) for at in range(40)]
    found = in_browser("data.map((each) => $models_sampling.uniform(...each))", places)
    assert found == [uniform(*place) for place in places]


def test_chance_is_even_and_neighbours_have_nothing_in_common():
    numbers = np.array([[uniform(seed, at) for at in range(100)] for seed in range(100)])
    assert 0 < numbers.min() < 0.001 and 0.999 < numbers.max() < 1
    counts, _ = np.histogram(numbers, bins=10, range=(0, 1))
    assert abs(counts / 1000 - 1).max() < 0.15
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.04


def test_a_token_is_chosen_alike(in_browser):
    random, draws = Random(1), []
    for _ in range(300):
        logits = torch.tensor([random.gauss(0, 3) for _ in range(50)])
        if random.random() < 0.2:
            logits = logits.round()  # some are equal
        writing = {"temperature": random.choice([0, 1, 30, 100, 1000])}
        writing |= {"top_k": random.choice([None, 1, 5, 99]), "top_p": random.choice([1, 50, 100])}
        draws.append((logits.tolist(), writing, random.random()))
    expected = [
        Sampling(how["temperature"] / 100, how["top_k"], how["top_p"] / 100).choose(
            torch.tensor(logits), number
        )
        for logits, how, number in draws
    ]
    choose = """data.map(([logits, how, number]) =>
      $models_sampling.choose(Float32Array.from(logits), how, number))"""
    assert in_browser(choose, draws) == expected
    assert len(set(expected)) > 10


def in_pieces(text: str, stop: list[str], cuts: list[int]) -> list[str]:
    """What is shown of a text that arrives in pieces."""
    stops, shown = StopStrings(stop), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        shown.append(stops.push(text[start:end]))
        if stops.found:
            return shown
    return [*shown, stops.rest()]


def test_a_text_stops_alike(in_browser):
    random, cases = Random(2), []
    for _ in range(200):
        text = "".join(random.choices("ab🎉", k=30))
        stop = ["".join(random.choices("ab🎉", k=random.randint(1, 6))) for _ in range(3)]
        cuts = sorted(random.sample(range(len(text)), k=random.randrange(10)))
        pieces = [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        cases.append((pieces, stop, in_pieces(text, stop, cuts)))
    show = """data.map(([pieces, stop]) => {
      const stops = $models_sampling.stopStrings(stop);
      const shown = [];
      for (const piece of pieces) {
        shown.push(stops.push(piece));
        if (stops.found) return shown;
      }
      return [...shown, stops.rest()];
    })"""
    assert in_browser(show, cases) == [shown for *_, shown in cases]
