"""The model in the browser is the model in Python: same numbers, same answers, same reach."""

import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from swa_viz.answers import LIMITS, read_request, recorded
from swa_viz.answers.influence import first_layers
from swa_viz.answers.trace_payload import VALUE_START
from swa_viz.browser_model.files import files_of
from swa_viz.browser_model.modules import pattern_modules
from swa_viz.experiments import measured_influence
from swa_viz.lessons.attention.lesson import SENTENCE
from swa_viz.models import load_model
from swa_viz.patterns import (
    Causal,
    CentredWindow,
    Chunked,
    DilatedWindow,
    GlobalWindow,
    SinkWindow,
    SlidingWindow,
)
from swa_viz.patterns.schedule import schedule_of
from swa_viz.reach import reachable

PACKAGE = Path("swa_viz").resolve()
LOGITS, WEIGHTS = 2e-4, 1e-5
MODEL = load_model("tiny-swa")

LAST = MODEL.tokenizer.decode([MODEL.tokenizer.vocab_size - 1])
TEXTS = {
    "one token": "Once",
    "a sentence": SENTENCE,
    "hostile": "<b>‮שלום</b> 👩‍👩‍👧 e\u0301\u0000 ²Ⅷ \ud83d end",
    "long": "In the beginning God created the heaven and the earth. " * 20,
}
SAME = (
    Causal(),
    SlidingWindow(1),
    SlidingWindow(4),
    SlidingWindow(32),
    CentredWindow(2),
    SinkWindow(4, 2),
    GlobalWindow(4, (0, 5)),
    GlobalWindow(5, (3,), causal=False),
    DilatedWindow(3, 2),
    Chunked(5),
)
MIXED = (SlidingWindow(3), Causal(), SinkWindow(2, 1), DilatedWindow(3, 3), Chunked(4), Causal())
OWN_WINDOWS = schedule_of("w2w8fw3w16w", window_size=4, n_sink_tokens=0)
SCHEDULES = {str(pattern): (pattern,) * 6 for pattern in SAME}
SCHEDULES |= {"mixed": MIXED, "own windows": OWN_WINDOWS}

