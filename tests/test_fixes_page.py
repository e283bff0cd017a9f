"""The page of fixes: texts by the laws of far_tasks.py, and measured numbers as they are stored."""

import json
import math
import re
import subprocess
from statistics import fmean

import pytest
from playwright.sync_api import expect

from swa_viz.experiments.delay import stored_delay
from swa_viz.experiments.far_tasks import (
    AGAIN,
    CLOSING,
    COLOURS,
    END,
    FILLER,
    NAMES,
    OPENING,
    TASKS,
)
from swa_viz.experiments.fix_words import WORDS
from swa_viz.experiments.fixes import FIXES, TEXT_LEN
from swa_viz.experiments.stored_fixes import costs, heard, stored_fixes
from swa_viz.lessons.fixes.lesson import LESSON
from swa_viz.web.bundle import PACKAGE

# A moment in which a page draws, and one in which any play of it ends.
A_FRAME_MS, A_WALK_MS = 50, 60_000
STORED = stored_fixes()
HOW, STORED_FIXES = STORED["how"], STORED["fixes"]
# What heads have learned is not counted from the table.
PLAIN = [name for name in FIXES if name not in ("adaptive", "content", "state")]


def seeds_at(name: str, task: str, distance: int) -> list[float]:
    """The shares of right answers, one for each seed."""
    at = HOW["distances"].index(distance)
    return [seed[at] for seed in STORED_FIXES[name]["accuracy"][task]]


