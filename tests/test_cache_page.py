"""The cache page: its counts are Python's, and its picture shows what a real cache does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from swa_viz.lessons.cache.lesson import TEXT
from swa_viz.models import load_model
from swa_viz.patterns import Kept
from swa_viz.patterns.schedule import schedule_of
from swa_viz.recompute import Keeping, Talk, after_edit, after_going_back, held_tokens, reuse
from swa_viz.slots import evicted_by, held_after, slot_of
from swa_viz.web.bundle import as_function, in_order
from tests.accessibility import violations
from tests.waits import rested, until_ready

KEPT = [Kept(0, None), Kept(0, 1), Kept(0, 4), Kept(2, 4), Kept(5, 3), Kept(0, 40)]
STACKS = [[kept] for kept in KEPT] + [[Kept(0, 4), Kept(0, None)], [Kept(5, 3), Kept(1, 6)]]
KEEPINGS = [Keeping(), Keeping(spare=3), Keeping(checkpoint_every=5), Keeping(2, 9)]
TALKS = [Talk(1, 4, 20, 0), Talk(3, 5, 7, 2), Talk(2, 6, 30, 40)]
LENGTHS = range(0, 31)


@pytest.fixture(scope="module")
def modules(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the lab's modules, each as a global named by its path."""
    page = chromium_browser.new_page()
    names = in_order("lessons/cache/lab.js")
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")
    yield page
    page.close()


def test_slots_in_the_browser_are_python_s(modules: Page):
    ask = """([all, lengths]) => all.map((kept) => lengths.map((n) =>
      [$slots.slotOf(kept, n), $slots.evictedBy(kept, n), $slots.heldAfter(kept, n)]))"""
    found = modules.evaluate(ask, [[kept._asdict() for kept in KEPT], list(LENGTHS)])
    assert found == [
        [[slot_of(kept, n), evicted_by(kept, n), held_after(kept, n)] for n in LENGTHS]
        for kept in KEPT
    ]


def test_what_is_computed_again_in_the_browser_is_python_s(modules: Page):
    ask = """([stacks, keepings, n]) => stacks.map((layers) => keepings.map((keeping) =>
      Array.from({length: n}, (_, p) => [$recompute.afterEdit(layers, n, p, keeping),
        $recompute.afterGoingBack(layers, n, p, keeping)])))"""
    plain = [[kept._asdict() for kept in layers] for layers in STACKS]
    kept_too = [{"spare": k.spare, "checkpointEvery": k.checkpoint_every} for k in KEEPINGS]
    n = 23
    assert modules.evaluate(ask, [plain, kept_too, n]) == [
        [
            [
                [after_edit(layers, n, p, keeping), after_going_back(layers, n, p, keeping)]
                for p in range(n)
            ]
            for keeping in KEEPINGS
        ]
        for layers in STACKS
    ]


@pytest.mark.parametrize("pool", [3, 25, 90, 1000])
def test_reuse_in_the_browser_is_python_s(modules: Page, pool: int):
    ask = """([stacks, keepings, talks, pool]) => stacks.map((layers) =>
      keepings.map((keeping) => talks.map((talk) =>
        [$recompute.reuse(layers, talk, pool, keeping),
         $recompute.heldTokens(layers, talk.tokens, keeping)])))"""
    plain = [[kept._asdict() for kept in layers] for layers in STACKS]
    kept_too = [{"spare": k.spare, "checkpointEvery": k.checkpoint_every} for k in KEEPINGS]
    talks = [
        {
            "conversations": t.conversations,
            "turns": t.turns,
            "tokens": t.tokens,
            "takenBack": t.taken_back,
        }
        for t in TALKS
    ]
    assert modules.evaluate(ask, [plain, kept_too, talks, pool]) == [
        [
            [
                [reuse(layers, talk, pool, keeping), held_tokens(layers, talk.tokens, keeping)]
                for talk in TALKS
            ]
            for keeping in KEEPINGS
        ]
        for layers in STACKS
    ]


def in_slots(page: Page) -> list[str]:
    """What the ring shows, slot by slot: its word and what it is."""
    return page.locator(".ring .slot").evaluate_all(
        "all => all.map((each) => `${each.querySelector('.word').textContent} "
        "${each.getAttribute('class').split(' ')[1]}`)"
    )


def test_the_ring_holds_what_the_model_s_cache_holds(open_site):
    text = "The cat sat on the mat and the dog sat"
    page = open_site(f"cache.html?window=4&text={text.replace(' ', '+')}", live=True)
    page.locator(".ring .slot").first.wait_for()
    model = load_model("tiny-swa")
    ids = model.encode(text)
    pieces = [piece.strip() for piece in model.tokenizer.pieces(ids)]
    cache = model.new_cache(schedule_of("wwwwww", 4, 0))
    model.extend(ids, cache)
    last = len(ids) - 1
    held = cache.held_positions()[0]
    assert in_slots(page) == [
        f"{pieces[position]} {'written' if position == last else 'read'}" for position in held
    ]
    expect(page.locator(".ring .gone:not(:empty)")).to_have_text(pieces[last - 4])
    expect(page.locator(".kept-rows .count").nth(2)).to_contain_text("4 · 4.0 KiB")
    # One step back, by the keyboard.
    page.get_by_role("button", name="One token back").press("Enter")
    rested(page)
    assert f"{pieces[last - 1]} written" in in_slots(page)
    # Nothing is kept: every key is computed in every step.
    page.get_by_text("no cache", exact=True).click()
    expect(page.locator(".kept-rows rect.written")).to_have_count(last)
    expect(page.locator(".ring .slot.empty")).to_have_count(4)
    expect(page.locator(".count").first).to_contain_text(f"{last * (last + 1) // 2}")
    # The model in this browser writes what Python writes.
    until_ready(page)
    page.get_by_role("button", name="Write on").click()
    expect(page.get_by_role("button", name="Time it with full attention")).to_be_visible()
    sampling = {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "seed": 1}
    schedule = schedule_of("wwwwww", 4, 0)
    written = "".join(s.text for s in model.generate(text, 24, layer_schedule=schedule, **sampling))
    assert page.locator(".written-text .added").text_content() == written