PATTERNS = "".join(f'import "{PACKAGE}/{module}";\n' for module in pattern_modules())
ENTRY = f"""{PATTERNS}
import {{ openAnswers }} from "{PACKAGE}/answers/answer.js";
import {{ openModel }} from "{PACKAGE}/browser_model/model.js";
import {{ openVocabulary }} from "{PACKAGE}/models/tokenizer.js";
import {{ extend, rollingCache }} from "{PACKAGE}/models/cache.js";
import {{ gunzip }} from "{PACKAGE}/browser_model/download.js";
import {{ rowSteps, total }} from "{PACKAGE}/lessons/attention/row_steps.js";
import {{ visible }} from "{PACKAGE}/patterns/pattern.js";
import {{ openTrace }} from "{PACKAGE}/web/engine/trace.js";

// What Python expects lies in files, one after the other: a million numbers take long in a message.
const chosen = document.createElement("input");
Object.assign(chosen, {{ type: "file", multiple: true }});
document.documentElement.append(chosen);
const expectedNumbers = () => Promise.all(
  Array.from(chosen.files, async (file) => new Float32Array(await file.arrayBuffer())));
// A loop, and no function called for each number.
const worst = (found, expected) => {{
  let most = found.length === expected.length ? 0 : Infinity;
  for (let i = 0; i < found.length; i++) most = Math.max(most, Math.abs(found[i] - expected[i]));
  return most;
}};

globalThis.openLab = async (live, limits) => {{
  const names = ["wasm", "weights", "forward", "influence", "tokenizer"];
  const fetched = async (name) =>
    gunzip(new Uint8Array(await (await fetch(live[name])).arrayBuffer()));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fetched(name)])));
  const vocabulary = openVocabulary(JSON.parse(new TextDecoder().decode(files.tokenizer)));
  const model = await openModel(live.model, files, () => fetched("step"));
  const size = 4096;
  globalThis.lab = {{
    answer: openAnswers(model, vocabulary, limits),
    ids: (text) => vocabulary.encode(text),
    async errors(ids, schedules, sink) {{
      const expected = await expectedNumbers();
      const errors = [];
      for (const schedule of schedules) {{
        const run = await model.forward(ids, schedule, sink);
        const [logits, weights] = expected.splice(0, 2);
        errors.push([worst(run.logits, logits), worst(run.weights, weights)]);
      }}
      return errors;
    }},
    async pieces(ids, schedule, sizes) {{
      const [logits] = await expectedNumbers();
      const cache = rollingCache(schedule);
      let read = 0, error = 0;
      for (const n of sizes) {{
        const part = await extend(model, ids.slice(read, read + n), schedule, cache);
        error = Math.max(error, worst(part, logits.subarray(read * size, (read + n) * size)));
        read += n;
      }}
      const held = cache.held().map(({{ positions }}) => [...positions]);
      return [read === ids.length ? error : Infinity, held, cache.bytes()];
    }},
    opened: openTrace,
    influence: (ids, schedule, query) => model.influence(ids, schedule, query),
    rows(payload, head, sink) {{
      const run = openTrace(payload);
      return run.schedule.map((pattern, layer) => run.tokens.map((_, query) => {{
        const scores = run.tokens.map((_, key) => run.value(layer + 1, head, query, key));
        const valueOf = (key) => run.valueStart(layer + 1, head, key);
        const isRead = (key) => visible(pattern, query, key);
        return total(rowSteps(scores, isRead, valueOf, sink)).product;
      }}));
    }},
    async moved(before, afters, schedule) {{
      const one = (await model.forward(before, schedule)).logits;
      const moved = [];
      for (const after of afters) {{
        const other = (await model.forward(after, schedule)).logits;
        moved.push(before.map((_, row) =>
          one.subarray(row * size, (row + 1) * size).some((x, i) => x !== other[row * size + i])));
      }}
      return moved;
    }},
  }};
}};
"""


@pytest.fixture
def expect_numbers(model_page, tmp_path) -> Callable[..., None]:
    """`expect_numbers(logits, weights)`: the page has these tensors beside its own."""

    def hand_over(*tensors: torch.Tensor) -> None:
        paths = [tmp_path / str(i) for i in range(len(tensors))]
        for path, tensor in zip(paths, tensors, strict=True):
            path.write_bytes(tensor.numpy().astype("<f4").tobytes())
        model_page.locator("input[type=file]").set_input_files(paths)

    return hand_over


def plain(schedule) -> list[dict]:
    return [pattern.to_plain() for pattern in schedule]


def page_with(browser, app_url: str, folder: Path, entry: str) -> Page:
    """A page of the lab's own origin, in which a script with some of the browser's modules ran."""
    (folder / "entry.js").write_text(entry)
    bundled = subprocess.run(
        ["node_modules/.bin/esbuild", folder / "entry.js", "--bundle", "--format=iife"]
        + ['--define:import.meta.url="worker:/"', "--log-level=error"],
        capture_output=True,
        check=True,
        env={"NODE_PATH": str(Path("node_modules").resolve()), "PATH": "/usr/bin:/bin"},
    )
    page = browser.new_context().new_page()
    page.goto(f"{app_url}/app/static/live/manifest.json")
    page.evaluate(bundled.stdout.decode())
    return page


@pytest.fixture(scope="module")
def model_page(chromium_browser, app_url, tmp_path_factory) -> Iterator[Page]:
    """A page of the lab's own origin with the browser's modules, and the model opened in it."""
    page = page_with(chromium_browser, app_url, tmp_path_factory.mktemp("entry"), ENTRY)
    page.evaluate("([live, limits]) => openLab(live, limits)", [files_of("tiny-swa"), LIMITS])
    yield page
    page.context.close()


