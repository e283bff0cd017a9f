"""The live needle on the page: every hidden sentence fits, and the numbers are Python's."""

import re

import pytest
from playwright.sync_api import expect

from swa_viz.answers import LIMITS, Request, answer
from swa_viz.answers.hidden import hidden_prompt
from swa_viz.experiments.sweep import loaded
from swa_viz.lessons.limits.lesson import FILLER, HIDING
from swa_viz.models import load_model, offered_models
from swa_viz.patterns import Causal, SlidingWindow

MODEL = load_model("tiny-swa")
LONGEST = {"filler": len(FILLER), "before": 2}


@pytest.mark.parametrize("name", ["tiny-swa", "smollm2-135m"])
def test_the_longest_prompt_is_read_whole_and_names_one_answer(name):
    if name not in offered_models():
        pytest.skip(f"{name} was not fetched")
    model = loaded(name)
    for needle in HIDING.needles:
        asked = hidden_prompt(HIDING, {**LONGEST, "needle": needle})
        assert len(asked["text"]) <= LIMITS["characters"], needle
        assert len(model.encode(asked["text"])) <= LIMITS["tokens"], needle
        named = [choice for choice in asked["choices"] if f"{choice}." in asked["text"]]
        assert [choice.strip().lower() for choice in named] == [needle]


def shares(pattern, **knobs) -> list[float]:
    asked = hidden_prompt(HIDING, LONGEST | {"needle": "blue"} | knobs)
    schedule = (pattern,) * MODEL.n_layers
    found = answer(Request("tiny-swa", schedule=schedule, kind="choices", **asked), MODEL)
    return [each / sum(found["probabilities"]) for each in found["probabilities"]]


def percents(numbers: list[float]) -> list[str]:
    return ["< 0.1 %" if number < 0.0005 else f"{100 * number:.1f} %" for number in numbers]


def in_rows(full: list[float], windowed: list[float]) -> list[str]:
    both = zip(percents(full), percents(windowed), strict=True)
    return [words for row in both for words in row]


def test_the_shares_are_python_s_and_follow_the_knobs(open_site):
    page = open_site("limits.html", live=True)
    card = page.locator(".card", has=page.locator("[data-view=choices]"))
    expect(card.locator("mark")).to_have_text(HIDING.needles["blue"].sentence)
    numbers = card.locator(".portion")
    full, windowed = shares(Causal()), shares(SlidingWindow(4))
    expect(numbers).to_have_text(in_rows(full, windowed))
    expect(card).to_contain_text("tiny-swa cannot recall such a sentence in full attention")
    expect(card).to_contain_text(
        f"the right answer “blue” gets {percents(full)[1]} of the probability of all answers "
        f"and {percents(windowed)[1]} with W = 4."
    )
    card.get_by_label("The hidden sentence").select_option("david")
    full, windowed = (shares(p, needle="david") for p in (Causal(), SlidingWindow(4)))
    expect(numbers).to_have_text(in_rows(full, windowed))
    expect(card.locator("tbody tr").nth(1)).to_contain_text("✓ David")
    expect(page).to_have_url(re.compile("needle=david"))
    filler = card.get_by_label("Other sentences")
    filler.focus()
    filler.press("Home")
    none = [shares(p, needle="david", filler=0) for p in (Causal(), SlidingWindow(4))]
    expect(numbers).to_have_text(in_rows(*none))
    expect(page).to_have_url(re.compile("filler=0"))
