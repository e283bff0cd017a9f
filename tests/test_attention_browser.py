"""The attention page in a real browser: hover, lock, drag, keyboard, links, hostile text."""

import re

import pytest
from playwright.sync_api import Page, expect

from swa_viz.answers import LIMITS
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.models import load_model
from swa_viz.patterns import SlidingWindow
from tests.visitors import as_somebody_else
from tests.waits import copied_link, rested, sent_to_server, until

SECONDS = 1000
ARRIVES = 30 * SECONDS


@pytest.fixture
def attention_page(open_page):
    """Open the page with some knobs, and wait until the model's numbers are on screen."""

    def opened(query: str = "", **look) -> Page:
        page = open_page(f"attention{query}", **look)
        wait_for_numbers(page)
        return page

    return opened


@pytest.fixture
def static_page(open_site):
    """The same with the model in the browser, for what the server has no part in."""

    def opened(query: str = "") -> Page:
        page = open_site(f"attention.html{query}", live=True)
        wait_for_numbers(page)
        return page

    return opened


def wait_for_numbers(page: Page) -> None:
    """The query reads itself, so its own weight is the last number to wait for."""
    expect(page.locator(".chip[data-role=query] .weight")).to_have_text(
        re.compile(r"\d"), timeout=ARRIVES
    )


def spoken(page: Page) -> str:
    return page.locator(".spoken").first.text_content()


def roles(page: Page) -> list[str]:
    return page.locator(".chip").evaluate_all("chips => chips.map((chip) => chip.dataset.role)")


def slider(page: Page, label: str):
    return page.locator(".slider", has_text=re.compile(f"^{label}")).locator("input")


def drag(page: Page, label: str, value: int) -> None:
    """Move a slider as a hand does that has not let go yet."""
    slider(page, label).evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new window.Event('input', {bubbles: true})); }",
        value,
    )


def release(page: Page, label: str) -> None:
    slider(page, label).evaluate(
        "(input) => input.dispatchEvent(new window.Event('change', {bubbles: true}))"
    )


def test_a_window_of_four_reads_four_tokens(static_page):
    page = static_page("?window=4")
    assert roles(page)[-5:] == ["outside", "key", "key", "key", "query"]
    weights = page.locator(".chip .weight").all_text_contents()
    shown = [float(text.replace("<", "0")) for text in weights if text]
    assert len(shown) == 4
    assert sum(shown) == pytest.approx(1, abs=0.03)


def hover_draws_arcs_without_the_server(page: Page) -> None:
    sent = sent_to_server(page)
    page.locator(".chip").nth(6).hover()
    expect(page.locator(".chip").nth(6)).to_have_attribute("data-role", "query")
    expect(page.locator(".arcs path")).to_have_count(3)
    assert "outside the window" in page.locator(".chip").nth(1).get_attribute("title")
    drag(page, "Window W", 9)
    expect(page.locator(".arcs path")).to_have_count(6)
    drag(page, "Layer", 5)
    drag(page, "Head", 2)
    rested(page)
    assert sent == []
    release(page, "Head")
    until(page, lambda: sent)


def a_number_of_another_window_is_never_shown(page: Page) -> None:
    drag(page, "Window W", 8)
    expect(page.locator(".chip[data-role=key]")).to_have_count(7)
    texts = {text for text in page.locator(".chip .weight").all_text_contents() if text}
    assert texts == {"…"}
    assert (
        "weights follow when you let go" in page.locator("h2", has_text="Window W = 8").inner_text()
    )
    release(page, "Window W")
    wait_for_numbers(page)
    expect(page).to_have_url(re.compile("window=8"), timeout=ARRIVES)


def test_who_has_not_let_go_sees_arcs_without_the_server_and_no_old_number(attention_page):
    page = attention_page("?window=4")
    hover_draws_arcs_without_the_server(page)
    page.mouse.move(0, 0)
    wait_for_numbers(page)
    a_number_of_another_window_is_never_shown(page)


def click_locks_and_escape_or_a_second_click_unlocks(page: Page) -> None:
    chip = page.locator(".chip").nth(7)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    page.locator(".chip").nth(2).hover()
    expect(chip).to_have_attribute("data-role", "query")
    assert "token 3" in spoken(page)
    chip.press("Escape")
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")