def errors_of(page: Page, expect_numbers, token_ids, schedules, **run) -> Iterator[tuple]:
    """For each schedule the largest errors of logits and weights, and what Python has."""
    traces = [MODEL.run(token_ids, schedule, **run) for schedule in schedules]
    weights = [torch.stack([layer.weights for layer in trace.layers]) for trace in traces]
    logits = [trace.logits for trace in traces]
    expect_numbers(*chain(*zip(logits, weights, strict=True)))
    given = [token_ids, [plain(schedule) for schedule in schedules], *run.values()]
    errors = page.evaluate("(given) => lab.errors(...given)", given)
    return zip(errors, weights, strict=True)


@pytest.mark.parametrize("text", TEXTS)
def test_logits_and_weights_are_those_of_python(model_page, expect_numbers, text):
    token_ids = MODEL.encode(TEXTS[text])[:128]
    assert model_page.evaluate("(text) => lab.ids(text)", TEXTS[text])[:128] == token_ids
    found = errors_of(model_page, expect_numbers, token_ids, SCHEDULES.values())
    for name, ((logits_error, weights_error), _) in zip(SCHEDULES, found, strict=True):
        assert logits_error < LOGITS, name
        assert weights_error < WEIGHTS, name


@pytest.mark.parametrize("sink_logit", [-4, 0, 12])
def test_a_sink_logit_takes_the_same_share(model_page, expect_numbers, sink_logit):
    token_ids = MODEL.encode(SENTENCE)
    ((errors, weights),) = errors_of(
        model_page, expect_numbers, token_ids, [MIXED], sink_logit=sink_logit
    )
    assert errors[0] < LOGITS and errors[1] < WEIGHTS
    assert (1 - weights.sum(-1)).max() > 0.01


@pytest.mark.parametrize("n_layers", [1, 4, 6])
@pytest.mark.parametrize("query", [0, 7, -1])
@pytest.mark.parametrize(
    "schedule", ["SlidingWindow(window_size=4)", "mixed", "CentredWindow(radius=2)"]
)
def test_influence_is_the_measured_one(model_page, schedule, query, n_layers):
    token_ids = MODEL.encode(TEXTS["a sentence"])
    patterns = SCHEDULES[schedule][:n_layers]
    query = query % len(token_ids)
    expected = measured_influence(first_layers(MODEL, n_layers), token_ids, patterns, query).numpy()
    found = np.array(
        model_page.evaluate(
            "([ids, schedule, query]) => lab.influence(ids, schedule, query)",
            [token_ids, plain(patterns), query],
        )
    )
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)
    assert ((found == 0) == (expected == 0)).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_reach_is_exact_to_the_position(model_page, schedule):
    before = MODEL.encode(TEXTS["a sentence"] + " shore, and the people saw it from the hill")
    n, (king,), changed = len(before), MODEL.encode(" king"), (0, 9)
    afters = [[*before[:place], king, *before[place + 1 :]] for place in changed]
    given = [before, afters, plain(SCHEDULES[schedule])]
    moved = model_page.evaluate("(given) => lab.moved(...given)", given)
    reached = [reachable(SCHEDULES[schedule], query, n)[0] for query in range(n)]
    for place, rows in zip(changed, moved, strict=True):
        assert rows == [bool(row[place]) for row in reached], place


def edit(position: int, replacement: str | None, n_tokens: int = 1) -> dict:
    return {"position": position, "replacement": replacement, "n_tokens": n_tokens}


REQUESTS = [
    (SENTENCE, None, "weights"),
    (TEXTS["hostile"], None, "scores"),
    (TEXTS["long"], None, "masked_scores"),
    ("", None, "weights"),
    ("a" * 2000, None, "weights"),
    (SENTENCE, edit(3, "sea"), "weights"),
    (SENTENCE.replace(" man ", " king "), edit(3, "sea"), "weights"),
    (SENTENCE, edit(1, None), "weights"),
    (SENTENCE, edit(1, "understanding", n_tokens=2), "weights"),
    (SENTENCE, edit(2, None, n_tokens=3), "weights"),
    (SENTENCE, edit(2, None, n_tokens=128), "weights"),
    (SENTENCE, edit(99, "x"), "weights"),
    ("one", edit(0, None), "weights"),
]
WINDOWS = plain([SlidingWindow(4)] * 6)


