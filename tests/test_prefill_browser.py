"""A window in the prompt only, on the page: the table and its words follow from what is stored."""

import csv
from statistics import fmean

from playwright.sync_api import expect

from swa_viz.experiments.stored_prefill import SWITCHES, WINDOWS, stored_prefill

STORED = stored_prefill()
MODELS = STORED["models"]
LARGE, SMALL = MODELS["smollm2-135m"], MODELS["tiny-swa"]


def mean(texts: list[float]) -> str:
    return f"{fmean(texts):.2f}"


def better_at(model: dict, which: str, others: list[str]) -> list[int]:
    """The windows with which every text needs less than with any of the others."""
    return [
        window
        for i, window in enumerate(WINDOWS)
        if all(
            model[which][i][text] < model[other][i][text]
            for other in others
            for text in range(len(model["full"]))
        )
    ]


def test_the_table_and_its_sentences_are_those_of_the_stored_bits(open_site):
    page = open_site("limits.html")
    cards = {
        name: page.locator(".card", has=page.locator(f"[data-view=prefill-{name}]"))
        for name in MODELS
    }
    for name, card in cards.items():
        found = card.locator("tbody .number").all_inner_texts()
        expected = [mean(texts) for signs in SWITCHES for texts in MODELS[name][signs]]
        assert found == [*expected, mean(MODELS[name]["full"])]
        ticks = card.locator("tbody tr").evaluate_all(
            "all => all.map((row) => [...row.children].slice(0, 3).map((cell) => cell.innerText))"
        )
        assert ["".join("-psf"[i + 1 if "✓" in cell else 0] for i, cell in enumerate(row))
                for row in ticks[:-1]] == list(SWITCHES)  # fmt: skip
    large, small = cards["smollm2-135m"], cards["tiny-swa"]
    expect(large).to_contain_text(f"With W = 16 everywhere it needs {mean(LARGE['---'][0])}.")
    expect(large).to_contain_text("first tokens visible helps every text at each W.")
    expect(large).to_contain_text("in the prompt only help every text at each W.")
    expect(large).to_contain_text(f"Both together need {mean(LARGE['ps-'][0])} at W = 16")
    expect(large).to_contain_text("either alone on every text at W = 16 and 32.")
    assert better_at(LARGE, "-s-", ["---"]) == better_at(LARGE, "p--", ["---"]) == list(WINDOWS)
    assert better_at(LARGE, "ps-", ["-s-", "p--"]) == [16, 32]
    expect(small).to_contain_text(f"in the prompt only {mean(SMALL['p--'][0])}.")
    expect(small).to_contain_text("That costs every text more at each W.")
    assert better_at(SMALL, "---", ["p--"]) == list(WINDOWS)
    check_numbers(page, large)


def check_numbers(page, card) -> None:
    """The file of numbers has every text."""
    card.locator("details.save summary").click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="CSV, numbers").click()
    rows = list(csv.reader(saved.value.path().read_text("utf-8-sig").splitlines()))[1:]
    in_order = [bits for signs in SWITCHES for texts in LARGE[signs] for bits in texts]
    assert [float(row[-1]) for row in rows] == [*in_order, *LARGE["full"]]