def arrow_keys_walk_over_the_tokens(page: Page) -> None:
    page.locator(".chip").last.focus()
    page.keyboard.press("Home")
    assert "(token 1) reads 1 of" in spoken(page)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert "(token 5) reads 3 of" in spoken(page)


def test_a_token_is_chosen_by_arrow_keys_and_by_a_click(static_page):
    page = static_page("?window=3")
    arrow_keys_walk_over_the_tokens(page)
    click_locks_and_escape_or_a_second_click_unlocks(page)


def test_a_copied_link_restores_the_view_with_the_text(static_page):
    page = static_page()
    page.get_by_label("Your text").fill("In the beginning God created the heaven")
    expect(page.locator(".chip").first).to_contain_text("In", timeout=ARRIVES)
    for label, value in (("Window W", 3), ("Layer", 5), ("Head", 7)):
        drag(page, label, value)
        release(page, label)
    wait_for_numbers(page)
    page.locator(".chip").nth(3).click()
    assert "beginning" not in page.url
    link = copied_link(page)
    assert "beginning" in link
    seen = spoken(page)
    as_somebody_else(page, link)
    wait_for_numbers(page)
    page.mouse.move(0, 0)
    assert spoken(page) == seen
    assert "layer 5, head 7" in page.locator(".badge").first.inner_text()


@pytest.mark.parametrize(
    "query",
    [
        "window=99999&layer=%3Cscript%3E&head=",
        "window=-3&stage=x&token=999",
        "window=abc",
    ],
)
def test_nonsense_in_the_url_becomes_a_value_that_works(static_page, query):
    page = static_page(f"?{query}")
    assert page.locator(".chip").count() > 5


HOSTILE = [
    "<script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>",
    "![x](https://example.invalid/x.png) [y](javascript:alert(1)) %{x} <b>bold</b>",
    "مرحبا بالعالم \u202egnp.exe",
    "e\u0301 \u0301 👩\u200d👩\u200d👧 \x07\x1b[31m tab\t end",
]


def test_hostile_text_is_only_text_and_disturbs_no_other_visitor(attention_page):
    page, other = attention_page("?window=3"), attention_page("?window=5")
    for text in HOSTILE:
        page.get_by_label("Your text").fill(text)
        first = text.split()[0][0]
        begins = first if first.isascii() else "⟨"
        expect(page.locator(".chip").first).to_contain_text(begins, timeout=ARRIVES)
        wait_for_numbers(page)
        assert page.evaluate("window.harmed") is None, text
        assert page.locator(".lab img, .lab script, .lab b, .lab a").count() == 0, text
        assert "When" in other.locator(".chip").first.text_content()
        assert other.locator(".chip[data-role=key]").count() == 4


def empty_and_short_and_huge_text_each_get_a_sentence(page: Page) -> None:
    box = page.get_by_label("Your text")
    box.fill("")
    expect(page.locator(".empty")).to_contain_text("Type a word", timeout=ARRIVES)
    box.fill("a")
    expect(page.locator(".chip")).to_have_count(1, timeout=ARRIVES)
    wait_for_numbers(page)
    assert "W covers the whole text" in page.locator(".badge").all_text_contents()[-1]
    # Not typed: to lay out each of its words as it comes takes the browser seconds.
    box.evaluate(
        "(box, text) => { box.value = text;"
        " box.dispatchEvent(new window.Event('input', {bubbles: true})); }",
        "word " * 200_000,
    )
    expect(page.locator(".notice")).to_contain_text("1,000,000 characters", timeout=ARRIVES)
    expect(page.locator(".notice")).to_contain_text("the first 2,048 are read", timeout=ARRIVES)
    expect(page.locator(".chip")).to_have_count(LIMITS["stretch"], timeout=ARRIVES)


