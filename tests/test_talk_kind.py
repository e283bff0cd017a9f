"""Who said what: the stored shares can be measured again, and the page's numbers are Python's."""

import pytest
from playwright.sync_api import expect

from swa_viz.answers import LIMITS, Request, answer
from swa_viz.answers.hidden import hidden_prompt
from swa_viz.experiments.stored_limits import FULL
from swa_viz.experiments.stored_talk import CASES, GROUPS, WINDOWS, right_shares, stored_talk
from swa_viz.experiments.sweep import loaded
from swa_viz.experiments.talks import MEETING, Talk
from swa_viz.lessons.beyond.talk_kind import HIDING, MOST_LINES
from swa_viz.models import load_model, offered_models
from swa_viz.patterns import Causal, SlidingWindow
from swa_viz.reach import reach

MODEL = load_model("tiny-swa")
LARGE = "smollm2-135m"
STORED = stored_talk()["models"][LARGE]
LONGEST = {"filler": MOST_LINES, "before": 0}
TALKS = {name: talk for talks in GROUPS.values() for name, talk in talks.items()}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_only_the_beginning_tells_the_answers_apart(talk: Talk):
    ends = {talk.prompt(right).removeprefix(talk.openings[right]) for right in talk.answers}
    assert len(ends) == 1
    spoken = " ".join(talk.lines)
    assert len({spoken.count(right.strip()) for right in talk.answers}) == 1


@pytest.mark.parametrize("group", GROUPS)
def test_beyond_the_reach_of_all_layers_nothing_but_chance_is_left(group):
    window = WINDOWS[0]
    farthest = reach([SlidingWindow(window)] * STORED["n_layers"])
    chance = 1 / stored_talk()["how"]["answers"][group]
    for name, (_, after) in STORED["lengths"][group].items():
        assert after > farthest
        shares = STORED[f"{group}: window"][name][0]
        assert sum(shares) / len(shares) == pytest.approx(chance, abs=1e-3)


def test_full_attention_still_knows_the_beginning():
    for group, least in (("who", 0.45), ("document", 0.9), ("about", 0.9)):
        for shares in STORED[f"{group}: full"].values():
            assert sum(shares[0]) / len(shares[0]) > least


@pytest.mark.skipif(LARGE not in offered_models(), reason="SmolLM2 was not fetched")
def test_a_stored_share_can_be_measured_again():
    found = right_shares(loaded(LARGE), MEETING, FULL, 1)
    assert found == pytest.approx(STORED["about: full"]["meeting"][0], abs=1e-2)
    assert set(CASES) == {"window", "four sinks", "every sixth full, four sinks"}


@pytest.mark.parametrize("needle", HIDING.needles)
def test_the_longest_prompt_is_read_whole(needle):
    asked = hidden_prompt(HIDING, LONGEST | {"needle": needle})
    assert len(MODEL.encode(asked["text"])) <= LIMITS["tokens"]


def shares(pattern, **knobs) -> list[str]:
    asked = hidden_prompt(HIDING, LONGEST | {"needle": next(iter(HIDING.needles))} | knobs)
    schedule = (pattern,) * MODEL.n_layers
    found = answer(Request("tiny-swa", schedule=schedule, kind="choices", **asked), MODEL)
    every = [each / sum(found["probabilities"]) for each in found["probabilities"]]
    return ["< 0.1 %" if each < 0.0005 else f"{100 * each:.1f} %" for each in every]


def test_the_small_model_hardly_follows_who_spoke():
    full, chance = (Causal(),) * MODEL.n_layers, 1 / len(HIDING.needles)
    right = []
    for place, needle in enumerate(HIDING.needles):
        asked = hidden_prompt(HIDING, LONGEST | {"needle": needle})
        found = answer(Request("tiny-swa", schedule=full, kind="choices", **asked), MODEL)
        right.append(found["probabilities"][place] / sum(found["probabilities"]))
    assert chance < sum(right) / len(right) < chance + 0.1


def test_the_shares_and_the_place_are_python_s_and_follow_the_switch(open_site):
    page = open_site("beyond.html?sequence=talk")
    picture = page.locator(".card", has=page.locator("[data-view=talk]"))
    asked = hidden_prompt(HIDING, LONGEST | {"needle": "mary"})
    n_tokens = len(MODEL.encode(asked["text"]))
    expect(picture.locator("[data-role=query]")).to_have_attribute("data-token", f"{n_tokens - 1}")
    about = "".join(picture.locator("[data-about]").all_inner_texts()).strip()
    assert about == HIDING.needles["mary"].sentence
    expect(picture).to_contain_text("nothing of it can arrive")
    full, windowed = shares(Causal()), shares(SlidingWindow(8))
    answers = page.locator(".card", has=page.locator("[data-view=who]"))
    expect(answers).to_contain_text(f"“Mary” gets {full[0]} of the probability of all answers")
    numbers = [each for row in zip(full, windowed, strict=True) for each in row]
    expect(answers.locator(".portion")).to_have_text(numbers)
    page.get_by_role("radio", name="Code").check(force=True)
    expect(picture).to_be_hidden()
    expect(page.locator("[data-view=code]")).to_be_visible()
