"""The limits page: what every token of a text costs, in numbers that Python computes again."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.answers import LIMITS, answer
from swa_viz.answers.perplexity import doubling_to
from swa_viz.answers.request import Request
from swa_viz.cost import score_pairs
from swa_viz.experiments import perplexity_against_window
from swa_viz.experiments.stored_limits import (
    CASES,
    PASSAGES,
    PREDICTED,
    REACH_TOKENS,
    REACH_WINDOWS,
    WINDOWS,
    case_bits,
    moved_by_the_first_token,
    passages,
    stored,
)
from swa_viz.experiments.sweep import loaded
from swa_viz.lessons.limits.lesson import TEXT
from swa_viz.models import load_model, offered_models
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
    expect(chip).to_have_attribute("aria-pressed", "true")
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


STORED = stored()
LARGE, SMALL = STORED["models"]["smollm2-135m"], STORED["models"]["tiny-swa"]


@pytest.mark.parametrize("name", CASES)
def test_what_is_stored_can_be_measured_again(name):
    rows = passages(MODEL, PASSAGES, PREDICTED)
    assert case_bits(MODEL, rows, CASES[name], WINDOWS[:1]) == pytest.approx(
        SMALL[name][:1], rel=1e-3
    )


@pytest.mark.parametrize("window", REACH_WINDOWS)
@pytest.mark.parametrize("name", STORED["models"])
def test_beyond_the_ceiling_nothing_moves(name, window):
    model, found = STORED["models"][name], STORED["models"][name]["reach"][str(window)]
    assert found["changed"] - 1 == model["n_layers"] * (window - 1) < REACH_TOKENS
    assert not any(found["bits"][found["changed"] :])


@pytest.mark.skipif("smollm2-135m" not in offered_models(), reason="SmolLM2 was not fetched")
def test_the_large_model_s_reach_can_be_measured_again():
    model = loaded("smollm2-135m")
    first = passages(model, 1, PREDICTED)[0, :REACH_TOKENS].tolist()
    found, expected = moved_by_the_first_token(model, first, 2), LARGE["reach"]["2"]
    assert found["changed"] == expected["changed"]
    assert found["bits"][:8] == pytest.approx(expected["bits"][:8], rel=1e-2)


def test_only_the_model_trained_in_full_collapses_and_a_sink_repairs_most_of_it():
    assert LARGE["trained_window"] is None and SMALL["trained_window"] == 32
    assert all(set(CASES) <= set(model) for model in STORED["models"].values())
    for window, plain, sink in zip(WINDOWS, LARGE["plain"], LARGE["one sink"], strict=True):
        lost, left = plain - LARGE["full"], sink - LARGE["full"]
        assert lost > 0.2 * LARGE["full"] or window > 64
        assert left < 0.5 * lost
    trained = SMALL["plain"][WINDOWS.index(32)]
    assert trained == min(SMALL["plain"]) and max(SMALL["plain"]) < SMALL["full"]


def test_the_first_token_s_reach_and_the_answers_stand_below(page):
    heading = page.get_by_text("In your text")
    card = page.locator(".card", has=heading)
    expect(card).to_contain_text("moves predictions up to 18 tokens later")
    expect(card).to_contain_text("the ceiling is L × (W − 1) = 18.")
    expect(page.locator("[data-view=reach] .edge")).to_have_count(1)
    said = page.locator("[data-view=misconceptions]")
    expect(said).to_contain_text(f"needs {LARGE['plain'][WINDOWS.index(32)]:.2f} bits per byte")
    expect(said).to_contain_text(f"instead of {LARGE['full']:.2f}")
    fewer = score_pairs(Causal(), len(IDS)) / score_pairs(SlidingWindow(4), len(IDS))
    expect(said).to_contain_text(f"{fewer:.1f} times fewer score pairs")
