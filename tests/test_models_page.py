"""The models page: the browser counts what Python counts, and two models are compared."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from swa_viz.cost import kv_cache_bytes, llama_cpp_bytes, model_flops, model_pairs, vllm_bytes
from swa_viz.lessons.models.lesson import EXAMPLE, LESSON, MODELS, OWN
from swa_viz.patterns import Causal, CentredWindow, Chunked, SinkWindow, SlidingWindow
from swa_viz.presets import PRESETS, read_preset
from swa_viz.presets.which_window import which_window
from swa_viz.reach import reach, round_reach
from swa_viz.web.bundle import as_function, in_order
from tests.test_gguf_header import KNOWN, written
from tests.test_presets_facts import is_full
from tests.visitors import as_somebody_else

LENGTHS = (1, 100, 4096, 32_768, 100_003)
# Beyond 2 ** 53 the browser's numbers are rounded.
ROUNDING = 1e-15

COUNTS = """([preset, lengths]) => {
  const of = (make) => (n) => $cost.bytesOf(make(preset, n), 2);
  const full = $presets_preset.withoutWindows(preset);
  return {
    full: $presets_preset.fullLayers(preset),
    pairs: lengths.map((n) => $cost.modelPairs(preset, n)),
    flops: lengths.map((n) => $cost.modelFlops(preset, n)),
    allPairs: lengths.map((n) => $cost.modelPairs(full, n)),
    bytes: $presets_preset.hasCache(preset) && {
      least: lengths.map(of($cost.leastRooms)),
      llamaCpp: lengths.map(of($cost.llamaCppRooms)),
      vllm: lengths.map(of($cost.vllmRooms)),
      full: lengths.map((n) => $cost.bytesOf($cost.leastRooms(full, n), 2)),
    },
  };
}"""


@pytest.fixture(scope="module")
def modules(chromium_browser: Browser) -> Iterator[Page]:
    """A page that holds the lab's modules, each as a global named by its path."""
    page = chromium_browser.new_page()
    names = in_order("lessons/models/lab.js")
    page.set_content(f"<script>{''.join(map(as_function, names))}</script>")
    yield page
    page.close()


@pytest.mark.parametrize("name", MODELS)
def test_the_browser_counts_what_python_counts(modules: Page, name: str):
    preset, full = MODELS[name], MODELS[name].without_windows()
    found = modules.evaluate(COUNTS, [preset.to_plain(), LENGTHS])
    assert found["full"] == [is_full(preset, i) for i in range(preset.n_layers)]
    for key, count in (("pairs", model_pairs), ("flops", model_flops)):
        counted = [count(preset, n) for n in LENGTHS]
        assert found[key] == pytest.approx(counted, rel=ROUNDING)
    everything = [model_pairs(full, n) for n in LENGTHS]
    assert found["allPairs"] == pytest.approx(everything, rel=ROUNDING)
    if not all(pattern.causal for pattern in preset.layer_schedule):
        assert found["bytes"] is False
        return
    assert found["bytes"] == {
        "least": [kv_cache_bytes(preset, n) for n in LENGTHS],
        "llamaCpp": [llama_cpp_bytes(preset, n) for n in LENGTHS],
        "vllm": [vllm_bytes(preset, n) for n in LENGTHS],
        "full": [kv_cache_bytes(full, n) for n in LENGTHS],
    }


@pytest.mark.parametrize(
    "layers",
    [
        (SlidingWindow(4096),) * 32,
        (SlidingWindow(3), SlidingWindow(5), SlidingWindow(1)),
        (CentredWindow(2), SlidingWindow(4)),
        (Chunked(8),) * 3,
        (SlidingWindow(3), Causal()),
    ],
    ids=str,
)
def test_the_browser_reaches_as_far_as_python(modules: Page, layers):
    plain = [layer.to_plain() for layer in layers]
    assert modules.evaluate("(layers) => $reach.stackReach(layers)", plain) == reach(layers)
    if {type(layer) for layer in layers} == {SlidingWindow}:
        thumb = modules.evaluate("(layers) => $reach.roundStackReach(layers)", plain)
        assert thumb == round_reach(layers)


