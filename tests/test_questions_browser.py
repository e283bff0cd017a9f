"""Every kind of question of every lab, on several texts and windows: the right choice is Python's.

The browser asks; what it asks about comes along as plain data, and Python works the answer out by
its own patterns, its own reach and its own model.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.answers import Request, answer
from swa_viz.answers.trace_payload import trace_payload
from swa_viz.cost import keys_per_query, score_pairs
from swa_viz.experiments.fixes import FIXES
from swa_viz.experiments.stored_fixes import costs as costs_of_way
from swa_viz.experiments.stored_fixes import heard as arriving
from swa_viz.experiments.stored_fixes import stored_fixes
from swa_viz.lessons import LESSONS
from swa_viz.lessons.questions import QUESTIONS
from swa_viz.models import load_model
from swa_viz.patterns import PATTERNS, Causal, Kept, Pattern, read_pattern
from swa_viz.patterns.schedule import schedule_of
from swa_viz.patterns.schedule_text import following
from swa_viz.reach import reachable
from swa_viz.recompute import after_going_back
from swa_viz.slots import evicted_by, held_after, slot_of
from swa_viz.trace import ForwardTrace
from swa_viz.web.bundle import as_function, in_order

LABS = ("home", "window", "attention", "layers", "cache", "limits", "fixes")
READING = ("home", "attention", "layers", "cache", "limits")
SEEDS = range(1, 7)
LAYER, HEAD = 3, 2
MODEL = load_model("tiny-swa")
BANK = "He put the money in the bank. Later he took the money out of the"
CAT = "The cat sat on the mat, and the dog looked at the"
WORDS = re.compile(r"^“(.*?)”")


@cache
def run(text: str, schedule: tuple[Pattern, ...]) -> ForwardTrace:
    return MODEL.trace(text, schedule)


def piece_of(token: int) -> str:
    return MODEL.tokenizer.pieces([token])[0]


def in_browser(trace: ForwardTrace) -> dict:
    """A run as a lab holds it, with the weights of the one head that is asked about."""
    schedule = tuple(layer.pattern for layer in trace.layers)
    payload = trace_payload(trace, Request(MODEL.name, "", schedule), piece_of)
    weights = trace.layers[LAYER - 1].weights[HEAD - 1].tolist()
    return {"tokens": payload["tokens"], "next": payload["next"], "weights": weights}


def runs_of(text: str, letters: str, window: int, sinks: int) -> dict:
    schedule = schedule_of(letters, window, sinks)
    full = in_browser(run(text, (Causal(),) * MODEL.n_layers))
    windowed = in_browser(run(text, schedule))
    return {"full": full, "windowed": windowed, "schedule": [p.to_plain() for p in schedule]}


def readings_of(text: str, letters: str, window: int, sinks: int) -> dict:
    """What the limits lab knows of a text."""

    def read(schedule: tuple[Pattern, ...], kind: str, layers: list[int] | None = None) -> dict:
        named = None if layers is None else tuple(layers)
        return answer(Request(MODEL.name, text, schedule, kind=kind, layers=named), MODEL)

    chosen = schedule_of(letters, 1, sinks)
    full = read((Causal(),) * MODEL.n_layers, "perplexity")
    return {"full": full, "windows": read(chosen, "windows", following(letters))}


def known_of(text: str, letters: str, window: int, sinks: int) -> dict:
    values = {"schedule": letters, "window": window, "sinks": sinks}
    state = (text, letters, window, sinks)
    return {"runs": runs_of(*state), "readings": readings_of(*state), **values}


STATES = [(BANK, "wwwwww", 4, 0), (CAT, "wwwwww", 3, 0), (CAT, "wfdcww", 5, 2)]
STATES += [(BANK, "w8wfw3wd2", 4, 0)]
WINDOW_DATA = {
    "conventions": {},
    "patterns": {
        kind: {"settings": [asdict(setting) for setting in pattern.settings]}
        for kind, pattern in PATTERNS.items()
    },
}

STORED_FIXES = stored_fixes()

OPENED = """(run) => ({...run, seqLen: run.tokens.length,
    value: (layer, head, query, key) => run.weights[query][key]})"""
SCENES = {
    "home": "({runs, window}) => [{full: opened(runs.full), windowed: opened(runs.windowed)}, "
    "window, 6, runs.full.tokens.length - 1]",
    "attention": "({runs, ...values}) => [{schedule: runs.schedule, full: opened(runs.full),"
    " windowed: opened(runs.windowed), query: runs.full.tokens.length - 1,"
    " values: {...values, layer: 3, head: 2, stage: 'weights'}}]",
    "layers": "({runs, ...values}) => [{values: {...values, layers: 4}, tokens: runs.full.tokens,"
    " query: runs.full.tokens.length - 1}, false]",
    "cache": "({runs, ...values}) => [{values, full: runs.full, waiting: false,"
    " query: runs.full.tokens.length - 1}]",
    "limits": "({readings, ...values}) => [{values, ...readings, waiting: false,"
    " query: readings.full.tokens.length - 1}]",
    "window": "({values, data, words}) => [values, data,"
    " {...$lessons_window_chosen.chosenPattern(values, data), query: values.tokens - 1, words}]",
    "fixes": "({values, stored}) => [{data: {extra: {stored}}}, values]",
}
# Every kind of question, for every seed: null where there is nothing to ask.
ASK = """([state, seeds]) => {{
  const opened = {opened};
  const {{KINDS, sceneOf}} = $lessons_{lab}_questions;
  const scene = sceneOf(...({scene})(state));
  const posed = (kind) => seeds.map((seed) =>
    scene && KINDS[kind](scene, $web_questions_question.chance(seed)));
  return Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, posed(kind)]));
}}"""


@pytest.fixture(scope="module")
def ask(chromium_browser: Browser) -> Iterator[Callable]:
    """`ask("home", state)` -> for every kind its questions, one for each seed, or None."""
    page: Page = chromium_browser.new_page()
    names = in_order(*(f"lessons/{lab}/questions.js" for lab in LABS))
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")

    def asked(lab: str, state: dict, seeds: Iterable[int] = SEEDS) -> dict[str, list]:
        source = ASK.format(opened=OPENED, lab=lab, scene=SCENES[lab])
        return page.evaluate(source, [state, list(seeds)])

    yield asked
    page.close()


def told(number: int) -> str:
    return f"{number:,}"


def patterns(plain: list[dict]) -> tuple[Pattern, ...]:
    return tuple(map(read_pattern, plain))


def reads(given: dict, text: str) -> str:
    visible = read_pattern(given["pattern"]).visible(given["query"], given["key"])
    return "Yes" if visible else "No"


def keys(given: dict, text: str) -> str:
    n = given["seqLen"]
    return told(keys_per_query(read_pattern(given["pattern"]), n, n)[given["query"]])


def pairs(given: dict, text: str) -> str:
    return told(score_pairs(read_pattern(given["pattern"]), given["seqLen"]))


def needed(given: dict, text: str) -> str:
    seen = [p.visible(given["query"], given["key"]) for p in patterns(given["patterns"])]
    return told(seen.index(True) + 1)


def twice(given: dict, text: str) -> str:
    pattern = read_pattern(given["pattern"])
    rows = [
        reachable((pattern,) * layers, given["query"], given["seqLen"])[0][given["key"]]
        for layers in (1, 2)
    ]
    if rows[0]:
        return "Yes, in one layer"
    return "Yes, but only through two layers" if rows[1] else "No, not even through two layers"


def shares(given: dict, text: str, schedule: tuple[Pattern, ...]):
    return run(text, schedule).logits[given["query"]].softmax(-1)


def expects(given: dict, text: str) -> str:
    best = shares(given, text, patterns(given["schedule"])).argmax()
    return piece_of(int(best)).strip()


def loses(given: dict, text: str) -> str:
    full = shares(given, text, (Causal(),) * MODEL.n_layers)
    lost = (full - shares(given, text, patterns(given["schedule"])))[given["ids"]]
    return piece_of(given["ids"][int(lost.argmax())]).strip()


def heaviest(given: dict, text: str) -> str:
    layer = run(text, patterns(given["schedule"])).layers[given["layer"] - 1]
    key = int(layer.weights[given["head"] - 1, given["query"]].argmax())
    return f"“{run(text, patterns(given['schedule'])).tokens[key].strip()}” (token {key + 1})"


def first_arrival(given: dict) -> int | None:
    """The place of the first schedule through which the key arrives, counted from 1."""
    for place, plain in enumerate(given["schedules"], start=1):
        if reachable(patterns(plain), given["query"], given["seqLen"])[0][given["key"]]:
            return place
    return None


def depth(given: dict, text: str) -> str:
    layers = first_arrival(given)
    return f"More than {MODEL.n_layers}" if layers is None else told(layers)


def ceiling(given: dict, text: str) -> str:
    row = reachable(patterns(given["schedule"]), given["query"], given["seqLen"])[0]
    return told(int(row.sum()))


def width(given: dict, text: str) -> str:
    return told(first_arrival(given))


def oldest(given: dict, text: str) -> str:
    row = reachable(patterns(given["schedule"]), given["query"], given["seqLen"])[0]
    key = int(row.argmax())
    token = MODEL.tokenizer.pieces(MODEL.encode(text))[key].strip()
    return f"“{token}” (token {key + 1})"


def mean_bits(text: str, schedule: tuple[Pattern, ...]) -> float:
    """What a token of the text costs on average, from the logits alone."""
    trace = run(text, schedule)
    logits = trace.logits[:-1].double().log_softmax(-1)
    ids = MODEL.encode(text)[1:]
    return float(-logits[range(len(ids)), ids].mean() / math.log(2))


def costs(given: dict, text: str) -> str:
    return f"{mean_bits(text, patterns(given['schedule'])):.1f} bits"


def halving(given: dict, text: str) -> str:
    before, after = (mean_bits(text, patterns(plain)) for plain in given["schedules"])
    if abs(after - before) < 0.05:
        return "less than 0.05 bits more or less"
    return f"{abs(after - before):.1f} bits {'more' if after > before else 'less'}"


def enough(given: dict, text: str) -> str:
    most = mean_bits(text, (Causal(),) * MODEL.n_layers) + given["allowed"]
    each = zip(given["sizes"], map(patterns, given["schedules"]), strict=True)
    return told(next(size for size, schedule in each if mean_bits(text, schedule) <= most))


def heard(given: dict, text: str) -> str:
    n, schedule = given["seqLen"], patterns(given["schedule"])
    last = max(query for query in range(n) if reachable(schedule, query, n)[0][0])
    return "to the end of the text" if last == n - 1 else told(last)


def kept_in(given: dict) -> Kept:
    """What the first layer keeps: all are asked about alike."""
    return read_pattern(given["schedule"][0]).kept


def slot(given: dict, text: str) -> str:
    return told(slot_of(kept_in(given), given["position"]))


def evicts(given: dict, text: str) -> str:
    gone = evicted_by(kept_in(given), given["position"])
    return f"“{run(text, (Causal(),) * MODEL.n_layers).tokens[gone].strip()}” (position {gone})"


def holds(given: dict, text: str) -> str:
    return told(len(held_after(kept_in(given), given["position"] + 1)))


def again(given: dict, text: str) -> str:
    count = after_going_back([kept_in(given)], given["position"] + 1, given["back"])
    return "1 token" if count == 1 else f"{count:,} tokens"


def label_of(name: str) -> str:
    return FIXES[name].label


def arrives(given: dict, text: str) -> str:
    """The one way through which more words arrive than stand in between."""
    far = [name for name in given["among"] if arriving(FIXES[name].layers()) > given["distance"]]
    assert len(far) == 1
    return label_of(far[0])


def found(given: dict, text: str) -> str:
    at = STORED_FIXES["how"]["distances"].index(given["distance"])
    seeds = STORED_FIXES["fixes"][given["fix"]]["accuracy"][given["task"]]
    share = sum(seed[at] for seed in seeds) / len(seeds)
    if share <= 0.35:
        return "At most 35.0 %"
    return "More than 80.0 %" if share > 0.8 else "In between"


def price(given: dict, text: str) -> str:
    fix = FIXES[given["fix"]]
    return told(costs_of_way(fix, fix.layers())["pairs"])


def keeps(given: dict, text: str) -> str:
    def kept(name: str) -> int:
        own = costs_of_way(FIXES[name], FIXES[name].layers())
        return own["kv_bytes"] + own["state_bytes"]

    return label_of(min(given["among"], key=kept))


ANSWERS = {
    answer.__name__: answer
    for answer in (
        *(reads, keys, pairs, needed, twice),
        *(expects, loses, heaviest),
        *(depth, ceiling, width, oldest),
        *(slot, evicts, holds, again),
        *(costs, halving, enough, heard),
        *(arrives, found, price, keeps),
    )
}


def check(kind: str, question: dict, text: str) -> None:
    choices = question["choices"]
    assert 2 <= len(choices) <= 5 and len(set(choices)) == len(choices)
    assert choices[question["right"]] == ANSWERS[kind](question["given"], text), question
    assert question["question"].endswith("?") and question["why"].endswith(".")
    assert "undefined" not in str(question) and "NaN" not in str(question)


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state[1]}-{state[2]}")
@pytest.mark.parametrize("lab", READING)
def test_the_right_choice_is_python_s(ask, lab, state):
    text, letters, window, sinks = state
    letters, sinks = ("wwwwww", 0) if lab == "home" else (letters, sinks)
    if lab == "limits":  # it offers windows and full layers
        letters = re.sub("[dc]", "w", letters)
    known = known_of(text, letters, window, sinks)
    for kind, found in ask(lab, known).items():
        # Where a layer reads everything, some kinds have nothing to ask.
        assert all(found) or "f" in letters, f"{kind}: nothing to ask"
        posed = [question for question in found if question]
        assert len({question["question"] for question in posed}) > 1 or "f" in letters
        for question in posed:
            check(kind, question, text)
            own_size = kind in {"ceiling", "depth", "oldest", "costs", "heard"}
            assert "f" not in letters or not own_size or "W = " in question["question"]


@pytest.mark.parametrize("kind", PATTERNS)
def test_the_window_lab_asks_about_every_pattern_that_has_a_size(ask, kind):
    values = {name: knob.default for name, knob in LESSONS["window"].knobs.items()}
    state = {"values": values | {"pattern": kind}, "data": WINDOW_DATA, "words": None}
    # A setting with a field of its own, that goes as far as the text: "first number" of the lab.
    sized = any(getattr(s, "field", "") and s.share_of_text for s in PATTERNS[kind].settings)
    for name, found in ask("window", state).items():
        for question in found:
            if not sized:
                assert question is None
            elif question or name != "needed":
                check(name, question, "")


@pytest.mark.parametrize("task", ["recall", "copy", "brackets"])
def test_the_ways_are_asked_about_as_they_were_measured(ask, task):
    values = {"fix": "window", "task": task, "distance": 6}
    state = {"values": values, "stored": STORED_FIXES}
    for kind, found in ask("fixes", state, range(1, 61)).items():
        posed = [question for question in found if question]
        assert len({(question["question"], *question["choices"]) for question in posed}) > 1
        for question in posed:
            check(kind, question, "")
            if kind == "found":
                assert f"“{task}”" in question["question"]
            if "among" in question["given"]:
                labels = {FIXES[name].label for name in question["given"]["among"]}
                assert set(question["choices"]) == labels


def test_a_seed_brings_the_same_question_back(ask):
    state = known_of(*STATES[0])
    assert ask("home", state) == ask("home", state)


def test_a_text_of_one_token_is_asked_nothing_or_something_true(ask):
    for text in ("a", "the cat"):
        state = known_of(text, "wwwwww", 4, 0)
        for lab in READING:
            for kind, found in ask(lab, state).items():
                for question in filter(None, found):
                    check(kind, question, text)


def test_full_attention_in_a_layer_is_asked_nothing_of_its_window(ask):
    state = known_of(CAT, "ffffff", 4, 0)
    found = ask("attention", state)
    assert not any(found["reads"]) and all(found["heaviest"])


def test_every_kind_is_answered_here_and_named_for_the_link(ask):
    asked = {lab: set(LESSONS[lab].knobs["ask"].choices) - {"none"} for lab in LABS}
    assert set().union(*asked.values()) == set(ANSWERS) == set(QUESTIONS) - {"none"}
    assert all(len(kinds) >= 4 for kinds in asked.values())
    state = known_of(*STATES[1])
    for lab in READING:
        assert set(ask(lab, state)) == asked[lab]
