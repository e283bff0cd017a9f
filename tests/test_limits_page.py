"""The limits page: what every token of a text costs, in numbers that Python computes again."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.answers import LIMITS, answer
from swa_viz.answers.perplexity import doubling_to
from swa_viz.answers.request import Request
from swa_viz.experiments import perplexity_against_window
from swa_viz.lessons.limits.lesson import TEXT
from swa_viz.models import load_model
from swa_viz.patterns import Causal, SinkWindow, SlidingWindow

MODEL = load_model("tiny-swa")
N = 6
IDS = MODEL.encode(TEXT)


def bits_under(pattern) -> list[float]:
    """What each predicted token of the page's own text costs."""
    (reading,) = perplexity_against_window(MODEL, IDS, [(pattern,) * N])
    return reading.bits.tolist()


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_the_costs_are_those_of_the_logits():
    schedule = (SlidingWindow(4),) * N
    given = answer(Request("tiny-swa", TEXT, schedule, kind="perplexity"), MODEL)
    shares = MODEL.logits(IDS, schedule).double().softmax(-1)
    assert given["bits"][0] is None and given["expected"][0] == []
    for at, token in enumerate(IDS[1:], start=1):
        assert given["bits"][at] == pytest.approx(-math.log2(shares[at - 1, token]), abs=1e-3)
        best = shares[at - 1].topk(5)
        assert [entry[0] for entry in given["expected"][at]] == best.indices.tolist()
        found = [share for *_, share in given["expected"][at]]
        assert found == pytest.approx(best.values.tolist(), abs=1e-4)
    assert given["ids"] == IDS


def test_a_text_is_read_with_windows_up_to_its_length():
    asked = Request("tiny-swa", TEXT, (SinkWindow(1, 2), Causal()) * 3, kind="windows")
    given = answer(asked, MODEL)
    assert given["windows"] == doubling_to(len(IDS)) == [1, 2, 4, 8, 16, 32, 60]
    for window, bits in zip(given["windows"], given["bits"], strict=True):
        schedule = (SinkWindow(window, 2), Causal()) * 3
        (reading,) = perplexity_against_window(MODEL, IDS, [schedule])
        assert bits == pytest.approx(mean(reading.bits.tolist()), abs=1e-3)
    assert given["bits"][-1] == pytest.approx(mean(bits_under(Causal())), abs=1e-3)


@pytest.mark.parametrize("text, why", [("", "empty"), ("a", "alone")])
@pytest.mark.parametrize("kind", ["perplexity", "windows"])
def test_of_one_token_nothing_is_predicted(kind, text, why):
    given = answer(Request("tiny-swa", text, (Causal(),) * N, kind=kind), MODEL)
    assert given == {"tokens": [], "empty": LIMITS[why]}


@pytest.fixture
def page(open_site) -> Page:
    opened = open_site("limits.html")
    expect(opened.locator(".costs .chip")).to_have_count(len(IDS))
    return opened


def test_the_sentence_and_the_numbers_are_python_s(page):
    full, windowed = bits_under(Causal()), bits_under(SlidingWindow(4))
    more = [after - before for before, after in zip(full, windowed, strict=True)]
    said = page.locator("[data-view=verdict]").inner_text()
    costs, change = f"{mean(windowed):.1f}", f"{mean(more):.1f}"
    assert f"With W = 4 a token costs {costs} bits on average, {change} more" in said
    words = re.split("(?= )", TEXT)
    assert re.search(r"full attention\. (\w+) suffers", said)[1] in " ".join(words)
    written = page.locator(".costs .chip .weight").all_inner_texts()
    expected = [f"{bits:+.0f}".replace("-", "−") if abs(bits) >= 0.5 else "" for bits in more]
    assert written == ["", *expected]


def test_a_token_shows_what_was_expected_in_its_place(page):
    full, windowed = bits_under(Causal()), bits_under(SlidingWindow(4))
    worst = max(range(len(full)), key=lambda at: windowed[at] - full[at])
    card = page.locator(".card", has=page.locator("[data-view=next]"))
    expect(card).to_contain_text(f"It costs {full[worst]:.1f} bits in full attention and")
    chip = page.locator(".costs .chip").nth(5)
    chip.hover()
    costs = f"{full[4]:.1f} bits in full attention and {windowed[4]:.1f} with the window"
    expect(card).to_contain_text(
        f"comes ✓ “{MODEL.tokenizer.piece(IDS[5]).strip()}”. It costs {costs}"
    )
    expect(card.locator("tbody tr").first).to_contain_text("✓")
    chip.click()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("token=7"))
    expect(page.locator(".costs .chip").nth(6)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".costs [aria-pressed=true]")).to_have_count(0)


def test_the_chart_reads_out_the_perplexity_of_a_window(page):
    chart = page.locator("[data-view=perplexity] svg.chart").first
    chart.focus()
    chart.press("ArrowLeft")
    full = 2 ** mean(bits_under(Causal()))
    told = page.locator("[data-view=perplexity] .told")
    expect(told).to_contain_text(f"Window W (keys) = {len(IDS)}: full attention {full:.1f} tokens")
    for _ in range(4):
        chart.press("ArrowLeft")
    windowed = 2 ** mean(bits_under(SlidingWindow(4)))
    expect(told).to_contain_text(f"chosen: window of 4 {windowed:.1f} tokens")
