"""Which layer and which head needs the past: what is measured, what is stored, what may be said."""

from statistics import fmean

import pytest
import torch

from swa_viz.experiments.held_out import HELD_OUT
from swa_viz.experiments.perplexity import perplexity_against_window
from swa_viz.experiments.sensitivity import (
    Rereading,
    each_layer_bits,
    greedy_way,
    head_bits,
    with_head,
    with_layer,
)
from swa_viz.experiments.stored_map import (
    CHOOSING,
    N_STEPS,
    SETTINGS,
    kept_in,
    mean_costs,
    passages_of,
    ranking,
    stored,
)
from swa_viz.experiments.sweep import loaded
from swa_viz.models import load_model, offered_models
from swa_viz.patterns import PerHead, SlidingWindow

STORED = stored()
PASSAGES = range(len(HELD_OUT))
ALL = ",".join(map(str, PASSAGES))
TINY = load_model("tiny-swa")
ROUNDED = 2e-4  # another processor's last bits


def short_reading() -> Rereading:
    return Rereading(TINY, passages_of(TINY, CHOOSING)[:2, :41], TINY.native_schedule)


@pytest.mark.parametrize("layer", [0, 3, 5])
def test_reading_on_from_a_layer_is_reading_anew(layer):
    reading = short_reading()
    schedule = with_layer(TINY.native_schedule, layer, SlidingWindow(3))
    found = reading.bits(schedule)
    for row, bits in zip(reading.rows, found.tolist(), strict=True):
        (anew,) = perplexity_against_window(TINY, row, [schedule])
        assert bits == pytest.approx(anew.bits.mean().item(), abs=1e-5)
    assert torch.allclose(reading.bits(schedule, [1]), found[1:])


def test_a_head_s_window_is_laid_on_that_head_alone():
    reading = short_reading()
    found = head_bits(reading, 2, SlidingWindow(3))
    patterns = [TINY.native_schedule[2]] * TINY.n_heads
    patterns[4] = SlidingWindow(3)
    schedule = with_layer(TINY.native_schedule, 2, PerHead(tuple(patterns)))
    assert torch.equal(found[4], reading.bits(schedule))
    assert schedule == with_head(TINY.native_schedule, 2, 4, TINY.n_heads, SlidingWindow(3))
    assert len({tuple(bits.tolist()) for bits in found}) == TINY.n_heads


def test_the_greedy_way_looks_again_after_each_choice():
    costs = {(): [5.0, 1.0, 2.0], (1,): [0.5, 9.0, 0.7], (0, 1): [9.0, 9.0, 0.1]}
    assert greedy_way(costs.__getitem__, 3) == (1, 0, 2)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_number_is_stored(name):
    known, setting = STORED[name], SETTINGS[name]
    assert known["how"]["window"] == setting.window and known["how"]["sinks"] == setting.sinks
    sizes = {len(heads) for heads in known["heads"]}
    assert len(sizes) == 1 and len(known["heads"]) == len(known["layers"])
    assert all(len(head) == len(PASSAGES) for layer in known["heads"] for head in layer)
    assert set(known["ways"]) == {ALL, *map(str, PASSAGES)}


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_stored_can_be_measured_again(name):
    if name not in offered_models():
        pytest.skip(f"{name} was not fetched")
    model, known, pattern = loaded(name), STORED[name], SETTINGS[name].pattern
    reading = Rereading(model, passages_of(model, CHOOSING)[:1], model.native_schedule)
    last = model.n_layers - 1
    one = reading.bits(with_layer(model.native_schedule, last, pattern))
    assert one.item() == pytest.approx(known["layers"][last][0], abs=ROUNDED)
    heads = head_bits(reading, last, pattern)[:, 0].tolist()
    assert heads == pytest.approx([head[0] for head in known["heads"][last]], abs=ROUNDED)
    kept = known["ways"][ALL]
    worth = known["worth"][",".join(map(str, sorted(kept)))][0][0]
    chosen = reading.bits(kept_in(model, pattern, kept)).item()
    assert chosen == pytest.approx(worth, abs=ROUNDED)


def test_the_small_model_s_layers_can_be_measured_again():
    reading = Rereading(TINY, passages_of(TINY, CHOOSING)[:1], TINY.native_schedule)
    found = each_layer_bits(reading, SETTINGS["tiny-swa"].pattern, [0])[:, 0].tolist()
    expected = [layer[0] for layer in STORED["tiny-swa"]["layers"]]
    assert found == pytest.approx(expected, abs=ROUNDED)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_stored_way_follows_from_the_stored_costs(name):
    known = STORED[name]
    for passages, way in known["ways"].items():
        own = [int(passage) for passage in passages.split(",")]
        again = greedy_way(lambda kept, own=own: mean_costs(known["further"], kept, own), N_STEPS)
        assert list(again) == way


def first_layers(known: dict, passages: list[int]) -> set[int]:
    """The layers that a ranking by some passages puts first."""
    costs = [[layer[passage] for passage in passages] for layer in known["layers"]]
    return set(ranking({"layers": costs})[:N_STEPS])


def test_in_the_large_model_the_greedy_choice_is_not_the_ranking():
    known = STORED["smollm2-135m"]
    for passage in PASSAGES:
        assert set(known["ways"][str(passage)]) != first_layers(known, [passage])
    greedy, ranked = known["ways"][ALL], ranking(known)[:N_STEPS]
    sets = [",".join(map(str, sorted(kept))) for kept in (greedy, ranked)]
    for judged in (0, 1):  # the passages of the choice, and others
        better, worse = (fmean(known["worth"][kept][judged]) for kept in sets)
        assert better < worse - 0.03