def dropping_a_token_marks_what_changes_and_undo_brings_it_back(page: Page) -> None:
    n_tokens = page.locator(".chip").count()
    page.locator(".chip").nth(1).click()
    page.get_by_role("button", name="Drop").click()
    expect(page.locator(".chip")).to_have_count(n_tokens - 1, timeout=ARRIVES)
    expect(page.locator(".changes")).to_contain_text("Window of 2", timeout=ARRIVES)
    wait_for_numbers(page)
    marks = page.locator(".chip").evaluate_all("chips => chips.map((c) => c.dataset.mark)")
    # Six layers of a window of 2 carry a change at most six tokens further.
    reach = 6 * (2 - 1)
    assert marks[0] == "same"
    assert set(marks[1 + reach :]) == {"same"}
    assert {"trace", "strong"} & set(marks[1 : 1 + reach])
    page.get_by_role("button", name="Copy link to this view").click()
    page.goto(page.evaluate("() => navigator.clipboard.readText()"))
    expect(page.get_by_text("Token 2 is dropped.")).to_be_visible(timeout=ARRIVES)
    expect(page.locator(".chip")).to_have_count(n_tokens - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".chip")).to_have_count(n_tokens, timeout=ARRIVES)


def a_link_whose_word_the_text_does_not_have_says_so_and_undo_shows_the_text(page: Page) -> None:
    page.goto(f"{page.url}&edit=99:sea")
    expect(page.get_by_text("tokens, so there is no token 99.")).to_be_visible(timeout=ARRIVES)
    expect(page.locator(".chip:visible")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".chip:visible")).not_to_have_count(0, timeout=ARRIVES)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_text_loses_a_token_and_is_emptied_and_grows_huge(attention_page):
    page = attention_page("?window=2")
    dropping_a_token_marks_what_changes_and_undo_brings_it_back(page)
    a_link_whose_word_the_text_does_not_have_says_so_and_undo_shows_the_text(page)
    empty_and_short_and_huge_text_each_get_a_sentence(page)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text.replace("−", "-"))]


def test_one_row_goes_from_scores_to_the_average_in_numbers(static_page):
    page = static_page("?window=4&layer=3&head=2")
    page.get_by_text("One row, step by step").click()
    table = page.locator("table.steps")
    expect(table).to_be_visible(timeout=ARRIVES)
    rows = [numbers_in(text) for text in table.locator("tr.key").all_inner_texts()]
    assert len(rows) == 4
    for *_, weight, v1, p1, v2, p2, v3, p3 in rows:
        assert [p1, p2, p3] == pytest.approx([weight * v for v in (v1, v2, v3)], abs=0.002)
    layer = load_model("tiny-swa").trace(SENTENCE, [SlidingWindow(4)] * 6).layers[2]
    output = layer.output[1, -1, :3].tolist()
    sums = [sum(row[i] for row in rows) for i in (-5, -3, -1)]
    assert sums == pytest.approx(output, abs=0.005)
    _, weights, *shown = numbers_in(table.locator("tfoot").inner_text())
    assert weights == 1 and shown == pytest.approx(output, abs=0.005)
    said = page.locator(".row-card p").last.text_content()
    assert ", ".join(table.locator("td.output").all_text_contents()) in said


def test_a_sink_logit_says_which_share_goes_to_nobody(static_page):
    page = static_page("?window=4&layer=3&head=2&sink_logit=4")
    model = load_model("tiny-swa")
    run = model.run(model.encode(SENTENCE), [SlidingWindow(4)] * 6, sink_logit=4)
    nobody = 1 - float(run.layers[2].weights[1, -1].sum())
    assert nobody > 0.1
    said = page.get_by_text("goes to nobody: the share of the sink logit").first
    expect(said).to_be_visible(timeout=ARRIVES)
    assert numbers_in(said.inner_text())[-1] == pytest.approx(nobody, abs=0.0051)
    page.get_by_text("One row, step by step").click()
    rest = page.get_by_text("the weights of the keys sum to")
    expect(rest).to_be_visible(timeout=ARRIVES)
    assert numbers_in(rest.inner_text())[-1] == pytest.approx(1 - nobody, abs=0.0051)
    slider = page.get_by_role("slider", name="Sink logit", exact=True)
    slider.focus()
    slider.press("Home")
    expect(said).to_have_count(0, timeout=ARRIVES)
