"""A limit on a text counts characters, as Python does: an emoji is one, and never cut in half."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from swa_viz.web.bundle import as_function, in_order
from swa_viz.web.knobs import TextKnob, knob_payload

MOST = 2000
TYPE = """([make, words]) => {
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  const heard = [];
  eval(make)(root, (text) => heard.push(text));
  const box = root.querySelector("textarea, input");
  box.value = words;
  box.dispatchEvent(new Event("input", {bubbles: true}));
  box.dispatchEvent(new Event("change", {bubbles: true}));
  root.querySelector("button")?.click();
  return {value: box.value, heard, said: root.querySelector("[role=status]").textContent};
}"""
TEXT_BOX = """(root, hear) => {
  const box = $web_core_controls.textBox(%s, "", {onChange: hear});
  root.append(box.element);
}"""
REPLACEMENT = """(root, hear) => {
  const onEdit = (edit) => hear(edit.replacement);
  const view = $lessons_attention_perturb.render(root, {atMost: 40, onEdit});
  view.update({edit: null, name: "", full: {tokens: ["a"]}, windowed: null, locked: 0});
}"""
TEXTS = ["😀" * 1500, "😀" * 2500, "a" + "😀" * 2500, "é" * 2001, "a" * 2000, "ab😀" * 700, ""]


@pytest.fixture(scope="module")
def page(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the controls and the form that replaces a token."""
    page = chromium_browser.new_page()
    names = [*in_order("web/core/controls.js"), *in_order("lessons/attention/perturb.js")]
    page.add_script_tag(content="".join(map(as_function, dict.fromkeys(names))))
    yield page
    page.close()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text[:3]} x {len(text)}")
def test_a_text_is_cut_where_python_cuts_it(page, text):
    knob = TextKnob("Your text", "", MOST)
    make = TEXT_BOX % str(knob_payload(knob)).replace("'", '"')
    typed = page.evaluate(TYPE, [make, text])
    assert typed["value"] == knob.read(text)
    assert typed["heard"] == ([knob.read(text)] if text else [])
    told = f"Your text had {len(text):,} characters; the first {MOST:,} are kept."
    assert typed["said"] == (told if len(text) > MOST else "")


@pytest.mark.parametrize("words", ["😀" * 50, "word", "é" * 41])
def test_a_replacement_is_cut_where_python_cuts_it(page, words):
    typed = page.evaluate(TYPE, [REPLACEMENT, words])
    assert typed["value"] == words[:40]
    assert typed["heard"] == [words[:40]]


WORDS = {
    "a word of two tokens": ([" the", " st", "orm", " came"], 2, (1, 2)),
    "its first token": ([" the", " st", "orm", " came"], 1, (1, 2)),
    "a word of one token": ([" the", " st", "orm", " came"], 3, (3, 1)),
    "behind a bracket": ([" (", "st", "orm", ")"], 1, (1, 2)),
    "no letters": ([" st", "orm", ",", " came"], 2, (2, 1)),
    "before an apostrophe": (["st", "orm", "'s"], 2, (2, 1)),
    "letters and bytes": ([" ", "⟨C3⟩", "⟨A9⟩", "l", "an"], 4, (1, 4)),
    "the first token": (["orm"], 0, (0, 1)),
    "a word that begins the text": (["st", "orm", " came"], 1, (0, 2)),
}


@pytest.mark.parametrize(("pieces", "position", "word"), WORDS.values(), ids=WORDS)
def test_a_word_is_all_its_tokens(page, pieces, position, word):
    call = "(asked) => $wording_whole_words.wordAt(...asked)"
    found = page.evaluate(call, [pieces, position])
    assert (found["position"], found["n_tokens"]) == word


def test_bytes_are_explained_where_there_are_some(page):
    call = "(asked) => $wording_whole_words.noticeOf(...asked)"
    assert page.evaluate(call, ["Cut.", ["The", " cat"]]) == "Cut."
    said = page.evaluate(call, ["Cut.", ["The", " ", "⟨C3⟩", "⟨A9⟩"]])
    assert said.startswith("Cut. ⟨C3⟩ is one byte.")
