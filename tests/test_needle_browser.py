"""The forgotten instruction on the page: what is said follows from what is stored."""

import csv
from statistics import fmean

import pytest
from playwright.sync_api import expect

from swa_viz.experiments.stored_needle import CASES, PLANS, QUESTIONS, stored_needle
from swa_viz.patterns import SlidingWindow
from swa_viz.reach import reach

STORED = stored_needle()
MODELS = STORED["models"]
CHANGE = "every sixth full, four sinks"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def words(name: str, case: str, is_far: bool | None = None) -> str:
    """The lowest and the highest share, of all distances or of those inside or beyond W."""
    prompt = MODELS[name]["prompt"]
    shares = [
        share
        for needle in MODELS[name][case].values()
        for share, distance in zip(needle, prompt["distances"], strict=True)
        if is_far is None or (distance >= prompt["window"]) == is_far
    ]
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else f"{low} to {high}"


@pytest.fixture
def page(open_site):
    opened = open_site("limits.html")
    opened.locator("[data-view=needle-tiny-swa]").wait_for()
    return opened


def card_of(page, name):
    return page.locator(".card", has=page.locator(f"[data-view=needle-{name}]"))


def test_the_sentences_are_those_of_the_stored_shares(page):
    large = card_of(page, "smollm2-135m")
    expect(large).to_contain_text("N = 1,024 tokens is read with W = 256")
    for case, is_far in (("window", False), ("window", True), ("full", None), (CHANGE, True)):
        expect(large).to_contain_text(words("smollm2-135m", case, is_far))
    ceiling = MODELS["smollm2-135m"]["n_layers"] * (256 - 1)
    expect(large).to_contain_text(f"The ceiling L × (W − 1) = {ceiling:,} tokens would let")
    small = card_of(page, "tiny-swa")
    expect(small).to_contain_text("This model cannot recall the sentence in full attention")
    expect(small).to_contain_text(f"the right answer gets {words('tiny-swa', 'full')} of")
    section = page.locator("section", has=page.get_by_text("The forgotten instruction"))
    for needle in STORED["how"]["needles"]:
        expect(section).to_contain_text(needle)


def test_who_recalls_and_what_the_ceiling_allows():
    """What the cards say in words holds for every stored number."""
    for name, can_recall in (("smollm2-135m", True), ("tiny-swa", False)):
        model, plan = MODELS[name], PLANS[name]
        full = [share for needle in model["full"].values() for share in needle]
        assert (min(full) > 0.5) == can_recall and (max(full) > 0.5) == can_recall
        assert plan.window < plan.n_tokens / 3
    large = PLANS["smollm2-135m"]
    assert MODELS["smollm2-135m"]["n_layers"] * (large.window - 1) > max(large.distances)


def test_the_menu_changes_one_line_and_its_marks(page):
    small = card_of(page, "tiny-swa")
    expect(small.locator(".edge")).to_have_count(2)  # W, and the ceiling
    expect(small.locator("g.line:not(.sample *)")).to_have_count(4)
    page.get_by_label("A change to the windows").select_option("small window")
    plan, layers = PLANS["tiny-swa"], MODELS["tiny-swa"]["n_layers"]
    ceiling = layers * (plan.small_window - 1)
    expect(small).to_contain_text(f"from more than L × (W − 1) = {ceiling} tokens back")
    expect(small.locator(".edge + text")).to_have_text([f"W = {plan.small_window}", "ceiling"])
    chart = small.locator("svg.chart").first
    chart.focus()
    chart.press("ArrowLeft")
    told = small.locator(".told")
    farthest = plan.distances[-1]
    full = fmean(shares[-1] for shares in MODELS["tiny-swa"]["full"].values())
    expect(told).to_contain_text(
        f"tokens between the sentence and the end = {farthest}: full attention {full:.3f}"
    )
    assert reach_is(layers, plan.small_window) == ceiling


def reach_is(n_layers: int, window: int) -> int:
    """How many tokens back the layers can reach."""
    return reach((SlidingWindow(window),) * n_layers) - 1


def test_the_file_of_numbers_holds_every_case(page):
    card = card_of(page, "smollm2-135m")
    card.locator("details.save summary").click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="CSV, numbers").click()
    rows = list(csv.reader(saved.value.path().read_text("utf-8-sig").splitlines()))
    distances = PLANS["smollm2-135m"].distances
    assert len(rows) == 1 + len(CASES) * len(QUESTIONS) * len(distances)
    found = {(case, needle, int(far)): float(share) for case, _, needle, far, share in rows[1:]}
    for case in CASES:
        for needle, shares in MODELS["smollm2-135m"][case].items():
            assert [found[case, needle, far] for far in distances] == shares