def test_a_reach_that_is_not_counted_is_no_number(modules: Page):
    for layers in ((Chunked(8), Chunked(4)), (SinkWindow(4, 1), SlidingWindow(3))):
        ask = "(layers) => String($reach.stackReach(layers))"
        assert modules.evaluate(ask, [layer.to_plain() for layer in layers]) == "undefined"


def test_every_preset_but_the_textbook_example_can_be_chosen():
    assert set(PRESETS) - set(MODELS) == {"32x256"}
    for which in ("first", "second"):
        assert list(LESSON.knobs[which].choices) == [*MODELS, OWN]


def the_known_figures_are_on_the_page(page: Page) -> None:
    card = page.locator(".card", has_text="Three answers")
    expect(card).to_contain_text("27, 42 and 72 MiB")
    expect(card.locator("tbody tr").nth(2)).to_contain_text("24 × 512 × 512 + 4 × 32,768 × 512")


def test_two_models_are_compared_and_a_link_brings_them_back(open_site):
    page: Page = open_site("models.html")
    the_known_figures_are_on_the_page(page)
    said = page.locator(".both")
    expect(said).to_contain_text("Mistral 7B v0.1 keeps 0.50 GiB, 8.00 times less")
    expect(said).to_contain_text("In Gemma 3 1B, 4 full layers bring the whole text into reach.")
    page.get_by_label("Second model").select_option("gpt-oss-20b")
    expect(said).to_contain_text("gpt-oss-20b keeps 0.75 GiB")
    expect(page).to_have_url(re.compile("second=gpt-oss-20b"))
    here = page.url.partition("?")[0]
    as_somebody_else(page, f"{here}?first=longformer-base&second=mistral-7b-v0.2&tokens=256")
    expect(said).to_contain_text("Longformer base is an encoder")
    expect(said).to_contain_text("Mistral 7B v0.2 has no windows")
    as_somebody_else(page, f"{here}?first=nobody&tokens=-4")
    expect(said).to_contain_text("With 1 token, and keys and values in bfloat16: Mistral 7B v0.1")


def test_a_layer_is_read_by_hand_and_by_keys(open_site):
    page: Page = open_site("models.html?second=gemma-4-e2b")
    strip, told = page.locator(".layers-of.second"), page.locator("[data-view=strips] .told")
    strip.locator("rect").nth(4).hover()
    expect(told).to_contain_text("Gemma 4 E2B, layer 5 of 35: full attention; 8 query heads")
    strip.focus()
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("layer 4 of 35: W = 512")
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("layer 35 of 35")
    expect(told).to_contain_text("the keys and values of an earlier layer")


def the_table_is_sorted_and_chooses_a_model(page: Page) -> None:
    rows = page.locator("[data-view=all-models] tbody tr")
    expect(rows).to_have_count(len(MODELS))
    page.get_by_role("button", name="Saved by windows").click()
    page.get_by_role("button", name="Saved by windows").click()
    expect(rows.first).to_contain_text("Phi-3 mini 4K")
    rows.nth(1).get_by_role("button").click()
    name = rows.nth(1).get_by_role("button").inner_text()
    expect(page.locator("[data-view=compared] thead")).to_contain_text(name)
    assert page.locator("[data-view=all-models] a[rel]").count() == len(MODELS)
    page.get_by_label("Length of the text N").press("ArrowLeft")
    card = page.locator(".card", has=page.locator("[data-view=all-models]"))
    expect(card).to_contain_text("keys and values of 24,576 tokens")


def the_map_is_read_and_chooses_a_model(page: Page) -> None:
    picture, told = page.locator(".scatter").first, page.locator("[data-view=map] .told")
    with_windows = [p for p in MODELS.values() if not all(is_full(p, i) for i in range(p.n_layers))]
    expect(picture.locator(".mark")).to_have_count(len(with_windows))
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("windows of 128 keys")
    page.keyboard.press("Enter")
    chosen = told.inner_text().split(",")[0]
    expect(page.locator("[data-view=compared] thead")).to_contain_text(chosen)
    mark = picture.locator(".mark", has_text="20")
    mark.hover()
    expect(told).to_contain_text("Longformer base, 2020: windows of 513 keys, 0.0 % of its layers")
    mark.click()
    expect(page.locator("[data-view=compared] thead")).to_contain_text("Longformer base")


def test_table_and_map_choose_a_model(open_site):
    page: Page = open_site("models.html")
    the_table_is_sorted_and_chooses_a_model(page)
    the_map_is_read_and_chooses_a_model(page)


