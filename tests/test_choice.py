"""Which window to take: fronts, knees and recommendations, the same in Python and JavaScript."""

import json
import random
import subprocess
from dataclasses import asdict
from itertools import cycle

import numpy as np
import pytest

from swa_viz.experiments.choice import (
    COSTS,
    NAMES,
    OWN_NAMES,
    Option,
    choose,
    front,
    knee,
    options_of,
    verdict,
)
from swa_viz.experiments.choice_words import sentences
from swa_viz.experiments.points import FULL, QUALITIES, SCHEDULES, Point, points_of
from swa_viz.experiments.spread import half_width
from swa_viz.experiments.sweep import Result
from swa_viz.web.bundle import PACKAGE

SEEDS = range(60)
FULL_WAY = (FULL, None)


def random_options(seed: int) -> tuple[list[Option], tuple, str, float]:
    """What a sweep could have found, a reference, a cost and a tolerance."""
    chance = random.Random(seed)

    def option(schedule: str, window: int | None) -> Option:
        margin = None if seed % 7 == 0 else chance.random() * 0.2
        costs = (chance.randint(1, 40), chance.randint(1, 9), chance.random())
        return Option(schedule, window, 1 + chance.random(), chance.gauss(0, 0.2), margin, *costs)

    ways = [(s, 2**w) for s in SCHEDULES for w in range(chance.randint(1, 6))]
    reference = chance.choice([FULL_WAY, *ways])
    own = [("wwf", 8), ("w8w16f", None)]
    options = [option(*way) for way in (FULL_WAY, *ways, *own)]
    chance.shuffle(options)
    return options, reference, chance.choice(list(COSTS)), chance.choice([0, 0.02, 0.1, 0.3])


