"""The map of layers and heads on the page: its cells and sentences follow from what is stored."""

import csv
from statistics import fmean

import pytest
from playwright.sync_api import expect

from swa_viz.experiments.stored_map import N_STEPS, map_payload, ranking, stored

MAPS = map_payload()
LARGE = MAPS["smollm2-135m"]


def signed(bits: float) -> str:
    return f"{'−' if bits < 0 else '+'}{abs(bits):.3f}"


def agreeing(cells: list[list[float]]) -> int:
    """In how many cells all passages say the same."""
    return sum(min(cell) > 0 or max(cell) < 0 for cell in cells)


def test_the_payload_holds_differences_and_both_orders():
    known = stored()["smollm2-135m"]
    for layer, more in enumerate(LARGE["layers"]):
        again = [n + bits for n, bits in zip(known["native"], more, strict=True)]
        assert again == pytest.approx(known["layers"][layer], abs=2e-6)
    for head, more in enumerate(LARGE["heads"][7]):
        again = [n + bits for n, bits in zip(known["native"], more, strict=True)]
        assert again == pytest.approx(known["heads"][7][head], abs=2e-6)
    orders = LARGE["chosen"]
    assert orders["ranking"]["layers"] == ranking(known)[:N_STEPS]
    assert orders["greedy"]["layers"] == known["ways"]["0,1,2,3"]
    for order in orders.values():
        assert order["bits"][0] == [fmean(bits) for bits in known["worth"][""]]
        kept = ",".join(map(str, sorted(order["layers"])))
        assert order["bits"][-1] == [fmean(bits) for bits in known["worth"][kept]]


def test_what_the_cards_say_of_small_effects_and_of_both_choices_holds():
    means = [fmean(layer) for layer in LARGE["layers"]]
    assert max(map(abs, means)) < 0.01 * LARGE["native"][0], "the effects are small"
    greedy, by_map = (LARGE["chosen"][order]["bits"][-1] for order in ("greedy", "ranking"))
    assert all(less < more for less, more in zip(greedy, by_map, strict=True))


@pytest.fixture
def page(open_site):
    opened = open_site("limits.html")
    opened.locator("[data-view=map-tiny-swa] td.outlined").first.wait_for()
    return opened


def card_of(page, name):
    return page.locator(".card", has=page.locator(f"[data-view={name}]"))


@pytest.mark.parametrize("name", MAPS)
def test_a_cell_has_a_sign_a_hue_and_a_number(page, name):
    known, card = MAPS[name], card_of(page, f"map-{name}")
    cells = [[whole, *known["heads"][i]] for i, whole in enumerate(known["layers"])]
    flat = [cell for row in cells for cell in row]
    found = card.locator("tbody td").evaluate_all(
        "all => all.map((cell) => [Boolean(cell.querySelector('.sign')), "
        "cell.classList.contains('outlined'), "
        "...getComputedStyle(cell).backgroundColor.match(/[0-9]+/g).map(Number)])"
    )
    assert len(found) == len(flat)
    for (minus, outlined, red, _, blue), cell in zip(found, flat, strict=True):
        assert minus == (fmean(cell) < 0)
        assert outlined == (agreeing([cell]) == 1)
        assert (red <= blue) if minus else (red >= blue)
    means = [fmean(layer) for layer in known["layers"]]
    expect(card).to_contain_text(f"by {signed(min(means))} to {signed(max(means))} bits a token")
    heads = [head for layer in known["heads"] for head in layer]
    expect(card).to_contain_text(
        f"for {agreeing(known['layers'])} of {len(means)} layers and {agreeing(heads)} of "
        f"{len(heads)} heads."
    )
    table = card.locator("table")
    table.focus()
    table.press("ArrowRight")
    table.press("ArrowRight")
    table.press("ArrowDown")
    expect(card.locator(".told")).to_contain_text(
        f"Layer 2, head 1: {signed(fmean(known['heads'][1][0]))} bits a token on average"
    )


def test_both_choices_are_told_and_every_number_can_be_saved(page):
    card = card_of(page, "kept-layers")
    greedy, by_map = (LARGE["chosen"][order] for order in ("greedy", "ranking"))
    for order in (greedy, by_map):
        first, second, third = (layer + 1 for layer in order["layers"])
        expect(card).to_contain_text(
            f"{first}, {second} and {third}: {order['bits'][-1][0]:.2f} bits"
        )
    others = [order["bits"][-1][1] for order in (greedy, by_map)]
    expect(card).to_contain_text(f"they need {others[0]:.2f} and {others[1]:.2f}.")
    card = card_of(page, "map-smollm2-135m")
    card.locator("details.save summary").click()
    with page.expect_download() as saved:
        card.get_by_role("button", name="CSV, numbers").click()
    rows = list(csv.reader(saved.value.path().read_text("utf-8-sig").splitlines()))[1:]
    assert len(rows) == len(LARGE["layers"]) * (1 + len(LARGE["heads"][0]))
    assert float(rows[1][-1].lstrip("'")) == pytest.approx(fmean(LARGE["heads"][0][0]))