def test_rejected_tokens_are_taken_back_by_who_still_holds_the_keys(open_site):
    page = open_site("cache.html?window=4&drafted=3&spare=2", width=390, live=True)
    page.get_by_role("button", name="Reject the last 3").click()
    verdicts = page.locator(".verdict-line")
    expect(verdicts).to_have_count(3)
    n = page.locator(".kept-rows rect").count() // 3 - 3
    expect(verdicts.nth(0)).to_contain_text("Nothing is computed again")
    expect(verdicts.nth(1)).to_contain_text(f"{n} tokens are computed again")
    expect(verdicts.nth(2)).to_contain_text("Nothing is computed again")
    assert page.locator(".taken").nth(1).locator("[data-role=missing]").count() == 2
    assert violations(page, "main") == []


def test_the_model_writes_through_the_ring_and_the_same_seed_writes_the_same(open_page):
    """On the server, as a visitor who saves data has it; the answers are the model's own steps."""
    page = open_page("cache?window=4&new_tokens=9&write_seed=5")
    page.locator(".ring .slot").first.wait_for()
    n_prompt = page.locator(".kept-rows rect").count() // 3
    go = page.get_by_role("button", name="Write on")
    go.click()
    compare = page.get_by_role("button", name="Time it with full attention")
    compare.wait_for()
    text = page.locator(".written-text .added").text_content()
    expect(page.locator(".kept-rows rect")).to_have_count(3 * (n_prompt + 9))
    model = load_model("tiny-swa")
    sampling = {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "seed": 5}
    schedule = schedule_of("wwwwww", 4, 0)
    steps = list(model.generate(TEXT, 9, layer_schedule=schedule, **sampling))
    assert text == "".join(step.text for step in steps)
    last = steps[-1]
    expect(page.locator(".ring .written")).to_have_attribute("data-slot", str(last.slots[0]))
    expect(page.locator(".card .lead").first).to_contain_text(f"(position {last.evicted[0]}) stood")
    expect(page.locator(".byte-bars strong").first).to_have_text("24.0 KiB")
    compare.click()
    expect(page.locator("[data-view=written]")).to_contain_text("With full attention it wrote")
    # Other values are another text: this one is not shown for them.
    page.get_by_role("button", name="One token back").click()
    expect(page.locator(".ring .written")).to_have_attribute("data-slot", str(steps[-2].slots[0]))
    page.locator("[data-knob=window] input").press("ArrowRight")
    expect(page.locator(".kept-rows rect")).to_have_count(3 * n_prompt)
    # To cancel is to ask for no more: what came stays.
    page.get_by_text("How it chooses").click()
    page.locator("[data-knob=new_tokens] input").press("End")
    go.click()
    expect(page.locator(".written-text .added")).not_to_be_empty()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-view=written]")).to_contain_text("You stopped it after")
    # A text in chunks is the same text.
    page.get_by_role("button", name="Read it in three ways").click()
    expect(page.locator(".chunk-side .finding")).to_contain_text("the three ways are one")


def test_what_a_token_took_is_said_from_what_was_timed(modules: Page):
    """Smaller but not faster, faster, slower: whichever the numbers say."""
    say = """([ring, full, anew]) => {
      const point = (way, n_tokens, ms, n_bytes) =>
        ({way, n_tokens, ms, low: ms, high: ms, n_bytes});
      const pace = {machine: "M", model: "m", window: 2, points: [
        point("window", 4, ring[0], 10), point("window", 40, ring[1], 10),
        point("full", 4, full[0], 20), point("full", 40, full[1], 200), point("anew", 4, anew, 0)]};
      const element = $lessons_cache_pace_card.render({data: {extra: {pace}}});
      return element.querySelector("p").textContent;
    }"""
    found = modules.evaluate(say, [[5, 5], [5.2, 50], 60])
    assert found.startswith(
        "After 4 tokens the ring is 2.0 times smaller than a full cache, but not faster: 5.0 ms "
        "against 5.2 ms. After 40 tokens the ring is 20 times smaller than a full cache, and 10 "
        "times as fast: 5.0 ms against 50 ms."
    )
    assert found.endswith("after 4 tokens that takes 60 ms, 12 times as long as with the ring.")
    assert "but slower" in modules.evaluate(say, [[8, 8], [5, 50], 60])