def from_both(page: Page, request: dict) -> tuple[dict, dict]:
    """What the browser's engine and what Python's answer."""
    answered = page.evaluate(
        "async (request) => { const { dense, value_starts, ...rest } = await lab.answer(request);"
        " return rest; }",
        request,
    )
    return answered, recorded(read_request(request), MODEL)["payload"]


@pytest.mark.parametrize("text, edit, stage", REQUESTS)
def test_a_request_has_the_same_answer_from_both_engines(model_page, text, edit, stage):
    """What is kept of a text before its edit is that of no other text, schedule or sink."""
    schedule = plain(MIXED) if edit == REQUESTS[7][1] else WINDOWS
    request = {"model": "tiny-swa", "text": text, "edit": edit, "schedule": schedule}
    request["sink_logit"] = 2 if edit == REQUESTS[5][1] else None
    browser, server = from_both(model_page, {**request, "stage": stage})
    for name in ("tokens", "notice", "empty"):
        assert browser.get(name) == server.get(name)
    if not server["tokens"]:
        return
    assert browser["n_heads"] == server["n_heads"]
    for ours, theirs in zip(browser["next"], server["next"], strict=True):
        assert [share for *_, share in ours] == pytest.approx([s for *_, s in theirs], abs=1e-5)
        assert ours[0][:2] == theirs[0][:2]
    assert ("changes" in browser) == ("changes" in server)
    for ours, theirs in zip(browser.get("changes", []), server.get("changes", []), strict=True):
        assert ours == (None if theirs is None else pytest.approx(theirs, rel=1e-2, abs=1e-7))


@pytest.mark.parametrize("text", [SENTENCE, LAST, "", TEXTS["hostile"]])
@pytest.mark.parametrize("schedule", ["SlidingWindow(window_size=4)", "mixed"])
@pytest.mark.parametrize("kind", ["perplexity", "windows", "first_token"])
def test_what_a_text_costs_is_the_same_from_both_engines(model_page, kind, schedule, text):
    asked = {"model": "tiny-swa", "text": text, "schedule": plain(SCHEDULES[schedule])}
    browser, server = from_both(model_page, asked | {"kind": kind})
    for name in ("tokens", "ids", "windows", "last", "notice", "empty"):
        assert browser.get(name) == server.get(name)
    bits = [given.get("bits", [])[kind == "perplexity" :] for given in (browser, server)]
    assert bits[0] == pytest.approx(bits[1], abs=1e-3)
    moved = [given.get("moved", []) for given in (browser, server)]
    assert moved[0] == pytest.approx(moved[1], rel=1e-2, abs=1e-6)
    for ours, theirs in zip(browser.get("expected", []), server.get("expected", []), strict=True):
        assert [share for *_, share in ours] == pytest.approx([s for *_, s in theirs], abs=1e-5)
        assert ours[:1] == [] or ours[0][:2] == theirs[0][:2]


def test_influence_is_answered_alike(model_page):
    """Of a token beyond the end it is that of the last one."""
    asked = {"model": "tiny-swa", "text": SENTENCE, "schedule": plain(MIXED[:4])}
    browser, server = from_both(model_page, asked | {"kind": "influence", "token": 99})
    assert browser["tokens"] == list(server["tokens"]) and browser["token"] == server["token"]
    np.testing.assert_allclose(browser["shares"], server["shares"], rtol=1e-2, atol=1e-4)


@pytest.mark.parametrize("layers", [[0, 5], [5], []])
def test_only_the_named_layers_try_every_window_in_both_engines(model_page, layers):
    asked = {"model": "tiny-swa", "text": SENTENCE, "schedule": plain(OWN_WINDOWS)}
    browser, server = from_both(model_page, {**asked, "kind": "windows", "layers": layers})
    assert browser["bits"] == pytest.approx(server["bits"], abs=1e-3)
    assert (len(set(server["bits"])) == 1) == (not layers)


