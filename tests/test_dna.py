"""DNA: the held-out bases, what a window lets a base depend on, and the stored numbers."""

import re
from base64 import b64decode

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from swa_viz.experiments.dna import (
    BASES,
    COPY_WINDOWS,
    DISTANCES,
    LENGTH,
    MOTIF,
    WINDOWS,
    bits_per_base,
    dna_config,
    held_out_rows,
    letters,
    load_dna_model,
    other_strand,
    packed,
    rows_with_copies,
    schedule_of,
    unpacked,
)
from swa_viz.experiments.stored_dna import WHOLE, expected, shown_stretches, stored_dna
from swa_viz.models.transformer import Transformer
from swa_viz.reach import reach
from training.dna import Stage, train

STORED = stored_dna()


def test_bases_come_back_from_their_bytes_and_from_the_other_strand():
    rows = held_out_rows()
    assert torch.equal(unpacked(packed(rows.flatten())), rows.flatten())
    assert torch.equal(other_strand(other_strand(rows)), rows)


def test_the_held_out_bases_look_like_a_genome():
    counts = torch.bincount(held_out_rows().flatten()) / held_out_rows().numel()
    assert counts.min() > 0.2
    text = letters(held_out_rows().flatten())
    assert "N" not in text and set(text) == set(BASES)


def test_a_second_copy_is_the_first_and_nothing_else_changes():
    for distance in DISTANCES:
        rows, plain = rows_with_copies(distance, 8), held_out_rows()[:8]
        second = slice(LENGTH - MOTIF, LENGTH)
        first = slice(LENGTH - MOTIF - distance, LENGTH - distance)
        assert torch.equal(rows[:, second], plain[:, first])
        assert torch.equal(rows[:, : LENGTH - MOTIF], plain[:, : LENGTH - MOTIF])


@pytest.mark.parametrize("window", [1, 2, 5])
def test_a_base_beyond_reach_changes_nothing(window):
    torch.manual_seed(0)
    model, schedule = Transformer(dna_config()).eval(), schedule_of(window, dna_config().n_layers)
    row = held_out_rows()[:1, :40]
    other = row.clone()
    other[0, 10] = (row[0, 10] + 1) % len(BASES)
    with torch.inference_mode():
        changed = (model(row, schedule) != model(other, schedule)).any(-1)[0]
    assert changed.nonzero().flatten().tolist() == list(range(10, 10 + reach(schedule)))


@pytest.mark.parametrize("window", [1, 8, None])
def test_what_is_shown_is_what_the_bundled_model_expects(window):
    model, at = load_dna_model(), WINDOWS.index(window)
    for name, bases in shown_stretches().items():
        stored = STORED["shown"][name]
        assert stored["bases"] == letters(bases)
        shares = np.frombuffer(b64decode(stored["expected"]), np.uint8)
        shares = shares.reshape(len(WINDOWS), LENGTH, len(BASES))[at] / WHOLE
        assert np.abs(shares - expected(model, bases, window).numpy()).max() < 2 / WHOLE


def test_what_was_measured_is_whole_and_a_copy_helps_where_the_window_holds_the_first_one():
    assert len(STORED["bits"]) == len(STORED["copies"]) == STORED["how"]["seeds"]
    for bits, copies in zip(STORED["bits"], STORED["copies"], strict=True):
        assert len(bits) == len(WINDOWS) and max(bits) < 2
        assert bits[WINDOWS.index(8)] < bits[0]
        assert np.shape(copies) == (len(COPY_WINDOWS), len(DISTANCES))
        for window, costs in zip(COPY_WINDOWS, copies, strict=True):
            for distance, cost in zip(DISTANCES, costs, strict=True):
                is_held = window is None or distance <= window
                assert cost < 1.8 if is_held else cost > 1.8


def test_the_bundled_model_costs_what_is_stored_of_seed_0():
    model = load_dna_model()
    for window in (1, None):
        stored = STORED["bits"][0][WINDOWS.index(window)]
        assert bits_per_base(model, window) == pytest.approx(stored, abs=0.001)


def test_a_small_training_learns_that_nearby_bases_tell_something():
    """Bases that go round A, C, G, T are known from the one before, and from nothing else."""
    course = (Stage(30, 64, copies=0.5, all_windows=True),)
    round_and_round = torch.arange(6000) % len(BASES)
    model = train(round_and_round, seed=0, course=course, n_bases=512)
    rows = (torch.arange(LENGTH) % len(BASES)).repeat(4, 1)
    assert bits_per_base(model, 2, rows) < 0.5  # both strands go round, each its own way


def mean_cost(name: str, window: int | None, first: int, stop: int) -> float:
    """Bits of a base between two places of a shown stretch, as they were stored."""
    shown = STORED["shown"][name]
    shares = np.frombuffer(b64decode(shown["expected"]), np.uint8)
    shares = shares.reshape(len(WINDOWS), LENGTH, len(BASES))[WINDOWS.index(window)]
    came = [max(shares[i, BASES.index(shown["bases"][i])], 0.5) for i in range(first, stop)]
    return float(-np.log2(np.array(came) / WHOLE).mean())


def test_the_page_says_what_the_second_copy_costs_and_which_bases_are_read(open_site):
    page = open_site("beyond.html?sequence=dna&stretch=copy&window=8&base=210")
    how = STORED["how"]
    second = how["first_copy"] + how["distance"]
    first, stop = second + how["recognised"], second + how["copied"]
    card = page.locator(".card", has=page.locator("[data-view=dna]"))
    costs = [mean_cost("copy", window, first, stop) for window in (8, None)]
    expect(card).to_contain_text(f"a base of it costs {costs[0]:.2f} bits with this window")
    expect(card).to_contain_text(f"{costs[1]:.2f} in full attention")
    roles = card.locator("[data-token]").evaluate_all(
        "all => all.map(({ dataset }) => dataset.role)"
    )
    assert roles.index("query") == 210 and roles.count("window") == 8
    heard = reach(schedule_of(8, dna_config().n_layers))
    assert roles.count("layers") == heard - 8 and roles.count("after") == LENGTH - 211
    assert card.locator("[data-twice]").count() == 2 * how["copied"]
    card.locator("[data-view=dna] [role=img]").press("ArrowRight")
    expect(page.locator("[data-view=dna-next]")).to_be_visible()
    page.wait_for_url(re.compile("base=211"))
    page.get_by_label("as it is").check(force=True)
    costs = [mean_cost("plain", window, 1, LENGTH) for window in (8, None)]
    expect(card).to_contain_text(f"costs {costs[0]:.2f} bits with this window, {costs[1]:.2f}")
    assert card.locator("[data-twice]").count() == 0