def cost_of(option: Option, cost: str) -> float:
    return getattr(option, cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_on_the_front_stands_what_nothing_beats(seed):
    options, _, cost, _ = random_options(seed)
    line = front(options, cost)
    for one in options:
        beaten = any(
            cost_of(each, cost) <= cost_of(one, cost)
            and each.bits <= one.bits
            and (each.bits, cost_of(each, cost)) != (one.bits, cost_of(one, cost))
            for each in options
        )
        assert (one in line) != beaten
    assert line == sorted(line, key=lambda each: (cost_of(each, cost), -each.bits))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_knee_stands_on_the_front_between_its_ends_and_no_unit_moves_it(seed):
    options, _, cost, _ = random_options(seed)
    found = knee(options, cost)
    assert found is None or found in front(options, cost)[1:-1]
    others = [
        Option(**asdict(each) | {cost: 3 * cost_of(each, cost), "bits": 5 + 2 * each.bits})
        for each in options
    ]
    moved = knee(others, cost)
    assert (found and found.way) == (moved and moved.way)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_taken_is_the_cheapest_that_is_surely_good_enough(seed):
    options, reference, cost, tolerance = random_options(seed)
    choice = choose(options, reference, cost, tolerance)
    taken = choice.taken
    assert taken.way == reference or taken.extra + taken.margin <= tolerance
    for each in options:
        if cost_of(each, cost) < cost_of(taken, cost):
            assert each.margin is None or each.extra + each.margin > tolerance
    for each, what in ((choice.open, "open"), (choice.beyond, "beyond")):
        assert each is None or verdict(each, tolerance) == what
        assert each is None or cost_of(each, cost) < cost_of(taken, cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_allows_more_never_pays_more(seed):
    options, reference, cost, _ = random_options(seed)
    paid = [
        cost_of(choose(options, reference, cost, tolerance).taken, cost)
        for tolerance in (0, 0.01, 0.1, 0.5, 2)
    ]
    assert paid == sorted(paid, reverse=True)


def test_a_true_difference_lies_in_the_interval_as_often_as_promised():
    chance = np.random.default_rng(0)
    n_bytes = [900, 1000, 1100, 950, 1050, 1200, 800, 1000]
    hits = 0
    for _ in range(2000):
        more = (0.1 * np.array(n_bytes) + chance.normal(0, 30, len(n_bytes))).tolist()
        hits += abs(sum(more) / sum(n_bytes) - 0.1) <= half_width(more, n_bytes)
    assert 0.93 < hits / 2000 < 0.97


def test_options_are_compared_stretch_by_stretch():
    size = {"n_tokens": 8, "n_stretches": 2}
    points = points_of(["m"], ["a", "b"], [4], n_tokens=8, n_stretches=2)
    assert points[0] == Point("m", "a", FULL, None, **size)
    bits = ((10.0, 30.0), (13.0, 31.0), (20.0, 40.0), (22.0, 44.0))
    results = {
        point: Result(each, (10, 10), (0.5, 0.2), 36, 80)
        for point, each in zip(points, bits, strict=True)
    }
    full, window = options_of(results, FULL_WAY)
    assert (full.bits, full.extra, full.margin) == (2.5, 0.0, 0.0)
    assert (window.bits, window.extra) == (2.75, 0.25)
    assert window.margin == half_width([3, 1, 2, 4], [10] * 4)
    assert (window.pairs, window.bytes, window.seconds) == (36, 80, 0.2)


def sentence_of(*options: Option, tolerance: float, reference=FULL_WAY) -> str:
    choice = choose(options, reference, "pairs", tolerance)
    return " ".join(sentences(choice, options, reference, "pairs", tolerance))


def test_the_sentence_says_the_reason_and_what_cannot_be_decided():
    full = Option(FULL, None, 1.0, 0.0, 0.0, 100, 0, 0)
    good = Option("windows", 64, 1.01, 0.01, 0.008, 41, 0, 0)
    bad = Option("windows", 32, 1.05, 0.05, 0.01, 20, 0, 0)
    unsure = Option("1 sink", 32, 1.02, 0.02, 0.01, 21, 0, 0)
    assert sentence_of(full, good, bad, tolerance=0.02) == (
        "W = 64 in every layer reads 41 % of the score pairs and needs 0.010 ± 0.008 bits per byte "
        "more than full attention. Of what is cheaper and not good enough, W = 32 in every layer "
        "needs least: 0.050 ± 0.010 bits per byte more."
    )
    assert sentence_of(full, unsure, tolerance=0.02) == (
        "Take full attention: nothing cheaper is surely within 0.020 bits per byte of it. "
        "W = 32 with the first token kept is cheaper and needs 0.020 ± 0.010 bits per byte more: "
        "these stretches of text cannot decide whether that is within 0.020 bits per byte."
    )
    assert "It reads 20 % of the score pairs of full attention." in sentence_of(
        full, bad, tolerance=0.0, reference=("windows", 32)
    )


ASK_JAVASCRIPT = """
import { readFileSync } from "node:fs";
import { choose, front, knee } from "./choice.js";
import { sentences } from "./choice_words.js";
const { cases, words, qualities } = JSON.parse(readFileSync(0, "utf8"));
const answers = cases.map(([options, reference, cost, tolerance], at) => {
  const choice = choose(options, reference, cost, tolerance);
  const said = sentences(choice, options, reference, cost, tolerance, words, qualities[at % 2]);
  return [front(options, cost), knee(options, cost), choice, said];
});
console.log(JSON.stringify(answers));
"""


def test_javascript_says_the_same():
    cases = [random_options(seed) for seed in SEEDS]
    sent = {
        "cases": [[[asdict(each) for each in options], *rest] for options, *rest in cases],
        "words": {"names": NAMES, "own": OWN_NAMES, "shares": COSTS},
        "qualities": [asdict(quality) for quality in QUALITIES.values()],
    }
    run = ["node", "--input-type=module", "--eval", ASK_JAVASCRIPT]
    folder = PACKAGE / "experiments"
    found = subprocess.run(
        run, input=json.dumps(sent), cwd=folder, capture_output=True, text=True, check=True
    )
    answers = zip(cases, cycle(QUALITIES.values()), json.loads(found.stdout))
    for (options, *how), quality, answer in answers:
        reference, cost, tolerance = how
        turn, choice = knee(options, cost), choose(options, *how)
        said = sentences(choice, options, *how, quality)
        line = [asdict(each) for each in front(options, cost)]
        assert answer == [line, turn and asdict(turn), asdict(choice), said]


def test_every_schedule_has_a_name():
    assert set(NAMES) == {FULL, *SCHEDULES}