@pytest.mark.parametrize("choices", [[" red", " Nebuchadnezzar"], [" It is", " It", "␣"]])
@pytest.mark.parametrize("text", [SENTENCE, "one", "", TEXTS["hostile"]])
def test_choices_are_as_probable_in_both_engines(model_page, text, choices):
    asked = {"model": "tiny-swa", "text": text, "schedule": plain(MIXED), "kind": "choices"}
    browser, server = from_both(model_page, asked | {"choices": choices})
    for name in ("tokens", "choices", "notice", "empty"):
        assert browser.get(name) == server.get(name)
    found = [given.get("probabilities", []) for given in (browser, server)]
    assert found[0] == pytest.approx(found[1], rel=1e-3)
    assert len(found[0]) == (len(choices) if server["tokens"] else 0)


CAUSAL = [name for name, schedule in SCHEDULES.items() if all(p.causal for p in schedule)]


@pytest.mark.parametrize("schedule", CAUSAL)
def test_read_in_pieces_the_logits_are_those_of_python(model_page, expect_numbers, schedule):
    """Its rolling cache holds the same positions in the same slots, and as many bytes."""
    token_ids, patterns = MODEL.encode(TEXTS["long"])[:48], SCHEDULES[schedule]
    expect_numbers(MODEL.run(token_ids, patterns).logits)
    cache = MODEL.new_cache(patterns)
    MODEL.prefill(token_ids, cache)
    for sizes in ([1] * 20 + [28], [48], [7, 1, 20, 12, 8]):
        given = [token_ids, plain(patterns), sizes]
        error, held, n_bytes = model_page.evaluate("(given) => lab.pieces(...given)", given)
        assert error < LOGITS, sizes
        assert held == [list(positions) for positions in cache.held_positions()], sizes
        assert n_bytes == cache.n_bytes, sizes


WRITINGS = [
    {"temperature": 0, "n_steps": 24},
    {"seed": 5, "n_steps": 24},
    {"seed": 5, "n_steps": 12},
    {"seed": 9, "temperature": 130, "top_k": 20, "top_p": 90, "n_steps": 24},
    {"seed": 3, "stop": [".", " the"], "n_steps": 24},
    {"seed": 4, "at_most": 9, "n_steps": 24},
]
AGAIN = {"seed": 5, "n_steps": 4}


@pytest.mark.parametrize("text", [SENTENCE, "", TEXTS["hostile"], TEXTS["long"]])
def test_the_same_seed_writes_the_same_text_in_both_engines(shapes_unchecked, model_page, text):
    """After texts that are hard to read: the likeliest tokens, and some that are drawn from few."""
    asked = {"model": "tiny-swa", "text": text, "schedule": plain(MIXED)}
    for writing in WRITINGS if text in (SENTENCE, "") else (WRITINGS[0], WRITINGS[3]):
        sent = asked | {"kind": "generate", "writing": writing}
        browser, server = map(without_time, from_both(model_page, sent))
        assert browser == server
    other = asked | {"schedule": plain(OWN_WINDOWS), "kind": "generate", "writing": AGAIN}
    browser, server = map(without_time, from_both(model_page, other))
    assert browser == server


def without_time(payload: dict) -> dict:
    """An answer as it is on every machine."""
    steps = payload.get("steps", [])
    assert all(step["seconds"] > 0 for step in steps)
    return payload | {"steps": [step | {"seconds": 0} for step in steps]}


def test_slices_that_are_asked_for_at_once_do_not_disturb_each_other(model_page):
    sent = {"model": "tiny-swa", "text": "Once more", "schedule": plain(MIXED), "kind": "generate"}
    slices = [sent | {"writing": {"n_steps": n, "seed": 8}} for n in (3, 20, 9)]
    slices.append(slices[-1] | {"text": "Once less"})
    ask = "(slices) => Promise.all(slices.map((each) => lab.answer(each)))"
    three, twenty, nine, other = (
        [step["id"] for step in payload["steps"]] for payload in model_page.evaluate(ask, slices)
    )
    assert len(twenty) == 20 and three == twenty[:3] and nine == twenty[:9] != other