def test_what_fits_follows_the_memory(open_site):
    page: Page = open_site("models.html?memory=16&taken=15&sequences=4&first=mistral-7b-v0.2")
    rows = page.locator("[data-view=fits] tbody tr")
    expect(rows.first).to_contain_text("Mistral 7B v0.2")
    expect(rows.first.locator("td")).to_have_text(["16.00 GiB", "no", "2,048 tokens", "0"])
    gemma = rows.filter(has_text="with its windows").locator("td")
    expect(gemma).to_have_text(["0.54 GiB", "yes", "62,720 tokens", "7"])


def a_pasted_config_becomes_the_second_model(page: Page) -> None:
    card = page.locator("[data-view=config]")
    card.get_by_role("button", name="Try an example with a trap").click()
    reading = read_preset(json.loads(EXAMPLE))
    expect(card).to_contain_text(f"Read as {reading.preset.label}; the family is qwen2.")
    expect(card.locator("tbody tr")).to_have_count(len(reading.decided))
    for warning in reading.warnings:
        expect(card.locator(".warnings")).to_contain_text(warning)
    expect(page.locator("[data-view=compared] thead")).to_contain_text(reading.preset.label)
    expect(page.get_by_label("Second model")).to_have_value(OWN)
    expect(page.locator("[data-view=which]")).to_be_hidden()
    expect(page.locator("[data-view=all-models] tr.taken", has_text="your file")).to_have_count(1)
    page.get_by_label("Second model").select_option("gemma-3-1b")
    expect(page.locator("[data-view=compared] thead")).to_contain_text("Gemma 3 1B")


def a_file_is_read_and_a_broken_or_hostile_one_gets_a_sentence(page: Page, folder: Path) -> None:
    card = page.locator("[data-view=config]")
    config = {"model_type": "mistral", "num_hidden_layers": 4, "hidden_size": 512}
    config |= {"num_attention_heads": 4, "num_key_value_heads": 2, "sliding_window": 2047}
    file = folder / "config.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    card.get_by_label("Open a file").set_input_files(file)
    expect(card).to_contain_text("Read as Mistral, 4 layers")
    expect(
        page.locator("[data-view=which] tbody tr", has_text="FlashAttention README")
    ).to_contain_text("2,048")
    expect(page.locator("[data-view=lines]")).to_contain_text("window_size=(2046, 0)")
    box = card.get_by_label("config.json", exact=True)
    for text, sentence in (
        ("{", "the file is not whole JSON"),
        ("[1, 2]", "This cannot be read"),
        ('{"model_type": "<img src=x onerror=alert(1)>"}', "This cannot be read"),
    ):
        box.fill(text)
        expect(card).to_contain_text(sentence)
        expect(card.locator("tbody tr")).to_have_count(0)
    assert page.locator(".lab img").count() == 0


def a_gguf_file_is_read_by_its_header(page: Page, folder: Path) -> None:
    file = folder / "model.gguf"
    file.write_bytes(written(folder, *KNOWN["gemma-3-1b"]))
    page.locator("[data-view=config]").get_by_label("Open a file").set_input_files(file)
    expect(page.locator("[data-view=config]")).to_contain_text("Read as Gemma 3, 26 layers")
    expect(page.locator("[data-view=compared]")).to_contain_text("26: 22 with W = 512, 4 full")


def test_a_model_of_one_s_own_is_pasted_or_read_from_a_file(open_site, tmp_path):
    page: Page = open_site("models.html")
    a_gguf_file_is_read_by_its_header(page, tmp_path)
    a_pasted_config_becomes_the_second_model(page)
    a_file_is_read_and_a_broken_or_hostile_one_gets_a_sentence(page, tmp_path)


def test_which_w_says_what_each_program_reads(open_site):
    page: Page = open_site("models.html?second=mimo-v2-flash")
    card = page.locator(".card", has_text="Which W?")
    expect(card).to_contain_text("is the number 128: its own code reads 129 keys")
    rows = card.locator("tbody tr")
    expect(rows).to_have_count(len(which_window(128, "sglang")))
    expect(rows.filter(has_text="masking_utils.py").locator("td")).to_have_text(
        ["kv ≤ q and kv > q − 128", "128", "−1"]
    )
