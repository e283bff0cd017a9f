"""Predict and reveal, the examples, the verdict and one row step by step, on the real pages."""

import math
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from swa_viz.cost import score_pairs
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.lessons.examples import EXAMPLES
from swa_viz.lessons.layers.examples import EXAMPLES as LAYERS_EXAMPLES
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from swa_viz.reach import reach
from tests.waits import until_ready


def numbers_in(page: Page, pattern: str) -> list[int]:
    """The numbers of the question on screen."""
    question = page.locator("[data-view=predict] .lead")
    expect(question).to_have_text(re.compile(pattern))
    return list(map(int, re.search(pattern, question.text_content()).groups()))


def pairs(page: Page) -> tuple[int, str]:
    n, window = numbers_in(page, r"for these (\d+) tokens, with W = (\d+)\?")
    return score_pairs(SlidingWindow(window), n), f"window={window}"


def keys(page: Page) -> tuple[int, str]:
    token, window = numbers_in(page, r"\(token (\d+)\) read in one layer, with W = (\d+)\?")
    return min(token, window), f"token={token}"


def ceiling(page: Page) -> tuple[int, str]:
    layers, window = numbers_in(page, r"through (\d+) layers, with W = (\d+)\?")
    return reach((SlidingWindow(window),) * layers), f"window={window}"


@pytest.mark.parametrize(
    "path, solve",
    [
        ("index.html?ask=pairs&seed=4", pairs),
        ("window.html?ask=pairs&seed=4", pairs),
        ("attention.html?ask=keys&seed=4", keys),
        ("layers.html?ask=ceiling&seed=4", ceiling),
    ],
    ids=["home", "window", "attention", "layers"],
)
def test_a_link_asks_and_a_right_answer_is_shown_in_the_picture(
    open_site: Callable[..., Page], path: str, solve: Callable[[Page], tuple[int, str]]
):
    page = open_site(path, live=True)
    right, shown = solve(page)
    card = page.locator("[data-view=predict]")
    card.get_by_role("button", name=f"{right:,}", exact=True).press("Enter")
    result = card.get_by_role("status")
    expect(result).to_have_text(re.compile(r"^Right\. .+"))
    expect(card).to_contain_text("1 of 1 right")
    expect(page).to_have_url(re.compile(shown))
    assert "ask=" in page.url and "seed=4" in page.url
    card.get_by_role("button", name="Another question").click()
    expect(result).to_have_text("")
    expect(card.locator(".choices button").first).to_have_attribute("aria-pressed", "false")


def test_a_wrong_answer_is_told_with_the_right_one_and_counts(open_site):
    page = open_site("window.html?ask=pairs&seed=4")
    right, _ = pairs(page)
    card = page.locator("[data-view=predict]")
    card.locator(".choices button").filter(has_not_text=re.compile(f"^{right}$")).first.click()
    expect(card.get_by_role("status")).to_contain_text(f"No, the answer is: {right}.")
    expect(card).to_contain_text("0 of 1 right")
    card.locator(".choices button").first.dispatch_event("click")  # an answer is an answer
    expect(card).to_contain_text("0 of 1 right")


def a_mean_of_heads_has_no_row(page: Page) -> None:
    row = page.locator("[data-view=row]")
    row.locator("summary").click()
    expect(row).to_contain_text("Choose one head first")


def test_where_there_are_no_numbers_to_ask_about_another_question_says_so(open_site):
    """Without the model in the browser a static page has the numbers of a few windows only."""
    page = open_site("attention.html?ask=keys&seed=4")
    a_mean_of_heads_has_no_row(page)
    right, _ = keys(page)
    card = page.locator("[data-view=predict]")
    card.get_by_role("button", name=f"{right:,}", exact=True).press("Enter")
    card.get_by_role("button", name="Another question").click()
    expect(card.locator(".lead")).to_have_text("The question follows when the numbers are here.")
    expect(card.get_by_role("status")).to_have_text("")
    expect(card.locator(".choices")).to_be_hidden()


def test_an_example_sets_text_and_window_at_once_and_one_s_own_text_comes_back(open_site):
    page = open_site("attention.html?window=7&sinks=2", live=True)
    box, menu = page.get_by_label("Your text"), page.get_by_label("Examples")
    page.get_by_label("Your text").fill("My own words about the sea and the")
    expect(page.locator(".chip").first).to_contain_text("M")
    entries = page.evaluate("history.length")
    menu.select_option(EXAMPLES[0].name)
    expect(box).to_have_value(EXAMPLES[0].text)
    expect(page.get_by_text("is not among the ten likeliest")).to_be_visible()
    verdict = page.locator("[data-view=verdict]")
    expect(verdict).to_have_text(
        re.compile(
            r"With W = 4 the model no longer expects bank: 6\.[89] % → below 1\.6 %\. "
            r"Now money comes first \(10\.8 %\)\."
        )
    )
    page.get_by_role("button", name="Back to your text").click()
    expect(box).to_have_value("My own words about the sea and the")
    expect(page).to_have_url(re.compile(r"window=7&sinks=2"))
    assert page.evaluate("history.length") == entries


def test_an_example_of_the_layers_page_sets_its_stack_too(open_site):
    page = open_site("layers.html?window=9&layers=3", live=True)
    until_ready(page)
    example = next(each for each in LAYERS_EXAMPLES if each.stack.own)
    page.get_by_label("Examples").select_option(example.name)
    expect(page.get_by_label("Your text")).to_have_value(example.text)
    expect(page.get_by_role("slider", name="Layers L", exact=True)).to_have_value("6")
    expect(page).to_have_url(re.compile(f"schedule={example.stack.schedule}"))
    page.get_by_label("Examples").select_option(LAYERS_EXAMPLES[0].name)
    expect(page.get_by_role("slider", name="Layers L", exact=True)).to_have_value("2")
    expect(page).not_to_have_url(re.compile("schedule"))
    page.get_by_role("button", name="Back to your text").click()
    expect(page).to_have_url(re.compile(r"window=9&layers=3"))


def test_one_row_step_by_step_is_the_model_s(open_site):
    page = open_site("attention.html?window=4&layer=3&head=2", live=True)
    row = page.locator("[data-view=row]")
    row.locator("summary").click()
    lines = row.locator("tbody tr[data-key]")
    expect(lines).to_have_count(7)  # four that are read, three that are just hidden
    model = load_model("tiny-swa")
    layer = model.trace(SENTENCE, [SlidingWindow(4)] * model.n_layers).layers[2]
    scores, masked, weights = (
        stage[1, -1].tolist() for stage in (layer.scores, layer.masked_scores, layer.weights)
    )
    largest = max(masked)
    for line in lines.all():
        key = int(line.get_attribute("data-key"))
        score, mask, exponential, weight, *_ = line.locator("td").all_text_contents()
        assert float(score.replace("−", "-")) == pytest.approx(scores[key], abs=0.02)
        assert mask.startswith("hidden") == math.isinf(masked[key])
        assert float(exponential) == pytest.approx(math.exp(masked[key] - largest), abs=0.01)
        assert float(weight.replace("<", "0")) == pytest.approx(weights[key], abs=0.011)
    expect(row).to_contain_text("The last line is the output")