@pytest.mark.parametrize("text", [SENTENCE, "one", "", TEXTS["hostile"]])
def test_in_chunks_and_one_by_one_the_logits_are_those_of_the_whole(
    shapes_unchecked, model_page, text
):
    asked = {"model": "tiny-swa", "text": text, "schedule": plain(MIXED), "kind": "prefill"}
    asked |= {"chunk": 7} if text == SENTENCE else {}
    browser, server = from_both(model_page, asked)
    for name in ("tokens", "chunk", "notice", "empty"):
        assert browser.get(name) == server.get(name)
    for found in (browser, server) if server["tokens"] else ():
        assert max(found["differences"].values()) <= 1e-5 * found["largest"]
        assert min(found["seconds"].values()) > 0


@pytest.mark.parametrize("kind", ["generate", "prefill"])
def test_what_looks_ahead_is_refused_here_too(model_page, kind):
    sent = {"model": "tiny-swa", "text": "one", "schedule": plain((CentredWindow(1),) * 6)}
    found = from_both(model_page, sent | {"kind": kind})
    assert all("do not exist yet" in payload["empty"] for payload in found)


ROWS = "async ([sent, head]) => lab.rows(await lab.answer(sent), head, sent.sink_logit)"
SHORT = {"model": "tiny-swa", "text": SENTENCE, "schedule": plain(MIXED), "stage": "scores"}


@pytest.mark.parametrize("sink_logit", [None, 3])
@pytest.mark.parametrize("head", [1, 8])
def test_a_row_step_by_step_ends_with_the_output_of_attention(model_page, head, sink_logit):
    """From both engines; the server's numbers travel in half precision."""
    layers = MODEL.run(MODEL.encode(SENTENCE), MIXED, sink_logit=sink_logit).layers
    short = SHORT | {"sink_logit": sink_logit}
    expected = torch.stack([layer.output[head - 1, :, :VALUE_START] for layer in layers]).numpy()
    from_browser = model_page.evaluate(ROWS, [short, head])
    np.testing.assert_allclose(from_browser, expected, atol=WEIGHTS)
    payload = recorded(read_request(short), MODEL)["payload"]
    given = [payload, head, sink_logit]
    from_server = model_page.evaluate("(given) => lab.rows(...given)", given)
    np.testing.assert_allclose(from_server, expected, atol=0.01)


def test_half_precision_is_read_as_it_was_written(model_page):
    bits = [0, 1, 513, 1023, 1024, 1025, 15360, 15361, 31743, 31744, 32256]
    halves = np.array([*bits, *(0x8000 + each for each in bits[1:6])], dtype="<u2").view("<f2")
    payload = {"tokens": [""] * 4, "schedule": plain([Causal()]), "stage": "scores", "n_heads": 1}
    payload["values"] = [b64encode(halves.tobytes()).decode()]
    read = """(payload) => [0, 1, 2, 3].map((query) =>
      [0, 1, 2, 3].map((key) => lab.opened(payload).value(1, 1, query, key)))"""
    np.testing.assert_array_equal(np.ravel(model_page.evaluate(read, payload)), halves)


@pytest.mark.parametrize(
    "impossible",
    [
        {"model": "another"},
        {"model": "/etc"},
        {"schedule": WINDOWS[:5]},
        {"schedule": WINDOWS * 2},
        {"schedule": []},
        {"schedule": [], "kind": "influence"},
        {"schedule": WINDOWS + WINDOWS[:1], "kind": "influence"},
        {"edit": edit(99, "x")},
    ],
)
def test_what_cannot_be_answered_is_refused_in_the_same_words(model_page, impossible):
    request = {"model": "tiny-swa", "text": "a b", "schedule": WINDOWS, **impossible}
    browser, server = from_both(model_page, request)
    assert browser == server
    assert server["empty"].startswith("This could not be computed: ")
