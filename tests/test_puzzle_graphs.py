"""The small models in the browser are those in Python: the same numbers, the same sentences."""

import json
from math import inf
from random import Random

import numpy as np
import pytest

from swa_viz.answers import LIMITS, answer, request_payload
from swa_viz.answers.request import Request
from swa_viz.browser_model.files import files_of, manifest
from swa_viz.browser_model.modules import pattern_modules
from swa_viz.experiments.far_tasks import TASKS, TEXT_LEN, texts_at
from swa_viz.experiments.fix_models import FOLDER, load_fix, read
from swa_viz.experiments.fixes import FIXES, asked_in
from swa_viz.patterns import Causal
from swa_viz.ui.answers import answer_all
from tests.test_engine_browser import PACKAGE, page_with
from training.browser_errors import open_graph
from training.fix_graphs import ROWS, graph_of, masks_of, table

NEAR = 1e-4
needs_live = pytest.mark.skipif(manifest() is None, reason="static/live was not built (make live)")
ENTRY = f"""{"".join(f'import "{PACKAGE}/{module}";' for module in pattern_modules())}
import {{ openPuzzles }} from "{PACKAGE}/answers/puzzle.js";
import {{ gunzip }} from "{PACKAGE}/browser_model/download.js";
import {{ startRuntime }} from "{PACKAGE}/browser_model/runtime.js";
import {{ smallModels }} from "{PACKAGE}/browser_model/small_models.js";

globalThis.openPuzzles = async (live, limits) => {{
  const fetched = async (name) =>
    gunzip(new Uint8Array(await (await fetch(live[name])).arrayBuffer()));
  startRuntime(await fetched("wasm"));
  const table = JSON.parse(new TextDecoder().decode(await fetched("table")));
  const files = async (name) => ({{
    graph: await fetched(`${{name}}.graph`), weights: await fetched(`${{name}}.weights`)}});
  globalThis.ask = openPuzzles(smallModels(table, files, () => true), limits);
}};
"""


def test_the_table_says_what_python_does():
    assert json.loads((FOLDER / "table.json").read_text()) == table()


@pytest.mark.parametrize("name", FIXES)
def test_the_graph_computes_what_python_computes(name):
    session = open_graph(FOLDER / f"{graph_of(name)}.onnx", FOLDER / f"{name}.safetensors")
    model = load_fix(name)
    tokens = asked_in(model.fix, texts_at(TASKS["copy"], 24, 1)).texts[0]
    fed = {"token_ids": tokens.numpy(), "visible": masks_of(model.fix).numpy()}
    taken = {each.name for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    found = dict(zip(names, session.run(names, {k: fed[k] for k in taken}), strict=True))
    expected = read(model, tokens)
    assert np.abs(found["logits"] - expected.logits[-ROWS:].numpy()).max() < NEAR
    assert np.abs(found["weights"] - expected.weights[:, :, -ROWS:].numpy()).max() < NEAR
    for learned in ("spans", "gates"):
        own = getattr(expected, learned)
        assert (own is not None) == (learned in found)
        if own is not None:
            np.testing.assert_allclose(found[learned], own.numpy(), rtol=1e-4, atol=1e-3)


@pytest.fixture(scope="module")
def asker(chromium_browser, app_url, tmp_path_factory):
    """Ask the small models in a browser, in a page of the lab's own origin."""
    page = page_with(chromium_browser, app_url, tmp_path_factory.mktemp("entry"), ENTRY)
    page.evaluate("([live, limits]) => openPuzzles(live, limits)", [files_of("fixes"), LIMITS])

    def ask_all(requests):
        payloads = [request_payload(request) for request in requests]
        return page.evaluate(
            "(requests) => Promise.all(requests.map((each) => ask(each)))", payloads
        )

    yield ask_all
    page.context.close()


@pytest.fixture(scope="module")
def asked_at_once(asker):
    """One question to every model, all at the same time, as a page asks two: their answers."""
    requests = {name: copied(name) for name in FIXES}
    return dict(zip(requests, asker(requests.values()), strict=True))


def puzzle(name: str, words: list[str], **how) -> Request:
    return Request(name, " ".join(words), (), kind="puzzle", **how)


def copied(name: str) -> Request:
    made = TASKS["copy"].make(Random(4), TEXT_LEN, 12)
    return puzzle(name, made.words, start=made.last.start)


def distance(found: object, expected: object) -> float:
    """The largest difference of two answers; infinite where they are not alike but for numbers."""
    if isinstance(expected, dict):
        same = isinstance(found, dict) and found.keys() == expected.keys()
        pairs = [(found[key], expected[key]) for key in expected] if same else []
    elif isinstance(expected, list):
        same = isinstance(found, list) and len(found) == len(expected)
        pairs = list(zip(found, expected, strict=True)) if same else []
    elif isinstance(expected, float):
        return abs(found - expected)
    else:
        return 0 if found == expected else inf
    return max((distance(*pair) for pair in pairs), default=0) if same else inf


@needs_live
@pytest.mark.parametrize("name", FIXES)
def test_the_browser_answers_as_python_does(asked_at_once, name):
    expected, found = answer(copied(name), load_fix(name)), asked_at_once[name]
    for each in (found, expected):
        # Words that are almost equally likely may change places.
        for place in each["asked"]:
            place["likeliest"] = sorted(place["likeliest"][:4])
    # A span is a number of words, up to 80.
    for each in (found, expected):
        if each["spans"] is not None:
            each["spans"] = (np.array(each["spans"]) / TEXT_LEN).tolist()
    assert distance(found, expected) < NEAR


@needs_live
def test_it_refuses_with_python_s_sentences(asker):
    words = ["the"] * TEXT_LEN
    refused = [
        puzzle("window", words[1:]),
        puzzle("window", ["<b>", *words[1:]]),
        puzzle("window", words, start=3),
        puzzle("nothing", words),
        Request("window", " ".join(words), (Causal(),), kind="puzzle"),
    ]
    for sent, found in zip(refused, asker(refused), strict=True):
        (expected,) = answer_all([request_payload(sent)])
        assert found == expected["payload"]
