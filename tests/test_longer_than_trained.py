"""Limits: the window family in every window, and on to four times the length of its training."""

from statistics import fmean

import pytest
from playwright.sync_api import expect

from swa_viz.experiments.window_family import READ_IN, WindowFamily, family_payload, window_family

FAMILY = window_family()
SHOWN = family_payload()
MEMBERS = ["w8", "w32", "w128", "full", "random"]


def test_the_page_s_numbers_are_the_means_of_what_is_stored():
    assert list(SHOWN["matrix"]) == list(SHOWN["curves"]) == MEMBERS
    for name, row in FAMILY.bits.items():
        for read_in, seeds in row.items():
            means = [fmean(texts.values()) for texts in seeds.values()]
            shown = SHOWN["matrix"][name][read_in]
            assert shown["mean"] == pytest.approx(fmean(means), abs=1e-9)
            assert (shown["lowest"], shown["highest"]) == (min(means), max(means))
    texts = FAMILY.by_position["full"]["128"].values()
    last = fmean(fmean(curve[-1] for curve in each.values()) for each in texts)
    assert at("full", "128", -1) == pytest.approx(last, abs=1e-9)
    assert SHOWN["seeds"] == len(FAMILY.conditions["seeds"])


def spread(mean: float, lowest: float, highest: float) -> dict:
    return {"mean": mean, "lowest": lowest, "highest": highest}


def test_two_seeds_are_averaged(monkeypatch):
    monkeypatch.setattr("swa_viz.experiments.window_family.READ_FAR_IN", {"w8": ("8",)})
    conditions = {"seeds": [0, 1], "texts": ["a"], "trained_len": 256}
    bits = {"w8": {"8": {"0": {"a": 1.0}, "1": {"a": 2.0}}}}
    curves = {"w8": {"8": {"0": {"a": [1.0, 3.0]}, "1": {"a": [2.0, 5.0]}}}}
    monkeypatch.setattr(
        "swa_viz.experiments.window_family.window_family",
        lambda: WindowFamily(conditions, bits, curves),
    )
    given = family_payload()
    first, last = spread(1.5, 1.0, 2.0), spread(4.0, 3.0, 5.0)
    assert given["matrix"] == {"w8": {"8": first}} and given["curves"] == {
        "w8": {"8": [first, last]}
    }
    assert given["seeds"] == 2


def at(name: str, read_in: str, step: int) -> float:
    return SHOWN["curves"][name][read_in][step]["mean"]


def test_what_the_sentences_lead_one_to_see_holds():
    own = {"w8": "8", "w32": "32", "w128": "128"}
    assert all(abs(at(name, w, -1) - at(name, w, 1)) < 0.01 for name, w in own.items())
    assert abs(at("full", "128", -1) - at("full", "128", 1)) < 0.01
    assert all(at(name, "full", -1) - at(name, "full", 1) > 0.04 for name in MEMBERS)
    home = [at(name, w, 1) for name, w in {**own, "full": "full"}.items()]
    assert max(home) - min(home) < 0.03


def test_the_page_says_and_shows_what_is_stored(open_site):
    page = open_site("limits.html")
    section = page.locator("section", has=page.get_by_role("heading", name="Longer than trained"))
    section = section.filter(has=page.locator("[data-view=family]"))
    expect(section).to_contain_text(f"from {SHOWN['seeds']} seeds (bars: lowest to highest).")
    first, last, short = at("full", "full", 1), at("full", "full", -1), at("full", "128", -1)
    expect(section).to_contain_text(
        f"needs {first:.2f} bits per byte at first and {last:.2f} at the end, but {short:.2f} if "
        "it is read in windows of 128."
    )
    ends = [at(name, "full", -1) for name in MEMBERS]
    expect(section).to_contain_text(f"the five need {min(ends):.2f} to {max(ends):.2f} bits")
    written = section.locator("[data-view=family] tbody tr")
    for name, row in zip(MEMBERS, written.all(), strict=True):
        expected = [f"{SHOWN['matrix'][name][read_in]['mean']:.2f}" for read_in in READ_IN]
        assert row.locator("td").all_inner_texts() == expected
        best = min(each["mean"] for each in SHOWN["matrix"][name].values())
        outlined = row.locator("td.outlined").all_inner_texts()
        assert outlined == [f"{best:.2f}"]


def test_a_cell_and_a_chart_are_read_out_by_keys(open_site):
    page = open_site("limits.html")
    table = page.locator("[data-view=family] table")
    table.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        table.press(key)
    told = page.locator("[data-view=family] .told")
    number = SHOWN["matrix"]["w32"]["2"]
    expect(told).to_have_text(
        f"Trained in windows of 32, read in windows of 2: {number['mean']:.3f} bits per byte "
        f"({number['lowest']:.3f} to {number['highest']:.3f} over 3 seeds)."
    )
    table.locator("tbody td").first.hover()
    first = SHOWN["matrix"]["w8"]["1"]["mean"]
    expect(told).to_contain_text(f"windows of 1: {first:.3f} bits per byte (")
    chart = page.locator("[data-view=longer-own] svg.chart").first
    chart.focus()
    chart.press("ArrowLeft")
    expect(page.locator("[data-view=longer-own] .told")).to_contain_text(
        f"trained in full attention, read so {at('full', 'full', -1):.3g} bits per byte"
    )
    expect(page.locator("[data-view=longer-own] .edge")).to_have_count(1)