def texts_of(task: str) -> list[dict]:
    """Texts as the browser makes them, at every distance from 6 to 72."""
    script = f"""
        import {{ TASKS }} from "./experiments/far_tasks.js";
        import {{ chance }} from "./web/questions/question.js";
        const all = [];
        for (let distance = 6; distance <= 72; distance++) {{
          const made = TASKS.{task}(chance(distance), {TEXT_LEN}, distance);
          all.push({{ distance, ...made, sources: [...made.sources] }});
        }}
        console.log(JSON.stringify(all));
    """
    asked = ["node", "--input-type=module", "-e", script]
    found = subprocess.run(asked, cwd=PACKAGE, capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


def answer_of(task: str, words: list[str], place: int) -> str:
    """What must stand at a place, worked out from the words before it alone."""
    before = words[:place]
    if task == "recall":
        return before[before.index(before[-1]) + 1]
    if task == "copy":
        again = max(i for i, word in enumerate(before) if word == AGAIN)
        latest = max(i for i in range(again - 1) if set(words[i : i + 6]) <= set(COLOURS))
        return words[latest + place - again - 1]
    opened = []
    for word in before:
        if word in OPENING:
            opened.append(word)
        elif word in CLOSING:
            opened.pop()
    return CLOSING[OPENING.index(opened[-1])]


@pytest.mark.parametrize("task", TASKS)
def test_a_text_made_in_the_browser_obeys_the_same_law(task):
    known = {*NAMES, *COLOURS, *OPENING, *CLOSING, AGAIN, END, *FILLER}
    for text in texts_of(task):
        words, last = text["words"], text["last"]
        assert len(words) == TEXT_LEN and set(words) <= known
        sources = dict(text["sources"])
        assert last[-1] == TEXT_LEN - 1 and set(last) <= set(sources)
        for place in sources:
            assert words[place] == answer_of(task, words, place)
        assert {place - 1 - sources[place] for place in last} == {text["distance"]}


def test_every_way_has_its_words_and_its_measurement():
    assert list(WORDS) == list(FIXES) and set(STORED_FIXES) <= set(FIXES)
    for fix in STORED_FIXES.values():
        for task in TASKS:
            assert len(fix["accuracy"][task]) >= 1
            assert {len(seed) for seed in fix["accuracy"][task]} == {len(HOW["distances"])}


@pytest.mark.parametrize("name", PLAIN)
def test_what_a_way_costs_and_reaches_is_counted_from_its_schedule(name):
    stored, schedule = STORED_FIXES[name], FIXES[name].layers()
    assert stored["reach"] == heard(schedule)
    assert {part: stored[part] for part in costs(FIXES[name], schedule)} == costs(
        FIXES[name], schedule
    )


@pytest.mark.parametrize("task", TASKS)
def test_beyond_the_reach_of_plain_windows_nobody_does_better_than_a_guess(task):
    reach = STORED_FIXES["window"]["reach"]
    for distance in HOW["distances"]:
        if distance >= reach:
            asked = seeds_at("window", task, distance)
            assert fmean(asked) < HOW["chance"][task] + 0.1


def test_the_page_says_what_was_measured_and_the_table_leads_to_every_picture(open_site):
    page = open_site("fixes.html?fix=state&task=recall&distance=64")
    verdict = page.locator("[data-view=verdict]")
    share = fmean(seeds_at("state", "recall", 64))
    expect(verdict).to_contain_text(f"At a distance of 64 words {100 * share:.1f} % of the answers")
    plain = fmean(seeds_at("window", "recall", 64))
    expect(verdict).to_contain_text(f"With the plain window it is {100 * plain:.1f} %")
    text = page.locator(".card", has=page.locator("[data-view=text]"))
    expect(text).to_contain_text("stands 64 words before the query")
    expect(text).to_contain_text("the state of each layer sums up")
    roles = text.locator("[data-token]").evaluate_all(
        "all => all.map(({ dataset }) => dataset.role)"
    )
    assert roles.index("query") == TEXT_LEN - 2 and roles.count("window") == HOW["window"] - 1
    about = text.locator("[data-about]").all_inner_texts()
    assert about[0].strip() in NAMES and about[1].strip() in COLOURS

    ways = page.locator("[data-view=ways]")
    ways.get_by_role("button", name=FIXES["chunks"].label, exact=True).click()
    expect(page).to_have_url(re.compile("fix=chunks"))
    expect(text).to_contain_text("so the model can only guess")
    expect(ways.locator("tr.taken")).to_contain_text(FIXES["chunks"].label)
    ways.get_by_role("button", name="pairs").click()
    cheapest = min(STORED_FIXES.values(), key=lambda fix: fix["pairs"])
    expect(ways.locator("tbody tr").first).to_contain_text(cheapest["label"])

    page.get_by_label("Way to read").select_option("pyramid")
    layer = page.locator("[data-knob=layer] input")
    expect(layer).to_have_attribute("max", "6")
    layer.fill("6")
    expect(page.locator(".way-notes")).to_contain_text("Layer 6 of 6: window W = 64")


def test_spans_can_be_played_through_the_training(open_site):
    page = open_site("fixes.html?fix=content&step=20", before=lambda page: page.clock.install())
    card = page.locator(".card", has=page.locator("[data-view=growth-content]"))
    spans = STORED_FIXES["content"]["spans"]

    def longest(at: int) -> str:
        return f"{max(max(layer) for layer in spans['seeds'][0][at]):.1f} words"

    expect(card).to_contain_text(
        f"After 20 steps of the first seed the longest mean span of its tokens is {longest(0)}"
    )
    page.get_by_role("button", name="Play the training").click()
    page.clock.run_for(A_WALK_MS)
    expect(card).to_contain_text(f"After {spans['steps'][-1]} steps")
    expect(card).to_contain_text(longest(-1))
    assert LESSON.knobs["step"].default == spans["steps"][-1]


def test_the_distance_can_be_played_and_stops_when_something_else_is_moved(open_site):
    """On a clock that the test moves: on a busy machine a step would be over before it is seen."""
    page = open_site(
        "fixes.html?fix=window&task=recall&distance=60",
        before=lambda page: page.clock.install(time=0),
    )
    page.clock.pause_at(3_600_000)
    text = page.locator(".card", has=page.locator("[data-view=text]"))
    play = page.locator("button.knob-play", has_text="Play the distance")
    play.click()
    page.clock.run_for(A_FRAME_MS)
    expect(text).to_contain_text("stands 61 words before the query")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_label("Way to read").select_option("full")
    page.clock.run_for(A_WALK_MS)
    expect(play).to_be_visible()
    expect(page).to_have_url(re.compile("fix=full.*distance=61|distance=61.*fix=full"))
    play.click()
    page.clock.run_for(A_WALK_MS)
    expect(text).to_contain_text("stands 72 words before the query")
    expect(play).to_be_visible()
    expect(page).to_have_url(re.compile("distance=72"))
    play.click()
    page.clock.run_for(A_FRAME_MS)
    expect(text).to_contain_text("stands 6 words before the query")


def rises(runs: dict, name: str, steps: list[int]) -> list[float]:
    """From which step on each seed is right in half of the far answers or more; else infinity."""
    found = []
    for seed in runs[name]["right"]:
        from_here = [step for i, step in enumerate(steps) if min(seed[i:]) >= 0.5]
        found.append(min(from_here, default=math.inf))
    return found


def test_what_no_positions_change_is_counted_model_by_model(open_site):
    stored = stored_delay()
    steps, runs = stored["how"]["steps"], stored["runs"]
    pairs = [
        pair
        for window in (8, 32, 128)
        for pair in zip(
            rises(runs, f"w{window}", steps), rises(runs, f"w{window}-nope", steps), strict=True
        )
    ]
    sooner = sum(without < before for before, without in pairs)
    later = sum(without > before for before, without in pairs)
    card = open_site("fixes.html").locator(".card", has_text="delay retrieval?")
    expect(card).to_contain_text(
        f"Of {len(pairs)} models that is sooner in {sooner} and later in {later}."
    )
    with_never = [
        ", ".join("never" if math.isinf(step) else str(int(step)) for step in found[:-1])
        + f" and {'never' if math.isinf(found[-1]) else int(found[-1])}"
        for found in (rises(runs, "w8-nope", steps), rises(runs, "w128-nope", steps))
    ]
    expect(card).to_contain_text(f"full layer: W = 8: {with_never[0]};")
    expect(card).to_contain_text(f"W = 128: {with_never[1]}.")
